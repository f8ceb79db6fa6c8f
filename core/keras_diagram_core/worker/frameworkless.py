"""Keras without any framework: enough of it to build models, nothing to run them.

Keras brings a backend of its own on NumPy. It computes with jax and SciPy, which need not be
there, and learns the shape of a custom layer's output by running the layer on arrays. None
of that is needed for a graph: here jax and SciPy are stand-ins while Keras is imported, and
shapes come from symbolic calls (Keras' operations know the shapes that they give).
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from keras_diagram_core.worker.eager import eager_answers
from keras_diagram_core.worker.failures import causes, message_of

_ABSENT = ("jax", "scipy", "keras.src.backend.jax")
_STAND_IN_SIZES = (83, 89)
"""Primes, as Keras' own backends use: a dimension that differs between the two is unknown."""

_FOREIGN = re.compile(r"(A|A symbolic|not|over a symbolic) KerasTensor")
_NAMES = "object_name_uids"
_OPERATORS = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow")


class NeedsBackendError(ImportError):
    """Something was to be computed, which takes a real backend."""


def start() -> None:
    """Import Keras, if it is installed, on its NumPy backend, and leave the computing out."""
    os.environ["KERAS_BACKEND"] = "numpy"
    with _stand_ins(), suppress(ModuleNotFoundError):  # who needs Keras will miss it again
        importlib.import_module("keras")
        _infer_symbolically()
        _leave_tensorflow_alone()


def is_active() -> bool:
    """Say whether `start` has been called, and has found Keras."""
    backend = sys.modules.get("keras.src.backend")
    return getattr(backend, "compute_output_spec", None) is compute_output_spec


def needs_backend(error: BaseException | None) -> bool:
    """Say whether code failed because it wanted to compute, or wanted a framework."""
    return any(map(_wants_framework, causes(error)))


def may_need_backend(error: BaseException | None) -> bool:
    """Say whether code failed at a symbolic tensor, as foreign functions do."""
    return any(_FOREIGN.search(message_of(cause)) for cause in causes(error))


def _wants_framework(error: BaseException) -> bool:
    if isinstance(error, NeedsBackendError) or not isinstance(error, ImportError):
        return isinstance(error, NeedsBackendError)
    missing = (error.name or "").partition(".")[0]
    # Keras' own layers raise a plain ImportError: "TextVectorization requires TensorFlow".
    return missing in {*_ABSENT, "tensorflow", "torch"} or "requires TensorFlow" in message_of(
        error
    )


class _StandIn(ModuleType):
    """What Keras finds in the place of a module: it may be looked at, and not be used."""

    __path__: list[str] = []  # noqa: RUF012  (ModuleType says that it is no ClassVar)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(f"{self.__name__}.{name}")

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        raise NeedsBackendError(f"{self.__name__} was to compute something")


class _StandInFinder:
    """An import hook that is also the loader of the stand-ins."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        absent = f"{name}.".startswith(tuple(f"{root}." for root in _ABSENT))
        return ModuleSpec(name, self, is_package=True) if absent else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Let imports find stand-ins; afterwards, only who imported one still has it."""
    finder = _StandInFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name, module in list(sys.modules.items()):
            if isinstance(module, _StandIn):
                del sys.modules[name]


def _infer_symbolically() -> None:
    """Put our inference of shapes in the place of the NumPy backend's."""
    backend: Any = sys.modules["keras.src.backend"]
    for module in (backend, backend.core):
        module.compute_output_spec = compute_output_spec
    backend.KerasTensor.__array_ufunc__ = None  # so that `array + tensor` asks the tensor
    _stand_for_values(backend.Variable)
    for name in _OPERATORS:
        _defer_to_tensor(backend.Variable, name, backend.KerasTensor)


class _TensorFlow:
    """TensorFlow for who asks whether a value is of it: none is before somebody imports it."""

    def __init__(self, lazy: Any) -> None:
        self._lazy = lazy

    @property
    def available(self) -> bool:
        return "tensorflow" in sys.modules and bool(self._lazy.available)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lazy, name)


