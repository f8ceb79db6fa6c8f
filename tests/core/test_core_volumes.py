"""Each option of the layered view does what its help says."""

from typing import Any

import msgspec
import pytest
from cases import diagonals
from core_graphs import graphs, load_graph, small_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import measure
from test_core_layout import assert_tidy, assert_true

from keras_diagram_core.errors import RequestError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.solids import SLANT
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Box, Label, Mark, Polygon, Scene, Text

WHOLE = {"width": 10_000, "max-height": 100_000, "detail": "all"}
"""A page on which nothing has to be made smaller."""

ACCURATE = {"sizing-mode": "accurate", **WHOLE}


def draw(name: str | ModelGraph = "vgg16", **options: Any) -> Scene:
    raw = {key.replace("_", "-"): value for key, value in options.items()}
    graph = load_graph(name) if isinstance(name, str) else name
    return lay_out(graph, parse_options({"view": "layered", "detail": "all", **raw}))


def face(scene: Scene, id_: str) -> tuple[float, float]:
    """Width and height of the front of a box."""
    bounds = mark(scene, id_).shapes[-1].bounds
    return round(bounds.right - bounds.left, 1), round(bounds.bottom - bounds.top, 1)


def depth(scene: Scene, id_: str) -> float:
    whole = mark(scene, id_).bounds
    return round((whole.right - whole.left - face(scene, id_)[0]) / SLANT[0], 0)


def mark(scene: Scene, id_: str) -> Mark:
    return next(mark for mark in scene.marks if id_ in mark.nodes)


def words(scene: Scene, role: str = "caption") -> list[str]:
    return [s.text for s in shapes(scene, role) if isinstance(s, Text)]


def shapes(scene: Scene, role: str) -> list[Any]:
    return [shape for label in labels(scene, role) for shape in label.shapes]


def labels(scene: Scene, role: str) -> list[Label]:
    return [label for label in scene.labels if label.role == role]


def gap(scene: Scene, left: str, right: str) -> float:
    return round(mark(scene, right).bounds.left - mark(scene, left).bounds.right, 1)


def assert_fine(scene: Scene, graph: ModelGraph, width: float = 720) -> None:
    found = measure(scene, graph)
    assert found[3:10] == (0,) * 7, found
    assert scene.width <= width


@pytest.mark.option("layered", "sizing-mode scale-xy scale-z")
def test_accurate_is_px_per_unit():
    scene = draw(**ACCURATE, scale_xy=3, scale_z=0.5)
    assert face(scene, "block1_conv1") == (32, 672)
    assert depth(scene, "block1_conv1") == 672
    assert face(scene, "block5_pool") == (256, 21)
    assert face(draw(**ACCURATE), "input_layer") == (20, 896)


@pytest.mark.option("layered", "min-xy max-xy min-z max-z")
def test_limits_of_accurate():
    scene = draw(**ACCURATE, min_xy=50, max_xy=300, min_z=10, max_z=200)
    assert face(scene, "input_layer") == (10, 300)
    assert face(scene, "block5_pool") == (200, 50)


@pytest.mark.option("layered", "relative-base-size")
def test_relative_is_proportional():
    scene = draw(**WHOLE, sizing_mode="relative", relative_base_size=0.5)
    assert face(scene, "fc1")[1] == 2048
    assert face(scene, "predictions")[1] == 500
    assert face(scene, "block2_conv1") == (64, 56)


@pytest.mark.option("layered", "relative-base-size")
@pytest.mark.parametrize("base", [5, 10, 20])
def test_a_unit_of_a_vector_gets_the_base_size(base):
    graph = small_graph(("Dense", []), ("Dense", [0]), ("Dense", [1]), ("Dense", [2]))
    for number, units in enumerate((64, 32, 16, 8)):
        graph = reshaped(graph, f"n{number}", (None, units))
    scene = draw(graph, **WHOLE, sizing_mode="relative", relative_base_size=base)
    heights = [face(scene, f"n{number}")[1] for number in range(4)]
    assert heights == [64 * base, 32 * base, 16 * base, 8 * base]


def test_relative_stays_proportional_on_a_page():
    scene = draw(sizing_mode="relative")
    heights = [face(scene, id_)[1] for id_ in ("fc1", "predictions")]
    assert heights[0] / heights[1] == pytest.approx(4.096, abs=0.02)
    assert scene.width <= 720


