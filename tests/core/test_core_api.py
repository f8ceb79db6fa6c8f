"""The whole way from a request to a picture, with the real worker and Keras."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from keras_diagram_core import (
    BuilderError,
    EnvironmentProblem,
    Project,
    RequestError,
    Settings,
    TargetError,
    parse_request,
    render,
    render_all,
)

BUILDER = """
import json, os
from pathlib import Path

if "FORBID_IMPORT" in dict(os.environ):  # in a copy: a read by name would be noticed
    raise RuntimeError("the builder's module was imported")

import keras
from zoo import sizes

def build(extra=None):
    units = json.loads(Path(__file__).with_name("units.json").read_text())
    layers = [keras.layers.Dense(n) for n in [*units, sizes.LAST]]
    return keras.Sequential([keras.Input((4,)), *layers], name="stack")
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A project whose one model has been extracted and drawn."""
    root = tmp_path_factory.mktemp("project")
    package = root / "zoo"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(BUILDER)
    (package / "sizes.py").write_text("LAST = 3\n")
    (package / "units.json").write_text("[8, 16]")
    (package / "other.py").write_text("UNRELATED = 1\n")
    for path in package.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    batch = build(root)
    assert (batch.extracted, batch.redrawn, batch.cached) == (1, 1, 0)
    return root


@pytest.fixture
def project(filled, tmp_path):
    """A copy of the project, its cache included, at another place."""
    return Path(shutil.copytree(filled, tmp_path / "elsewhere"))


def settings(root: Path) -> Settings:
    path = (str(root), *(os.path.abspath(entry) for entry in sys.path))
    project = Project(base=str(root), search_path=path, backend="none")
    return Settings(project=project, cache=root / ".cache" / "k")


def build(root: Path, **options: object):
    batch = render_all([parse_request("zoo.models:build", options)], settings(root))
    [outcome] = batch.outcomes.values()
    assert outcome.error is None, outcome.error
    return batch


def counts(batch) -> tuple[int, int, int]:
    return batch.extracted, batch.redrawn, batch.cached


pytestmark = pytest.mark.keras


def test_nothing_is_imported_when_nothing_changed(project, tmp_path):
    """`import keras` and the builder's module raise; the picture comes all the same."""
    trap = tmp_path / "trap" / "keras"
    trap.mkdir(parents=True)
    (trap / "__init__.py").write_text("raise RuntimeError('keras was imported')")
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from test_core_api import build, counts
        print(counts(build(Path(sys.argv[2]))), counts(build(Path(sys.argv[2]), width=500)))
        assert "keras" not in sys.modules and "zoo" not in sys.modules
    """)
    path = os.pathsep.join([str(trap.parent), os.environ.get("PYTHONPATH", "")])
    environ = {**os.environ, "PYTHONPATH": path, "FORBID_IMPORT": "1"}
    result = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(project)],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == "(0, 0, 1) (0, 1, 0)"


def test_an_unrelated_change_does_nothing(project):
    (project / "zoo" / "other.py").write_text("UNRELATED = 2\n")
    (project / "notes.txt").write_text("hello")
    assert counts(build(project)) == (0, 0, 1)


def test_a_change_that_leaves_the_model_as_it_is_redraws_nothing(project):
    source = project / "zoo" / "sizes.py"
    source.write_text("# The last layer's size.\nLAST = 3\n")
    os.utime(source, (1_700_000_001, 1_700_000_001))
    assert counts(build(project)) == (1, 0, 1)
    assert counts(build(project)) == (0, 0, 1)


def test_a_changed_data_file_gives_another_picture(project):
    before = build(project)
    data = project / "zoo" / "units.json"
    data.write_text("[8, 16, 32]")
    os.utime(data, (1_700_000_001, 1_700_000_001))
    after = build(project)
    assert counts(after) == (1, 1, 0)
    pictures = [next(iter(b.outcomes.values())).artifacts["svg"] for b in (before, after)]
    assert pictures[0].key != pictures[1].key
    assert b"dense_3" in pictures[1].data


def test_a_module_that_shadows_one_of_the_sources_is_noticed(project):
    """`sizes/` as a package comes before `sizes.py`."""
    (project / "zoo" / "sizes").mkdir()
    source = project / "zoo" / "sizes" / "__init__.py"
    source.write_text("LAST = 7\n")
    os.utime(source, (1_700_000_001, 1_700_000_001))
    batch = build(project)
    assert counts(batch) == (1, 1, 0)


def test_a_damaged_cache_is_made_good(project):
    for path in (project / ".cache" / "k").glob("*/*"):
        path.write_bytes(b"\x00garbage")
    assert counts(build(project)) == (1, 1, 0)
    assert counts(build(project)) == (0, 0, 1)


def test_no_absolute_path_is_written_down(project):
    text = "".join(
        path.read_text() for path in (project / ".cache" / "k").glob("manifests/*.json")
    )
    assert "zoo/models.py" in text
    for source in json.loads(text)["content"]["manifest"]["sources"]:
        assert not os.path.isabs(source["path"])


def test_render_gives_svg_and_png(project):
    svg = render("zoo.models:build", settings=settings(project))
    png = render("zoo.models:build", format="png", settings=settings(project))
    assert (svg.media_type, png.media_type) == ("image/svg+xml", "image/png")
    assert (svg.width, svg.height) == (png.width, png.height)
    assert svg.data.startswith(b"<svg")
    assert png.data.startswith(b"\x89PNG")
    assert svg.alt == png.alt


FAILURES = {
    "zoo.nowhere:build": TargetError,
    "json:dumps": TargetError,
    "zoo.missing:build": EnvironmentProblem,
    "zoo.raising:build": BuilderError,
}


def test_each_failure_has_its_own_class(project):
    (project / "zoo" / "missing.py").write_text("import no_such_package_anywhere\n")
    (project / "zoo" / "raising.py").write_text("1 / 0\n")
    requests = {target: parse_request(target) for target in FAILURES}
    outcomes = render_all([*requests.values()], settings(project)).outcomes
    found = {target: outcomes[request.digest].error for target, request in requests.items()}
    assert {target: type(error) for target, error in found.items()} == FAILURES


@pytest.mark.parametrize(
    ("target", "error"), [("nonsense", RequestError), ("json:dumps", TargetError)]
)
def test_a_failure_is_raised_where_one_picture_is_wanted(project, target, error):
    with pytest.raises(error):
        render(target, settings=settings(project))


def test_one_bad_diagram_does_not_stop_the_others(project):
    bad = parse_request("zoo.models:nothing")
    good = parse_request("zoo.models:build")
    batch = render_all([bad, good], settings(project))
    assert batch.outcomes[bad.digest].error.subtype == "target"
    assert batch.outcomes[good.digest].artifacts
    assert batch.outcomes[bad.digest].sources == (str(project / "zoo" / "models.py"),)


def test_an_error_is_told_without_its_sources(project, monkeypatch):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr(Project, "locate", fail)
    request = parse_request("absent.keras")
    outcome = render_all([request], settings(project)).outcomes[request.digest]
    assert isinstance(outcome.error, TargetError)
    assert outcome.sources == ()


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are Unicode elsewhere")
@pytest.mark.parametrize("inside", [True, False])
def test_names_of_folders_need_not_be_unicode(tmp_path, inside):
    """Such a model is drawn; it is kept if that can be written down."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "m.py").write_text(
        "import keras\nmodel = keras.Sequential([keras.layers.Dense(2)])\n"
    )
    base = folder if inside else tmp_path
    where = Project(base=str(base), search_path=(str(folder),), backend="none")
    request = parse_request("m:model", {"input-shape": [4]})
    for extracted in (1, 0 if inside else 1):
        batch = render_all([request], Settings(project=where, cache=tmp_path / "cache"))
        assert batch.outcomes[request.digest].error is None
        assert batch.extracted == extracted
