"""Reference tables made from the code, so that nothing is written twice.

`{generated} NAME` puts one of the tables in `TABLES` into a page, `{applications} NAME...`
small pictures of models of keras.applications.
"""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import io
import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

import msgspec
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from keras_diagram_core import DiagramError, option_specs
from keras_diagram_core.cli import main
from keras_diagram_core.errors import ERRORS
from keras_diagram_core.options import LOOKS, TEXTS
from keras_diagram_core.options.values import description, type_name
from keras_diagram_core.theme import FAMILIES, PAGE_PAINTS
from mkdocs_keras_diagram.extension import KerasDiagramExtension
from mkdocs_keras_diagram.plugin import KerasDiagramConfig
from sphinx_keras_diagram.config import PREFIX, HostConfig

Row = tuple[str | nodes.Node, ...]
"""The cells of a row, each in the markup of the page, or finished."""


def code(value: Any) -> str:
    """Mark a cell as code; an empty one stays empty."""
    return f"``{value}``" if str(value) else ""


def text_options(format: str) -> Iterable[Row]:
    """List the options of a format that is not drawn."""
    yield "Option", "Takes", "Default", "Meaning"
    for spec in option_specs(format):
        yield code(spec.name), spec.type, code(spec.default), spec.help


def looks() -> Iterable[Row]:
    """List what can be said of single layers, parts that views share once."""
    yield "Part", "Views", "Takes", "Meaning"
    parts: dict[tuple[str, Any], list[str]] = {}
    for view, look in LOOKS.items():
        for field in msgspec.structs.fields(look):
            parts.setdefault((field.name, field.type), []).append(view)
    for (name, type_), views in parts.items():
        names = "all" if len(views) == len(LOOKS) else ", ".join(map(code, views))
        yield code(name.replace("_", "-")), names, type_name(type_), description(type_)


def sphinx_values() -> Iterable[Row]:
    """List the configuration values of Sphinx."""
    yield "Value", "Default", "Meaning"
    defaults = HostConfig()
    for field in dataclasses.fields(HostConfig):
        declaration = field.metadata["declaration"]
        default = repr(getattr(defaults, field.name))
        yield code(PREFIX + field.name), code(default), declaration.description


def plugin_options() -> Iterable[Row]:
    """List the options of the MkDocs plugin; their meaning stands below each in the source."""
    yield "Option", "Default", "Meaning"
    analyzer = ModuleAnalyzer.for_module(KerasDiagramConfig.__module__)
    comments = analyzer.find_attr_docs()
    schema: Iterable[tuple[str, Any]] = KerasDiagramConfig._schema  # noqa: SLF001
    for name, option in schema:
        help_ = " ".join(comments[KerasDiagramConfig.__name__, name]).strip()
        yield code(name), code(repr(option.default)), help_


def extension_options() -> Iterable[Row]:
    """List the options of the Markdown extension."""
    yield "Option", "Default", "Meaning"
    for name, (default, help_) in KerasDiagramExtension().config.items():
        yield code(name), code(repr(default)), help_


def warnings() -> Iterable[Row]:
    """List the kinds of failures."""
    yield "Subtype", "Class", "Meaning"
    for error in (*ERRORS.values(), DiagramError):
        yield code(error.subtype), code(error.__name__), inspect.getdoc(error) or ""


def swatch(fill: str, line: str) -> nodes.Node:
    """Show two colours as a small square, and write them beside it."""
    square = f'<span class="kd-swatch" style="background:{fill};border-color:{line}"></span>'
    words = f"<code>{fill}</code> <code>{line}</code>"
    return nodes.raw("", square + words, format="html")


def families() -> Iterable[Row]:
    """List the families with their two own colours."""
    yield "Family", "Properties", "Light", "Dark"
    for name, (title, fill, line) in FAMILIES.items():
        light, dark = swatch(fill.light, line.light), swatch(fill.dark, line.dark)
        yield title, code(f"--kd-{name}-*"), light, dark


def page_colours() -> Iterable[Row]:
    """List the colours that belong to no family."""
    yield "Property", "Light", "Dark"
    for name, paint in PAGE_PAINTS.items():
        yield code(f"--kd-{name}"), code(paint.light), code(paint.dark)


TABLES: dict[str, Callable[[], Iterable[Row]]] = {
    **{f"{format}-options": partial(text_options, format) for format in TEXTS},
    "sphinx-values": sphinx_values,
    "plugin-options": plugin_options,
    "extension-options": extension_options,
    "warnings": warnings,
    "looks": looks,
    "families": families,
    "page-colours": page_colours,
}


class Generated(SphinxDirective):
    """Puts a table from `TABLES` into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        head, *body = TABLES[self.arguments[0]]()
        group = nodes.tgroup(cols=len(head))
        group += [nodes.colspec(colwidth=1) for _ in head]
        group += nodes.thead("", self._row(head))
        group += nodes.tbody("", *map(self._row, body))
        return [nodes.table("", group, classes=["colwidths-auto"])]

    def _row(self, cells: Row) -> nodes.row:
        row = nodes.row()
        for cell in cells:
            content = self._content(cell)
            row += nodes.entry("", nodes.paragraph("", "", *content))
        return row

    def _content(self, cell: str | nodes.Node) -> list[nodes.Node]:
        return [cell] if isinstance(cell, nodes.Node) else self.parse_inline(cell)[0]


class CommandHelp(SphinxDirective):
    """Puts the help text of the command line into the page."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Ask the command line."""
        text = command_help(self.arguments[0])
        return [nodes.literal_block(text, text, language="text")]


class Applications(SphinxDirective):
    """Shows models of keras.applications beside each other, each a link to the full picture."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Write a directive for each model, and read it."""
        container = nodes.container(classes=["thumbs"])
        shown = self.config.shown_applications
        for name in self.arguments[0].split():
            if shown and name not in shown:
                continue
            thumb = nodes.container(classes=["thumb"])
            thumb += self.parse_text_to_nodes(
                f"**{name}**\n\n"
                f".. keras-diagram:: keras.applications:{name}\n"
                "   :kwargs: {weights: null}\n"
                "   :loading: lazy\n"
            )
            container += thumb
        return [container]


def command_help(command: str) -> str:
    """Give what `keras-diagram COMMAND --help` prints in a terminal of 80 columns."""
    output = io.StringIO()
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "80"
    try:
        with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
            main([command, "--help"])
    finally:
        del os.environ["COLUMNS"]
        if before is not None:
            os.environ["COLUMNS"] = before
    return output.getvalue().rstrip()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    description = "The models of keras.applications that are shown; none: all."
    app.add_config_value("shown_applications", [], "env", [list], description)
    app.add_directive("applications", Applications)
    app.add_directive("generated", Generated)
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
