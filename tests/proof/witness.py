"""A witness of what a model does: it runs once, on data, and each tensor knows who made it.

Nothing symbolic takes part. Every call gives fresh tensors, which stay alive, so that the identity
of a tensor tells the call and the place of the output that it is, whatever the model does with it.
What Keras computes without an operation object - a function of `keras.ops`, `x + y` - is made one,
which then runs on the data as it is.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple
from unittest import mock

import keras

_OPERATORS = (
    *("add", "sub", "mul", "matmul", "truediv", "pow", "floordiv", "mod", "and", "or", "xor"),
    *("radd", "rsub", "rmul", "rmatmul", "rtruediv", "rpow", "rfloordiv", "rmod", "rand", "ror"),
    *("rxor", "lt", "le", "gt", "ge", "ne", "neg", "abs", "invert", "getitem"),
)


class Source(NamedTuple):
    """Where a tensor comes from: an output of a call; call -1 stands for the model's inputs."""

    call: int
    index: int


class Call(NamedTuple):
    """A call that is not looked into: what was called, inside of what, with which tensors."""

    operation: Any
    scope: tuple[str, ...]
    inputs: tuple[Source, ...]


def kind_of(operation: Any) -> tuple[str, str]:
    """Return what tells layers apart that each `call` makes anew: Keras may number them."""
    return type(operation).__name__, without_number(operation.name)


def without_number(name: str) -> str:
    """Return a name without the number that tells it from earlier ones."""
    return re.sub(r"(_\d+)?(@\d+)?$", "", name)


