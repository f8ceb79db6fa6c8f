"""Whole sites with real models: drawn once with Keras, then from the cache without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import markdown
import pytest
from mkdocs.exceptions import Abort
from mkdocs_site import SITE_PAGE, Site

from mkdocs_keras_diagram.collector import LOGGER

pytestmark = pytest.mark.keras

MODELS = Path(__file__).parents[1] / "projects" / "models" / "tiny.py"
STARTER = """
import subprocess
from pathlib import Path
import keras

def build():
    units = subprocess.check_output(["cat", Path(__file__).with_name("units.txt")])
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(int(units))])
"""
SUMMARY_OF_HITS = "extracted 0, redrawn 0, from cache 2"


def without_keras(folder: Path) -> dict[str, str]:
    """An environment in which neither Keras nor the builders' code can run."""
    shadow = folder / "shadow"
    for package in ("keras", "tensorflow"):
        (shadow / package).mkdir(parents=True)
        (shadow / package / "__init__.py").write_text("raise ImportError('shadow')\n")
    path = os.pathsep.join([str(shadow), os.environ.get("PYTHONPATH", "")])
    return {"PYTHONPATH": path, "FORBID_BUILDERS": "1"}


def svgs(html: str) -> list[str]:
    return re.findall(r"<svg [^>]*class=\"kd .*?</svg>", html, re.DOTALL)


def test_first_build_draws_everything(drawn_site: Site) -> None:
    """Two diagrams of two models, each in its place, and the log tells of it."""
    html = drawn_site.html()
    assert len(svgs(html)) == 2
    assert '<figure class="keras-diagram" id="mlp"' in html
    assert "<figcaption>Words of the caption</figcaption>" in html
    assert re.search(r'class="tabbed-block">\s*<figure class="keras-diagram"', html)
    log = (drawn_site.folder / "first-build.txt").read_text(encoding="utf-8")
    assert "extracting models [2/2] models:build_cnn" in log
    assert "extracted 2, redrawn 2, from cache 0" in log


def test_search_finds_captions_but_no_labels(drawn_site: Site) -> None:
    """Material's index has the page's words, none of the pictures'."""
    found = drawn_site.search_text()
    assert "Words of the caption" in found
    for label in ("Conv2D", "Dense", "parameters", "--kd-"):
        assert label in drawn_site.html()
        assert label not in found


@pytest.mark.parametrize("directory_urls", [True, False])
def test_second_build_needs_no_keras(
    drawn_site: Site, copied_site: Site, tmp_path: Path, *, directory_urls: bool
) -> None:
    """An unchanged site is drawn from its cache, elsewhere too, with either kind of URL."""
    copied_site.config["use_directory_urls"] = directory_urls
    copied_site.page(SITE_PAGE, "other.md")
    before = copied_site.files()
    result = copied_site.build("--strict", **without_keras(tmp_path))
    assert result.returncode == 0, result.stderr
    assert SUMMARY_OF_HITS in result.stderr
    other = copied_site.html("other/index.html" if directory_urls else "other.html")
    assert svgs(other) == svgs(copied_site.html()) == svgs(drawn_site.html())
    assert copied_site.files() == before


