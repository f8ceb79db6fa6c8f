"""Whether what all targets share - Keras, and what Python itself provides - is as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

_SHARED = frozenset({"keras", "builtins", "importlib", "inspect", "io", "os"})
"""The packages that are looked at: what Keras' answers and ours depend on."""

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
            self._before = dict(_spaces())

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
        names = _callables(vars(module))
        yield name, {**names, "": module}
        for value in names.values():
            if isinstance(value, type) and id(value) not in seen and _is_shared(value):
                seen.add(id(value))
                yield str(id(value)), _callables(vars(value))


def _callables(names: Mapping[str, Any]) -> _Names:
    """Leave out plain data: settings and counters are put right elsewhere.

    Of a value only its class is asked: a module may load a library when it is.
    """
    return {
        name: value
        for name, value in list(names.items())
        if callable(value) or hasattr(type(value), "__get__")
    }


def _is_shared(kind: type) -> bool:
    return str(kind.__module__).partition(".")[0] in _SHARED


def _differ(before: _Names, now: _Names | None) -> bool:
    if now is None or before.keys() != now.keys():
        return True
    return any(now[name] is not value for name, value in before.items())
