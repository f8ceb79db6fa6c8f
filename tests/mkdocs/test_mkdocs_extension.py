"""The Markdown extension alone, within every construct that may hold a fence."""

from __future__ import annotations

import json
import logging
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from textwrap import indent
from typing import Any

import markdown
import pytest

from mkdocs_keras_diagram.extension import KerasDiagramExtension, make_settings, makeExtension

FENCE = "```keras-diagram\nm:a\n```"
FLAVOURS = [[], ["fenced_code"], ["pymdownx.superfences"], ["codehilite", "fenced_code"]]
flavours = pytest.mark.parametrize(
    "flavour", FLAVOURS, ids=lambda names: "+".join(names) or "bare"
)
pytestmark = pytest.mark.usefixtures("fake_batches")


def convert(text: str, extensions: list[str], **config: Any) -> str:
    return markdown.markdown(
        text,
        extensions=["keras_diagram", *extensions],
        extension_configs={"keras_diagram": config},
    )


class Outline(HTMLParser):
    """The tags around each SVG of a page, outermost first; raises if tags are not nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.around: list[list[str]] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self.around.append(list(self.open))
        if tag not in ("input", "hr", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("input", "hr", "br"):
            assert self.open.pop() == tag


@flavours
@pytest.mark.parametrize(
    ("text", "around"),
    [
        (FENCE, []),
        (f"before\n{FENCE}\nafter", []),
        (f"- item\n\n{indent(FENCE, '    ')}\n\n- item", ["ul", "li"]),
        (f"1. item\n{indent(FENCE, '    ')}\n2. item", ["ol", "li"]),
        (f"- item\n    - item\n\n{indent(FENCE, '        ')}", ["ul", "li", "ul", "li"]),
        (indent(f"quoted\n{FENCE}\nquoted", "> ", lambda _: True), ["blockquote"]),
        (f"!!! note\n    text\n\n{indent(FENCE, '    ')}", ["div"]),
        (f"Term\n:   Words\n\n{indent(FENCE, '    ')}", ["dl", "dd"]),
        (f"<section markdown>\n\n{FENCE}\n\n</section>", ["section"]),
        (f"<section>\n{FENCE}\n</section>", ["section"]),
    ],
    ids=["page", "text", "list", "tight", "nested", "quote", "note", "def", "md_in_html", "html"],
)
def test_fences_become_figures_where_they_stand(
    text: str, around: list[str], flavour: list[str]
) -> None:
    """A figure belongs to the item, quote or box that its fence stands in."""
    html = convert(text, [*flavour, "admonition", "def_list", "md_in_html"])
    assert Outline(html).around == [[*around, "figure", "div"]]
    assert "keras-diagram\n" not in html


def test_fences_in_tabs() -> None:
    """Each tab has its own picture."""
    text = "".join(f'=== "{name}"\n\n{indent(FENCE, "    ")}\n\n' for name in "AB")
    html = convert(text, ["pymdownx.superfences", "pymdownx.tabbed"])
    assert [tags[-2:] for tags in Outline(html).around] == [["figure", "div"]] * 2


def test_fences_in_footnotes() -> None:
    """A footnote may hold a picture."""
    html = convert(f"Text[^1]\n\n[^1]:\n    Words\n\n{indent(FENCE, '    ')}", ["footnotes"])
    assert html.count("<svg") == 1


@flavours
def test_indented_code_keeps_its_fences(flavour: list[str]) -> None:
    """A page can show how a diagram is written, in any kind of code block."""
    example = f"<code>\n{FENCE}\nnext\n\n{FENCE}\n\n\n{FENCE}\nend"
    text = f"Example:\n\n{indent(example, '    ')}\n\nEnd"
    with_us = convert(text, flavour)
    assert "<svg" not in with_us
    assert with_us == markdown.markdown(text, extensions=flavour)


def test_longer_fences_keep_their_fences() -> None:
    """An example in a longer fence is left to the extension for fenced code."""
    text = f"````markdown\n{FENCE}\n````"
    for extension in ("fenced_code", "pymdownx.superfences"):
        expected = markdown.markdown(text, extensions=[extension])
        assert convert(text, [extension]) == expected


def test_one_batch_for_a_page(fake_batches: list[list[str]]) -> None:
    """All diagrams of a page are rendered together, equal ones once, examples not at all."""
    other = FENCE.replace("m:a", "m:b")
    convert(f"{FENCE}\n\n{other}\n\n{FENCE}\n\n    {FENCE.replace('m:a', 'm:c')}", [])
    assert fake_batches == [["m:a", "m:b"]]


def test_awkward_text_is_escaped() -> None:
    """Caption, alt and name say what their author wrote, whatever it is."""
    awkward = """<b>&amp; 'x' "y" > 🧠"""
    keys = {"target": "m:a", "caption": awkward, "alt": awkward, "name": 'a"<&🧠'}
    text = f"```keras-diagram\n{json.dumps(keys)}\n```"
    root = ET.fromstring(convert(text, []))
    svg = root.find(".//{http://www.w3.org/2000/svg}svg")
    assert svg is not None
    assert root.attrib["id"] == 'a"<&🧠'
    assert root.findtext("figcaption") == awkward
    assert svg.attrib["aria-label"] == svg.findtext("{*}title") == awkward
    assert svg.find("{*}desc") is None


def test_figures_look_right_without_a_stylesheet() -> None:
    """Alignment and width are inline; the picture's text is marked for the search plugin."""
    text = "```keras-diagram\ntarget: m:a\nalign: left\nwidth: 60%\nclass: wide\n```"
    html = convert(text, [])
    assert '<figure class="keras-diagram wide" style="margin:1.5em auto 1.5em 0;' in html
    assert "text-align:left;width:60%;max-width:100%" in html
    assert 'style="width:100%;height:auto"' in html
    assert '<div class="keras-diagram-picture" data-search-exclude="true"><svg' in html


