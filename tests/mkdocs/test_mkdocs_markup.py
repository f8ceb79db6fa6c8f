"""What a fence's body means."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core import RequestError, parse_request
from mkdocs_keras_diagram.fences import find_fences
from mkdocs_keras_diagram.markup import BodyError, Markup, parse_markup, read_defaults


def parse(
    body: str,
    defaults: dict[str, Any] | None = None,
    opening: str = "",
    themes: dict[str, Any] | None = None,
) -> Markup:
    (fence,) = find_fences([f"```keras-diagram{opening}", *body.split("\n"), "```"])
    return parse_markup(fence, read_defaults(defaults or {}, themes or {}))


def test_one_line_is_the_target() -> None:
    """A fence with just a target is complete."""
    markup = parse("pkg.models:build")
    assert markup.request.model.target == "pkg.models:build"
    assert markup.figure.align == "center"


def test_all_kinds_of_keys() -> None:
    """The model, the drawing and the figure are told in one mapping."""
    markup = parse(
        "target: m:a\nkwargs: {classes: 10}\ndepth: 0\nview: layered\nshow_shapes: no\n"
        "caption: 3\nalt: Words\nname: fig\nclass: [wide, framed]\nalign: left\nwidth: 300"
    )
    assert markup.request.model.kwargs == {"classes": 10}
    assert markup.request.model.depth == 0
    assert (markup.request.options.show_shapes, markup.request.options.width) == (False, 300)
    figure = markup.figure
    assert (figure.caption, figure.alt, figure.name) == ("3", "Words", "fig")
    assert (figure.classes, figure.align, figure.width) == ("wide framed", "left", "")


def test_what_is_hidden() -> None:
    """Lists are YAML's, or text with commas."""
    one = parse("target: m:a\ntype_ignore: [Flatten, Dropout]\nindex-ignore: 3\nname-ignore: fc*")
    options = {"type-ignore": "Dropout, Flatten", "index-ignore": [3], "name-ignore": ["fc*"]}
    assert one.request == parse_request("m:a", options)


CODE = "import keras\n\nmodel = keras.Sequential()  # <b>"


def test_code_in_the_page() -> None:
    """The key `code` holds Python; it is shown where that is asked for."""
    body = "show-source: {}\ncode: |\n  import keras\n\n  model = keras.Sequential()  # <b>"
    expected = parse_request("", {"code": CODE})
    for word, shown in (("true", CODE), ("false", ""), ("", CODE)):
        markup = parse(body.format(word))
        assert markup.request == expected
        assert markup.figure.source == shown


def test_what_is_extracted() -> None:
    """All options of the core are keys."""
    markup = parse(
        "target: m:a\ninput_shape: {a: [4, null]}\ndepth: all\nexpand: [block, Attention]"
    )
    options = {"input-shape": {"a": [4, None]}, "depth": "all", "expand": "Attention, block"}
    assert markup.request == parse_request("m:a", options)
    markup = parse("target: m:a\ninputs: {a: {shape: [4], dtype: int32}}")
    assert markup.request.model.inputs[0].dtype == "int32"


@pytest.mark.parametrize("width", ["60%", "30em", "12.5 rem"])
def test_relative_widths_are_the_figures(width: str) -> None:
    """A width that is relative to the page does not change the drawing."""
    markup = parse(f"target: m:a\nwidth: {width}")
    assert markup.figure.width == width.replace(" ", "")
    assert markup.request == parse("m:a").request


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "The target is missing"),
        ("no target", "'no target' is not a target"),
        ("[m:a]", "neither a target nor options"),
        ("caption: x", "The target is missing"),
        ("target: [m:a]", "is not a target"),
        ("target: m:a\ncaptoin: x", "Did you mean 'caption'?"),
        ("target: m:a\ndraw-volum: x", "Did you mean 'draw-volume'?"),
        ("target: m:a\n7: x", "It knows: add-output-nodes, align, alt, "),
        ("target: m:a\nview: layerd", "Did you mean 'layered'?"),
        ("target: m:a\nwidth: 1%%", "'width' cannot be '1%%'"),
        ("target: m:a\nalign: centre", "Did you mean 'center'?"),
        ("target: m:a\nalign: x", "It takes left | center | right."),
        ("target: m:a\nname: a b", "cannot be linked to"),
        ("target: m:a\ncaption: {a: b}", "'caption' takes text"),
        ("target: m:a\nclass: [{}]", "'class' takes text"),
        ("target: m:a\ncode: model = 1", "either a target or code"),
        ("target: m:a\nshow-source: true", "no source to show"),
        ("code: model = 1\nshow-source: perhaps", "takes true or false"),
        ("code: {a: b}", "The code is not text"),
        ("code: model = 1\nkwargs: {a: 1}", "nothing to call"),
        ("target: m:a\ninput-shap: [3]", "Did you mean 'input-shape'?"),
        ("target: m:a\ninput-shape: x", "Not an input"),
        ("target: m:a\nkwargs: {day: 2024-01-01}", "plain data"),
        ("target: m:a\nkwargs: {day: 2024-99-99}", "not YAML"),
        ("target: m:a\nkwargs: &x {a: *x}", "an alias (* and a name) is not read"),
        (f"target: m:a\nkwargs: {{a: {'9' * 5000}}}", "a number has 5,000 characters"),
        (f"target: m:a\nkwargs: {'[' * 900}{']' * 900}", "nested more than"),
        ('target: m:a\ncaption: "\\ud83d"', "but a half of a character"),
        ("target: !!python/name:os.system", "not YAML"),
        ("[" * 3000, "not YAML"),
    ],
)
def test_mistakes_are_explained(body: str, said: str) -> None:
    """No text whatever makes more than a RequestError."""
    with pytest.raises(RequestError) as caught:
        parse(body)
    assert said in str(caught.value)


