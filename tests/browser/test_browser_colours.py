"""What goes with the colour of a front follows it, and all that is drawn can be read."""

import pytest
from surfaces import DARK_PAGE, draw, illegible, seen, show

from keras_diagram_core.options import VIEWS
from keras_diagram_core.theme import FAMILIES, mix

pytestmark = pytest.mark.browser

FILLS = ["#ffe3c2", "#ff4500", "#777777", "#008080", "#14181d"]
PAGES = {"light": ("", ""), "dark": ("data-theme=dark", DARK_PAGE)}


@pytest.mark.parametrize("name", ["resnet50", "transformer", "unet"])
@pytest.mark.parametrize("view", [view for view in VIEWS if view != "auto"])
def test_all_that_is_drawn_can_be_read(page, view, name):
    for marks, style in PAGES.values():
        show(page, draw(name, view=view), marks, style=style)
        assert illegible(page) == []


def words(page) -> list:
    return [one for one in seen(page) if one.kind == "text" and one.contrast < 4.5]


@pytest.mark.parametrize("scheme", PAGES)
@pytest.mark.parametrize("fill", FILLS)
def test_words_can_be_read_on_any_front_of_a_stylesheet(page, fill, scheme):
    marks, style = PAGES[scheme]
    colours = "".join(f"--kd-{family}-fill: {fill};" for family in FAMILIES)
    show(page, draw(), marks, style=f"{style} .kd {{{colours}}}")
    assert fill in {one.surface for one in seen(page) if one.kind == "text"}
    assert words(page) == []
    assert [one for one in seen(page) if one.kind == "mark" and one.contrast < 3] == []


@pytest.mark.parametrize("scheme", PAGES)
@pytest.mark.parametrize("fill", FILLS)
def test_words_can_be_read_on_any_front_of_an_option(page, fill, scheme):
    marks, style = PAGES[scheme]
    types = ("Dense", "MultiHeadAttention", "LayerNormalization", "Embedding", "Add")
    colours = "".join(f"{type_}: '{fill}', " for type_ in types)
    show(page, draw(color_map="{" + colours + "}"), marks, style=style)
    assert words(page) == []


@pytest.mark.parametrize("background", FILLS)
def test_words_can_be_read_on_any_background(page, background):
    show(page, draw("cnn", view="graph", background_fill=background))
    assert background in {one.surface for one in seen(page)}
    assert [one for one in illegible(page) if one.kind != "mark"] == []


@pytest.mark.parametrize("scheme", PAGES)
def test_stylesheets_and_options_derive_the_same(page, scheme):
    """But for words, which options make softer where that reads well."""
    marks, style = PAGES[scheme]
    by_option = draw("vgg16", view="layered", color_map="{Conv2D: '#ffe3c2'}")
    show(page, by_option, marks, style=style)
    expected = faces(page, "look-1")
    show(page, draw("vgg16", view="layered"), marks, style=style + ".kd {--kd-conv-fill: #ffe3c2}")
    assert faces(page, "conv") == expected
    toward = "#ffffff" if scheme == "dark" else "#000000"
    assert expected == [
        "#ffe3c2",
        mix("#ffe3c2", "#ffffff", 0.35),
        mix("#ffe3c2", "#000000", 0.2),
        mix("#ffe3c2", toward, 0.45),
    ]


def faces(page, paint: str) -> list[str]:
    """Return the colours of a volume: front, top, side, outline."""
    return page.evaluate(
        """paint => {
          const context = new OffscreenCanvas(1, 1).getContext('2d');
          const hex = colour => {
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
            const channels = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
            return '#' + channels.map(one => one.toString(16).padStart(2, '0')).join('');
          };
          const style = name => getComputedStyle(document.querySelector(`.kd-${name}`));
          return [...['fill', 'top', 'side'].map(part => hex(style(`f-${paint}-${part}`).fill)),
            hex(style(`s-${paint}-line`).stroke)];
        }""",
        paint,
    )


def test_a_part_that_a_stylesheet_sets_is_as_set(page):
    colours = (
        "--kd-conv-fill: navy; --kd-conv-top: red; --kd-conv-side: lime; --kd-conv-line: blue"
    )
    show(page, draw("vgg16", view="layered"), style=f".kd {{{colours}}}")
    assert faces(page, "conv") == ["#000080", "#ff0000", "#00ff00", "#0000ff"]


def test_one_mark_can_have_a_front_of_its_own(page):
    one = ".kd-node[data-kd-type=Conv2D] {--kd-conv-fill: #000080}"
    show(page, draw("cnn"), style=one)
    words = {
        text.colour for text in seen(page) if text.surface == "#000080" and text.kind == "text"
    }
    assert words == {"#ffffff"}


def test_a_stylesheet_can_say_one_colour_for_light_and_one_for_dark(page):
    style = ".kd {--kd-dense-fill: light-dark(#ffe3c2, #4a2c08)}"
    for scheme, fill, ink in (("light", "#ffe3c2", "#000000"), ("dark", "#4a2c08", "#ffffff")):
        show(page, draw(), f"data-theme={scheme}", style=style + PAGES[scheme][1])
        texts = [one for one in seen(page) if one.kind == "text" and one.surface == fill]
        assert {one.colour for one in texts} == {ink}
        assert illegible(page) == []


def test_what_no_stylesheet_sets_is_as_in_the_theme(page):
    show(page, draw("vgg16", view="layered"), style=".kd {--kd-dense-fill: navy}")
    expected = [FAMILIES["conv"].fill.light, "#e7f1fb", "#afcce8", FAMILIES["conv"].line.light]
    assert faces(page, "conv") == expected
