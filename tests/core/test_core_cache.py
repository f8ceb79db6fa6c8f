"""The cache never gives a wrong picture and never stops a build."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from core_graphs import load_graph

from keras_diagram_core.artifact import Artifact
from keras_diagram_core.cache import Cache, artifact_key
from keras_diagram_core.manifest import Distribution, Manifest, Source
from keras_diagram_core.options import parse_options
from keras_diagram_core.request import ModelRequest

MODEL = ModelRequest(target="a:b")
MANIFEST = Manifest(sources=(Source("a.py", "0" * 64),), distributions=(Distribution("x", "1"),))


def picture(data: bytes = b'<svg class="kd"></svg>') -> Artifact:
    return Artifact(key="0123abcd", format="svg", width=10, height=20, alt="A & B", data=data)


def filled(folder: Path) -> Cache:
    cache = Cache(folder)
    cache.keep_graph(MODEL, load_graph("cnn"), MANIFEST)
    cache.keep_artifact(picture())
    assert cache.problem == ""
    return cache


def recalled(folder: Path) -> tuple[object, object, object]:
    cache = Cache(folder)
    entry = cache.entry(MODEL)
    return entry, cache.graph(load_graph("cnn").digest), cache.artifact("0123abcd", "svg")


def test_what_was_kept_is_recalled(tmp_path):
    filled(tmp_path / "cache")
    entry, graph, artifact = recalled(tmp_path / "cache")
    assert entry.manifest == MANIFEST
    assert entry.graph == graph.digest
    assert graph == load_graph("cnn")
    assert artifact == picture()


def test_it_hides_from_git_and_backups(tmp_path):
    filled(tmp_path / "cache")
    assert (tmp_path / "cache" / ".gitignore").read_text() == "*\n"
    assert (tmp_path / "cache" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28")


def test_without_a_folder_nothing_is_kept():
    cache = Cache(None)
    cache.keep_artifact(picture())
    assert cache.artifact("0123abcd", "svg") is None
    assert cache.problem == ""


@pytest.mark.parametrize("seed", range(12))
def test_damaged_entries_are_misses(tmp_path, seed):
    filled(tmp_path / "cache")
    intact = recalled(tmp_path / "cache")
    dice = random.Random(seed)
    for path in sorted((tmp_path / "cache").glob("*/*")):
        data = path.read_bytes()
        cut = dice.randrange(len(data))
        damage = [data[:cut], b"", dice.randbytes(50), data[:cut] + b"\xff" + data[cut + 1 :]]
        path.write_bytes(damage[seed % 4])
    for found, was in zip(recalled(tmp_path / "cache"), intact, strict=True):
        assert found is None or found == was


def test_a_picture_with_a_script_is_a_miss(tmp_path):
    cache = Cache(tmp_path)
    cache.keep_artifact(picture(b"<svg><script>alert(1)</script></svg>"))
    assert cache.artifact("0123abcd", "svg") is None


def test_a_folder_that_cannot_be_made_is_a_problem_not_an_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    cache.keep_artifact(picture())
    assert "cannot be written" in cache.problem
    assert cache.artifact("0123abcd", "svg") is None


def test_read_only_folder(tmp_path):
    """Root may write anywhere unless it gives that power up, so the writer does."""
    filled(tmp_path / "cache")
    for folder in [tmp_path / "cache", *(tmp_path / "cache").glob("*/")]:
        folder.chmod(0o555)
    code = (
        "from pathlib import Path; import sys; sys.path.insert(0, sys.argv[1]);"
        "from test_core_cache import *; c = Cache(Path(sys.argv[2]));"
        "c.keep_artifact(Artifact(key='ff', format='svg', width=1, height=1, alt='', data=b'x'));"
        "print(c.problem); print(c.artifact('0123abcd', 'svg') == picture())"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / "cache")]
    if os.geteuid() == 0:
        powers = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}", *command]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    problem, still_readable = result.stdout.splitlines()
    assert "cannot be written" in problem
    assert still_readable == "True"


def test_full_disk(tmp_path):
    """A limit on the size of files makes real writes fail half-way, as a full disk does."""
    code = (
        "import resource, signal, sys; from pathlib import Path;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "sys.path.insert(0, sys.argv[1]); from test_core_cache import *;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300));"
        "c = Cache(Path(sys.argv[2])); c.keep_artifact(picture(b'x' * 1000));"
        "sys.stdout.write(c.problem)"
    )
    result = subprocess.run(
        [sys.executable, "-B", "-c", code, str(Path(__file__).parent), str(tmp_path / "cache")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "cannot be written" in result.stdout
    assert list((tmp_path / "cache" / "artifacts").iterdir()) == []


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path):
    """Whatever a killed build left, the next one finds whole entries or none."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_core_cache import *\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    shutil.rmtree(sys.argv[2], ignore_errors=True); filled(Path(sys.argv[2]))\n"
    )
    folder = tmp_path / "cache"
    for delay in (0.0, 0.003, 0.007, 0.011, 0.02):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(Path(__file__).parent), str(folder)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = recalled(folder)
        assert found[2] in (None, picture())
        assert found[1] in (None, load_graph("cnn"))
        filled(folder)
        assert None not in recalled(folder)
        shutil.rmtree(folder)


