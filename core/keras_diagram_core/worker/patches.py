"""Replace attributes of Keras' classes for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Change = tuple[Any, str, Any]
"""A class or module, the name of one of its attributes, and what takes its place."""

_MISSING = object()


@contextmanager
def patched(changes: Iterable[Change]) -> Iterator[None]:
    """Make the changes, and undo them at the end."""
    changes = list(changes)
    before = [(owner, name, vars(owner).get(name, _MISSING)) for owner, name, _ in changes]
    try:
        for owner, name, value in changes:
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in before:
            if value is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


def variable_methods(names: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """Find where Keras' variables define some methods: pairs of a class and a name."""
    import keras

    names = list(names)
    for owner in keras.Variable.__mro__:
        for name in names:
            if owner.__module__.startswith("keras.") and name in vars(owner):
                yield owner, name
