"""Graphs of models and layers that have a `call` of their own."""

import pytest

from keras_diagram_core.errors import ModelError
from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.request import ModelRequest, canonical_json

pytestmark = pytest.mark.keras


def request(target, *shapes, depth=None, expand=(), kwargs=None, **named):
    inputs = [InputSpec(shape=shape) for shape in shapes]
    inputs += [InputSpec(shape=shape, name=name) for name, shape in named.items()]
    return ModelRequest(
        target=f"models.{target}",
        inputs=tuple(inputs),
        depth=depth,
        expand=expand,
        kwargs=kwargs or {},
    )


REQUESTS = {
    "built": request("subclassed:build_built"),
    "called": request("subclassed:build_called"),
    "given": request("subclassed:Perceptron", (4,)),
    "functional": request("subclassed:build_functional"),
    "unknown": request("subclassed:Perceptron"),
    "misfit": request("subclassed:build_functional", (5,)),
    "resized": request("tiny:build_nested_resized"),
    "residual": request("subclassed:Residual", (8, 8, 4)),
    "residual_functional": request("subclassed:build_functional_residual"),
    "scaled": request("subclassed:Scaled", (5,)),
    "classifier": request("subclassed:Classifier", (10,)),
    "towers": request("subclassed:TwoTowers", (3,), (5,)),
    "towers_by_name": request("subclassed:TwoTowers", document=(5,), query=(3,)),
    "from_list": request("subclassed:FromList", (3,), (5,)),
    "from_dict": request("subclassed:FromDict", right=(3,), left=(5,)),
    "without_optional": request("subclassed:Optional", (3,)),
    "with_optional": request("subclassed:Optional", (3,), (5,)),
    "mixed": request("subclassed:Mixed", (6, 6, 4)),
    "mixed_closed": request("subclassed:Mixed", (6, 6, 4), depth=0),
    "twins": request("subclassed:build_functional_with_subclassed"),
    "overridden": request("subclassed:Overridden"),
    "data_dependent": request("subclassed:DataDependent", (3,)),
    "hopeless": request("subclassed:Hopeless", (3,)),
    "nothing": request("subclassed:Nothing", (3,)),
    "branches": request("subclassed:Branches", (3,)),
    "sequential": request("subclassed:build_sequential", (7,)),
    "closed": request("composite:build_transformer"),
    "one": request("composite:build_transformer", depth=1),
    "all": request("composite:build_transformer", depth="all"),
    "expanded": request("composite:build_transformer", expand=("FeedForward", "block_b")),
    "shared_block": request("composite:build_shared_block", depth=1),
    "masked": request("composite:build_masked", depth=1),
    "undecided": request("composite:build_undecided", depth="all"),
    "gate": request("composite:Gate", (3,)),
    "layer": request("composite:TransformerBlock", (5, 8)),
    "ready_layer": request("composite:ready_attention", (5, 8), (7, 8)),
    "dense": request("composite:ready_dense", (3,)),
    "attentions": request("composite:build_attentions"),
    "operations": request("composite:build_operations"),
    "optional": request("composite:build_optional"),
    "names": request("composite:build_names"),
    "half": request("composite:build_mixed", depth=1),
    "quantized": request("composite:build_quantized"),
    "cells": request("composite:build_cells"),
    "stubborn": request("composite:build_stubborn"),
    "recurrent": request("composite:Recurrent", (5, 3)),
    "convolutions": request("composite:build_convolutions"),
    "around": request("composite:build_around_activation", depth="all"),
    "deep": request("huge:build_chain", kwargs={"length": 1200}),
    "decoder": ModelRequest(
        target="models.huge:Decoder",
        inputs=(InputSpec(shape=(64,), dtype="int32"),),
        depth=2,
    ),
}


@pytest.fixture(scope="module")
def batch(run):
    return run(REQUESTS)


def flow(graph):
    """The edges as lines of text."""
    return {
        f"{edge.source} > {edge.target}" + (f" as {edge.role}" if edge.role else "")
        for edge in graph.edges
    }


def kinds(graph):
    return [(node.type, node.output_shapes, node.params) for node in graph.nodes]


def messages(graph):
    return [note.message for note in graph.notes]


