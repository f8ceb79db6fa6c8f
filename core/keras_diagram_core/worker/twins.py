"""The trace of a layer, told of another one that computes the same.

A model is often a hundred equal layers. The first of them is followed, and what was found is
told of the others, with their own layers and weights in the place of the first one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keras_diagram_core.worker.records import Record, is_layer
from keras_diagram_core.worker.trace import Trace, local_names


class _StrangerError(Exception):
    """Something is used that is not inside the layer, so that nobody knows what corresponds."""


def retold(trace: Trace, first: Sequence[Any], second: Sequence[Any]) -> Trace | None:
    """Return the trace of a layer as that of an equal one, None where only a look can tell.

    Args:
        trace: that of the first layer.
        first: the first layer, its layers and weights.
        second: those of the second layer, in the same order.
    """
    if len(first) != len(second) or not _same_weights(first[0], second[0]):
        return None
    twins = _Twins({id(mine): other for mine, other in zip(first, second, strict=True)})
    try:
        return replace(
            trace,
            record=_record(trace.record, twins),
            uncalled=twins.all(trace.uncalled),
            unneeded=twins.all(trace.unneeded),
            assigned=twins.all(trace.assigned),
        )
    except _StrangerError:
        return None


def _same_weights(first: Any, second: Any) -> bool:
    shapes = [[tuple(weight.shape) for weight in layer.weights] for layer in (first, second)]
    return shapes[0] == shapes[1]


class _Twins:
    """What stands in the place of the layers, weights and operations of a trace."""

    def __init__(self, known: Mapping[int, Any]) -> None:
        self._known = known
        self._operations: dict[int, Any] = {}

    def all(self, values: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(map(self.of, values))

    def of(self, value: Any) -> Any:
        """Return the twin of a layer or weight; an operation that was made in `call` gets one."""
        import keras

        if id(value) in self._known:
            return self._known[id(value)]
        if is_layer(value) or isinstance(value, keras.Variable):
            raise _StrangerError
        if not isinstance(value, keras.Operation):
            return value
        if id(value) not in self._operations:
            self._operations[id(value)] = _copied(value)
        return self._operations[id(value)]


def _record(record: Record, twins: _Twins) -> Record:
    calls = [_call(call, twins) for call in record.calls]
    passing = frozenset(
        id(mine)
        for mine, theirs in zip(calls, record.calls, strict=True)
        if id(theirs) in record.passing
    )
    return record._replace(calls=calls, names=local_names(calls), passing=passing)


def _call(call: Any, twins: _Twins) -> Any:
    """Return Keras' record of a call with other layers and weights; the tensors are the same."""
    import keras

    mine = _copied(call)
    mine.operation = twins.of(call.operation)
    flat = keras.tree.flatten((call.arguments.args, call.arguments.kwargs))
    if all(isinstance(value, keras.KerasTensor) for value in flat):  # nearly all
        return mine
    mine.arguments = _copied(call.arguments)
    mine.arguments.args = keras.tree.map_structure(twins.of, call.arguments.args)
    mine.arguments.kwargs = keras.tree.map_structure(twins.of, call.arguments.kwargs)
    return mine


def _copied(value: Any) -> Any:
    """Copy an object, and not by `copy`: Keras has operations saved for that."""
    mine = object.__new__(type(value))
    vars(mine).update(vars(value))
    return mine
