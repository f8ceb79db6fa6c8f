"""The MkDocs plugin `keras-diagram`: one batch for the whole site, and live reload.

It only wires: the Markdown extension finds the fences of every page, the collector renders
them all when the last page is converted.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from keras_diagram_core import RequestError, parse_depends
from mkdocs_keras_diagram.collector import LOGGER, Collector, Images, SourcePage
from mkdocs_keras_diagram.extension import (
    DEFAULT_CACHE,
    DEFAULT_TIMEOUT,
    KerasDiagramExtension,
    absolute_path,
    make_settings,
)
from mkdocs_keras_diagram.figure import hide_pictures, show_pictures
from mkdocs_keras_diagram.markup import read_defaults

log = get_plugin_logger(LOGGER.removeprefix("mkdocs.plugins."))

_EXTENSION = "keras_diagram"
_OUR_NAMES = (_EXTENSION, "mkdocs_keras_diagram.extension")


class KerasDiagramConfig(Config):  # type: ignore[no-untyped-call]
    """What `plugins: [keras-diagram: {...}]` takes."""

    cache = c.Type(str, default=DEFAULT_CACHE)
    """Folder of the cache, relative to mkdocs.yml; empty for none."""

    timeout = c.Type((int, float), default=DEFAULT_TIMEOUT)
    """Seconds that one model may take."""

    backend = c.Type(str, default="")
    """Keras backend; empty for Keras' own choice, `none` for no framework."""

    paths = c.ListOfItems(c.Type(str), default=[])
    """Folders of the code, relative to mkdocs.yml, in front of `sys.path`."""

    depends = c.ListOfItems(c.Type(str), default=[])
    """Files, patterns and `env:NAME` that all models are made from, relative to mkdocs.yml."""

    default_options = c.Type(dict, default={})
    """Options for all diagrams that do not say otherwise; under a view's name, for that view's."""

    themes = c.Type(dict, default={})
    """Named sets of options, which a diagram asks for by its `theme`."""


class KerasDiagramPlugin(BasePlugin[KerasDiagramConfig]):  # type: ignore[no-untyped-call]
    """Draws the diagrams of a site."""

    def __init__(self) -> None:
        """Start with neither a build nor a server."""
        self._collector: Collector | None = None
        self._server: LiveReloadServer | None = None
        self._docs_dir = ""
        self._watched: set[str] = set()
        self._hidden: list[str] = []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Stay the same object over all builds of `mkdocs serve`: MkDocs asks for this method."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin a build: a new collector, and a Markdown extension that feeds it.

        Some plugins build several times with one configuration, so the last build's extension
        may still be there.
        """
        self._docs_dir = absolute_path(config.docs_dir)
        self._collector = self._make_collector(base_folder(config))
        others = [extension for extension in config.markdown_extensions if not _is_ours(extension)]
        # MkDocs declares names only, yet hands the list to Markdown, which takes objects too.
        config.markdown_extensions = [*others, KerasDiagramExtension(self._collector)]  # type: ignore[list-item]
        if config.mdx_configs.pop(_EXTENSION, None):
            log.warning("the options of the Markdown extension belong to the plugin; ignored here")
        return config

    def on_page_markdown(
        self, _markdown: str, /, *, page: Page, config: MkDocsConfig, **_others: Any
    ) -> None:
        """Tell the collector whose fences come next."""
        docs = absolute_path(config.docs_dir)
        self._build.page = _source_page(page.file, base_folder(config), docs)

    def on_page_content(self, html: str, /, *, page: Page, **_others: Any) -> None:
        """Let MkDocs know what in the page can be linked to, before it checks the links."""
        if page.present_anchor_ids is not None:
            page.present_anchor_ids |= self._build.anchors(html)
        self._build.page = None

    def on_env(self, _env: Environment, /, *, files: Files, **_others: Any) -> None:
        """Render all diagrams at once, when all pages are converted and none is written."""
        pages = [file.page for file in files if file.page and file.page.content]
        contents = self._build.fill(page.content or "" for page in pages)
        for page, content in zip(pages, contents, strict=True):
            page.content = content
        self._watch()

    @event_priority(100)
    def _hide_pictures(self, _context: TemplateContext, /, *, page: Page, **_others: Any) -> None:
        """Keep the pictures from search plugins, which read pages at this event."""
        page.content, self._hidden = hide_pictures(page.content or "")

    @event_priority(-100)
    def _show_pictures(self, _context: TemplateContext, /, *, page: Page, **_others: Any) -> None:
        """Put the pictures back after the search plugins."""
        page.content = show_pictures(page.content or "", self._hidden)

    on_page_context = CombinedEvent(_hide_pictures, _show_pictures)

    def on_post_page(self, output: str, /, **_others: Any) -> str:
        """Fill what other plugins converted later, like the excerpts of a blog."""
        return self._build.fill([output])[0]

    def on_serve(self, server: LiveReloadServer, /, **_others: Any) -> None:
        """Rebuild when the code of a model changes."""
        self._server = server
        self._watch()

    @property
    def _build(self) -> Collector:
        if self._collector is None:
            raise PluginError("keras-diagram: there is no build to take part in.")
        return self._collector

    def _make_collector(self, base: str) -> Collector:
        options = self.config
        settings = make_settings(
            base,
            options.paths,
            cache=options.cache,
            timeout=options.timeout,
            backend=options.backend,
        )
        if settings.cache and _is_inside(str(settings.cache), self._docs_dir):
            raise PluginError("keras-diagram: the cache cannot be in docs_dir, which is watched.")
        try:
            defaults = read_defaults(options.default_options, options.themes)
        except RequestError as error:
            raise PluginError(f"keras-diagram: default_options or themes: {error}") from None
        try:
            depends = parse_depends(options.depends)
        except RequestError as error:
            raise PluginError(f"keras-diagram: {error}") from None
        return Collector(settings, log, defaults, depends)

    def _watch(self) -> None:
        """Watch the sources one by one: a whole folder may hold what the build itself writes."""
        if self._server is None:
            return
        for path in sorted(self._build.sources - self._watched):
            if Path(path).is_file() and not _is_inside(path, self._docs_dir):
                self._watched.add(path)
                self._server.watch(path, recursive=False)


def base_folder(config: MkDocsConfig) -> str:
    """Give the folder of mkdocs.yml."""
    return str(Path(absolute_path(config.config_file_path or "mkdocs.yml")).parent)


def _is_ours(extension: Any) -> bool:
    if isinstance(extension, str):
        return extension.partition(":")[0] in _OUR_NAMES
    return isinstance(extension, KerasDiagramExtension)


def _is_inside(path: str, folder: str) -> bool:
    return Path(absolute_path(path)).is_relative_to(folder)


def _source_page(file: File, base: str, docs: str) -> SourcePage:
    """Read a page once more, as its author wrote it."""
    try:
        text = file.content_string
    except (OSError, ValueError):
        text = ""
    images = Images(os.path.dirname(file.abs_src_path or os.path.join(docs, file.src_uri)), docs)
    if file.abs_src_path is None:
        return SourcePage(file.src_uri, text, images=images)
    try:
        return SourcePage(os.path.relpath(file.abs_src_path, base), text, images=images)
    except ValueError:  # another drive of a Windows machine
        return SourcePage(file.abs_src_path, text, images=images)
