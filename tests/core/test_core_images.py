"""Images and logos on layers: which face shows what."""

import math
import re
from typing import Any

import pytest
from core_graphs import graphs, load_graph
from hypothesis import given
from hypothesis import strategies as st
from image_scenes import (
    CONV,
    Mapping,
    face_below,
    fill_of,
    logo,
    mark_of,
    one,
    pictures,
    png,
    scene_of,
    seen,
)
from legibility import measure

from keras_diagram_core.backends.images import read_image
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.faces import face_of
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Box, Circle, Picture, Polygon, Scene, Text

ANY: list[tuple[str, Mapping]] = [
    ("layered", {"styles": {"Conv2D": {"image": "a.png"}, "Dense": {"image": "b.png"}}}),
    ("functional", {"styles": {"Conv2D": {"image": "a.png"}}, "draw_volume": True}),
    ("graph", {"styles": {"Conv2D": {"image": "a.png"}, "Dense": {"image": "b.png"}}}),
    ("lenet", {"styles": {"Conv2D": {"face_image": "a.png"}, "Dense": {"face_image": "b.png"}}}),
]


# Where an image is.


@pytest.mark.option("layered functional", "image-axis")
@pytest.mark.parametrize("view", ["layered", "functional"])
@pytest.mark.parametrize(("axis", "part"), [("z", "fill"), ("y", "top"), ("x", "side")])
@pytest.mark.parametrize("backwards", [False, True])
def test_an_image_is_on_the_face_that_its_axis_leads_out_of(view, axis, part, backwards):
    more = {"draw_volume": True} if view == "functional" else {"draw_reversed": backwards}
    mark = one(view, image_axis=axis, **more)
    assert fill_of(mark) == part
    face = seen(pictures(mark)[0])
    assert face.across[0] > 0, "not a mirror image"
    assert face.down[1] > 0


def test_a_flat_box_has_only_a_front():
    assert fill_of(one(image_axis="x", draw_volume=False)) == "fill"
    assert fill_of(one("functional", image_axis="y")) == "fill"


def test_a_look_stands_above_the_view():
    style = {"block1_conv1": {"image": "a.png", "image_axis": "y", "image_fit": "contain"}}
    mark = one(styles=style, image_axis="x", image_fit="cover")
    assert fill_of(mark) == "top"
    assert not pictures(mark)[0].clip


@pytest.mark.option("layered", "image-fit")
@pytest.mark.parametrize("axis", ["z", "x", "y"])
def test_fits(axis):
    """What `fill`, `contain`, `cover` and `match_aspect` mean, by the length of the sides."""
    marks = {
        fit: one(image_axis=axis, image_fit=fit)
        for fit in ("fill", "contain", "cover", "match_aspect")
    }
    shown = {fit: seen(pictures(mark)[0]) for fit, mark in marks.items()}
    faces = {fit: face_of(face_below(mark)).within(0.5) for fit, mark in marks.items()}
    ratio = {fit: face.width / face.height for fit, face in shown.items()}
    for fit in ("contain", "cover", "match_aspect"):
        assert ratio[fit] == pytest.approx(1.5, abs=0.06)
    assert ratio["fill"] != pytest.approx(1.5, abs=0.3)
    for side in ("width", "height"):
        sizes = {fit: getattr(face, side) for fit, face in shown.items()}
        whole = {fit: getattr(face, side) for fit, face in faces.items()}
        assert sizes["fill"] == pytest.approx(whole["fill"], abs=0.05)
        assert sizes["contain"] <= whole["contain"] + 0.05
        assert sizes["cover"] >= whole["cover"] - 0.05
        assert sizes["match_aspect"] == pytest.approx(whole["match_aspect"], abs=1.0)
    outline = pictures(marks["cover"])[0].clip
    assert outline == faces["cover"].outline


