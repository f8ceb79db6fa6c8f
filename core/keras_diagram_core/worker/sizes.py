"""Run a `call` that computes with sizes where they are unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keras_diagram_core.worker.facts import FACTS
from keras_diagram_core.worker.failures import where
from keras_diagram_core.worker.symbolic import Run, run_call, symbolic_tensors

_SIZES = ((251, 256), (257, 288))
"""Stand-ins for an unknown batch, and for another unknown dimension, twice.

Those for images are such that they can be halved a few times.
"""


def run_whatever_size(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
    """Run the `call` of a layer on symbolic tensors, and give what happened.

    Code that computes with sizes, as in `ops.reshape(x, (ops.shape(x)[0], -1))`, fails where
    they are unknown. It is run with two sizes instead then, and what differs between the
    two is unknown.
    """
    run = run_call(layer, args, kwargs)
    endless = isinstance(run.error, RecursionError)
    if run.error is None or endless or not _has_unknown(args, kwargs):
        return run
    return _better(run, [run_call(layer, *_sized((args, kwargs), sizes)) for sizes in _SIZES])


def _has_unknown(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    return any(None in tensor.shape for tensor in symbolic_tensors((args, kwargs)))


def _better(unsized: Run, sized: list[Run]) -> Run:
    first, second = sized
    further = _progress(first) > _progress(unsized) or _moved(first, unsized)
    alike = len(first.calls) == len(second.calls) and type(first.error) is type(second.error)
    if not (further and alike):
        return unsized
    _forget_sizes(first, second)
    return first


def _progress(run: Run) -> tuple[bool, int]:
    return run.error is None, len(run.calls)


def _moved(run: Run, unsized: Run) -> bool:
    """Say whether a run as long ends elsewhere: not where a size was missing."""
    places = [where(each.error) for each in (run, unsized) if each.error is not None]
    return _progress(run) == _progress(unsized) and len(set(places)) > 1


def _sized(structure: Any, sizes: tuple[int, int]) -> Any:
    """Give symbolic tensors with sizes in place of unknown dimensions."""
    import keras

    made: dict[int, Any] = {}

    def with_sizes(tensor: Any) -> Any:
        if not isinstance(tensor, keras.KerasTensor):
            return tensor
        if id(tensor) not in made:
            shape = [size or sizes[bool(axis)] for axis, size in enumerate(tensor.shape)]
            made[id(tensor)] = _like(tensor, shape)
            mask = getattr(tensor, "_keras_mask", None)
            if mask is not None:
                made[id(tensor)]._keras_mask = with_sizes(mask)
        return made[id(tensor)]

    return keras.tree.map_structure(with_sizes, structure)


def _like(tensor: Any, shape: Sequence[int | None]) -> Any:
    import keras

    return keras.KerasTensor(shape, tensor.dtype, sparse=tensor.sparse)


def _forget_sizes(run: Run, other: Run) -> None:
    """Make unknown what differs between two runs: shapes, and numbers in arguments."""
    import keras

    for call, twin in zip(run.calls, other.calls, strict=True):
        _forget_attributes(call.operation, twin.operation)
        _forget_shapes(
            symbolic_tensors((call.arguments.args, call.arguments.kwargs)),
            symbolic_tensors((twin.arguments.args, twin.arguments.kwargs)),
        )
        _forget_shapes(call.outputs, twin.outputs)
        for name in ("args", "kwargs"):
            mine, theirs = getattr(call.arguments, name), getattr(twin.arguments, name)
            setattr(call.arguments, name, keras.tree.map_structure(_known, mine, theirs))


def _forget_attributes(operation: Any, twin: Any) -> None:
    """Make unknown the sizes that an operation was made with, as that of a reshape."""
    if operation is twin:  # a layer, which is not made anew for each call
        return
    for name in FACTS:
        if name in vars(operation) and name in vars(twin):
            value = _common_size(vars(operation)[name], vars(twin)[name])
            vars(operation)[name] = value


def _common_size(mine: Any, theirs: Any) -> Any:
    """Write `?` for a number that differs, and for those inside a tuple."""
    pair = mine, theirs
    if all(isinstance(each, (tuple, list)) for each in pair) and len(mine) == len(theirs):
        return tuple(map(_common_size, mine, theirs))
    return "?" if isinstance(mine, int) and mine != theirs else mine


def _known(mine: Any, theirs: Any) -> Any:
    """Give what is the same in both runs of an argument."""
    import keras

    if isinstance(mine, keras.KerasTensor):
        return mine
    if isinstance(mine, slice):
        return mine if mine == theirs else "?"
    if mine is None or isinstance(mine, (bool, int, float, str)):
        return mine if mine == theirs else None
    shape, other = getattr(mine, "shape", ()), getattr(theirs, "shape", ())
    return mine if shape == other else _Sized(_common(shape, other))


@dataclass(frozen=True)
class _Sized:
    """An array of which the shape is known, as far as it is."""

    shape: tuple[int | None, ...]


def _forget_shapes(tensors: Sequence[Any], others: Sequence[Any]) -> None:
    for tensor, other in zip(tensors, others, strict=True):
        if len(tensor.shape) == len(other.shape):
            tensor._shape = _common(tensor.shape, other.shape)


def _common(shape: Sequence[Any], other: Sequence[Any]) -> tuple[int | None, ...]:
    return tuple(size if size == twin else None for size, twin in zip(shape, other, strict=True))
