"""What each builder's pages get."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from sphinx_site import FakeCore, Site

from keras_diagram_core import BuilderError

PAGE = """\
Title
=====

.. _before:

.. keras-diagram:: pkg.mod:build

.. keras-diagram:: pkg.mod:build
   :caption: A figure
   :name: fig
   :align: left
   :alt: Say "a" <b> & \N{ROCKET}
   :width: 60%

.. keras-diagram:: pkg.mod:linked
   :target: https://example.org/
   :height: 3em

See :ref:`it <before>` and :numref:`fig`.
"""
ESCAPED = "Say &quot;a&quot; &lt;b&gt; &amp; \N{ROCKET}"


def text_of(folder: Path, pattern: str) -> str:
    """Read the files that a builder wrote."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob(pattern)))


OF_OTHERS = pytest.mark.filterwarnings(
    # Their own calls into Sphinx.
    "ignore:.*(JSONHTMLBuilder.app|'tags')"
)


@pytest.mark.parametrize(
    "builder",
    [
        "html",
        "dirhtml",
        "singlehtml",
        pytest.param("json", marks=OF_OTHERS),
        pytest.param("qthelp", marks=OF_OTHERS),
    ],
)
@pytest.mark.parametrize("jobs", [1, 4])
def test_web_pages(site: Site, core: FakeCore, builder: str, jobs: int) -> None:
    """Inline SVG, with the author's words in an attribute."""
    result = site.write(index_rst=PAGE).build(builder, strict=True, jobs=jobs)
    page = result.page("index.fjson" if builder == "json" else "index.html")
    if builder == "json":
        page = json.loads(page)["body"]
    assert not result.warnings
    assert page.count("<svg ") == 3
    assert f'style="width:60%;height:auto" aria-label="{ESCAPED}"' in page
    assert 'href="https://example.org/"><svg style="width:auto;height:3em"' in page
    assert 'no-search" id="before">' in page
    assert not list(result.outdir.glob("_images/*"))
    assert core.batches


def test_pages_can_load_the_picture_instead(site: Site, core: FakeCore) -> None:
    """`loading` other than `embed` makes the picture a file."""
    del core
    site.write(index_rst=".. keras-diagram:: m:f\n   :loading: lazy\n   :alt: A lazy picture\n")
    result = site.build(strict=True)
    (file,) = result.outdir.glob("_images/*.svg")
    assert f'src="_images/{file.name}"' in result.page()
    assert 'loading="lazy"' in result.page()
    assert 'alt="A lazy picture"' in result.page()
    assert file.read_bytes().startswith(b"<svg ")


def test_epub(site: Site, core: FakeCore) -> None:
    """SVG files, listed in the book."""
    del core
    site.configure('version = "1"\ncopyright = "me"\nepub_show_urls = "no"')
    result = site.write(index_rst=PAGE).build("epub", strict=True)
    page = result.page("index.xhtml")
    assert not result.warnings
    assert f'alt="{ESCAPED}"' in page
    assert 'alt="The model pkg.mod:build, in words."' in page
    assert '<a class="reference external image-reference" href="https://example.org/"' in page
    (book,) = result.outdir.glob("*.epub")
    images = [name for name in zipfile.ZipFile(book).namelist() if name.endswith(".svg")]
    assert len(images) == 2
    for image in images:
        assert f'src="{image.removeprefix("EPUB/")}"' in page
        assert image.removeprefix("EPUB/") in result.page("content.opf")


def test_latex(site: Site, core: FakeCore) -> None:
    """PDF files at the size that the SVG has."""
    del core
    result = site.write(index_rst=PAGE).build("latex", strict=True)
    page = result.page("site.tex")
    images = [path.stem for path in result.outdir.glob("*.pdf")]
    assert not result.warnings
    assert len(images) == 2
    assert r"[width=400\sphinxpxdimen]" in page
    assert r"[width=0.600\linewidth]" in page
    assert r"[height=3em]" in page
    assert all(f"{{{image}}}.pdf" in page for image in images)
    assert r"\caption{A figure}\label{\detokenize{index:fig}}" in page
    assert r"\label{\detokenize{index:before}}" in page
    assert r"\sphinxhref{https://example.org/}" in page


