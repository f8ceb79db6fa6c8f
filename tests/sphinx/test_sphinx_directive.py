"""The directive: markup in, request and figure out."""

from __future__ import annotations

import re

import pytest
import sphinx
from sphinx_site import FakeCore, Site

from keras_diagram_core import parse_request


def only_warning(warnings: list[str]) -> str:
    """Give the one warning's text."""
    assert len(warnings) == 1, warnings
    return warnings[0]


def test_a_target_alone_is_drawn_into_the_page(site: Site, core: FakeCore) -> None:
    """The picture is inline SVG in a div that search leaves out."""
    site.write(index_rst="Title\n=====\n\n.. keras-diagram:: pkg.mod:build\n")
    result = site.build(strict=True)
    assert result.status == 0
    assert not result.warnings
    assert core.batches == [[parse_request("pkg.mod:build")]]
    page = result.page()
    assert re.search(r'<div class="keras-diagram no-search">\s*<svg xmlns', page)
    assert "<figure" not in page
    if sphinx.version_info >= (8, 2):  # older versions index all of a page
        assert "hiddenword" not in result.page("searchindex.js")


RST = """\
Title
=====

.. keras-diagram:: pkg.mod:build
   :kwargs: {classes: 10, weights: null, "a b": [1, 2]}
   :depth: 2
   :view: layered
   :width: 640px
   :legend: no
   :draw-volume: false
   :show-shapes:
   :type-ignore: Dropout, Flatten
   :index-ignore: 2
   :color-map: {Conv2D: orange, Dense: {outline: '#137'}}
   :connector-width: 2
   :caption: The *network*
   :name: the-net
   :align: center
   :class: wide tall
   :alt: It "is" <b> & \N{ROCKET}
"""
BRACES = """\
# Title

```{keras-diagram} pkg.mod:build
:kwargs: '{classes: 10, weights: null, "a b": [1, 2]}'
:depth: 2
:view: layered
:width: 640px
:legend: no
:draw-volume: false
:show-shapes:
:type-ignore: [Dropout, Flatten]
:index-ignore: 2
:color-map: {Conv2D: orange, Dense: {outline: '#137'}}
:connector-width: 2
:caption: The *network*
:name: the-net
:align: center
:class: wide tall
:alt: 'It "is" <b> & \N{ROCKET}'
```
"""
FENCE = """\
# Title

```keras-diagram
target: pkg.mod:build
kwargs: {classes: 10, weights: null, "a b": [1, 2]}
depth: 2
view: layered
width: 640
legend: no
draw-volume: false
show-shapes:
type-ignore: [Flatten, Dropout]
index-ignore: [2]
color-map:
  Dense: {outline: '#113377'}
  Conv2D: rgb(255 165 0)
connector-width: 2
caption: The *network*
name: the-net
align: center
class: wide tall
alt: 'It "is" <b> & \N{ROCKET}'
```
"""


def picture_of(page: str) -> str:
    """Cut the figure out of a page."""
    match = re.search(r"<figure.*?</figure>", page, re.DOTALL)
    assert match
    return match[0]


@pytest.mark.parametrize(
    "source", [{"index_md": BRACES}, {"index_md": FENCE}], ids=["braces", "no braces"]
)
def test_myst_gives_what_rst_gives(site: Site, core: FakeCore, source: dict[str, str]) -> None:
    """All ways of writing give the same request and the same figure."""
    rst = site.write(index_rst=RST).build(strict=True)
    (site.folder / "index.rst").unlink()
    myst = site.write(**source).build(strict=True)
    assert not rst.warnings + myst.warnings
    first, second = core.batches
    assert first == second
    assert first[0].model.kwargs == {"classes": 10, "weights": None, "a b": [1, 2]}
    assert first[0].options.type_ignore == ("Dropout", "Flatten")
    assert first[0].options.index_ignore == (2,)
    assert picture_of(rst.page()) == picture_of(myst.page())