def test_the_extension_alone_shares_the_cache(
    drawn_site: Site, copied_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Without MkDocs the page's HTML is complete, and made of the same pictures."""
    caplog.set_level("INFO", LOGGER)
    options = {"base": str(copied_site.folder), "paths": ["."], "backend": "none"}
    html = markdown.markdown(
        SITE_PAGE,
        extensions=["keras_diagram", "pymdownx.superfences", "pymdownx.tabbed"],
        extension_configs={"keras_diagram": options},
    )
    assert svgs(html) == svgs(drawn_site.html())
    assert caplog.messages == [SUMMARY_OF_HITS]


def test_changed_code_is_drawn_anew_in_one_process(copied_site: Site) -> None:
    """`mkdocs serve` builds again and again in one process; the picture follows the code."""
    first = copied_site.build_here()
    module = copied_site.folder / "models.py"
    code = module.read_text(encoding="utf-8")
    module.write_text(code.replace("build_mlp(units=8)", "build_mlp(units=77)"), encoding="utf-8")
    second = copied_site.build_here()
    assert svgs(first)[1] == svgs(second)[1]
    assert ">77<" in svgs(second)[0]
    assert ">77<" not in svgs(first)[0]
    assert "keras" not in sys.modules
    module.write_text("def build_mlp(:\n", encoding="utf-8")
    assert "keras-diagram-error" in copied_site.build_here()


def test_code_in_a_folder_without_init(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Python imports from such a folder below a package; a second build finds the code, too."""
    caplog.set_level("INFO", LOGGER)
    site.config["plugins"][1]["keras-diagram"]["backend"] = "none"
    code = site.folder / "shop" / "nets" / "tiny.py"
    code.parent.mkdir(parents=True)
    (code.parents[1] / "__init__.py").touch()
    code.write_bytes(MODELS.read_bytes())
    site.page("```keras-diagram\nshop.nets.tiny:build_mlp\n```\n")
    for summary in (
        "extracted 1, redrawn 1, from cache 0",
        "extracted 0, redrawn 0, from cache 1",
    ):
        site.build_here(strict=True)
        assert summary in caplog.messages[-1]
    code.write_text("def build_mlp(:\n", encoding="utf-8")
    site.build_here()
    assert "invalid syntax" in caplog.text


def test_what_a_process_reads_has_to_be_named(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """A note says so; then a change is drawn, whether the page or mkdocs.yml names the file."""
    caplog.set_level("INFO", LOGGER)
    (site.folder / "starter.py").write_text(STARTER, encoding="utf-8")
    units = site.folder / "units.txt"
    units.write_text("37")
    site.config["plugins"][1]["keras-diagram"]["backend"] = "none"
    site.page("```keras-diagram\nstarter:build\n```\n")
    site.build_here()
    assert "starter.py (line 7) starts a process" in caplog.text
    site.page("```keras-diagram\ntarget: starter:build\ndepends: [../units.txt]\n```\n")
    for text in ("37", "41"):
        units.write_text(text)
        assert f">{text}<" in site.build_here(strict=True)
    site.config["plugins"][1]["keras-diagram"]["depends"] = ["*.txt"]
    site.page("```keras-diagram\nstarter:build\n```\n")
    for text in ("43", "47"):
        units.write_text(text)
        assert f">{text}<" in site.build_here(strict=True)
    site.build_here()
    assert "extracted 0, redrawn 0, from cache 1" in caplog.messages[-1]
    site.config["plugins"][1]["keras-diagram"]["depends"] = ["env:"]
    with pytest.raises(Abort):
        site.build_here()
    assert "keras-diagram: `depends` names 'env:'" in caplog.text


def test_importing_the_packages_imports_no_keras() -> None:
    """MkDocs itself stays free of Keras, and plain Markdown of MkDocs."""
    code = (
        "import sys, mkdocs_keras_diagram.extension;"
        "names = {'keras', 'tensorflow', 'PIL', 'aggdraw', 'mkdocs'};"
        "sys.exit(str(names & set(sys.modules)) if names & set(sys.modules) else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_code_in_the_page(caplog: pytest.LogCaptureFixture) -> None:
    """The picture is that of the code; what fails is told where the fence stands."""
    built = "keras.Sequential([keras.Input((37,)), keras.layers.ReLU()])"
    good = f"code: |\n  import keras\n\n  model = {built}\n"
    bad = "code: |\n  model = no_such_name\n"
    fences = "\n\n".join(f"```keras-diagram\n{body}```" for body in (good, bad))
    html = markdown.markdown(
        fences, extensions=["keras_diagram"], extension_configs={"keras_diagram": {"cache": ""}}
    )
    (picture,) = svgs(html)
    assert ">37</text>" in picture
    (warning,) = [text for text in caplog.messages if "no_such_name" in text]
    assert warning.startswith("line 8: ")
