"""Which files and folders the project's code looks for in vain, without opening them.

Python tells no audit hook of it. Those that are there need no notice: they are opened next.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

Hear = Callable[[Any, FrameType | None], None]

_WATCHED = (
    *((os.path, name) for name in ("exists", "lexists", "isfile", "isdir")),
    (Path, "stat"),
)
"""What is asked; `Path.exists`, `glob.glob` and their like end in one of these."""

_PASSING_ON = {"pathlib", "glob"}


@contextmanager
def absences(hear: Hear) -> Iterator[None]:
    """Tell of each path that is looked for in vain, and of the frame that asks."""
    is_watching = True

    def watched(original: Callable[..., Any]) -> Callable[..., Any]:
        def ask(path: Any, *args: Any, **kwargs: Any) -> Any:
            found = None
            try:
                found = original(path, *args, **kwargs)
            finally:
                if is_watching and not found:
                    hear(path, _asking(sys._getframe(1)))
            return found

        return ask

    originals = [(place, name, getattr(place, name)) for place, name in _WATCHED]
    for place, name, original in originals:
        setattr(place, name, watched(original))
    try:
        yield
    finally:
        is_watching = False  # a library may have taken one of these functions for its own
        for place, name, original in originals:
            setattr(place, name, original)


def _asking(frame: FrameType | None) -> FrameType | None:
    """Return whose question it is: that of whoever calls a method of `Path`, or `glob`."""
    while frame is not None and _module(frame) in _PASSING_ON:
        frame = frame.f_back
    return frame


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]
