"""A cache that anything has happened to: reading it gives what was kept, or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from cases import diagonals
from core_graphs import NAMES, load_graph
from hypothesis import given
from hypothesis import strategies as st

import keras_diagram_core
from keras_diagram_core.api import draw
from keras_diagram_core.artifact import Artifact, Format
from keras_diagram_core.cache import Cache
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Distribution, Manifest, Module, Source
from keras_diagram_core.options import VIEWS, parse_options, parse_text_options
from keras_diagram_core.request import ModelRequest

GRAPH = load_graph("tiny_shared")
MODEL = ModelRequest(target="a:b")
MANIFEST = Manifest(
    sources=(Source("a.py", "0" * 64),),
    modules=(Module("a", ("a.py",)),),
    distributions=(Distribution("x", "1"),),
)
FORMATS: tuple[Format, ...] = tuple(
    format for group in get_args(Format) for format in get_args(group) or (group,)
)


def artifact(format: Format) -> Artifact:
    if format == "dot":
        return draw(GRAPH, parse_text_options("dot", {}), format)
    return draw(GRAPH, parse_options({"view": "graph", "dpi": 24}), format)


class Kept:
    """A cache with one entry of each kind, by the names of its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        cache = Cache(folder)
        cache.keep_graph(MODEL, GRAPH, MANIFEST)
        self.recall: dict[str, Callable[[], object]] = {}
        for path in folder.glob("*/*.json"):
            kind = path.parent.name
            self.recall[str(path)] = (
                (lambda: Cache(folder).entry(MODEL))
                if kind == "manifests"
                else (lambda: Cache(folder).graph(GRAPH.digest))
            )
        for format in FORMATS:
            made = artifact(format)
            cache.keep_artifact(made)

            def again(key: str = made.key, format: Format = format) -> object:
                return Cache(folder).artifact(key, format)

            path = folder / "artifacts" / f"{made.key}.{format}"
            self.recall[str(path)] = self.recall[f"{path}.json"] = again
        assert not cache.problem
        self.before = {name: Path(name).read_bytes() for name in self.recall}
        self.whole = {name: recall() for name, recall in self.recall.items()}
        assert None not in self.whole.values()

    def after(self, name: str, data: bytes) -> object:
        """Recall an entry while other bytes stand in one of its files."""
        Path(name).write_bytes(data)
        try:
            return self.recall[name]()
        finally:
            Path(name).write_bytes(self.before[name])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """One entry of each kind."""
    return Kept(tmp_path_factory.mktemp("cache"))


def test_there_is_a_file_of_each_kind(kept: Kept) -> None:
    assert len(kept.recall) == 2 + 2 * len(FORMATS)
    files = {str(path) for path in kept.folder.glob("*/*")}
    assert files == set(kept.recall)


@given(data=st.data())
def test_random_bytes_are_a_miss(kept: Kept, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(kept.recall)))
    assert kept.after(name, data.draw(st.binary(max_size=300))) is None


@given(data=st.data())
def test_a_changed_entry_is_a_miss(kept: Kept, data: st.DataObject) -> None:
    """A piece of the file replaced, left out, put in or repeated."""
    name = data.draw(st.sampled_from(sorted(kept.recall)))
    before = kept.before[name]
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, min(start + 40, len(before))))
    new = data.draw(st.binary(max_size=20) | st.just(before[start:end] * 2) | st.just(b"[" * 9999))
    changed = before[:start] + new + before[end:]
    found = kept.after(name, changed)
    assert found is None or found == kept.whole[name]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=10,
)


@given(data=st.data())
def test_a_forged_entry_raises_nothing(kept: Kept, data: st.DataObject) -> None:
    """Whoever can write a file can write its check sum, too."""
    name = data.draw(st.sampled_from([name for name in kept.recall if name.endswith(".json")]))
    content = json.loads(kept.before[name])["content"]
    key = data.draw(st.sampled_from(sorted(content)))
    forged: Any = (
        {**content, key: data.draw(JSON)} if data.draw(st.booleans()) else data.draw(JSON)
    )
    picture = b"" if "artifacts" not in name else kept.before[name.removesuffix(".json")]
    kept.after(name, sealed(json.dumps(forged).encode(), picture))


def sealed(content: bytes, picture: bytes = b"") -> bytes:
    total = hashlib.sha256(hashlib.sha256(content).digest() + picture).hexdigest()
    return b'{"content":' + content + b',"sha256":"' + total.encode() + b'"}'


def test_the_forgery_is_one(kept: Kept) -> None:
    """Other facts, the right check sum: what the test above writes is read."""
    [name] = [name for name in kept.recall if name.endswith(".svg.json")]
    facts = json.loads(kept.before[name])["content"] | {"alt": "Other words."}
    picture = kept.before[name.removesuffix(".json")]
    found = kept.after(name, sealed(json.dumps(facts).encode(), picture))
    assert isinstance(found, Artifact)
    assert found.alt == "Other words."