def test_leftovers_of_killed_builds_are_swept(tmp_path):
    filled(tmp_path)
    old, new = tmp_path / "graphs" / ".old.tmp", tmp_path / "graphs" / ".new.tmp"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (1, 1))
    filled(tmp_path)
    assert not old.exists()
    assert new.exists()


@pytest.mark.slow
def test_writers_at_once(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_core_cache import *\n"
        "for _ in range(40):\n"
        "    filled(Path(sys.argv[2])); assert None not in recalled(Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]


def test_a_hit_does_not_touch_the_files(tmp_path):
    filled(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    recalled(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_the_key_of_a_picture_tells_graph_options_and_format_apart():
    plain, wide = parse_options({}), parse_options({"width": 900})
    keys = {
        artifact_key("g", plain, "svg"),
        artifact_key("h", plain, "svg"),
        artifact_key("g", wide, "svg"),
        artifact_key("g", plain, "png"),
    }
    assert len(keys) == 4
    assert artifact_key("g", parse_options({"width": "720"}), "svg") in keys


def test_what_other_code_read_or_drew_is_a_miss(tmp_path, monkeypatch):
    """Both tiers: the graph, and the picture."""
    filled(tmp_path / "cache")
    options = parse_options({})
    key = artifact_key("graph", options, "svg")
    assert Cache(tmp_path / "cache").entry(MODEL)
    monkeypatch.setattr("keras_diagram_core.cache._code_digest", lambda: "other")
    assert not Cache(tmp_path / "cache").entry(MODEL)
    assert artifact_key("graph", options, "svg") != key


def test_other_packages_that_paint_are_another_picture(monkeypatch):
    """But for formats that they have no part in."""
    keys = [artifact_key("graph", parse_options({}), format) for format in ("svg", "png", "pdf")]
    monkeypatch.setattr("keras_diagram_core.cache.installed_version", lambda _: "other")
    others = [artifact_key("graph", parse_options({}), format) for format in ("svg", "png", "pdf")]
    assert [key == other for key, other in zip(keys, others, strict=True)] == [True, False, False]


def test_patterns_that_nobody_asked_for_are_not_followed(tmp_path):
    """They may stand for every file of the machine."""
    asked = ModelRequest(target="a:b", depends=("data/*.csv", "env:SIZE"))
    for path, is_kept in (("data/*.csv", True), ("/**", False)):
        cache = Cache(tmp_path)
        manifest = Manifest(patterns=(Source(path, "names:0"),))
        cache.keep_graph(asked, load_graph("cnn"), manifest)
        assert (cache.entry(asked) is not None) == is_kept
