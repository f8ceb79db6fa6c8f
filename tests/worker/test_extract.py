"""Graphs of real Keras models."""

import json
from pathlib import Path

import pytest

from keras_diagram_core.graph import Edge, Endpoint
from keras_diagram_core.request import ModelRequest, canonical_json

pytestmark = pytest.mark.keras

GRAPHS = Path(__file__).parents[1] / "graphs"

FLAT = {
    "mlp": ("models.tiny:build_mlp", {}),
    "cnn": ("models.tiny:build_cnn", {}),
    "residual": ("models.tiny:build_residual", {}),
    "two_inputs": ("models.tiny:build_two_inputs", {}),
    "shared": ("models.tiny:build_shared", {}),
    "attention": ("models.tiny:build_attention", {}),
    "many_outputs": ("models.tiny:build_many_outputs", {}),
    "unused_input": ("models.tiny:build_unused_input", {}),
    "resnet50": ("keras.applications:ResNet50", {"weights": None}),
    "efficientnet_b0": ("keras.applications:EfficientNetB0", {"weights": None}),
}


def chain(length):
    return ModelRequest(target="models.tiny:build_chain", kwargs={"length": length})


OTHERS = {
    "mlp_first": "models.tiny:build_mlp",
    "cnn_again": "models.tiny:build_cnn",
    "nested": "models.tiny:build_nested",
    "nested_closed": ModelRequest(target="models.tiny:build_nested", depth=0),
    "nested_one": ModelRequest(target="models.tiny:build_nested", depth=1),
    "nested_twice": "models.tiny:build_nested_twice",
    "nested_resized": "models.tiny:build_nested_resized",
    "nested_dict": "models.tiny:build_nested_dict",
    "spaces": "models.tiny:build_spaces",
    "wrapped": "models.tiny:build_wrapped",
    "chain": chain(1200),
    "instance": "models.tiny:ready_model",
    "attribute": "models.tiny:Zoo.build",
    "class": ModelRequest(target="models.tiny:Perceptron", kwargs={"units": 5}),
    "giant": "models.special:build_giant",
    "giant_after_clearing": "models.special:build_giant_after_clearing",
    "from_value": "models.special:build_from_value",
    "after_from_value": "models.tiny:build_cnn",
    "unet": "example_models.unet:build_unet",
    "transformer": "example_models.transformer:build_classifier",
}


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return tmp_path_factory.mktemp("records")


@pytest.fixture(scope="module")
def batch(run, records):
    """All graphs of this module, and Keras' own records of the flat ones."""
    flat = {
        name: ModelRequest(
            target="models.records:build_and_dump",
            kwargs={"target": target, "path": str(records / f"{name}.json"), **kwargs},
        )
        for name, (target, kwargs) in FLAT.items()
    }
    return run({**OTHERS, **flat})


def edges(graph):
    return {
        (edge.source, edge.source_index, edge.target, edge.target_index) for edge in graph.edges
    }


def node(graph, id_):
    return graph.by_id[id_]


@pytest.mark.parametrize("name", FLAT)
def test_graph_equals_keras_records_edge_for_edge(batch, records, name):
    graph = batch.graph(name)
    record = json.loads((records / f"{name}.json").read_text())
    # Calls of the same layer are numbered in the order of Keras' records.
    numbered = sorted(record["calls"], key=lambda key: int(key.partition("#")[2]))
    ids: dict[str, str] = {}
    seen: dict[str, int] = {}
    for key in numbered:
        layer = key.partition("#")[0]
        seen[layer] = seen.get(layer, 0) + 1
        ids[key] = layer if seen[layer] == 1 else f"{layer}@{seen[layer]}"

    assert {node.id for node in graph.nodes} == set(ids.values())
    assert len(graph.edges) == sum(map(len, record["calls"].values()))
    assert edges(graph) == {
        (ids[source], output, ids[key], index)
        for key, tensors in record["calls"].items()
        for index, (source, output) in enumerate(tensors)
    }
    for field in ("inputs", "outputs"):
        found = [(endpoint.node, endpoint.index) for endpoint in getattr(graph, field)]
        assert found == [(ids[key], index) for key, index in record[field]]
    assert graph.params == record["params"]


