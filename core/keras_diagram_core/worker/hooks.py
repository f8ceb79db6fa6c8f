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

from keras_diagram_core.worker.eager import eager_answers
from keras_diagram_core.worker.patches import Change, patched, variable_methods

# Not `__tf_tensor__` and its like: TensorFlow itself asks, and then tries another way.
_QUESTIONS = tuple(f"__{name}__" for name in ("bool", "int", "float", "iter", "array"))
_SETTING_UP = ("build", "__init__")
_OWN = "keras_diagram_core."
_VARIABLES = "keras.src.backend.common.variables"


class Watcher(Protocol):
    """Who is told what happens in a `call`."""

    def record(self, call: Any) -> None:
        """Take one of Keras' records."""

    def call_layer(self, original: Callable[..., Any], layer: Any, args: Any, kwargs: Any) -> Any:
        """Call a layer by Keras' own method."""

    def hear(self, error: Exception) -> None:
        """Hear that the code asked for the value of a symbolic tensor."""

    def lose(self) -> None:
        """Hear that a loss was added."""

    def assign(self, weight: Any) -> None:
        """Hear that a weight gets a new value, or would if symbolic tensors had any."""


@contextmanager
def hooks(watcher: Watcher) -> Iterator[None]:
    """Have Keras report what happens."""
    with eager_answers():
        changes = [*_reports(watcher), *_questions(watcher), *_assignments(watcher)]
        with patched(changes):
            yield


def _reports(watcher: Watcher) -> list[Change]:
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


def _questions(watcher: Watcher) -> Iterator[Change]:
    """Tell what the code asks of symbolic tensors."""
    import keras

    for name in _QUESTIONS:
        if name in vars(keras.KerasTensor):
            question = vars(keras.KerasTensor)[name]
            yield keras.KerasTensor, name, _refusing(question, watcher)


def _refusing(question: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    @wraps(question)
    def refuse(*args: Any, **kwargs: Any) -> Any:
        try:
            return question(*args, **kwargs)
        except Exception as error:
            watcher.hear(error)
            raise

    return refuse


def _assignments(watcher: Watcher) -> Iterator[Change]:
    for owner, name in variable_methods(("assign",)):
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


def _is_symbolic(structure: Any) -> bool:
    import keras

    return any(isinstance(value, keras.KerasTensor) for value in keras.tree.flatten(structure))
