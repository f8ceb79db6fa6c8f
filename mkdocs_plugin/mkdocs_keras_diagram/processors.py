"""What the Markdown extension does to a page, before, while and after it is converted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, AtomicString, code_escape

from mkdocs_keras_diagram.collector import Collector
from mkdocs_keras_diagram.fences import Fence, find_fences

_PLACEHOLDER = re.compile(
    r"(?P<above>(?<=\n)\n)?"
    rf"(?P<indent>[ >]*)(?P<name>{HTML_PLACEHOLDER % '[0-9]+'})(?P<below>\n$)?",
    re.MULTILINE,
)


@dataclass(frozen=True)
class _Stashed:
    """A fence that a placeholder stands for, and where an empty line was put beside it."""

    fence: Fence
    above: bool
    below: bool

    def lines(self, placeholder: str) -> list[str]:
        """Give the lines that replace the fence."""
        prefix = self.fence.prefix
        blank = [prefix.rstrip()]
        return [*blank * self.above, prefix + placeholder, *blank * self.below]

    def restored(self, match: re.Match[str]) -> str:
        """Give the fence's source back, in code that was converted around the placeholder."""
        above = "" if self.above else match["above"] or ""
        below = "" if self.below else match["below"] or ""
        lines = (match["indent"] + code_escape(line) for line in self.fence.source)
        return above + "\n".join(lines) + below


class FenceFinder(Preprocessor):
    """Puts a placeholder in the place of each fence."""

    # After whitespace is normalised (30) and snippets are in (32); before front matter is cut
    # off (27), which would shift the lines, and before fenced code is taken (25).
    PRIORITY = 27.5

    def __init__(self, md: Markdown, start: Callable[[], Collector]) -> None:
        """Keep the way to a page's collector."""
        super().__init__(md)
        self._start = start
        self.collector = start()
        self.stashed: dict[str, _Stashed] = {}

    def run(self, lines: list[str]) -> list[str]:
        """Replace the fences.

        The placeholder is Python-Markdown's own for raw HTML, indented or quoted as the fence
        was: it becomes part of the list item, tab or quote. Empty lines keep it out of
        paragraphs.
        """
        self.collector = self._start()
        self.stashed = {}
        kept: list[str] = []
        index = 0
        for fence in find_fences(lines):
            kept += lines[index : fence.start]
            kept += self._stash(fence, above=kept[-1:], below=lines[fence.end : fence.end + 1])
            index = fence.end
        return [*kept, *lines[index:]]

    def _stash(self, fence: Fence, *, above: Sequence[str], below: Sequence[str]) -> list[str]:
        placeholder = self.md.htmlStash.store(self.collector.add(fence))
        stashed = _Stashed(fence=fence, above=_has_text(above), below=_has_text(below))
        self.stashed[placeholder] = stashed
        return stashed.lines(placeholder)


class CodeRestorer(Treeprocessor):
    """Gives fences back that stand in an indented code block: those are examples."""

    PRIORITY = 50  # before code is highlighted (30)

    def __init__(self, finder: FenceFinder) -> None:
        """Keep the finder, which knows the fences."""
        super().__init__(finder.md)
        self._finder = finder

    def run(self, root: Element) -> None:
        """Look through all code."""
        for code in root.iter("code"):
            if code.text and _PLACEHOLDER.search(code.text):
                code.text = AtomicString(_PLACEHOLDER.sub(self._restore, code.text))

    def _restore(self, match: re.Match[str]) -> str:
        stashed = self._finder.stashed.get(match["name"])
        return stashed.restored(match) if stashed else match[0]


class PageFiller(Postprocessor):
    """Puts the pictures into a finished page."""

    PRIORITY = -100  # after all others, so that none of them rewrites the pictures

    def __init__(self, finder: FenceFinder) -> None:
        """Keep the finder, which has the page's collector."""
        super().__init__(finder.md)
        self._finder = finder

    def run(self, text: str) -> str:
        """Render all diagrams of the page."""
        return self._finder.collector.fill([text])[0]


def _has_text(lines: Sequence[str]) -> bool:
    return any(line.strip(" >") for line in lines)
