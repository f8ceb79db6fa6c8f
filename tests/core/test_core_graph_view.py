"""The graph view is true to the graph, and legible."""

from itertools import pairwise
from typing import Any

import pytest
from cases import diagonals
from core_graphs import NAMES, graphs, load_graph
from hypothesis import given
from hypothesis import strategies as st
from test_core_functional import (
    assert_tidy,
    assert_true,
    ladders,
    long_graph,
    words,
)

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.network import lay_out_graph
from keras_diagram_core.layout.network.cells import Cell
from keras_diagram_core.layout.network.ranks import spread
from keras_diagram_core.layout.network.wrap import wrap
from keras_diagram_core.layout.words import size_text
from keras_diagram_core.options import GraphOptions
from keras_diagram_core.scene import Circle, Scene, Stroke, Text

OPTIONS = [{}, {"show_neurons": False}, {"inout_as_tensor": True}, {"width": 400}]
OPTIONS += [{"show_dtype": True, "show_trainable": True, "show_layer_activations": True}]
OPTIONS += [{"show_layer_names": False}]
OPTIONS += [{"ellipsize_after": 3, "node_size": 16}, {"show_shapes": False}]
DEEP = 40


def draw(graph: ModelGraph, **chosen: Any) -> Scene:
    return lay_out_graph(graph, GraphOptions(**chosen))


def assert_no_synapse_meets_a_text(scene: Scene) -> None:
    texts = [text.bounds for label in scene.labels for text in words(label)]
    for label in (label for label in scene.labels if label.role == "synapses"):
        for line in (shape for shape in label.shapes if isinstance(shape, Stroke)):
            (x0, y0), (x1, y1) = line.points
            for step in range(21):
                x, y = x0 + (x1 - x0) * step / 20, y0 + (y1 - y0) * step / 20
                assert not any(
                    t.left < x < t.right and t.top + 1 < y < t.bottom - 1 for t in texts
                )


@pytest.mark.parametrize(("name", "options"), diagonals(3, NAMES, OPTIONS), ids=str)
def test_real_models_are_drawn_true_and_tidy(name, options):
    graph = load_graph(name)
    scene = draw(graph, **options)
    assert_true(scene, graph, fusing=len(graph.nodes) > DEEP)
    assert_tidy(scene, options.get("width", 720))
    assert_no_synapse_meets_a_text(scene)


@given(graph=graphs(), width=st.sampled_from([200, 300, 720]), neurons=st.booleans())
def test_any_graph_is_drawn_true_and_tidy(graph, width, neurons):
    scene = draw(graph, width=width, show_neurons=neurons, legend=False)
    assert_true(scene, graph, fusing=False)
    assert_tidy(scene, width)
    assert_no_synapse_meets_a_text(scene)


@given(graph=ladders(), width=st.sampled_from([300, 720]))
def test_any_ladder_is_drawn_true_and_tidy(graph, width):
    scene = draw(graph, width=width)
    assert_true(scene, graph, fusing=False)
    assert_tidy(scene, width)


def circles(scene: Scene, node: str) -> int:
    [mark] = [mark for mark in scene.marks if mark.nodes == (node,)]
    return sum(isinstance(shape, Circle) and bool(shape.line) for shape in mark.shapes)


def test_small_dense_layers_show_their_neurons():
    scene = draw(load_graph("tiny_mlp"))
    assert [circles(scene, node) for node in ("features", "hidden", "classes")] == [4, 8, 2]
    fans = [label for label in scene.labels if label.role == "synapses"]
    assert [len(label.shapes) for label in fans] == [32, 16]


@pytest.mark.option("graph", "ellipsize-after show-neurons inout-as-tensor node-size")
def test_options_of_neurons():
    graph = load_graph("tiny_mlp")
    assert circles(draw(graph, ellipsize_after=5), "hidden") == 5
    assert circles(draw(graph, show_neurons=False), "hidden") == 0
    assert circles(draw(graph, inout_as_tensor=True), "features") == 0
    neurons = next(mark for mark in draw(graph, node_size=20).marks if "hidden" in mark.nodes)
    sizes = {2 * shape.radius for shape in neurons.shapes if isinstance(shape, Circle)}
    assert sizes == {20}


