"""Collect fences while pages are converted, and render them all in one batch."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keras_diagram_core import (
    Batch,
    Defaults,
    DiagramError,
    DiagramRequest,
    Outcome,
    RequestError,
    Settings,
    render_all,
)
from mkdocs_keras_diagram.fences import Fence, find_fences
from mkdocs_keras_diagram.figure import error_html, figure_html, source_html
from mkdocs_keras_diagram.markup import BodyError, Markup, parse_markup

LOGGER = "mkdocs.plugins.keras-diagram"
"""The name under which MkDocs counts warnings for `--strict`; harmless without MkDocs."""

Log = logging.Logger | logging.LoggerAdapter[Any]

# Other plugins may have read the page and written it anew: attributes may have moved.
_PLACEHOLDER = re.compile(r'<figure\b[^>]*\bdata-keras-diagram="(\d+)"[^>]*>\s*</figure>')


class SourcePage:
    """A page as its author wrote it: says in which line of the file a fence stands.

    What the Markdown library sees may lack the front matter, and contain what other plugins
    put in; so the fence is looked up in the file.
    """

    def __init__(
        self, name: str, text: str = "", tab_length: int = 4, images: Images | None = None
    ) -> None:
        """Find the file's fences.

        Args:
            name: the file as messages name it.
            text: the file's content.
            tab_length: what a tab stands for.
            images: where images of the page are; in the project, if absent.
        """
        self.name = name
        self.images = images
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._lines: dict[tuple[str, ...], list[int]] = {}
        lines = [line.rstrip() for line in text.expandtabs(tab_length).split("\n")]
        for fence in find_fences(lines):
            self._lines.setdefault(fence.source, []).append(fence.start + 1)

    def line(self, fence: Fence) -> int | None:
        """Give the line of the next fence of this wording, or None if the file has none."""
        lines = self._lines.get(fence.source)
        if not lines:
            return None
        self._seen[fence.source] += 1
        return lines[min(self._seen[fence.source], len(lines)) - 1]


@dataclass(frozen=True)
class Images:
    """Where the images of a page are: `folder` is the page's, `root` that of paths with a `/`."""

    folder: str
    root: str

    def path(self, text: str) -> str:
        """Give the absolute path of an image."""
        if text.startswith("/"):
            return os.path.normpath(os.path.join(self.root, text.lstrip("/")))
        return os.path.normpath(os.path.join(self.folder, text))


@dataclass(frozen=True)
class _Use:
    """A fence in a page, and what it asks for: `asked` is an error if it is not understood."""

    fence: Fence
    place: str
    asked: Markup | DiagramError


class Collector:
    """The fences of one build, from their discovery to their pictures.

    Each fence leaves a placeholder in its page; `fill` puts the pictures there. Only what is
    still in the finished pages is rendered.
    """

    def __init__(
        self,
        settings: Settings,
        log: Log,
        defaults: Defaults | None = None,
        depends: Sequence[str] = (),
    ) -> None:
        """Start with nothing.

        Args:
            settings: where the code is found, and what holds for the whole build.
            log: where warnings and progress go.
            defaults: what the site sets for diagrams that do not say otherwise.
            depends: what all models of the site are made from, beside what is seen.
        """
        self.page: SourcePage | None = None
        self._settings = settings
        self._log = log
        self._defaults = defaults
        self._depends = depends
        self._uses: dict[str, _Use] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._reported: set[str] = set()

    @property
    def sources(self) -> set[str]:
        """The files that the pictures were made from, absolute."""
        return {path for outcome in self._outcomes.values() for path in outcome.sources}

    def add(self, fence: Fence) -> str:
        """Take note of a fence, and give the placeholder that stands for it."""
        asked: Markup | DiagramError
        offset = 0
        try:
            asked = parse_markup(fence, self._defaults, self._file)
            request = asked.request.depending(self._depends)
            asked = replace(asked, request=request)
        except RequestError as error:
            asked = error
            offset = 1 + error.line if isinstance(error, BodyError) else 0
        token = str(len(self._uses) + 1)
        self._uses[token] = _Use(fence=fence, place=self._place(fence, offset), asked=asked)
        return f'<figure class="keras-diagram" data-keras-diagram="{token}"></figure>'

    def anchors(self, document: str) -> set[str]:
        """Name the figures that a page with placeholders is going to have."""
        asked = (self._uses[token].asked for token in self._tokens(document))
        return {use.figure.name for use in asked if isinstance(use, Markup) and use.figure.name}

    def fill(self, documents: Iterable[str]) -> list[str]:
        """Put pictures, or error messages, in the place of all placeholders.

        Args:
            documents: the finished HTML of pages.
        """
        documents = list(documents)
        asked = [self._uses[token].asked for page in documents for token in self._tokens(page)]
        self._render([markup.request for markup in asked if isinstance(markup, Markup)])
        return [self._fill_page(document) for document in documents]

    def _file(self, path: str) -> str:
        """Return the path of a file relative to the project, as a page has it."""
        project = self._settings.project
        images = self.page.images if self.page else None
        return project.portable((images or Images(project.base, project.base)).path(path))

    def _place(self, fence: Fence, offset: int) -> str:
        if self.page is None:
            return f"line {fence.start + 1 + offset}"
        line = self.page.line(fence)
        return f"{self.page.name}:{line + offset}" if line else self.page.name

    def _tokens(self, document: str) -> list[str]:
        return [token for token in _PLACEHOLDER.findall(document) if token in self._uses]

    def _render(self, requests: list[DiagramRequest]) -> None:
        new = {item.digest: item for item in requests if item.digest not in self._outcomes}
        if not new:
            return
        batch = render_all(new.values(), self._settings, progress=self._progress)
        self._outcomes |= batch.outcomes
        self._sum_up(batch)

    def _progress(self, done: int, total: int, target: str) -> None:
        self._log.info("extracting models [%*d/%d] %s", len(str(total)), done + 1, total, target)

    def _sum_up(self, batch: Batch) -> None:
        self._log.info("%s", batch.summary)
        if batch.problem:
            self._log.info("%s", batch.problem)

    def _fill_page(self, document: str) -> str:
        copies: Counter[str] = Counter()

        def fill(match: re.Match[str]) -> str:
            use = self._uses.get(match[1])
            return self._html(use, copies) if use else match[0]

        return _PLACEHOLDER.sub(fill, document)

    def _html(self, use: _Use, copies: Counter[str]) -> str:
        """Write a figure; `copies` counts the pictures that the page has already."""
        if isinstance(use.asked, DiagramError):
            return self._report(use.place, use.asked)
        outcome = self._outcomes[use.asked.request.digest]
        if outcome.error:
            return source_html(use.asked.figure) + self._report(use.place, outcome.error)
        artifact = outcome.artifacts["svg"]
        for note in artifact.notes:
            self._warn(f"{use.place}: {use.asked.request.model.title}: {note}")
        copies[artifact.key] += 1
        return figure_html(artifact, use.asked.figure, copies[artifact.key])

    def _report(self, place: str, error: DiagramError) -> str:
        """Warn of a failed diagram, once for each place, and show the error in the page."""
        lines = [f"{place}: {error}", *error.details.splitlines()]
        self._warn("\n    ".join(lines))
        return error_html(error)

    def _warn(self, message: str) -> None:
        if message not in self._reported:
            self._reported.add(message)
            self._log.warning("%s", message)