@pytest.mark.option("functional", "image-fit")
@pytest.mark.parametrize("view", ["layered", "functional"])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_an_image_can_make_its_box_larger(view, direction):
    style = {"image": "a.png", "image_fit": "match_aspect"}
    graph = load_graph("vgg16")
    plain, large = (
        scene_of(
            graph, view, styles={"block3_conv1": style | more}, width=10_000, direction=direction
        )
        for more in ({}, {"scale_image": 2})
    )
    sizes = [seen(pictures(mark_of(scene, "block3_conv1"))[0]) for scene in (plain, large)]
    assert [size.width / size.height for size in sizes] == [pytest.approx(1.5, abs=0.05)] * 2
    assert sizes[1].width == pytest.approx(2 * sizes[0].width, rel=0.05)
    assert measure(large, graph)[3:10] == (0,) * 7


def test_what_covers_a_face_covers_its_image():
    """A picture follows its face, so that slices of the same box hide as much of it as before."""
    scene = scene_of("resnet50", "layered", styles={"Conv2D": {"image": "a.png"}}, detail="units")
    for mark in scene.marks:
        faces = [n for n, shape in enumerate(mark.shapes) if isinstance(shape, Picture)]
        assert all(mark.shapes[number - 1].fill == "conv-fill" for number in faces)


def test_a_sign_is_never_hidden():
    scene = scene_of("tiny_residual", "graph", styles={"Add": {"image": "a.png"}})
    assert not any(pictures(mark) for mark in scene.marks)
    assert scene.notes == ("styles: no image is shown on 'add': no face is theirs.",)


@pytest.mark.parametrize("view", ["layered", "graph", "functional"])
def test_a_named_sign_shows_no_image_and_is_noted(view):
    """The legend still calls it by its class."""
    graph = load_graph("tiny_residual")
    name = next(node.name for node in graph.nodes if node.type == "Add")
    scene = scene_of(graph, view, styles={name: {"image": "a.png"}}, legend=True)
    assert not any(pictures(mark) for mark in scene.marks)
    assert any(name in note for note in scene.notes)


def test_an_image_that_is_nowhere_is_noted():
    """What is drawn as a part of another layer, and steps between levels, which are arrows."""
    looks = {"BatchNormalization": {"image": "a.png"}, "MaxPooling2D": {"image": "a.png"}}
    [note] = scene_of("resnet50", "functional", styles=looks).notes
    assert note.startswith("styles: no image is shown on 'conv1_bn', ")
    assert re.search(r" and \d+ more: no face is theirs\.$", note)
    assert "pool1_pool" not in note
    [_, note] = scene_of("unet", "functional", styles=looks).notes
    assert "'down1_pool', 'down2_pool', 'down3_pool' and 1 more" in note
    assert not scene_of("resnet50", "layered", styles=looks, detail="all").notes


def test_words_move_out_of_a_box_with_an_image():
    options = {"simple_text_visualization": True, "simple_text_label_mode": "inside"}
    mark = one("functional", **options)
    assert not any(isinstance(shape, Text) for shape in mark.shapes)
    graph = load_graph("vgg16")
    scene = scene_of(graph, "functional", styles=CONV, **options)
    said = [
        shape.text
        for label in scene.labels
        if label.nodes == ("block1_conv1",)
        for shape in label.shapes
    ]
    assert said == ["3×3", "64"]
    assert measure(scene, graph)[3:10] == (0,) * 7


def test_the_legend_shows_the_image():
    scene = scene_of("vgg16", "layered", styles=CONV)
    shown = [label for label in scene.labels if label.role == "legend" and pictures(label)]
    assert [shape.text for shape in shown[0].shapes if isinstance(shape, Text)] == ["block1_conv1"]


# The views graph and lenet.


def test_an_image_stands_for_a_node():
    graph = load_graph("vgg16")
    for more in ({}, {"direction": "down"}):
        scene = scene_of(graph, "graph", styles={"Conv2D": {"image": "a.png"}}, **more)
        mark = mark_of(scene, "block1_conv1")
        assert isinstance(face_below(mark), Circle)
        assert not any(isinstance(shape, Text) for shape in mark.shapes)
        assert measure(scene, graph)[3:10] == (0,) * 7
    assert isinstance(face_below(one("graph", circular_crop=False)), Box)