def test_texinfo(site: Site, core: FakeCore) -> None:
    """PNG files."""
    del core
    result = site.write(index_rst=PAGE).build("texinfo", strict=True)
    assert not result.warnings
    assert result.page("site.texi").count("@image{site-figures/") == 3
    assert len(list(result.outdir.glob("site-figures/*.png"))) == 2


@pytest.mark.parametrize(
    ("builder", "pattern"),
    [
        ("text", "index.txt"),
        ("man", "*.1"),
        ("xml", "index.xml"),
        ("pseudoxml", "index.pseudoxml"),
    ],
)
def test_words(site: Site, core: FakeCore, builder: str, pattern: str) -> None:
    """Where there are no pictures, the description stands."""
    del core
    site.configure("man_pages = [('index', 'site', 'Site', [], 1)]")
    result = site.write(index_rst=PAGE).build(builder, strict=True)
    text = text_of(result.outdir, pattern)
    assert not result.warnings
    assert "The model pkg.mod:build, in words." in text
    assert "The model pkg.mod:linked, in words." in text
    assert re.search('Say (\\\\\\(dq|"|&quot;)a', text)


@pytest.mark.parametrize("builder", ["linkcheck", "doctest", "coverage", "changes", "gettext"])
def test_builders_that_show_nothing(site: Site, core: FakeCore, builder: str) -> None:
    """Nothing is drawn for them, and nothing breaks."""
    site.configure(
        'extensions += ["sphinx.ext.doctest", "sphinx.ext.coverage"]\n'
        'linkcheck_ignore = [".*"]\nversion = "1"\n'
    )
    result = site.write(index_rst=PAGE).build(builder, strict=True)
    assert result.status == 0
    assert not result.warnings
    assert core.batches == []


@pytest.mark.parametrize(
    ("builder", "pattern"),
    [
        ("html", "index.html"),
        ("singlehtml", "index.html"),
        ("epub", "index.xhtml"),
        ("latex", "site.tex"),
        ("texinfo", "site.texi"),
        ("text", "index.txt"),
        ("man", "*.1"),
        ("xml", "index.xml"),
    ],
)
def test_failures_are_seen_everywhere(
    site: Site, core: FakeCore, builder: str, pattern: str
) -> None:
    """The page says what is missing and why."""
    core.errors["pkg.mod:build"] = BuilderError("It raised <ValueError>.", traceback="100 %s\n")
    core.errors["pkg.mod:linked"] = BuilderError("No luck.", hint="Try again.")
    site.configure("version = copyright = '1'\nman_pages = [('index', 'site', 'Site', [], 1)]")
    result = site.write(index_rst=PAGE).build(builder)
    text = " ".join(text_of(result.outdir, pattern).split()).replace("&lt;", "<")
    assert len(result.warning_lines) == 2
    assert re.search(
        "The diagram of pkg.mod:build could not be drawn: It raised (<|\\\\textless)", text
    )
    assert "The diagram of pkg.mod:linked could not be drawn: No luck." in text
    assert "Try again." in text
    assert "A figure" in text


def test_builders_share_doctrees(site: Site, core: FakeCore) -> None:
    """Each output folder gets what has changed since its own last build."""
    site.write(index_rst=".. keras-diagram:: m:f\n")
    for builder in ["html", "dirhtml"]:
        assert site.build(builder, strict=True).written == {"index"}
    core.versions["m:f"] = 2
    for builder in ["html", "dirhtml"]:
        assert site.build(builder, strict=True).written == {"index"}
        assert site.build(builder, strict=True).written == set()