def test_every_name_and_shape_of_a_small_model_is_there():
    graph = load_graph("tiny_two_inputs")
    scene = draw(graph)
    texts = {text.text for item in (*scene.marks, *scene.labels) for text in words(item)}
    assert {node.name for node in graph.nodes} <= texts
    assert "8×8×3" in texts


def texts_of(graph: ModelGraph, **chosen: Any) -> set[str]:
    scene = draw(graph, legend=False, **chosen)
    return {text.text for item in (*scene.marks, *scene.labels) for text in words(item)}


@pytest.mark.option("graph", "show-dtype show-layer-activations show-trainable")
@pytest.mark.option("graph", "show-layer-names show-shapes")
def test_what_is_written_only_if_asked_for():
    graph = load_graph("tiny_mlp")
    plain = texts_of(graph)
    assert texts_of(graph, show_dtype=True) - plain == {"float32"}
    assert texts_of(graph, show_trainable=True) - plain == {"trainable"}
    found = texts_of(graph, show_layer_activations=True) - plain
    assert found == {"activation relu", "activation softmax"}
    assert texts_of(graph, show_layer_names=False) - plain == {"input", "dense"}
    assert texts_of(graph, show_layer_names=False, show_shapes=False) == {"input", "dense"}


def test_deep_models_say_what_is_asked_for_too():
    graph = load_graph("resnet50")
    wishes = {"show_trainable": True, "show_dtype": True, "show_layer_activations": True}
    assert {"trainable", "float32", "activation relu"} <= texts_of(graph, **wishes)
    assert {"112×112×64", "7×7×2048", "1000"} <= texts_of(graph)
    assert not any("×" in text for text in texts_of(graph, show_shapes=False) if len(text) > 4)


@pytest.mark.parametrize("name", NAMES)
def test_shapes_are_there_unless_they_are_not_wanted(name):
    graph = load_graph(name)
    given = {size_text(graph, node) for node in graph.nodes} - {""}
    assert texts_of(graph) & given
    assert not texts_of(graph, show_shapes=False) & given


def test_a_unit_has_the_shape_that_leaves_it():
    graph = load_graph("resnet50")
    for mark in draw(graph).marks:
        texts = [text.text for text in words(mark)]
        if texts and texts != ["+"]:
            assert size_text(graph, graph.by_id[mark.nodes[-1]]) in texts


def test_no_nodes_at_all():
    scene = draw(ModelGraph(name="empty", nodes=(), edges=(), inputs=(), outputs=()))
    assert scene.marks == ()


@pytest.mark.slow
@pytest.mark.parametrize("skips", [False, True])
def test_a_large_graph_is_drawn(skips):
    graph = long_graph(2_000, skips=skips)
    assert_true(draw(graph), graph)


@given(
    widths=st.lists(st.floats(1, 90), min_size=1, max_size=40),
    tears=st.booleans(),
)
def test_rows_hold_everything_in_order_and_fit(widths, tears):
    rows = wrap(widths, 5.0, 100.0, [0.5] * len(widths) if tears else ())
    assert [index for row in rows for index in row] == list(range(len(widths)))
    for row in rows:
        assert sum(widths[i] + 5 for i in row) - 5 <= 100


@given(wishes=st.lists(st.floats(-500, 500), min_size=1, max_size=30))
def test_cells_are_spread_without_overlap(wishes):
    cells = [Cell(10, 6, 9, 5, 5)] * len(wishes)
    heights = spread(wishes, cells)
    gaps = [below - above for above, below in pairwise(heights)]
    assert all(gap >= 6 + 9 for gap in gaps)
    assert abs(sum(heights) - sum(wishes)) < 1e-6 * max(1, abs(sum(wishes))) + 1e-6


def test_shapes_that_differ_between_repetitions_are_ranges():
    scene = draw(load_graph("inception_v3"))
    texts = {text.text for mark in scene.marks for text in mark.shapes if isinstance(text, Text)}
    assert {"35×35×256–288", "8×8×1280–2048"} <= texts
