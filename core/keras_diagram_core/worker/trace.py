"""Recover the graph inside a model or layer that has a `call` of its own.

The `call` is run on symbolic tensors. What was called on the way from the inputs to the
outputs is the graph. Where `call` cannot be followed to its end, the part before is kept,
and the error: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from keras_diagram_core.worker.records import Record, is_layer, named_by_keys
from keras_diagram_core.worker.sizes import run_whatever_size
from keras_diagram_core.worker.symbolic import Run, symbolic_tensors

UNNAMED = "output"
_Given = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Trace:
    """What was recovered.

    Attributes:
        record: the calls; of those that lead to an output.
        given: for each tensor that the layer was called with, those that stand for it
            inside: itself, cast, and its mask.
        loose: tensors inside that come from nowhere, as positions do.
        error: why the `call` could not be followed to its end.
        uncalled: the layers that were not called at all.
        unneeded: the layers that were called, but not for an output.
        added_losses: whether losses are added.
        assigned: the weights that get new values.
    """

    record: Record
    given: _Given
    loose: tuple[Any, ...] = ()
    error: Exception | None = None
    uncalled: tuple[Any, ...] = ()
    unneeded: tuple[Any, ...] = ()
    added_losses: bool = False
    assigned: tuple[Any, ...] = ()
    runs: tuple[Run, ...] = field(default=(), repr=False)  # keep alive what goes by id()

    @property
    def is_empty(self) -> bool:
        """Whether nothing happens: no call that would be a node."""
        return all(id(call) in self.record.passing for call in self.record.calls)

    @property
    def is_inference(self) -> bool:
        """Whether the `call` was not told that it is run for training."""
        return not any(run.kwargs.get("training") for run in self.runs)


def trace_call(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Trace:
    """Follow the `call` of a layer on symbolic tensors, and build the layer where needed."""
    run = run_whatever_size(layer, args, kwargs)
    tensors = symbolic_tensors((args, kwargs))
    return _trace(layer, run, tensors, _given(run, tensors, set(kwargs)))


def _trace(layer: Any, run: Run, tensors: Sequence[Any], given: _Given) -> Trace:
    """Select from a run what leads from the inputs to the outputs."""
    known = {id(tensor) for group in given for tensor in group}
    makers = list(_makers(run.calls))
    if run.error is None:
        results = _flat(run.result)
        ends = _last_makers(run.calls, results)
    else:
        ends = _reached(run, makers, known)
        results = []  # nobody knows which of its tensors it would have returned
    calls = [run.calls[index] for index in _needed(ends, makers)]
    outputs = _dependent(
        results, known | {id(tensor) for call in calls for tensor in call.outputs}
    )
    uncalled, unneeded = _left_out(layer, run, calls)
    return Trace(
        record=_record(run, tensors, outputs, calls)._replace(
            constants=frozenset(_constants(results, outputs))
        ),
        given=given,
        loose=tuple(_loose(calls, known)),
        error=run.error,
        uncalled=uncalled,
        unneeded=unneeded,
        added_losses=run.added_losses,
        assigned=tuple({id(weight): weight for weight in run.assigned}.values()),
        runs=(run,),
    )


def _record(run: Run, tensors: Sequence[Any], outputs: list[Any], calls: list[Any]) -> Record:
    names = local_names(calls)
    made_by = {id(tensor): call.operation for call in calls for tensor in call.outputs}

    def name(tensor: Any) -> str:
        operation = made_by.get(id(tensor))
        return names.get(id(operation)) or getattr(operation, "name", "") or UNNAMED

    plain = [name(tensor) for tensor in outputs]
    return Record(
        inputs=tensors,
        outputs=outputs,
        calls=calls,
        input_names=[tensor.name for tensor in tensors],
        output_names=plain if run.error else named_by_keys(run.result, plain),
        names=names,
        passing=frozenset(id(call) for call in calls if _passes(call)),
    )


def _passes(call: Any) -> bool:
    """Say whether an operation hands on its tensor as it is.

    Keras puts one before a functional model that is called within another `call`.
    """
    if type(call.operation).__name__ != "ConvertToTensor" or len(call.input_tensors) != 1:
        return False
    before, after = call.input_tensors[0], call.outputs[0]
    return bool(before.dtype == after.dtype)


def _given(run: Run, tensors: Sequence[Any], keywords: set[str]) -> _Given:
    """Find what stands inside for the tensors outside: Keras may have cast them."""
    keyed = {name: value for name, value in run.kwargs.items() if name in keywords}
    received = symbolic_tensors((run.args, keyed))
    if len(received) != len(tensors):  # Keras did not get as far as to call
        return tuple((tensor,) for tensor in tensors)
    groups = [
        (tensor, inner, run.masks.get(id(inner)))
        for tensor, inner in zip(tensors, received, strict=True)
    ]
    return tuple(group if group[2] is not None else group[:2] for group in groups)


def _makers(calls: Sequence[Any]) -> Iterator[list[int]]:
    """Give for each call the calls that its tensors come from.

    By time, not by Keras' history: a layer that returns its input is recorded as the
    maker of the very same tensor, which was another's before.
    """
    latest: dict[int, int] = {}
    for index, call in enumerate(calls):
        yield [latest[id(tensor)] for tensor in call.input_tensors if id(tensor) in latest]
        latest.update((id(tensor), index) for tensor in call.outputs)


def _last_makers(calls: Sequence[Any], tensors: Iterable[Any]) -> set[int]:
    latest = {id(tensor): index for index, call in enumerate(calls) for tensor in call.outputs}
    return {latest[id(tensor)] for tensor in tensors if id(tensor) in latest}


def _needed(ends: set[int], makers: list[list[int]]) -> list[int]:
    """Go back from some calls to all that lead to them."""
    found, todo = set(ends), list(ends)
    while todo:
        fresh = set(makers[todo.pop()]) - found
        found |= fresh
        todo += fresh
    return sorted(found)


def _reached(run: Run, makers: list[list[int]], given: set[int]) -> set[int]:
    """Find the calls that depend on an input, of those that `call` itself made."""
    found: set[int] = set()
    for index, call in enumerate(run.calls):
        takes = any(id(tensor) in given for tensor in call.input_tensors)
        if run.is_direct(call) and (takes or not found.isdisjoint(makers[index])):
            found.add(index)
    return found


def _dependent(results: Iterable[Any], known: set[int]) -> list[Any]:
    return [result if id(result) in known else None for result in results]


def _constants(results: Iterable[Any], outputs: Iterable[Any]) -> Iterator[int]:
    """Find the results that are tensors or arrays, but depend on no input."""
    for place, (result, output) in enumerate(zip(results, outputs, strict=True)):
        if output is None and hasattr(result, "shape") and hasattr(result, "dtype"):
            yield place


def _loose(calls: Iterable[Any], known: set[int]) -> Iterator[Any]:
    """Give the tensors that come from none of the calls and are not given."""
    seen = set(known)
    for call in calls:
        yield from (tensor for tensor in call.input_tensors if id(tensor) not in seen)
        seen.update(id(tensor) for tensor in (*call.input_tensors, *call.outputs))


def _left_out(layer: Any, run: Run, calls: Sequence[Any]) -> tuple[tuple[Any, ...], ...]:
    """Find the layers of a layer that its `call` did not call, and those it called for nothing.

    A layer counts as called if one inside it was, as in `for layer in self.stack.layers`.
    """
    if run.error is not None:
        return (), ()
    called = {id(call.operation) for call in run.calls}
    needed = {id(call.operation) for call in calls}
    own = layer._flatten_layers(include_self=False, recursive=False)
    children = [child for child in own if not _is_input(child)]
    closed = {
        id(inner)
        for call in run.calls
        if is_layer(call.operation)
        for inner in call.operation._flatten_layers()
    }
    uncalled = [
        child for child in children if id(child) not in closed and not _any_inside(child, called)
    ]
    vain = {id(call.operation): call.operation for call in run.calls if run.is_direct(call)}
    unneeded = [each for key, each in vain.items() if key not in needed and is_layer(each)]
    return tuple(uncalled), tuple(unneeded)


def _any_inside(layer: Any, wanted: set[int]) -> bool:
    return any(id(inner) in wanted for inner in layer._flatten_layers())


def _is_input(layer: Any) -> bool:
    import keras

    return isinstance(layer, keras.layers.InputLayer)


def local_names(calls: Iterable[Any]) -> dict[int, str]:
    """Number operations within one `call`: Keras' numbers count all that were ever made."""
    operations = {id(call.operation): call.operation for call in calls}
    taken = {each.name for each in operations.values() if is_layer(each)}
    names: dict[int, str] = {}
    for key, operation in operations.items():
        base = re.sub(r"_\d+$", "", operation.name)
        if is_layer(operation) or base != _snake(type(operation).__name__):
            continue
        number = 0
        while (name := f"{base}_{number}" if number else base) in taken:
            number += 1
        taken.add(name)
        names[key] = name
    return names


def _snake(name: str) -> str:
    """Spell a class name as Keras does in names: `GetItem` is get_item."""
    words = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def _flat(structure: Any) -> list[Any]:
    import keras

    flat: list[Any] = keras.tree.flatten(structure)
    return flat
