"""What pictures call inputs, outputs and activation functions, and what their legend explains."""

from __future__ import annotations

from itertools import pairwise

import pytest
from core_graphs import load_graph
from test_core_layout import assert_tidy
from test_core_words import words

from keras_diagram_core.families import family_of
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Connector, Scene, Text

VIEWS = ("auto", "blocks", "layered", "functional", "lenet", "graph")


def draw(graph: ModelGraph, view: str, **options: object) -> Scene:
    """Draw a graph in a view."""
    scene = lay_out(graph, parse_options({"view": view, **options}))
    if view in {"auto", "blocks", "layered"}:  # others have tests of their own
        assert_tidy(scene)
    return scene


def draw_classes(graph: ModelGraph, view: str) -> Scene:
    """Draw a graph in a view, without the names of layers."""
    return draw(graph, view, **({"show-layer-names": False} if view == "graph" else {}))


def said(scene: Scene) -> str:
    """Give all words of a picture in one line, those below it left out."""
    return " ".join(
        shape.text
        for item in scene.items
        if not isinstance(item, Connector) and getattr(item, "role", "") != "legend"
        for shape in item.shapes
        if isinstance(shape, Text)
    )


def layer(name: str, type_: str, width: int = 5, **facts: object) -> Node:
    """Make a node that gives a vector."""
    shape = (None, width)
    known = {"module": "keras.layers", "input_shapes": (shape,), "output_shapes": (shape,)}
    return Node(id=name, layer=name, name=name, type=type_, **(known | facts))


def forked(inputs: dict[str, str], outputs: dict[str, str]) -> ModelGraph:
    """Build a model with inputs and heads: the names of their nodes, and what it calls them."""
    takes = tuple(layer(name, "InputLayer", 3) for name in inputs)
    heads = tuple(layer(name, "Dense", config={"units": 5}) for name in outputs)
    return ModelGraph(
        name="forked",
        nodes=(*takes, layer("both", "Concatenate", 6), *heads),
        edges=(
            *(
                Edge(source=name, target="both", target_index=index)
                for index, name in enumerate(inputs)
            ),
            *(Edge(source="both", target=name) for name in outputs),
        ),
        inputs=tuple(Endpoint(node=name, name=called) for name, called in inputs.items()),
        outputs=tuple(Endpoint(node=name, name=called) for name, called in outputs.items()),
    )


@pytest.mark.parametrize("view", VIEWS)
def test_several_inputs_and_outputs_are_named(view):
    graph = forked(
        {"input_layer": "image", "age": "input_layer_1"}, {"dense": "colour", "size": "size"}
    )
    text = said(draw_classes(graph, view))
    assert all(name in text for name in ("image", "age", "→ colour", "→ size"))
    assert "input" not in text.lower()
    text = said(draw(graph, view, **{"show-layer-names": True}))
    assert all(name in text for name in ("image", "age", "→ colour", "size"))
    assert "→ size" not in text


@pytest.mark.parametrize("view", VIEWS)
def test_names_that_keras_made_up_are_not_shown(view):
    graph = forked(
        {"input_layer": "input_layer", "keras_tensor_4": "keras_tensor_4"},
        {"dense": "dense", "dense_3": "dense_3"},
    )
    text = said(draw_classes(graph, view))
    assert text.lower().count("input") == 2
    assert not any(part in text for part in ("→", "_"))


@pytest.mark.parametrize("view", VIEWS)
def test_a_single_input_and_output_need_no_name(view):
    text = said(draw_classes(forked({"image": "image"}, {"colour": "colour"}), view))
    assert "input" in text.lower()
    assert "image" not in text
    assert "colour" not in text