@pytest.mark.option("graph", "circular-crop")
def test_a_round_crop_is_round():
    clip = pictures(one("graph", image_fit="cover"))[0].clip
    middle = sum(x for x, _ in clip) / len(clip), sum(y for _, y in clip) / len(clip)
    distances = [math.dist(point, middle) for point in clip]
    assert max(distances) - min(distances) < 0.05
    assert not pictures(one("graph", circular_crop=False))[0].clip


@pytest.mark.option("graph", "image-fit")
def test_a_node_takes_the_ratio_of_its_image():
    face = seen(pictures(one("graph", image_fit="match_aspect", circular_crop=False))[0])
    assert face.width / face.height == pytest.approx(1.5, abs=0.05)


def test_some_neurons_show_an_image():
    look = {"image": "a.png", "image_indices": [0, -1]}
    scene = scene_of("tiny_mlp", "graph", styles={"hidden": look})
    shapes = mark_of(scene, "hidden").shapes
    rings = [n for n, shape in enumerate(shapes) if isinstance(shape, Circle)]
    with_image = [n for n in rings if isinstance((*shapes, None)[n + 1], Picture)]
    assert with_image == [rings[0], rings[-1]]
    everyone = scene_of("tiny_mlp", "graph", styles={"hidden": {"image": "a.png"}})
    assert len(pictures(mark_of(everyone, "hidden"))) == len(rings)


def test_the_map_in_front_shows_an_image():
    look = {"face_image": "a.png", "face_image_alpha": 51, "face_image_inset": 3}
    mark = mark_of(scene_of("lenet5", "lenet", styles={"Conv2D": look}), "c1")
    (picture,) = pictures(mark)
    front = [shape for shape in mark.shapes if isinstance(shape, Box)][-1]
    assert picture.opacity == pytest.approx(0.2)
    assert picture.bounds.left == pytest.approx(front.left + 3, abs=0.02)
    assert seen(picture).width / seen(picture).height == pytest.approx(1.5, abs=0.05)
    assert picture.clip, "it covers the map"


def test_a_face_image_may_be_a_mapping():
    spread = parse_options(
        {
            "view": "lenet",
            "styles": {"Conv2D": {"face-image": {"path": "a.png", "fit": "contain", "alpha": 9}}},
        }
    )
    flat = {"face_image": "a.png", "face_image_fit": "contain", "face_image_alpha": 9}
    assert spread == parse_options({"view": "lenet", "styles": {"Conv2D": flat}})


def test_maps_take_the_ratio_of_an_image():
    look = {"face_image": "a.png", "face_image_fit": "match_aspect"}
    graph = load_graph("lenet5")
    scene = scene_of(graph, "lenet", styles={"Conv2D": look})
    front = face_below(mark_of(scene, "c1"))
    assert front.width / front.height == pytest.approx(1.5, abs=0.02)
    assert measure(scene, graph)[3:10] == (0,) * 7


@pytest.mark.option("lenet", "patch-alpha-on-image")
def test_patches_let_an_image_through():
    look = {"InputLayer": {"face_image": "a.png"}}
    scene = scene_of("lenet5", "lenet", styles=look, patch_alpha_on_image=102)
    patches = [
        shape
        for label in scene.labels
        if label.role == "patch"
        for shape in label.shapes
        if isinstance(shape, Box)
    ]
    edge = pictures(scene.marks[0])[0].bounds
    on_image = [patch for patch in patches if edge.contains(patch.bounds, 1)]
    assert [patch.opacity for patch in on_image] == [pytest.approx(0.4)]
    assert all(patch.opacity == 1 for patch in patches if patch not in on_image)


