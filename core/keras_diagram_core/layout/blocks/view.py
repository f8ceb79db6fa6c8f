"""The blocks view, from graph to Scene: fuse, structure, fold, measure, flow, draw."""

from __future__ import annotations

import math
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.columns import (
    GUTTER,
    ROW_GAP,
    TOP,
    Column,
    flow,
    height,
)
from keras_diagram_core.layout.blocks.columns import Rows as Grid
from keras_diagram_core.layout.blocks.pen import Pen, Tap
from keras_diagram_core.layout.blocks.plots import GAP, MARGIN, Plot
from keras_diagram_core.layout.blocks.rightwards import Rows
from keras_diagram_core.layout.blocks.ruler import Ruler
from keras_diagram_core.layout.details import Detail, finest
from keras_diagram_core.layout.network.page import MARGIN as SIDE
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.options import BlocksOptions
from keras_diagram_core.scene import Item, Point, Scene
from keras_diagram_core.transforms.fold import fold
from keras_diagram_core.transforms.fuse import UnitGraph, fuse
from keras_diagram_core.transforms.structure import structure


class _Arrangement(NamedTuple):
    """A model measured and set into columns."""

    units: UnitGraph
    plots: tuple[Plot, ...]
    rows: Grid

    @property
    def height(self) -> float:
        """The height of all rows, px."""
        return height(self.rows)


def lay_out_blocks(graph: ModelGraph, options: BlocksOptions) -> Scene:
    """Lay a model out as blocks in columns that fit the width of `options`, or in rows."""
    if options.direction == "right":
        rows = finest(options, partial(Rows, graph, options), attrgetter("cost"))
        return finished(graph, options, "blocks", list(rows.items()), SIDE)
    return finest(options, partial(_scene, graph, options), lambda scene: scene.height)


def _scene(graph: ModelGraph, options: BlocksOptions, detail: Detail) -> Scene:
    """Draw one detail."""
    arrangement = _arrange(graph, options, detail)
    pen = Pen(graph, arrangement.units)
    _draw(pen, arrangement)
    picture: list[Item] = [*pen.containers, *pen.connectors, *pen.marks, *pen.labels]
    return finished(graph, options, "blocks", picture, MARGIN)


def _arrange(graph: ModelGraph, options: BlocksOptions, detail: Detail) -> _Arrangement:
    units = fuse(graph, linear_order(graph), fusing=detail.fusing)
    items = fold(graph, units, structure(units), detail.likeness)
    ruler = Ruler(graph, units, items, options)
    plots = tuple(ruler.item(item) for item in items)
    most = math.inf if options.direction == "down" else None
    columns = flow(plots, options.width - 2 * MARGIN, most)
    return _Arrangement(units, plots, columns)


def _draw(pen: Pen, arrangement: _Arrangement) -> None:
    """Draw row by row."""
    y = MARGIN
    taps: list[Tap] = []
    for row in arrangement.rows:
        x, low = MARGIN, y + TOP
        for column in row:
            axis = x + column.left
            taps = [_onward(tap, (x, y), axis) for tap in taps]
            taps = _draw_column(pen, arrangement.plots, column, (axis, y + TOP), taps)
            low = max(low, y + TOP + column.height)
            x += column.left + column.right + GUTTER
        y = low + ROW_GAP


def _draw_column(
    pen: Pen, plots: tuple[Plot, ...], column: Column, place: Point, taps: list[Tap]
) -> list[Tap]:
    axis, y = place
    for plot in plots[column.first : column.last]:
        taps = pen.draw(plot, axis, y, taps)
        y += plot.height + GAP
    return taps


def _onward(tap: Tap, corner: Point, axis: float) -> Tap:
    """Lead a tap from the foot of one column to the head of the next.

    Args:
        tap: at the foot of a column.
        corner: the left end of the next column, and the top of its row, px.
        axis: of the next column.
    """
    (left, top), (x, y) = corner, tap.points[-1]
    if y < top:  # a new row: along the gap between the rows
        between = top - ROW_GAP / 2
        return tap.then((x, between), (axis, between), (axis, top + TOP - 1))
    gutter, head = left - GUTTER / 2, top + TOP / 2 - 2
    return tap.then((x, y + 9), (gutter, y + 9), (gutter, head), (axis, head))
