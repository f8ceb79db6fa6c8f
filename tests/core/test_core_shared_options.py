"""Sizes, words and stages: in functional and graph they are what they are in layered."""

import math
from itertools import combinations
from typing import Any

import msgspec
import pytest
from cases import diagonals
from core_graphs import graphs, load_graph, small_graph
from hypothesis import example, given
from hypothesis import strategies as st
from legibility import measure
from test_core_functional import assert_tidy, ladders

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.solids import SLANT
from keras_diagram_core.options import parse_options
from keras_diagram_core.request import parse_request
from keras_diagram_core.scene import Frame, Mark, Scene, Text

# A page on which nothing has to be made smaller.
WHOLE = {"width": 10_000, "max_height": 100_000}
ACCURATE = {"sizing_mode": "accurate", **WHOLE}
GROUPS = [
    {"layers": ["Conv2D", "Dense"], "name": "A"},
    {"indices": [0, 2], "name": "B" * 30, "fill": "navy"},
    {"layers": ["LSTM"]},
]
UNET = [
    {"layers": ["down*"], "name": "encoder"},
    {"layers": ["bottom*"], "name": "bottleneck", "fill": "#fde8c8"},
    {"layers": ["up*"], "name": "decoder"},
]


def draw(graph: str | ModelGraph, view: str = "functional", **options: Any) -> Scene:
    """Draw, and make sure that the picture is true and tidy."""
    graph = load_graph(graph) if isinstance(graph, str) else graph
    raw = {name.replace("_", "-"): value for name, value in options.items()}
    scene = lay_out(graph, parse_options({"view": view, **raw}))
    assert measure(scene, graph)[3:10] == (0,) * 7
    assert_tidy(scene, max(options.get("width", 720), 300))
    return scene


def mark(scene: Scene, id_: str) -> Mark:
    return next(mark for mark in scene.marks if id_ in mark.nodes)


def face(scene: Scene, id_: str) -> tuple[float, float]:
    """Width and height of the front of a box."""
    front = mark(scene, id_).shapes
    bounds = next(shape.bounds for shape in front if type(shape).__name__ == "Box")
    return round(bounds.right - bounds.left, 1), round(bounds.bottom - bounds.top, 1)


def words(scene: Scene, role: str = "caption") -> list[str]:
    labels = (label for label in scene.labels if label.role == role)
    return [s.text for label in labels for s in label.shapes if isinstance(s, Text)]


def test_both_views_have_the_same_sizes():
    for options in (ACCURATE, WHOLE | {"sizing_mode": "relative", "relative_base_size": 2}):
        deep = draw("vgg16", **options, draw_volume=True, orientation_rotation=0)
        graph = load_graph("vgg16")
        raw = {name.replace("_", "-"): value for name, value in options.items()}
        layered = lay_out(graph, parse_options({"view": "layered", "detail": "all", **raw}))
        for id_ in ("input_layer", "block3_conv1", "fc1", "predictions"):
            bounds = mark(layered, id_).shapes[-1].bounds
            size = bounds.right - bounds.left, bounds.bottom - bounds.top
            assert face(deep, id_) == pytest.approx(size, abs=0.1)
            slanted = mark(layered, id_).bounds.right - bounds.right
            depth = slanted / SLANT[0] * math.hypot(*SLANT)
            assert mark(deep, id_).bounds.right - mark(deep, id_).bounds.left == pytest.approx(
                size[0] + depth, abs=0.2
            )


@pytest.mark.option("functional", "sizing-mode scale-xy scale-z")
def test_accurate_is_px_per_unit_where_it_fits():
    scene = draw("vgg16", **ACCURATE, scale_xy=3, scale_z=0.5)
    assert face(scene, "block1_conv1") == (32, 672)
    assert face(scene, "block5_pool") == (256, 21)
    assert face(draw("tiny_residual", sizing_mode="accurate"), "conv_a") == (20, 64)
    unet = draw("unet", **ACCURATE)
    assert face(unet, "down1_conv_a") == (48, 512)
    assert face(unet, "bottom_conv_a") == (400, 32)
    assert words(unet, "level") == ["128²", "64²", "32²", "16²", "8²"]


