"""Which operations are opened, and what is inside them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from keras_diagram_core.worker.records import (
    Record,
    called_by_keras,
    functional_of,
    is_layer,
    recorded,
    unbuilt_inside,
)
from keras_diagram_core.worker.signatures import Signatures
from keras_diagram_core.worker.trace import Trace, trace_call
from keras_diagram_core.worker.twins import retold

Levels = int | Literal["all"] | None


@dataclass(frozen=True)
class Depth:
    """How far things are opened.

    Attributes:
        levels: so many levels of nested models and composite layers, or all; None opens
            nested models all the way, and no composite layer.
        expand: names and class names of what is opened whatever the depth.
    """

    levels: Levels = None
    expand: frozenset[str] = frozenset()

    def wants(self, operation: Any) -> bool:
        """Say whether an operation at this depth is to be opened, if there is anything inside."""
        if self.asked(operation):
            return True
        if self.levels is None:
            return is_model(operation)
        return self.levels == "all" or self.levels > 0

    def asked(self, operation: Any) -> frozenset[str]:
        """Give the names in `expand` by which an operation was asked for."""
        return self.expand & {operation.name, type(operation).__name__}

    @property
    def below(self) -> Depth:
        """The depth inside what is opened."""
        if isinstance(self.levels, int):
            return Depth(max(self.levels - 1, 0), self.expand)
        return self


def is_model(operation: Any) -> bool:
    """Say whether an operation is a model, of whatever kind."""
    import keras

    return isinstance(operation, keras.Model) or functional_of(operation) is not None


def has_inside(operation: Any) -> bool:
    """Say whether an operation is a model, is made of layers or has a `call` of the user's.

    A layer of Keras with a layer as its activation is not; and wrappers and recurrent
    layers show what they wrap in another way.
    """
    if is_model(operation):
        return True
    if not is_layer(operation):
        return False
    if not called_by_keras(operation):
        return True
    activation = getattr(operation, "activation", None)
    inner = operation._flatten_layers(include_self=False, recursive=False)
    return not _is_wrapper(operation) and any(each is not activation for each in inner)


def may_be_opened(operation: Any) -> bool:
    """Whether there is something inside an operation, even if nobody can look at it."""
    return has_inside(operation) or wrapped_inside(operation) is not None


def wrapped_inside(operation: Any) -> Any:
    """Give what has something inside and is run by a wrapper or recurrent layer, or None.

    Each runs it in a way of its own (step by step, backwards), so it cannot be opened in place.
    """
    if not (is_layer(operation) and called_by_keras(operation) and _is_wrapper(operation)):
        return None
    inner = operation._flatten_layers(include_self=False, recursive=True)
    return next((each for each in inner if has_inside(each)), None)


def _is_wrapper(layer: Any) -> bool:
    import keras

    kinds = ("Wrapper", "Bidirectional", "RNN", "StackedRNNCells")
    return isinstance(layer, tuple(getattr(keras.layers, kind) for kind in kinds))


def lacks_weights(operation: Any) -> bool:
    """Say whether a wrapper or recurrent layer runs layers that Keras has not built yet."""
    runs = is_layer(operation) and called_by_keras(operation) and _is_wrapper(operation)
    return runs and unbuilt_inside(operation)


def keeps_reserve(layer: Any) -> bool:
    """Whether a layer has layers that Keras' own code made, and calls only in some cases."""
    import keras

    kinds = (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention)
    return called_by_keras(layer) or isinstance(layer, kinds)


class Insides:
    """What is inside operations; a second look at the same call finds the same."""

    def __init__(self, signatures: Signatures) -> None:
        """Start with nothing looked at.

        Args:
            signatures: those of the model's layers; equal layers are followed once.
        """
        self._signatures = signatures
        self._first: dict[Hashable, tuple[Any, Trace]] = {}
        self._records: dict[int, tuple[Any, Record]] = {}
        self._traces: dict[Hashable, Trace] = {}
        self._kept: list[Any] = []  # alive, for the sake of their id()

    def recorded(self, operation: Any) -> Record | None:
        """Give Keras' own records of a model."""
        if id(operation) not in self._records:
            record = recorded(operation)
            if record is None:
                return None
            self._records[id(operation)] = operation, record
        return self._records[id(operation)][1]

    def traced(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Trace:
        """Follow the `call` of a layer, once for all equal layers called with such arguments."""
        form = self._signature((args, kwargs))
        key = id(layer), form
        if key not in self._traces:
            self._kept.append((layer, args, kwargs))
            self._traces[key] = self._followed(layer, args, kwargs, form)
        return self._traces[key]

    def _followed(
        self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], form: Hashable
    ) -> Trace:
        kind = self._signatures.of_layer(layer), form
        known = self._first.get(kind)
        if known is not None:
            first, found = known
            members = self._signatures.members
            twin = retold(found, members(first), members(layer))
            if twin is not None:
                return twin
        unbuilt = not all(each.built for each in layer._flatten_layers())
        trace = trace_call(layer, args, kwargs)
        if unbuilt:  # now it consists of more
            self._signatures.forget(layer)
            kind = self._signatures.of_layer(layer), form
        self._first.setdefault(kind, (layer, trace))
        return trace

    @staticmethod
    def _signature(structure: Any) -> Hashable:
        """Make equal what gives the same graph; the same tensor twice is told from two."""
        import keras

        places: dict[int, int] = {}

        def sign(value: Any) -> Hashable:
            if isinstance(value, keras.KerasTensor):
                place = places.setdefault(id(value), len(places))
                masked = getattr(value, "_keras_mask", None) is not None
                return place, value.shape, value.dtype, masked
            if value is None or isinstance(value, (bool, int, float, str)):
                return type(value).__name__, value
            return "object", id(value)

        args, kwargs = structure
        outline = str(keras.tree.map_structure(lambda _: 0, structure))
        return outline, *map(sign, keras.tree.flatten((args, kwargs)))


def feeds_numbers(trace: Trace, place: int, insides: Insides) -> bool:
    """Say whether the first thing done with an input is to look it up in an embedding."""
    return _looked_up(trace.record.calls, trace.given[place], insides)


def _looked_up(calls: Iterable[Any], tensors: Iterable[Any], insides: Insides) -> bool:
    wanted = {id(tensor) for tensor in tensors}
    return any(
        id(tensor) in wanted and _looks_up(call, place, insides)
        for call in calls
        for place, tensor in enumerate(call.input_tensors)
    )


def _looks_up(call: Any, place: int, insides: Insides) -> bool:
    import keras

    if isinstance(call.operation, keras.layers.Embedding):
        return True
    record = insides.recorded(call.operation)
    if record is not None:
        known = place < len(record.inputs)
        return known and _looked_up(record.calls, [record.inputs[place]], insides)
    if not has_inside(call.operation) or called_by_keras(call.operation):
        return False
    trace = insides.traced(call.operation, call.arguments.args, call.arguments.kwargs)
    return feeds_numbers(trace, place, insides)
