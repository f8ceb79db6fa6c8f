"""Find the diagrams' fences among the lines of a page: text only, nothing is parsed here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NAME = "keras-diagram"

_OPENING = re.compile(r"(?P<prefix>[ >]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_COMMENT = re.compile(r"[ >]*<!--")


@dataclass(frozen=True)
class Fence:
    """One fence of ours, from its opening line to its closing line.

    `start` and `end` are indices into the page's lines, `end` exclusive. `prefix` is what
    stands in front of each line: the indentation of a list or a tab, the marks of a quote.
    `source` holds the lines without it.
    """

    start: int
    end: int
    prefix: str
    source: tuple[str, ...]

    @property
    def body(self) -> str:
        """What stands between the opening and the closing line."""
        return "\n".join(self.source[1:-1])

    @property
    def surplus(self) -> str:
        """What stands behind the fence's name, where nothing should."""
        return " ".join(_words(_opening_info(self.source[0]))[1:])


def find_fences(lines: Sequence[str]) -> list[Fence]:
    """Find all complete fences of ours that are not part of another fence or a comment.

    Fences end as Python-Markdown's extensions have it: at a line of exactly the opening's
    characters with the same prefix. A fence that does not end is no fence.

    Args:
        lines: the page's lines, with spaces instead of tabs.
    """
    fences = []
    index = 0
    while index < len(lines):
        opening = _OPENING.fullmatch(lines[index])
        end = _fence_end(lines, index, opening) if opening else _comment_end(lines, index)
        if opening and end and _words(opening["info"])[:1] == [NAME]:
            fences.append(_fence(lines, index, end, opening["prefix"]))
        index = end or index + 1
    return fences


def _fence(lines: Sequence[str], start: int, end: int, prefix: str) -> Fence:
    source = tuple(line[len(prefix) :].rstrip() for line in lines[start:end])
    return Fence(start=start, end=end, prefix=prefix, source=source)


def _fence_end(lines: Sequence[str], start: int, opening: re.Match[str]) -> int | None:
    fence = opening["fence"]
    if fence[0] in opening["info"]:
        return None  # code within a line, like ```this```
    for index, content in _contents(lines, start + 1, opening["prefix"]):
        if content.rstrip(" ") == fence:
            return index + 1
    return None


def _contents(lines: Sequence[str], start: int, prefix: str) -> Iterator[tuple[int, str]]:
    """Go through a fence's lines until one is not indented or quoted as the opening was."""
    for index in range(start, len(lines)):
        line = lines[index]
        if line.startswith(prefix):
            yield index, line[len(prefix) :]
        elif line.rstrip() == prefix.rstrip():
            yield index, ""
        else:
            return


def _comment_end(lines: Sequence[str], start: int) -> int | None:
    """Tell where a comment ends, so that a diagram can be switched off by a comment."""
    if not _COMMENT.match(lines[start]):
        return None
    for index in range(start, len(lines)):
        if "-->" in lines[index]:
            return index + 1
    return None


def _words(info: str) -> list[str]:
    """Read what follows the fence's characters: `name`, `.name`, `{ .name }`."""
    words = info.strip().removeprefix("{").removesuffix("}").split()
    return [words[0].removeprefix("."), *words[1:]] if words else []


def _opening_info(line: str) -> str:
    opening = _OPENING.fullmatch(line)
    return opening["info"] if opening else ""