@pytest.mark.parametrize("name", ["built", "called", "given"])
def test_subclassed_model_is_the_functional_one(batch, name):
    graph, functional = batch.graph(name), batch.graph("functional")
    assert graph.nodes == functional.nodes
    assert graph.edges == functional.edges
    assert (graph.inputs, graph.outputs) == (functional.inputs, functional.outputs)
    assert graph.type == "Perceptron"
    assert not graph.notes


def test_unknown_input_shape_is_asked_for(batch):
    error = batch.error("unknown")
    assert type(error) is ModelError
    assert "not known" in error.message
    assert "`input-shape: [32, 32, 3]`" in error.hint


def test_shape_that_does_not_fit_is_refused(batch):
    assert "has the shape (4,), not (5,)" in batch.error("misfit").message


def test_operations_and_repeated_calls_are_recovered(batch):
    graph, functional = batch.graph("residual"), batch.graph("residual_functional")
    assert sorted(kinds(graph), key=str) == sorted(kinds(functional), key=str)
    assert flow(graph) == {
        "image > conv",
        "conv > norm",
        "norm > relu",
        "relu > conv@2",
        "conv@2 > add",
        "image > add",
        "add > multiply",
        "multiply > drop",
    }
    assert graph.by_id["multiply"].config == {"x1": 2.0}
    assert messages(graph) == [
        "1 layer of 'residual' is not called outside of training: forgotten.",
        "1 layer of 'residual' (15 parameters) is called though no output needs it: in_vain.",
    ]


def test_weights_of_the_model_itself_are_counted_where_they_enter(batch):
    graph = batch.graph("scaled")
    assert flow(graph) == {"x > multiply", "multiply > add"}
    assert (graph.params, graph.trainable_params) == (10, 5)
    assert graph.by_id["multiply"].config == {"x1": "5"}


def test_sizes_positions_and_whole_numbers(batch):
    graph = batch.graph("classifier")
    assert graph.by_id["ids"].dtype == "int32"
    assert {"ids > tokens", "tokens > add", "positions > add"} <= flow(graph)
    assert graph.by_id["positions"].params == 80
    assert graph.by_id["positions"].input_shapes == ()
    # The size of the batch is computed with, and yet unknown.
    assert graph.by_id["reshape"].output_shapes == ((None, 11, 2, 4),)
    assert graph.by_id["get_item"].config == {"key": ":, 0"}
    assert messages(graph) == ["'classifier' has 8 parameters of its own that no node shows."]


def test_arguments_are_told_apart(batch):
    graph = batch.graph("towers")
    assert [(end.node, end.name) for end in graph.inputs] == [
        ("query", "query"),
        ("document", "document"),
    ]
    assert [(end.node, end.name) for end in graph.outputs] == [
        ("dot", "score"),
        ("left_tower", "vectors.0"),
        ("right_tower", "vectors.1"),
    ]
    assert flow(graph) == flow(batch.graph("towers_by_name"))


def test_lists_and_dictionaries_of_inputs(batch):
    assert flow(batch.graph("from_list")) == {"inputs.0 > join", "inputs.1 > join"}
    graph = batch.graph("from_dict")
    assert [(end.name, graph.by_id[end.node].output_shapes) for end in graph.inputs] == [
        ("left", ((None, 5),)),
        ("right", ((None, 3),)),
    ]


def test_optional_arguments(batch):
    assert flow(batch.graph("without_optional")) == {"x > dense"}
    assert {"context > extra", "extra > add"} <= flow(batch.graph("with_optional"))
    graph = batch.graph("optional")
    assert flow(graph) == {"a > merge as x", "b > merge as y"}
    assert graph.by_id["b"].config == {"optional": True}


def test_models_of_all_kinds_inside_each_other(batch):
    graph = batch.graph("mixed")
    assert flow(graph) == {
        "image > body/before",
        "body/before > body/stem/conv",
        "body/stem/conv > body/stem/relu",
        "body/stem/relu > body/stem/add",
        "body/before > body/stem/add",
        "body/stem/add > body/stem@2/conv",
        "body/stem@2/conv > body/stem@2/relu",
        "body/stem@2/relu > body/stem@2/add",
        "body/stem/add > body/stem@2/add",
        "body/stem@2/add > tail/flat",
        "tail/flat > tail/out",
    }
    assert graph.by_id["body/stem@2/conv"].output_shapes == ((None, 6, 6, 4),)
    assert graph.by_id["body/stem@2/conv"].scope == ("body", "stem@2")
    assert {"body/stem/conv", "body/stem/relu", "body/stem/add"} == graph.shared_layers
    closed = batch.graph("mixed_closed")
    assert [node.id for node in closed.nodes] == ["image", "body", "tail"]
    assert closed.params == graph.params == 458


