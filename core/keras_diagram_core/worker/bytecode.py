"""Keep Python from writing `__pycache__` beside the user's code."""

from __future__ import annotations

import sys
from importlib.machinery import BYTECODE_SUFFIXES, SourceFileLoader
from typing import TYPE_CHECKING

from keras_diagram_core.worker.places import is_users

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


def keep_users_folders_clean() -> None:
    """Have Python cache bytecode of installed modules alone; caches that are there are still read.

    `mkdocs serve` builds again when anything in the folder of the pages changes.
    """
    write = SourceFileLoader.set_data

    def set_data(self: SourceFileLoader, path: str, data: Buffer, *, _mode: int = 0o666) -> None:
        is_code = path.endswith(tuple(BYTECODE_SUFFIXES))
        if not is_code or sys.pycache_prefix is not None or not is_users(path):
            write(self, path, data, _mode=_mode)

    SourceFileLoader.set_data = set_data  # type: ignore[method-assign]
