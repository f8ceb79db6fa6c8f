"""The layered view is true to the graph, and legible."""

from itertools import pairwise

import pytest
from cases import diagonals
from core_graphs import NAMES, graphs, load_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import Shelf, segments

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Bounds, Connector, Mark, Scene, Text

OPTIONS = [
    {},
    {"draw-volume": False},
    {"show-layer-names": True},
    {"width": 400},
    {"direction": "down"},
    {"direction": "down", "draw-volume": False, "max-height": 300},
]


def draw(graph: ModelGraph, **options: object) -> Scene:
    """Draw every layer, however deep the model."""
    return lay_out(graph, parse_options({"view": "layered", "detail": "all", **options}))


def assert_true(scene: Scene, graph: ModelGraph) -> None:
    """Every node is drawn once; every edge is drawn, and no other."""
    drawn = [id_ for mark in scene.marks for id_ in mark.nodes]
    assert sorted(drawn) == sorted(node.id for node in graph.nodes)
    ends = sorted((edge.source, edge.target) for edge in scene.connectors)
    assert ends == sorted((edge.source, edge.target) for edge in graph.edges)


def assert_tidy(scene: Scene) -> None:
    """Nothing overlaps, nothing leaves the picture, no edge crosses a foreign mark."""
    page = Bounds(0, 0, scene.width, scene.height)
    marks, texts = Shelf(), Shelf()
    for item in scene.items:
        parts = segments(item) if isinstance(item, Connector) else [item.bounds]
        assert all(page.contains(part) for part in parts), item
        if isinstance(item, Mark):
            assert not marks.overlapping(item.bounds, 0.01), item
            marks.add(item, item.bounds)
    for label in scene.labels:
        for text in (shape for shape in label.shapes if isinstance(shape, Text)):
            assert not texts.overlapping(text.bounds, 1.0), text
            assert not marks.overlapping(text.bounds, 0.01), text
            texts.add(text, text.bounds)
    for connector in scene.connectors:
        own = {connector.source, connector.target}
        for part in segments(connector):
            crossed = marks.overlapping(part, 0.3)
            assert all(own & set(mark.nodes) for mark in crossed), connector
            assert not texts.overlapping(part, 0.3), connector


@pytest.mark.parametrize(("name", "options"), diagonals(2, NAMES, OPTIONS), ids=str)
def test_real_models_are_drawn_true_and_tidy(name, options):
    graph = load_graph(name)
    scene = draw(graph, **options)
    assert_true(scene, graph)
    assert_tidy(scene)
    assert scene.width <= options.get("width", 720)


@pytest.mark.parametrize("name", NAMES)
def test_text_is_large_enough_to_read(name):
    scene = draw(load_graph(name))
    sizes = [
        shape.size
        for label in scene.labels
        for shape in label.shapes
        if isinstance(shape, Text) and len(shape.text) > 1
    ]
    assert min(sizes) >= 9


@given(
    graph=graphs(),
    width=st.sampled_from([300, 720]),
    volume=st.booleans(),
    direction=st.sampled_from(["right", "down"]),
)
def test_any_graph_is_drawn_true_and_tidy(graph, width, volume, direction):
    options = {"width": width, "draw-volume": volume, "direction": direction}
    scene = draw(graph, **options, legend=False)
    assert_true(scene, graph)
    assert_tidy(scene)


@given(graph=graphs())
def test_order_runs_forward(graph):
    order = linear_order(graph)
    place = {id_: index for index, id_ in enumerate(order)}
    assert sorted(order) == sorted(node.id for node in graph.nodes)
    assert all(place[edge.source] < place[edge.target] for edge in graph.edges)


def test_vgg16_fits_one_row_with_every_label():
    scene = draw(load_graph("vgg16"))
    assert scene.width <= 720
    assert scene.height < 260
    words = [
        shape.text for label in scene.labels for shape in label.shapes if isinstance(shape, Text)
    ]
    assert [word for word in words if "conv" in word] == [
        "2 × conv 3×3",
        "2 × conv 3×3",
        "3 × conv 3×3",
        "3 × conv 3×3",
        "3 × conv 3×3",
    ]
    for shape in ("224×224×3", "224×224×64", "7×7×512", "25088", "4096", "1000"):
        assert shape in words
    legend = {word for word in words if word in {"Conv2D", "MaxPooling2D", "Dense", "Flatten"}}
    assert len(legend) == 4


