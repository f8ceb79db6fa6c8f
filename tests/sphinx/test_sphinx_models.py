"""Whole builds with the real core: extraction once, then the cache, without Keras."""

from __future__ import annotations

import re
import shutil
import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sphinx_site import Result, Site

TINY = Path(__file__).parents[1] / "projects" / "models" / "tiny.py"
CONF = """
import os, sys

keras_diagram_backend = "none"  # a second to import, and the same graphs
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "_code"))
if "NO_KERAS" in os.environ:
    sys.path.insert(0, os.path.join(here, "_shadow"))
"""
NETS = """
import os

if "NO_KERAS" in dict(os.environ):  # in a copy: a read by name would be noticed
    raise AssertionError("The code of the models was run.")

from tiny import build_mlp
"""
STARTER = """
import subprocess
from pathlib import Path
import keras

def build():
    units = subprocess.check_output(["cat", Path(__file__).with_name("units.txt")])
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(int(units))])
"""
MLP = ".. keras-diagram:: nets:build_mlp\n"

further = partial(pytest.param, marks=pytest.mark.proof)
"""A case of a kind of error that another case shows, too."""


def svg_of(page: str) -> str:
    """Cut the picture out of a page."""
    match = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert match
    return match[0]


def summary_of(result: Result) -> str:
    """Give the build's line about diagrams."""
    match = re.search(r"keras-diagram: (.*)", result.output)
    assert match
    return match[1]


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Result]:
    """A project, built once with the real Keras; tests leave it as it is."""
    site = Site(tmp_path_factory.mktemp("first")).configure(CONF)
    for name, text in {
        "_code/nets.py": NETS,
        "_code/tiny.py": TINY.read_text(encoding="utf-8"),
        "_shadow/keras/__init__.py": "raise AssertionError('Keras was imported.')",
    }.items():
        path = site.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    site.write(
        index_rst=f"T\n=\n\n{MLP}",
        myst_md="---\norphan: true\n---\n\n```{keras-diagram} nets:build_mlp\n```\n",
        fence_md="---\norphan: true\n---\n\n```keras-diagram\ntarget: nets:build_mlp\n```\n",
        other_rst=":orphan:\n\n.. keras-diagram:: tiny:build_residual\n   :caption: Residual\n",
    )
    return site, site.build(jobs=4)


@pytest.fixture
def copy(first: tuple[Site, Result], tmp_path: Path) -> Site:
    """The same project elsewhere, with its cache and without its output."""
    folder = tmp_path / "copy"
    shutil.copytree(first[0].folder, folder, ignore=shutil.ignore_patterns("_build"))
    return Site(folder)


@pytest.fixture
def no_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, whoever imports Keras or the models' code fails."""
    monkeypatch.setenv("NO_KERAS", "1")


@pytest.mark.keras
def test_real_models(first: tuple[Site, Result]) -> None:
    """All ways of writing show the same picture; each model is extracted once."""
    _, result = first
    assert not result.warnings
    assert summary_of(result) == "extracted 2, redrawn 2, from cache 0"
    assert "extracting models... [1/2] " in result.output
    pictures = {svg_of(result.page(f"{name}.html")) for name in ("index", "myst", "fence")}
    assert len(pictures) == 1
    assert 'data-kd-type="Dense"' in pictures.pop()
    assert 'data-kd-type="Conv2D"' in result.page("other.html")
    assert not {"keras", "tensorflow"} & sys.modules.keys()


