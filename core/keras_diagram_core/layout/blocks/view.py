"""The blocks view, from graph to Scene: fuse, structure, fold, measure, flow, draw."""

from __future__ import annotations

import math
from functools import partial
from operator import attrgetter

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.branches import Side
from keras_diagram_core.layout.blocks.columns import GUTTER, ROW_GAP, TOP, flow
from keras_diagram_core.layout.blocks.pen import Pen, Tap
from keras_diagram_core.layout.blocks.plots import MARGIN, Plot
from keras_diagram_core.layout.blocks.rightwards import Rows
from keras_diagram_core.layout.blocks.ruler import Ruler
from keras_diagram_core.layout.blocks.streams import Stream, draw_streams
from keras_diagram_core.layout.details import Detail, finest
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.merging import merge
from keras_diagram_core.layout.network.page import MARGIN as SIDE
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.solids import GLYPHS
from keras_diagram_core.options import BlocksOptions, Look
from keras_diagram_core.scene import Item, Point, Scene
from keras_diagram_core.transforms.fold import fold
from keras_diagram_core.transforms.fuse import UnitGraph, fuse
from keras_diagram_core.transforms.streams import streams
from keras_diagram_core.transforms.structure import structure


def lay_out_blocks(graph: ModelGraph, options: BlocksOptions) -> Scene:
    """Lay a model out as blocks in columns that fit the width of `options`, or in rows."""
    looks = Looks(graph, options, Look())
    if options.direction == "right":
        rows = finest(options, partial(Rows, graph, looks), attrgetter("cost"))
        return finished(graph, looks, "blocks", list(rows.items()), SIDE)
    return finest(options, partial(_scene, graph, looks), lambda scene: scene.height)


def _scene(graph: ModelGraph, looks: Looks[BlocksOptions, Look], detail: Detail) -> Scene:
    """Draw one detail, streams that feed each other beside each other where that fits.

    A column has one line for all outputs of a unit: what gives several away is drawn by ranks.
    """
    options = looks.options
    units = fuse(graph, linear_order(graph), fusing=detail.fusing, apart=looks.by_node)
    items = _as_streams(graph, options, detail, units)
    items = items or _in_columns(graph, options, detail, units)
    if items is None:
        rows = Rows(graph, looks, detail, down=True)
        return finished(graph, looks, "blocks", list(rows.items()), SIDE)
    return finished(graph, looks, "blocks", items, MARGIN)


def _as_streams(
    graph: ModelGraph, options: BlocksOptions, detail: Detail, units: UnitGraph
) -> list[Item] | None:
    """Draw streams that feed each other; None if the model is a single one, or they do not fit."""
    parts = streams(units)
    if len(parts) == 1:
        return None
    measured = []
    for part in parts:
        plots = _plots(graph, options, detail, part, _skips(graph, part))
        [[column]] = flow(plots, math.inf, math.inf)
        measured.append(Stream(part, plots, column))
    return draw_streams(graph, units, measured, options.width - 2 * MARGIN)


def _skips(graph: ModelGraph, part: UnitGraph) -> Side:
    """Keep skips away from what comes from other streams: that comes from the left."""
    nodes = {id_ for unit in part.units for id_ in unit.nodes}
    is_fed = any(edge.target in nodes and edge.source not in nodes for edge in graph.edges)
    # The word beside a merge stands at its right.
    has_words = any(
        graph.by_id[unit.main].type in GLYPHS and unit.nodes[1:] for unit in part.units
    )
    return "right" if is_fed and not has_words else "left"


def _plots(
    graph: ModelGraph,
    options: BlocksOptions,
    detail: Detail,
    units: UnitGraph,
    skips: Side = "left",
) -> tuple[Plot, ...]:
    """Fold and measure."""
    items = fold(graph, units, structure(units), detail.likeness)
    ruler = Ruler(graph, units, items, options, skips)
    return tuple(ruler.item(item) for item in items)


def _in_columns(
    graph: ModelGraph, options: BlocksOptions, detail: Detail, units: UnitGraph
) -> list[Item] | None:
    """Draw a model from top to bottom, in as many columns as fit the page.

    None if the outputs of a unit would run into one line.
    """
    plots = _plots(graph, options, detail, units)
    most = math.inf if options.direction == "down" else None
    pen = Pen(graph, units)
    y = MARGIN
    taps: list[Tap] = []
    for row in flow(plots, options.width - 2 * MARGIN, most):
        x, low = MARGIN, y + TOP
        for column in row:
            axis = x + column.left
            taps = [_onward(tap, (x, y), axis) for tap in taps]
            taps = pen.draw_all(plots[column.first : column.last], axis, y + TOP, taps)
            low = max(low, y + TOP + column.height)
            x += column.left + column.right + GUTTER
        y = low + ROW_GAP
    if merge(pen.ways):
        return None
    return [*pen.containers, *pen.connectors, *pen.marks, *pen.labels]


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
