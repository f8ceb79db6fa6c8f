"""The documentation and the example site build without a warning, and leave nothing out."""

import inspect
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import msgspec
import pytest
from sphinx.util.inventory import InventoryFile

import keras_diagram_core
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from mkdocs_keras_diagram.markup import Figure
from sphinx_keras_diagram.options import PAGE_OPTIONS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLE = "mkdocs-example"
sys.path.insert(0, str(ROOT / "tests" / "bench"))

from layout_report import APPLICATIONS  # noqa: E402  (a folder of scripts, not a package)


@dataclass(frozen=True)
class Built:
    """The documentation as Sphinx built it, and the cache that it filled."""

    site: Path
    cache: Path


def run(*command: str | Path, folder: Path) -> str:
    """Run a command that must succeed, and give all that it says."""
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("docs")
    built = Built(folder / "html", folder / "cache")
    options = ["-n", "-W", "--keep-going", "-d", folder / "doctrees"]
    options += ["-D", f"keras_diagram_cache={built.cache}"]
    run("sphinx", *options, "-b", "html", DOCS, built.site, folder=ROOT)
    return built


@pytest.mark.keras
def test_every_page_has_its_pictures(built: Built) -> None:
    """Sphinx warns of nothing, and each directive of the gallery has become a picture."""
    gallery = (DOCS / "gallery.rst").read_text(encoding="utf-8")
    html = (built.site / "gallery.html").read_text(encoding="utf-8")
    directives = re.findall(r"^\.\. keras-diagram::", gallery, re.MULTILINE)
    views = re.findall(r'class="kd kd-view-(\w+)"', html)
    assert len(views) == len(directives) == 16
    assert set(views) == {"layered", "blocks", "functional", "graph", "lenet"}
    assert re.search(r'href="#resnet50"><span class="std std-numref">Fig\. \d', html)


@pytest.mark.keras
def test_all_applications_are_shown(built: Built) -> None:
    """Each model of `keras.applications` is a small picture that links to the full one."""
    html = (built.site / "applications.html").read_text(encoding="utf-8")
    assert sorted(re.findall(r"<strong>(\w+)</strong>", html)) == sorted(APPLICATIONS)
    links = re.findall(r'<a class="[^"]*image-reference[^"]*" href="([^"]+\.svg)"', html)
    assert len(set(links)) == len(links) == len(APPLICATIONS)
    assert all((built.site / link).is_file() for link in links)


@pytest.mark.keras
@pytest.mark.parametrize("name", ["vgg16", "resnet50", "unet"])
def test_pictures_of_the_readme_are_of_today(built: Built, name: str) -> None:
    """A committed picture is what the code draws now; if not, `keras-diagram render` it again."""
    committed = (DOCS / "_static" / f"{name}.svg").read_bytes()
    assert committed in [path.read_bytes() for path in built.cache.glob("artifacts/*.svg")]


@pytest.mark.keras
def test_every_public_name_is_documented(built: Built) -> None:
    """The reference of Python has what `keras_diagram_core` exports."""
    inventory = InventoryFile.loads((built.site / "objects.inv").read_bytes(), uri="")
    names = {name for objects in inventory.data.values() for name in objects}
    public = {f"keras_diagram_core.{name}" for name in keras_diagram_core.__all__}
    assert not public - names


def test_every_figure_option_is_documented() -> None:
    """What the page decides is written by hand, for it is each host's own."""
    page = (DOCS / "reference" / "options.md").read_text(encoding="utf-8")
    sphinx, markdown = re.split(r"^## The figure, in Markdown$", page, flags=re.MULTILINE)
    assert not [name for name in PAGE_OPTIONS if f"`{name}`" not in sphinx]
    keys = [field.metadata.get("key", field.name) for field in fields(Figure)]
    assert not [name for name in keys if f"`{name}`" not in markdown]


@pytest.mark.parametrize("type_", [ModelGraph, Node, Edge, Endpoint])
def test_every_field_of_the_graph_is_documented(type_: type[msgspec.Struct]) -> None:
    """The page about ModelGraph JSON names all fields."""
    page = (DOCS / "reference" / "modelgraph.md").read_text(encoding="utf-8")
    names = [field.encode_name for field in msgspec.structs.fields(type_)]
    assert not [name for name in names if f"`{name}`" not in page], inspect.getdoc(type_)


@pytest.mark.keras
def test_example_site_is_strictly_right(tmp_path: Path) -> None:
    """The site of `make demo` builds with --strict, each fence a picture."""
    for name in (EXAMPLE, "example_models"):
        ignore = shutil.ignore_patterns(".cache", "__pycache__")
        shutil.copytree(DOCS / name, tmp_path / "docs" / name, ignore=ignore)
    site = tmp_path / "docs" / EXAMPLE
    output = run("mkdocs", "build", "--strict", folder=site)
    html = (tmp_path / "build" / EXAMPLE / "index.html").read_text(encoding="utf-8")
    assert html.count('<figure class="keras-diagram"') == 9
    assert "extracted 8, redrawn 8, from cache 0" in output