def test_outputs_of_several_are_not_folded_into_each_other():
    chain = tuple(layer(f"d{number}", "Dense", config={"units": 5}) for number in range(4))
    graph = ModelGraph(
        name="exits",
        nodes=chain,
        edges=tuple(Edge(source=f"d{n}", target=f"d{n + 1}") for n in range(3)),
        inputs=(),
        outputs=(Endpoint(node="d2", name="early"), Endpoint(node="d3", name="late")),
    )
    text = said(draw(graph, "blocks", detail="blocks"))
    assert "2 × dense, 5" in text
    assert "→ early" in text
    assert "→ late" in text


FUNCTIONS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Gelu": "gelu",
    "Silu": "silu",
    "Elu": "elu",
    "LeakyRelu": "leaky_relu",
    "HardSilu": "hard_silu",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softsign": "softsign",
    "SoftShrink": "soft_shrink",
}


@pytest.mark.parametrize("type_", FUNCTIONS)
def test_activation_functions_belong_to_their_layer(type_):
    function = layer("f", type_, module="keras.ops")
    graph = ModelGraph(
        name="m",
        nodes=(layer("in", "InputLayer"), layer("d", "Dense"), function),
        edges=(Edge(source="in", target="d"), Edge(source="d", target="f")),
        inputs=(Endpoint(node="in"),),
        outputs=(Endpoint(node="f"),),
    )
    scene = draw(graph, "lenet")
    assert [mark.nodes for mark in scene.marks] == [("in",), ("d", "f")]
    assert FUNCTIONS[type_] in said(scene).split()
    assert FUNCTIONS[type_] in said(draw(graph, "blocks", detail="all")).split()


@pytest.mark.parametrize("type_", ["Log", "Exp", "Value", "Arctanh", "Shrinkage"])
def test_other_operations_are_no_activations(type_):
    assert family_of(type_) == "other"


@pytest.mark.parametrize(
    ("name", "view"),
    [("resnet50", "functional"), ("cnn", "lenet"), ("resnet50", "graph")],
)
def test_the_legend_explains_only_colours_that_are_there(name, view):
    scene = draw(load_graph(name), view)
    painted = {getattr(shape, "fill", "") for mark in scene.marks for shape in mark.shapes}
    swatches = [
        getattr(label.shapes[0], "fill", "") for label in scene.labels if label.role == "legend"
    ]
    fills = [fill for fill in swatches if fill.endswith("-fill")]
    assert fills
    assert set(fills) <= painted
    assert "BatchNormalization" not in words(scene, "legend")


def test_coloured_classes_keep_their_place_in_the_legend():
    plain = words(draw(load_graph("vgg16"), "layered"), "legend")
    options = {"color-map": {"Conv2D": {"fill": "gold"}}}
    assert words(draw(load_graph("vgg16"), "layered", **options), "legend") == plain
    assert plain[0] == "Conv2D"


def test_names_are_cut_so_that_their_number_remains():
    numbers = range(11, 16)
    nodes = tuple(layer(f"batch_normalization_{n}", "BatchNormalization") for n in numbers)
    edges = tuple(Edge(source=first.id, target=second.id) for first, second in pairwise(nodes))
    graph = ModelGraph(name="m", nodes=nodes, edges=edges, inputs=(), outputs=())
    text = said(draw(graph, "graph", **{"show-layer-names": True, "width": 400}))
    assert all(f"{n} " in f"{text} " for n in numbers)
    assert "batch" in text


@pytest.mark.parametrize("view", VIEWS)
def test_arrow_heads_grow_with_their_lines(view):
    graph = load_graph("tiny_residual")
    usual, wide, thin = (
        [edge for edge in draw(graph, view, **{"connector-width": width}).connectors if edge.arrow]
        for width in (1.2, 4, 0.6)
    )
    pairs = list(zip(usual, wide, strict=True))
    assert all(wider.arrow >= edge.arrow for edge, wider in pairs)
    assert any(wider.arrow > 1.5 * edge.arrow for edge, wider in pairs)
    assert [edge.arrow for edge in thin] == [edge.arrow for edge in usual]