@pytest.mark.parametrize(
    "body", ["pkg.mod:build", "target: pkg.mod:build", "---\nwidth: 720\n---\npkg.mod:build"]
)
def test_short_fences(site: Site, core: FakeCore, body: str) -> None:
    """One line with the target is a valid fence."""
    site.write(index_md=f"# T\n\n```keras-diagram\n{body}\n```\n").build(strict=True)
    assert core.batches == [[parse_request("pkg.mod:build")]]


def test_the_fence_changes_no_configuration(site: Site, core: FakeCore) -> None:
    """A second build reads nothing again."""
    site.write(index_md=FENCE).build()
    again = site.build()
    assert "0 added, 0 changed, 0 removed" in again.output
    assert again.app.config.myst_fence_as_directive == set()
    assert len(core.batches) == 2


def test_fences_that_the_user_asks_for_stay(site: Site, core: FakeCore) -> None:
    """The names that conf.py lists are kept."""
    site.configure('myst_fence_as_directive = ["note"]')
    result = site.write(index_md=f"{FENCE}\n```note\nRemember\n```\n").build(strict=True)
    assert "admonition note" in result.page()
    assert core.batches[0]


def test_figure(site: Site, core: FakeCore) -> None:
    """Caption, name, class and width make a figure; references and numbers find it."""
    del core
    site.write(
        index_rst="""\
        Title
        =====

        See :ref:`the-net`, :numref:`the-net` and `the-net`_.

        .. keras-diagram:: pkg.mod:build
           :caption: The net, see :ref:`the-net` and :func:`print`
           :name: the-net
           :figclass: special
           :figwidth: 50%
           :align: right
        """
    )
    result = site.build(strict=True)
    page = result.page()
    assert not result.warnings
    figure = picture_of(page)
    assert 'class="special align-right" id="the-net" style="width: 50%"' in figure
    assert re.search(
        r'<figcaption>.*<span class="caption-number">Fig. 1 </span>', figure, re.DOTALL
    )
    assert re.search(r'<span class="std std-ref">The net, see', page)
    assert re.search(r'href="#the-net"><span class="std std-numref">Fig. 1</span>', page)


def test_figure_as_wide_as_its_picture(site: Site, core: FakeCore) -> None:
    """The width `image` is known as soon as the picture is."""
    del core
    site.write(index_rst=".. keras-diagram:: m:f\n   :caption: C\n   :figwidth: image\n")
    assert 'style="width: 400px"' in site.build(strict=True).page()


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
def test_name_without_caption(site: Site, core: FakeCore, builder: str) -> None:
    """A name makes a target, also where there is no figure."""
    del core
    site.write(index_rst="T\n=\n\n:ref:`It <net>`\n\n.. keras-diagram:: m:f\n   :name: net\n")
    result = site.build(builder, strict=True)
    assert not result.warnings
    if builder == "html":
        assert '<div class="keras-diagram no-search" id="net">' in result.page()
        assert 'href="#net"' in result.page()
    if builder == "latex":
        assert r"\label{\detokenize{index:net}}" in result.page("site.tex")


@pytest.mark.parametrize(
    ("target", "href"),
    [
        ("https://example.org/?a=1&b=%22", "https://example.org/?a=1&amp;b=%22"),
        ('https://x.org/"><script>', "https://x.org/&quot;&gt;&lt;script&gt;"),
        ("Title_", "#title"),
    ],
)
def test_target(site: Site, core: FakeCore, target: str, href: str) -> None:
    """A picture can be a link, inside or outside of a figure."""
    del core
    directive = f".. keras-diagram:: m:f\n   :target: {target}\n"
    site.write(index_rst=f"Title\n=====\n\n{directive}   :caption: C\n\n{directive}\nMore\n----\n")
    result = site.build(strict=True)
    assert not result.warnings
    assert result.page().count(f'image-reference" href="{href}"><svg') == 2
    assert "<script>alert" not in result.page()


