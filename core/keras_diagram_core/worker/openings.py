"""Which files are opened and which folders are listed, as Python tells an audit hook of it."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import sys
from importlib.util import source_from_cache
from types import FrameType
from typing import Any

from keras_diagram_core.manifest import folder_digest
from keras_diagram_core.worker.callers import IMPORTS, Owner, asker, owner
from keras_diagram_core.worker.places import is_ours, is_users

State = str | tuple[int, int, int]
"""A folder's digest; a file's time of change, size and number; nothing where there is neither."""

_NEVER = ("/proc/", "/sys/", "/dev/")
_MEMORY = "/dev/shm/"  # noqa: S108  (nothing of ours is put there)
_MACHINE = ("/etc/", "/usr/share/")
EVENTS = frozenset(
    {
        *("open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.link", "os.symlink"),
        *("import", "sqlite3.connect", "ctypes.dlopen"),
    }
)
"""The events of which `Openings` wants to hear."""

_METADATA = os.path.dirname(importlib.metadata.__file__)
_CACHE = "__pycache__"
_WRITING = os.O_WRONLY | os.O_RDWR


class Openings:
    """The user's files that were read, each with the state in which it was first read.

    What the code made itself does not count: it was made from something else.
    """

    def __init__(self) -> None:
        """Start with nothing noted."""
        self.read: dict[str, State] = {}
        self._made: set[str] = set()
        self._lasting: dict[str, State] = {}

    def clear(self) -> None:
        """Forget what was noted, except what libraries read on import: they stay loaded."""
        self.read = dict(self._lasting)
        self._made.clear()

    def is_made(self, path: str) -> bool:
        """Whether the code made a file itself, or a folder that it is in."""
        while path not in self._made:
            path, below = os.path.dirname(path), path
            if path == below:
                return False
        return True

    def hear(self, event: str, args: tuple[Any, ...], frame: FrameType | None) -> None:
        """Note an event.

        Args:
            event: its name.
            args: what Python tells of it; before it happens, whether or not it succeeds.
            frame: where it happens; none, where a thread of C code calls Python.
        """
        match event:
            case "open":
                self._hear_open(args[0], args[2], frame)
            case "os.listdir" | "os.scandir":
                # Python lists folders to look for modules and versions: `Lookups` knows for which.
                # Libraries list it on import to find what is installed, which is known by version.
                if not _is_import(frame) and not _is_own(frame) and not _is_librarys(frame):
                    self._note(_folder(args[0]), frame)
            case "import" if args[1] is not None:  # the file of a compiled module
                self._note(args[1], frame)
            case "os.mkdir" | "os.symlink":
                path = _absolute(args[event == "os.symlink"])
                if path and not os.path.lexists(path):
                    self._made.add(path)
                    self.read.pop(path, None)  # looked for before it was made
            case "os.rename" | "os.link":
                self._note(args[0], frame)
                self._made |= {path for path in [_absolute(args[1])] if path}
            case "sqlite3.connect":
                database = os.fsdecode(args[0]).removeprefix("file:").partition("?")[0]
                flags = os.O_RDWR | os.O_CREAT
                self._hear_open(None if database == ":memory:" else database, flags, frame)
            case "ctypes.dlopen":
                self._note(args[0] if os.sep in str(args[0]) else None, frame)

    def hear_absent(self, path: Any, frame: FrameType | None) -> None:
        """Note that the project's code looked for something in vain."""
        if frame is None or owner(frame.f_code.co_filename) is not Owner.PROJECT:
            return
        absolute = _absolute(path)
        if absolute is None or os.path.lexists(absolute) or self.is_made(absolute):
            return
        if absolute not in self.read and _counts(absolute, frame):
            self.read[absolute] = ""

    def _hear_open(self, path: Any, flags: int, frame: FrameType | None) -> None:
        absolute = _absolute(path)
        if absolute is None or not _is_users_folder(os.path.dirname(absolute)):
            return
        if not flags & _WRITING:
            self._note(_source(absolute) if _is_import(frame) else absolute, frame)
        elif os.path.isdir(absolute):
            return  # a temporary file without a name
        elif flags & os.O_TRUNC or (flags & os.O_CREAT and not os.path.lexists(absolute)):
            self._made.add(absolute)
        elif flags & os.O_RDWR:
            self._note(absolute, frame)

    def _note(self, path: Any, frame: FrameType | None) -> None:
        absolute = _absolute(path)
        if absolute is not None and self.is_made(absolute):  # perhaps it is a link to what is not
            absolute = os.path.realpath(absolute)
        if absolute is None or absolute in self.read or self.is_made(absolute):
            return
        if not _counts(absolute, frame):
            return
        self.read[absolute] = state(absolute)
        if _is_librarys(frame):
            self._lasting[absolute] = self.read[absolute]


def is_folder(state: State) -> bool:
    """Whether a state is that of a folder."""
    return isinstance(state, str) and bool(state)


def state(path: str) -> State:
    """Return in which state a file or folder is, without reading the file."""
    try:
        if os.path.isdir(path):
            return folder_digest(path)
        found = os.stat(path)
    except (OSError, ValueError):
        return ""
    return found.st_mtime_ns, found.st_size, found.st_ino


def _counts(path: str, frame: FrameType | None) -> bool:
    if os.path.basename(os.path.dirname(path)) == _CACHE:
        return False
    if path.startswith(_NEVER) and not path.startswith(_MEMORY):
        return False
    # Libraries look there when they are imported, for what is a machine's and not a model's.
    if path.startswith(_MACHINE) and asker(frame) is not Owner.PROJECT:
        return False
    return is_users(path)


@functools.cache
def _is_users_folder(path: str) -> bool:
    """Whether a folder is the user's: libraries open thousands of files in a few folders."""
    return is_users(path)


def _is_import(frame: FrameType | None) -> bool:
    return frame is not None and frame.f_code.co_filename.startswith((*IMPORTS, _METADATA))


def _is_own(frame: FrameType | None) -> bool:
    return frame is not None and is_ours(frame.f_code.co_filename)


def _is_librarys(frame: FrameType | None) -> bool:
    """Whether a library does something for itself, while it is imported."""
    return asker(frame) is Owner.LIBRARY


def _folder(path: Any) -> Any:
    """Return what is listed; of a descriptor, the folder behind it, where that can be told."""
    if not isinstance(path, int):
        return os.curdir if path is None else path
    try:
        return os.readlink(f"/proc/self/fd/{path}")
    except OSError:
        return None


def _source(path: str) -> str:
    """Return the file that a module's cached code was made from: Python may not open that."""
    if os.path.basename(os.path.dirname(path)) != _CACHE and sys.pycache_prefix is None:
        return path
    try:
        return source_from_cache(path)
    except (ValueError, NotImplementedError):
        return path


def _absolute(path: Any) -> str | None:
    """Return an absolute path; None for a descriptor, or where the working folder is gone."""
    try:
        return os.path.abspath(os.fsdecode(path))
    except (TypeError, OSError):
        return None
