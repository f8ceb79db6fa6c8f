"""Manifest: all that a graph was made from, so that the next build need not import it again.

The worker writes a manifest (`worker.reads`), the cache checks it (`is_current`). Paths in
it are relative to the project, so that a manifest can travel.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.metadata
import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

SCHEMA = 1


class Source(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A file or folder that was read; the digest is empty where it was looked for in vain."""

    path: str
    digest: str


class Module(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A module of the user's that was imported, and the file that it came from."""

    name: str
    path: str


class Distribution(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """An installed distribution that was loaded; the version is empty if it has none."""

    name: str
    version: str


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one model was made from, each list sorted."""

    sources: tuple[Source, ...] = ()
    modules: tuple[Module, ...] = ()
    distributions: tuple[Distribution, ...] = ()


class Project(Struct, frozen=True):
    """Where the user's code is found, and with what it runs.

    `base` is the folder of conf.py or mkdocs.yml: manifests' paths are relative to it, and
    the worker runs in it. `search_path` is the build's `sys.path`, absolute. `backend` is the
    Keras backend, `none` for none at all; empty leaves the choice to Keras' own settings.
    """

    base: str
    search_path: tuple[str, ...]
    backend: str = ""

    def portable(self, path: str) -> str:
        """Write a path relative to the base, or to the home folder for what Keras keeps there."""
        home = os.path.join(os.path.expanduser("~"), ".keras")
        if os.path.dirname(path) == home:
            return f"~/.keras/{os.path.basename(path)}"
        try:
            return Path(os.path.relpath(path, self.base)).as_posix()
        except ValueError:  # another drive of a Windows machine
            return Path(path).as_posix()

    def locate(self, path: str) -> str:
        """Return where the file is that `portable` wrote down."""
        with suppress(ValueError):  # what no file system can hold is in no home folder
            path = os.path.expanduser(path)
        return os.path.normpath(os.path.join(self.base, path))


def source_digest(path: str) -> str:
    """Return the digest of a file's bytes, or of a folder's list of names; else nothing."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            data = "\n".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape")
            return "names:" + hashlib.sha256(data).hexdigest()
        if not stat.S_ISREG(mode):  # nobody knows when a pipe or a device ends
            return ""
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # a path with a null character is a ValueError
        return ""


class Checker:
    """Tells whether manifests still hold, reading each file once for all of them."""

    def __init__(self, project: Project) -> None:
        """Start with nothing read."""
        self._project = project
        self._digests: dict[str, str] = {}
        self._modules: dict[str, str | None] = {}
        self._versions: dict[str, str] = {}
        with suppress(Exception):  # hooks for paths may be anybody's
            importlib.machinery.PathFinder.invalidate_caches()

    def is_current(self, manifest: Manifest) -> bool:
        """Whether every source, module and distribution is what it was."""
        return (
            all(self.digest(source.path) == source.digest for source in manifest.sources)
            and all(self._module(module.name) == module.path for module in manifest.modules)
            and all(self._version(dist.name) == dist.version for dist in manifest.distributions)
        )

    def digest(self, path: str) -> str:
        """Return the digest of a file, named as in manifests; empty where there is none."""
        if path not in self._digests:
            self._digests[path] = source_digest(self._project.locate(path))
        return self._digests[path]

    def _version(self, name: str) -> str:
        if name not in self._versions:
            self._versions[name] = installed_version(name)
        return self._versions[name]

    def _module(self, name: str) -> str | None:
        """Return where an import would find a module now, without running any code."""
        if name not in self._modules:
            path = find_module(name, self._project.search_path)
            self._modules[name] = path and self._project.portable(path)
        return self._modules[name]


def installed_version(distribution: str) -> str:
    """Return the version of an installed distribution, empty where there is none to be read."""
    try:
        return importlib.metadata.version(distribution) or ""
    except Exception:  # noqa: BLE001  (damaged metadata raise whatever reading them raises)
        return ""


def find_module(name: str, search_path: Sequence[str]) -> str | None:
    """Return the file (or namespace folder) of a module, without importing it or its parents.

    None where it is not found, also where an import hook fails.
    """
    try:
        spec = _find_spec(name, search_path)
        place = spec and _place(spec)
    except Exception:  # noqa: BLE001  (hooks may be anybody's, and do anything)
        return None
    return place if isinstance(place, str) else None


def _find_spec(name: str, search_path: Sequence[str]) -> importlib.machinery.ModuleSpec | None:
    """Find each part of a dotted name in the folders of the part before it."""
    parts = name.split(".")
    path = list(search_path)
    spec = None
    for count, part in enumerate(parts, start=1):
        # The part alone: of a whole name, Python wants the parent in `sys.modules` as soon as a
        # folder without `__init__.py` is found.
        spec = importlib.machinery.PathFinder.find_spec(part, path)
        spec = spec or _find_by_hooks(".".join(parts[:count]), path if count > 1 else None)
        if spec is None:
            return None
        path = list(spec.submodule_search_locations or ())
    return spec


def _find_by_hooks(name: str, path: Sequence[str] | None) -> importlib.machinery.ModuleSpec | None:
    """Ask the import hooks too: editable installs put one in `sys.meta_path`."""
    for finder in sys.meta_path:
        if finder is importlib.machinery.PathFinder:
            continue
        with suppress(Exception):  # a broken hook does not hide what the next one knows
            if spec := finder.find_spec(name, path):
                return spec
    return None


def _place(spec: importlib.machinery.ModuleSpec) -> str | None:
    if spec.has_location and spec.origin:
        return spec.origin
    return next(iter(spec.submodule_search_locations or ()), None)
