"""What a page takes in from the cache: pictures of ours, and nothing else whatever."""

from __future__ import annotations

import re

import pytest
from cases import diagonals
from core_graphs import NAMES, graph_named, load_graph
from hypothesis import given
from hypothesis import strategies as st
from test_core_options import DRAWN, ROOT, tried

from keras_diagram_core.api import draw
from keras_diagram_core.harmless import is_harmless
from keras_diagram_core.options import VIEWS, parse_options


def picture(graph: str, **options: object) -> str:
    return draw(graph_named(graph), parse_options(options), "svg", str(ROOT)).data.decode()


@pytest.fixture(scope="module")
def ours() -> str:
    """A picture with all that pictures can have: images, cut ones too, fonts, colours, words."""
    dense = {"fill": "teal", "font": "Source Sans 3", "image": INLINE_PNG}
    conv = {"fill": "#1239", "image": INLINE_PNG, "image_fit": "cover"}
    text = picture("cnn", view="layered", font="serif", styles={"Dense": dense, "Conv2D": conv})
    assert {"image", "use", "style", "text"} <= set(re.findall(r"<(\w+)", text))
    return text


INLINE_PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(("view", "name"), diagonals(4, [*VIEWS], NAMES))
def test_every_picture_of_ours_passes(view: str, name: str) -> None:
    assert is_harmless(picture(name, view=view).encode())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_of_one_theme_passes(view: str, theme: str) -> None:
    assert is_harmless(picture("tiny_two_inputs", view=view, theme=theme).encode())


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_with_any_option_passes(view: str) -> None:
    """Of large graphs one is enough, which a test above has."""
    for name in (option.split()[1] for option in DRAWN if option.startswith(f"{view} ")):
        value, graph, others = tried(view, name)
        small = graph if len(graph_named(graph).nodes) < 30 else "cnn"
        options = {**others, name: value, "view": view}
        assert is_harmless(picture(small, **options).encode()), name


ATTRIBUTES = [
    *('onload="x()"', "ONLOAD='x()'", 'onclick="x()"', 'oNbegin = "x()"', 'style="color:red"'),
    *('href="javascript:x"', 'href="http://x/y"', 'xlink:href="#kd-a"', 'xmlns:xlink="http://x"'),
    *('xmlns="http://www.w3.org/1999/xhtml"', 'id="main"', 'id="kd-a" id="kd-b"', 'src="x"'),
    *('fill="url(http://x)"', 'fill="\\75rl(http://x)"', 'clip-path="url(http://x#kd-a)"'),
    *('class="modal"', 'class="kd modal"', 'data-x="1"', 'tabindex="0"', 'filter="url(#kd-a)"'),
    *('transform="scale(99)"', 'width="100%"', 'data-x=">" onload="x()"', "/onload='x()'"),
]
ELEMENTS = [
    *("<script>x()</script>", "<SCRIPT>x()</SCRIPT>", "<a href='http://x'><text>y</text></a>"),
    *("<foreignObject><p>y</p></foreignObject>", "<animate attributeName='href' to='x'/>"),
    *("<set attributeName='onload' to='x()'/>", "<img src='x' onerror='x()'/>", "<svg/>"),
    *("<image href='http://x/a.png'/>", "<use href='http://x#kd-a'/>", "<link href='x'/>"),
    *("<use href='data:image/svg+xml;base64,AA'/>", "<h:script xmlns:h='x'>x()</h:script>"),
    *("<style>@import 'x'</style>", "<style>.kd{fill:url(http://x)}</style>", "<!-- x -->"),
    *(
        "<!--><img src='x' onerror='x()'>-->",
        "<![CDATA[><img src='x' onerror='x()'>]]>",
        "<?x y?>",
    ),
    *("<style>body{display:none}</style>", "<style>.kd{position:fixed}</style>", "&x;", "<?x?>"),
    *("<title><b>x</b></title>", "<filter id='kd-a'/>", "<g><g", "<metadata/>", "]]>", "words <"),
]


