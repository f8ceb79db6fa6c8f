"""Pictures in a real browser: text keeps to its slot, a page and a picture can set colours."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from keras_diagram_core.backends import face, paint
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import VIEWS, parse_options
from keras_diagram_core.scene import Scene, Text
from keras_diagram_core.text import text_width

GRAPHS = Path(__file__).parents[1] / "graphs"
NAMES = ["vgg16", "resnet50", "unet", "transformer", "inception_v3"]
FONTS = ["DejaVu Sans", "Liberation Sans"]

pytestmark = pytest.mark.browser


def scene(name: str, view: str = "layered") -> Scene:
    graph = ModelGraph.from_dict(json.loads((GRAPHS / f"{name}.json").read_text("utf-8")))
    return lay_out(graph, parse_options({"view": view}))


def show(page: Page, svg: bytes, attributes: str = "", style: str = "") -> None:
    page.set_content(
        f"<!doctype html><html {attributes}><style>{style}</style><body>{svg.decode()}</body>"
    )


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "auto"])
@pytest.mark.parametrize("name", NAMES)
def test_text_keeps_to_the_slot_that_was_measured(page, name, view):
    drawing = scene(name, view)
    show(page, paint(drawing, "svg"), style="svg text {font-family: var(--font) !important}")
    slots = [s for i in drawing.items for s in getattr(i, "shapes", ()) if isinstance(s, Text)]
    for font in FONTS:
        measured = page.evaluate(
            """font => {
              document.documentElement.style.setProperty('--font', `'${font}'`);
              return [...document.querySelectorAll('svg text')].map(text => [text.textContent,
                text.getComputedTextLength(), getComputedStyle(text).fontFamily])
            }""",
            font,
        )
        assert [text for text, *_ in measured] == [slot.text for slot in slots]
        for slot, (_, width, family) in zip(slots, measured, strict=True):
            assert family == f'"{font}"'
            assert width <= slot.width * 1.01 + 0.1, (font, slot)


@pytest.mark.parametrize("name", NAMES)
def test_text_keeps_to_its_slot_in_a_wide_font_that_is_given(page, name):
    """The bold face stands for a wide one; the browser knows it by its family and weight."""
    wide = Path(face.__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"
    drawing = scene(name)
    family = "svg text {font-family: 'DejaVu Sans' !important; font-weight: bold}"
    show(page, paint(drawing, "svg", font=wide), style=family)
    widths = page.evaluate(
        "() => [...document.querySelectorAll('svg text')].map(t => t.getComputedTextLength())"
    )
    slots = [s for i in drawing.items for s in getattr(i, "shapes", ()) if isinstance(s, Text)]
    assert any(text_width(s.text, s.size, bold=True) > s.width for s in slots)
    for slot, width in zip(slots, widths, strict=True):
        assert width <= slot.width * 1.01 + 0.1, slot


def test_a_font_of_one_picture_is_not_that_of_others(page):
    one, other = paint(scene("cnn"), "svg", font="Courier New"), paint(scene("cnn"), "svg")
    show(page, one + other)
    families = page.evaluate(
        "() => [...document.querySelectorAll('svg')].map(svg => getComputedStyle(svg).fontFamily)"
    )
    assert families[0] == f'"Courier New", {families[1]}'


def test_a_stylesheet_of_the_page_wins(page):
    show(page, paint(scene("vgg16"), "svg"), style=":root {--kd-conv-fill: rgb(1, 2, 3)}")
    colour = page.evaluate("getComputedStyle(document.querySelector('.kd-f-conv-fill')).fill")
    assert colour == "rgb(1, 2, 3)"


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"color-map": "{Conv2D: '%s'}"}, ".kd-conv :is(rect, path)"),
        ({"background-fill": "%s", "theme": "light"}, "rect"),
        ({"font-color": "%s"}, ".kd-caption text"),
        ({"connector-fill": "%s"}, ".kd-edge"),
    ],
)
def test_colours_of_one_picture_are_not_those_of_others(page, options, part):
    """Neither of the pictures beside it, nor of a stylesheet."""

    def picture(colour: str) -> bytes:
        chosen = {name: value.replace("%s", colour) for name, value in options.items()}
        raw = {"view": "layered", "draw-volume": False, **(chosen if colour else {})}
        return paint(lay_out(graph, parse_options(raw)), "svg")

    def seen() -> list[str]:
        return page.evaluate(
            "part => [...document.querySelectorAll('svg')].map(svg => {"
            " const style = getComputedStyle(svg.querySelector(part));"
            " return style.fill === 'none' ? style.stroke : style.fill })",
            part,
        )

    graph = ModelGraph.from_dict(json.loads((GRAPHS / "cnn.json").read_text("utf-8")))
    show(page, picture(""))
    [plain] = seen()
    colours = ("#ff0000", "#008000", "", "#0000ff")
    show(page, b"".join(map(picture, colours)), 'data-theme="light"')
    expected = ["rgb(255, 0, 0)", "rgb(0, 128, 0)", plain, "rgb(0, 0, 255)"]
    if part == "rect":
        expected[2] = "rgba(0, 0, 0, 0)"  # a page that is light shows through
    assert seen() == expected
    styles = ":root,.kd {--kd-look-1-fill: pink; --kd-background: pink; --kd-ink: pink}"
    show(page, picture("#ff0000"), style=styles)
    assert seen() == ["rgb(255, 0, 0)"]


def test_a_narrow_column_scales_the_picture(page):
    page.set_viewport_size({"width": 360, "height": 600})
    show(page, paint(scene("vgg16"), "svg"))
    box = page.locator("svg").bounding_box()
    assert box is not None
    assert box["width"] <= 360
    assert box["height"] < 120


def test_the_accessible_name_and_the_tooltips(page):
    show(page, paint(scene("vgg16"), "svg"))
    assert page.get_by_role("img", name="vgg16").count() == 1
    tip = page.locator('[data-kd-node="block1_conv1"] > title').text_content()
    assert tip is not None
    assert "1,792 parameters" in tip
