"""Boxes: how large each unit is drawn, and what is written above and below it."""

from __future__ import annotations

from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.layout.network.cells import Cell
from keras_diagram_core.layout.solids import (
    GLYPH,
    Extent,
    Solid,
    channels_first,
    extent_of,
    solids,
)
from keras_diagram_core.layout.words import family, has_shared_sign, shape_of, short_name
from keras_diagram_core.options import ViewOptions
from keras_diagram_core.text import clean, elide, text_width
from keras_diagram_core.transforms.fuse import Unit, UnitGraph

SIZE = 9.0
LINE = 11.5
ABOVE = 14.0
SIGN = 8.0
# The thinnest box, and how wide a cell gets for the sake of its words, px.
THINNEST = 7.0
SHORT_WORD = 28.0
LONG_WORD = 76.0
PAD = 2.0
BESIDE = 7.0

_TIGHT = {
    "attention": "attn",
    "max pool": "pool",
    "avg pool": "pool",
    "global avg pool": "pool",
    "global max pool": "pool",
    "layer norm": "norm",
    "batch norm": "norm",
    "group norm": "norm",
}


class Drawn(NamedTuple):
    """One unit as it is drawn: its box or glyph, px, and its words.

    `head` stands above the box, `word` and `size` below it.
    """

    family: str
    solid: Solid
    head: str = ""
    word: str = ""
    size: str = ""
    shared: bool = False
    upright: bool = False

    @property
    def side(self) -> str:
        """The words in one line, for what stands beside the box."""
        return " · ".join(filter(None, (self.word, self.head, self.size)))

    def turned(self) -> Drawn:
        """Give the same for a picture from top to bottom: a lying box, words beside it."""
        width, height = self.solid.width, self.solid.height
        return self._replace(solid=self.solid._replace(width=height, height=width), upright=True)

    def lying_cell(self) -> Cell:
        """Give the room that it takes in a picture that will be turned."""
        across, along = self.solid.width / 2, self.solid.height
        words = BESIDE + text_width(self.side, SIZE) if self.side else 0.0
        return Cell(
            width=max(along + 2 * SIGN * self.shared, LINE if words else 0.0),
            up=across,
            down=across + words,
            half=along / 2,
            rise=across,
            is_round=bool(self.solid.glyph),
        )

    def cell(self) -> Cell:
        """Give the room that it takes."""
        width, height = self.solid.width, self.solid.height
        texts = (self.head, self.word, self.size)
        widest = max(text_width(text, SIZE) for text in texts)
        below = LINE * (bool(self.word) + bool(self.size)) + (SIGN if self.shared else 0)
        return Cell(
            width=max(width, widest + PAD if widest else 0.0),
            up=height / 2 + (ABOVE if self.head else 0),
            down=height / 2 + (below + 2 if below else 0),
            half=width / 2,
            rise=height / 2,
            is_round=bool(self.solid.glyph),
        )

    def shorter(self) -> Drawn:
        """Give the same without a word that would widen its cell much."""
        word = self.word if text_width(self.word, SIZE) <= SHORT_WORD else ""
        return self._replace(word=word)

    def bare(self) -> Drawn:
        """Give the same without words."""
        return self._replace(head="", word="", size="")

    def scaled(self, scale: float) -> Drawn:
        """Give the same with a smaller box."""
        if self.solid.glyph:
            return self
        width, height = self.solid.width, self.solid.height
        smaller = self.solid._replace(
            width=max(width * scale, min(width, THINNEST)), height=height * scale
        )
        return self._replace(solid=smaller)


def extents(graph: ModelGraph) -> dict[str, Extent]:
    """Read the dimensions of the tensor that each node gives."""
    first = channels_first(graph)
    return {
        node.id: extent_of(shape_of(graph, node), channels_first=node.id in first)
        for node in graph.nodes
    }


def boxes(graph: ModelGraph, units: UnitGraph, options: ViewOptions) -> list[Drawn]:
    """Size and label every unit."""
    sizes = solids(graph, volume=False)
    dimensions = extents(graph)
    space = [space_text(dimensions[unit.nodes[-1]]) for unit in units.units]
    before: dict[int, list[str]] = {}
    for source, target, _ in units.edges:
        before.setdefault(target, []).append(space[source])
    drawn = []
    for index, unit in enumerate(units.units):
        box = _drawn(graph, unit, sizes, dimensions[unit.nodes[-1]], options)
        changes = space[index] not in before.get(index, ())
        new = options.show_shapes and changes and not box.solid.glyph
        drawn.append(box._replace(size=space[index] if new else ""))
    return drawn


def _drawn(
    graph: ModelGraph,
    unit: Unit,
    sizes: dict[str, Solid],
    extent: Extent,
    options: ViewOptions,
) -> Drawn:
    main = graph.by_id[unit.main]
    shared = any(has_shared_sign(graph, graph.by_id[id_]) for id_ in unit.nodes)
    if sizes[unit.main].glyph:
        return Drawn(family(main), sizes[unit.main], shared=shared)
    solid = sizes[unit.nodes[-1]]
    solid = solid._replace(width=max(solid.width, THINNEST), glyph="")
    if sizes[unit.nodes[-1]].glyph:
        solid = solid._replace(width=GLYPH / 2)
    head = channels_text(extent) if options.show_shapes else ""
    word = clean(main.name) if options.show_layer_names else tight_word(main)
    return Drawn(family(main), solid, head, elide(word, LONG_WORD, SIZE), shared=shared)


def channels_text(extent: Extent) -> str:
    """Write the number of channels, or of a vector's features."""
    count = extent.vector if extent.vector != 0 else extent.channels
    return "?" if count is None else str(count)


def space_text(extent: Extent) -> str:
    """Write the size in space: `128²`, `128×64`, `128`; a vector has none."""
    if extent.vector != 0:
        return ""
    high, deep = ("?" if n is None else str(n) for n in (extent.high, extent.deep))
    if extent.deep == 0:
        return high
    return f"{high}²" if high == deep else f"{high}×{deep}"


def tight_word(node: Node) -> str:
    """Say what a unit does in as few letters as can be: colours say the rest."""
    name = short_name(node)
    if "conv" in name and isinstance(node.config.get("kernel_size"), tuple):
        name = name.replace("up-conv", "up").replace("sep. conv", "sep")
        return name.replace("dw conv", "dw").replace("conv", "").strip()
    return _TIGHT.get(name, name)