@given(data=st.data())
def test_no_addition_passes_anywhere(ours: str, data: st.DataObject) -> None:
    """Neither an attribute in any tag, nor an element or a piece of markup between two."""
    if data.draw(st.booleans()):
        places = [found.end() for found in re.finditer(r"<\w+(?=[ />])", ours)]
        added = " " + data.draw(st.sampled_from(ATTRIBUTES)) + " "
    else:
        places = [found.start() for found in re.finditer("<", ours)]
        added = data.draw(st.sampled_from(ELEMENTS))
    place = data.draw(st.sampled_from(places))
    assert not is_harmless((ours[:place] + added + ours[place:]).encode())


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("tag", ["svg", "g", "path", "rect", "text", "use", "image", "style"])
def test_no_foreign_attribute_passes(ours: str, tag: str, attribute: str) -> None:
    assert not is_harmless(ours.replace(f"<{tag}", f"<{tag} {attribute} ", 1).encode())
    assert not is_harmless(ours.replace(f"<{tag}", f"<{tag}/{attribute} ", 1).encode())


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("tag", ["svg", "title", "defs", "g", "text", "style"])
def test_no_foreign_element_passes(ours: str, tag: str, element: str) -> None:
    assert not is_harmless(ours.replace(f"</{tag}>", f"{element}</{tag}>", 1).encode())


@pytest.mark.parametrize(
    "rule",
    [
        "body{display:none}",
        "body{fill:red}",
        "*{fill:red}",
        ".kd,body{fill:red}",
        ".kd body{fill:red}",
        "body .kd{fill:red}",
        ".kdx{fill:red}",
        ".kd{position:fixed}",
        ".kd{background:red}",
        ".kd{fill:url(http://x)}",
        ".kd{fill:u\\72l(http://x)}",
        ".kd{fill:image-set('x')}",
        ".kd{--kd-a:url(http://x)}",
        ".kd{--kd-a:var(url(http://x))}",
        ".kd{fill:red}/*",
        ".kd{fill:red}}",
        ".kd{fill:red",
        "@import 'x';",
        "@font-face{font-family:x;src:url(http://x)}",
        "@media print{.kd{fill:red}}",
        "@supports(color:url(x)){.kd{fill:red}}",
        "@keyframes x{.kd{fill:red}}",
        'html.x{--kd-a:"}.kd{fill:";height:0;fill:red}',
        "html.x{--kd-a:(}.kd{fill:);height:0}",
        "[x=(]{--kd-a:red}",
        ".kd{&amp; *{fill:red}}",
        "&lt;/style>",
        ".kd{fill:red;behavior:x}",
    ],
)
def test_no_foreign_style_passes(ours: str, rule: str) -> None:
    assert not is_harmless(ours.replace("</style>", f"{rule}</style>").encode())
    assert not is_harmless(ours.replace("<style>", f"<style>{rule}").encode())


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"words",
        b"\xff\xfe<\0s\0v\0g\0/\0>\0",
        b'<?xml version="1.0" encoding="utf-7"?><svg/>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
        b"<svg><g></svg>",
        b"<svg/><svg/>",
        b"<html/>",
        b"<svg>" + b"<g>" * 100_000,
        b"<svg>" + b"<g>" * 20 + b"</g>" * 20 + b"</svg>",
        b"<svg>words</svg>",
        b"<svg><path><path/></path></svg>",
        b"<svg><defs><path/></defs></svg>",
        b"<svg>\xff</svg>",
        b"<svg><style>.kd{fill:" + b"var(" * 100_000 + b")" * 100_000 + b"}</style></svg>",
    ],
    ids=range(15),
)
def test_what_is_no_picture_of_ours_does_not_pass(document: bytes) -> None:
    assert not is_harmless(document)


@given(document=st.binary(max_size=200) | st.text(max_size=50).map(str.encode))
def test_any_bytes_pass_or_not(document: bytes) -> None:
    assert not is_harmless(document)
    assert not is_harmless(b"<svg>" + document)


def test_names_of_layers_pass() -> None:
    """What people call their layers is text, whatever it looks like."""
    graph = load_graph("tiny_mlp")
    assert graph
    for name in ("<script>", "a' onload='x", "]]>", "--kd", "&lt;", 'x"y'):
        text = picture("tiny_mlp", **{"view": "layered", "show-layer-names": True})
        node = graph.nodes[1].name
        escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        assert is_harmless(text.replace(node, escaped.replace(">", "&gt;")).encode())
