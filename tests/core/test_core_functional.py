"""The functional view is true to the graph, and legible."""

import itertools
from collections import Counter, defaultdict
from typing import Any

import msgspec
import pytest
from cases import diagonals
from core_graphs import NAMES, graphs, load_graph, small_graph
from hypothesis import example, given
from hypothesis import strategies as st

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout.functional import lay_out_functional
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.options import FunctionalOptions
from keras_diagram_core.scene import Bounds, Connector, Frame, Label, Mark, Scene, Text
from keras_diagram_core.transforms.fuse import fuse

OPTIONS = [
    {},
    {"show_shapes": False},
    {"show_layer_names": True},
    {"width": 400},
    {"direction": "down"},
]


def draw(graph: ModelGraph, **chosen: Any) -> Scene:
    return lay_out_functional(graph, FunctionalOptions(**chosen))


def assert_true(scene: Scene, graph: ModelGraph, *, fusing: bool = True) -> None:
    """Every node is drawn once or folded once; every edge is drawn, fused or folded."""
    frames = [frame for frame in scene.frames if frame.repeat > 1]
    drawn = [id_ for mark in scene.marks for id_ in mark.nodes]
    framed = [id_ for frame in frames for id_ in frame.nodes]
    assert len(drawn) == len(set(drawn))
    assert len(framed) == len(set(framed))
    assert set(drawn) | set(framed) == {node.id for node in graph.nodes}
    assert all(len(frame.nodes) % frame.repeat == 0 for frame in frames)
    units = fuse(graph, linear_order(graph), fusing=fusing)
    outer = Counter((edge.source, edge.target) for _, _, edge in units.edges)
    ends = Counter((edge.source, edge.target) for edge in scene.connectors)
    if not frames:
        assert ends == outer
        return
    assert not ends - outer
    shown = set(drawn)
    # What is not drawn leads to a node that its exemplar stands for.
    assert all(target not in shown or source not in shown for source, target in outer - ends)