PIECES = st.sampled_from(
    [
        *"[]{}(),:;&*!|>'\"%@`#?-+.\\ \n\t0~=<",
        *("\n", ": ", "\n  ", "- ", "9" * 5000, "target: m:a\n", "m:a", "code: |\n", "kwargs: "),
        *("width: ", "class: ", "name: ", "align: ", "show-source: ", "caption: ", "view: "),
        *('"\\ud800"', '"\\0"', "&a ", "*a", "<<: ", "2024-99-99", "!!int ", "theme: "),
    ]
)


@given(body=st.lists(PIECES, max_size=15).map("".join))
def test_any_body_is_understood_or_refused(body: str) -> None:
    """Whatever a fence holds, the build goes on."""
    with suppress(RequestError):
        assert parse(body).request.digest


def test_words_on_the_opening_line_are_refused() -> None:
    """Options belong between the fences."""
    with pytest.raises(RequestError, match=r"'title=x' cannot stand behind"):
        parse("m:a", opening=" title=x")


def test_bad_yaml_tells_its_line() -> None:
    """The line counts from the body's first, 0."""
    with pytest.raises(BodyError, match="Put text with a colon") as caught:
        parse("target: m:a\ncaption: A: b")
    assert caught.value.line == 1


def test_defaults_hold_where_a_fence_says_nothing() -> None:
    """A fence's own option wins."""
    defaults = {"width": 400, "show_shapes": False}
    assert parse("m:a", defaults).request.options.width == 400
    options = parse("target: m:a\nwidth: 500", defaults).request.options
    assert (options.width, options.show_shapes) == (500, False)


@pytest.mark.parametrize(
    ("defaults", "said"),
    [
        ({"widht": 1}, "Did you mean 'width'?"),
        ({"width": "x"}, "'width' cannot be 'x'"),
        ({"view": "x"}, "no view 'x'"),
        ({"caption": "x"}, "no option 'caption'"),
        ({"inputs": {}}, "'inputs' cannot be set for all diagrams"),
    ],
)
def test_defaults_are_checked(defaults: dict[str, Any], said: str) -> None:
    """Mistakes in the configuration are not left to each diagram."""
    with pytest.raises(RequestError) as caught:
        read_defaults(defaults, {})
    assert said in str(caught.value)
    read_defaults({"width": 300, "view": "layered", "depth": 1, "expand": ["a"]}, {})


SITE = {"width": 600, "layered": {"draw_volume": False, "width": 500}, "theme": "house"}
THEMES = {"house": {"color_map": {"Dense": "teal"}, "padding": 20}, "night": {"theme": "dark"}}


@pytest.mark.parametrize(
    ("body", "same"),
    [
        ("target: m:a", {"width": 600, "color-map": {"Dense": "teal"}, "padding": 20}),
        (
            "target: m:a\nview: layered\npadding: 5",
            {
                "view": "layered",
                "width": 500,
                "draw-volume": False,
                "color-map": "{Dense: teal}",
                "padding": 5,
            },
        ),
        (
            "target: m:a\nview: graph\ntheme: dark",
            {"view": "graph", "width": 600, "theme": "dark"},
        ),
        ("target: m:a\ntheme: night", {"width": 600, "theme": "dark"}),
    ],
)
def test_a_site_has_defaults_by_view_and_themes(body: str, same: dict[str, Any]) -> None:
    """What a diagram says stands above its theme, that above its view's, and those of all."""
    assert parse(body, SITE, themes=THEMES).request == parse_request("m:a", same)


@pytest.mark.parametrize(
    ("defaults", "themes", "said"),
    [
        ({"theme": "hose"}, THEMES, "There is no theme 'hose'. Did you mean 'house'?"),
        ({"graph": {"draw-volume": True}}, {}, "view 'graph' cannot set 'draw-volume'"),
        ({"graph": 5}, {}, "must be a mapping"),
        ({}, {"dark": {}}, "The theme 'dark' is there already"),
        ({}, {"house": {"padding": "wide"}}, "'padding' cannot be 'wide'"),
        ({}, {"house": "blue"}, "must be a mapping"),
    ],
)
def test_themes_are_checked(defaults: dict[str, Any], themes: dict[str, Any], said: str) -> None:
    """A wrong set is found when the build starts."""
    with pytest.raises(RequestError) as caught:
        read_defaults(defaults, themes)
    assert said in str(caught.value)
