"""Sizes, MACs and parameters: the same however far a model is opened."""

import pytest

from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras

BUILDERS = {
    "plain": ("build_attention", {}),
    "values": ("build_attention", {"value_dim": 3}),
    "gate": ("build_attention", {"value_dim": 3, "use_gate": True}),
    "dropout": ("build_attention", {"dropout": 0.1}),
    "shape": ("build_attention", {"output_shape": [3, 7]}),
    "scores": ("build_attention", {"return_attention_scores": True}),
    "key": ("build_attention_with_key", {}),
    "all_axes": ("build_attention_along", {"axes": [1, 2]}),
    "first_axis": ("build_attention_along", {"axes": [1]}),
    "second_axis": ("build_attention_along", {"axes": [-2]}),
    "grouped": ("build_grouped", {}),
    "grouped_gate": ("build_grouped", {"use_gate": True, "dropout": 0.1}),
    "blocks": ("build_blocks", {}),
    "int8": ("build_quantized", {"mode": "int8"}),
    "int4": ("build_quantized", {"mode": "int4"}),
    "float8": ("build_quantized", {"mode": "float8"}),
    "mixed": ("build_mixed", {}),
    "wrappers": ("build_wrappers", {}),
}
DEPTHS = (0, None, "all")


@pytest.fixture(scope="module")
def batch(run):
    return run(
        {
            f"{name} {depth}": ModelRequest(
                target=f"models.totals:{builder}", kwargs=kwargs, depth=depth
            )
            for name, (builder, kwargs) in BUILDERS.items()
            for depth in DEPTHS
        }
    )


# By hand: projections of queries, keys and values, products with keys and of values, result.
MACS = {
    "plain": 5 * 8 * 8 + 2 * 6 * 7 * 8 + 5 * 6 * 2 * (4 + 4) + 5 * 8 * 8,
    "values": 5 * 8 * 8 + 6 * 7 * 8 + 6 * 7 * 6 + 5 * 6 * 2 * (4 + 3) + 5 * 6 * 8,
    "gate": 5 * 8 * (8 + 6) + 6 * 7 * 8 + 6 * 7 * 6 + 5 * 6 * 2 * (4 + 3) + 5 * 6 * 8,
    "dropout": 5 * 8 * 8 + 2 * 6 * 7 * 8 + 5 * 6 * 2 * (4 + 4) + 5 * 8 * 8,
    "shape": 5 * 8 * 8 + 2 * 6 * 7 * 8 + 5 * 6 * 2 * (4 + 4) + 5 * 8 * 21,
    "scores": 5 * 8 * 8 + 2 * 6 * 7 * 8 + 5 * 6 * 2 * (4 + 4) + 5 * 8 * 8,
    "key": 5 * 8 * 8 + 6 * 9 * 8 + 6 * 7 * 6 + 5 * 6 * 2 * (4 + 3) + 5 * 6 * 8,
    "all_axes": 15 * 8 * 8 + 2 * 24 * 8 * 8 + 15 * 24 * 2 * (4 + 4) + 15 * 8 * 8,
    "first_axis": 15 * 8 * 8 + 2 * 18 * 8 * 8 + 15 * 6 * 2 * (4 + 4) + 15 * 8 * 8,
    "grouped": 5 * 8 * 16 + 2 * 6 * 8 * 8 + 5 * 6 * 4 * (4 + 4) + 5 * 16 * 8,
}


@pytest.mark.parametrize("name", [name for name in BUILDERS if name not in {"wrappers", "blocks"}])
def test_totals_do_not_depend_on_the_depth(batch, name):
    graphs = [batch.graph(f"{name} {depth}") for depth in DEPTHS]
    for graph in graphs:
        assert not graph.notes
        assert [node.id for node in graph.nodes if node.macs is None] == []
    assert len({graph.params for graph in graphs}) == 1
    assert {graph.macs for graph in graphs} == {MACS.get(name, graphs[0].macs)}
    shapes = {
        tuple(graph.by_id[end.node].output_shapes[end.index] for end in graph.outputs)
        for graph in graphs
    }
    assert len(shapes) == 1


