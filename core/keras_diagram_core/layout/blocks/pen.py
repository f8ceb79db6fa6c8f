"""Place and route: plots at their positions, and the edges between them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout.blocks.plots import (
    FORK,
    GAP,
    HEADER,
    LANE,
    PAD,
    SIZE,
    SMALL,
    STRIPE,
    UNIT_PAD,
    BlockPlot,
    MeshPlot,
    ParallelPlot,
    Plot,
    SeriesPlot,
    UnitPlot,
    satellites,
)
from keras_diagram_core.layout.marks import block_nodes, shared_sign, unit_mark
from keras_diagram_core.layout.points import px as _px
from keras_diagram_core.layout.points import tidy
from keras_diagram_core.layout.solids import GLYPH, glyph_text
from keras_diagram_core.layout.words import family, has_shared_sign
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
        self._graph = graph
        self._units = units
        self._edges: dict[tuple[int, int], list[Edge]] = defaultdict(list)
        for source, target, edge in units.edges:
            self._edges[source, target].append(edge)

    def draw(self, plot: Plot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        """Draw a plot with its axis at x and its top at y; give where its outputs are."""
        match plot:
            case UnitPlot():
                return self._unit(plot, x, y, taps)
            case ParallelPlot():
                return self._parallel(plot, x, y, taps)
            case BlockPlot():
                return self._block(plot, x, y, taps)
            case MeshPlot():
                return self._mesh(plot, x, y, taps)

    def _series(self, plot: SeriesPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        current = list(taps)
        for part in plot.plots:
            current = self.draw(part, x, y, current)
            y += part.height + GAP
        return current

    def _parallel(self, plot: ParallelPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        outputs: list[Tap] = []
        fork = y - GAP / 2 + 1
        for shift, branch in plot.branches:
            inward = [tap.then((x, fork), (x + shift, fork)) for tap in taps]
            outputs += self._series(branch, x + shift, y + FORK, inward)
        for shift in plot.lanes:
            outputs += [tap.then((x, fork), (x + shift, fork), lane=True) for tap in taps]
        return outputs

    def _block(self, plot: BlockPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        if not plot.title:
            return self._series(plot.body, x, y, taps)
        left, width = x - plot.left, plot.left + plot.right
        frame = Box(left, y, width, plot.height, "group", "group-line", radius=6)
        nodes = block_nodes(self._units, plot.block)
        repeat = len(plot.block.repeats)
        self.containers.append(Frame(nodes=nodes, repeat=repeat, shapes=(frame,)))
        self.labels.append(Label(role="title", shapes=tuple(_header(plot, left, y))))
        outputs = self._series(plot.body, x, y + HEADER, taps)
        last = dict(zip(_units(plot.block.body), _units(plot.block.repeats[-1]), strict=True))
        foot = y + plot.height
        return [tap._replace(unit=last[tap.unit]).then((x, foot)) for tap in outputs]

    def _mesh(self, plot: MeshPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        """Draw units below each other; what does not come from above comes from the left."""
        known = {tap.unit: tap.then((x, y - GAP / 2)) for tap in taps}
        outside = set(known)
        outputs: list[Tap] = []
        if -1 in plot.departures:  # past the mesh, from the part before to the part after
            side = x + plot.right - LANE * plot.departures[-1]
            way = ((side, y - GAP / 2), (side, y + plot.height))
            outputs += [tap.then(*way) for tap in known.values()]
        for number, unit in enumerate(plot.plots):
            arriving = []
            for source, tap in known.items():
                if (source, unit.unit) not in self._edges:
                    continue
                lane = plot.arrivals.get((-1 if source in outside else source, unit.unit))
                arriving.append(tap if lane is None else _into_lane(tap, x - plot.half, lane))
            [output] = self._unit(unit, x, y, arriving)
            known[unit.unit] = output
            y += unit.height + GAP
            if unit.unit in plot.departures:
                side = x + plot.right - LANE * plot.departures[unit.unit]
                level = y - GAP - unit.height / 2
                points = ((x + unit.right, level), (side, level), (side, y))
                outputs.append(Tap(unit.unit, points))
            elif number + 1 == len(plot.plots):
                outputs.append(output)
        return outputs

    def _unit(self, plot: UnitPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
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
        arriving = [
            (tap, edge) for tap in taps for edge in self._edges.get((tap.unit, plot.unit), ())
        ]
        above = [pair for pair in arriving if not pair[0].lane]
        beside = [pair for pair in arriving if pair[0].lane]
        for number, (tap, edge) in enumerate(above):
            port = 0.0 if plot.glyph else PORT * (number - (len(above) - 1) / 2)
            self._add(edge, _from_above(tap, x, port, y))
        for number, (tap, edge) in enumerate(beside):
            port = 4 * (number - (len(beside) - 1) / 2)
            self._add(edge, _from_the_left(tap, plot, (x, y), port))
        return [Tap((plot.unit, *plot.repeats)[-1], ((x, y + plot.height),))]

    def _add(self, edge: Edge, points: Sequence[Point]) -> None:
        self.connectors.append(
            Connector(
                source=edge.source,
                target=edge.target,
                role=clean(edge.role),
                points=tidy(points),
            )
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


def _into_lane(tap: Tap, edge: float, lane: int) -> Tap:
    """Lead a tap into a lane left of a mesh, whose left edge is given."""
    (x, y), side = tap.points[-1], edge - LANE * (lane + 1)
    return tap.then((x, y + 3), (side, y + 3), lane=True)


def _from_above(tap: Tap, x: float, port: float, y: float) -> tuple[Point, ...]:
    """Lead a tap down to a unit, by a bus where it comes from another axis."""
    before = tap.points[-1][0]
    if abs(before - x) < 0.01:
        shifted = ((px + port if px == before else px, py) for px, py in tap.points)
        return (*shifted, (x + port, y))
    bus = y - ARROW_ROOM
    return (*tap.points, (before, bus), (x + port, bus), (x + port, y))


def _from_the_left(tap: Tap, plot: UnitPlot, place: Point, port: float) -> tuple[Point, ...]:
    """Lead a tap down its lane and into the left side of a unit."""
    x, y = place
    middle = y + plot.height / 2 + port
    dent = GLYPH / 2 - math.sqrt(max((GLYPH / 2) ** 2 - port**2, 0)) if plot.glyph else 0.0
    return (*tap.points, (tap.points[-1][0], middle), (x - plot.left + dent, middle))


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
    if plot.shape:
        room = text_width(plot.shape, SMALL)
        foot = _px(y + plot.height - 6)
        texts.append(Text(_px(end), foot, plot.shape, SMALL, room, fill="muted", anchor="end"))
    return texts


def _units(parts: tuple[Part, ...]) -> list[int]:
    return list(units_of(Series(parts)))
