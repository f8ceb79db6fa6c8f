"""ModelGraph and Scene survive their JSON, and say where a document is wrong."""

import copy
import json

import msgspec
import pytest
from core_graphs import NAMES, graphs, load_graph
from hypothesis import given

from keras_diagram_core import GraphFormatError
from keras_diagram_core.describe import describe
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import VIEWS, parse_options
from keras_diagram_core.request import canonical_json
from keras_diagram_core.scene import Scene

SCOPE = {"path": ["a"], "layer": "a", "name": "a", "type": "Sequential", "module": "keras"}


@given(graph=graphs())
def test_graph_survives_json(graph):
    again = ModelGraph.from_dict(json.loads(json.dumps(graph.to_dict())))
    assert again == graph
    assert again.digest == graph.digest


@given(graph=graphs(most=8))
def test_scene_survives_json(graph):
    scene = lay_out(graph, parse_options({}))
    assert Scene.from_dict(json.loads(json.dumps(scene.to_dict()))) == scene


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["nodes"][1].update(params="many"), "$.nodes[1].params"),
        (lambda d: d["nodes"][1].update(colour="red"), "$.nodes[1]"),
        (lambda d: d["nodes"][1].update(id="a b"), "$.nodes[1].id"),
        (lambda d: d["nodes"][1].update(id=d["nodes"][0]["id"]), "$.nodes[1].id"),
        (lambda d: d["edges"][0].update(source="nobody"), "$.edges[0].source"),
        (lambda d: d["edges"][0].update(source=d["nodes"][-1]["id"]), "$.edges[0]"),
        (lambda d: d["outputs"][0].update(node="nobody"), "$.outputs[0].node"),
        (lambda d: d.update(schema=99), "schema 99"),
        (lambda d: d.pop("nodes"), "nodes"),
    ],
)
def test_a_wrong_document_is_refused_with_the_path(change, path):
    document = copy.deepcopy(json.loads(json.dumps(load_graph("cnn").to_dict())))
    change(document)
    with pytest.raises(GraphFormatError) as caught:
        ModelGraph.from_dict(document)
    assert path in str(caught.value)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["insides"].append(d["insides"][0]), "$.insides[1].key"),
        (lambda d: d["insides"][0].update(of=["nobody"]), "$.insides[0].of[0]"),
        (lambda d: d["insides"][0]["nodes"][0].update(id="mha"), "$.insides[0].nodes[0].id"),
        (
            lambda d: d["insides"][0]["edges"][0].update(target="mha"),
            "$.insides[0].edges[0].target",
        ),
        (lambda d: d["insides"][0]["outputs"][0].update(node="x"), "$.insides[0].outputs[0].node"),
        (lambda d: d["insides"][0]["edges"].reverse(), None),
        (lambda d: d["insides"][0]["nodes"].reverse(), "$.insides[0].edges[0]"),
        (lambda d: d.update(scopes=[SCOPE, SCOPE]), "$.scopes[1].path"),
        (lambda d: d.update(scopes=[{**SCOPE, "path": []}]), "$.scopes[0].path"),
        (lambda d: d.update(scopes=[SCOPE]), None),
    ],
)
def test_what_is_inside_of_layers_is_read_as_strictly(change, path):
    document = copy.deepcopy(json.loads(json.dumps(load_graph("transformer").to_dict())))
    change(document)
    if path is None:
        ModelGraph.from_dict(document)
        return
    with pytest.raises(GraphFormatError) as caught:
        ModelGraph.from_dict(document)
    assert path in str(caught.value)


@pytest.mark.parametrize("junk", [None, 3, "x", [], {}])
def test_junk_is_refused(junk):
    with pytest.raises(GraphFormatError):
        ModelGraph.from_dict(junk)
    with pytest.raises(GraphFormatError):
        Scene.from_dict(junk)


@pytest.mark.parametrize(
    ("name", "params"), [("vgg16", 138_357_544), ("resnet50", 25_636_712), ("cnn", 34_826)]
)
def test_parameters_are_those_that_keras_counts(name, params):
    assert load_graph(name).params == params


def test_shared_layers_count_once():
    graph = load_graph("tiny_shared")
    assert len({node.layer for node in graph.nodes}) < len(graph.nodes)
    assert graph.params < sum(node.params for node in graph.nodes)


def test_keras_version_does_not_count():
    graph = load_graph("cnn")
    assert msgspec.structs.replace(graph, keras_version="9.9").digest == graph.digest
    assert msgspec.structs.replace(graph, name="other").digest != graph.digest


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["tiny_nested", "transformer"])
def test_a_layout_leaves_the_graph_alone(name, view):
    """All views and formats of a model share one graph, whose facts are in dictionaries."""
    graph = load_graph(name).canonical
    before = canonical_json(graph)
    lay_out(graph, parse_options({"view": view}))
    assert canonical_json(graph) == before


def test_description_is_one_sentence():
    assert describe(load_graph("vgg16")) == (
        "Architecture of vgg16: 22 layers from input 224×224×3 to output 1000, mostly Conv2D,"
        " MaxPooling2D and Dense; 138.4 million parameters."
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_model_is_described(name):
    text = describe(load_graph(name))
    assert text.count("\n") == 0
    assert text.endswith("parameters.")