def test_changed_facts_are_a_miss(kept: Kept) -> None:
    [name] = [name for name in kept.recall if name.endswith(".svg.json")]
    for field, value in (("alt", "Other words."), ("width", 1.0), ("notes", ["x"])):
        changed = json.loads(kept.before[name])
        assert changed["content"][field] != value
        changed["content"][field] = value
        assert kept.after(name, msgspec.json.encode(changed)) is None


HOSTILE = {
    "brackets": b"[" * 100_000 + b"]" * 100_000,
    "braces": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "sealed brackets": sealed(b"[" * 100_000 + b"]" * 100_000),
    "digits": sealed(b"9" * 100_000),
    "exponent": sealed(b"1e999999999"),
    "no UTF-8": sealed(b'"\xff\xfe"'),
    "half a character": sealed(b'"\\ud800"'),
    "null": b"\0" * 1000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_entries_are_misses(kept: Kept, data: bytes) -> None:
    for name in kept.recall:
        assert kept.after(name, data) is None


def make_folder(path: Path) -> None:
    path.mkdir()


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 42)


@pytest.mark.parametrize("make", [make_folder, make_loop, os.mkfifo, make_huge])
def test_what_is_no_file_of_ours_is_a_miss(tmp_path: Path, make: Callable[[Path], None]) -> None:
    kept = Kept(tmp_path)
    for name in kept.recall:
        Path(name).unlink()
        make(Path(name))
    assert {recall() for recall in kept.recall.values()} == {None}


def test_files_and_folders_follow_the_umask(tmp_path: Path) -> None:
    """Colleagues and web servers may read what they may read elsewhere."""
    for mask in (0o002, 0o027):
        before = os.umask(mask)
        try:
            kept = Kept(tmp_path / f"{mask}" / "cache")
        finally:
            os.umask(before)
        files = [path for path in kept.folder.rglob("*") if path.is_file()]
        assert {path.stat().st_mode & 0o777 for path in files} == {0o666 & ~mask}
        folders = [kept.folder, *kept.folder.glob("*/")]
        assert {path.stat().st_mode & 0o777 for path in folders} == {0o777 & ~mask}


def test_a_change_of_any_file_of_ours_changes_the_keys(tmp_path: Path) -> None:
    """What an older version has read or drawn is never shown."""
    package = tmp_path / "keras_diagram_core"
    shutil.copytree(Path(keras_diagram_core.__file__).parent, package)
    files = [path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()]
    files = sorted(file for file in files if "__pycache__" not in file)
    assert {"transforms/spacers.py", "transforms/hide.py", "worker/walk.py"} <= set(files)
    code = (
        "import sys; from pathlib import Path; from keras_diagram_core import cache\n"
        "from keras_diagram_core.options import parse_options\n"
        "from keras_diagram_core.request import ModelRequest\n"
        "def keys():\n"
        "    cache._code_digest.cache_clear()\n"
        "    request = ModelRequest(target='a:b')\n"
        "    key = cache.artifact_key('g', parse_options({}), 'svg')\n"
        "    return key, cache._entry_key(request, '')\n"
        "seen = [keys()]\n"
        "for name in sys.argv[1:]:\n"
        "    path = Path(cache.__file__).parent / name\n"
        "    path.write_bytes(path.read_bytes() + b' ')\n"
        "    seen.append(keys())\n"
        "print([len(set(column)) for column in zip(*seen)])\n"
    )
    result = subprocess.run(
        [sys.executable, "-B", "-c", code, *files[:: len(files) // 40], "transforms/spacers.py"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    count = len(files[:: len(files) // 40]) + 2
    assert json.loads(result.stdout) == [count, count]


def shuffled(graph: ModelGraph) -> ModelGraph:
    """The same graph as another process may give it: the facts of each node in another order."""
    nodes = [
        msgspec.structs.replace(node, config=dict(reversed(node.config.items())))
        for node in graph.nodes
    ]
    return msgspec.structs.replace(graph, nodes=tuple(nodes), keras_version="other")


@pytest.mark.parametrize(("name", "view"), diagonals(3, NAMES, VIEWS))
def test_a_fresh_graph_and_a_kept_one_give_the_same_bytes(
    tmp_path: Path, name: str, view: str
) -> None:
    fresh = shuffled(load_graph(name))
    cache = Cache(tmp_path)
    cache.keep_graph(MODEL, fresh, MANIFEST)
    kept = cache.graph(fresh.digest)
    assert kept is not None
    options = parse_options({"view": view})
    assert draw(fresh, options, "svg") == draw(kept, options, "svg")


@pytest.mark.parametrize("format", FORMATS)
def test_equal_keys_mean_equal_bytes_in_every_format(format: Format) -> None:
    if format == "dot":
        options: Any = parse_text_options("dot", {"show-layer-activations": True})
    else:
        options = parse_options({"view": "blocks", "dpi": 48})
    for name in ("cnn", "tiny_nested", "transformer"):
        one, other = (
            draw(graph, options, format)
            for graph in (load_graph(name), shuffled(load_graph(name)))
        )
        assert one == other
