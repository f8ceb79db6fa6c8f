"""What Keras does otherwise while a `call` is followed on symbolic tensors.

A symbolic tensor has no value. Python code that asks for one (`if x:`, `float(x)`) is refused,
and that is told even where the code makes the best of it: with a value it might have
gone another way. Effects that lead to no output (losses, weights that get new values) would
fail for want of a value; they are left out, and told.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import Any, Protocol

_OPERATORS = tuple(
    f"__{name}__"
    for name in (
        *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
        *("lt", "le", "gt", "ge", "eq", "ne", "and", "or", "xor"),
    )
)
# Not `__tf_tensor__` and its like: TensorFlow itself asks, and then tries another way.
_QUESTIONS = tuple(f"__{name}__" for name in ("bool", "int", "float", "iter", "array"))
_SETTING_UP = ("build", "__init__")
_OWN = "keras_diagram_core."
_VARIABLES = "keras.src.backend.common.variables"
_Change = tuple[Any, str, Any]


class Watcher(Protocol):
    """Who is told what happens in a `call`."""

    def record(self, call: Any) -> None:
        """Take one of Keras' records."""

    def call_layer(self, original: Callable[..., Any], layer: Any, args: Any, kwargs: Any) -> Any:
        """Call a layer by Keras' own method."""

    def refuse(self, error: Exception) -> None:
        """Hear that the code asked for the value of a symbolic tensor."""

    def lose(self) -> None:
        """Hear that a loss was added."""

    def assign(self, weight: Any) -> None:
        """Hear that a weight gets a new value, or would if symbolic tensors had any."""


@contextmanager
def hooks(watcher: Watcher) -> Iterator[None]:
    """Have Keras report what happens."""
    changes = [
        *_reports(watcher),
        *_questions(watcher),
        *_answers(),
        *_variable_operators(),
        *_assignments(watcher),
    ]
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


_MISSING = object()


def _reports(watcher: Watcher) -> list[_Change]:
    import keras

    node = importlib.import_module("keras.src.ops.node").Node
    made, called, add_loss = node.__init__, keras.Layer.__call__, keras.Layer.add_loss

    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        watcher.record(self)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return watcher.call_layer(called, self, args, kwargs)

    def lose(self: Any, loss: Any) -> None:
        if _is_symbolic(loss):
            watcher.lose()
        else:
            add_loss(self, loss)

    return [
        (node, "__init__", make),
        (keras.Layer, "__call__", call),
        (keras.Layer, "add_loss", lose),
    ]


def _questions(watcher: Watcher) -> Iterator[_Change]:
    """Tell what the code asks of symbolic tensors."""
    import keras

    for name in _QUESTIONS:
        if name in vars(keras.KerasTensor):
            question = vars(keras.KerasTensor)[name]
            yield keras.KerasTensor, name, _refusing(question, watcher)


def _answers() -> list[_Change]:
    """Have symbolic tensors do what the tensors of all backends do."""
    import keras

    core = importlib.import_module("keras.src.ops.core")
    arrays = importlib.import_module("keras.src.ops.numpy")
    return [
        (keras.KerasTensor, "__eq__", _comparing(keras.ops.equal)),
        (keras.KerasTensor, "__ne__", _comparing(keras.ops.not_equal)),
        # So numpy and JAX leave an operator to the symbolic tensor on its right.
        (keras.KerasTensor, "__array_ufunc__", None),
        (keras.KerasTensor, "__jax_array__", property(_absent)),
        (core.Cond, "compute_output_spec", _choose),
        (core.WhileLoop, "compute_output_spec", _repeat),
        (arrays.GetItem, "compute_output_spec", _taking(arrays.GetItem.compute_output_spec)),
    ]


def _absent(_self: Any) -> None:
    raise AttributeError


def _choose(self: Any, pred: Any, true_fn: Any, false_fn: Any) -> Any:  # noqa: ARG001
    """Give the outputs of `ops.cond`, whose functions take symbolic tensors from around them.

    Raises:
        ValueError: where the two functions do not return the same kind of thing.
    """
    import keras

    results = [keras.tree.map_structure(_spec, function()) for function in (true_fn, false_fn)]
    if not self._check_output_spec(*results):
        raise ValueError(f"`true_fn` and `false_fn` return unlike outputs: {results}")
    return results[0]


def _repeat(_self: Any, loop_vars: Any) -> Any:
    """Give the outputs of `ops.while_loop`, which may start with numbers."""
    import keras

    return keras.tree.map_structure(_spec, loop_vars)


def _taking(original: Callable[..., Any]) -> Callable[..., Any]:
    """Have `x[None]`, `x[1:]` and `x[...]` understood, not only such keys in a tuple."""

    def take(self: Any, x: Any, key: Any) -> Any:
        alone = key is None or key is Ellipsis or isinstance(key, slice)
        return original(self, x, (key,) if alone else key)

    return take


def _spec(value: Any) -> Any:
    import keras

    if value is None:
        return None
    tensor = value if hasattr(value, "shape") else keras.ops.convert_to_tensor(value)
    return keras.KerasTensor(tensor.shape, keras.backend.standardize_dtype(tensor.dtype))


def _refusing(question: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    @wraps(question)
    def refuse(*args: Any, **kwargs: Any) -> Any:
        try:
            return question(*args, **kwargs)
        except Exception as error:
            watcher.refuse(error)
            raise

    return refuse


def _comparing(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Compare with numbers and tensors element by element, and with all else by identity."""
    import keras

    def compare(self: Any, other: Any) -> Any:
        comparable = isinstance(other, (keras.KerasTensor, bool, int, float))
        if comparable or hasattr(other, "__array__"):
            return operation(self, other)
        return NotImplemented

    return compare


def _variable_operators() -> Iterator[_Change]:
    """Give operators of weights that leave a symbolic tensor on the right to itself."""
    import keras

    for owner, name in _methods_of_variables(_OPERATORS):
        yield owner, name, _deferring(vars(owner)[name], keras.KerasTensor)


def _deferring(operator: Callable[[Any, Any], Any], symbolic: type) -> Callable[[Any, Any], Any]:
    def defer(self: Any, other: Any) -> Any:
        return NotImplemented if isinstance(other, symbolic) else operator(self, other)

    return defer


def _assignments(watcher: Watcher) -> Iterator[_Change]:
    for owner, name in _methods_of_variables(("assign",)):
        yield owner, name, _telling(vars(owner)[name], watcher)


def _telling(assign: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    def tell(self: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_symbolic(value):
            watcher.assign(self)
            return value
        if _is_effect(sys._getframe(1)):
            watcher.assign(self)
        return assign(self, value, *args, **kwargs)

    return tell


def _is_effect(frame: FrameType | None) -> bool:
    """Say whether it is the model's code that assigns, and not to set up what it builds.

    Keras itself assigns too: the next state to generators of random numbers, for one.
    """
    while frame is not None and _module(frame) == _VARIABLES:
        frame = frame.f_back  # of `assign_add` and its like
    if frame is None or _module(frame).startswith("keras."):
        return False
    while frame is not None and not _module(frame).startswith(_OWN):
        if frame.f_code.co_name in _SETTING_UP:
            return False
        frame = frame.f_back
    return True


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _methods_of_variables(names: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    import keras

    for owner in keras.Variable.__mro__:
        for name in names:
            if owner.__module__.startswith("keras.") and name in vars(owner):
                yield owner, name


def _is_symbolic(structure: Any) -> bool:
    import keras

    return any(isinstance(value, keras.KerasTensor) for value in keras.tree.flatten(structure))