@pytest.mark.parametrize(
    ("parts", "alpha"),
    [
        ({"patch_alpha_on_image": 51}, 51),
        ({"patch_alpha_on_image": 51, "patch_fill_alpha_on_image": 0}, 0),
        ({"patch_fill_alpha_on_image": 51, "patch_alpha": 204}, 204),
        ({}, 102),
    ],
)
def test_how_much_patches_let_through_is_said_by_the_layer_with_the_image(parts, alpha):
    styles = {"c1": {"face_image": "a.png", **parts}, "s2": {"patch_alpha_on_image": 3}}
    scene = scene_of("lenet5", "lenet", styles=styles, patch_alpha_on_image=102)
    patches = [
        shape
        for label in scene.labels
        if label.role == "patch"
        for shape in label.shapes
        if isinstance(shape, Box)
    ]
    edge = pictures(mark_of(scene, "c1"))[0].bounds
    on_image = [patch for patch in patches if edge.overlaps(patch.bounds)]
    assert [patch.opacity * 255 for patch in on_image] == [pytest.approx(alpha)] * 2
    assert all(patch.opacity == 1 for patch in patches if patch not in on_image)


@pytest.mark.parametrize(("view", "options"), ANY, ids=[view for view, _ in ANY])
@pytest.mark.parametrize("direction", ["left", "up"])
def test_an_image_is_no_mirror_image(view, options, direction):
    """Neither where the data flows to the left nor where it flows up."""
    graph = load_graph("cnn")
    scene = scene_of(graph, view, **options, direction=direction)
    for mark in scene.marks:
        for number, shape in enumerate(mark.shapes):
            if isinstance(shape, Picture):
                assert seen(shape).across[0] > 0
                assert seen(shape).down[1] > 0
                below = mark.shapes[number - 1]
                corners = shape.clip or seen(shape).outline
                assert all(_is_in(below, point) for point in corners)
    assert measure(scene, graph)[3:10] == (0,) * 7


@pytest.mark.parametrize("size", [(600, 60), (60, 600)])
@pytest.mark.parametrize(
    ("view", "graph"),
    [("layered", "unet"), ("functional", "unet"), ("graph", "vgg16"), ("lenet", "vgg16")],
)
@pytest.mark.parametrize("direction", ["auto", "down"])
def test_images_of_any_ratio_fit_the_page(view, graph, size, direction):
    part = "face_image" if view == "lenet" else "image"
    look = {part: "a.png", f"{part}_fit": "match_aspect"}
    raw = {"view": view, "direction": direction, "styles": {"Conv2D": look, "Dense": look}}
    image = read_image(png(*size), "a.png")
    scene = lay_out(load_graph(graph), parse_options(raw), {"a.png": image})
    assert measure(scene, load_graph(graph))[3:10] == (0,) * 7
    assert scene.width <= 720


# Logos.


@pytest.mark.option("layered functional", "logo-groups")
@pytest.mark.parametrize("view", ["layered", "functional"])
@pytest.mark.parametrize("corner", ["top-left", "top-right", "bottom-left", "bottom-right"])
def test_a_logo_is_in_its_corner(view, corner):
    scene = scene_of("vgg16", view, logo_groups=[logo(corner=corner, padding=1)])
    mark = mark_of(scene, "fc1")
    (picture,) = pictures(mark)
    face, box = face_of(face_below(mark)).within(0.5), picture.bounds
    gaps = {
        "left": box.left - face.corner[0],
        "right": face.corner[0] + face.width - box.right,
        "top": box.top - face.corner[1],
        "bottom": face.corner[1] + face.height - box.bottom,
    }
    for side, gap in gaps.items():
        assert (gap == pytest.approx(1, abs=0.03)) == (side in corner), gaps
    others = [mark for mark in scene.marks if pictures(mark)]
    assert others == [mark]