@pytest.mark.option("layered", "dimension-caps")
def test_capped_keeps_the_ratio_and_collapses_nothing():
    caps = "{channels: 60, sequence: 200, general: 120}"
    scene = draw(**WHOLE, sizing_mode="capped", dimension_caps=caps)
    assert face(scene, "input_layer") == (20, 200)
    assert face(scene, "block5_conv1") == (60, 56)
    assert face(scene, "fc1") == (120, 20)
    wide = reshaped(load_graph("vgg16"), "input_layer", (None, 100, 200, 3))
    scene = draw(wide, **WHOLE, sizing_mode="capped", dimension_caps=caps)
    assert (face(scene, "input_layer")[1], depth(scene, "input_layer")) == (100, 200)


def reshaped(graph: ModelGraph, id_: str, shape: tuple[int | None, ...]) -> ModelGraph:
    replace = msgspec.structs.replace
    nodes = (replace(n, output_shapes=(shape,)) if n.id == id_ else n for n in graph.nodes)
    return replace(graph, nodes=tuple(nodes))


def test_curves_stay_between_relative_and_equal():
    root, logarithm = draw(), draw(**WHOLE, sizing_mode="logarithmic")
    ratios = [face(s, "block1_conv1")[1] / face(s, "block4_conv1")[1] for s in (root, logarithm)]
    assert 8 > ratios[0] > ratios[1] > 1


@pytest.mark.parametrize("mode", ["accurate", "capped", "logarithmic", "relative"])
def test_channels_first_have_the_same_sizes(mode):
    graph = load_graph("cnn")
    document = graph.to_dict()
    for node in document["nodes"]:
        if "data_format" in node["config"]:
            node["config"] = {**node["config"], "data_format": "channels_first"}
        node["output_shapes"] = [
            (s[0], s[-1], *s[1:-1]) if len(s) > 3 else s for s in node["output_shapes"]
        ]
    first = draw(ModelGraph.from_dict(document), sizing_mode=mode, show_shapes=False)
    last = draw(graph, sizing_mode=mode, show_shapes=False)
    assert [m.bounds for m in first.marks] == [m.bounds for m in last.marks]


@pytest.mark.option("layered", "one-dim-orientation")
def test_vectors_lie_where_one_wants_them():
    upright, along, deep = (
        draw(**ACCURATE, max_xy=500, one_dim_orientation=axis) for axis in "yzx"
    )
    assert face(upright, "fc1") == (20, 500)
    assert face(along, "fc1") == (400, 20)
    assert face(deep, "fc1") == (20, 20)
    assert depth(deep, "fc1") == 500


@pytest.mark.option("layered", "draw-volume")
def test_boxes_have_a_depth_or_are_flat():
    solid, flat = draw(), draw(draw_volume=False)
    for whole, front in zip(solid.marks, flat.marks, strict=True):
        assert (len(whole.shapes), len(front.shapes)) == (3, 1)
        assert whole.bounds.right > whole.shapes[-1].bounds.right
        assert whole.bounds.top < whole.shapes[-1].bounds.top
        assert front.bounds == front.shapes[-1].bounds


@pytest.mark.option("layered", "index-2d")
def test_some_boxes_are_flat():
    scene = draw(index_2d="0, -1")
    flat = [mark.nodes[0] for mark in scene.marks if len(mark.shapes) == 1]
    assert flat == ["input_layer", "predictions"]
    assert draw(index_2d="99").notes == ("index-2d: there is no layer 99 among 23.",)


@pytest.mark.option("layered", "draw-reversed")
def test_reversed_boxes_show_their_other_side():
    plain, scene = draw(), draw(draw_reversed=True)
    for before, after in zip(plain.marks, scene.marks, strict=True):
        assert before.bounds == after.bounds
        assert before.shapes[-1].bounds.left == before.bounds.left
        assert after.shapes[-1].bounds.right == after.bounds.right


@pytest.mark.option("layered", "draw-funnel")
@pytest.mark.parametrize("direction", ["right", "down"])
def test_funnels_join_true_neighbours_in_a_row(direction):
    scene = draw("unet", draw_funnel=True, direction=direction)
    joined = {label.nodes for label in labels(scene, "funnel")}
    edges = {(edge.source, edge.target) for edge in scene.connectors}
    assert joined <= edges
    for source, target in joined:
        ends = mark(scene, source).bounds, mark(scene, target).bounds
        index = 0 if direction == "right" else 1
        corners = [(b.left, b.top) for b in ends]
        assert corners[0][index] < corners[1][index]
    assert len(joined) > len(scene.marks) / 2
    assert len(scene.connectors) == len(draw("unet").connectors)


