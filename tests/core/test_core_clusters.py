"""Frames around opened models hold all that is in them, and nothing else."""

from itertools import pairwise

import msgspec
import pytest
from core_graphs import graphs, load_graph, small_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import measure, segments

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import GraphOptions, parse_options
from keras_diagram_core.scene import Bounds, Frame, Label, Scene, Text
from keras_diagram_core.text import clean

DIRECTIONS = ["right", "down", "left", "up"]
DENSE = ("Dense", [0])


def draw(graph: ModelGraph, **options: object) -> Scene:
    raw = {"view": "graph", "show-neurons": False, **options}
    return lay_out(graph, parse_options(raw))


def chain(count: int) -> ModelGraph:
    rest = [("Dense" if number % 2 else "Conv2D", [number]) for number in range(count - 1)]
    return small_graph(("InputLayer", []), *rest)


def scoped(graph: ModelGraph, **scopes: range | list[int]) -> ModelGraph:
    """Put nodes into scopes by number: `a__b` is the scope b within a."""
    path = {n: tuple(name.split("__")) for name, numbers in scopes.items() for n in numbers}
    nodes = (
        msgspec.structs.replace(node, scope=path.get(number, ()))
        for number, node in enumerate(graph.nodes)
    )
    return msgspec.structs.replace(graph, nodes=tuple(nodes))


def frames(scene: Scene) -> list[Frame]:
    return [frame for frame in scene.frames if frame.repeat == 1]


def titles(scene: Scene) -> list[str]:
    labels = (label for label in scene.labels if label.role == "title")
    return [text.text for label in labels for text in texts(label)]


def texts(label: Label) -> list[Text]:
    return [shape for shape in label.shapes if isinstance(shape, Text)]


def note(scene: Scene) -> str:
    return next((text for text in scene.notes if text.startswith("clusters:")), "")


def scopes_of(graph: ModelGraph) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for node in graph.nodes:
        for level in range(len(node.scope)):
            found.setdefault(node.scope[: level + 1], set()).add(node.id)
    return found


def assert_frames_are_true(scene: Scene, graph: ModelGraph) -> None:
    scopes = scopes_of(graph)
    marks = {id_: mark.bounds for mark in scene.marks for id_ in mark.nodes}
    for frame in frames(scene):
        assert set(frame.nodes) in scopes.values()
        for id_, bounds in marks.items():
            if id_ in frame.nodes:
                assert frame.bounds.contains(bounds)
            else:
                assert not frame.bounds.overlaps(bounds)
        assert_only_its_own_edges_enter(frame, scene)
    for one in scene.frames:
        for other in scene.frames:
            assert_nested(one, other)
    assert_names_are_clear(scene)


def assert_only_its_own_edges_enter(frame: Frame, scene: Scene) -> None:
    """What begins and ends outside of a model leads past its frame."""
    others = (c for c in scene.connectors if not {c.source, c.target} & set(frame.nodes))
    for connector in others:
        entering = [part for part in segments(connector) if frame.bounds.overlaps(part, 0.3)]
        assert not entering, (connector.source, connector.target, frame.nodes)


def assert_nested(one: Frame, other: Frame) -> None:
    if set(one.nodes) <= set(other.nodes) and one.bounds != other.bounds:
        assert other.bounds.contains(one.bounds) or one.bounds.contains(other.bounds)
    elif not set(other.nodes) & set(one.nodes):
        assert not one.bounds.overlaps(other.bounds)


def assert_names_are_clear(scene: Scene) -> None:
    """No line leads through the name of a frame, and each name is in its frame."""
    lines = [part for connector in scene.connectors for part in segments(connector)]
    slots = [
        text.bounds for label in scene.labels if label.role == "title" for text in texts(label)
    ]
    for slot in slots:
        letters = Bounds(slot.left, slot.top + 1, slot.right, slot.bottom - 1)
        assert not any(letters.overlaps(line) for line in lines)
        assert any(frame.bounds.contains(slot) for frame in scene.frames)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_model_within_a_model_has_a_frame_within_a_frame(direction):
    graph = load_graph("tiny_nested")
    scene = draw(graph, direction=direction)
    outer, inner = frames(scene)
    assert set(outer.nodes) == {node.id for node in graph.nodes if node.scope}
    assert len(inner.nodes) == 2
    assert outer.bounds.contains(inner.bounds)
    assert titles(scene) == ["stage", "block"]
    assert not note(scene)
    assert_frames_are_true(scene, graph)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("width", [300, 720])
def test_what_is_long_is_framed_in_several_rows(direction, width):
    graph = scoped(
        chain(38), encoder=range(2, 20), decoder__first=[20], decoder__more=range(21, 34)
    )
    scene = draw(graph, direction=direction, width=width)
    assert {"encoder", "decoder", "first", "more"} <= set(titles(scene))
    assert scene.width <= width
    assert measure(scene, graph)[3:10] == (0,) * 7
    assert_frames_are_true(scene, graph)


def test_branches_may_be_framed():
    layers = [("InputLayer", []), DENSE, ("Dense", [1]), ("Conv2D", [0]), ("Conv2D", [3])]
    graph = scoped(small_graph(*layers, ("Add", [2, 4])), left=[1, 2], right=[3, 4])
    scene = draw(graph)
    assert sorted(titles(scene)) == ["left", "right"]
    assert_frames_are_true(scene, graph)


