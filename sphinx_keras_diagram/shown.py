"""Which pictures the pages of an output folder show, so that only changed ones are rewritten.

Kept in a small file beside the doctrees, one for each output folder, and written when a build
has ended: the environment, which Sphinx stores before it writes pages, would claim pictures
that an interrupted build never wrote, and cannot tell the folders of two builders apart.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container
from pathlib import Path


class ShownPictures:
    """The state of each page, as its last writing left it."""

    def __init__(self, folder: Path, outdir: Path) -> None:
        """Read what earlier builds into this output folder have left.

        Args:
            folder: where the record is kept.
            outdir: the output folder that it is about.
        """
        name = hashlib.sha256(os.fsencode(outdir)).hexdigest()[:16]
        self._path = folder / f"shown-{name}.json"
        self._stored = _load(self._path)
        self._written: dict[str, str] = {}

    def is_current(self, docname: str, state: str) -> bool:
        """Say whether a page shows its pictures as they are now."""
        return self._stored.get(docname) == state

    def note(self, docname: str, state: str) -> None:
        """Note that a page is being written."""
        self._written[docname] = state

    def save(self, docnames: Container[str]) -> None:
        """Store the record, without the pages that are no more."""
        states = self._stored | self._written
        states = {name: state for name, state in sorted(states.items()) if name in docnames}
        if states != self._stored:
            replace_file(self._path, json.dumps(states, indent=0).encode())


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def _load(path: Path) -> dict[str, str]:
    try:
        states = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return states if isinstance(states, dict) else {}
