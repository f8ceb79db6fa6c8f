"""Have symbolic tensors do what the tensors of all backends do when Keras runs eagerly.

Keras' symbolic calls are stricter than the calls that train and predict: a layer may return
nothing but tensors, a subclass has to repeat what its parent says of output shapes, the rank
of a tensor is a tensor. And `==` compares symbolic tensors by identity, on which Keras' own
bookkeeping relies: so that stays as it is in Keras' code, and only there.
"""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from types import FrameType
from typing import Any

from keras_diagram_core.worker.patches import Change, patched, variable_methods
from keras_diagram_core.worker.records import Places, keep_places

_OPERATORS = tuple(
    f"__{name}__"
    for name in (
        *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
        *("lt", "le", "gt", "ge", "eq", "ne", "and", "or", "xor"),
    )
)
_KERAS = "keras."
_COMPUTING = ("keras.src.layers.", "keras.src.losses.", "keras.src.activations.")
_BOOKKEEPING = ("keras.src.layers.layer", "keras.src.layers.input_spec")


def eager_answers() -> AbstractContextManager[None]:
    """Have symbolic tensors and calls answer as eager ones do, if they do not yet."""
    import keras

    if keras.Layer.symbolic_call is output_spec:
        return nullcontext()
    core = importlib.import_module("keras.src.ops.core")
    arrays = importlib.import_module("keras.src.ops.numpy")
    node = importlib.import_module("keras.src.ops.node").Node
    tensor = keras.KerasTensor
    return patched(
        [
            (tensor, "__eq__", _comparing(keras.ops.equal, tensor.__eq__)),
            (tensor, "__ne__", _comparing(keras.ops.not_equal, tensor.__ne__)),
            # So numpy and JAX leave an operator to the symbolic tensor on its right.
            (tensor, "__array_ufunc__", None),
            (tensor, "__jax_array__", property(_absent)),
            (core.Cond, "compute_output_spec", _choose),
            (core.WhileLoop, "compute_output_spec", _repeat),
            (arrays.GetItem, "compute_output_spec", _taking(arrays.GetItem.compute_output_spec)),
            (arrays.Ndim, "symbolic_call", _rank),
            (arrays.Size, "symbolic_call", _counting(arrays.Size.symbolic_call)),
            (keras.Layer, "symbolic_call", output_spec),
            (node, "__init__", _lenient(node.__init__)),
            *_deferring_operators(),
        ]
    )


def output_spec(layer: Any, *args: Any, **kwargs: Any) -> Any:
    """Return what a layer gives in a call, as symbolic tensors that nobody made.

    What a subclass inherits on output shapes may be untrue of a `call` of its own, or not know
    its arguments: then the `call` is run where Keras infers shapes.
    """
    if "compute_output_spec" not in vars(layer) and _has_call_of_its_own(type(layer)):
        infer = importlib.import_module("keras.src.backend").compute_output_spec
        try:
            return infer(layer.call, *args, **kwargs)
        except Exception:  # noqa: BLE001, S110  (the user's code may raise anything)
            pass  # what it inherits is said for this very purpose, perhaps
    return layer.compute_output_spec(*args, **kwargs)


def _has_call_of_its_own(kind: type) -> bool:
    """Whether a class overrides `call`, but inherits what is said on its output shapes."""
    import keras

    call = _owner(kind, "call")
    said = min(
        (_owner(kind, name) for name in ("compute_output_spec", "compute_output_shape")),
        key=kind.__mro__.index,
    )
    if call.__module__.startswith(_KERAS) or said in keras.Layer.__mro__:
        return False
    return kind.__mro__.index(call) < kind.__mro__.index(said)


def _owner(kind: type, name: str) -> type:
    return next(each for each in kind.__mro__ if name in vars(each))


def _comparing(
    operation: Callable[[Any, Any], Any], original: Callable[[Any, Any], Any]
) -> Callable[[Any, Any], Any]:
    """Compare with numbers and tensors element by element, and with all else by identity."""
    import keras

    def compare(self: Any, other: Any) -> Any:
        if _is_bookkeeping(sys._getframe(1)):
            return original(self, other)
        comparable = isinstance(other, (keras.KerasTensor, bool, int, float))
        if comparable or hasattr(other, "__array__"):
            return operation(self, other)
        return NotImplemented

    return compare


def _is_bookkeeping(frame: FrameType) -> bool:
    """Whether this is Keras' own code, and not what a layer or loss of Keras computes."""
    name = str(frame.f_globals.get("__name__", ""))
    if not name.startswith(_KERAS):
        return False
    return not name.startswith(_COMPUTING) or name in _BOOKKEEPING


def _absent(_self: Any) -> None:
    raise AttributeError


def _rank(_self: Any, x: Any) -> int:
    return len(x.shape)


def _counting(original: Callable[..., Any]) -> Callable[..., Any]:
    """Have a known number of elements be a number."""

    def symbolic_call(self: Any, x: Any) -> Any:
        return original(self, x) if None in x.shape else math.prod(x.shape)

    return symbolic_call


def _lenient(original: Callable[..., Any]) -> Callable[..., Any]:
    """Have Keras record the tensors of a call that gives other things, too."""
    import keras

    @wraps(original)
    def record(
        self: Any, operation: Any, call_args: Any, call_kwargs: Any, outputs: Any = None
    ) -> None:
        flat = [] if outputs is None else keras.tree.flatten(outputs)
        kept = [place for place, each in enumerate(flat) if isinstance(each, keras.KerasTensor)]
        original(self, operation, call_args, call_kwargs, [flat[place] for place in kept])
        keep_places(self, Places(kept, len(flat)))

    return record


def _choose(self: Any, pred: Any, true_fn: Any, false_fn: Any) -> Any:  # noqa: ARG001
    """Return the outputs of `ops.cond`, whose functions take symbolic tensors from around them.

    Raises:
        ValueError: the two functions do not return the same kind of thing.
    """
    import keras

    results = [keras.tree.map_structure(_spec, function()) for function in (true_fn, false_fn)]
    if not self._check_output_spec(*results):
        raise ValueError(f"`true_fn` and `false_fn` return unlike outputs: {results}")
    return results[0]


def _repeat(_self: Any, loop_vars: Any) -> Any:
    """Return the outputs of `ops.while_loop`, which may start with numbers."""
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


def _deferring_operators() -> Iterator[Change]:
    """Have weights leave an operator to the symbolic tensor on its right."""
    import keras

    for owner, name in variable_methods(_OPERATORS):
        yield owner, name, _deferring(vars(owner)[name], keras.KerasTensor)


def _deferring(operator: Callable[[Any, Any], Any], symbolic: type) -> Callable[[Any, Any], Any]:
    def defer(self: Any, other: Any) -> Any:
        return NotImplemented if isinstance(other, symbolic) else operator(self, other)

    return defer
