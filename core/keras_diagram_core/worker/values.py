"""Single values as plain data, whatever type of number or word they come in."""

from __future__ import annotations

import enum
import math
from numbers import Complex, Integral, Real
from typing import Any

from keras_diagram_core.characters import fit_line

_BITS = 64
_DTYPES = {"dtype", "DType"}


def plain_value(value: Any) -> bool | int | float | str | None:
    """Return a number, word or data type as plain data; None for all else, and for None.

    Python's, NumPy's and a backend's are alike, also as arrays without dimensions. What JSON
    has no number for is written as text: `nan`, `inf`, `(1+2j)`.
    """
    if isinstance(value, enum.Enum) and not isinstance(value, (int, str)):
        return value.name
    if isinstance(value, (str, bytes)):
        return _word(value)
    if isinstance(value, Complex):
        return _number(value)
    return _dtype_name(value) or _only_item(value)


def _word(value: str | bytes) -> str:
    # The text of a subclass itself, whatever it shows of it.
    text = str.__str__(value) if isinstance(value, str) else value.decode("utf-8", "replace")
    return fit_line(text)


def _number(value: Complex) -> bool | int | float | str:
    match value:
        case bool():
            return value
        case Integral():
            return _whole(value)
        case Real():
            return _real(value)
    return str(complex(value))


def _whole(value: Integral) -> int | float | str:
    """Return a whole number that every reader of JSON understands."""
    try:
        number = int(value)
    except TypeError:  # numpy.timedelta64 claims to be one
        return str(value)
    if number.bit_length() <= _BITS:
        return number
    try:
        return float(number)
    except OverflowError:
        return f"number of {number.bit_length():,} bits"


def _real(value: Real) -> float | str:
    try:
        number = float(value)
    except OverflowError:  # a fraction of huge numbers
        return "number out of range"
    return number if math.isfinite(number) else str(number)


def _dtype_name(value: Any) -> str:
    """Return the name of a data type, of NumPy or a backend, given as an object or a class."""
    if isinstance(value, type):
        return value.__name__ if value.__module__ in {"numpy", "ml_dtypes"} else ""
    is_dtype = any(kind.__name__ in _DTYPES for kind in type(value).__mro__)
    return str(getattr(value, "name", "")) if is_dtype else ""


def _only_item(value: Any) -> bool | int | float | str | None:
    """Return what an array without dimensions holds, if that is known; weights never are."""
    if hasattr(value, "trainable"):
        return None
    try:
        if tuple(value.shape):
            return None
        item = value.item() if hasattr(value, "item") else value.numpy().item()
    except Exception:  # noqa: BLE001  (no array, or a symbolic tensor of a backend)
        return None
    return None if type(item) is type(value) else plain_value(item)
