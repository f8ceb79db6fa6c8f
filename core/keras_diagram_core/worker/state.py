"""What one target may not leave behind for the next, so that their order never matters."""

from __future__ import annotations

import gc
import importlib
import linecache
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from keras_diagram_core.worker.code import MODULE, forget_code
from keras_diagram_core.worker.legacy import forget_legacy
from keras_diagram_core.worker.places import is_extension, user_modules


@contextmanager
def clean_process() -> Iterator[None]:
    """Start with none of the user's modules and fresh Keras names; put the process right after."""
    _forget_user_modules()
    linecache.clearcache()
    forget_code()
    forget_legacy()
    _reset_keras()
    folder, environ, limit = os.getcwd(), dict(os.environ), sys.getrecursionlimit()
    lists: list[tuple[list[Any], list[Any]]] = [
        (shared, list(shared)) for shared in (sys.path, sys.argv)
    ]
    hooks = list(sys.meta_path)
    streams = sys.stdin, sys.stdout, sys.stderr
    with warnings.catch_warnings():
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            for shared, before in lists:
                shared[:] = before
            sys.meta_path[:] = _hooks_to_keep(hooks)
            sys.setrecursionlimit(limit)
            _restore_environ(environ)
            os.chdir(folder)


def _hooks_to_keep(before: list[Any]) -> list[Any]:
    """Give the import hooks without the user's: a library that stays loaded needs its own."""
    libraries = sys.modules.keys() - user_modules().keys() - {MODULE}
    kept = [
        hook
        for hook in sys.meta_path
        if hook in before or getattr(hook, "__module__", "") in libraries
    ]
    return [*kept, *(hook for hook in before if hook not in kept)]


def _restore_environ(environ: dict[str, str]) -> None:
    for name in os.environ.keys() - environ.keys():
        del os.environ[name]
    os.environ.update(environ)


def _forget_user_modules() -> None:
    for name, spec in user_modules().items():
        if not is_extension(spec):
            del sys.modules[name]
    if "keras" not in sys.modules:  # then what is there of it are the remains of a failed import
        for name in [name for name in sys.modules if name.startswith("keras.")]:
            del sys.modules[name]
    importlib.invalidate_caches()


def _reset_keras() -> None:
    """Start Keras' name counters again, and drop what it keeps of earlier models."""
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "utils"):
        keras.utils.clear_session()
        # It has collected garbage. What is left are libraries: never look through them again.
        gc.freeze()
