"""Which environment variables the project's code reads by name."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from keras_diagram_core.worker.callers import Owner, owner
from keras_diagram_core.worker.places import CODE_FILE

_CLASS = type(os.environ)
_WATCHED = ("__getitem__", "__setitem__", "__delitem__", "__iter__")


class Variables:
    """Hears of every use of `os.environ`, by whatever way: all of them end in four methods.

    What Python, Keras and other libraries read does not count. Neither does what was copied or
    gone through with all the rest, nor what the code itself has set before.
    """

    def __init__(self) -> None:
        """Start with nothing noted, and remember the environment as the build has it."""
        self.at_start = dict(os.environ)
        self.names: set[str] = set()
        self._set: set[str] = set()
        self._gone_through: dict[int, Any] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what is read from here on, and forget what was noted before."""
        self.names.clear()
        self._set.clear()
        self._gone_through.clear()
        originals = {name: getattr(_CLASS, name) for name in _WATCHED}
        for name, method in self._methods(**originals).items():
            setattr(_CLASS, name, method)
        try:
            yield
        finally:
            for name, method in originals.items():
                setattr(_CLASS, name, method)

    def _methods(
        self, __getitem__: Any, __setitem__: Any, __delitem__: Any, __iter__: Any
    ) -> dict[str, Any]:
        """Make methods that do what these do, and tell of it."""

        def get(environ: Any, key: Any) -> Any:
            self._note(key, sys._getframe(1))
            return __getitem__(environ, key)

        def set_(environ: Any, key: Any, value: Any) -> None:
            __setitem__(environ, key, value)
            self._set.add(os.fsdecode(key))

        def delete(environ: Any, key: Any) -> None:
            __delitem__(environ, key)
            self._set.add(os.fsdecode(key))

        def iterate(environ: Any) -> Iterator[Any]:
            for key in __iter__(environ):
                self._gone_through[id(key)] = key  # also keeps the number from being used again
                yield key

        made = (get, set_, delete, iterate)
        return dict(zip(_WATCHED, made, strict=True))

    def _note(self, key: Any, frame: FrameType) -> None:
        if id(key) in self._gone_through or not isinstance(key, (str, bytes)):
            return
        name = os.fsdecode(key)
        if name not in self._set and owner(_reader(frame)) is Owner.PROJECT:
            self.names.add(name)


def _reader(caller: FrameType) -> str:
    """Return the file name of the code for which a method of `os.environ` is called."""
    frame: FrameType | None = caller
    while frame is not None and _passes_on(frame):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def _passes_on(frame: FrameType) -> bool:
    """Whether code only passes on what its caller asks for: `os.getenv`, text run by `exec`."""
    module, code = frame.f_globals.get("__name__"), frame.f_code
    if module in {"posixpath", "ntpath"}:
        return code.co_name in {"expandvars", "repl"}
    is_text = code.co_filename.startswith("<") and not code.co_filename.startswith("<frozen ")
    return module in {"os", "collections.abc"} or (is_text and code.co_filename != CODE_FILE)