def test_subclassed_model_called_twice_in_a_functional_one(batch):
    graph = batch.graph("twins")
    assert {"left > stem/conv", "right > stem@2/conv", "stem@2/add > sum"} <= flow(graph)
    assert graph.by_id["stem@2/add"].layer == "stem/add"


def test_call_of_a_functional_subclass_is_what_counts(batch):
    assert flow(batch.graph("overridden")) == {"x > y", "y > tanh"}
    assert not batch.graph("overridden").notes


def test_part_before_a_failure_is_kept(batch):
    graph = batch.graph("data_dependent")
    assert flow(graph) == {"inputs > first", "first > relu", "relu > sum", "sum > greater"}
    (note,) = graph.notes
    assert note.node == "greater"
    assert note.message.startswith(
        "`call` of 'DataDependent' cannot be followed further than here: TypeError: "
    )
    assert note.message.endswith("(subclassed.py line 214).")


def test_nothing_recovered_is_an_error(batch):
    error = batch.error("hopeless")
    assert type(error) is ModelError
    assert "'KerasTensor' object has no attribute 'numpy' (subclassed.py line" in error.message
    assert "subclassed.py" in error.traceback
    assert "No output" in batch.error("nothing").message


def test_what_cannot_be_followed_stays_closed(batch):
    graph = batch.graph("undecided")
    (note,) = graph.notes
    assert note.node == "undecided"
    assert note.message.startswith("The inside of 'undecided' (Undecided) cannot be shown")
    assert graph.by_id["undecided"].params == 16


def test_functions_inside_an_operation_are_said_to_be_missing(batch):
    said = " ".join(messages(batch.graph("branches")))
    assert "yes, no" in said
    assert "'cond'" in said


def test_sequential_model_is_built_with_what_is_given(batch):
    graph = batch.graph("sequential")
    assert flow(graph) == {"inputs > tokens", "tokens > lstm"}
    assert graph.by_id["lstm"].output_shapes == ((None, 3),)
    assert not graph.notes


def test_depth_opens_composite_layers_level_by_level(batch):
    closed, one, everything = (batch.graph(name) for name in ("closed", "one", "all"))
    assert "block_a" in closed.by_id
    assert {"block_a/attention", "block_a/feed"} <= one.by_id.keys()
    assert {"block_a/attention/query", "block_a/feed/up"} <= everything.by_id.keys()
    assert closed.params == one.params == everything.params == 1627
    assert "block_a/norm_b > block_b/attention as query" in flow(one)
    assert one.by_id["block_b/attention"].config["use_causal_mask"] is True


def test_expand_opens_names_and_classes(batch):
    ids = batch.graph("expanded").by_id.keys()
    assert "block_a" in ids
    assert {"block_b/attention", "block_b/feed/up", "block_b/feed/down"} <= ids


def test_shared_composite_layer_shares_what_is_inside(batch):
    graph = batch.graph("shared_block")
    assert graph.params == 600
    second = {node.id: node.layer for node in graph.nodes if node.id.startswith("block@2/")}
    assert second == {id_: id_.replace("@2", "") for id_ in second}


def test_masks_keep_their_origin(batch):
    edges = flow(batch.graph("masked"))
    assert {"tokens > not_equal", "not_equal > masked/cast"} <= edges


def test_layer_as_target_is_its_inside(batch):
    graph = batch.graph("layer")
    assert [node.id for node in graph.nodes] == [
        "x",
        "attention",
        "add",
        "norm_a",
        "feed",
        "add_1",
        "norm_b",
    ]
    assert "attention_output" in batch.graph("ready_layer").by_id
    assert flow(batch.graph("dense")) == {"inputs > ready_dense"}


