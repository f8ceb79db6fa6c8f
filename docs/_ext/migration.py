"""Calls of other tools beside what is written here: `{calls} TOOL`, with YAML in its body.

    python: the call, as it is written for the other tool
    here: what to write in Python here, where it is not the same
    page: the target and the options of the diagram, or `code` for a model in the page
    picture: false, where words and code say enough

`tests/docs` runs each Python call with this project's import, and draws each diagram.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

_BLOCK = re.compile(r"^```\{calls\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def calls_in(page: Path) -> Iterator[dict[str, Any]]:
    """Give what the `calls` of a page hold, for tests."""
    for body in _BLOCK.findall(page.read_text(encoding="utf-8")):
        yield yaml.safe_load(body)


class Calls(SphinxDirective):
    """Shows a call, what it is here, and the picture."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Build two columns, Python and the page, and the picture below."""
        told: dict[str, Any] = yaml.safe_load("\n".join(self.content))
        theirs, page = _pane(self.arguments[0], told["python"], "python"), told.get("page")
        ours = _pane("here", told["here"], "python") if "here" in told else _same()
        if page is None:
            return [nodes.container("", theirs, ours, classes=["calls-columns"])]
        python = nodes.container("", theirs, ours)
        in_page = nodes.container("", _pane("in a page", markup(page), "rst"))
        columns = nodes.container("", python, in_page, classes=["calls-columns"])
        return [columns, *(self._picture(page) if told.get("picture", True) else [])]

    def _picture(self, page: dict[str, Any]) -> list[nodes.Node]:
        lines = "\n".join(f"{name}: {json.dumps(value)}" for name, value in page.items())
        drawn = self.parse_text_to_nodes(f"```{{keras-diagram}}\n{lines}\n```\n")
        return [nodes.container("", *drawn, classes=["calls-picture"])]


def markup(page: dict[str, Any]) -> str:
    """Write a diagram as a directive in reStructuredText."""
    options = {name: value for name, value in page.items() if name not in {"target", "code"}}
    lines = [f".. keras-diagram:: {page.get('target', '')}".rstrip()]
    lines += [f"   :{name}: {_as_text(value)}" for name, value in options.items()]
    code = textwrap.indent(page.get("code", "").rstrip(), "   ")
    return "\n".join([*lines, *(["", code] if code else [])])


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pane(title: str, text: str, language: str) -> nodes.container:
    text = text.rstrip()
    block = nodes.literal_block(text, text, language=language)
    head = nodes.paragraph(title, title, classes=["calls-title"])
    return nodes.container("", head, block, classes=["calls-pane"])


def _same() -> nodes.paragraph:
    return nodes.paragraph("", "Here, the same call.", classes=["calls-same"])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("calls", Calls)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
