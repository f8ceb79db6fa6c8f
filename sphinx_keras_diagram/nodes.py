"""The doctree's nodes: the placeholder of a picture, and what stands where one failed."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes
from sphinx.addnodes import translatable

from keras_diagram_core import DiagramError


class keras_diagram(nodes.General, nodes.Element, translatable):  # noqa: N801  (as in docutils)
    """Where a picture goes, once it is drawn.

    Its attributes are plain data: `request` (the digest), `target`, and those of `alt`,
    `align`, `width`, `height`, `scale`, `loading` and `fit_figure` that the directive gave.
    The text for the blind can be translated, as that of an image can.
    """

    def preserve_original_messages(self) -> None:
        """Keep the text as written, for the message catalogues."""
        if self.get("alt"):
            self["original_alt"] = self["alt"]

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Take the translation of the text."""
        if self.get("original_alt") == original_message:
            self["alt"] = translated_message

    def extract_original_messages(self) -> Sequence[str]:
        """Give the text to the message catalogues."""
        return [self["original_alt"]] if "original_alt" in self else []


def failure(target: str, error: DiagramError) -> nodes.error:
    """Say in the page that a diagram is missing, and why."""
    subject = f"The diagram of {target}" if target else "A diagram"
    text = f"{subject} could not be drawn: {error.message}"
    parts = [nodes.paragraph(part, part) for part in (text, error.hint) if part]
    return nodes.error("", *parts, classes=["keras-diagram-error"])
