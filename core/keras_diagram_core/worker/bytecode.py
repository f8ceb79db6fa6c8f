"""Python writes no `__pycache__` beside the user's code: who watches a folder sees no change."""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING

from keras_diagram_core.worker.places import is_users

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


def write_none_of_users() -> None:
    """Have Python write the code of installed modules alone; what is there is read all the same.

    `mkdocs serve` builds again when anything in the folder of the pages changes.
    """
    write = SourceFileLoader.set_data

    def set_data(self: SourceFileLoader, path: str, data: Buffer, *, _mode: int = 0o666) -> None:
        if sys.pycache_prefix is not None or not is_users(path):
            write(self, path, data, _mode=_mode)

    SourceFileLoader.set_data = set_data  # type: ignore[method-assign]