def segments(connector: Connector) -> list[Bounds]:
    return [
        Bounds(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        for (x0, y0), (x1, y1) in itertools.pairwise(connector.points)
    ]


def widened(bounds: Bounds) -> Bounds:
    """Give a line the little width that `overlaps` needs."""
    return Bounds(bounds.left - 0.1, bounds.top - 0.1, bounds.right + 0.1, bounds.bottom + 0.1)


class Shelf:
    """Things by their bounds, found again by height, so that large pictures stay quick."""

    STEP = 25.0

    def __init__(self) -> None:
        self._shelves: dict[int, list[tuple[Any, Bounds]]] = defaultdict(list)

    def add(self, thing: Any, bounds: Bounds) -> None:
        for shelf in self._reach(bounds):
            self._shelves[shelf].append((thing, bounds))

    def overlapping(self, bounds: Bounds, tolerance: float) -> list[Any]:
        near = (entry for shelf in self._reach(bounds) for entry in self._shelves[shelf])
        return [thing for thing, other in near if bounds.overlaps(other, tolerance)]

    def _reach(self, bounds: Bounds) -> range:
        return range(int(bounds.top // self.STEP), int(bounds.bottom // self.STEP) + 1)


def assert_tidy(scene: Scene, width: float) -> None:
    """Nothing overlaps, nothing leaves the picture, no edge crosses a foreign mark or a text."""
    page = Bounds(0, 0, scene.width, scene.height)
    assert scene.width <= width
    marks, texts = Shelf(), Shelf()
    for item in scene.items:
        parts = segments(item) if isinstance(item, Connector) else [item.bounds]
        assert all(page.contains(part) for part in parts), item
        if isinstance(item, Mark):
            assert not marks.overlapping(item.bounds, 0.01), item
            marks.add(item, item.bounds)
    for label in scene.labels:
        for text in words(label):
            assert text.size >= 9 or len(text.text) == 1
            assert not texts.overlapping(text.bounds, 1.0), text
            assert not marks.overlapping(text.bounds, 0.01), text
            texts.add(text, text.bounds)
    for mark in scene.marks:
        for text in words(mark):
            assert text.size >= 9 or mark.family == "merge"
            assert mark.bounds.contains(text.bounds, 0.5) or mark.family == "merge", text
    home = {id_: mark for mark in scene.marks for id_ in mark.nodes}
    for connector in scene.connectors:
        assert_orthogonal(connector)
        own = {connector.source, connector.target}
        exemplars = [
            item for item in scene.items if isinstance(item, Frame) and own & set(item.nodes)
        ]
        for part in map(widened, segments(connector)):
            crossed = marks.overlapping(part, 0.3)
            for mark in crossed:
                known = own & set(mark.nodes)
                folded = any(set(mark.nodes) <= set(frame.nodes) for frame in exemplars)
                assert known or (folded and not own <= set(home)), connector
            assert not texts.overlapping(part, 0.3), connector


def words(item: Mark | Label) -> list[Text]:
    return [shape for shape in item.shapes if isinstance(shape, Text)]


def assert_orthogonal(connector: Connector) -> None:
    for (x0, y0), (x1, y1) in itertools.pairwise(connector.points):
        assert x0 == x1 or y0 == y1, connector


@pytest.mark.parametrize(("name", "options"), diagonals(2, NAMES, OPTIONS), ids=str)
def test_real_models_are_drawn_true_and_tidy(name, options):
    graph = load_graph(name)
    scene = draw(graph, **options)
    assert_true(scene, graph)
    assert_tidy(scene, options.get("width", 720))


def with_a_flat_box(number: int, *layers: tuple[str, list[int]]) -> ModelGraph:
    """Build a graph in which one box is much lower than those that it leads to."""
    graph = small_graph(*layers)
    flat, high = (None, 3036, 1, 1000, 1), (None, 1000, 8)
    nodes = [
        msgspec.structs.replace(node, output_shapes=(flat if index == number else high,))
        for index, node in enumerate(graph.nodes)
    ]
    return msgspec.structs.replace(graph, nodes=tuple(nodes))


# Several edges lead straight from a flat box to the lower ports of a high one.
FLAT = with_a_flat_box(
    2,
    *(("LSTM", []), ("LSTM", [0]), ("LSTM", [1, 0, 1]), ("GetItem", [0])),
    ("LSTM", [3, 0, 2, 2, 0, 2, 0]),
)


@example(graph=FLAT, width=300, names=False, direction="auto")
@example(graph=FLAT, width=300, names=True, direction="down")
@given(
    graph=graphs(),
    width=st.sampled_from([200, 300, 720]),
    names=st.booleans(),
    direction=st.sampled_from(["auto", "down"]),
)
def test_any_graph_is_drawn_true_and_tidy(graph, width, names, direction):
    scene = draw(graph, width=width, show_layer_names=names, legend=False, direction=direction)
    assert_true(scene, graph)
    assert_tidy(scene, width)


@pytest.mark.parametrize("direction", ["auto", "down"])
def test_shapes_of_many_outputs_are_cut(direction):
    graph = small_graph(("Conv2D", []), ("Split", [0]), ("Conv2D", [1]), ("Conv2D", [0, 2]))
    shapes = tuple((None, None, 1678, 3803, 4879 + number) for number in range(3))
    nodes = [
        msgspec.structs.replace(
            node, output_shapes=shapes if node.type == "Split" else ((None, 8),)
        )
        for node in graph.nodes
    ]
    scene = draw(
        msgspec.structs.replace(graph, nodes=tuple(nodes)), width=240, direction=direction
    )
    assert_tidy(scene, 240)
    [said] = [label for label in scene.labels if label.nodes == ("n1",)]
    assert "…" in " ".join(text.text for text in words(said))


@st.composite
def ladders(draw: st.DrawFn) -> ModelGraph:
    """Draw networks that go down and up again, with skips and loose ends anywhere."""
    depth = draw(st.integers(2, 4))
    way = [*range(depth), depth, *reversed(range(depth))]
    levels = [level for level in way for _ in range(draw(st.integers(1, 3)))]
    nodes, edges = [], []
    for number, level in enumerate(levels):
        before = levels[number - 1] if number else level
        type_ = {1: "MaxPooling2D", -1: "UpSampling2D"}.get(level - before, "Conv2D")
        extra = [s for s in range(number - 1) if levels[s] == level and draw(st.booleans())]
        extra += [draw(st.integers(0, number - 2))] if number > 2 and draw(st.booleans()) else []
        if extra:
            type_ = draw(st.sampled_from(["Concatenate", "Add", "MyLayer"]))
        size = 64 >> level
        sources = [*([number - 1] if number else []), *dict.fromkeys(extra)]
        edges += [
            Edge(source=f"n{source}", target=f"n{number}", target_index=index)
            for index, source in enumerate(sources)
        ]
        nodes.append(
            Node(
                id=f"n{number}",
                layer=f"n{number}",
                name=f"n{number}",
                type=type_ if number else "InputLayer",
                module="keras.layers",
                input_shapes=tuple((None, size, size, 8) for _ in sources),
                output_shapes=((None, size, size, 2 ** (level + 3)),),
                params=number,
            )
        )
    return ModelGraph(
        name="ladder",
        nodes=tuple(nodes),
        edges=tuple(edges),
        inputs=(Endpoint(node="n0"),),
        outputs=(Endpoint(node=f"n{len(nodes) - 1}"),),
    )


@given(graph=ladders(), width=st.sampled_from([300, 720, 1400]))
def test_any_ladder_is_drawn_true_and_tidy(graph, width):
    scene = draw(graph, width=width)
    assert_true(scene, graph)
    assert_tidy(scene, max(width, 300))


DOWN = ("down1_conv_a", "down2_conv_a", "down3_conv_a", "down4_conv_a", "bottom_conv_a")
UP = ("bottom_conv_b", "up4_conv_a", "up3_conv_a", "up2_conv_a", "up1_conv_a")


def test_unet_has_its_shape():
    scene = draw(load_graph("unet"))
    marks = {mark.nodes[0]: mark.bounds for mark in scene.marks}
    down = [marks[name].top for name in DOWN]
    up = [marks[name].top for name in UP]
    assert down == sorted(down)
    assert up == down[::-1]
    names = [t.text for label in scene.labels if label.role == "level" for t in words(label)]
    assert names == ["128²", "64²", "32²", "16²", "8²"]
    skips = [c for c in scene.connectors if (c.source, c.target) == ("down1_conv_b", "up1_join")]
    assert [len(skip.points) for skip in skips] == [5]


def test_a_level_is_named_by_all_sizes_that_are_on_it():
    sizes = [28, 13, 7, 14, 28]
    graph = small_graph(*[("Conv2D", [number - 1] * bool(number)) for number in range(5)])
    nodes = tuple(
        msgspec.structs.replace(node, output_shapes=((None, size, size, 8),))
        for node, size in zip(graph.nodes, sizes, strict=True)
    )
    scene = draw(msgspec.structs.replace(graph, nodes=nodes))
    labels = [label for label in scene.labels if label.role == "level"]
    assert [text.text for label in labels for text in words(label)] == ["28²", "13²–14²", "7²"]


def test_a_sequence_is_no_level_of_an_image():
    graph = small_graph(("InputLayer", []), *(("Conv2D", [number]) for number in range(5)))
    shapes = [(64, 64, 4), (32, 32, 4), (16, 16, 4), (8, 8, 4), (64, 4), (64, 4)]
    nodes = [
        msgspec.structs.replace(node, output_shapes=((None, *shape),))
        for node, shape in zip(graph.nodes, shapes, strict=True)
    ]
    scene = draw(msgspec.structs.replace(graph, nodes=tuple(nodes)))
    assert not [label for label in scene.labels if label.role == "level"]


def test_vgg16_is_one_straight_row():
    scene = draw(load_graph("vgg16"))
    axes = {round(mark.bounds.top + mark.bounds.bottom) for mark in scene.marks}
    assert len(axes) == 1
    assert all(len(connector.points) == 2 for connector in scene.connectors)


def test_repeats_are_folded_and_say_so():
    scene = draw(load_graph("resnet50"))
    repeats = [item.repeat for item in scene.items if isinstance(item, Frame)]
    assert repeats == [2, 3, 5, 2]
    titles = [t.text for label in scene.labels if label.role == "title" for t in words(label)]
    assert titles.count("Bottleneck") == 4
    assert "× 5" in titles
    assert scene.height < 800


def test_a_fold_does_not_say_what_holds_for_the_first_repetition_only():
    scene = draw(load_graph("inception_v3"))
    said = {label.nodes: [text.text for text in words(label)] for label in scene.labels}
    assert said[("average_pooling2d_1",)] == ["256–288", "pool 3×3 /1"]
    assert said[("average_pooling2d_4",)] == ["768", "pool 3×3 /1"]


@pytest.mark.parametrize("name", ["inception_v3", "efficientnet_b0", "densenet121"])
def test_deep_models_stay_on_a_page(name):
    assert draw(load_graph(name)).height <= 1300


def test_boxes_shrink_with_their_tensors():
    marks = {mark.nodes[0]: mark.bounds for mark in draw(load_graph("vgg16")).marks}
    heights = [
        marks[f"block{block}_conv1"].bottom - marks[f"block{block}_conv1"].top
        for block in range(1, 6)
    ]
    assert heights == sorted(heights, reverse=True)


def test_no_nodes_at_all():
    scene = draw(ModelGraph(name="empty", nodes=(), edges=(), inputs=(), outputs=()))
    assert scene.marks == ()
    assert scene.width > 0


def long_graph(count: int, *, skips: bool) -> ModelGraph:
    """Make a long chain; with skips that cannot be reduced, if wanted."""
    nodes = tuple(
        Node(
            id=f"n{number}",
            layer=f"n{number}",
            name=f"n{number}",
            type="Conv2D",
            module="keras.layers",
            output_shapes=((None, 8, 8, 8 + number % 7),),
            config={"filters": 8 + number % 7 * (number % 11), "kernel_size": (3, 3)},
        )
        for number in range(count)
    )
    steps = (1, 2) if skips else (1,)
    edges = tuple(
        Edge(source=f"n{number}", target=f"n{number + step}", target_index=step - 1)
        for number in range(count)
        for step in steps
        if number + step < count
    )
    ends = (Endpoint(node="n0"),), (Endpoint(node=f"n{count - 1}"),)
    return ModelGraph(name="long", nodes=nodes, edges=edges, inputs=ends[0], outputs=ends[1])


@pytest.mark.slow
@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.proof)])
@pytest.mark.parametrize("skips", [False, True])
def test_a_large_graph_is_drawn(skips, count):
    graph = long_graph(count, skips=skips)
    assert_true(draw(graph), graph)
