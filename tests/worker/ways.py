"""Ways in which a picture depends on a file or variable: code of a builder, and what changes.

Each is a small project of its own. `write` puts it into the state in which the builder makes a
model of `number` layers: 2 at first, then 5.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BEFORE, AFTER = 2, 5

Write = Callable[[Path, int], None]


@dataclass(frozen=True)
class Way:
    """A way to depend on something.

    Attributes:
        name: of the module `w_<name>`, and of the folder `HERE` with its files.
        code: what the builder does.
        write: puts the files of the folder into a state.
        head: what its module does.
        more: of the request, beside the target.
        after: the number of layers after the change, None if the builder fails then.
    """

    name: str
    code: str
    write: Write
    head: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    after: int | None = AFTER


def text(path: str, content: str = "{n}") -> Write:
    """A file whose content changes."""

    def write(folder: Path, number: int) -> None:
        put(folder / path, content.replace("{n}", str(number)))

    return write


def later(path: str, content: str = "{n}") -> Write:
    """A file that is not there at first."""

    def write(folder: Path, number: int) -> None:
        if number != BEFORE:
            text(path, content)(folder, number)

    return write


def gone(path: str, content: str) -> Write:
    """A file that is not there in the end."""

    def write(folder: Path, number: int) -> None:
        if number == BEFORE:
            put(folder / path, content)
        else:
            (folder / path).unlink()

    return write


def both(*writes: Write) -> Write:
    """Several files."""

    def write(folder: Path, number: int) -> None:
        for each in writes:
            each(folder, number)

    return write


def fixed(path: str, content: str = "") -> Write:
    """A file that stays as it is."""
    return lambda folder, number: put(folder / path, content) if number == BEFORE else None


def count(folder: str) -> Write:
    """A folder with so many files."""

    def write(base: Path, number: int) -> None:
        for index in range(number):
            put(base / folder / f"{index}.txt", "")

    return write


def variable(name: str) -> Write:
    """An environment variable of the build."""

    def write(_folder: Path, number: int) -> None:
        os.environ[name] = str(number)

    return write


def variable_later(name: str) -> Write:
    """An environment variable that is not set at first."""

    def write(_folder: Path, number: int) -> None:
        if number != BEFORE:
            os.environ[name] = str(number)

    return write


def put(path: Path, content: str | bytes) -> None:
    """Write a file, its time set so that Python never takes cached code for current."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data)
    stamp = 1_700_000_000 + sum(data) % 1000
    os.utime(path, (stamp, stamp))


def installed(name: str, code: str, version: str = "1.0") -> Write:
    """A library in a `site-packages` of its own."""
    site = "lib/site-packages"
    record = f"{site}/{name}-{version}.dist-info/METADATA"
    return both(fixed(f"{site}/{name}.py", code), fixed(record, f"Name: {name}"))


def packed(path: str, pack: Callable[[Path, int], None]) -> Write:
    """A file that some library writes."""

    def write(folder: Path, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        pack(folder / path, number)

    return write


def zipped(path: str, content: dict[str, str]) -> Write:
    """An archive whose files change."""

    def pack(target: Path, number: int) -> None:
        with zipfile.ZipFile(target, "w") as archive:
            for name, text in content.items():
                info = zipfile.ZipInfo(name, (2020, 1, number, 0, 0, 0))
                archive.writestr(info, text.replace("{n}", str(number)))

    return packed(path, pack)