def test_every_example_equals_its_golden_graph(batch):
    for name in ("unet", "transformer", "resnet50", "efficientnet_b0"):
        golden = json.loads((GRAPHS / f"{name}.json").read_bytes())
        found = json.loads(canonical_json(batch.graph(name).to_dict()))
        assert {**found, "keras_version": ""} == {**golden, "keras_version": ""}, (
            f"Run `python tests/graphs/regenerate.py {name}` and look at the difference."
        )


def test_names_do_not_depend_on_what_was_built_before(batch):
    first, later, last = (batch.graph(name) for name in ("cnn", "cnn_again", "after_from_value"))
    assert first == later == last
    assert [node.id for node in first.nodes][:3] == ["input_layer", "conv2d", "max_pooling2d"]


def test_node_holds_what_pictures_show(batch):
    conv = node(batch.graph("cnn"), "conv2d")
    assert conv.type == "Conv2D"
    assert conv.module == "keras.layers"
    assert conv.input_shapes == ((None, 28, 28, 1),)
    assert conv.output_shapes == ((None, 14, 14, 8),)
    assert (conv.dtype, conv.params, conv.trainable_params) == ("float32", 80, 80)
    assert conv.config["filters"] == 8
    assert conv.config["kernel_size"] == (3, 3)
    assert conv.config["strides"] == (2, 2)
    assert conv.config["activation"] == "relu"


def test_linear_activation_is_no_fact(batch):
    assert "activation" not in node(batch.graph("two_inputs"), "score_head").config


def test_weights_that_are_not_trained_are_told_apart(batch):
    norm = node(batch.graph("residual"), "norm_a")
    assert (norm.params, norm.trainable_params) == (16, 8)


def test_python_operator_is_a_node(batch):
    add = node(batch.graph("residual"), "add")
    assert (add.type, add.module) == ("Add", "keras.ops")
    assert {("conv_b", 0, "add", 0), ("image", 0, "add", 1)} <= edges(batch.graph("residual"))


def test_shared_layer_is_one_layer_with_two_calls(batch):
    graph = batch.graph("shared")
    assert node(graph, "encoder").layer == node(graph, "encoder@2").layer
    assert graph.params == 15
    assert ("left", 0, "encoder", 0) in edges(graph)
    assert ("right", 0, "encoder@2", 0) in edges(graph)


def test_attention_to_itself_has_two_edges(batch):
    graph = batch.graph("attention")
    assert [edge for edge in graph.edges if edge.target == "attention"] == [
        Edge(source="tokens", target="attention", target_index=index, role=role)
        for index, role in enumerate(("query", "value"))
    ]
    assert node(graph, "attention").config["num_heads"] == 2
    assert node(graph, "attention").config["key_dim"] == 8


def test_outputs_of_a_layer_are_told_apart(batch):
    graph = batch.graph("many_outputs")
    assert {("lstm", 1, "join", 0), ("lstm", 2, "join", 1)} <= edges(graph)
    assert len(node(graph, "lstm").output_shapes) == 3


def test_inputs_and_outputs_have_the_models_own_order_and_names(batch):
    graph = batch.graph("two_inputs")
    assert [endpoint.name for endpoint in graph.inputs] == ["image", "extra"]
    assert graph.outputs == (
        Endpoint(node="label_head", name="label"),
        Endpoint(node="score_head", name="score"),
    )


def test_unused_input_is_still_there(batch):
    assert "unused" in batch.graph("unused_input").by_id


def test_nested_models_are_opened_and_bridged(batch):
    graph = batch.graph("nested")
    assert [node.id for node in graph.nodes] == [
        "outer_in",
        "stage/before",
        "stage/block/inner_dense",
        "stage/block/inner_add",
        "head",
    ]
    assert node(graph, "stage/block/inner_dense").scope == ("stage", "block")
    assert edges(graph) == {
        ("outer_in", 0, "stage/before", 0),
        ("stage/before", 0, "stage/block/inner_dense", 0),
        ("stage/before", 0, "stage/block/inner_add", 0),
        ("stage/block/inner_dense", 0, "stage/block/inner_add", 1),
        ("stage/block/inner_add", 0, "head", 0),
    }