def test_roles_are_the_names_of_arguments(batch):
    assert flow(batch.graph("attentions")) == {
        *(f"{name} > mha as {name}" for name in ("query", "value", "key")),
        *(f"{name} > dot as {name}" for name in ("query", "value", "key")),
        *(f"{name} > add as {name}" for name in ("query", "value")),
        *(f"{name} > gqa as {name}" for name in ("query", "value")),
        "query > gru as sequences",
        "state > gru as initial_state",
        *(f"{name} > sum" for name in ("mha", "dot", "add", "gqa")),
    }


def test_constants_are_facts(batch):
    nodes = batch.graph("operations").by_id
    assert nodes["multiply"].config == {"x2": 2.5}
    assert nodes["add"].config == {"x2": "6×4"}
    assert nodes["get_item"].config == {"key": ":, 1:3, 0"}
    assert nodes["matmul"].config == {"x2": "4×3"}
    assert (nodes["double"].module, nodes["minus"].type) == ("models.composite", "Lambda")
    assert len(nodes["split"].output_shapes) == len(nodes["split"].output_dtypes) == 2
    assert batch.graph("operations").outputs[2].index == 1


def test_nested_inputs_and_outputs_keep_their_names(batch):
    graph = batch.graph("names")
    assert [end.name for end in graph.inputs] == ["image", "pair.0", "pair.1"]
    assert [end.name for end in graph.outputs] == ["image", "pair.left", "pair.sum"]


def test_mixed_precision_and_quantization(batch):
    nodes = batch.graph("half").by_id
    assert nodes["x"].dtype == nodes["head"].dtype == "float32"
    assert nodes["block/norm_b"].output_dtypes == ("float16",)
    assert not any("cast" in id_ for id_ in nodes)
    dense = batch.graph("quantized").by_id["dense"]
    assert dense.config["quantization"] == "int8"


def test_convolutions_with_unknown_sizes(batch):
    nodes = batch.graph("convolutions").by_id
    assert nodes["transposed"].output_shapes == ((None, 4, None, None),)
    assert nodes["conv"].config["data_format"] == "channels_first"
    assert nodes["conv"].macs is None
    assert nodes["conv1d"].macs == 14 * 4 * 3 * 3
    assert nodes["conv3d"].macs == 6**3 * 4 * 27 * 2


def test_layers_of_keras_that_wrap_stay_closed(batch):
    graph = batch.graph("around")
    assert [node.id for node in graph.nodes] == ["x", "dense", "column", "both", "each"]
    assert graph.by_id["both"].config["wraps"] == "LSTM"
    assert not graph.notes


@pytest.mark.proof
def test_a_much_deeper_model(run):
    deeper = run({"deeper": request("huge:build_chain", kwargs={"length": 4000})})
    assert len(deeper.graph("deeper").nodes) == 4401


def test_huge_models(batch):
    assert len(batch.graph("deep").nodes) == 1321  # more than Python's limit of recursion
    decoder = batch.graph("decoder")
    assert decoder.params > 70e9
    assert "block_79/feed/gate" in decoder.by_id
    assert not decoder.notes


def test_recovered_graphs_are_the_same_under_every_hash_seed(run, batch, monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    names = ("mixed", "classifier", "all", "residual")
    again = run({name: REQUESTS[name] for name in reversed(names)})
    for name in names:
        first, second = (found.graph(name).to_dict() for found in (batch, again))
        assert canonical_json(first) == canonical_json(second)


def test_recurrent_cells_without_a_build_have_their_weights(batch):
    cells, recurrent = batch.graph("cells"), batch.graph("recurrent")
    one = (3 + 1 + 8) * 8
    assert [node.params for node in cells.nodes] == [0, one, (8 + 1 + 6) * 6 + (6 + 1 + 4) * 4]
    assert [node.params for node in recurrent.nodes] == [0, one, 0]
    assert [node.id for node in recurrent.nodes] == ["x", "rnn", "reshape"]
    assert not cells.notes
    assert not recurrent.notes


def test_weights_that_nobody_knows_are_said_not_to_be_counted(batch):
    (note,) = batch.graph("stubborn").notes
    assert note.node == "rnn"
    assert note.message == (
        "The parameters of layers in 'rnn' that Keras has not built are not counted."
    )