def _leave_tensorflow_alone() -> None:
    """Let Keras write down configurations without importing TensorFlow, which takes seconds."""
    library: Any = sys.modules.get("keras.src.saving.serialization_lib")
    if hasattr(library, "tf"):
        library.tf = _TensorFlow(library.tf)


def _stand_for_values(variable: Any) -> None:
    """Let a variable that was never initialised be zeros, one number repeated: it costs nothing.

    Keras would run the initializer.
    """
    import numpy as np
    from keras.src.backend.common.stateless_scope import get_stateless_scope

    original = variable.value.fget

    def value(self: Any) -> Any:
        scope = get_stateless_scope()
        if self._value is not None or (scope and scope.get_current_value(self) is not None):
            return original(self)
        return np.broadcast_to(np.zeros((), self.dtype), self.shape)

    variable.value = property(value)


def _defer_to_tensor(variable: Any, operator: str, tensor: Any) -> None:
    """Let `variable + tensor` be what `tensor.__radd__(variable)` says."""
    original = getattr(variable, f"__{operator}__")
    reflected = getattr(tensor, f"__r{operator}__")

    @functools.wraps(original)
    def operate(self: Any, other: Any) -> Any:
        return reflected(other, self) if isinstance(other, tensor) else original(self, other)

    setattr(variable, f"__{operator}__", operate)


def compute_output_spec(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Give the shapes and types that a function returns, without computing anything.

    The function is called on symbolic tensors, of which no dimension is unknown, so that code
    can calculate with shapes.
    """
    first = _run(function, args, kwargs, _STAND_IN_SIZES[0])
    if not _has_unknown((args, kwargs)):
        return first
    return _merge(first, _run(function, args, kwargs, _STAND_IN_SIZES[1]))


def _run(function: Callable[..., Any], args: Any, kwargs: Any, size: int) -> Any:
    import keras

    sized = functools.partial(_sized, size=size)
    args, kwargs = keras.tree.map_structure(sized, (args, kwargs))
    with keras.StatelessScope(), _symbolic_scope(), _names_kept(), eager_answers():
        made = function(*args, **kwargs)
    return keras.tree.map_structure(_spec, made)


def _symbolic_scope() -> AbstractContextManager[Any]:
    """Tell layers that nothing is computed; before Keras 3.5 there was no way to."""
    scope = getattr(sys.modules["keras.src.backend"], "SymbolicScope", nullcontext)
    entered: AbstractContextManager[Any] = scope()
    return entered


def _sized(value: Any, size: int) -> Any:
    """Give a symbolic tensor of its own, with a number for each unknown dimension."""
    import keras

    if not isinstance(value, keras.KerasTensor):
        return value
    shape = tuple(size if each is None else each for each in value.shape)
    return keras.KerasTensor(shape, value.dtype)


def _spec(value: Any) -> Any:
    """Give a fresh symbolic tensor, which does not remember how it was made."""
    import keras

    if not isinstance(value, keras.KerasTensor) and not keras.ops.is_tensor(value):
        return value
    return keras.KerasTensor(value.shape, keras.backend.standardize_dtype(value.dtype))


def _has_unknown(arguments: Any) -> bool:
    import keras

    flat = keras.tree.flatten(arguments)
    return any(isinstance(each, keras.KerasTensor) and None in each.shape for each in flat)


def _merge(first: Any, second: Any) -> Any:
    """Make a dimension unknown again where it follows from one that is."""
    import keras

    def merge(one: Any, other: Any) -> Any:
        if not isinstance(one, keras.KerasTensor):
            return None if isinstance(one, int) and one != other else one
        sizes = zip(one.shape, other.shape, strict=True)
        return keras.KerasTensor([a if a == b else None for a, b in sizes], one.dtype)

    return keras.tree.map_structure(merge, first, second)


@contextmanager
def _names_kept() -> Iterator[None]:
    """Take back the automatic names given inside, as a real backend gives none to operations."""
    from keras.src.backend.common import global_state

    before = global_state.get_global_attribute(_NAMES)
    kept = None if before is None else before.copy()
    try:
        yield
    finally:
        global_state.set_global_attribute(_NAMES, kept)
