"""Solids: boxes as drawn, the signs of merges, and what of a tensor is space and channels."""

from __future__ import annotations

from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node, Shape
from keras_diagram_core.scene import Text
from keras_diagram_core.text import text_width

TALLEST = 104.0
SHORTEST = 14.0
WIDEST = 22.0
THINNEST = 4.0
VECTOR_WIDTH = 8.0
GLYPH = 18.0
# Sizes grow with this power of a dimension, so that 7 and 224 fit into one picture.
POWER = 0.42
# How far one px of depth goes to the right and upwards.
SLANT = (0.2, 0.13)


class Solid(NamedTuple):
    """A box as drawn, px: its front face, and how far its back is to the right and up."""

    width: float
    height: float
    right: float = 0.0
    up: float = 0.0
    glyph: str = ""

    @property
    def advance(self) -> float:
        """The whole width, depth included."""
        return self.width + self.right

    @property
    def rise(self) -> float:
        """The whole height, depth included."""
        return self.height + self.up

    def flattened(self, *, flat: bool) -> Solid:
        """Give the same box without depth, if it is to be `flat`."""
        return self._replace(right=0.0, up=0.0) if flat else self

    def scaled(self, scale: float, thinnest: float = THINNEST) -> Solid:
        """Give the same box smaller, not thinner than so many px; glyphs keep their size."""
        if self.glyph:
            return self
        return self._replace(
            width=max(self.width * scale, thinnest),
            height=self.height * scale,
            right=self.right * scale,
            up=self.up * scale,
        )


class Extent(NamedTuple):
    """A tensor's dimensions as the picture uses them; None is unknown, 0 is not there."""

    vector: int | None = 0
    high: int | None = 0
    deep: int | None = 0
    channels: int | None = 0


GLYPHS = {
    "Add": "+",
    "Subtract": "−",
    "Multiply": "×",
    "Divide": "÷",
    "Concatenate": "‖",
    "Average": "μ",
    "Maximum": "max",
    "Minimum": "min",
    "Dot": "·",
}


def glyph_text(glyph: str, x: float, y: float, scale: float = 1.0) -> Text:
    """Set a glyph in the middle of its circle, px; words are set smaller than signs."""
    size = (13.0 if len(glyph) == 1 else 7.5) * scale
    width = text_width(glyph, size, bold=True)
    base = round(y + 0.36 * size, 2)
    return Text(x, base, glyph, size, width, anchor="middle", bold=True)


def is_merge(node: Node, inputs: int) -> bool:
    """Say whether a node joins several tensors, and is not an operation with a constant."""
    return inputs > 1 and node.type in GLYPHS and family(node) == "merge"


def channels_first(graph: ModelGraph) -> set[str]:
    """Find the nodes whose tensors have channels before space.

    A convolution or pooling layer says so; what stands between them takes it from what comes
    before, an input from what comes after.
    """
    graph = graph.model
    told = {
        node.id: node.config["data_format"] == "channels_first"
        for node in graph.nodes
        if "data_format" in node.config
    }
    found = {id_ for id_, first in told.items() if first}
    inputs = {endpoint.node for endpoint in graph.inputs}
    found |= {e.source for e in graph.edges if e.target in found and e.source in inputs}
    rank = {node.id: len(node.output_shapes[0]) for node in graph.nodes if node.output_shapes}
    position = {node.id: index for index, node in enumerate(graph.nodes)}
    for edge in sorted(graph.edges, key=lambda edge: position[edge.source]):
        same_rank = rank.get(edge.source) == rank.get(edge.target)
        if edge.source in found and edge.target not in told and same_rank:
            found.add(edge.target)
    return found


def extent_of(sizes: Shape, *, channels_first: bool) -> Extent:
    """Tell what of one sample's tensor is space and what are channels."""
    if len(sizes) <= 1:
        return Extent(vector=sizes[0] if sizes else 1)
    *space, channels = (*sizes[1:], sizes[0]) if channels_first else sizes
    if len(space) == 1:
        return Extent(high=space[0], channels=channels)
    return Extent(high=space[-2], deep=space[-1], channels=channels)