@pytest.mark.keras
@pytest.mark.usefixtures("no_keras")
def test_all_builders_draw_from_the_cache(copy: Site, first: tuple[Site, Result]) -> None:
    """The cache travels, and holds what other formats are drawn from."""
    html = copy.build(strict=True, jobs=4)
    assert not html.warnings
    assert summary_of(html) == "extracted 0, redrawn 0, from cache 2"
    assert svg_of(html.page()) == svg_of(first[1].page())
    for builder in ["dirhtml", "singlehtml", "epub", "latex", "texinfo", "text", "man"]:
        (copy.folder / "conf.py").write_text(
            (first[0].folder / "conf.py").read_text("utf-8") + "version = copyright = '1'\n",
            encoding="utf-8",
        )
        result = copy.build(builder, strict=True)
        drawn = 2 if builder in {"latex", "texinfo"} else 0  # that want PDF and PNG
        assert not result.warnings
        assert summary_of(result) == f"extracted 0, redrawn {drawn}, from cache {2 - drawn}"
    (image, *_) = (copy.folder / "_build" / "latex").glob("*.pdf")
    assert image.read_bytes().startswith(b"%PDF")


@pytest.mark.keras
def test_code_in_a_folder_without_init(site: Site) -> None:
    """Python imports from such a folder below a package; a second build finds the code, too."""
    code = site.configure(CONF).folder / "_code" / "shop" / "nets" / "tiny.py"
    code.parent.mkdir(parents=True)
    (code.parents[1] / "__init__.py").touch()
    code.write_bytes(TINY.read_bytes())
    site.write(index_rst="T\n=\n\n.. keras-diagram:: shop.nets.tiny:build_mlp\n")
    first, again = site.build(strict=True), site.build(strict=True)
    assert summary_of(first) == "extracted 1, redrawn 1, from cache 0"
    assert summary_of(again) == "extracted 0, redrawn 0, from cache 1"
    code.write_text("def build_mlp(:\n", encoding="utf-8")
    assert "invalid syntax" in site.build().warnings


@pytest.mark.keras
@pytest.mark.usefixtures("no_keras")
def test_changes_that_need_no_keras(copy: Site) -> None:
    """Words around a diagram draw nothing, and options draw their picture alone."""
    copy.build(strict=True)
    copy.write(index_rst=f"T\n=\n\nMore words.\n\n{MLP}")
    words = copy.build(strict=True)
    assert summary_of(words) == "extracted 0, redrawn 0, from cache 2"
    assert words.written == {"index"}
    before = svg_of(words.page())
    copy.write(index_rst=f"T\n=\n\nMore words.\n\n{MLP}   :show-layer-names:\n")
    option = copy.build(strict=True)
    assert summary_of(option) == "extracted 0, redrawn 1, from cache 2"
    assert option.written == {"index"}
    assert svg_of(option.page()) != before


@pytest.mark.keras
def test_a_comment_in_the_code_changes_no_page(copy: Site) -> None:
    """The model is extracted again, since its source has changed, and is what it was."""
    copy.build(strict=True)
    nets = copy.folder / "_code" / "nets.py"
    nets.write_text(f"{NETS}\n# A comment.\n", encoding="utf-8")
    result = copy.build(strict=True)
    assert summary_of(result) == "extracted 1, redrawn 0, from cache 2"
    assert result.written == set()
    assert summary_of(copy.build(strict=True)) == "extracted 0, redrawn 0, from cache 2"