@pytest.mark.parametrize(
    ("option", "style"),
    [
        (":width: 60%", "width:60%;height:auto"),
        (":width: 30em", "width:30em;height:auto"),
        (":height: 80", "width:auto;height:80px"),
        (":scale: 50%", "width:200px;height:auto"),
        (":width: 30em\n   :scale: 50", "width:15em;height:auto"),
    ],
)
def test_display_size(site: Site, core: FakeCore, option: str, style: str) -> None:
    """Lengths size the finished picture; the request does not know them."""
    site.write(index_rst=f".. keras-diagram:: m:f\n   {option}\n")
    assert f'<svg style="{style}" ' in site.build(strict=True).page()
    assert core.batches == [[parse_request("m:f")]]


@pytest.mark.parametrize("width", ["600", "600px"])
def test_width_in_pixels_is_the_layouts(site: Site, core: FakeCore, width: str) -> None:
    """A number of pixels decides how the picture is laid out."""
    page = site.write(index_rst=f".. keras-diagram:: m:f\n   :width: {width}\n").build().page()
    assert core.batches == [[parse_request("m:f", {"width": 600})]]
    assert "<svg style" not in page


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("m:f\n   :captoin: C", "There is no option 'captoin'. Did you mean 'caption'?"),
        (
            "m:f\n   :drawvolume: no",
            "There is no option 'drawvolume'. Did you mean 'draw-volume'?",
        ),
        ("m:f\n   :kwarg: {}", "There is no option 'kwarg'. Did you mean 'kwargs'?"),
        ("m:f\n   :view: layred", "There is no view 'layred'. Did you mean 'layered'?"),
        ("m:f\n   :align: middle", "The option 'align' cannot be 'middle'."),
        (
            "m:f\n   :width: wide",
            "The option 'width' cannot be 'wide'. It takes a whole",
        ),
        ("m:f\n   :scale:", "The option 'scale' cannot be ''."),
        ("m:f\n   :figwidth:", "The option 'figwidth' cannot be ''."),
        ("m:f\n   :caption:", "The option 'caption' cannot be ''."),
        ("m:f\n   :width: 5", "The option 'width' cannot be '5'."),
        ("m:f\n   :kwargs: [1", "The kwargs are neither YAML nor JSON"),
        (
            f"m:f\n   :kwargs: {{a: {'9' * 5000}}}",
            "The kwargs are neither YAML nor JSON: a",
        ),
        (f"m:f\n   :input-shape: {'[' * 900}{']' * 900}", "The input-shape cannot be read: it is"),
        (f"m:f\n   :width: {'9' * 5000}", "The option 'width' cannot be '999"),
        (f"m:f\n   :scale: {'9' * 5000}", "The option 'scale' cannot be '999"),
        ("m:f\n   :inputs: {a: &a {shape: [3]}, b: *a}", "The inputs cannot be read: an alias"),
        (f"\n\n   target: m:f\n   depth: {'9' * 5000}", "The body is not YAML: a number has"),
        ("m:f\n   :depth: -1", "The depth cannot be '-1'."),
        ("build", "'build' is not a target."),
        ("\n   :depth: 1", "The target is missing."),
        ("m:f\n   :input-shap: 3", "There is no option 'input-shap'. Did you mean 'input-shape'?"),
        ("m:f\n   :input-shape: x", "Not an input"),
        ("m:f\n\n   Some text.", "A diagram has either a target or a body with code."),
        ("\n   :kwargs: {a: 1}\n\n   model = 1", "There is nothing to call in the code"),
        ("\n\n   view: layered", "The target is missing."),
        ("\n\n   target: a: b", "The body is not YAML"),
        ("\n\n   code: {a: b}", "The code is not text."),
        ("m:f\n   :show-source:", "There is no source to show: the diagram has a target."),
        ("\n   :show-source: x\n\n   model = 1", "The option 'show-source' cannot be 'x'."),
    ],
)
def test_bad_markup(site: Site, core: FakeCore, directive: str, message: str) -> None:
    """One warning with its place and type, and a note in the page; the build goes on."""
    site.configure('suppress_warnings = ["keras_diagram.config"]')
    site.write(index_rst=f"Title\n=====\n\n.. keras-diagram:: {directive}\n\nAfter it.\n")
    result = site.build()
    warning = only_warning(result.warning_lines)
    assert warning.startswith(f"{site.folder / 'index.rst'}:4: WARNING: {message}")
    assert warning.endswith("[keras_diagram.request]")
    assert '<div class="keras-diagram-error admonition error">' in result.page()
    assert "could not be drawn: " in result.page()
    assert "After it." in result.page()
    assert core.batches == []