@pytest.mark.option("layered", "spacing")
def test_spacing_is_between_boxes():
    ends = "block1_conv1", "block1_conv2"
    assert gap(draw(spacing=8), *ends) == 8
    assert gap(draw(spacing=31), *ends) == 31
    assert gap(draw(spacing=0), *ends) == 0


def test_spacers_leave_room():
    graph = load_graph("vgg16")
    replace = msgspec.structs.replace
    nodes = (replace(n, room=70) if n.id == "block1_conv2" else n for n in graph.nodes)
    spaced = replace(graph, nodes=tuple(nodes))
    assert gap(draw(spaced), "block1_conv1", "block1_conv2") >= 78
    moved = draw(spaced, name_ignore="block1_conv2")
    assert gap(moved, "block1_conv1", "block1_pool") >= 78


@pytest.mark.option("layered", "shade-step")
def test_shades_are_steps_of_the_front():
    for step in (10, 20):
        paints = draw(shade_step=step).paints
        front, top, side = (
            bytes.fromhex(paints[f"conv-{part}"].light[1:]) for part in ("fill", "top", "side")
        )
        assert [*top] == pytest.approx([value * (1 - step / 255) for value in front], abs=1)
        assert [*side] == pytest.approx([value * (1 - 2 * step / 255) for value in front], abs=1)
    assert draw(shade_step=0).paints["conv-side"] == paints["conv-fill"]
    assert draw().paints["conv-side"] != paints["conv-side"]


@pytest.mark.option("layered", "text-callable")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name", ["input_layer"]),
        ("type", ["InputLayer"]),
        ("shape", ["224×224×3"]),
        ("name_shape", ["input_layer", "224×224×3"]),
    ],
)
def test_built_in_texts(text, expected):
    graph = load_graph("vgg16")
    scene = draw(graph, text_callable=text)
    assert words(scene)[: len(expected)] == expected
    assert len(words(scene)) == len(expected) * len(graph.nodes)
    assert_fine(scene, graph)


def written(graph: ModelGraph) -> ModelGraph:
    replace = msgspec.structs.replace
    nodes = (
        replace(node, text=f"{node.name}\nline two\n{index}", text_above=bool(index % 2))
        for index, node in enumerate(graph.nodes)
    )
    return replace(graph, nodes=tuple(nodes))


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("name", ["vgg16", "unet", "resnet50"])
def test_texts_above_and_below_never_overlap(name, direction):
    graph = written(load_graph(name))
    scene = draw(graph, text_callable="mod:function", direction=direction)
    assert len(words(scene)) == 3 * len(graph.nodes)
    assert_fine(scene, graph)


def test_texts_stand_where_they_are_to():
    scene = draw(written(load_graph("cnn")), text_callable="mod:function")
    for label in labels(scene, "caption"):
        text, box = label.bounds, mark(scene, label.nodes[0]).bounds
        number = int([s.text for s in label.shapes if isinstance(s, Text)][-1])
        assert text.bottom <= box.top if number % 2 else text.top >= box.bottom


def test_each_layer_with_a_text_has_a_box_if_it_can():
    graph = written(load_graph("cnn"))
    few = lay_out(graph, parse_options({"view": "layered", "text-callable": "mod:function"}))
    assert len(words(few)) == 3 * len(graph.nodes)
    assert not few.notes
    graph = written(load_graph("resnet50"))
    many = lay_out(graph, parse_options({"view": "layered", "text-callable": "mod:function"}))
    lost = len(graph.nodes) - len(words(many)) // 3
    assert f"the texts of {lost} layers are not drawn" in many.notes[0]
    folded = {"view": "layered", "text-callable": "name", "detail": "blocks"}
    assert not lay_out(graph, parse_options(folded)).notes


@pytest.mark.option("layered", "text-vspacing")
def test_vspacing_is_between_lines():
    def pitch(**options: Any) -> float:
        first, second, *_ = (
            s
            for s in shapes(draw(text_callable="name_shape", **options), "caption")
            if isinstance(s, Text)
        )
        return round(second.y - first.y, 2)

    assert pitch(text_vspacing=12) - pitch(text_vspacing=2) == 10


@pytest.mark.option("layered", "show-dimension")
def test_dimensions_stand_in_the_legend():
    assert "Dense 4096, 1000" in words(draw(show_dimension=True), "legend")
    assert "Dense" in words(draw(), "legend")


@pytest.mark.option("layered", "legend-text-spacing-offset")
def test_the_legend_gets_room():
    def lefts(**options: Any) -> list[float]:
        return [s.left for s in shapes(draw(**options), "legend") if isinstance(s, Box)]

    plain, spaced = lefts(), lefts(legend_text_spacing_offset=15)
    assert [b - a for a, b in zip(plain, spaced, strict=True)] == pytest.approx(
        [15 * index for index in range(len(plain))]
    )


