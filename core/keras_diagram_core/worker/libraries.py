"""Whether what all targets share - Keras, and what Python itself provides - is as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from operator import is_
from typing import Any

_SHARED = frozenset({"keras", "builtins", "importlib", "inspect", "io", "os"})
"""The packages that are looked at: what Keras' answers and ours depend on."""

_ADDED = {"keras.src.layers": {"Functional", "Model", "Sequential"}}
"""What Keras puts into a module, from `keras.src.models`, when it first loads an older file."""

_Names = dict[str, Any]


class Libraries:
    """The functions and classes of shared modules, as they were after the last target.

    A target that has put others in their place costs the process: what comes after it would
    get an answer that depends on the order.
    """

    def __init__(self) -> None:
        """Remember Python's own, before any user code runs."""
        self._before = dict(_spaces())

    def remember(self) -> None:
        """Remember Keras as it is when it has been imported, unless that was done before."""
        if "keras" not in self._before:
            # The rest is known: by now, reads of the environment are watched.
            self._before = {**dict(_spaces()), **self._before}

    def have_changed(self) -> bool:
        """Whether anything is missing or is another; what was imported since is remembered."""
        now = dict(_spaces())
        changed = any(_differ(names, now.get(name)) for name, names in self._before.items())
        self._before = now
        return changed


def _spaces() -> Iterator[tuple[str, _Names]]:
    """Give the names in the shared modules, and in their classes."""
    seen: set[int] = set()
    # Without Keras, what is there of it are the remains of a failed import.
    shared = _SHARED if "keras" in sys.modules else _SHARED - {"keras"}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in shared:
            continue
        # What is no module may stand there: None is how one forbids an import.
        names = {**getattr(module, "__dict__", {}), "": module}
        own = sys.modules.get("keras.src.models")
        for added in _ADDED.get(name, ()):
            if names.get(added) is getattr(own, added, None):
                names.pop(added, None)
        yield name, names
        for value in names.values():
            if isinstance(value, type) and id(value) not in seen and _is_shared(value):
                seen.add(id(value))
                yield str(id(value)), dict(vars(value))


def _is_shared(kind: type) -> bool:
    return str(kind.__module__).partition(".")[0] in _SHARED


def _differ(before: _Names, now: _Names | None) -> bool:
    if now is None:
        return True
    if len(before) == len(now) and all(map(is_, before.values(), now.values())):
        return False  # as nearly always, and quickly
    functions, others = _without_data(before), _without_data(now)
    return functions.keys() != others.keys() or any(
        others[name] is not value for name, value in functions.items()
    )


def _without_data(names: _Names) -> _Names:
    """Leave out settings, counters and modules: they are put right elsewhere, or do not matter.

    Of a value only its class is asked: a module may load a library when it is.
    """
    return {
        name: value
        for name, value in names.items()
        if not name or callable(value) or hasattr(type(value), "__get__")
    }