class Witness:
    """What happens while a model runs.

    Attributes:
        calls: in the order in which they happened.
        outputs: where the tensors that the model returned come from; None for a constant.
    """

    def __init__(self, closed: Iterable[Any]) -> None:
        """Start with nothing seen.

        Args:
            closed: the layers that are not looked into; operations never are.
        """
        self.calls: list[Call] = []
        self.outputs: list[Source | None] = []
        closed = list(closed)
        self._closed = {id(operation) for operation in closed}
        self._known = {kind_of(operation) for operation in closed}
        self._sources: dict[int, Source] = {}
        self._alive: list[Any] = []
        self._scope: list[Any] = []
        self._travelling: set[int] = set()
        self._masks: list[Any] = []  # that operations made
        self._is_inside = False  # of a call that is not looked into

    def run(self, model: Any, args: tuple[Any, ...], tensors: Iterable[Any]) -> None:
        """Run a model on data; `tensors` are its inputs, in their order, as they are in `args`."""
        for place, tensor in enumerate(tensors):
            self._know(tensor, Source(-1, place))
        with self._watching():
            result = model(*args)
        self.outputs = [self._sources.get(id(each)) for each in _flat_tensors(result)]

    def call(self, original: Callable[..., Any], operation: Any, args: Any, kwargs: Any) -> Any:
        """Call an operation, and note it down unless it is looked into."""
        if self._is_inside or (self._scope and self._scope[-1] is operation):
            return original(operation, *args, **kwargs)
        if isinstance(operation, keras.Layer) and not self._is_closed(operation):
            with self.closed():
                self._take_masks(keras.tree.flatten((args, kwargs)))
            self._scope.append(operation)
            try:
                return original(operation, *args, **kwargs)
            finally:
                self._scope.pop()
        return self.note(lambda: original(operation, *args, **kwargs), operation, args, kwargs)

    def note(self, run: Callable[[], Any], operation: Any, args: Any, kwargs: Any) -> Any:
        """Note a call down and run it; what it gives is made new."""
        flat = keras.tree.flatten((args, kwargs))
        given = tuple(self._sources[id(each)] for each in flat if id(each) in self._sources)
        with self.closed():
            result = run()
            if type(operation).__name__ == "ConvertToTensor" and _is_same(args[0], result):
                return args[0]
            made = keras.tree.map_structure(_copied, result)
        scope = tuple(without_number(layer.name) for layer in self._scope[1:])
        for index, tensor in enumerate(_flat_tensors(made)):
            self._know(tensor, Source(len(self.calls), index))
            if not isinstance(operation, keras.Layer) and tensor.dtype == "bool":
                self._masks.append(tensor)
        self.calls.append(Call(operation, scope, given))
        return made

    def _is_closed(self, layer: Any) -> bool:
        """Whether a layer is not looked into: itself, or as one that each `call` makes anew."""
        return id(layer) in self._closed or (
            not self._owned(layer) and kind_of(layer) in self._known
        )

    def _owned(self, layer: Any) -> bool:
        if not self._scope:
            return True
        inner = self._scope[0]._flatten_layers()
        return any(each is layer for each in inner)

    def knows(self, *values: Any) -> bool:
        """Whether a tensor that comes from somewhere is among values, outside of closed calls."""
        if self._is_inside:
            return False
        return any(id(each) in self._sources for each in keras.tree.flatten(values))

    def hand_on(self, before: Any, after: Any) -> None:
        """Have a tensor stand for another one, of which it is but a cast."""
        source = self._sources.get(id(before))
        if source is not None and id(after) not in self._sources:
            self._know(after, source)

    def _know(self, tensor: Any, source: Source) -> None:
        self._sources[id(tensor)] = source
        self._alive.append(tensor)

    def _take_masks(self, tensors: Sequence[Any]) -> None:
        """Have masks come from where the tensors come from which they travel with.

        A mask that an operation of the model has made comes from there: itself, or its values,
        since Keras computes them once more when a functional model runs.
        """
        for tensor in tensors:
            mask = keras.src.backend.get_keras_mask(tensor)
            if id(tensor) not in self._sources or mask is None:
                continue
            if id(mask) in self._sources and id(mask) not in self._travelling:
                continue
            made = next((each for each in self._masks if _has_values(each, mask)), tensor)
            copy = _copied(mask)
            keras.src.backend.set_keras_mask(tensor, copy)
            self._travelling.add(id(copy))
            self._know(copy, self._sources[id(made)])

    @contextmanager
    def _watching(self) -> Iterator[None]:
        with ExitStack() as stack:
            for owner, name, value in _changes(self):
                stack.enter_context(mock.patch.object(owner, name, value))
            yield

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Do what is no part of the model."""
        before, self._is_inside = self._is_inside, True
        try:
            yield
        finally:
            self._is_inside = before


def _changes(witness: Witness) -> Iterator[tuple[Any, str, Any]]:
    """Give what is put in the place of what, while a model runs."""
    operation = importlib.import_module("keras.src.ops.operation").Operation
    for owner in (operation, *_subclasses(operation)):
        if "__call__" in vars(owner):
            yield owner, "__call__", _calling(vars(owner)["__call__"], owner is operation, witness)
    yield operation, "symbolic_call", _running(witness)
    asks = keras.src.backend.any_symbolic_tensors
    records = "keras.src.layers.layer"  # layers note down there that they were called
    for name, module in list(sys.modules.items()):
        if name != records and getattr(module, "__dict__", {}).get("any_symbolic_tensors") is asks:
            yield module, "any_symbolic_tensors", _asking(asks, witness)
    yield from _operators(witness)
    policy = keras.dtype_policies.DTypePolicy
    yield policy, "convert_input", _casting(policy.convert_input, witness)
    functional = importlib.import_module("keras.src.models.functional").Functional
    for name in ("_convert_inputs_to_tensors", "_adjust_input_rank"):
        yield functional, name, _bridging(getattr(functional, name), witness)


def _calling(original: Any, is_root: bool, witness: Witness) -> Any:  # noqa: FBT001
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if is_root and isinstance(self, keras.Layer) and not witness._is_inside:
            quantized = getattr(self, "quantization_mode", None) is not None
            return (self.quantized_call if quantized else self.call)(*args, **kwargs)
        return witness.call(original, self, args, kwargs)

    return call


def _running(witness: Witness) -> Any:
    """Run on data what would be noted as symbolic."""

    def symbolic_call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return witness.note(lambda: self.call(*args, **kwargs), self, args, kwargs)

    return symbolic_call


def _asking(original: Any, witness: Witness) -> Any:
    """Have Keras make an operation of each function that is called with tensors of the model."""

    def any_symbolic_tensors(args: Any = None, kwargs: Any = None) -> bool:
        return witness.knows(args, kwargs) or original(args, kwargs)

    return any_symbolic_tensors


def _operators(witness: Witness) -> Iterator[tuple[Any, str, Any]]:
    tensor = type(keras.ops.convert_to_tensor(0.0))
    for name in (f"__{operator}__" for operator in _OPERATORS):
        symbolic = vars(keras.KerasTensor)[name]
        yield tensor, name, _either(symbolic, getattr(tensor, name, None), witness)
        for owner in keras.Variable.__mro__:
            if owner.__module__.startswith("keras.") and name in vars(owner):
                yield owner, name, _deferring(vars(owner)[name], witness)


def _either(symbolic: Any, original: Any, witness: Witness) -> Any:
    def operator(self: Any, *others: Any) -> Any:
        if witness.knows(self, others):
            return symbolic(self, *others)
        return NotImplemented if original is None else original(self, *others)

    return operator


def _deferring(original: Any, witness: Witness) -> Any:
    """Leave a tensor on the right to itself."""

    def operator(self: Any, *others: Any) -> Any:
        return NotImplemented if witness.knows(others) else original(self, *others)

    return operator


def _casting(original: Any, witness: Witness) -> Any:
    def convert_input(self: Any, x: Any, *args: Any) -> Any:
        with witness.closed():
            made = original(self, x, *args)
        witness.hand_on(x, made)
        return made

    return convert_input


def _bridging(original: Any, witness: Witness) -> Any:
    def convert(self: Any, tensors: Any) -> Any:
        with witness.closed():
            made = original(self, tensors)
        for before, after in zip(tensors, made, strict=True):
            witness.hand_on(before, after)
        return made

    return convert


def _subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def _flat_tensors(structure: Any) -> list[Any]:
    return [each for each in keras.tree.flatten(structure) if _is_tensor(each)]


def _is_tensor(value: Any) -> bool:
    return bool(keras.ops.is_tensor(value))


def _is_same(before: Any, after: Any) -> bool:
    return _is_tensor(before) and before.dtype == after.dtype


def _has_values(tensor: Any, mask: Any) -> bool:
    alike = tensor.dtype == mask.dtype and tensor.shape == mask.shape
    return alike and bool(keras.ops.all(tensor == mask))


def _copied(tensor: Any) -> Any:
    """Make another tensor of the same values, with the mask that Keras hands on with it."""
    if not _is_tensor(tensor):
        return tensor
    copy = importlib.import_module("tensorflow").identity(tensor)
    mask = keras.src.backend.get_keras_mask(tensor)
    if mask is not None:
        keras.src.backend.set_keras_mask(copy, mask)
    return copy
