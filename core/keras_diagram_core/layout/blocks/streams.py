"""Streams: parts that feed each other, each in a column, edges between them in the gutters."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout.blocks.columns import GUTTER, TOP, Column
from keras_diagram_core.layout.blocks.pen import Pen
from keras_diagram_core.layout.blocks.plots import MARGIN, Plot
from keras_diagram_core.layout.merging import Way, merge
from keras_diagram_core.layout.points import tidy
from keras_diagram_core.scene import Bounds, Circle, Connector, Item, Label, Mark, Point
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.fuse import UnitGraph

# The rooms between two lines in a gutter, below a column, and of two edges to one box, px.
LANE = 7.0
BELOW = 9.0
PORT = 5.0


class Stream(NamedTuple):
    """A stream as measured: all its plots in one column."""

    units: UnitGraph
    plots: tuple[Plot, ...]
    column: Column


class _Drawn(NamedTuple):
    """A stream as drawn: its ends, px, and where the way on from its last unit begins."""

    pen: Pen
    left: float
    right: float
    foot: float
    exit: Point


def draw_streams(
    graph: ModelGraph, units: UnitGraph, streams: Sequence[Stream], room: float
) -> list[Item] | None:
    """Draw streams beside each other, or below each other where the page is too narrow.

    Args:
        graph: the model.
        units: all units, with the edges between streams.
        streams: each before those that it feeds.
        room: the width of the page, px.

    Returns:
        The items; None if they do not fit the page, or a line would lead over a box.
    """
    sheets = (sheet(graph, units, streams) for sheet in (_Beside, _Below))
    return next((sheet.items for sheet in sheets if sheet.fits(room)), None)


class _Sheet:
    """Streams as drawn, with the edges between them."""

    def __init__(self, graph: ModelGraph, units: UnitGraph, streams: Sequence[Stream]) -> None:
        self._streams = streams
        self._home = {
            id_: number
            for number, stream in enumerate(streams)
            for unit in stream.units.units
            for id_ in unit.nodes
        }
        self._into: dict[str, list[Edge]] = defaultdict(list)
        feeders: set[int] = set()
        for _, _, edge in units.edges:
            source, target = self._home[edge.source], self._home[edge.target]
            if source != target:
                self._into[edge.target].append(edge)
                feeders.add(source)
        # Each stream that feeds others has a lane of its own, so that no two lines run into one.
        self._lanes = {source: lane for lane, source in enumerate(sorted(feeders))}
        self._drawn: list[_Drawn] = []
        for stream in streams:
            self._drawn.append(_draw(graph, stream, *self._place()))
        self._ways: list[Way] = []
        self._leads = list(self._lead_all())

    @property
    def items(self) -> list[Item]:
        """All that is drawn, what lies below first."""
        pens = [one.pen for one in self._drawn]
        return [
            *(item for pen in pens for item in pen.containers),
            *(item for pen in pens for item in pen.connectors),
            *self._leads,
            *(item for pen in pens for item in (*pen.marks, *pen.labels)),
        ]

    def fits(self, room: float) -> bool:
        """Say whether all is within so many px, and no line leads over a box, words, a line."""
        boxes = [item for one in self._drawn for item in (*one.pen.marks, *one.pen.labels)]
        is_narrow = max(one.right for one in self._drawn) - MARGIN <= room
        ways = [*self._ways, *(way for one in self._drawn for way in one.pen.ways)]
        return (
            is_narrow
            and not merge(ways)
            and not any(_runs_over(lead, boxes) for lead in self._leads)
        )

    def _place(self) -> Point:
        """Say where the next stream begins: its left and its top, px."""
        raise NotImplementedError

    def _gutter(self, target: int, lane: int) -> float:
        """Say where edges go up or down to a stream, px."""
        raise NotImplementedError

    def _level(self, source: int) -> float:
        """Say below what the edges from a stream have to go, px."""
        raise NotImplementedError

    def _lead_all(self) -> Iterator[Connector]:
        """Lead edges into boxes from the left; a fold is drawn once, and so is what feeds it."""
        marks = [mark for one in self._drawn for mark in one.pen.marks if isinstance(mark, Mark)]
        places = {id_: mark for mark in marks for id_ in mark.nodes}
        for target, edges in self._into.items():
            if target not in places:
                continue
            ordered = sorted(edges, key=lambda edge: edge.target_index)
            for number, edge in enumerate(ordered):
                yield self._lead(edge, places[target], number - (len(edges) - 1) / 2)

    def _lead(self, edge: Edge, mark: Mark, port: float) -> Connector:
        source, target = self._home[edge.source], self._home[edge.target]
        lane = self._lanes[source]
        x, y = self._drawn[source].exit
        level = self._level(source) + BELOW + LANE * lane
        gutter = self._gutter(target, lane)
        end, middle = _end(mark, PORT * port)
        way = tidy(((x, y), (x, level), (gutter, level), (gutter, middle), (end, middle)))
        self._ways.append((edge, way))
        return Connector(source=edge.source, target=edge.target, role=clean(edge.role), points=way)


class _Beside(_Sheet):
    """Streams from left to right, each with a gutter at its left for what it is fed."""

    def _place(self) -> Point:
        number = len(self._drawn)
        start = self._drawn[-1].right + GUTTER if number else MARGIN
        return start + LANE * len(self._lanes) * bool(number), MARGIN + TOP

    def _gutter(self, target: int, lane: int) -> float:
        return self._drawn[target].left - GUTTER / 2 - LANE * lane

    def _level(self, source: int) -> float:  # noqa: ARG002
        return max(one.foot for one in self._drawn[:-1])


class _Below(_Sheet):
    """Streams from top to bottom on one axis, with one gutter at the left of all."""

    def _place(self) -> Point:
        number = len(self._drawn)
        lanes = LANE * len(self._lanes) + BELOW
        axis = MARGIN + lanes + max(stream.column.left for stream in self._streams)
        top = self._drawn[-1].foot + GUTTER + LANE * len(self._streams) if number else MARGIN
        return axis - self._streams[number].column.left, top + TOP

    def _gutter(self, target: int, lane: int) -> float:  # noqa: ARG002
        return MARGIN + LANE * lane

    def _level(self, source: int) -> float:
        return self._drawn[source].foot


def _draw(graph: ModelGraph, stream: Stream, left: float, top: float) -> _Drawn:
    pen = Pen(graph, stream.units)
    axis = left + stream.column.left
    exit_ = pen.draw_all(stream.plots, axis, top, [])[0].points[-1]
    return _Drawn(pen, left, axis + stream.column.right, top + stream.column.height, exit_)


def _end(mark: Mark, port: float) -> Point:
    """Say where an edge meets the left of a box or circle, `port` px from its middle."""
    bounds = mark.bounds
    middle = (bounds.top + bounds.bottom) / 2
    circle = next((shape for shape in mark.shapes if isinstance(shape, Circle)), None)
    if circle is None:
        return bounds.left, middle + port
    port = max(-circle.radius + 1, min(port, circle.radius - 1))
    return circle.x - math.sqrt(circle.radius**2 - port**2), circle.y + port


def _runs_over(lead: Connector, items: Sequence[Item]) -> bool:
    """Say whether a line leads over a box or words, its own ends left out."""
    lines = [
        Bounds(min(a[0], b[0]), min(a[1], b[1]) - 1, max(a[0], b[0]), max(a[1], b[1]) + 1)
        for a, b in zip(lead.points, lead.points[1:], strict=False)
    ]
    ends = {lead.source, lead.target}
    shapes = (
        shape
        for item in items
        if isinstance(item, (Mark, Label)) and not ends.intersection(item.nodes)
        for shape in item.shapes
    )
    return any(line.overlaps(shape.bounds) for shape in shapes for line in lines)