def test_what_does_not_fit_gets_smaller_in_proportion():
    for name, one, other in (("vgg16", "block1_conv1", "block3_conv1"), ("unet", "mask", "image")):
        whole = [face(draw(name, **ACCURATE), id_) for id_ in (one, other)]
        small = draw(name, sizing_mode="accurate")
        shares = [
            size / full
            for id_, sizes in zip((one, other), whole, strict=True)
            for size, full in zip(face(small, id_), sizes, strict=True)
        ]
        assert max(shares) < 0.9
        assert max(shares) == pytest.approx(min(shares), rel=0.06)


@pytest.mark.option("functional", "min-xy max-xy min-z max-z")
def test_limits_and_scales():
    scene = draw("vgg16", **ACCURATE, min_xy=50, max_xy=300, min_z=10, max_z=200)
    assert face(scene, "input_layer") == (10, 300)
    assert face(scene, "block5_pool") == (200, 50)
    root = draw("vgg16", **WHOLE, max_xy=200, max_z=40, min_z=12)
    assert face(root, "block1_conv1")[1] == 200
    assert face(root, "block5_conv1")[0] == 40
    assert face(root, "input_layer")[0] == 12


@pytest.mark.option("functional", "relative-base-size dimension-caps")
def test_relative_capped_and_logarithmic():
    scene = draw("vgg16", **WHOLE, sizing_mode="relative", relative_base_size=0.5)
    assert face(scene, "block2_conv1") == (64, 56)
    assert face(scene, "fc1")[1] == 2048
    caps = "{channels: 60, sequence: 200, general: 120}"
    scene = draw("vgg16", **WHOLE, sizing_mode="capped", dimension_caps=caps)
    assert face(scene, "input_layer") == (20, 200)
    assert face(scene, "fc1") == (120, 20)
    root, logarithm = draw("vgg16"), draw("vgg16", sizing_mode="logarithmic")
    ratios = [face(s, "block1_conv1")[1] / face(s, "block4_conv1")[1] for s in (root, logarithm)]
    assert 8 > ratios[0] > ratios[1] > 1


@pytest.mark.option("functional", "one-dim-orientation")
def test_vectors_lie_where_one_wants_them():
    upright, along = (draw("vgg16", **ACCURATE, one_dim_orientation=axis) for axis in "yz")
    assert face(upright, "fc1") == (20, 2000)
    assert face(along, "fc1") == (400, 20)
    wide, high = face(draw("vgg16", one_dim_orientation="z"), "fc1")
    assert wide > 2 * high


@pytest.mark.option("functional", "shade-step")
def test_shades_are_steps_of_the_front():
    paints = draw("cnn", draw_volume=True, shade_step=0).paints
    assert paints["conv-side"] == paints["conv-top"] == paints["conv-fill"]


SIZED = ["cnn", "unet", "resnet50", "transformer", "tiny_two_inputs"]
MODES = ["accurate", "capped", "logarithmic", "relative"]


@pytest.mark.parametrize(
    ("name", "direction", "mode"), diagonals(2, SIZED, ["right", "down"], MODES)
)
def test_every_size_fits_the_page(name, direction, mode):
    scene = draw(name, sizing_mode=mode, direction=direction, draw_volume=mode == "accurate")
    assert scene.height < 1700


def test_boxes_in_words_have_no_sizes():
    plain = draw("cnn", simple_text_visualization=True)
    assert draw("cnn", simple_text_visualization=True, sizing_mode="accurate") == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name", ["image"]),
        ("type", ["InputLayer"]),
        ("shape", ["28×28×1"]),
        ("name_shape", ["image", "28×28×1"]),
    ],
)
def test_built_in_texts_replace_the_others(text, expected):
    scene = draw("cnn", text_callable=text)
    assert words(scene)[: len(expected)] == expected
    assert len(words(scene)) == len(expected) * len(scene.marks)