SKIP = [
    ("InputLayer", []),
    DENSE,
    ("Conv2D", [1]),
    ("Dense", [2]),
    ("Add", [3, 1]),
    ("Dense", [4]),
]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("width", [300, 720, 3000])
@pytest.mark.parametrize(
    "scopes",
    [
        {"body": [2, 3]},
        {"body": [2, 3, 4]},
        {"body": [1, 2, 3]},
        {"body": [1, 2, 3, 4]},
        {"outer__body": [2, 3], "outer": [4]},
    ],
)
def test_a_skip_round_a_model_leads_past_its_frame(direction, width, scopes):
    graph = scoped(small_graph(*SKIP), **scopes)
    scene = draw(graph, direction=direction, width=width)
    assert {frozenset(frame.nodes) for frame in frames(scene)} == {
        frozenset(nodes) for nodes in scopes_of(graph).values()
    }
    assert_frames_are_true(scene, graph)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_name_stands_before_the_fork_in_its_frame(direction):
    graph = scoped(small_graph(*SKIP), middle_left=[2, 3, 4])
    assert titles(draw(graph, direction=direction)) == ["middle_left"]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_model_of_branches_that_a_skip_leads_through_has_no_frame(direction):
    layers = [("InputLayer", []), DENSE, ("Conv2D", [1]), ("Dense", [1]), ("Add", [1, 2, 3])]
    graph = scoped(small_graph(*layers), branches=[2, 3])
    scene = draw(graph, direction=direction, clusters=True)
    assert_frames_are_true(scene, graph)
    assert frames(scene) or note(scene).startswith("clusters: no frame around branches: ")


def test_a_stranger_is_never_framed_but_noted():
    graph = scoped(chain(6), mine=[1, 3])
    scene = draw(graph, clusters=True)
    assert frames(scene) == []
    assert note(scene).startswith("clusters: no frame around mine: ")
    assert frames(draw(graph)) == []
    assert not note(draw(graph))


@pytest.mark.option("graph", "clusters")
def test_frames_are_left_out_where_they_are_not_wanted():
    scene = draw(load_graph("tiny_nested"), clusters=False)
    assert frames(scene) == []
    assert titles(scene) == []


def test_what_two_models_pass_to_each_other_in_several_tensors_is_framed():
    layers = [("InputLayer", []), DENSE, ("Conv2D", [1]), ("Dense", [2]), ("Add", [2, 3])]
    layers += [("Add", [1, 4]), ("Dense", [5]), ("Dense", [6])]
    graph = scoped(small_graph(*layers), encoder=[1, 2], decoder=[4, 5, 6, 7])
    scene = draw(graph)
    assert len(frames(scene)) == 2
    assert_frames_are_true(scene, graph)


def test_what_repeats_in_a_model_is_folded_in_its_frame():
    graph = load_graph("resnet50")
    inside = range(2, len(graph.nodes) - 2)
    scene = draw(scoped(graph, backbone=inside))
    assert "backbone" in titles(scene)
    assert "× 5" in titles(scene)
    assert_frames_are_true(scene, scoped(graph, backbone=inside))


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_many_models_within_each_other_fit_a_narrow_page(direction):
    levels = "__".join(f"level{number}" for number in range(12))
    layers = [("InputLayer", []), DENSE, ("Conv2D", [1]), ("Dense", [2]), ("Add", [1, 3])]
    mesh = small_graph(*layers, ("Add", [2, 4]), ("Add", [3, 5]))
    for graph in (mesh, chain(30)):
        scene = draw(scoped(graph, **{levels: [2, 3, 4]}), direction=direction, width=300)
        assert scene.width <= 300
        assert measure(scene, graph)[3:10] == (0,) * 7


def test_layers_of_different_models_are_no_unit():
    graph = load_graph("resnet50")
    numbers = [number for number, node in enumerate(graph.nodes) if node.type == "Activation"]
    cut = scoped(graph, first=range(numbers[3]))
    homes = {node.id: node.scope for node in cut.nodes}
    assert all(len({homes[id_] for id_ in mark.nodes}) == 1 for mark in draw(cut).marks)


@st.composite
def nested_graphs(draw_: st.DrawFn) -> ModelGraph:
    """Draw any graph, cut into models that follow each other, some in one around them."""
    graph = draw_(graphs(most=16))
    cuts = sorted(draw_(st.sets(st.integers(0, len(graph.nodes)), max_size=5)))
    around = draw_(st.booleans())
    nodes = list(graph.nodes)
    for name, (first, last) in enumerate(pairwise((0, *cuts, len(nodes)))):
        path = draw_(st.sampled_from([(), (f"model{name}",), (f"model{name}", "inner")]))
        for number in range(first, last):
            outer = ("outer",) if around and name in (1, 2) else ()
            nodes[number] = msgspec.structs.replace(nodes[number], scope=(*outer, *path))
    return msgspec.structs.replace(graph, nodes=tuple(nodes))


@given(
    graph=nested_graphs() | graphs(),
    direction=st.sampled_from(DIRECTIONS),
    width=st.sampled_from([240, 400, 720]),
)
def test_any_frame_is_true_and_any_other_is_noted(graph, direction, width):
    options = GraphOptions(direction=direction, width=width, legend=False, clusters=True)
    scene = lay_out(graph, options)
    assert_frames_are_true(scene, graph)
    framed = [set(frame.nodes) for frame in frames(scene)]
    for path, members in scopes_of(graph).items():
        drawn = members & {id_ for mark in scene.marks for id_ in mark.nodes}
        named = clean("/".join(path)) in note(scene) or "..." in note(scene)
        assert members in framed or named or not drawn
    assert scene.width <= width