@pytest.mark.keras
def test_broken_code_and_its_repair(copy: Site) -> None:
    """Pages of the broken model say so, until the code is what it was."""
    copy.build(strict=True)
    nets = copy.folder / "_code" / "nets.py"
    nets.write_text("raise ValueError('not \\N{ROCKET} today')\n", encoding="utf-8")
    for _ in range(2):
        broken = copy.build(strict=True)
        assert broken.status == 1
        (warning,) = broken.warning_lines
        assert "fence.md:5: WARNING" in warning
        assert "ValueError: not \N{ROCKET} today" in broken.warnings
        assert "nets.py" in broken.warnings
        assert broken.warnings.rstrip().endswith("[keras_diagram.builder]")
    assert "keras-diagram-error" in broken.page()
    assert "<svg" in broken.page("other.html")
    nets.write_text(NETS, encoding="utf-8")
    repaired = copy.build(strict=True)
    assert summary_of(repaired) == "extracted 0, redrawn 0, from cache 2"
    assert repaired.written == {"index", "myst", "fence"}
    assert "<svg" in repaired.page()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "target", "subtype"),
    [
        ("", "broken:build", "target"),
        ("import not_installed_at_all", "broken:build", "environment"),
        ("def build():\n    import time; time.sleep(60)", "broken:build", "builder"),
        further("", "nowhere.mod:build", "target"),
        further("def build(n):\n    pass", "broken:build", "target"),
        further("def build():\n    raise ValueError('no')", "broken:build", "builder"),
        further("def build():\n    raise SystemExit(3)", "broken:build", "builder"),
    ],
)
def test_errors_of_the_users_code(site: Site, code: str, target: str, subtype: str) -> None:
    """Each kind has its subtype; the build ends well and leaves nothing in the cache."""
    site.configure(f"{CONF}\nkeras_diagram_timeout = 4\n")
    (site.folder / "_code").mkdir()
    (site.folder / "_code" / "broken.py").write_text(code, encoding="utf-8")
    result = site.write(index_rst=f"T\n=\n\n.. keras-diagram:: {target}\n").build()
    (warning,) = result.warning_lines
    assert warning.startswith(f"{site.folder / 'index.rst'}:4: WARNING: ")
    assert result.warnings.rstrip().endswith(f"[keras_diagram.{subtype}]")
    assert f"The diagram of {target} could not be drawn: " in result.page()


@pytest.mark.keras
def test_odd_names_spoil_no_file(tmp_path: Path) -> None:
    """Control characters are in no document: XML would not be well-formed, TeX would stop."""
    projects = str(TINY.parents[1])
    site = Site(tmp_path).configure(
        f"import sys\nsys.path.insert(0, {projects!r})\nkeras_diagram_backend = 'none'\n"
        'version = "1"\ncopyright = "me"'
    )
    site.write(
        index_rst="""\
        T
        =

        .. keras-diagram:: models.odd_names:build
        .. keras-diagram:: models.odd_names:fails
        """
    )
    books = [site.build("epub").outdir, site.build("latex").outdir]
    for path in (path for folder in books for path in folder.rglob("*")):
        if path.suffix in {".xhtml", ".svg", ".opf", ".ncx"}:
            ET.parse(path)
        if path.suffix in {".xhtml", ".tex"}:
            text = path.read_text(encoding="utf-8")
            assert re.sub(r"[\n\t]", "", text).isprintable()


@pytest.mark.keras
def test_what_a_process_reads_has_to_be_named(tmp_path: Path) -> None:
    """A note says so; then a change is drawn, whether the page or conf.py names the file."""
    site = Site(tmp_path).configure(CONF)
    code = site.folder / "_code"
    code.mkdir()
    (code / "starter.py").write_text(STARTER)
    (code / "units.txt").write_text("37")
    directive = "T\n=\n\n.. keras-diagram:: starter:build\n"
    (warning,) = site.write(index_rst=directive).build().warning_lines
    assert "starter.py (line 7) starts a process" in warning
    assert warning.endswith("name them in `depends`. [keras_diagram.partial]")
    named = site.write(index_rst=f"{directive}   :depends: _code/units.txt\n").build(strict=True)
    assert ">37<" in named.page("index.html")
    (code / "units.txt").write_text("41")
    assert ">41<" in site.build(strict=True).page("index.html")
    site.configure(f"{CONF}keras_diagram_depends = ['_code/*.txt', 'none.csv']\n")
    (warning,) = site.write(index_rst=directive).build().warning_lines
    assert "`depends` names 'none.csv', which matches no file." in warning
    (code / "units.txt").write_text("43")
    assert ">43<" in site.build().page("index.html")
    assert summary_of(site.build()) == "extracted 0, redrawn 0, from cache 1"
