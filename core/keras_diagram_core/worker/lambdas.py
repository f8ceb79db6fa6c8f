"""Which layers the function of a Lambda calls: Keras does not know, and does not count them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, MethodType
from typing import Any


def is_lambda(operation: Any) -> bool:
    """Whether an operation runs a function of the user's."""
    import keras

    return isinstance(operation, keras.layers.Lambda)


def layers_run_by(operation: Any) -> list[Any]:
    """Return the layers that the function of a Lambda has from around it, or [] for all else.

    What it has is looked at, and not run: a function of TensorFlow is no obstacle.
    """
    import keras

    if not is_lambda(operation):
        return []
    found: list[Any] = []
    seen: list[Any] = []  # by identity, and alive
    todo = [operation.function]
    while todo:
        value = todo.pop(0)
        if any(value is each for each in seen):
            continue
        seen.append(value)
        if isinstance(value, keras.Layer):
            found.append(value)
        else:
            todo += _around(value)
    return found


def _around(value: Any) -> Iterator[Any]:
    """Give what may be a layer, or lead to one, in what a function uses."""
    match value:
        case functools.partial():
            yield from (value.func, *value.args, *value.keywords.values())
        case MethodType():
            yield from (value.__self__, value.__func__)
        case FunctionType():
            yield from _of_function(value)
        case list() | tuple() | set():
            yield from value
        case Mapping():
            yield from value.values()


def _of_function(function: FunctionType) -> Iterator[Any]:
    """Give what a function has from where it was written: closure, defaults and globals."""
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # a variable that has no value yet
            continue
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if not isinstance(value, FunctionType) or value.__globals__ is function.__globals__:
            yield value


def _names(code: CodeType) -> Iterator[str]:
    """Give the global names in a function, and in the functions that are written in it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
