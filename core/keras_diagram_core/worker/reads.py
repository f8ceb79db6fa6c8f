"""From what a target imported and opened to its Manifest.

Python tells an audit hook of every file that is opened and every folder that is listed. Of
those, the manifest keeps the user's own; of the rest it keeps the installed distributions.
What another process or compiled code opens cannot be seen, nor can what is looked at in other
ways (`os.stat`): such files are named by the user (`depends`).
"""

from __future__ import annotations

import functools
import importlib.metadata
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from keras_diagram_core.depends import paths_of, variables_of
from keras_diagram_core.environment import variable_digest
from keras_diagram_core.graph import Note
from keras_diagram_core.manifest import (
    Distribution,
    Manifest,
    Project,
    Source,
    Variable,
    installed_version,
    names_digest,
    source_digest,
)
from keras_diagram_core.worker.absences import absences
from keras_diagram_core.worker.callers import process_starter
from keras_diagram_core.worker.lookups import Lookups
from keras_diagram_core.worker.openings import EVENTS, Openings, State, is_folder, state
from keras_diagram_core.worker.places import other_sites, user_modules
from keras_diagram_core.worker.variables import Variables

_STARTING = {
    *("subprocess.Popen", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile"),
    *("os.fork", "os.forkpty", "pty.spawn"),
}
_EVENTS = EVENTS | _STARTING


class Recorder:
    """Notes what the user's code reads. Install it with `sys.addaudithook`, once."""

    def __init__(self, project: Project) -> None:
        """Start with nothing noted, and remember Keras' settings as Keras will find them."""
        self._project = project
        self._active = False
        self._openings = Openings()
        self._lookups = Lookups(project)
        self._variables = Variables()
        self._started = ""
        # What counts is what Keras finds when it is imported; where there is no file, it
        # writes one that says what it then goes by.
        self._settings = _keras_settings()
        self._settings_digest = source_digest(self._settings)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Hear of an event. This is called very often, so it gives up as early as it can."""
        if not self._active or event not in _EVENTS:
            return
        frame = sys._getframe().f_back
        self._openings.hear(event, args, frame)
        if event in _STARTING and not self._started and (starter := process_starter(frame)):
            name = os.path.basename(starter.f_code.co_filename)
            self._started = f"{name} (line {starter.f_lineno})"

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what is read from here on, and forget what was noted before."""
        self._openings.clear()
        self._started = ""
        self._active = True
        try:
            with (
                self._lookups.watching(),
                self._variables.watching(),
                absences(self._openings.hear_absent),
            ):
                yield
        finally:
            self._active = False

    def manifest(self, depends: Iterable[str] = ()) -> Manifest | None:
        """Return what was read, or None where a file has changed since, so that nobody knows.

        Args:
            depends: what the user names besides: patterns of files, `env:NAME`.
        """
        project, states = self._project, self._states()
        if any(state(path) != found for path, found in states.items() if not is_folder(found)):
            return None
        sources = {
            project.portable(path): str(found) if is_folder(found) else source_digest(path)
            for path, found in states.items()
        }
        for site in other_sites(sys.path):
            sources[project.portable(site)] = source_digest(site)
        settings = self._settings_digest or source_digest(self._settings)
        sources[project.portable(self._settings)] = settings
        patterns = {pattern: project.matches(pattern) for pattern in paths_of(depends)}
        digests = {pattern: names_digest(found) for pattern, found in patterns.items()}
        for path in set().union(*patterns.values()):
            sources[path] = source_digest(project.locate(path))
        environ = self._variables.at_start
        variables = {
            Variable(name, variable_digest(name, environ))
            for name in self._variables.names.union(variables_of(depends))
        }
        return Manifest(
            sources=_sorted(Source(*item) for item in sources.items()),
            modules=_sorted(self._lookups.modules(self._openings.is_made)),
            distributions=_sorted(
                Distribution(name, _version(name, (*project.search_path, *sys.path)))
                for name in self._lookups.distributions() | _distributions(self._lookups.asked())
            ),
            variables=_sorted(variables),
            patterns=_sorted(Source(*each) for each in digests.items()),
        )

    def _states(self) -> dict[str, State]:
        """Return what was read, each in its state when it was first read.

        The files of modules are among it, which an earlier target may have loaded.
        """
        states = dict(self._openings.read)
        for spec in user_modules().values():
            if spec.has_location and spec.origin and not self._openings.is_made(spec.origin):
                states.setdefault(spec.origin, state(spec.origin))
        states.pop(self._settings, None)
        return states

    def notes(self, depends: Iterable[str]) -> Iterator[Note]:
        """Say of what nobody notices that it changes, unless the user knows.

        Args:
            depends: what the user names.
        """
        if self._started and not depends:
            yield Note(
                message=f"{self._started} starts a process, whose files are not noticed when"
                " they change: name them in `depends`.",
                is_for_authors=True,
            )
        for pattern in paths_of(depends):
            if not self._project.matches(pattern):
                message = f"`depends` names '{pattern}', which matches no file."
                yield Note(message=message, is_for_authors=True)


def _sorted(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(items))


def _keras_settings() -> str:
    folder = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    return os.path.abspath(os.path.join(folder, "keras.json"))


@functools.cache
def _version(distribution: str, search_path: tuple[str, ...]) -> str:
    """Return the version that is in use: that of the first time somebody asks."""
    return installed_version(distribution, search_path)


@functools.cache
def _owners() -> dict[str, list[str]]:
    """Return the distributions by the top-level modules that they install."""
    return dict(importlib.metadata.packages_distributions())


def _distributions(asked: set[str]) -> set[str]:
    """Return the installed distributions of which something is loaded, or was asked for."""
    users = {name.partition(".")[0] for name in user_modules()}
    loaded = {name.partition(".")[0] for name in list(sys.modules)} - users
    loaded -= {*sys.stdlib_module_names, "keras_diagram_core"}
    return {owner for module in loaded | asked for owner in _owners().get(module, ())}
