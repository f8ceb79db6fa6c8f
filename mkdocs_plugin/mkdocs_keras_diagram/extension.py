"""The Python-Markdown extension `keras_diagram`.

It finds its fences itself, before any extension for fenced code does, so that it works the
same with plain Markdown, `fenced_code`, `pymdownx.superfences` and within lists, quotes,
admonitions and tabs. Alone, it renders all diagrams of a page when the page is finished; the
MkDocs plugin gives it a collector instead, and renders all diagrams of the site at once.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown

from keras_diagram_core import Project, Settings, parse_depends
from mkdocs_keras_diagram.collector import LOGGER, Collector
from mkdocs_keras_diagram.processors import CodeRestorer, FenceFinder, PageFiller

DEFAULT_CACHE = ".cache/keras_diagram"
DEFAULT_TIMEOUT = 120.0


class KerasDiagramExtension(Extension):
    """Replaces ```` ```keras-diagram ```` fences by diagrams."""

    def __init__(self, collector: Collector | None = None, **options: Any) -> None:
        """Declare the options.

        Args:
            collector: takes the fences and fills the pages later; without it, each page is
                filled as soon as it is converted.
            **options: `cache`, `timeout`, `backend`, `paths`, `depends` and `base`.
        """
        self.config = {
            "cache": [DEFAULT_CACHE, "Folder of the cache, relative to the base; empty for none."],
            "timeout": [DEFAULT_TIMEOUT, "Seconds that one model may take."],
            "backend": ["", "Keras backend; empty for Keras' own choice, none for no framework."],
            "paths": [[], "Folders of the code, relative to the base, in front of sys.path."],
            "depends": [[], "Files, patterns and env:NAME that all models are made from."],
            "base": ["", "Folder that the others are relative to; the current one by default."],
        }
        self._collector = collector
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Markdown's name)
        """Register the processors."""
        finder = FenceFinder(md, self._start)
        md.preprocessors.register(finder, "keras_diagram", finder.PRIORITY)
        md.treeprocessors.register(CodeRestorer(finder), "keras_diagram", CodeRestorer.PRIORITY)
        if self._collector is None:
            md.postprocessors.register(PageFiller(finder), "keras_diagram", PageFiller.PRIORITY)

    def _start(self) -> Collector:
        """Give the collector for the page that begins."""
        if self._collector:
            return self._collector
        config = self.getConfigs()
        settings = make_settings(
            config["base"],
            config["paths"],
            cache=config["cache"],
            timeout=config["timeout"],
            backend=config["backend"],
        )
        depends = parse_depends(config["depends"])
        return Collector(settings, logging.getLogger(LOGGER), depends=depends)


def make_settings(
    base: str, paths: Iterable[str], *, cache: str | None, timeout: float, backend: str = ""
) -> Settings:
    """Make the core's settings from a site's configuration.

    Args:
        base: the folder that all others are relative to.
        paths: folders of the code, in front of `sys.path`.
        cache: the cache's folder, or nothing to keep nothing.
        timeout: seconds that one model may take.
        backend: the Keras backend, `none` for none at all, or nothing.
    """
    search_path = [absolute_path(base, path) for path in paths]
    search_path += [absolute_path("", path) for path in sys.path]
    return Settings(
        project=Project(absolute_path(base), tuple(dict.fromkeys(search_path)), backend),
        cache=Path(absolute_path(base, cache)) if cache else None,
        timeout=float(timeout),
    )


def absolute_path(base: str, path: str = "") -> str:
    """Complete a path without following links: behind a link, a folder has other neighbours."""
    return os.path.abspath(os.path.join(base, path))


def makeExtension(**options: Any) -> KerasDiagramExtension:  # noqa: N802  (Markdown's name)
    """Make the extension for those who name this module instead of `keras_diagram`."""
    return KerasDiagramExtension(**options)
