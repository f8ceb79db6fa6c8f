"""What all views share does in each of them what its help says."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from core_graphs import load_graph
from PIL import Image

from keras_diagram_core import api
from keras_diagram_core.backends import paint
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import VIEWS, option_specs, parse_options
from keras_diagram_core.scene import Mark, Scene, Text

WIDE = Path(paint.__code__.co_filename).parent / "fonts" / "DejaVuSans-Bold.ttf"
FOLDING = [view for view in VIEWS if any(spec.name == "detail" for spec in option_specs(view))]
each_view = pytest.mark.parametrize("view", VIEWS)


def draw(name: str, view: str, **options: Any) -> Scene:
    raw = {key.replace("_", "-"): value for key, value in options.items()}
    return lay_out(load_graph(name), parse_options({"view": view, **raw}))


def texts(scene: Scene, *roles: str) -> Iterator[Text]:
    """Give the texts of marks, frames and labels; of labels with a role, if there is one."""
    for item in (*scene.labels, *(() if roles else scene.marks)):
        if not roles or item.role in roles:
            yield from (shape for shape in item.shapes if isinstance(shape, Text))


def words(scene: Scene, *roles: str) -> set[str]:
    return {text.text for text in texts(scene, *roles)}


def drawn(scene: Scene) -> set[str]:
    return {id_ for mark in scene.marks for id_ in mark.nodes}


def fills(scene: Scene, node: str) -> set[str]:
    marks = [mark for mark in scene.marks if node in mark.nodes]
    named = {getattr(shape, "fill", "") for mark in marks for shape in mark.shapes}
    return {scene.paints[name].light for name in named if name}


def lines(mark: Mark) -> set[str]:
    return {name for shape in mark.shapes if (name := getattr(shape, "line", ""))}


@pytest.mark.option("every", "width")
@each_view
def test_no_picture_is_wider_than_asked_for(view):
    narrow, wide = (draw("vgg16", view, width=width) for width in (400, 1400))
    assert narrow.width <= 400 < wide.width <= 1400


@pytest.mark.option("every", "theme")
@each_view
def test_the_theme_is_fixed_or_follows_the_page(view):
    corners = {}
    for theme in ("auto", "light", "dark"):
        scene = draw("cnn", view, theme=theme)
        follows = "[data-theme=dark]" in paint(scene, "svg").decode()
        assert follows == (theme == "auto")
        corners[theme] = sum(Image.open(io.BytesIO(paint(scene, "png"))).getpixel((0, 0))[:3])
    assert corners["light"] == corners["auto"] == 3 * 255
    assert corners["dark"] < 3 * 40


@pytest.mark.option("every", "max-height")
@pytest.mark.parametrize(
    ("view", "name", "others"),
    [
        ("auto", "unet", {}),
        ("blocks", "vgg16", {}),
        ("functional", "mobilenet_v2", {}),
        ("graph", "inception_v3", {}),
        ("layered", "inception_v3", {}),
        ("layered", "vgg16", {"direction": "down"}),
        ("lenet", "vgg16", {}),
        ("lenet", "unet", {"direction": "down"}),
    ],
)
def test_what_is_too_high_is_folded_or_broken(view, name, others):
    high = draw(name, view, **others)
    low = draw(name, view, max_height=300, **others)
    assert low.height < 0.95 * high.height


@pytest.mark.option("every", "legend")
@each_view
def test_the_legend_names_colours_and_sums_up(view):
    with_, without = draw("cnn", view), draw("cnn", view, legend=False)
    assert {"Conv2D", "Dense"} <= words(with_, "legend")
    assert any("parameters" in text for text in words(with_))
    assert not words(without, "legend")
    assert not any("parameters" in text for text in words(without))
    assert without.height < with_.height


@pytest.mark.option("every", "show-shapes")
@each_view
def test_shapes_are_written_or_not(view):
    shape = {"functional": "26²", "lenet": "32@26×26"}.get(view, "26×26×32")
    with_, without = (
        words(draw("cnn", view, show_shapes=on, legend=False)) for on in (True, False)
    )
    assert shape in with_
    assert not any("26" in text or "1600" in text for text in without)


@pytest.mark.option("every", "show-layer-names")
@each_view
def test_layers_have_their_names_or_say_what_they_are(view):
    named, plain = (draw("cnn", view, show_layer_names=on, legend=False) for on in (True, False))
    assert "conv1" in words(named)
    assert "conv1" not in words(plain)
    assert any("conv" in text.lower() or "3×3" in text for text in words(plain))


HIDING = [
    ("cnn", {"type_ignore": "Conv2D"}, {"conv1", "conv2"}),
    ("cnn", {"name_ignore": "conv*"}, {"conv1", "conv2"}),
    (
        "tiny_nested",
        {"scope_ignore": "block"},
        {"stage/block/inner_dense", "stage/block/inner_add"},
    ),
    ("tiny_nested", {"index_ignore": [0, -1]}, {"outer_in", "head"}),
]


@pytest.mark.option("every", "type-ignore name-ignore scope-ignore index-ignore")
@each_view
@pytest.mark.parametrize(("name", "options", "gone"), HIDING)
def test_what_is_ignored_is_not_drawn(name, options, gone, view):
    left = {node.id for node in load_graph(name).nodes} - gone
    scene = draw(name, view, **options)
    assert drawn(scene) == left
    assert any(text.startswith("Not shown: ") for text in words(scene))


@pytest.mark.option("every", "color-map")
@each_view
def test_a_class_has_its_colours(view):
    colours = {"Conv2D": {"fill": "teal", "outline": "red"}}
    plain, scene = draw("cnn", view), draw("cnn", view, color_map=colours)
    for node in ("conv1", "conv2"):
        assert "#008080" in fills(scene, node)
        [mark] = [mark for mark in scene.marks if node in mark.nodes]
        assert "#ff0000" in {scene.paints[line].light for line in lines(mark)}
    assert fills(scene, "classes") == fills(plain, "classes")
    assert "Conv2D" in words(scene, "legend")
    assert [mark.bounds for mark in scene.marks] == [mark.bounds for mark in plain.marks]


@pytest.mark.option("every", "styles")
@each_view
def test_a_layer_has_its_colours_whatever_those_of_its_class(view):
    colours = {"color_map": {"Conv2D": "teal"}, "styles": {"conv2": "tomato", "Dense": "olive"}}
    scene = draw("cnn", view, **colours)
    assert "#008080" in fills(scene, "conv1")
    assert "#ff6347" in fills(scene, "conv2")
    assert "#808000" in fills(scene, "classes")


@pytest.mark.option("every", "background-fill")
@each_view
def test_the_page_has_its_colour_and_the_theme_follows(view):
    for colour, theme in (("#112233", "dark"), ("#fffff0", "light")):
        scene = draw("cnn", view, background_fill=colour)
        assert scene.theme == theme
        pixel = Image.open(io.BytesIO(paint(scene, "png"))).convert("RGB").getpixel((0, 0))
        assert "#{:02x}{:02x}{:02x}".format(*pixel) == colour


@pytest.mark.option("every", "font-color")
@each_view
def test_words_have_their_colour(view):
    scene = draw("cnn", view, font_color="navy")
    colours = {scene.paints[text.fill] for text in texts(scene)}
    assert colours == {scene.paints["ink"], scene.paints["muted"]}
    assert scene.paints["ink"].light == scene.paints["ink"].dark == "#000080"
    muted = bytes.fromhex(scene.paints["muted"].light[1:])
    assert muted[0] == muted[1] < muted[2]  # a lighter navy


@pytest.mark.option("every", "connector-fill connector-width")
@each_view
def test_edges_have_their_colour_and_width(view):
    plain = draw("tiny_residual", view)
    scene = draw("tiny_residual", view, connector_fill="tomato", connector_width=3.6)
    assert scene.paints["edge"].light == scene.paints["edge"].dark == "#ff6347"
    edges = [edge for edge in scene.connectors if edge.arrow]
    assert {edge.width for edge in edges} == {3.6}
    # What a view draws thinner stays so.
    widths = zip(plain.connectors, scene.connectors, strict=True)
    assert all(
        after.width == pytest.approx(3 * before.width, abs=0.01) for before, after in widths
    )
    assert "tomato" not in paint(plain, "svg").decode()


@pytest.mark.option("every", "padding")
@each_view
def test_the_padding_is_around_the_whole_picture(view):
    plain = draw("tiny_residual", view, width=2000)
    for padding in (0, 10, 50):
        scene = draw("tiny_residual", view, width=2000, padding=padding)
        extra = 2 * (padding - 10)
        assert scene.width == pytest.approx(plain.width + extra, abs=0.02)
        assert scene.height == pytest.approx(plain.height + extra, abs=0.02)
        bounds = [item.bounds for item in (*scene.marks, *scene.labels, *scene.frames)]
        assert min(each.left for each in bounds) >= padding - 0.01
        assert max(each.right for each in bounds) <= scene.width - padding + 0.01
        assert max(each.bottom for each in bounds) <= scene.height - padding + 0.01


@pytest.mark.option("every", "font")
@each_view
def test_words_are_set_in_the_font(view):
    graph = load_graph("cnn")
    for font in (str(WIDE), "Source Sans 3"):
        options = parse_options({"view": view, "font": font})
        svg = api.draw(graph, options, "svg").data.decode()
        assert ("DejaVu Sans" if font == str(WIDE) else "Source Sans 3") in svg
    plain, wide = (
        api.draw(graph, parse_options({"view": view, "font": font}), "png").data
        for font in ("", str(WIDE))
    )
    assert plain != wide


@pytest.mark.option("every", "dpi")
@each_view
def test_dpi_is_how_many_pixels_an_inch_has(view):
    for dpi in (96, 240):
        scene = draw("tiny_residual", view)
        options = parse_options({"view": view, "dpi": dpi})
        data = api.draw(load_graph("tiny_residual"), options, "png").data
        image = Image.open(io.BytesIO(data))
        assert image.size == (round(scene.width * dpi / 96), round(scene.height * dpi / 96))


@pytest.mark.option("every", "detail")
@pytest.mark.parametrize("view", FOLDING)
def test_detail_says_how_much_is_folded(view):
    graph = load_graph("densenet121")
    levels = {
        detail: draw("densenet121", view, detail=detail, width=2000)
        for detail in ("all", "units", "blocks", "stages")
    }
    alone = {
        detail: sum(len(mark.nodes) == 1 for mark in scene.marks)
        for detail, scene in levels.items()
    }
    assert alone["all"] == len(graph.nodes)
    counts = {detail: len(scene.marks) for detail, scene in levels.items()}
    assert counts["all"] > counts["units"] > counts["blocks"] >= counts["stages"]
    repeats = {d: max((f.repeat for f in s.frames), default=1) for d, s in levels.items()}
    assert repeats["all"] == repeats["units"] == 1 < repeats["blocks"] <= repeats["stages"]


@pytest.mark.option("every", "detail")
@pytest.mark.parametrize("view", FOLDING)
def test_stages_fold_what_blocks_do_not(view):
    blocks, stages = (draw("inception_v3", view, detail=detail) for detail in ("blocks", "stages"))
    assert len(stages.marks) < len(blocks.marks)
