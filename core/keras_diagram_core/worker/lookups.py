"""Which modules the project's code looks for, and in which folders: found or in vain.

Afterwards `sys.modules` does not tell: it lacks what was not there, and what the code has
removed; and it does not say what `sys.path` was like when a module was looked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import Distribution, DistributionFinder
from typing import Any

from keras_diagram_core.manifest import BUILD_PATH, Module, Project, find_in, places_of
from keras_diagram_core.worker.callers import Owner, asker
from keras_diagram_core.worker.places import is_extension, is_users, user_modules

_Lookup = tuple[str, tuple[str, ...]]
"""A module's full name, and the folders in which it was looked for."""


class Lookups:
    """A finder of modules that finds none: it only hears what is looked for."""

    def __init__(self, project: Project) -> None:
        """Start with nothing noted."""
        self._project = project
        self._noted: dict[_Lookup, None] = {}
        self._distributions: set[str] = set()
        self._path: list[str] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what is looked for from here on, and forget what was noted before."""
        self._noted.clear()
        self._distributions.clear()
        self._path = [os.path.abspath(folder) for folder in sys.path]
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            with suppress(ValueError):  # the code may have thrown it out
                sys.meta_path.remove(self)

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> None:  # noqa: ARG002  (Python's signature)
        """Hear of a search, if it is the project's code that imports, or we do for it."""
        if asker(sys._getframe(1)) is not Owner.LIBRARY:
            with suppress(Exception):  # a path may be anybody's object
                self._noted[name, tuple(sys.path if path is None else path)] = None

    def find_distributions(self, context: DistributionFinder.Context) -> Iterable[Distribution]:
        """Hear of a search for a distribution, as by `importlib.metadata.version`."""
        if context.name and asker(sys._getframe(1)) is not Owner.LIBRARY:
            self._distributions.add(context.name)
        return ()

    def modules(self, is_made: Callable[[str], bool]) -> set[Module]:
        """Return the modules of the user's, and of nobody, that the user's code depends on.

        Left out is what cannot be found again as it was: a module loaded by its file, or by a hook
        of the project's own. Nobody can say what would take its place.

        Args:
            is_made: whether a path was made by the user's code itself.
        """
        found: dict[Module, tuple[str, ...]] = {}
        for name, looked in self._noted:
            folders = self._portable(name, [each for each in looked if not is_made(each)])
            places = find_in(name, self._project.expanded(folders))
            found[Module(name, self._all_portable(places), folders)] = places
        by_hooks = sys.modules.keys() - {module.name for module, places in found.items() if places}
        modules = set(self._compiled())
        for module, places in found.items():
            if places:
                modules |= {module} if is_users(places[0]) and not is_made(places[0]) else set()
            elif module.name not in by_hooks:
                modules.add(module)
        return modules

    def asked(self) -> set[str]:
        """Return the top-level modules that the user's code looked for."""
        return {name for name, _ in self._noted if "." not in name}

    def distributions(self) -> set[str]:
        """Return the distributions that the user's code looked for, installed or not."""
        return set(self._distributions)

    def _compiled(self) -> Iterator[Module]:
        """Give the compiled modules that an earlier target has loaded: nobody looks for them."""
        heard = {name for name, _ in self._noted}
        for name, spec in user_modules().items():
            if is_extension(spec) and name not in heard:
                parent = sys.modules.get(name.rpartition(".")[0])
                folders = self._portable(name, list(getattr(parent, "__path__", self._path)))
                places = find_in(name, self._project.expanded(folders))
                if places == places_of(spec):
                    yield Module(name, self._all_portable(places), folders)

    def _portable(self, name: str, looked: Sequence[str]) -> tuple[str, ...]:
        """Write down where a module was looked for; nothing stands for the build's own path."""
        own, count = self._path, len(self._path)
        folders = [os.path.abspath(folder) for folder in looked]
        for start in range(len(folders) - count + 1 if "." not in name else 0):
            if folders[start : start + count] == own:
                before, after = folders[:start], folders[start + count :]
                if not before and not after:
                    return ()
                return (*self._all_portable(before), BUILD_PATH, *self._all_portable(after))
        return self._all_portable(folders)

    def _all_portable(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self._project.portable, paths))