def test_errors_are_shown_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The page says what is wrong, escaped; the warning tells the line and the traceback."""
    text = f"---\ntitle: x\n---\n\n{FENCE.replace('m:a', 'm:missing')}\n\n{FENCE}"
    html = convert(text, ["meta"])
    assert "<p>There is no &lt;m:missing&gt;.</p>\n<p>Write &amp; save it.</p>" in html
    assert html.count("<svg") == 1
    (record,) = [item for item in caplog.records if item.levelno == logging.WARNING]
    assert record.name == "mkdocs.plugins.keras-diagram"
    assert record.getMessage().splitlines() == [
        "line 5: There is no <m:missing>. Write & save it.",
        "    Traceback of the builder",
        "      its line",
    ]


def test_bad_yaml_is_located(caplog: pytest.LogCaptureFixture) -> None:
    """The warning tells the line within the body."""
    convert("# T\n\n```keras-diagram\ntarget: m:a\ncaption: A: b\n```", [])
    assert caplog.messages[-1].startswith("line 5: The fence's body is not YAML")


def test_code_is_shown_above_its_picture() -> None:
    """Escaped, and in the elements that themes style and highlight."""
    body = "show-source: true\ncaption: C\ncode: |\n  import keras\n\n  model = a < b"
    html = convert("- item\n\n" + indent(FENCE.replace("m:a", body), "    "), [])
    shown = '<pre><code class="language-python">import keras\n\nmodel = a &lt; b\n</code></pre>'
    assert f"{shown}\n<figure" in html
    assert Outline(html).around == [["ul", "li", "figure", "div"]]


def test_notes_are_logged_once_for_each_picture(caplog: pytest.LogCaptureFixture) -> None:
    """The picture is there; the warning says what it cannot show."""
    fence = FENCE.replace("m:a", "m:partial")
    assert convert(f"{fence}\n\n{fence}", []).count("<svg") == 2
    messages = [item.getMessage() for item in caplog.records if item.levelno == logging.WARNING]
    assert messages == [f"line {line}: m:partial: Not <all> of it." for line in (1, 5)]


def test_one_instance_converts_many_pages(fake_batches: list[list[str]]) -> None:
    """Nothing of a page is left for the next one."""
    md = markdown.Markdown(extensions=[makeExtension(), "fenced_code"])
    assert md.convert(FENCE).count("<svg") == 1
    assert "<svg" not in md.reset().convert("text")
    assert md.reset().convert(f"{FENCE}\n\n{FENCE}").count("<svg") == 2
    assert fake_batches == [["m:a"], ["m:a"]]


def test_placeholders_of_others_stay() -> None:
    """HTML that looks like a placeholder, but is none of this page, is not touched."""
    html = '<figure data-keras-diagram="7"></figure>'
    assert convert(f"{html}\n\n{FENCE}", []).startswith(html)


def test_options_become_settings(tmp_path: Any) -> None:
    """Folders are relative to the base, and come before `sys.path`."""
    base = str(tmp_path)
    settings = make_settings(base, ["..", "src"], cache="c", timeout=5)
    assert settings.project.base == base
    assert settings.project.search_path[:2] == (str(tmp_path.parent), str(tmp_path / "src"))
    assert (settings.cache, settings.timeout) == (tmp_path / "c", 5.0)
    assert make_settings(base, [], cache="", timeout=5).cache is None
    assert make_settings(base, [], cache="", timeout=5, backend="jax").project.backend == "jax"
    with pytest.raises(ValueError, match="soon"):
        markdown.Markdown(extensions=[KerasDiagramExtension(timeout="soon")])