def written(graph: ModelGraph) -> ModelGraph:
    """Have a function's texts on all nodes, of every second one above it."""
    replace = msgspec.structs.replace
    nodes = (
        replace(node, text=f"{node.name}\nline two\n{index}", text_above=bool(index % 2))
        for index, node in enumerate(graph.nodes)
    )
    return replace(graph, nodes=tuple(nodes))


@pytest.mark.parametrize("options", [{}, {"width": 3000}, {"direction": "down"}], ids=str)
@pytest.mark.parametrize("name", ["vgg16", "unet", "resnet50", "transformer", "tiny_shared"])
def test_texts_never_overlap(name, options):
    scene = draw(written(load_graph(name)), text_callable="mod:function", **options)
    assert len(words(scene)) == 3 * len(scene.marks)


@pytest.mark.option("functional", "text-callable")
def test_texts_stand_where_they_are_to():
    scene = draw(written(load_graph("tiny_residual")), text_callable="mod:function")
    for label in (label for label in scene.labels if label.role == "caption"):
        text, box = label.bounds, mark(scene, label.nodes[0]).bounds
        number = int(label.shapes[-1].text)
        assert text.bottom <= box.top + 1 if number % 2 else text.top >= box.bottom


def test_texts_of_a_u_stand_above_its_levels():
    scene = draw(written(load_graph("unet")), text_callable="mod:function", width=3000)
    assert words(scene, "level") == ["128²", "64²", "32²", "16²", "8²"]
    captions = (label for label in scene.labels if label.role == "caption")
    assert all(
        label.bounds.bottom <= mark(scene, label.nodes[0]).bounds.top + 1 for label in captions
    )


@pytest.mark.option("functional", "text-vspacing")
def test_vspacing_is_between_lines():
    def pitch(**options: Any) -> float:
        scene = draw("cnn", text_callable="name_shape", **options)
        first, second = next(label for label in scene.labels if label.role == "caption").shapes
        return round(second.y - first.y, 2)

    assert pitch(text_vspacing=12) - pitch(text_vspacing=2) == 10


def test_texts_stand_with_cards_and_in_boxes():
    rule = "[{kind: layer, selector: Conv2D, repeat_count: 2}]"
    options = {"collapse_enabled": True, "collapse_rules": rule, "text_callable": "name"}
    scene = draw("vgg16", **options)
    assert words(scene, "repeat")[0] == "2x"
    assert "block1_conv1" in words(scene)
    inside = {"simple_text_visualization": True, "simple_text_label_mode": "inside"}
    scene = draw("cnn", text_callable="name", **inside)
    assert [s.text for s in mark(scene, "conv1").shapes if isinstance(s, Text)] == ["conv1"]


def test_texts_that_are_not_drawn_are_counted():
    few = written(load_graph("cnn"))
    assert len(draw(few, text_callable="mod:function").marks) == len(few.nodes)
    [note] = draw(written(load_graph("resnet50")), text_callable="mod:function").notes
    assert note.startswith("text-callable: the texts of 103 layers are not drawn")


def test_functions_are_asked_where_the_model_is_built():
    settings = {"view": "functional", "text-callable": "pkg.mod:write", "type-ignore": "Dropout"}
    source = parse_request("pkg.mod:build", settings).model.texts
    assert source is not None
    assert (source.target, source.types) == ("pkg.mod:write", ("Dropout",))


def stage_frames(scene: Scene) -> list[Frame]:
    return [frame for frame in scene.frames if frame.shapes[0].fill.startswith("stage")]