def test_boxes_shrink_with_their_tensors():
    marks = {mark.nodes[0]: mark.bounds for mark in draw(load_graph("vgg16")).marks}
    tall = [marks[f"block{block}_conv1"] for block in range(1, 6)]
    heights = [bounds.bottom - bounds.top for bounds in tall]
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize(
    ("option", "changed"),
    [
        ("legend", lambda scene: not any(label.role == "legend" for label in scene.labels)),
        (
            "show-shapes",
            lambda scene: (
                "28×28×1"
                not in [
                    s.text for label in scene.labels for s in label.shapes if isinstance(s, Text)
                ]
            ),
        ),
        ("draw-volume", lambda scene: all(len(mark.shapes) == 1 for mark in scene.marks)),
    ],
)
def test_switched_off_options_do_what_they_say(option, changed):
    graph = load_graph("cnn")
    assert not changed(draw(graph))
    assert changed(draw(graph, **{option: False}))


def test_channels_first_is_understood():
    def scene(*, first: bool) -> Scene:
        document = load_graph("cnn").to_dict()
        for node in document["nodes"]:
            if first and "data_format" in node["config"]:
                node["config"] = {**node["config"], "data_format": "channels_first"}
            if first:
                node["output_shapes"] = [_channels_to_front(s) for s in node["output_shapes"]]
        return draw(ModelGraph.from_dict(document), **{"show-shapes": False})

    assert _sizes(scene(first=True)) == _sizes(scene(first=False))


def _channels_to_front(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return (shape[0], shape[-1], *shape[1:-1]) if len(shape) > 3 else shape


def _sizes(scene: Scene) -> list[tuple[float, float]]:
    return [
        (round(b.right - b.left, 1), round(b.bottom - b.top, 1))
        for b in (mark.bounds for mark in scene.marks)
    ]


STRANGE = [
    "<b>&\"'</b>",
    "🧠 emoji 👩‍💻",
    "שלום עולם",
    "a" * 200,
    "\x00\x1b[31m",
    "名前の長い層",
    "]]>",
]


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_are_drawn(name):
    document = load_graph("cnn").to_dict()
    for node in document["nodes"]:
        node["name"] = node["type"] = name
    document["name"] = name
    scene = draw(ModelGraph.from_dict(document), **{"show-layer-names": True})
    assert_tidy(scene)
    assert scene.width <= 720


def test_no_nodes_at_all():
    scene = draw(ModelGraph(name="empty", nodes=(), edges=(), inputs=(), outputs=()))
    assert scene.marks == ()
    assert scene.width > 0


def test_marks_tell_their_facts():
    [mark] = [mark for mark in draw(load_graph("vgg16")).marks if mark.nodes == ("block1_conv1",)]
    assert isinstance(mark, Mark)
    assert "1,792 parameters" in mark.tooltip
    assert "filters 64" in mark.tooltip


@pytest.mark.parametrize("width", [240, 320, 720])
def test_a_long_chain_of_equal_layers_keeps_to_the_width(width):
    names = [f"n{index}" for index in range(200)]
    shape = ((None, 64),)
    graph = ModelGraph(
        name="chain",
        nodes=tuple(
            Node(id=name, layer=name, name=name, type="Dense", module="", output_shapes=shape)
            for name in names
        ),
        edges=tuple(Edge(source=a, target=b) for a, b in pairwise(names)),
        inputs=(Endpoint(node="n0"),),
        outputs=(Endpoint(node="n199"),),
    )
    scene = draw(graph, width=width)
    assert scene.width <= width
    assert_true(scene, graph)
    assert_tidy(scene)
    words = [s.text for label in scene.labels for s in label.shapes if isinstance(s, Text)]
    assert words.count("200 × dense") == 1


def test_shapes_that_differ_between_repetitions_are_ranges():
    options = parse_options({"view": "layered", "detail": "blocks"})
    scene = lay_out(load_graph("densenet121"), options)
    texts = (text for label in scene.labels for text in label.shapes if isinstance(text, Text))
    shapes = {text.text for text in texts}
    assert {"56×56×96–256", "7×7×544–1024", "56×56×32"} <= shapes
