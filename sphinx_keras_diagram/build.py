"""One build: all diagrams in one batch, then into the pages as these are written.

Sphinx reads pages (directives record requests), emits `env-updated` in every build, even
where no page was read, and resolves each page right before it is written, in the main process.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from keras_diagram_core import Batch, Outcome, Project, Settings, render_all
from sphinx_keras_diagram.config import read_config
from sphinx_keras_diagram.nodes import keras_diagram
from sphinx_keras_diagram.page import Page, medium_of
from sphinx_keras_diagram.shown import ShownPictures
from sphinx_keras_diagram.uses import Use, all_uses, uses_by_page
from sphinx_keras_diagram.warn import warn, warn_partial

logger = logging.getLogger(__name__)

TEXT_ONLY = frozenset({"changes", "coverage", "doctest", "gettext", "linkcheck"})
"""Builders that look at words and code alone: nothing is drawn for them."""


class DiagramBuild:
    """What lives as long as one build: the outcomes, and what the pages show."""

    def __init__(self) -> None:
        """Start without any outcome."""
        self._outcomes: dict[str, Outcome] = {}
        self._states: dict[str, str] = {}
        self._shown: ShownPictures | None = None

    def connect(self, app: Sphinx) -> None:
        """Follow the events of a build."""
        app.connect("env-updated", self._draw)
        app.connect("doctree-resolved", self._resolve)
        app.connect("build-finished", self._finish)

    def _draw(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Draw all diagrams of all pages; give the pages that must be written again."""
        uses = list(all_uses(env))
        if app.builder.name in TEXT_ONLY:
            return []
        self._shown = ShownPictures(_own_folder(app), Path(app.outdir))
        self._outcomes = _render(app, uses).outcomes if uses else {}
        _warn_of_failures(uses, self._outcomes)
        _warn_of_notes(uses, self._outcomes)
        self._states = {name: self._state(uses) for name, uses in uses_by_page(env).items()}
        return [
            name for name, state in self._states.items() if not self._shown.is_current(name, state)
        ]

    def _state(self, uses: Iterable[Use]) -> str:
        """Sum up the pictures and errors of a page: equal states look the same."""
        parts: list[str] = []
        for use in uses:
            outcome = self._outcomes.get(use.request.digest, Outcome())
            parts += sorted(artifact.file_name for artifact in outcome.artifacts.values())
            parts.append(str(outcome.error or ""))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def _resolve(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Replace the placeholders of a page that is about to be written."""
        if app.builder.name in TEXT_ONLY:
            return  # message catalogues are made from the placeholders
        page = Page(docname, medium_of(app.builder), app.env, _own_folder(app))
        for placeholder in list(doctree.findall(keras_diagram)):
            page.resolve(placeholder, self._outcomes.get(placeholder["request"]))
        if self._shown is not None and docname in self._states:
            self._shown.note(docname, self._states[docname])

    def _finish(self, app: Sphinx, exception: Exception | None) -> None:
        if self._shown is not None and exception is None:
            self._shown.save(app.env.all_docs)


def _own_folder(app: Sphinx) -> Path:
    """Give the folder for what is kept between builds, beside the doctrees."""
    return Path(app.doctreedir) / "keras_diagram"


def _render(app: Sphinx, uses: Iterable[Use]) -> Batch:
    config, _ = read_config(app.config)
    batch = render_all(
        [use.request for use in uses],
        Settings(
            # conf.py has changed sys.path by now: the worker imports what autodoc would.
            project=Project(
                str(app.confdir), tuple(map(os.path.abspath, sys.path)), config.backend
            ),
            cache=config.cache_folder(Path(app.confdir)),
            timeout=config.timeout,
        ),
        formats=[medium_of(app.builder).format],
        progress=_show_progress,
    )
    if batch.problem:
        _tell("keras-diagram:", batch.problem)
    _tell("keras-diagram:", batch.summary)
    return batch


def _show_progress(done: int, total: int, target: str) -> None:
    count = f"[{done + 1:>{len(str(total))}}/{total}]"
    _tell("extracting models...", f"{count} {target}")


def _tell(subject: str, message: str) -> None:
    logger.info("%s ", subject, nonl=True, color="bold")
    logger.info("%s", message)


def _warn_of_failures(uses: Iterable[Use], outcomes: dict[str, Outcome]) -> None:
    """Warn once of each outcome that is an error, where it is used first."""
    places: dict[str, list[str]] = {}
    for use in uses:
        places.setdefault(use.request.digest, []).append(use.location)
    for digest, (first, *others) in places.items():
        if (outcome := outcomes.get(digest)) and outcome.error:
            warn(outcome.error, first, "\n".join(f"Also used in {place}" for place in others))


def _warn_of_notes(uses: Iterable[Use], outcomes: dict[str, Outcome]) -> None:
    """Warn of what pictures cannot show, wherever they are used."""
    for use in uses:
        artifacts = outcomes.get(use.request.digest, Outcome()).artifacts.values()
        for note in dict.fromkeys(note for artifact in artifacts for note in artifact.notes):
            warn_partial(use.request.model.title, note, use.location)
