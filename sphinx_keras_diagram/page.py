"""From outcomes to the nodes of a page, as each builder can show them."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from keras_diagram_core import Artifact, Format, Outcome
from sphinx_keras_diagram.nodes import failure, keras_diagram
from sphinx_keras_diagram.shown import replace_file


class Medium(Enum):
    """How a builder's pages can hold a picture."""

    INLINE = "SVG in the page itself"
    SVG_FILE = "an image that is an SVG file"
    PDF_FILE = "an image that is a PDF file"
    PNG_FILE = "an image that is a PNG file"
    WORDS = "the description only"

    @property
    def format(self) -> Format:
        """The format to draw; the description comes with every one."""
        formats: dict[Medium, Format] = {Medium.PDF_FILE: "pdf", Medium.PNG_FILE: "png"}
        return formats.get(self, "svg")


def medium_of(builder: Builder) -> Medium:
    """Choose what a builder's pages get."""
    types = builder.supported_image_types
    if "image/svg+xml" in types:
        # EPUB wants each page with SVG in it declared in its list of files.
        inline = builder.format == "html" and builder.name != "epub"
        return Medium.INLINE if inline else Medium.SVG_FILE
    if "application/pdf" in types:
        return Medium.PDF_FILE
    return Medium.PNG_FILE if "image/png" in types else Medium.WORDS


@dataclass(frozen=True)
class Page:
    """A page that is being resolved.

    `files` is the folder for pictures that are files; the builder copies them from there.
    """

    docname: str
    medium: Medium
    env: BuildEnvironment
    files: Path
    _copies: Counter[str] = field(default_factory=Counter)

    def resolve(self, placeholder: keras_diagram, outcome: Outcome | None) -> None:
        """Put a picture, its description or the reason of its absence in a placeholder's place.

        Args:
            placeholder: a node of the page.
            outcome: what became of its request; None where nothing is drawn at all.
        """
        link = placeholder.parent if isinstance(placeholder.parent, nodes.reference) else None
        content = self._content(placeholder, outcome, link)
        # Not every content can stand in a link, so that it takes the link's place as well.
        # The node that is replaced leaves its ids, which labels point to, to the content.
        (link or placeholder).replace_self(content)

    def _content(
        self, node: keras_diagram, outcome: Outcome | None, link: nodes.reference | None
    ) -> nodes.Element:
        if outcome is not None and outcome.error is not None:
            return failure(node["target"], outcome.error)
        artifact = outcome.artifacts.get(self.medium.format) if outcome else None
        if artifact is None or self.medium is Medium.WORDS:
            drawn = artifact.alt if artifact else node["target"]
            return _words(node.get("alt") or drawn, link)
        if node["fit_figure"] and (figure := _figure_of(node)) is not None:
            figure["width"] = f"{round(artifact.width)}px"
        if self.medium is Medium.INLINE and node.get("loading", "embed") == "embed":
            self._copies[artifact.key] += 1
            return _inline(node, artifact, link, self._copies[artifact.key])
        return self._image(node, artifact, link)

    def _image(
        self, node: keras_diagram, artifact: Artifact, link: nodes.reference | None
    ) -> nodes.Element:
        path = self.files / artifact.file_name
        if not path.is_file() or path.read_bytes() != artifact.data:
            replace_file(path, artifact.data)
        uri = str(path)
        self.env.images.add_file(self.docname, uri)
        image = nodes.image(
            "",
            uri=uri,
            candidates={"*": uri},
            alt=node.get("alt") or artifact.alt,
            classes=["keras-diagram", *node["classes"]],
            **_size(node, artifact),
        )
        image.source, image.line = node.source, node.line
        image.attributes.update({key: node[key] for key in ("align", "loading") if key in node})
        return image if link is None else _linked(image, link)


def _words(text: str, link: nodes.reference | None) -> nodes.paragraph:
    """Set the description as a paragraph, without source: it is not for translators."""
    if link is None:
        return nodes.paragraph(text, text)
    return nodes.paragraph("", "", _linked(nodes.Text(text), link))


def _linked(content: nodes.Node, link: nodes.reference) -> nodes.reference:
    """Make a link to where another link points."""
    attributes = {key: link[key] for key in ("refuri", "refid", "internal") if key in link}
    return nodes.reference("", "", content, **attributes)


def _inline(
    node: keras_diagram, artifact: Artifact, link: nodes.reference | None, copy: int
) -> nodes.raw:
    """Put the picture into the page; the raw node's classes become those of a `div`."""
    svg = artifact.inline(copy).replace("<svg ", f"<svg{_attributes(node, artifact)} ", 1)
    if link is not None:
        address = html.escape(link.get("refuri") or "#" + link.get("refid", ""))
        svg = f'<a class="reference image-reference" href="{address}">{svg}</a>'
    classes = ["keras-diagram", "no-search", *node["classes"]]
    if "align" in node:
        classes.append(f"align-{node['align']}")
    raw = nodes.raw("", svg, format="html", classes=classes)
    raw.source, raw.line = node.source, node.line
    return raw


def _attributes(node: keras_diagram, artifact: Artifact) -> str:
    """Give the `svg` element what the author asked for; else it is shown as drawn."""
    attributes = ""
    if node.hasattr("width") or node.hasattr("height") or node.hasattr("scale"):
        size = {"width": "auto", "height": "auto"} | _size(node, artifact)
        style = ";".join(f"{name}:{length}" for name, length in size.items())
        attributes += f' style="{style}"'
    if alt := node.get("alt"):
        attributes += f' aria-label="{html.escape(alt)}"'
    return attributes


def _size(node: keras_diagram, artifact: Artifact) -> dict[str, str]:
    """Give width and height as CSS lengths: the author's, else the width as drawn."""
    size = {key: node[key] for key in ("width", "height") if node.get(key)}
    if not size:
        size = {"width": f"{artifact.width:g}px"}
    return {key: _scaled(length, node.get("scale", 100)) for key, length in size.items()}


def _scaled(length: str, percent: int) -> str:
    """Scale a length that docutils has checked; one without a unit is in pixels."""
    number = length.rstrip("%abcdefghijklmnopqrstuvwxyzQ ")
    unit = length.removeprefix(number).strip() or "px"
    return f"{float(number) * percent / 100:g}{unit}"


def _figure_of(node: nodes.Node) -> nodes.figure | None:
    while node is not None and not isinstance(node, nodes.figure):
        node = node.parent
    return node
