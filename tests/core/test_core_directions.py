"""Every view flows to the right and down, folds what is deep, and says so."""

import subprocess
import sys

import pytest
from core_graphs import NAMES, graphs, load_graph, small_graph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from legibility import measure

from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import VIEWS, parse_options
from keras_diagram_core.scene import Scene, Text

DRAWN = [view for view in VIEWS if view != "auto"]
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


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", NAMES)
def test_real_models_in_every_direction(name, view, direction):
    scene = draw(name, view=view, direction=direction)
    assert_true_and_legible(scene, name)
    assert scene.width <= 720


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", NAMES)
def test_layered_in_every_detail(name, detail):
    scene = draw(name, view="layered", detail=detail)
    assert_true_and_legible(scene, name)
    assert scene.width <= 720


def test_layered_shrinks_boxes_that_are_too_wide_for_a_column():
    convs = [("Conv2D", [0])] * 4
    graph = small_graph(("Concatenate", []), *convs, ("Conv2D", [1, 2, 3, 4]))
    options = {"view": "layered", "direction": "down", "legend": False, "width": 300}
    assert lay_out(graph, parse_options(options)).width <= 300


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    graph=graphs(),
    view=st.sampled_from(DRAWN),
    direction=st.sampled_from(["right", "down"]),
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
    for direction, axis in (("right", 0), ("down", 1)):
        scene = draw("tiny_mlp", view=view, direction=direction)
        places = [(mark.bounds.left, mark.bounds.top) for mark in scene.marks]
        assert [place[axis] for place in places] == sorted(place[axis] for place in places)
        ends = [(c.points[0], c.points[-1]) for c in scene.connectors]
        assert all(start[axis] < end[axis] for start, end in ends)
        arrows = [(c.points[0], c.points[-1]) for c in scene.connectors if c.arrow]
        assert all(abs(start[1 - axis] - end[1 - axis]) < 5 for start, end in arrows)


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


def test_drawing_does_not_depend_on_the_process():
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]);"
        "from test_core_directions import VIEWS, draw;"
        "from keras_diagram_core.backends import paint;"
        "print([hashlib.sha256(paint(draw(name, view=view), 'svg')).hexdigest()"
        " for view in VIEWS for name in ('inception_v3', 'unet', 'lenet5')])"
    )
    folder = __file__.rpartition("/")[0]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, folder],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