def test_bad_markup_in_myst(site: Site, core: FakeCore) -> None:
    """The same words in Markdown."""
    del core
    site.write(index_md="# T\n\n```{keras-diagram} m:f\n:captoin: C\n:align: middle\n```\n")
    warning = only_warning(site.build().warning_lines)
    assert warning.startswith(f"{site.folder / 'index.md'}:3: WARNING: There is no option 'capt")
    assert warning.endswith("Did you mean 'caption'? [keras_diagram.request]")


def test_warnings_can_be_silenced_by_kind(site: Site, core: FakeCore) -> None:
    """A type and subtypes, for `suppress_warnings`."""
    del core
    site.configure('suppress_warnings = ["keras_diagram.request"]')
    assert not site.write(index_rst=".. keras-diagram:: nothing\n").build().warnings


def test_bad_markup_fails_every_strict_build(site: Site, core: FakeCore) -> None:
    """The page is read again, until it is right."""
    site.write(index_rst=".. keras-diagram:: nothing\n   :name: net\n\n`net`_\n")
    first, second = site.build(strict=True), site.build(strict=True)
    assert [first.status, second.status] == [1, 1]
    assert only_warning(second.warning_lines)
    site.write(index_rst=".. keras-diagram:: m:f\n   :name: net\n\n`net`_\n")
    fixed = site.build(strict=True)
    assert fixed.status == 0
    assert "<svg" in fixed.page()
    assert "0 added, 0 changed, 0 removed" in site.build(strict=True).output
    assert core.batches


def test_included_files_are_named(site: Site, core: FakeCore) -> None:
    """A warning names the file that holds the directive."""
    del core
    site.write(index_rst="T\n=\n\n.. include:: _part.txt\n", _part_txt="\n.. keras-diagram:: x\n")
    warning = only_warning(site.build().warning_lines)
    assert re.search(r"_part\.txt:2: WARNING", warning)


def test_captions_and_alt_are_translatable(site: Site, core: FakeCore) -> None:
    """The catalogues hold the author's words and none of ours; nothing is drawn for them."""
    site.write(index_rst=RST)
    result = site.build("gettext", strict=True)
    catalogue = result.page("index.pot")
    assert 'msgid "The *network*"' in catalogue
    assert 'msgid "It \\"is\\" <b> & \N{ROCKET}"' in catalogue
    assert "in words" not in catalogue
    assert core.batches == []


def test_translations_are_used(site: Site, core: FakeCore) -> None:
    """Caption and alt appear in the language of the build."""
    del core
    catalogues = site.folder / "_locale" / "de" / "LC_MESSAGES"
    catalogues.mkdir(parents=True)
    (catalogues / "index.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "The *network*"\nmsgstr "Das *Netz*"\n\n'
        'msgid "Words"\nmsgstr "Worte"\n',
        encoding="utf-8",
    )
    site.configure('language = "de"\nlocale_dirs = ["_locale"]\n')
    site.write(index_rst=".. keras-diagram:: m:f\n   :caption: The *network*\n   :alt: Words\n")
    result = site.build(strict=True)
    assert "Das <em>Netz</em>" in result.page()
    assert 'aria-label="Worte"' in result.page()
