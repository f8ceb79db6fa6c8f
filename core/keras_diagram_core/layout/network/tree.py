"""Flow and draw: the plots of a tree in rows, with the edges between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.layout.network.cells import (
    Cell,
    Drawing,
    Fold,
    Links,
    Route,
    Setting,
    dent,
)
from keras_diagram_core.layout.network.plots import (
    FORK,
    GAP,
    TRACK,
    FramePlot,
    ParallelPlot,
    Plot,
    Ruler,
    SeriesPlot,
    UnitPlot,
)
from keras_diagram_core.layout.network.wrap import wrap
from keras_diagram_core.layout.points import px, tidy
from keras_diagram_core.scene import Bounds, Point
from keras_diagram_core.transforms.fold import Block, Item
from keras_diagram_core.transforms.repeats import Cells
from keras_diagram_core.transforms.structure import Parallel, Part, Series, units_of

ROW_GAP = 24.0
TURN = 12.0
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


class Group(NamedTuple):
    """What the end of a row may not tear apart; `torn` if the part before belongs to it."""

    plot: SeriesPlot
    torn: bool = False


def groups(items: Sequence[Item], ruler: Ruler) -> list[Group]:
    """Measure the items of a network: branches and the unit where they meet are one group.

    Raises:
        TypeError: for the cells of a mesh; a network with one is no tree.
    """
    found: list[Group] = []
    for item in items:
        if isinstance(item, Block) and len(item.repeats) > 1:
            frame = ruler.frame(item)
            found.append(Group(SeriesPlot((frame,), frame.width, frame.up, frame.down)))
            continue
        if isinstance(item, Cells):
            raise TypeError(item)
        parts: list[Part] = []
        begin = len(found)
        for part in item.body if isinstance(item, Block) else (item,):
            parts.append(part)
            if not isinstance(part, Parallel):
                found.append(Group(ruler.series(parts), len(found) > begin))
                parts = []
        if parts:
            found.append(Group(ruler.series(parts), len(found) > begin))
    return found


def fits(found: Sequence[Group], room: float) -> bool:
    """Say whether every group has room in a row."""
    return all(group.plot.width <= room - 2 * TURN for group in found)


def draw_tree(found: Sequence[Group], pen: Pen, room: float) -> Drawing:
    """Set groups in rows of at most `room` px, and draw them."""
    gap, plots = pen.gap, [group.plot for group in found]
    row_gap = pen.setting.between_rows(ROW_GAP)
    one = sum(plot.width + gap for plot in plots) - gap <= room
    widths, tears = [plot.width for plot in plots], [TEAR * group.torn for group in found]
    rows = wrap(widths, gap, room if one else room - 2 * TURN, tears)
    taps: list[Tap] = []
    y, right = 0.0, 0.0
    for row in rows:
        content = [plots[index] for index in row]
        axis = y + max(plot.up for plot in content)
        taps = [_carriage_return(tap, y - row_gap / 2, axis) for tap in taps]
        # A row that begins with branches has their fork in the line that comes from above.
        x = 0.0 if one else gap / 2 if _forks(content[0]) else TURN
        for plot in content:
            taps = pen.series(plot, x, axis, taps)
            x += plot.width + gap
        right = max(right, x - gap)
        y = axis + max(plot.down for plot in content) + row_gap
        if not one:
            taps = [tap.then((x - gap + TURN, tap.points[-1][1])) for tap in taps]
    height = max(y - row_gap, 0.0)
    width = right if one else right + TURN
    return Drawing(pen.places, pen.routes, pen.folds, width, height, len(rows))


def _forks(plot: SeriesPlot) -> bool:
    return isinstance(plot.plots[0], ParallelPlot)


def _carriage_return(tap: Tap, gap: float, axis: float) -> Tap:
    """Lead a tap from the end of a row, through the gap below, to the start of the next."""
    return tap.then((tap.points[-1][0], gap), (0.0, gap), (0.0, axis))


class Pen:
    """Places plots and connects them, and remembers what it did."""

    def __init__(self, cells: Sequence[Cell], links: Links, setting: Setting) -> None:
        """Start with an empty page."""
        self.setting = setting
        self.gap = setting.gap or GAP
        self.places: dict[int, Point] = {}
        self.routes: list[Route] = []
        self.folds: list[Fold] = []
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
        bounds = Bounds(px(x), px(y - plot.up), px(x + plot.width), px(y + plot.down))
        self.folds.append(Fold(plot.block, plot.title, bounds))
        start = x + (plot.width - plot.body.width) / 2
        outputs = self.series(plot.body, start, y, taps)
        first, last = (list(units_of(Series(plot.block.repeats[end]))) for end in (0, -1))
        stands_for = dict(zip(first, last, strict=True))
        return [tap._replace(unit=stands_for[tap.unit]) for tap in outputs]

    def _unit(self, unit: int, x: float, y: float, taps: Sequence[Tap]) -> Tap:
        cell = self._cells[unit]
        middle = x + cell.width / 2
        self.places[unit] = (px(middle), px(y))
        arriving = [(tap, edge) for tap in taps for edge in self._links.get((tap.unit, unit), ())]
        arriving.sort(key=lambda pair: pair[0].points[-1][1])
        ports = _ports(cell, y, [(tap, self._cells[tap.unit].rise) for tap, _ in arriving])
        ways = _round_ways if cell.is_round else _ways
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
        end = tap.points[-1][1]
        if end == y:
            paths.append(_shifted(tap, port, (x - cell.half, y)))
            continue
        # The outermost turn last, so that no two of them cross.
        rank = number if end < y else len(taps) - 1 - number
        track = slot - 4 - step * rank
        paths.append(tap.then((track, end), (track, y + port), (x - cell.half, y + port)).points)
    return paths


def _shifted(tap: Tap, port: float, end: Point) -> tuple[Point, ...]:
    """Lead a tap straight on to a port; all that lies on the axis moves with it."""
    y = end[1]
    points = ((x, py + port if tap.straight or py == y else py) for x, py in tap.points)
    return (*points, (end[0], y + port))
