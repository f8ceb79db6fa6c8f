"""Place the cells of a mesh, and lead the edges between them through lanes at their left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from keras_diagram_core.graph import Edge
from keras_diagram_core.layout.blocks.cells import (
    APART,
    EXITS_APART,
    FOOT,
    LANE,
    ORDINALS,
    PAD,
    SMALL,
    TITLE,
    CellPlot,
    Column,
    times,
)
from keras_diagram_core.layout.blocks.inside import Inside
from keras_diagram_core.layout.network.cells import Links
from keras_diagram_core.layout.points import px
from keras_diagram_core.scene import Box, Point, Text
from keras_diagram_core.text import text_width

Points = tuple[Point, ...]


class Sketch(NamedTuple):
    """A column of cells as placed, px.

    `units` has the axis and the middle of each unit, `cells` the shapes of each frame or box,
    of the words on it, and of those where it is left, `ways` the points of edges, and `exits`
    the way on from the last.
    """

    units: dict[int, Point]
    cells: list[tuple[CellPlot, tuple[Box, ...], tuple[Text, ...], tuple[Text, ...]]]
    ways: list[tuple[Edge, Points]]
    exits: list[tuple[int, Points]]


def sketch(column: Column, links: Links, corner: Point, taps: Mapping[int, Points]) -> Sketch:
    """Place cells below each other.

    Args:
        column: the cells.
        links: the edges of the whole model by their two units.
        corner: left and top, px.
        taps: how what comes from outside has come so far, by unit.
    """
    drawing = Sketch({}, [], [], [])
    left, top = corner
    sketcher = _Sketcher(column, links, left, drawing)
    sketcher.ways = {unit: sketcher.into_lane(unit, way) for unit, way in taps.items()}
    for plot in column.plots:
        sketcher.place(plot, top)
        top += plot.height + plot.gap
    last = column.plots[-1]
    drawing.exits.extend((unit, sketcher.ways[unit]) for unit in last.leaving)
    return drawing


class _Sketcher:
    """Places one cell after the other; `ways` knows how each tensor has come so far."""

    def __init__(self, column: Column, links: Links, left: float, drawing: Sketch) -> None:
        self.ways: dict[int, Points] = {}
        self._column = column
        self._links = links
        self._left = left + LANE * column.lane_count
        self._drawing = drawing

    def into_lane(self, unit: int, way: Points) -> Points:
        """Lead what has come so far into the lane of its tensor, if it has one."""
        if unit not in self._column.lanes:
            return way
        side = self._left - LANE * (self._column.lanes[unit] + 0.5) - 3
        return (*way, (side, way[-1][1]))

    def place(self, plot: CellPlot, top: float) -> None:
        """Place a cell, the edges in it and to it, and what leaves it."""
        inside = plot.inside
        exit_ = self._fill(plot, inside, top) if inside else self._refer(plot, top)
        frame = tuple(_frame(plot, self._left, top))
        words = tuple(_words(plot, self._left, top))
        ordinals = tuple(_ordinals(plot, exit_[0], top))
        self._drawing.cells.append((plot, frame, words, ordinals))
        foot = top + plot.height
        for number, unit in enumerate(plot.leaving):
            x = exit_[0] - EXITS_APART * number
            level = foot + APART * (len(plot.leaving) - number)
            fork = foot - ORDINALS - FOOT / 2 if inside else exit_[1]
            way = (exit_, (exit_[0], fork), (x, fork)) if inside else ((x, fork),)
            self.ways[unit] = self.into_lane(unit, (*way, (x, level)))

    def _fill(self, plot: CellPlot, inside: Inside, top: float) -> Point:
        """Place the inside of a cell; give where its output is."""
        x = self._left + (plot.width - inside.width) / 2
        y = top + plot.header
        for unit, (ux, uy) in inside.places.items():
            self._drawing.units[unit] = (x + ux, y + uy)
        for way in inside.ways:
            points = tuple((x + wx, y + wy) for wx, wy in way.points)
            if way.source in self.ways:
                points = self._arriving(way.source, points)
            self._drawing.ways.append((way.edge, points))
        exit_ = plot.run.repeats[0].exit
        return px(x + inside.places[exit_][0]), px(y + inside.foot)

    def _refer(self, plot: CellPlot, top: float) -> Point:
        """Lead edges to a box that only refers to a cell; give where its output is."""
        cell = plot.run.repeats[0]
        edges = [
            (source, edge)
            for source in sorted(cell.sources, key=lambda unit: self._column.lanes[unit])
            for unit in cell.units
            for edge in self._links.get((source, unit), ())
        ]
        for number, (source, edge) in enumerate(edges):
            y = top + plot.height * (number + 1) / (len(edges) + 1)
            way = self._arriving(source, ((self._left, y),))
            self._drawing.ways.append((edge, way))
        return (self._left + plot.width - EXITS_APART / 2 - 6, top + plot.height - 6)

    def _arriving(self, source: int, points: Points) -> Points:
        """Lead a tensor down its lane to where an edge to its right begins."""
        way = self.ways[source]
        return (*way, (way[-1][0], points[0][1]), *points)


def _frame(plot: CellPlot, left: float, top: float) -> Iterator[Box]:
    """Draw a frame, or a box with another behind it if it is there several times."""
    if not plot.is_framed:
        return
    several = not plot.inside and len(plot.run.repeats) > 1
    for shift in (4.0, 0.0) if several else (0.0,):
        corner = px(left + shift), px(top - shift)
        yield Box(*corner, px(plot.width), px(plot.height), "group", "group-line", radius=6)


def _words(plot: CellPlot, left: float, top: float) -> Iterator[Text]:
    base, start, end = px(top + 16), px(left + PAD), px(left + plot.width - PAD)
    title, caption, shape, size = plot.words
    width = text_width(title, TITLE, bold=True)
    yield Text(start, base, title, TITLE, width, bold=True)
    if size:
        room = text_width(size, SMALL)
        yield Text(px(start + width + 10), base, size, SMALL, room, fill="muted")
    count = times(plot.run)
    width = text_width(count, TITLE, bold=True)
    if count:
        yield Text(end, base, count, TITLE, width, anchor="end", bold=True)
    if shape:
        end -= width + 12 if count else 0
        room = text_width(shape, SMALL)
        yield Text(px(end), base, shape, SMALL, room, fill="muted", anchor="end")
    if caption:
        room = text_width(caption, SMALL)
        yield Text(start, px(top + 30), caption, SMALL, room, fill="muted")


def _ordinals(plot: CellPlot, x: float, top: float) -> Iterator[Text]:
    """Say which repetitions the lines come from, if from several."""
    if len(plot.leaving) < 2:
        return
    base = px(top + plot.height - 5)
    numbers = {cell.exit: index + 1 for index, cell in enumerate(plot.run.repeats)}
    for place, unit in enumerate(plot.leaving):
        text = ordinal(numbers[unit])
        end = px(x - EXITS_APART * place - 4)
        yield Text(end, base, text, SMALL, text_width(text, SMALL), fill="muted", anchor="end")


def ordinal(number: int) -> str:
    """Write `1st`, `2nd`, `3rd`, `4th`."""
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
