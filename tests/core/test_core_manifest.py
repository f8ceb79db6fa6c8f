"""Whether a manifest still holds: yes or no, whatever the project and the interpreter are like."""

from __future__ import annotations

import os
import sys
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core.manifest import (
    Checker,
    Distribution,
    Manifest,
    Module,
    Project,
    Source,
    Variable,
    find_module,
    installed_version,
    source_digest,
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package with folders without `__init__.py` in it, a bare folder, and an archive."""
    for name in ("shop/__init__.py", "shop/nets/tiny.py", "shop/nets/deep/er.py", "bare/one.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    with zipfile.ZipFile(tmp_path / "nets.zip", "w") as archive:
        archive.writestr("packed/__init__.py", "")
        archive.mkdir("packed/inner")
        archive.writestr("packed/inner/net.py", "")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("shop", "shop/__init__.py"),
        ("shop.nets", "shop/nets"),
        ("shop.nets.tiny", "shop/nets/tiny.py"),
        ("shop.nets.deep.er", "shop/nets/deep/er.py"),
        ("bare", "bare"),
        ("bare.one", "bare/one.py"),
        ("packed", "nets.zip/packed/__init__.py"),
        ("packed.inner.net", "nets.zip/packed/inner/net.py"),
        ("shop.nets.missing", None),
        ("shop.nets.tiny.deeper", None),
        ("missing.nets", None),
    ],
)
def test_a_module_is_found_without_its_parents(tree: Path, name: str, place: str | None) -> None:
    found = find_module(name, [str(tree), str(tree / "nets.zip")])
    assert found == (place and str(tree / place))
    assert not {"shop", "bare", "packed"} & sys.modules.keys()


class Hook:
    """An import hook that knows one module and fails for its neighbours."""

    def __init__(self, known: str, place: str) -> None:
        self.known, self.place = known, place

    def find_spec(self, name: str, *_args: Any) -> ModuleSpec | None:
        if not name.startswith("shop."):
            return None  # of what the tests themselves import
        if name != self.known:
            raise RuntimeError("a hook that is broken")
        spec = ModuleSpec(name, None, origin=self.place)
        spec.has_location = True
        return spec

    def invalidate_caches(self) -> None:
        raise RuntimeError("broken here, too")


@pytest.fixture
def broken_hooks(monkeypatch: pytest.MonkeyPatch, tree: Path) -> None:
    """Hooks of other tools that raise, one of which knows the module `shop.elsewhere`."""
    hook = Hook("shop.elsewhere", str(tree / "elsewhere.py"))
    monkeypatch.setattr(sys, "meta_path", [hook, *sys.meta_path])

    def path_hook(path: str) -> Any:
        if path.endswith("broken"):
            raise RuntimeError("a path that breaks its hook")
        raise ImportError

    monkeypatch.setattr(sys, "path_hooks", [path_hook, *sys.path_hooks])
    monkeypatch.setitem(sys.path_importer_cache, str(tree / "hooked"), hook)


@pytest.mark.usefixtures("broken_hooks")
def test_hooks_that_raise_are_passed_over(tree: Path) -> None:
    project = Project(base=str(tree), search_path=(str(tree),))
    module = Module("shop.elsewhere", ("elsewhere.py",), ("shop",))
    assert Checker(project).is_current(Manifest(modules=(module,)))
    assert find_module("shop.nets.tiny", [str(tree)]) == str(tree / "shop/nets/tiny.py")
    assert find_module("shop.gone", [str(tree)]) is None
    assert find_module("anything", [str(tree / "broken")]) is None


WEIRD = st.text(st.sampled_from([*"ab./\\~ \0\n", "\udcff", "\ud800", "ä"]), max_size=12)


@given(path=WEIRD, name=WEIRD, version=WEIRD)
def test_no_manifest_raises(path: str, name: str, version: str) -> None:
    """A manifest comes from a cache, which may have passed through other hands."""
    project = Project(base=os.getcwd(), search_path=(path, os.getcwd()))
    for manifest in (
        Manifest(sources=(Source(path, "0"),)),
        Manifest(modules=(Module(name, (path,), (path,)),)),
        Manifest(modules=(Module(name, (path,)),)),
        Manifest(variables=(Variable(name, "0"),)),
        Manifest(patterns=(Source(path, "0"),)),
        Manifest(distributions=(Distribution(name, version + "x"),)),
    ):
        assert not Checker(project).is_current(manifest)


def test_what_is_neither_file_nor_folder_has_no_digest(tmp_path: Path) -> None:
    """Reading a pipe would wait for a writer, and a device may never end."""
    os.mkfifo(tmp_path / "pipe")
    assert source_digest(str(tmp_path / "pipe")) == ""
    assert source_digest("/dev/zero") == ""
    assert source_digest("a\0b") == ""


def test_damaged_metadata_are_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, data in (("torn", b"Name: torn\nVersion: \xff\xfe"), ("empty", b"")):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_bytes(data)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [installed_version(name) for name in ("torn", "empty", "")] == ["", "", ""]
