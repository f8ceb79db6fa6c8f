"""Who is behind what Python tells of: the project's code, a library, or Python itself."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from enum import Enum
from types import FrameType

from keras_diagram_core.worker.places import CODE_FILE, is_installed, is_ours, is_users

IMPORTS = ("<frozen importlib", "<frozen zipimport")
"""How the file names of Python's import system begin."""

_ASIDE = ("platform.py", "uuid.py", f"ctypes{os.sep}util.py")
"""Modules of Python that start processes to get to know the machine."""


class Owner(Enum):
    """Whose code something is."""

    PROJECT = 1
    LIBRARY = 2
    PYTHON = 3
    OURS = 4


@functools.cache
def owner(filename: str) -> Owner:
    """Return whose code has a file name. Code without a file works for whoever runs it."""
    if filename == CODE_FILE:
        return Owner.PROJECT
    if not os.path.isabs(filename):
        return Owner.PYTHON
    if is_ours(filename):
        return Owner.OURS
    if is_installed(filename):
        return Owner.LIBRARY
    return Owner.PROJECT if is_users(filename) else Owner.PYTHON


def asker(frame: FrameType | None) -> Owner:
    """Return who wants something: the project, we for it, or a library that is being imported.

    A library that is called wants it for its caller; one that is imported, for itself. Python's
    own code is neither: it is the answer in a bare thread.
    """
    is_others = False
    for each in _outwards(frame):
        filename = each.f_code.co_filename
        if not filename.startswith(IMPORTS):
            found = owner(filename)
            if found in (Owner.PROJECT, Owner.OURS):
                return found
            is_others = True
        elif is_others:
            return Owner.LIBRARY
    return Owner.PYTHON


def process_starter(frame: FrameType | None) -> FrameType | None:
    """Return where the project's code starts a process; None where other code does so."""
    for each in _outwards(frame):
        filename = each.f_code.co_filename
        found = owner(filename)
        if found is not Owner.PYTHON:
            return each if found is Owner.PROJECT else None
        if filename.endswith(_ASIDE):
            return None
    return None


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