GROUPS = [
    {"layers": ["block1*", "block2*"], "name": "Low level"},
    {"indices": [-3, -2, -1], "name": "Head", "fill": "#336699", "outline": "tomato"},
]


@pytest.mark.option("layered", "layered-groups")
@pytest.mark.parametrize("direction", ["right", "down"])
def test_groups_have_a_background_and_a_name(direction):
    graph = load_graph("vgg16")
    scene = draw(graph, layered_groups=GROUPS, direction=direction)
    assert words(scene, "title") == ["Low level", "Head"]
    low, head = scene.frames
    assert head.nodes == ("fc1", "fc2", "predictions")
    for frame in (low, head):
        inside = [mark for mark in scene.marks if set(mark.nodes) & set(frame.nodes)]
        outside = [mark for mark in scene.marks if mark not in inside]
        assert all(frame.bounds.contains(mark.bounds) for mark in inside)
        assert not any(frame.bounds.overlaps(mark.bounds) for mark in outside)
    assert scene.paints[head.shapes[0].fill].light == "#336699"
    assert scene.paints[head.shapes[0].line].light == "#ff6347"
    assert_fine(scene, graph)


def test_groups_by_class_go_on_in_the_next_row():
    graph = load_graph("vgg16")
    scene = draw(graph, layered_groups=[{"layers": ["Conv2D", "MaxPooling2D"]}], width=400)
    assert len(scene.frames) > 1
    assert sum(len(frame.nodes) for frame in scene.frames) == 18
    assert_fine(scene, graph, 400)


def test_groups_of_nothing_are_noted():
    scene = draw(layered_groups=[{"layers": ["block9"], "indices": [40]}])
    assert len(scene.notes) == 2
    assert scene.notes[0].startswith("layered-groups: nothing matches 'block9'.")


MODES = ["accurate", "capped", "logarithmic", "relative"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "direction", "mode"),
    diagonals(2, ["cnn", "unet", "resnet50", "transformer"], ["right", "down"], MODES),
)
def test_every_size_fits_the_page(name, direction, mode):
    graph = load_graph(name)
    options = {"view": "layered", "sizing-mode": mode, "direction": direction}
    scene = lay_out(graph, parse_options({**options, "draw-funnel": True, "draw-reversed": True}))
    assert_fine(scene, graph)


@given(
    graph=graphs(),
    mode=st.sampled_from(["balanced", "accurate", "relative"]),
    direction=st.sampled_from(["right", "down"]),
    backwards=st.booleans(),
    spacing=st.sampled_from([0, 8, 40]),
)
def test_any_graph_with_groups_and_texts_is_tidy(graph, mode, direction, backwards, spacing):
    graph = written(graph)
    groups = [{"layers": ["Conv2D", "Dense"], "name": "A"}, {"indices": [0, 2], "name": "B" * 30}]
    scene = draw(
        graph,
        sizing_mode=mode,
        direction=direction,
        draw_reversed=backwards,
        spacing=spacing,
        text_callable="mod:function",
        layered_groups=groups,
        legend=False,
        max_xy=200,
    )
    assert_true(scene, graph)
    assert_tidy(scene)


def test_a_side_is_never_cut_off():
    for name in ("unet", "cnn"):
        scene = draw(name, sizing_mode="accurate")
        assert all(mark.bounds.right <= scene.width for mark in scene.marks)
        assert any(isinstance(shape, Polygon) for mark in scene.marks for shape in mark.shapes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dimension-caps": "{chanels: 20}"}, "no 'chanels' in 'dimension-caps'"),
        ({"dimension-caps": "{channels: wide}"}, "'dimension-caps: channels' cannot be"),
        ({"layered-groups": "[{name: x}]"}, "A group has no layers"),
        ({"layered-groups": "conv1"}, "is not a list"),
        ({"layered-groups": "[{layers: [a], fil: red}]"}, "no 'fil' in 'layered-groups'"),
        ({"text-callable": "nme"}, "The text cannot be 'nme'"),
        ({"min-xy": "thick"}, "'min-xy' cannot be 'thick'"),
        ({"sizing-mode": "exact"}, "'sizing-mode' cannot be 'exact'"),
    ],
)
def test_wrong_values_are_refused(options, message):
    with pytest.raises(RequestError, match=message):
        parse_options({"view": "layered", **options})