def assert_stages(scene: Scene) -> None:
    """Each background holds what it stands for and nothing else; names stand on backgrounds."""
    frames = stage_frames(scene)
    for one, other in combinations(frames, 2):
        assert not one.bounds.overlaps(other.bounds)
        assert not set(one.nodes) & set(other.nodes)
    for frame in frames:
        for item in scene.marks:
            if set(item.nodes) & set(frame.nodes):
                assert frame.bounds.contains(item.bounds)
            else:
                assert not frame.bounds.overlaps(item.bounds)
        for fold in (fold for fold in scene.frames if fold.repeat > 1):
            inside = set(fold.nodes) <= set(frame.nodes)
            assert frame.bounds.contains(fold.bounds) or not frame.bounds.overlaps(fold.bounds)
            assert inside == frame.bounds.contains(fold.bounds)
    for label in (label for label in scene.labels if label.role == "title"):
        if label.shapes[0].fill.startswith("stage"):
            assert sum(frame.bounds.contains(label.bounds) for frame in frames) == 1


WAYS = [{}, {"width": 400}, *({"direction": way} for way in ("down", "up", "left"))]
STAGES = {
    "unet": UNET,
    "resnet50": [
        {"layers": [f"conv{number}*"], "name": f"stage {number}"} for number in range(1, 6)
    ],
    "transformer": [
        {"layers": ["*attention"], "name": "attention", "fill": "#336699"},
        {"layers": ["Dense"], "name": "feed-forward"},
    ],
    "inception_v3": [
        {"layers": ["conv2d*"], "name": "the first"},
        {"layers": ["mixed0"], "name": "joins"},
    ],
    "tiny_two_inputs": [{"indices": [0, 2], "name": "image"}, {"indices": [1], "name": "extra"}],
    "tiny_mlp": [{"layers": ["hidden"], "name": "hidden units"}],
}


@pytest.mark.option("functional graph", "layered-groups")
@pytest.mark.parametrize(
    ("name", "view", "options"), diagonals(2, [*STAGES], ["functional", "graph"], WAYS), ids=str
)
def test_stages_have_a_background_and_a_name(name, view, options):
    groups = STAGES[name]
    scene = draw(name, view, layered_groups=groups, **options)
    assert_stages(scene)
    assert stage_frames(scene)
    names = [group["name"] for group in groups]
    said = {title for title in words(scene, "title") if title in names}
    assert said == set(names)
    assert scene.notes == ()


def test_a_u_has_three_stages():
    scene = draw("unet", layered_groups=UNET)
    of = {frame.shapes[0].fill: frame for frame in stage_frames(scene)}
    encoder, bottleneck, decoder = (of[f"stage-{number}-fill"] for number in (1, 2, 3))
    assert encoder.bounds.right < decoder.bounds.left
    assert bottleneck.bounds.top > max(encoder.bounds.bottom, decoder.bounds.bottom)
    assert words(scene, "level") == ["128²", "64²", "32²", "16²", "8²"]
    assert scene.paints[bottleneck.shapes[0].fill].light == "#fde8c8"
    captions = {n: label for label in scene.labels for n in label.nodes}
    assert captions["bottom_conv_a"].shapes[0].fill == "stage-2-ink"


def test_stages_stand_in_place_of_the_frames_of_opened_models():
    groups = [{"layers": ["inner_dense"], "name": "inside"}]
    plain = draw("tiny_nested", "graph")
    assert len(plain.frames) > len(draw("tiny_nested", "graph", layered_groups=groups).frames)
    both = draw("tiny_nested", "graph", layered_groups=groups, clusters=True)
    assert "inside" in words(both, "title")
    areas = [f.bounds for f in both.frames]
    for one, other in combinations(areas, 2):
        assert one.contains(other) or not one.overlaps(other)


def test_repeats_are_folded_within_stages():
    folds = [frame.repeat for frame in draw("resnet50").frames]
    whole = draw("resnet50", layered_groups=STAGES["resnet50"])
    assert [frame.repeat for frame in whole.frames if frame.repeat > 1] == folds
    part = draw("resnet50", layered_groups=[{"layers": ["conv4_block3*"], "name": "one"}])
    assert_stages(part)
    assert [frame.repeat for frame in part.frames if frame.repeat > 1] == [2, 3, 2]


