"""Every view flows in four directions, folds what is deep, and says so."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from cases import diagonals
from core_graphs import NAMES, graphs, load_graph, small_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import measure

from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.mirror import BELOW
from keras_diagram_core.options import VIEWS, parse_options
from keras_diagram_core.scene import Connector, Item, Label, Polygon, Scene, Text

T = TypeVar("T")

DRAWN = [view for view in VIEWS if view != "auto"]
DIRECTIONS = ["right", "down", "left", "up"]
DETAILS = ["auto", "all", "units", "blocks", "stages"]


def draw(name: str, **options: object) -> Scene:
    return lay_out(load_graph(name), parse_options(options))


def titles(scene: Scene) -> list[str]:
    shapes = (s for label in scene.labels if label.role == "title" for s in label.shapes)
    return [shape.text for shape in shapes if isinstance(shape, Text)]


def assert_true_and_legible(scene: Scene, name: str) -> None:
    found = measure(scene, load_graph(name))
    assert found[3:10] == (0,) * 7, found
    assert found.smallest_text >= 9


@pytest.mark.parametrize(("name", "view", "direction"), diagonals(4, NAMES, VIEWS, DIRECTIONS))
def test_real_models_in_every_direction(name, view, direction):
    scene = draw(name, view=view, direction=direction)
    assert_true_and_legible(scene, name)
    assert scene.width <= 720


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("view", VIEWS)
def test_real_models_as_they_are_drawn_by_default(view, name):
    scene = draw(name, view=view)
    assert_true_and_legible(scene, name)
    assert scene.width <= 720


@pytest.mark.parametrize(("name", "detail"), diagonals(2, NAMES, DETAILS))
def test_layered_in_every_detail(name, detail):
    scene = draw(name, view="layered", detail=detail)
    assert_true_and_legible(scene, name)
    assert scene.width <= 720


def test_layered_shrinks_boxes_that_are_too_wide_for_a_column():
    convs = [("Conv2D", [0])] * 4
    graph = small_graph(("Concatenate", []), *convs, ("Conv2D", [1, 2, 3, 4]))
    options = {"view": "layered", "direction": "down", "legend": False, "width": 300}
    assert lay_out(graph, parse_options(options)).width <= 300


@given(
    graph=graphs(),
    view=st.sampled_from(DRAWN),
    direction=st.sampled_from(DIRECTIONS),
    detail=st.sampled_from(DETAILS),
)
def test_any_graph_in_every_direction_is_true(graph, view, direction, detail):
    folding = {"detail": detail} if view in {"layered", "blocks"} else {}
    options = {"view": view, "direction": direction, "legend": False, **folding}
    found = measure(lay_out(graph, parse_options(options)), graph)
    assert (found.uncovered_nodes, found.missing_edges, found.invented_edges) == (0, 0, 0)


@pytest.mark.option("every", "direction")
@pytest.mark.parametrize("view", VIEWS)
def test_a_chain_flows_where_it_is_told_to(view):
    for number, direction in enumerate(DIRECTIONS):
        axis, back = number % 2, number > 1
        scene = draw("tiny_mlp", view=view, direction=direction)
        places = [(mark.bounds.left, mark.bounds.top)[axis] for mark in scene.marks]
        assert places == sorted(places, reverse=back)
        ends = [(c.points[0], c.points[-1]) for c in scene.connectors]
        assert all((start[axis] > end[axis]) == back for start, end in ends)
        arrows = [(c.points[0], c.points[-1]) for c in scene.connectors if c.arrow]
        assert all(abs(start[1 - axis] - end[1 - axis]) < 5 for start, end in arrows)


@given(
    graph=graphs(),
    view=st.sampled_from(DRAWN),
    ways=st.sampled_from([DIRECTIONS[::2], DIRECTIONS[1::2]]),
)
def test_any_graph_is_as_legible_in_the_mirror(graph, view, ways):
    one, other = (
        measure(lay_out(graph, parse_options({"view": view, "direction": way})), graph)
        for way in ways
    )
    assert one[:10] == other[:10]


@pytest.mark.parametrize(("there", "back"), [("right", "left"), ("down", "up")])
@pytest.mark.parametrize("view", DRAWN)
def test_the_other_way_is_the_mirror_image(view, there, back):
    axis = DIRECTIONS.index(there) % 2
    one, other = (draw("tiny_two_inputs", view=view, direction=way) for way in (there, back))
    assert (one.width, one.height) == (other.width, other.height)
    ends = [
        c.points[0][axis] + d.points[0][axis] for c, d in both(one.connectors, other.connectors)
    ]
    assert ends
    assert max(ends) - min(ends) < 0.1
    for c, d in both(one.connectors, other.connectors):
        assert [p[1 - axis] for p in c.points] == [p[1 - axis] for p in d.points]
    below = [[item for item in scene.items if role(item) in BELOW] for scene in (one, other)]
    assert below[0] == below[1]
    assert below[0]


@pytest.mark.parametrize(("direction", "turns"), [("left", False), ("up", True)])
def test_light_comes_from_above_in_the_mirror(direction, turns):
    """Of a box upside down one sees the bottom, which is as dark as its side was."""
    other = {"top": "side", "side": "top"} if turns else {}
    one = draw("cnn", view="layered", direction="down" if turns else "right")
    faces = [
        [shape.fill.rpartition("-")[2] for shape in mark.shapes if isinstance(shape, Polygon)]
        for mark in (*one.marks, *draw("cnn", view="layered", direction=direction).marks)
    ]
    before, after = faces[: len(one.marks)], faces[len(one.marks) :]
    assert any(before)
    assert after == [[other.get(face, face) for face in mark] for mark in before]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("view", DRAWN)
def test_words_are_read_from_above_in_every_direction(view, direction):
    plain = draw("cnn", view=view, direction="down" if direction == "up" else "right")
    turned = draw("cnn", view=view, direction=direction)
    if direction == "down":
        plain = turned
    for one, other in both(plain.items, turned.items):
        assert in_lines(one) == in_lines(other)


def both(one: Sequence[T], other: Sequence[T]) -> Iterator[tuple[T, T]]:
    return zip(one, other, strict=True)


def role(item: Item) -> str:
    return item.role if isinstance(item, Label) else ""


def in_lines(item: Item) -> list[str]:
    """Read the words of an item: from above, lines from the left."""
    texts = [] if isinstance(item, Connector) else item.shapes
    words = [text for text in texts if isinstance(text, Text)]
    return [text.text for text in sorted(words, key=lambda text: (text.y, text.bounds.left))]


@pytest.mark.parametrize(
    ("name", "height", "crossings"),
    [
        ("resnet50", 700, 8),
        ("efficientnet_b0", 1400, 6),
        ("mobilenet_v2", 700, 0),
        ("densenet121", 600, 1),
    ],
)
def test_deep_models_are_layered_on_a_page(name, height, crossings):
    scene = draw(name, view="layered")
    assert scene.height <= height
    assert measure(scene, load_graph(name)).crossings <= crossings


def test_layered_says_how_often_a_block_stands_there():
    assert titles(draw("densenet121", view="layered")) == [
        *("× 6", "Dense layer", "× 12", "Dense layer"),
        *("× 24", "Dense layer", "× 16", "Dense layer"),
    ]


def test_layered_boxes_name_all_that_they_stand_for():
    graph = load_graph("resnet50")
    named = [id_ for mark in draw("resnet50", view="layered").marks for id_ in mark.nodes]
    assert sorted(named) == sorted(node.id for node in graph.nodes)


@pytest.mark.parametrize("view", DRAWN)
def test_a_small_wish_folds_more(view):
    high = draw("resnet50", view=view)
    low = draw("resnet50", view=view, **{"max-height": 300})
    assert low.height <= high.height
    assert len(low.marks) <= len(high.marks)


def test_columns_of_layered_are_as_high_as_is_wished():
    for wish in (400, 800):
        options = {"max-height": wish, "legend": False, "detail": "all"}
        scene = draw("vgg16", view="layered", direction="down", **options)
        assert scene.height <= wish + 50


def test_columns_that_cannot_be_as_low_as_is_wished_are_not_as_high_as_all():
    options = {"view": "layered", "direction": "down"}
    assert draw("efficientnet_b0", **options, **{"max-height": 200}).height <= 1600


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["transformer", "unet", pytest.param("inception_v3", marks=pytest.mark.proof)]
)
def test_drawing_does_not_depend_on_the_process(name):
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1].split(':');"
        "from test_core_directions import VIEWS, draw;"
        "from keras_diagram_core.backends import paint;"
        "print([hashlib.sha256(paint(draw(name, view=view), 'svg')).hexdigest()"
        " for view in VIEWS for name in sys.argv[2:]])"
    )
    folders = f"{Path(__file__).parent}:{Path(__file__).parents[1]}"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, folders, name, "lenet5"],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