def test_depth_keeps_nested_models_closed(batch):
    closed, one = batch.graph("nested_closed"), batch.graph("nested_one")
    assert [node.id for node in closed.nodes] == ["outer_in", "stage", "head"]
    assert [node.id for node in one.nodes] == ["outer_in", "stage/before", "stage/block", "head"]
    assert (node(closed, "stage").type, node(closed, "stage").module) == (
        "Sequential",
        "keras.models",
    )
    assert closed.params == one.params == batch.graph("nested").params == 153


def test_nested_model_called_twice_stands_twice(batch):
    graph = batch.graph("nested_twice")
    assert {node.id for node in graph.nodes} == {
        "left",
        "right",
        "tower/dense",
        "tower/norm",
        "tower@2/dense",
        "tower@2/norm",
        "join",
    }
    second = node(graph, "tower@2/dense")
    assert second.scope == ("tower@2",)
    assert second.layer == node(graph, "tower/dense").layer
    assert graph.params == 45
    assert {("tower/norm", 0, "join", 0), ("tower@2/norm", 0, "join", 1)} <= edges(graph)


def test_nested_model_has_the_shapes_of_this_call(batch):
    graph = batch.graph("nested_resized")
    assert node(graph, "body/conv").output_shapes == ((None, 16, 24, 4),)
    assert node(graph, "flat").input_shapes == ((None, 16, 24, 4),)


def test_nested_model_is_called_by_name(batch):
    graph = batch.graph("nested_dict")
    assert {("first", 0, "inner/left", 0), ("second", 0, "inner/right", 0)} == edges(graph)
    assert graph.outputs == (
        Endpoint(node="inner/left", name="x"),
        Endpoint(node="inner/right", name="y"),
    )
    assert [endpoint.name for endpoint in graph.inputs] == ["first", "second"]


def test_ids_have_no_white_space(batch):
    graph = batch.graph("spaces")
    assert [node.id for node in graph.nodes] == ["the_input", "my_dense"]
    assert [node.name for node in graph.nodes] == ["the input", "my  dense"]


def test_wrapper_shows_the_facts_of_what_it_wraps(batch):
    graph = batch.graph("wrapped")
    assert node(graph, "pad").config["wraps"] == "ZeroPadding2D"
    assert node(graph, "pad").config["padding"] == (1, 2, 3, 4)
    assert node(graph, "conv").config["activation"] == "LeakyReLU"
    assert node(graph, "lstm").config["wraps"] == "LSTM"
    assert node(graph, "lstm").config["units"] == 4


def test_deep_chain_is_no_problem(batch):
    graph = batch.graph("chain")  # more layers than Python's limit of recursion
    assert (len(graph.nodes), len(graph.edges)) == (1201, 1200)


@pytest.mark.proof
def test_deeper_chain_is_no_problem(run):
    graph = run({"chain": chain(3000)}).graph("chain")
    assert (len(graph.nodes), len(graph.edges)) == (3001, 3000)


@pytest.mark.parametrize(
    ("name", "model"), [("instance", "mlp"), ("attribute", "mlp"), ("class", "perceptron")]
)
def test_target_can_be_a_model_an_attribute_or_a_class(batch, name, model):
    assert batch.graph(name).name == model


@pytest.mark.parametrize("name", ["giant", "giant_after_clearing"])
def test_weights_are_never_allocated(batch, name):
    assert batch.graph(name).params == 100_000 * 1_000_000 + 1_000_000 + 10_000_010


def test_layer_that_needs_a_value_is_built_again_with_weights(batch):
    graph = batch.graph("from_value")
    assert node(graph, "scale").module == "models.special"
    assert graph.params == 3


def test_progress_is_told_before_each_target(batch):
    assert [done for done, _, _ in batch.progress] == list(range(len(batch.extractions)))
    assert batch.progress[0] == (0, len(batch.extractions), "models.tiny:build_mlp")


def test_graphs_are_the_same_under_every_hash_seed(run, batch, monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    again = run({name: OTHERS[name] for name in ("nested_twice", "transformer", "unet")})
    for name in again.extractions:
        first, second = (found.graph(name).to_dict() for found in (batch, again))
        assert canonical_json(first) == canonical_json(second)
