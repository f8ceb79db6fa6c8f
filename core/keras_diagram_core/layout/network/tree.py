"""Flow and draw: the plots of a tree in rows, with the edges between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from keras_diagram_core.layout.network.cells import (
    Cell,
    Cluster,
    Drawing,
    Fold,
    Links,
    Route,
    Setting,
    dent,
)
from keras_diagram_core.layout.network.groups import ASIDE, TURN, Group, indent, wrapped
from keras_diagram_core.layout.network.plots import (
    BRANCH_GAP,
    FORK,
    GAP,
    LYING,
    TRACK,
    ClusterPlot,
    FramePlot,
    ParallelPlot,
    Plot,
    Rim,
    SeriesPlot,
    UnitPlot,
)
from keras_diagram_core.layout.network.scopes import Path
from keras_diagram_core.layout.network.wrap import wrap
from keras_diagram_core.layout.points import px, tidy
from keras_diagram_core.scene import Bounds, Point
from keras_diagram_core.transforms.structure import Series, units_of

ROW_GAP = 24.0
PORT = 6.0
# What it costs to break a row inside a block, in rows left empty.
TEAR = 0.6
# Where edges from below meet a round cell with words below it, px under its axis.
UNDER = 5.0


class Tap(NamedTuple):
    """Where the tensor of a unit can be had: the way that its edge has come so far."""

    unit: int
    points: tuple[Point, ...]

    def then(self, *points: Point) -> Tap:
        """Go on through these points."""
        return self._replace(points=(*self.points, *points))

    @property
    def straight(self) -> bool:
        """Say whether it has not left the axis on which it began."""
        return all(y == self.points[0][1] for _, y in self.points)


def draw_tree(found: Sequence[Group], pen: Pen, room: float) -> Drawing:
    """Set groups in rows of at most `room` px, and draw them."""
    rim, gap = pen.rim, pen.gap
    one = not any(group.frames for group in found)
    one = one and sum(group.plot.width + gap for group in found) - gap <= room
    sheet = _Sheet(pen, one=one)
    for frames, members in groupby(found, lambda group: group.frames):
        part = list(members)
        widths = [group.plot.width for group in part]
        tears = [TEAR * group.torn for group in part]
        own = room if one else room - 2 * TURN - wrapped(rim, len(frames))
        for row in wrap(widths, gap, own, tears):
            sheet.row([part[index].plot for index in row], frames)
    sheet.close(0)
    width = sheet.right if one else sheet.right + TURN
    height = max(sheet.y, 0.0)
    drawing = Drawing(pen.places, pen.routes, pen.folds, width, height, sheet.rows)
    gaps = gap, pen.setting.row or BRANCH_GAP
    return drawing._replace(clusters=pen.clusters, rooms=pen.rooms, gaps=gaps)


class _Sheet:
    """Rows below each other, some of them in frames.

    `y` is where the last row, or frame, ends; `right` is where the widest does.
    """

    def __init__(self, pen: Pen, *, one: bool) -> None:
        self.y = 0.0
        self.right = 0.0
        self.rows = 0
        self._pen = pen
        self._one = one
        self._row_gap = pen.setting.between_rows(ROW_GAP)
        self._open: list[tuple[Path, float, float]] = []
        self._taps: list[Tap] = []

    def row(self, plots: Sequence[SeriesPlot], frames: tuple[Path, ...]) -> None:
        """Draw a row below those before."""
        pairs = zip(self._open, frames, strict=False)
        shared = len(list(takewhile(lambda pair: pair[0][0] == pair[1], pairs)))
        self.close(shared)
        if self.rows:
            self.y += self._row_gap
        between = self.y - self._row_gap / 2
        for path in frames[shared:]:
            self._open.append((path, self.y, 0.0))
            self.y += self._pen.rim.above
        axis = max(self.y + max(plot.up for plot in plots), *map(self._named, self._open), 0.0)
        turn = indent(self._pen.rim, shared)
        self._taps = [_carriage_return(tap, turn, between, axis) for tap in self._taps]
        self._line(plots, indent(self._pen.rim, len(frames)), axis)
        self.y = axis + max(plot.down for plot in plots)
        self.rows += 1

    def _named(self, frame: tuple[Path, float, float]) -> float:
        """Say how far down the axis of the first row has to be in a frame with a name."""
        path, top, _ = frame
        return top + self._pen.rim.above_axis(path)

    def _line(self, plots: Sequence[SeriesPlot], left: float, axis: float) -> None:
        """Draw plots side by side; `left` is where lines lead down to the row."""
        gap = self._pen.gap
        # A row that begins with branches has their fork in the line that comes from above.
        x = 0.0 if self._one else left + (gap / 2 if _forks(plots[0]) else TURN)
        for plot in plots:
            self._taps = self._pen.series(plot, x, axis, self._taps)
            x += plot.width + gap
        self._reach(x - gap)
        if not self._one:
            end = x - gap + TURN
            self._taps = [tap.then((end, tap.points[-1][1])) for tap in self._taps]

    def _reach(self, right: float) -> None:
        """Note how far to the right something is; frames have room for lines there, too."""
        self.right = max(self.right, right)
        self._open = [(path, top, max(end, right + TURN)) for path, top, end in self._open]

    def close(self, shared: int) -> None:
        """Draw the frames that end here: all but so many."""
        rim = self._pen.rim
        while len(self._open) > shared:
            path, top, end = self._open.pop()
            left = indent(rim, len(self._open)) + ASIDE
            self.y += rim.below
            right = end + rim.end / 2
            bounds = Bounds(px(left), px(top), px(right), px(self.y))
            self._pen.clusters.append(Cluster(path, bounds))
            self._reach(right - TURN)


def _forks(plot: SeriesPlot) -> bool:
    return isinstance(plot.plots[0], ParallelPlot)


def _carriage_return(tap: Tap, x: float, gap: float, axis: float) -> Tap:
    """Lead a tap from the end of a row, through the gap below, down at x to the next."""
    return tap.then((tap.points[-1][0], gap), (x, gap), (x, axis))


class Pen:
    """Places plots and connects them, and remembers what it did."""

    def __init__(
        self, cells: Sequence[Cell], links: Links, setting: Setting, rim: Rim = LYING
    ) -> None:
        """Start with an empty page."""
        self.setting = setting
        self.rim = rim
        self.gap = setting.gap or GAP
        self.places: dict[int, Point] = {}
        self.rooms: dict[int, Bounds] = {}
        self.routes: list[Route] = []
        self.folds: list[Fold] = []
        self.clusters: list[Cluster] = []
        self._cells = cells
        self._links = links

    def series(self, plot: SeriesPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        """Draw plots from x on, with their axis at y; give where their outputs are."""
        current = list(taps)
        for part in plot.plots:
            current = self._draw(part, x, y, current)
            x += part.width + self.gap
        return current

    def _draw(self, plot: Plot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        match plot:
            case UnitPlot():
                return [self._unit(plot.unit, x, y, taps)]
            case ParallelPlot():
                return self._parallel(plot, x, y, taps)
            case FramePlot():
                return self._frame(plot, x, y, taps)
            case ClusterPlot():
                bounds = Bounds(px(x), px(y - plot.up), px(x + plot.width), px(y + plot.down))
                self.clusters.append(Cluster(plot.path, bounds))
                return self.series(plot.body, x + plot.start, y, taps)

    def _parallel(self, plot: ParallelPlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        outputs: list[Tap] = []
        fork = x - self.gap / 2
        for shift, branch in plot.branches:
            inward = [tap.then((fork, y), (fork, y + shift)) for tap in taps]
            outputs += self.series(branch, x + FORK, y + shift, inward)
        for shift in plot.lanes:
            outputs += [tap.then((fork, y), (fork, y + shift)) for tap in taps]
        return outputs

    def _frame(self, plot: FramePlot, x: float, y: float, taps: Sequence[Tap]) -> list[Tap]:
        top = px(y - plot.up + plot.over)
        bounds = Bounds(px(x), top, px(x + plot.width), px(y + plot.down))
        self.folds.append(Fold(plot.block, plot.title, bounds, plot.over))
        start = x + (plot.width - plot.body.width) / 2
        outputs = self.series(plot.body, start, y, taps)
        first, last = (list(units_of(Series(plot.block.repeats[end]))) for end in (0, -1))
        stands_for = dict(zip(first, last, strict=True))
        return [tap._replace(unit=stands_for[tap.unit]) for tap in outputs]

    def _unit(self, unit: int, x: float, y: float, taps: Sequence[Tap]) -> Tap:
        cell = self._cells[unit]
        middle = x + cell.before
        self.places[unit] = (px(middle), px(y))
        self.rooms[unit] = cell.room(self.places[unit])
        arriving = [(tap, edge) for tap in taps for edge in self._links.get((tap.unit, unit), ())]
        arriving.sort(key=lambda pair: pair[0].points[-1][1])
        ports = _ports(cell, y, [(tap, self._cells[tap.unit].rise) for tap, _ in arriving])
        ways = _round_ways if cell.is_open else _ways
        paths = ways(cell, (middle, y), x, ports)
        for (tap, edge), path in zip(arriving, paths, strict=True):
            self.routes.append(Route(tap.unit, unit, edge, tidy(path)))
        return Tap(unit, ((middle + cell.half, y),))


def _ports(cell: Cell, y: float, taps: Sequence[tuple[Tap, float]]) -> list[tuple[Tap, float]]:
    """Give each tap its port, px from the axis at `y`: what comes straight on stays around it.

    Taps come in the order of their heights, each with how far its own box rises: what leaves
    a box straight must leave it between its corners.
    """
    level = [number for number, (tap, _) in enumerate(taps) if tap.points[-1][1] == y]
    centre = (level[0] + level[-1]) / 2 if level else (len(taps) - 1) / 2
    furthest = max(centre, len(taps) - 1 - centre)
    pitch = min(PORT, cell.rise / (furthest + 1))
    narrowest = min((taps[number][1] for number in level), default=math.inf)
    pitch = min(pitch, 2 * narrowest / (len(level) + 1))
    return [(tap, pitch * (number - centre)) for number, (tap, _) in enumerate(taps)]


def _round_ways(
    cell: Cell, place: Point, slot: float, taps: Sequence[tuple[Tap, float]]
) -> list[tuple[Point, ...]]:
    """Lead taps into a round cell: from above, from the left, and from below if it is bare."""
    x, y = place
    words_below = cell.down > cell.half
    paths: list[tuple[Point, ...]] = []
    for tap, port in taps:
        end = tap.points[-1][1]
        if end > y and words_below:
            goal = (x - cell.half + dent(cell, UNDER), y + UNDER)
            paths.append(tap.then((slot - 4, end), (slot - 4, goal[1]), goal).points)
        elif end != y:
            side = -cell.half if end < y else cell.half
            paths.append(tap.then((x, end), (x, y + side)).points)
        else:
            paths.append(_shifted(tap, port, (x - cell.half + dent(cell, port), y)))
    return paths


def _ways(
    cell: Cell, place: Point, slot: float, taps: Sequence[tuple[Tap, float]]
) -> list[tuple[Point, ...]]:
    """Lead taps into the left side of a box, to a port each, in the order of their heights."""
    x, y = place
    above = sum(tap.points[-1][1] < y for tap, _ in taps)
    below = sum(tap.points[-1][1] > y for tap, _ in taps)
    step = min(TRACK, (GAP / 2 + TRACK * 6) / max(above, below, 1))
    paths: list[tuple[Point, ...]] = []
    for number, (tap, port) in enumerate(taps):
        end, left = tap.points[-1][1], x - cell.half + dent(cell, port)
        if end == y:
            paths.append(_shifted(tap, port, (left, y)))
            continue
        # The outermost turn last, so that no two of them cross.
        rank = number if end < y else len(taps) - 1 - number
        track = slot - 4 - step * rank
        paths.append(tap.then((track, end), (track, y + port), (left, y + port)).points)
    return paths


def _shifted(tap: Tap, port: float, end: Point) -> tuple[Point, ...]:
    """Lead a tap straight on to a port; all that lies on the axis moves with it."""
    y = end[1]
    points = ((x, py + port if tap.straight or py == y else py) for x, py in tap.points)
    return (*points, (end[0], y + port))