def test_what_is_not_known_of_closed_layers_is_known_of_opened_ones(batch):
    """Layers of the user have no formula; the sizes and the rest are the same."""
    closed, auto, opened = (batch.graph(f"blocks {depth}") for depth in DEPTHS)
    block = 6 * 8 * 8 * 4 + 6 * 6 * 2 * (4 + 4) + 2 * 6 * 8 * 16
    rest = 6 * 8 * 5 + 6 * 5 * 3
    assert opened.macs == 3 * block + rest
    assert (closed.macs, auto.macs) == (rest, rest)
    assert {graph.params for graph in (closed, auto, opened)} == {closed.params}
    assert all(None not in shape[1:] for node in opened.nodes for shape in node.output_shapes)
    ids = closed.by_id.keys() & opened.by_id.keys()
    assert {"embedding", "project", "head"} <= ids
    assert all(closed.by_id[id_] == opened.by_id[id_] for id_ in ids)


def test_scores_of_attention_have_their_true_shape(batch):
    """Keras says 2×5×5 of the first, and 2×3×3 of the others."""

    def scores(name):
        return batch.graph(f"{name} 0").nodes[-1].output_shapes[1]

    assert scores("scores") == (None, 2, 5, 6)
    assert scores("all_axes") == (None, 2, 5, 3, 6, 4)
    assert scores("first_axis") == (None, 3, 2, 5, 6)
    assert scores("second_axis") == (None, 5, 2, 3, 6)


def test_axes_that_are_attended_to_are_a_fact(batch):
    facts = {
        name: batch.graph(f"{name} 0").nodes[-1].config.get("attention_axes")
        for name in ("plain", "first_axis", "second_axis", "all_axes")
    }
    assert facts == {"plain": None, "first_axis": None, "second_axis": (2,), "all_axes": (1, 2)}


@pytest.mark.parametrize("mode", ["int8", "int4", "float8"])
def test_quantized_layers(batch, mode):
    for depth in DEPTHS:
        graph = batch.graph(f"{mode} {depth}")
        modes = {node.config.get("quantization") for node in graph.nodes if node.params}
        assert modes == {mode}
        assert {node.dtype for node in graph.nodes} == {"float32"}
        assert graph.by_id["head"].macs == 6 * 5 * 3


def test_mixed_precision(batch):
    for depth in DEPTHS:
        graph = batch.graph(f"mixed {depth}")
        dtypes = {node.id: node.dtype for node in graph.nodes}
        assert (dtypes.pop("x"), dtypes.pop("head")) == ("float32", "float32")
        assert set(dtypes.values()) == {"float16"}


def test_wrappers_tell_all_that_they_wrap(batch):
    nodes = batch.graph("wrappers all").by_id
    wrappers = {id_: node for id_, node in nodes.items() if "wraps" in node.config}
    assert {id_: node.config["wraps"] for id_, node in wrappers.items()} == {
        "each_both": "Bidirectional(LSTM)",
        "norm": "SpectralNormalization(Conv1D)",
        "twice": "TimeDistributed(Dense)",
        "spectral": "Dense",
        "cell": "RNN(LSTMCell)",
        "differ": "LSTM, GRU",
        "states": "LSTM, LSTM",
        "cells": "StackedRNNCells",
    }
    assert {id_: node.macs for id_, node in nodes.items()} == {
        "x": 0,
        "rows": 0,
        "each_both": 4 * 5 * 2 * 4 * 3 * (8 + 3),
        "norm": 4 * 4 * 3 * 2 * 8,
        "twice": 4 * 5 * 8 * 2,
        "spectral": 4 * 5 * 8 * 6,
        "cell": 20 * 2 * 4 * 3 * (8 + 3),
        "differ": None,
        "states": None,
        "cells": None,
    }
    assert nodes["differ"].config == {
        "activation": "tanh",
        "return_sequences": False,
        "return_state": False,
        "wraps": "LSTM, GRU",
    }
