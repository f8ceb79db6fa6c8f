"""A diagram below what was written for it: `{example}`, with reStructuredText in its body.

What readers see is what is drawn, character by character: nothing is written twice.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


class Example(SphinxDirective):
    """Shows its body as it is written, and what it becomes."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Build the block of text and, below it, what the text says."""
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, language="rst")
        return [block, *self.parse_text_to_nodes(f"````{{eval-rst}}\n{text}\n````\n")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("example", Example)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
