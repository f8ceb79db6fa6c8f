"""Rightwards: units in rows that run to the right, repeated blocks in frames.

The same turned, where that fits, is what cannot be drawn in columns of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.pen import Pen
from keras_diagram_core.layout.blocks.plots import (
    SIZE,
    SMALL,
    UNIT_PAD,
    BlockPlot,
    UnitPlot,
    reach,
)
from keras_diagram_core.layout.blocks.ruler import Ruler
from keras_diagram_core.layout.details import Detail
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.network.cells import Cell
from keras_diagram_core.layout.network.engine import Engine
from keras_diagram_core.layout.network.page import MARGIN, connector, frames
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.points import px
from keras_diagram_core.options import BlocksOptions, Look
from keras_diagram_core.scene import Item, Label, Text
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fold import Block, fold
from keras_diagram_core.transforms.fuse import fuse
from keras_diagram_core.transforms.structure import Leaf, structure

NOTE = 12.0
GAP = 18.0
# Where a block is too wide for a row, its units say less, and stand closer.
TIGHT_GAP = 8.0
# What a model that is drawn by ranks is worse than one drawn as the tree that it is, px.
TANGLED = 1e6


class Rows:
    """A model in rows, or downwards."""

    def __init__(
        self,
        graph: ModelGraph,
        looks: Looks[BlocksOptions, Look],
        detail: Detail,
        *,
        down: bool = False,
    ) -> None:
        """Fuse, fold, measure and place; `down` is what is tried first."""
        options = looks.options
        units = fuse(graph, linear_order(graph), fusing=detail.fusing, apart=looks.by_node)
        items = fold(graph, units, structure(units), detail.likeness)
        self._ruler = Ruler(graph, units, items, options)
        free = {item.unit for item in items if isinstance(item, Leaf)}
        self._graph, self._units = graph, units
        room = options.width - 2 * MARGIN
        self._plots = [
            self._ruler.unit(unit, shapes=options.show_shapes and unit in free)
            for unit in range(len(units.units))
        ]
        engine = Engine(graph, units, self._title, ((detail.likeness, 0.0),))
        turned = engine.draw_down(list(map(_lying_cell, self._plots)), room) if down else None
        self._down = turned is not None
        drawing = turned or engine.draw(list(map(_cell, self._plots)), room, GAP)
        if drawing.by_ranks and not self._down:
            self._plots = [_short(plot) for plot in self._plots]
            drawing = engine.draw(list(map(_cell, self._plots)), room, TIGHT_GAP)
        self._drawing = drawing

    @property
    def cost(self) -> float:
        """The height of all rows, px; more for what is not drawn as a tree."""
        return self._drawing.height + TANGLED * self._drawing.by_ranks

    def _title(self, block: Block) -> str:
        plot = self._ruler.item(block)
        words = (plot.title, plot.varies, plot.shape) if isinstance(plot, BlockPlot) else ()
        return " · ".join(filter(None, words))

    def items(self) -> Iterator[Item]:
        """Draw everything."""
        origin = (MARGIN, MARGIN)
        pen = Pen(self._graph, self._units)
        yield from frames(self._drawing, self._units, origin)
        yield from (connector(route, origin) for route in self._drawing.routes)
        for unit, (x, y) in self._drawing.places.items():
            plot = self._plots[unit]
            axis, middle = px(x + MARGIN), px(y + MARGIN)
            if self._down:
                pen.place(plot, axis, px(middle - plot.height / 2))
                continue
            yield pen.mark(plot, axis, px(middle - plot.height / 2))
            if plot.glyph and plot.note:
                base = px(middle + plot.height / 2 + NOTE - 2)
                width = text_width(plot.note, SMALL)
                text = Text(axis, base, plot.note, SMALL, width, fill="muted", anchor="middle")
                yield Label(nodes=self._units.units[unit].nodes, role="caption", shapes=(text,))
        yield from (*pen.marks, *pen.labels)


def _short(plot: UnitPlot) -> UnitPlot:
    """Leave sizes out of a label: tooltips have them."""
    if plot.glyph:
        return plot
    label = plot.label.partition(",")[0].removeprefix("global ")
    saved = text_width(plot.label, SIZE) - text_width(label, SIZE)
    if plot.note:
        saved += text_width(plot.note, SMALL) + 2 * UNIT_PAD
    half = plot.left - saved / 2
    return plot._replace(label=label, note="", left=half, right=half)


def _cell(plot: UnitPlot) -> Cell:
    """Give the room that a unit takes; the word of a glyph stands below it."""
    noted = bool(plot.glyph and plot.note)
    width = plot.left + plot.right
    return Cell(
        width=max(width, text_width(plot.note, SMALL)) if noted else width,
        up=plot.height / 2,
        down=plot.height / 2 + (NOTE if noted else 0),
        half=width / 2,
        rise=plot.height / 2,
        is_round=bool(plot.glyph),
    )


def _lying_cell(plot: UnitPlot) -> Cell:
    """Give the room that a unit takes in a picture that will be turned."""
    return Cell(
        width=plot.height,
        up=plot.left,
        down=reach(plot),
        half=plot.height / 2,
        rise=plot.left,
        is_round=bool(plot.glyph),
    )
