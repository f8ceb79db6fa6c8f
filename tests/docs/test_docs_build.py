"""The documentation and the example site build without a warning, and leave nothing out."""

import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sphinx.util.inventory import InventoryFile

import keras_diagram_core
from keras_diagram_core import (
    DiagramRequest,
    OptionSpec,
    Project,
    Settings,
    parse_request,
    render_all,
)
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from mkdocs_keras_diagram.markup import Figure
from sphinx_keras_diagram.options import PAGE_OPTIONS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLE = "mkdocs-example"
sys.path[:0] = [str(ROOT / "tests" / "bench"), str(DOCS / "_ext")]

import option_pictures  # noqa: E402  (an extension of the documentation, not a package)
from layout_report import APPLICATIONS  # noqa: E402  (a folder of scripts, not a package)
from option_pictures import OptionPicture  # noqa: E402

BACKENDS = ["none", pytest.param("", marks=pytest.mark.proof)]
"""Keras imports in a second without a backend; `make proof` builds with the default one, too."""

FEW = ("ResNet50", "MobileNetV2")
"""Applications that other pages draw, too: no more models have to be extracted for them."""


@dataclass(frozen=True)
class Built:
    """The documentation as Sphinx built it, and the cache that it filled.

    It shows the applications that are named, or all if there is no name.
    """

    site: Path
    cache: Path
    backend: str
    applications: tuple[str, ...]


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    """Run a module or a script that must succeed, and give all that it says."""
    start = [] if isinstance(command[0], Path) else ["-m"]
    result = subprocess.run(
        [sys.executable, *start, *command],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.fixture(scope="module", params=BACKENDS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All pages; all applications, and the theme of readers, in `make proof` alone."""
    folder = tmp_path_factory.mktemp("docs")
    backend = request.param
    built = Built(folder / "html", folder / "cache", backend, FEW if backend else ())
    options = ["-n", "-W", "--keep-going", "-d", folder / "doctrees"]
    options += ["-D", f"keras_diagram_cache={built.cache}"]
    options += ["-D", f"keras_diagram_backend={backend}"]
    if backend:
        options += ["-D", f"shown_applications={','.join(FEW)}", "-D", "html_theme=basic"]
    run("sphinx", *options, "-b", "html", DOCS, built.site, folder=ROOT)
    return built


@pytest.mark.keras
def test_every_page_has_its_pictures(built: Built) -> None:
    """Sphinx warns of nothing, and each directive of the gallery has become a picture."""
    gallery = (DOCS / "gallery.rst").read_text(encoding="utf-8")
    html = (built.site / "gallery.html").read_text(encoding="utf-8")
    directives = re.findall(r"^\.\. keras-diagram::", gallery, re.MULTILINE)
    views = re.findall(r'class="kd kd-view-(\w+)"', html)
    assert len(views) == len(directives) == 17
    assert set(views) == {"layered", "blocks", "functional", "graph", "lenet"}
    assert re.search(r'href="#resnet50"><span class="std std-numref">Fig\. \d', html)


@pytest.mark.keras
def test_all_applications_are_shown(built: Built) -> None:
    """Each model of `keras.applications` is a small picture that links to the full one."""
    page = (DOCS / "applications.rst").read_text(encoding="utf-8")
    groups = [
        group.split()
        for group in re.findall(r"^\.\. applications::\n((?:   .+\n)+)", page, re.MULTILINE)
    ]
    names = [name for group in groups for name in group]
    assert sorted(names) == sorted(APPLICATIONS)
    expected = [name for name in names if not built.applications or name in built.applications]
    html = (built.site / "applications.html").read_text(encoding="utf-8")
    assert re.findall(r"<strong>(\w+)</strong>", html) == expected
    links = re.findall(r'<a class="[^"]*image-reference[^"]*" href="([^"]+\.svg)"', html)
    assert len(set(links)) == len(links) == len(expected)
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


def test_every_option_has_a_picture() -> None:
    """A message names the option, and where its line is missing."""
    assert list(option_pictures.problems()) == []


def test_a_missing_picture_is_told_with_the_place_of_its_line() -> None:
    new = OptionSpec(name="blink", type="true | false", default="false", help="Blink.")
    with pytest.raises(LookupError, match=r"'blink' of 'layered' has no picture.*'layered:'"):
        option_pictures.picture_of(new, "layered")


@pytest.mark.keras
def test_every_option_has_an_entry(built: Built) -> None:
    """Each option of each view, and of the model, stands there; `auto` with `blocks`."""
    inventory = InventoryFile.loads((built.site / "objects.inv").read_bytes(), uri="")
    labels = set(inventory.data["std:label"])
    for section in option_pictures.sections():
        parts = ("common", "blocks" if section == "auto" else section)
        for spec in option_pictures.specs(section):
            assert labels & {f"option-{part}-{spec.name}" for part in parts}, (section, spec.name)


@pytest.mark.keras
def test_every_option_changes_its_picture(built: Built) -> None:
    """The pictures without the option and with it differ; the graphs are those of the build."""
    project = Project(base=str(DOCS), search_path=(str(DOCS),), backend=built.backend)
    settings = Settings(project=project, cache=built.cache)
    for format in ("svg", "png"):
        pairs = dict(picture_pairs(format))
        requests = [request for pair in pairs.values() for request in pair]
        batch = render_all(requests, settings, formats=[format])
        assert batch.extracted == 0
        for place, pair in pairs.items():
            without, shown = (batch.outcomes[request.digest] for request in pair)
            assert shown.error is None, (place, shown.error)
            if without.error is None:
                data = [outcome.artifacts[format].data for outcome in (without, shown)]
                assert data[0] != data[1], f"{place} shows nothing: choose another value or model."
            else:
                assert picture_at(*place).alone, (place, without.error)


def picture_at(section: str, option: str) -> OptionPicture:
    spec = next(spec for spec in option_pictures.specs(section) if spec.name == option)
    return option_pictures.picture_of(spec, section)


def picture_pairs(
    format: str,
) -> Iterator[tuple[tuple[str, str], tuple[DiagramRequest, DiagramRequest]]]:
    """Give the requests without and with each option by where it stands, for one format."""
    for section in option_pictures.sections():
        for spec in option_pictures.specs(section):
            picture = option_pictures.picture_of(spec, section)
            if picture.png == (format == "png") and not picture.unseen:
                pair = (picture.without, picture.shown)
                first, second = (asked(picture.target, each) for each in pair)
                yield (section, spec.name), (first, second)


def asked(target: str, settings: dict[str, Any]) -> DiagramRequest:
    """Ask as a page does: the path of an image begins with a `/`, for the folder of all pages."""
    request = parse_request(target, settings)
    return request.located(lambda path: path.removeprefix("/"), settings)


@pytest.mark.keras
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_calls_of_other_tools_run(tmp_path: Path, backend: str) -> None:
    """What stands beside them on the same pages is drawn as the documentation is built."""
    pages = [
        DOCS / "howto" / f"{name}.md" for name in ("visualkeras", "scikit-plots", "plot-model")
    ]
    path = os.pathsep.join([str(DOCS / "_ext"), os.environ.get("PYTHONPATH", "")])
    script = Path(__file__).with_name("migration_calls.py")
    output = run(script, backend, *pages, folder=tmp_path, PYTHONPATH=path)
    assert re.search(r"^calls: [3-9]\d$", output, re.MULTILINE)


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
@pytest.mark.parametrize("backend", BACKENDS)
def test_example_site_is_strictly_right(tmp_path: Path, backend: str) -> None:
    """The site of `make demo` builds with --strict, each fence a picture."""
    for name in (EXAMPLE, "example_models"):
        ignore = shutil.ignore_patterns(".cache", "__pycache__")
        shutil.copytree(DOCS / name, tmp_path / "docs" / name, ignore=ignore)
    site = tmp_path / "docs" / EXAMPLE
    config = (site / "mkdocs.yml").read_text(encoding="utf-8")
    before, plugin, after = config.partition("- keras-diagram:\n")
    chosen = f"      backend: '{backend}'\n"
    (site / "mkdocs.yml").write_text(before + plugin + chosen + after, encoding="utf-8")
    output = run("mkdocs", "build", "--strict", folder=site)
    html = (tmp_path / "build" / EXAMPLE / "index.html").read_text(encoding="utf-8")
    assert html.count('<figure class="keras-diagram"') == 9
    assert "extracted 8, redrawn 8, from cache 0" in output
