"""Build models without allocating their weights: a picture needs only their shapes."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from keras_diagram_core.worker.failures import causes, message_of
from keras_diagram_core.worker.shapes import true_shapes


@contextmanager
def building(*, weightless: bool) -> Iterator[None]:
    """Restore Keras' settings afterwards and, if weightless, initialise no variable inside.

    Shapes are the true ones inside. All of that begins once Keras is there, but Keras is not
    imported for it: the user's module may want to choose the backend first.
    """
    with ExitStack() as stack:

        def enter() -> None:
            keras = sys.modules["keras"]
            if hasattr(keras, "StatelessScope"):  # Keras 2, without it, is refused later
                stack.enter_context(_restored_settings(keras.config))
                stack.enter_context(true_shapes())
                if weightless:
                    stack.enter_context(_lasting(keras.StatelessScope))

        stack.enter_context(once_imported(enter))
        yield


@contextmanager
def once_imported(callback: Callable[[], None]) -> Iterator[None]:
    """Call back once Keras has been imported, now or inside; who asked last is called last."""
    if "keras" in sys.modules:
        callback()
        yield
        return
    finder = _AfterKeras(callback)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        finder.remove()


def needs_weights(error: BaseException | None) -> bool:
    """Say whether code failed because it created a variable from a value, not an initializer."""
    return any(
        isinstance(cause, ValueError) and "while in a stateless scope" in message_of(cause)
        for cause in causes(error)
    )


@contextmanager
def _restored_settings(config: Any) -> Iterator[None]:
    """Undo what the user's code sets, for it would hold for the next target too."""
    floatx, layout, epsilon = config.floatx(), config.image_data_format(), config.epsilon()
    try:
        yield
    finally:
        config.set_floatx(floatx)
        config.set_image_data_format(layout)
        config.set_epsilon(epsilon)


@contextmanager
def _lasting(scope: Callable[..., AbstractContextManager[Any]]) -> Iterator[None]:
    """Enter a scope again whenever the user's code clears the session, which forgets scopes."""
    original = sys.modules["keras"].utils.clear_session
    with ExitStack() as stack:

        def enter() -> None:
            stack.enter_context(scope(initialize_variables=False))

        @functools.wraps(original)
        def clear_and_enter(*args: Any, **kwargs: Any) -> None:
            original(*args, **kwargs)
            enter()

        enter()
        _replace(original, clear_and_enter)
        stack.callback(_replace, clear_and_enter, original)
        yield


def _replace(function: Any, replacement: Any) -> None:
    """Put a function in another's place, wherever Keras offers it."""
    for name, module in list(sys.modules.items()):
        names = getattr(module, "__dict__", {})  # what is no module may stand there
        if name.startswith("keras.") and names.get("clear_session") is function:
            names["clear_session"] = replacement


class _AfterKeras:
    """An import hook that calls back, once, when Keras has been imported."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback = callback

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "keras":
            return None
        self.remove()
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            self._call_after(spec.loader)
        return spec

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def _call_after(self, loader: Any) -> None:
        execute = loader.exec_module

        def execute_and_call(module: ModuleType) -> None:
            execute(module)
            self._callback()

        loader.exec_module = execute_and_call
