"""The reference of options: each with what it takes, and a picture without it and with it.

`{option-reference} NAME` writes the entries of a view's own options, of those that all views have
(`common`), or of the model's; `{option-index} NAME` only names them, as links.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from docutils import nodes
from option_pictures import FILE, MODEL, OptionPicture, is_common, picture_of, problems, specs
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger
from sphinx.util.typing import ExtensionMetadata

import keras_diagram_core
from keras_diagram_core import DEFAULT_VIEW, ModelGraph, OptionSpec, parse_request
from keras_diagram_core.api import draw

COMMON = "common"
"""Where the options stand that every view has."""

CORE = Path(keras_diagram_core.__file__).parent
DECLARATIONS = (*(CORE / "options").glob("*.py"), CORE / "request.py", Path(__file__), FILE)
GRAPHS = Path(__file__).parents[2] / "tests" / "graphs"


def entries(name: str) -> tuple[OptionSpec, ...]:
    """List the options that stand in one part of the reference."""
    if name == MODEL:
        return specs(MODEL)
    view = DEFAULT_VIEW if name == COMMON else name
    return tuple(spec for spec in specs(view) if is_common(spec) == (name == COMMON))


def label(part: str, option: str) -> str:
    """Name an entry for references."""
    return f"option-{part}-{option}"


def as_lines(settings: dict[str, Any]) -> str:
    """Write options as in a directive."""
    return "\n".join(f":{name}: {_as_text(value)}" for name, value in settings.items())


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class OptionReference(SphinxDirective):
    """Writes an entry for each option of a part."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the entries, each a section, so that the page's contents list them."""
        for path in DECLARATIONS:
            self.env.note_dependency(str(path))
        part = self.arguments[0]
        return [self._entry(part, spec) for spec in entries(part)]

    def _entry(self, part: str, spec: OptionSpec) -> nodes.section:
        name = label(part, spec.name)
        section = nodes.section("", ids=[name], names=[name], classes=["option"])
        section += nodes.title("", "", nodes.literal("", spec.name))
        self.state.document.note_explicit_target(section)
        help_, _ = self.parse_inline(spec.help)
        section += nodes.paragraph("", "", *help_)
        default = spec.default if part == MODEL else f"``{spec.default}``"
        takes, _ = self.parse_inline(f"Takes {spec.type}. Default: {default}.")
        section += nodes.paragraph("", "", *takes, classes=["option-takes"])
        section += self._pair(picture_of(spec, DEFAULT_VIEW if part == COMMON else part))
        return section

    def _pair(self, picture: OptionPicture) -> nodes.container:
        """Show the picture without the option, if there is one, beside that with it."""
        said = dict(picture.said)
        call = as_lines({**said, picture.option: picture.value})
        if picture.unseen:
            return nodes.container("", nodes.literal_block(call, call, language="text"))
        pair = nodes.container(classes=["option-pair"])
        if not picture.alone:
            pair += self._pane(as_lines(said), picture, picture.without)
        pair += self._pane(call, picture, picture.shown)
        return pair

    def _pane(
        self, call: str, picture: OptionPicture, settings: dict[str, Any]
    ) -> nodes.container:
        pane = nodes.container(classes=["option-pane"])
        if call:
            pane += nodes.literal_block(call, call, language="text")
        else:
            pane += nodes.paragraph("without", "without", classes=["option-without"])
        shown = raster(picture, settings) if picture.png else self._drawn(picture, settings)
        pane += nodes.container("", *shown, classes=["option-picture"])
        return pane

    def _drawn(self, picture: OptionPicture, settings: dict[str, Any]) -> list[nodes.Node]:
        """Write a directive, and read it."""
        body = {"target": picture.target, **settings}
        lines = "\n".join(f"{name}: {json.dumps(value)}" for name, value in body.items())
        return self.parse_text_to_nodes(f"```{{keras-diagram}}\n{lines}\n```\n")


def raster(picture: OptionPicture, settings: dict[str, Any]) -> list[nodes.Node]:
    """Draw what SVG cannot show from a committed graph; pages of the extension have SVG."""
    graph = json.loads((GRAPHS / f"{picture.model}.json").read_text(encoding="utf-8"))
    request = parse_request(picture.target, settings)
    found = draw(ModelGraph.from_dict(graph), request.options, "png")
    data = base64.b64encode(found.data).decode("ascii")
    width, alt = round(found.width), nodes.unescape(found.alt)
    image = f'<img src="data:image/png;base64,{data}" width="{width}" alt="{alt}">'
    return [nodes.raw("", image, format="html")]


class OptionIndex(SphinxDirective):
    """Names the options of a part, each a link to its entry."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build a paragraph of links."""
        for path in DECLARATIONS:
            self.env.note_dependency(str(path))
        part = self.arguments[0]
        links = [self._link(part, spec.name) for spec in entries(part)]
        return [nodes.paragraph("", "", *links, classes=["option-index"])]

    def _link(self, part: str, option: str) -> pending_xref:
        return pending_xref(
            "",
            nodes.literal("", option),
            refdoc=self.env.docname,
            refdomain="std",
            reftype="ref",
            reftarget=label(part, option),
            refexplicit=True,
            refwarn=True,
        )


def check(app: Sphinx) -> None:
    """Warn of options without a picture: a build with `-W` fails."""
    del app
    for problem in problems():
        getLogger(__name__).warning(problem)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("option-reference", OptionReference)
    app.add_directive("option-index", OptionIndex)
    app.connect("builder-inited", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