def test_a_logo_keeps_its_ratio_and_its_face():
    large = scene_of("vgg16", "layered", logo_groups=[logo(size=[500, 500], corner="center")])
    mark = mark_of(large, "fc1")
    face, shown = face_of(face_below(mark)), seen(pictures(mark)[0])
    assert shown.width / shown.height == pytest.approx(1.5, abs=0.05)
    assert shown.width <= face.width
    share = scene_of("vgg16", "layered", logo_groups=[logo(size=0.5, axis="x")])
    side = seen(pictures(mark_of(share, "fc1"))[0])
    assert fill_of(mark_of(share, "fc1")) == "side"
    assert side.width < shown.width


def test_logos_that_nobody_sees_are_noted():
    layers = ["Dense", "Nothing", "Concatenate"]
    notes = scene_of("unet", "functional", logo_groups=[logo(layers=layers)]).notes
    assert "nothing matches 'Nothing'" in " ".join(notes)
    assert "4 layers drawn as a sign" in " ".join(notes)
    tiny = scene_of("vgg16", "layered", logo_groups=[logo(size=0.1)])
    assert "can hardly be seen on a layer" in tiny.notes[0]
    assert not any("hardly" in s.text for label in tiny.labels for s in label.shapes if _is(s))


def _is(shape: Any) -> bool:
    return isinstance(shape, Text)


@pytest.mark.option("layered functional", "logos-legend")
@pytest.mark.parametrize("view", ["layered", "functional"])
def test_the_legend_names_logos(view):
    groups = [logo(), logo(file="b.png", name="")]

    def named(**more: Any) -> tuple[list[str], float]:
        scene = scene_of("vgg16", view, logo_groups=groups, **more)
        found = [label for label in scene.labels if label.role == "logo"]
        assert all(pictures(label) for label in found)
        texts = [shape.text for label in found for shape in label.shapes if _is(shape)]
        starts = [label.bounds.left for label in found]
        return texts, starts[1] - starts[0] if starts else 0.0

    assert named() == ([], 0.0)
    texts, distance = named(logos_legend=True)
    assert texts == ["Ours", "b"]
    assert named(logos_legend="true", legend=False)[0] == texts
    assert named(logos_legend={"spacing": 30})[1] == pytest.approx(distance + 30)


# All pictures.


@pytest.mark.parametrize(("view", "options"), ANY, ids=[view for view, _ in ANY])
@given(
    graph=graphs(most=10),
    fit=st.sampled_from(["fill", "contain", "cover", "match_aspect"]),
    axis=st.sampled_from("xyz"),
    down=st.booleans(),
)
def test_pictures_lie_in_their_faces(view, options, graph, fit, axis, down):
    raw = dict(options)
    if view == "lenet":
        looks = raw["styles"].items()
        raw["styles"] = {name: look | {"face_image_fit": fit} for name, look in looks}
    else:
        raw["image_fit"] = fit
    if view in {"layered", "functional"}:
        raw |= {"image_axis": axis}
        raw["logo_groups"] = [logo(layers=["*"], size=0.7, axis=axis)]
    scene = scene_of(graph, view, **raw, direction="down" if down else "auto")
    for mark in scene.marks:
        face = None
        for shape in mark.shapes:
            if isinstance(shape, (Box, Circle, Polygon)):
                face = shape
            elif isinstance(shape, Picture):
                corners = shape.clip or seen(shape).outline
                assert all(_is_in(face, point) for point in corners), (face, shape)
    assert measure(scene, graph)[3:6] == (0, 0, 0)
    assert scene == Scene.from_dict(scene.to_dict())


def _is_in(shape: Any, point: tuple[float, float]) -> bool:
    """Say whether a point is in a face, by its shares of the sides."""
    face = face_of(shape)
    (ax, ay), (dx, dy) = face.across, face.down
    x, y = point[0] - face.corner[0], point[1] - face.corner[1]
    area = ax * dy - ay * dx
    shares = (x * dy - y * dx) / area, (ax * y - ay * x) / area
    # Coordinates are rounded to 0.01 px.
    slack = 0.02 * face.height / abs(area), 0.02 * face.width / abs(area)
    return all(-s <= share <= 1 + s for share, s in zip(shares, slack, strict=True))
