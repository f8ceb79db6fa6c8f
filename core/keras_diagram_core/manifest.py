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
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from keras_diagram_core.depends import files_named
from keras_diagram_core.environment import variable_digest, worker_environment

SCHEMA = 2

BUILD_PATH = "*"
"""Stands for the build's own `sys.path` among the folders in which a module was looked for."""

_MACHINE = ("/dev/", "/etc/", "/proc/", "/sys/", "/usr/share/")
"""What belongs to a machine: it stays where it is, wherever the project is."""


class Source(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A file or folder that was read; the digest is empty where it was looked for in vain."""

    path: str
    digest: str


class Module(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A module that the user's code looked for.

    `places` is the file that it came from, or the folders of a namespace package; nothing where
    it was looked for in vain. `folders` are those in which it was looked for; nothing stands for
    the build's own `sys.path`.
    """

    name: str
    places: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


class Distribution(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """An installed distribution that was loaded; the version is empty if it has none."""

    name: str
    version: str


class Variable(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """An environment variable that the user's code read; the digest is empty if it was not set."""

    name: str
    digest: str


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one model was made from, each list sorted.

    `patterns` are those that the user names as dependencies, each with the digest of the names
    of the files that it matched; the files themselves are among the sources.
    """

    sources: tuple[Source, ...] = ()
    modules: tuple[Module, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    variables: tuple[Variable, ...] = ()
    patterns: tuple[Source, ...] = ()


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
        """Return a path relative to the base, or to the home folder for what Keras keeps there.

        What belongs to the machine, as in `/etc`, keeps its absolute path.
        """
        home = os.path.join(os.path.expanduser("~"), ".keras")
        if os.path.dirname(path) == home:
            return f"~/.keras/{os.path.basename(path)}"
        if path.startswith(_MACHINE) and not self.base.startswith(_MACHINE):
            return path
        try:
            return Path(os.path.relpath(path, self.base)).as_posix()
        except ValueError:  # another drive of a Windows machine
            return Path(path).as_posix()

    def locate(self, path: str) -> str:
        """Return where the file is that `portable` wrote down."""
        with suppress(ValueError):  # what no file system can hold is in no home folder
            path = os.path.expanduser(path)
        return os.path.normpath(os.path.join(self.base, path))

    def matches(self, entry: str) -> list[str]:
        """Return the files that an entry of `depends` names."""
        return sorted(map(self.portable, files_named(self.base, entry)))

    def expanded(self, folders: Sequence[str]) -> list[str]:
        """Return the folders in which a `Module` was looked for, absolute."""
        if not folders:
            return list(self.search_path)
        parts = [
            self.search_path if folder == BUILD_PATH else [self.locate(folder)]
            for folder in folders
        ]
        return [folder for part in parts for folder in part]


def names_digest(names: Iterable[str]) -> str:
    """Return the digest of a list of names."""
    data = "\n".join(sorted(names)).encode("utf-8", "surrogatepass")
    return "names:" + hashlib.sha256(data).hexdigest()


def folder_digest(path: str) -> str:
    """Return the digest of the names in a folder, but for what Python itself puts there."""
    return names_digest(name for name in os.listdir(path) if name != "__pycache__")


def source_digest(path: str) -> str:
    """Return the digest of a file's bytes, or of a folder's list of names; else nothing."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            return folder_digest(path)
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
        self._modules: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._versions: dict[str, str] = {}
        self._patterns: dict[str, str] = {}
        self._environ = worker_environment(os.environ)
        with suppress(Exception):  # hooks for paths may be anybody's
            importlib.machinery.PathFinder.invalidate_caches()

    def is_current(self, manifest: Manifest) -> bool:
        """Whether all that a model was made from is what it was."""
        return (
            all(self.digest(source.path) == source.digest for source in manifest.sources)
            and all(self._places(module) == module.places for module in manifest.modules)
            and all(self._version(dist.name) == dist.version for dist in manifest.distributions)
            and all(
                variable_digest(variable.name, self._environ) == variable.digest
                for variable in manifest.variables
            )
            and all(self._pattern(pattern.path) == pattern.digest for pattern in manifest.patterns)
        )

    def digest(self, path: str) -> str:
        """Return the digest of a file, named as in manifests; empty where there is none."""
        if path not in self._digests:
            self._digests[path] = source_digest(self._project.locate(path))
        return self._digests[path]

    def _version(self, name: str) -> str:
        if name not in self._versions:
            self._versions[name] = installed_version(name, self._project.search_path)
        return self._versions[name]

    def _places(self, module: Module) -> tuple[str, ...]:
        """Return where an import would find a module now, without running any code."""
        key = module.name, module.folders
        if key not in self._modules:
            found = find_in(module.name, self._project.expanded(module.folders))
            self._modules[key] = tuple(map(self._project.portable, found))
        return self._modules[key]

    def _pattern(self, pattern: str) -> str:
        if pattern not in self._patterns:
            self._patterns[pattern] = names_digest(self._project.matches(pattern))
        return self._patterns[pattern]


def installed_version(distribution: str, search_path: Sequence[str] = ()) -> str:
    """Return the version of an installed distribution, empty where there is none to be read.

    Args:
        distribution: its name.
        search_path: where it may be installed, before what is on `sys.path`.
    """
    try:
        path = [*search_path, *sys.path]
        found = importlib.metadata.distributions(name=distribution, path=path)
        return next((each.version for each in found), "") or ""
    except Exception:  # noqa: BLE001  (damaged metadata raise whatever reading them raises)
        return ""


def find_module(name: str, search_path: Sequence[str]) -> str | None:
    """Return the file (or namespace folder) of a module, without importing it or its parents.

    None where it is not found, also where an import hook fails.
    """
    parts = name.split(".")
    folders = list(search_path)
    spec = None
    for count in range(1, len(parts) + 1):
        spec = _find_spec(".".join(parts[:count]), folders)
        if spec is None:
            return None
        folders = []
        with suppress(Exception):  # hooks may be anybody's, and give anything
            folders += spec.submodule_search_locations or ()
    return next(iter(places_of(spec)), None)


def find_in(name: str, folders: Sequence[str]) -> tuple[str, ...]:
    """Return the file of a module, or the folders of a namespace package, by where to look.

    Nothing where it is not found, also where an import hook fails.

    Args:
        name: the full name.
        folders: those of its parent; the search path for a module without parent.
    """
    return places_of(_find_spec(name, folders))


def places_of(spec: importlib.machinery.ModuleSpec | None) -> tuple[str, ...]:
    """Return a module's file, or the folders of a namespace package; nothing for one built in."""
    try:
        if spec and spec.has_location and spec.origin:
            return (spec.origin,) if isinstance(spec.origin, str) else ()
        if spec:
            return tuple(map(os.fsdecode, spec.submodule_search_locations or ()))
    except Exception:  # noqa: BLE001, S110  (hooks may be anybody's, and give anything)
        pass
    return ()


def _find_spec(name: str, folders: Sequence[str]) -> importlib.machinery.ModuleSpec | None:
    parent, _, part = name.rpartition(".")
    # The part alone: of a whole name, Python wants the parent in `sys.modules` as soon as a
    # folder without `__init__.py` is found.
    with suppress(Exception):
        if spec := importlib.machinery.PathFinder.find_spec(part, list(folders)):
            return spec
    return _find_by_hooks(name, list(folders) if parent else None)


def _find_by_hooks(name: str, path: Sequence[str] | None) -> importlib.machinery.ModuleSpec | None:
    """Ask the import hooks too: editable installs put one in `sys.meta_path`."""
    for finder in sys.meta_path:
        if finder is importlib.machinery.PathFinder:
            continue
        with suppress(Exception):  # a broken hook does not hide what the next one knows
            if spec := finder.find_spec(name, path):
                return spec
    return None
