"""Models of Keras 2, where tf_keras is installed."""

from importlib.util import find_spec

import pytest

from keras_diagram_core.errors import ModelError
from keras_diagram_core.graph import Endpoint
from keras_diagram_core.request import ModelRequest

# Not imported here: other tests prove that Keras is not.
pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(find_spec("tf_keras") is None, reason="tf_keras is not installed"),
]

BUILDERS = ("alike", "cnn", "residual", "shared", "nested", "many", "unbuilt")


@pytest.fixture(scope="module")
def batch(run_on):
    closed = ModelRequest(target="models.keras2:build_nested", depth=0)
    one = ModelRequest(target="models.keras2:build_nested", depth=0, expand=("tower",))
    return run_on(
        "",
        {
            **{name: f"models.keras2:build_{name}" for name in BUILDERS},
            "again": "models.keras2:build_cnn",
            "subclassed": "models.keras2:Subclassed",
            "closed": closed,
            "one": one,
        },
    )


def edges(graph):
    return {(edge.source, edge.target) for edge in graph.edges}


def test_sequential_model(batch):
    graph = batch.graph("cnn")
    assert [node.id for node in graph.nodes] == [
        *("image", "conv2d", "max_pooling2d", "flatten", "dense")
    ]
    conv = graph.by_id["conv2d"]
    assert (conv.type, conv.module, conv.params) == ("Conv2D", "tf_keras.layers", 80)
    assert conv.output_shapes == ((None, 13, 13, 8),)
    assert (conv.dtype, conv.config["activation"]) == ("float32", "relu")
    assert graph.keras_version.startswith("2.")
    assert batch.graph("again") == graph


def test_functions_of_tensorflow_are_operations(batch):
    graph = batch.graph("residual")
    assert [node.type for node in graph.nodes if node.module == "tensorflow"] == [
        *("Add", "Relu", "GetItem", "Mean")
    ]
    assert {("norm", "tf.__operators__.add"), ("image", "tf.__operators__.add")} <= edges(graph)
    assert (graph.params, graph.trainable_params) == (104, 98)


def test_shared_layer_is_one_layer_with_two_calls(batch):
    graph = batch.graph("shared")
    assert graph.shared_layers == {"encoder"}
    assert graph.params == 15
    assert {("encoder", "join"), ("encoder@2", "join"), ("right", "encoder@2")} <= edges(graph)


def test_nested_models_are_opened_unless_asked_otherwise(batch):
    graph = batch.graph("nested")
    assert graph.by_id["tower@2/block/add"].scope == ("tower@2", "block")
    assert {("tower/before", "tower/block/add"), ("tower@2/block/add", "both")} <= edges(graph)
    assert graph.params == 48
    closed = [node.id for node in batch.graph("closed").nodes]
    assert closed == ["left", "right", "tower", "tower@2", "both"]
    assert "tower/block" in batch.graph("one").by_id


def test_scopes_of_a_shared_model_are_one_model(batch):
    first, block, second, _ = batch.graph("nested").scopes
    assert (first.path, block.path, second.path) == (("tower",), ("tower", "block"), ("tower@2",))
    assert first.layer == second.layer == "tower"
    assert first.is_named
    assert (first.type, first.module) == ("Sequential", "tf_keras.models")


def test_layers_that_compute_the_same_have_one_signature(batch):
    graph = batch.graph("alike")
    for kind in ("Dense", "Multiply"):
        first, same, other = (node.signature for node in graph.nodes if node.type == kind)
        assert first == same != ""
        assert first != other


def test_several_inputs_and_outputs_have_names(batch):
    graph = batch.graph("many")
    assert [endpoint.name for endpoint in graph.inputs] == ["a", "b"]
    assert graph.outputs[1] == Endpoint(node="both_ways", name="code")
    assert [(edge.source, edge.source_index) for edge in graph.edges if edge.target == "sum"] == [
        *(("lstm", 1), ("second", 0))
    ]
    assert graph.by_id["both_ways"].config["wraps"] == "LSTM"


@pytest.mark.parametrize(
    ("name", "message"), [("unbuilt", "not built"), ("subclassed", "records")]
)
def test_what_has_no_graph_is_explained(batch, name, message):
    error = batch.error(name)
    assert isinstance(error, ModelError)
    assert message in error.message
