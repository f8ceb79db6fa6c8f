"""From what a target imported and opened to its Manifest.

Python tells an audit hook of every file that is opened and every folder that is listed. Of
those, the manifest keeps the user's own; of the rest it keeps the installed distributions.
What is looked at without being opened (`os.path.exists`) cannot be seen.
"""

from __future__ import annotations

import functools
import importlib.metadata
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from keras_diagram_core.manifest import (
    Distribution,
    Manifest,
    Module,
    Project,
    Source,
    installed_version,
    source_digest,
)
from keras_diagram_core.worker.places import is_users, location, user_modules

_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/share/")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LISTING = {"os.listdir", "os.scandir"}


class Recorder:
    """Notes what the user's code reads. Install it with `sys.addaudithook`, once."""

    def __init__(self, project: Project) -> None:
        """Start with nothing noted, and remember Keras' settings as Keras will find them."""
        self._project = project
        self._active = False
        self._read: set[str] = set()
        self._written: set[str] = set()
        self._started = 0
        # What counts is what Keras finds when it is imported; where there is no file, it
        # writes one that says what it then goes by.
        self._settings = _keras_settings()
        self._settings_digest = source_digest(self._settings)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Hear of an event. This is called very often, so it gives up as early as it can."""
        if not self._active:
            return
        if event == "open":
            path, mode, flags = args
            writes = set(mode) & set("wax+") if mode else flags & _WRITING
            self._note(path, self._written if writes else self._read)
        elif event in _LISTING:
            self._note(args[0] or os.curdir, self._read)
        elif event == "os.mkdir":
            self._note(args[0], self._written)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what is read from here on, and forget what was noted before."""
        self._read.clear()
        self._written.clear()
        self._started = time.time_ns()
        self._active = True
        try:
            yield
        finally:
            self._active = False

    def manifest(self) -> Manifest | None:
        """Say what was read, or None where a file has changed since, so that nobody knows."""
        modules, files = self._modules()
        paths = files | self._files()
        if any(_modified(path) >= self._started for path in paths):
            return None
        portable = self._project.portable
        sources = {Source(portable(path), source_digest(path)) for path in paths}
        settings = self._settings_digest or source_digest(self._settings)
        sources.add(Source(portable(self._settings), settings))
        return Manifest(
            sources=tuple(sorted(sources)),
            modules=tuple(sorted(modules)),
            distributions=tuple(sorted(_distributions())),
        )

    def _note(self, path: Any, paths: set[str]) -> None:
        """Keep a path, unless it is a descriptor, or Python itself looks for a module."""
        caller = sys._getframe(1).f_back  # none, where a thread of C code calls Python
        if caller is not None and caller.f_code.co_filename.startswith("<frozen importlib"):
            return
        try:
            absolute = os.path.abspath(os.fsdecode(path))
        except (TypeError, OSError):  # a descriptor; a working folder that is gone
            return
        if paths is self._written or absolute not in self._written:
            paths.add(absolute)

    def _files(self) -> set[str]:
        """Give what was read and is the user's, without what lies in folders made meanwhile."""
        made = tuple(path + os.sep for path in self._written)
        return {
            path
            for path in self._read
            if path != self._settings and _counts(path) and not path.startswith(made)
        }

    def _modules(self) -> tuple[list[Module], set[str]]:
        """Give the user's modules, and their files (a namespace package has none)."""
        modules: list[Module] = []
        files: set[str] = set()
        for name, spec in user_modules().items():
            path = location(spec)
            if path is not None:
                modules.append(Module(name, self._project.portable(path)))
                files |= {path} if spec.has_location else set()
        return modules, files


def _counts(path: str) -> bool:
    return (
        is_users(path)
        and not path.startswith(_SYSTEM)
        and os.path.basename(os.path.dirname(path)) != "__pycache__"
    )


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _keras_settings() -> str:
    folder = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    return os.path.abspath(os.path.join(folder, "keras.json"))


@functools.cache
def _owners() -> dict[str, list[str]]:
    """Give the distributions by the top-level modules that they install."""
    return dict(importlib.metadata.packages_distributions())


def _distributions() -> set[Distribution]:
    """Give the installed distributions of which something is loaded."""
    users = {name.partition(".")[0] for name in user_modules()}
    loaded = {name.partition(".")[0] for name in list(sys.modules)} - users
    loaded -= {*sys.stdlib_module_names, "keras_diagram_core"}
    names = {owner for module in loaded for owner in _owners().get(module, ())}
    return {Distribution(name, installed_version(name)) for name in names}