@pytest.mark.parametrize("view", ["functional", "graph"])
def test_what_of_stages_cannot_be_shown_is_said(view):
    groups = [{"layers": ["block9*"]}, {"indices": [400]}, {"layers": ["conv1_bn"], "name": "N"}]
    notes = draw("resnet50", view, layered_groups=groups).notes
    assert [note.split(":")[0] for note in notes] == ["layered-groups"] * 3
    assert notes[0].startswith("layered-groups: nothing matches 'block9*'.")
    assert notes[2].endswith("the layers of 'N' are drawn within the boxes of others.")


def test_stages_go_on_in_parts_that_nothing_connects():
    scene = draw("tiny_mlp", component_spacing=30, layered_groups=STAGES["tiny_mlp"])
    assert_stages(scene)
    assert len(stage_frames(scene)) == 1


@pytest.mark.parametrize("padding", [0, 10])
@pytest.mark.parametrize("view", ["functional", "graph"])
def test_backgrounds_stay_on_the_page(view, padding):
    groups = [{"layers": ["*"], "name": "all"}]
    scene = draw("cnn", view, layered_groups=groups, padding=padding)
    [frame] = stage_frames(scene)
    bounds = frame.bounds
    assert min(bounds.left, bounds.top) >= 0
    assert bounds.right <= scene.width


@given(
    graph=graphs(),
    mode=st.sampled_from(["balanced", "accurate", "relative", "logarithmic"]),
    direction=st.sampled_from(["right", "down"]),
    width=st.sampled_from([300, 720]),
    texts=st.booleans(),
)
def test_any_graph_with_stages_and_texts_is_tidy(graph, mode, direction, width, texts):
    scene = draw(
        written(graph) if texts else graph,
        sizing_mode=mode,
        direction=direction,
        width=width,
        text_callable="mod:function" if texts else "",
        layered_groups=GROUPS,
        legend=False,
        max_xy=200,
    )
    assert_stages(scene)


@given(
    graph=graphs(),
    direction=st.sampled_from(["right", "down"]),
    width=st.sampled_from([300, 720]),
    spacing=st.sampled_from([0, 1, 60]),
)
@example(
    graph=small_graph(("Conv2D", []), ("Conv2D", []), ("Add", [0, 0])),
    direction="right",
    width=300,
    spacing=0,
)
def test_any_graph_with_stages_is_tidy_in_graph(graph, direction, width, spacing):
    scene = draw(
        graph,
        "graph",
        direction=direction,
        width=width,
        layered_groups=GROUPS,
        node_spacing=spacing,
        legend=False,
    )
    assert_stages(scene)


@given(
    graph=ladders(),
    width=st.sampled_from([300, 720, 1400]),
    mode=st.sampled_from(["balanced", "accurate"]),
    texts=st.booleans(),
)
def test_any_ladder_with_stages_and_texts_is_tidy(graph, width, mode, texts):
    count = len(graph.nodes)
    groups = [
        {"indices": list(range(count // 3)), "name": "down"},
        {"indices": list(range(count // 3, count // 2)), "name": "the middle"},
        {"indices": [count - 1], "name": "end"},
    ]
    options = {"text_callable": "mod:function"} if texts else {}
    scene = draw(
        written(graph) if texts else graph,
        width=width,
        sizing_mode=mode,
        layered_groups=groups,
        **options,
    )
    assert_stages(scene)


@pytest.mark.parametrize("view", ["layered", "functional", "graph"])
def test_a_sum_that_nobody_named_is_in_the_stage_of_what_it_adds(view):
    """`x + a` in code is an operation with a name made up by Keras."""
    graph = load_graph("transformer")
    groups = [{"layers": ["block*", "embedding"], "name": "encoder"}]
    sums = [node.id for node in graph.nodes if node.module == "keras.ops"]
    scene = draw("transformer", view, layered_groups=groups)
    staged = {id_ for frame in scene.frames for id_ in frame.nodes}
    assert sums
    assert staged.issuperset(sums)
