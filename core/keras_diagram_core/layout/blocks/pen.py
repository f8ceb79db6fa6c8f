"""Place and route: plots at their positions, and the edges between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout.blocks.cells import APART, CellPlot, times
from keras_diagram_core.layout.blocks.plots import (
    FORK,
    GAP,
    HEADER,
    PAD,
    SIZE,
    SMALL,
    STRIPE,
    UNIT_PAD,
    BlockPlot,
    Branch,
    CellsPlot,
    ParallelPlot,
    Plot,
    UnitPlot,
)
from keras_diagram_core.layout.blocks.ruler import satellites
from keras_diagram_core.layout.blocks.sketch import sketch
from keras_diagram_core.layout.marks import block_nodes, shared_sign, unit_mark
from keras_diagram_core.layout.merging import Way
from keras_diagram_core.layout.network.engine import links_of
from keras_diagram_core.layout.points import px as _px
from keras_diagram_core.layout.points import tidy
from keras_diagram_core.layout.solids import GLYPH, glyph_text
from keras_diagram_core.layout.words import has_shared_sign
from keras_diagram_core.scene import (
    Box,
    Circle,
    Connector,
    Frame,
    Item,
    Label,
    Mark,
    Point,
    Shape,
    Text,
)
from keras_diagram_core.text import clean, text_width
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.structure import Part, Series, units_of

ARROW_ROOM = 8.0
PORT = 7.0


class Tap(NamedTuple):
    """Where the tensor of a unit can be had: the way that its edge has come so far."""

    unit: int
    points: tuple[Point, ...]
    lane: bool = False

    def then(self, *points: Point, lane: bool | None = None) -> Tap:
        """Go on through these points."""
        return self._replace(
            points=(*self.points, *points), lane=self.lane if lane is None else lane
        )


class Pen:
    """Draws plots, and remembers what it drew."""

    def __init__(self, graph: ModelGraph, units: UnitGraph) -> None:
        """Start with an empty page."""
        self.containers: list[Item] = []
        self.marks: list[Item] = []
        self.connectors: list[Item] = []
        self.labels: list[Item] = []
        self.ways: list[Way] = []
        self._graph = graph
        self._units = units
        self._links = links_of(units)

    def draw(self, plot: Plot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        """Draw a plot with its axis at x and its top at y; give where its outputs are."""
        match plot:
            case UnitPlot():
                return self._unit(plot, x, y, taps)
            case ParallelPlot():
                return self._parallel(plot, x, y, taps)
            case BlockPlot():
                return self._block(plot, x, y, taps)
            case CellsPlot():
                return self._cells(plot, x, y, taps)

    def draw_all(
        self, plots: Iterable[Plot], x: float, y: float, taps: Sequence[Tap]
    ) -> list[Tap]:
        """Draw plots below each other, as `draw` does one."""
        current = list(taps)
        for plot in plots:
            current = self.draw(plot, x, y, current)
            y += plot.height + GAP
        return current

    def _parallel(self, plot: ParallelPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        outputs: list[Tap] = []
        fork = y - GAP / 2 + 1
        for branch in plot.branches:
            axis, top = x + branch.shift, y + branch.drop
            down = ((x + plot.trunk, fork), (x + plot.trunk, top)) if branch.drop else ()
            level = top if branch.drop else fork
            inward = [tap.then((x, fork), *down, (axis, level)) for tap in taps]
            found = self.draw_all(branch.plot.plots, axis, top + FORK, inward)
            outputs += _past(found, branch, (x, top + FORK), y + plot.height)
        for shift in plot.lanes:
            outputs += [tap.then((x, fork), (x + shift, fork), lane=True) for tap in taps]
        return outputs

    def _block(self, plot: BlockPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        if not plot.title:
            return self.draw_all(plot.body.plots, x, y, taps)
        left, width = x - plot.left, plot.left + plot.right
        frame = Box(left, y, width, plot.height, "group", "group-line", radius=6)
        nodes = block_nodes(self._units, plot.block)
        repeat = len(plot.block.repeats)
        self.containers.append(Frame(nodes=nodes, repeat=repeat, shapes=(frame,)))
        self.labels.append(Label(role="title", shapes=tuple(_header(plot, left, y))))
        # Labels by themselves: they stay at the exit, whichever way the drawing flows.
        feet = (Label(role="caption", shapes=(text,)) for text in _feet(plot, left, y))
        self.labels.extend(feet)
        outputs = self.draw_all(plot.body.plots, x, y + HEADER, taps)
        last = dict(zip(_units(plot.block.body), _units(plot.block.repeats[-1]), strict=True))
        foot = y + plot.height
        return [tap._replace(unit=last[tap.unit]).then((x, foot)) for tap in outputs]

    def _cells(self, plot: CellsPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        """Draw the cells of a mesh below each other, and lead on from the last."""
        bus = y - GAP / 2 + 1
        ways = {tap.unit: tap.then((x, bus)).points for tap in taps}
        drawing = sketch(plot.column, self._links, (x - plot.left, y), ways)
        for cell, frame, words, ordinals in drawing.cells:
            self._cell(cell, frame, words, ordinals)
        for unit, (axis, middle) in drawing.units.items():
            self.place(plot.units[unit], axis, middle - plot.units[unit].height / 2)
        for edge, points in drawing.ways:
            self._add(edge, points)
        foot = y + plot.height - APART
        return [
            Tap(unit, (*points[:-1], (points[-1][0], foot), (x, foot), (x, y + plot.height)))
            for unit, points in drawing.exits
        ]

    def _cell(
        self,
        plot: CellPlot,
        frame: Sequence[Box],
        words: Sequence[Text],
        ordinals: Sequence[Text],
    ) -> None:
        """Draw the frame of a cell, or the box that stands for one like another."""
        if not plot.is_framed:
            return
        repeat = len(plot.run.repeats)
        nodes = self._ids(unit for cell in plot.run.repeats for unit in cell.units)
        if plot.inside or repeat > 1:
            self.containers.append(Frame(nodes=nodes, repeat=repeat, shapes=tuple(frame)))
        if plot.inside:
            self.labels.append(Label(role="title", shapes=tuple(words)))
            if ordinals:
                self.labels.append(Label(role="caption", shapes=tuple(ordinals)))
            return
        last = self._graph.by_id[nodes[-1]]
        self.marks.append(
            Mark(
                nodes=nodes,
                type=clean(last.type),
                family=family(last),
                tooltip=f"{plot.words.title} {times(plot.run)}".strip(),
                shapes=(frame[-1], *words, *ordinals),
            )
        )

    def _ids(self, units: Iterable[int]) -> tuple[str, ...]:
        return tuple(id_ for unit in units for id_ in self._units.units[unit].nodes)

    def _unit(self, plot: UnitPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        self.place(plot, x, y)
        arriving = [
            (tap, edge) for tap in taps for edge in self._links.get((tap.unit, plot.unit), ())
        ]
        above = [pair for pair in arriving if not pair[0].lane]
        beside = [pair for pair in arriving if pair[0].lane]
        for number, (tap, edge) in enumerate(above):
            port = 0.0 if plot.glyph else PORT * (number - (len(above) - 1) / 2)
            self._add(edge, _from_above(tap, x, port, y))
        for number, (tap, edge) in enumerate(beside):
            port = 4 * (number - (len(beside) - 1) / 2)
            self._add(edge, _from_the_side(tap, plot, (x, y), port))
        return [Tap((plot.unit, *plot.repeats)[-1], ((x, y + plot.height),))]

    def place(self, plot: UnitPlot, x: float, y: float) -> None:
        """Draw a unit with its axis at x and its top at y, the word of a glyph at its right."""
        self.marks.append(self.mark(plot, x, y))
        if plot.glyph and plot.note:
            text = Text(
                x + plot.right + 5,
                y + GLYPH / 2 + 3.5,
                plot.note,
                SMALL,
                text_width(plot.note, SMALL),
                fill="muted",
            )
            self.labels.append(Label(role="caption", shapes=(text,)))

    def _add(self, edge: Edge, points: Sequence[Point]) -> None:
        way = tidy(points)
        self.ways.append((edge, way))
        self.connectors.append(
            Connector(source=edge.source, target=edge.target, role=clean(edge.role), points=way)
        )

    def mark(self, plot: UnitPlot, x: float, y: float) -> Mark:
        """Draw a unit with its axis at x and its top at y."""
        unit = self._units.units[plot.unit]
        colour = family(self._graph.by_id[unit.main])
        repeats = [self._units.units[index] for index in plot.repeats]
        shapes = self._shapes(plot, x, y, colour)
        return unit_mark(self._graph, unit, colour, shapes, repeats)

    def _shapes(self, plot: UnitPlot, x: float, y: float, colour: str) -> list[Shape]:
        fill, line = f"{colour}-fill", f"{colour}-line"
        if plot.glyph:
            circle = Circle(_px(x), _px(y + GLYPH / 2), GLYPH / 2, fill, line)
            return [circle, glyph_text(plot.glyph, _px(x), _px(y + GLYPH / 2))]
        left, right = _px(x - plot.left), _px(x + plot.right)
        base = _px(y + plot.height / 2 + 0.36 * SIZE)
        cards = (2.5 * number for number in range(min(len(plot.repeats), 2), -1, -1))
        shapes: list[Shape] = [
            Box(left + card, _px(y - card), _px(right - left), plot.height, fill, line, radius=3.5)
            for card in cards
        ]
        extra = satellites(self._graph, self._units.units[plot.unit])
        for number, other in enumerate(reversed(extra)):
            edge = right - STRIPE * (number + 1) - 2
            shapes.append(Box(_px(edge), _px(y + 3), STRIPE - 1, plot.height - 6, f"{other}-line"))
        node = self._graph.by_id[self._units.units[plot.unit].main]
        if has_shared_sign(self._graph, node):
            shapes += shared_sign(_px(right - 4), _px(y + 4), 2.0)
        start = left + UNIT_PAD
        shapes.append(Text(start, base, plot.label, SIZE, text_width(plot.label, SIZE)))
        if plot.note:
            end = right - UNIT_PAD - STRIPE * len(extra)
            width = text_width(plot.note, SMALL)
            shapes.append(
                Text(_px(end), base, plot.note, SMALL, width, fill="muted", anchor="end")
            )
        return shapes


def _past(taps: list[Tap], branch: Branch, place: Point, foot: float) -> list[Tap]:
    """Lead the outputs of a branch past the rows below it, if there are any."""
    if not branch.exits:
        return taps
    x, y = place
    return [
        tap.then((tap.points[-1][0], y + depth), (x + lane, y + depth), (x + lane, foot))
        for tap, (depth, lane) in zip(taps, branch.exits, strict=True)
    ]


def _from_above(tap: Tap, x: float, port: float, y: float) -> tuple[Point, ...]:
    """Lead a tap down to a unit, by a bus where it comes from another axis."""
    before = tap.points[-1][0]
    if abs(before - x) < 0.01:
        shifted = ((px + port if px == before else px, py) for px, py in tap.points)
        return (*shifted, (x + port, y))
    bus = y - ARROW_ROOM
    return (*tap.points, (before, bus), (x + port, bus), (x + port, y))


def _from_the_side(tap: Tap, plot: UnitPlot, place: Point, port: float) -> tuple[Point, ...]:
    """Lead a tap down its lane and into the side of a unit."""
    x, y = place
    lane, middle = tap.points[-1][0], y + plot.height / 2 + port
    dent = GLYPH / 2 - math.sqrt(max((GLYPH / 2) ** 2 - port**2, 0)) if plot.glyph else 0.0
    end = x - plot.left + dent if lane < x else x + plot.right - dent
    return (*tap.points, (lane, middle), (end, middle))


def _header(plot: BlockPlot, left: float, y: float) -> list[Text]:
    base = _px(y + 16)
    start, end = left + PAD, left + plot.left + plot.right - PAD
    width = text_width(plot.title, SIZE, bold=True)
    texts = [Text(_px(start), base, plot.title, SIZE, width, bold=True)]
    count = len(plot.block.repeats)
    if count > 1:
        times = f"× {count}"
        room = text_width(times, SIZE, bold=True)
        texts.append(Text(_px(end), base, times, SIZE, room, anchor="end", bold=True))
    return texts


def _feet(plot: BlockPlot, left: float, y: float) -> Iterator[Text]:
    """Write where a block is left the shape of its output, and in what repetitions differ."""
    base = _px(y + plot.height - 6)
    if plot.varies:
        room = text_width(plot.varies, SMALL)
        yield Text(_px(left + PAD), base, plot.varies, SMALL, room, fill="muted")
    if plot.shape:
        end, room = _px(left + plot.left + plot.right - PAD), text_width(plot.shape, SMALL)
        yield Text(end, base, plot.shape, SMALL, room, fill="muted", anchor="end")


def _units(parts: tuple[Part, ...]) -> list[int]:
    return list(units_of(Series(parts)))
