"""Run a `call` on symbolic tensors, and keep a record of every call that it makes.

Keras records a call of an operation on symbolic tensors as a node. What it does not record
is made symbolic here: a layer that is called on constants (`self.positions(ops.arange(9))`),
and Python operators whose left side is a weight or an array (`self.scale * x`).
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from keras_diagram_core.worker.arguments import closed_over
from keras_diagram_core.worker.hooks import hooks

_SCRATCH = "scratch"
_RECURSION = 3000


class _Followed(BaseException):
    """The `call` has been run: nothing else of the layer's `__call__` is wanted."""


class Run:
    """One run of a layer's `call`.

    Attributes:
        calls: Keras' records of the calls, in the order in which they happened.
        args: the positional arguments that `call` was run with, converted by Keras.
        kwargs: the keyword arguments, with what Keras adds: masks.
        masks: the masks of the arguments, by the `id()` of their tensors.
        result: what `call` returned.
        error: what it raised instead, or what kept Keras from running it; or that it asked for
            the value of a symbolic tensor, whatever it did then.
        added_losses: whether it added a loss.
        assigned: the weights that it gave new values.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.calls: list[Any] = []
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] = {}
        self.masks: dict[int, Any] = {}
        self.result: Any = None
        self.error: Exception | None = None
        self.added_losses = False
        self.assigned: list[Any] = []
        self._direct: set[int] = set()
        self._running: list[Any] = []

    def is_direct(self, call: Any) -> bool:
        """Say whether the `call` itself made this call, and not a layer inside it."""
        return id(call) in self._direct

    def follow(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Run the `call` of a layer, and watch."""
        self.args, self.kwargs = args, kwargs
        self.masks = _masks((args, kwargs))  # now: some layers remove them

        def run() -> None:
            with hooks(self):
                try:
                    self.result = layer.call(*args, **kwargs)
                except Exception as error:  # noqa: BLE001  (the user's code may raise anything)
                    self.refuse(error)

        _in_scratch(run)

    def refuse(self, error: Exception) -> None:
        """Keep the first error: what happens after it might not happen with values."""
        self.error = self.error or error

    def hear(self, error: Exception) -> None:
        """Refuse what `call` itself asks for; what is closed may ask where shapes are inferred."""
        if not self._running:
            self.refuse(error)

    def lose(self) -> None:
        """Keep in mind that there are losses."""
        self.added_losses = True

    def assign(self, weight: Any) -> None:
        """Keep a weight that gets a new value."""
        self.assigned.append(weight)

    def record(self, call: Any) -> None:
        """Keep one of Keras' records."""
        if self.error is not None:
            return
        call.arguments.keras_tensors.extend(closed_over(call))
        running = self._running
        if not running or (len(running) == 1 and call.operation is running[0]):
            self._direct.add(id(call))
        self.calls.append(call)

    def call_layer(self, original: Callable[..., Any], layer: Any, args: Any, kwargs: Any) -> Any:
        """Call a layer in Keras' way; at this level, with constants made symbolic."""
        if not self._running:
            args, kwargs = _symbolic(args, kwargs)
        self._running.append(layer)
        try:
            return original(layer, *args, **kwargs)
        finally:
            self._running.pop()


def run_call(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
    """Call a layer on symbolic tensors as Keras does, but look into its `call`.

    Keras builds the layer, converts the arguments, finds their masks and enters the scopes
    of mixed precision; then it would infer the outputs' shapes, and it is stopped there.
    """
    run = Run()

    def instead(*args: Any, **kwargs: Any) -> None:
        run.follow(layer, args, kwargs)
        raise _Followed

    # What returns an input is noted down by Keras as what has made it.
    histories = [
        (tensor, tensor._keras_history)
        for tensor in symbolic_tensors((args, kwargs))
        if hasattr(tensor, "_keras_history")
    ]
    # Not by setattr: Keras tracks what is set on a layer.
    vars(layer)["compute_output_spec"] = instead
    try:
        with calm():
            layer(*args, **kwargs)
    except _Followed:
        pass
    except Exception as error:  # noqa: BLE001  (the user's `build` may raise anything)
        run.refuse(error)
    finally:
        del vars(layer)["compute_output_spec"]
        for tensor, history in histories:
            tensor._keras_history = history
    return run


def is_weightless() -> bool:
    """Say whether variables get no values now."""
    scopes = importlib.import_module("keras.src.backend.common.stateless_scope")
    return bool(scopes.in_stateless_scope())


@contextmanager
def calm() -> Iterator[None]:
    """Have errors raised as they are, and no warnings about what is noticed anyway.

    Code that calls itself without end is to be stopped soon: a layer takes many frames.
    """
    import keras

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(min(limit, _RECURSION))
    filtering = keras.config.is_traceback_filtering_enabled()
    keras.config.disable_traceback_filtering()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(limit)
        if filtering:
            keras.config.enable_traceback_filtering()


def _in_scratch(function: Callable[[], None]) -> None:
    """Run a function where Keras infers shapes, once.

    What is computed there from constants and weights has a shape, but takes no memory.
    """
    import keras

    class Scratch(keras.Operation):  # type: ignore[misc]
        done = False

        def call(self) -> None:
            if not self.done:
                self.done = True
                function()

    Scratch(name=_SCRATCH).compute_output_spec()


def _masks(structure: Any) -> dict[int, Any]:
    import keras

    masks = {
        id(value): getattr(value, "_keras_mask", None) for value in keras.tree.flatten(structure)
    }
    return {key: mask for key, mask in masks.items() if mask is not None}


def _symbolic(args: Any, kwargs: Any) -> Any:
    """Replace the tensors in a call that has constants only."""
    import keras

    flat = keras.tree.flatten((args, kwargs))
    if any(isinstance(value, keras.KerasTensor) for value in flat):
        return args, kwargs
    return keras.tree.map_structure(symbolic_constant, (args, kwargs))


def symbolic_constant(value: Any) -> Any:
    """Give a symbolic tensor in place of a tensor or array, and all else as it is."""
    import keras

    is_array = hasattr(value, "__array__") and hasattr(value, "dtype")
    if isinstance(value, keras.KerasTensor) or not (keras.ops.is_tensor(value) or is_array):
        return value
    return keras.KerasTensor(tuple(value.shape), keras.backend.standardize_dtype(value.dtype))


def symbolic_tensors(structure: Any) -> list[Any]:
    """Give the symbolic tensors of a structure, in Keras' order."""
    import keras

    flat = keras.tree.flatten(structure)
    return [value for value in flat if isinstance(value, keras.KerasTensor)]
