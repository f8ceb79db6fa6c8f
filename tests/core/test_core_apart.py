"""Two units of a picture that do not compute the same are not called the same."""

from __future__ import annotations

import itertools

import pytest
from core_graphs import NAMES, load_graph, small_graph
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from keras_diagram_core.graph import Fact, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.apart import Phrases, size_of
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Text

COMPUTING = (
    "padding",
    "activation",
    "merge_mode",
    "interpolation",
    "return_sequences",
    "data_format",
    "strides",
    "dilation_rate",
    "groups",
    "num_heads",
)
CONFIGS: dict[str, dict[str, tuple[Fact, ...]]] = {
    "Conv2D": {
        "kernel_size": ((1, 1), (3, 3)),
        "filters": (8, 16),
        "padding": ("same", "valid"),
        "strides": ((1, 1), (2, 2), (2, 1)),
        "activation": ("relu", "tanh"),
        "data_format": ("channels_first", "channels_last"),
        "dilation_rate": ((1, 1), (2, 2)),
        "groups": (1, 4),
    },
    "Conv2DTranspose": {"kernel_size": ((3, 3),), "strides": ((1, 1), (2, 2))},
    "MaxPooling2D": {"pool_size": ((2, 2),), "strides": ((2, 2),), "padding": ("same", "valid")},
    "AveragePooling2D": {"pool_size": ((2, 2),), "strides": ((2, 2),)},
    "UpSampling2D": {"size": ((2, 2),), "interpolation": ("nearest", "bilinear")},
    "LSTM": {"units": (8,), "return_sequences": (True, False), "go_backwards": (True, False)},
    "Concatenate": {"axis": (-1, 1, 2, 3)},
    "Softmax": {"axis": (-1, 1, 3)},
    "MultiHeadAttention": {"num_heads": (2, 4), "key_dim": (8,)},
}


def configured(*layers: tuple[str, dict[str, Fact]]) -> ModelGraph:
    """Build a chain of layers with these settings; what merges takes its input twice."""
    names = [
        (type_, [number - 1] * (1 + (type_ == "Concatenate")) if number else [])
        for number, (type_, _) in enumerate(layers)
    ]
    graph = small_graph(*names)
    shapes = ((None, 8, 8, 4),)
    nodes = (
        replace(node, config=config, input_shapes=shapes)
        for node, (_, config) in zip(graph.nodes, layers, strict=True)
    )
    return replace(graph, nodes=tuple(nodes))


@st.composite
def layers(draw: st.DrawFn) -> tuple[str, dict[str, Fact]]:
    type_ = draw(st.sampled_from(sorted(CONFIGS)))
    facts = {name: draw(st.sampled_from(values)) for name, values in CONFIGS[type_].items()}
    if draw(st.booleans()):
        facts.pop("activation", None)
    return type_, facts


def computing(node: Node) -> dict[str, Fact]:
    """Give what a node computes; one value needs no padding, and shapes show borders."""
    facts = {name: fact for name, fact in node.config.items() if name in COMPUTING}
    if node.config.get("kernel_size") == (1, 1) or isinstance(facts.get("padding"), tuple):
        facts.pop("padding", None)
    axis = node.config.get("axis")
    if isinstance(axis, int):
        facts["axis"] = axis % len(node.output_shapes[0])
    return facts


def written(graph: ModelGraph, view: str) -> set[str]:
    scene = lay_out(graph, parse_options({"view": view, "show-shapes": False}))
    return {
        shape.text
        for item in (*scene.marks, *scene.labels)
        for shape in item.shapes
        if isinstance(shape, Text)
    }


def assert_told_apart(graph: ModelGraph) -> None:
    phrases = Phrases(graph)
    known = [node for node in graph.nodes if node.module == "keras.layers"]
    for one, other in itertools.combinations(known, 2):
        words = (phrases.of(node).sized(size_of(node)) for node in (one, other))
        if next(words) == next(words) and one.type == other.type:
            assert computing(one) == computing(other)


@pytest.mark.parametrize("name", NAMES)
def test_layers_of_real_models_that_differ_have_different_words(name):
    assert_told_apart(load_graph(name))


@given(st.lists(layers(), min_size=2, max_size=8))
def test_any_layers_that_differ_have_different_words(chosen):
    assert_told_apart(configured(*chosen))


CONV: dict[str, Fact] = {"kernel_size": (3, 3), "filters": 8}
POOL: dict[str, Fact] = {"pool_size": (2, 2), "strides": (2, 2)}


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (
            ("Conv2D", CONV | {"padding": "same"}),
            ("Conv2D", CONV | {"padding": "valid"}),
            {"conv 3×3, same", "conv 3×3, valid"},
        ),
        (
            ("Dense", {"units": 8, "activation": "relu"}),
            ("Dense", {"units": 8}),
            {"dense, relu", "dense"},
        ),
        (
            ("LSTM", {"units": 8, "return_sequences": True}),
            ("LSTM", {"units": 8, "return_sequences": False}),
            {"LSTM, all steps", "LSTM, last step"},
        ),
        (
            ("Softmax", {"axis": -1}),
            ("Softmax", {"axis": 1}),
            {"softmax, axis 3", "softmax, axis 1"},
        ),
        (
            ("Conv2DTranspose", CONV | {"strides": (2, 2)}),
            ("Conv2DTranspose", CONV | {"strides": (1, 1)}),
            {"up-conv 3×3, stride 2", "up-conv 3×3, stride 1"},
        ),
    ],
)
def test_what_differs_is_written(one, other, words):
    graph = configured(("Flatten", {}), one, ("Reshape", {}), other)
    assert words <= written(graph, "layered")


@pytest.mark.parametrize("view", ["graph", "blocks", "layered"])
def test_what_does_not_differ_is_not_written(view):
    layer = "Conv2D", CONV | {"padding": "same", "activation": "relu"}
    texts = written(configured(("Flatten", {}), layer, ("Reshape", {}), layer), view)
    assert not any("same" in text or "relu" in text for text in texts)


def test_merges_over_different_axes_say_so_beside_their_signs():
    merges = [("Concatenate", {"axis": axis}) for axis in (-1, 1)]
    assert {"axis 3", "axis 1"} <= written(configured(("Dense", {}), *merges), "blocks")
