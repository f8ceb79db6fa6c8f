"""Measure: the tree of a network as plots with sizes, each around a horizontal axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from keras_diagram_core.layout.network.cells import Cell, Setting
from keras_diagram_core.layout.network.scopes import Path, Run, Scopes
from keras_diagram_core.text import clean, text_width
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.structure import Leaf, Mesh, Parallel, Part, Series, units_of

GAP = 14.0
FORK = 5.0
LANE = 8.0
TRACK = 5.0
BRANCH_GAP = 8.0
PAD = 12.0
HEADER = 20.0
TITLE = 9.5
# What the name of a frame gets at most, px.
LONGEST = 110.0
# A network nested deeper than this is laid out by ranks: no page has room for so many lanes.
DEEPEST = 40


class Rim(NamedTuple):
    """What a frame leaves free around what is in it, px; its name stands above, or at the start.

    `wide` says that the name has all of the frame's width; else it has what is above the axis.
    """

    start: float
    end: float
    above: float
    below: float
    wide: bool = True

    def above_axis(self, path: Path) -> float:
        """Say how much of a frame has to be above its axis so that its name has room, px."""
        return 0.0 if self.wide else name_width(path) + PAD


def name_width(path: Path) -> float:
    """Say how wide the name of a frame gets, px."""
    return min(text_width(clean(path[-1]), TITLE, bold=True), LONGEST) + 4


LYING = Rim(12.0, 12.0, HEADER, 6.0)
# Of a drawing that will be turned: its start is above then, and its name above what forks.
STANDING = Rim(24.0, 8.0, 10.0, 10.0, wide=False)
# The same where frames take what room there is.
LOOSE = Rim(6.0, 6.0, 18.0, 5.0)
LOOSE_STANDING = Rim(18.0, 5.0, 6.0, 6.0, wide=False)


class Framing(NamedTuple):
    """What is framed, and how.

    `header` is the room above what repeats, px. `loose` is the rim where no room was kept.
    """

    scopes: Scopes
    header: float = HEADER
    rim: Rim = LYING
    loose: Rim = LOOSE


class UnitPlot(NamedTuple):
    """One unit in its cell."""

    unit: int
    width: float
    up: float
    down: float


class SeriesPlot(NamedTuple):
    """Plots side by side, on one axis."""

    plots: tuple[Plot, ...]
    width: float
    up: float
    down: float


class ParallelPlot(NamedTuple):
    """Branches below each other: their axes from the common one, and lanes above them."""

    branches: tuple[tuple[float, SeriesPlot], ...]
    lanes: tuple[float, ...]
    width: float
    up: float
    down: float


class FramePlot(NamedTuple):
    """A block that repeats, in a frame with a title; `over` is what stays free above it, px."""

    block: Block
    title: str
    body: SeriesPlot
    width: float
    up: float
    down: float
    over: float = 0.0


class ClusterPlot(NamedTuple):
    """An opened model or layer, in a frame; `start` px from its left its body begins."""

    path: Path
    body: SeriesPlot
    start: float
    width: float
    up: float
    down: float


Plot = UnitPlot | ParallelPlot | FramePlot | ClusterPlot


def is_tree(root: Series) -> bool:
    """Say whether a network is in series and parallel throughout, and not nested too deep."""
    todo: list[tuple[Part | Series, int]] = [(root, 0)]
    while todo:
        part, depth = todo.pop()
        if isinstance(part, Mesh) or depth > DEEPEST:
            return False
        if isinstance(part, Series):
            todo += ((inner, depth) for inner in part.parts)
        elif isinstance(part, Parallel):
            todo += ((branch, depth + 1) for branch in part.branches)
    return True


class Ruler:
    """Measures the parts of one network.

    `arrivals` counts the edges that each unit takes.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        arrivals: Mapping[int, int],
        title: Callable[[Block], str],
        setting: Setting,
        framing: Framing,
    ) -> None:
        """Keep what the plots are made of."""
        self.gap = setting.gap or GAP
        self.framing = framing
        self._row = setting.row or BRANCH_GAP
        self._lane = setting.lane or LANE
        self._cells = cells
        self._arrivals = arrivals
        self._title = title

    def series(
        self, parts: Sequence[Part | Block], follower: int | None = None, level: int = 0
    ) -> SeriesPlot:
        """Measure parts side by side.

        Args:
            parts: what is to be measured.
            follower: the unit in which their edges end.
            level: how many scopes are around them all.
        """
        plots: list[Plot] = []
        runs = self.framing.scopes.runs(parts, level)
        for index, run in enumerate(runs):
            after = runs[index + 1].parts[0] if index + 1 < len(runs) else None
            target = _first(after) if after else follower
            if run.path:
                plots.append(self._cluster(run, target))
            else:
                plots += self._plots(run.parts, target, level)
        return self._side_by_side(plots)

    def _plots(
        self, parts: Sequence[Part | Block], follower: int | None, level: int
    ) -> Iterator[Plot]:
        for index, part in enumerate(parts):
            if isinstance(part, Block):
                yield self.frame(part, level)
                continue
            after = parts[index + 1] if index + 1 < len(parts) else None
            yield self._part(part, _first(after) if after else follower, level)

    def _part(self, part: Part, follower: int | None, level: int) -> Plot:
        """Measure one part; meshes are not laid out as trees."""
        if isinstance(part, Leaf):
            cell = self._cells[part.unit]
            return UnitPlot(part.unit, cell.width, cell.up, cell.down)
        if isinstance(part, Parallel):
            return self._parallel(part, follower, level)
        raise TypeError(part)

    def frame(self, block: Block, level: int = 0) -> FramePlot:
        """Measure a block that repeats, with its frame."""
        over = max(self._cells[unit].over for unit in units_of(Series(block.body)))
        ruler = self._inside if over else self
        body = ruler.series(block.body, level=level)
        title = self._title(block)
        times = f"× {len(block.repeats)}"
        words = text_width(title, TITLE) + text_width(times, TITLE, bold=True) + 6
        width = max(body.width, words) + 2 * PAD
        up = body.up + self.framing.header + over
        return FramePlot(block, title, body, width, up, body.down + PAD / 2, over)

    @cached_property
    def _inside(self) -> Ruler:
        """Measure what is in a frame: the name of a stage stands above that."""
        cells = [cell.bare() for cell in self._cells]
        setting = Setting(self.gap, self._row, self._lane)
        return Ruler(cells, self._arrivals, self._title, setting, self.framing)

    def _cluster(self, run: Run, follower: int | None) -> ClusterPlot:
        """Measure an opened model, with its frame and its name."""
        rim = self.framing.rim
        body = self.series(run.parts, follower, len(run.path))
        inside = max(body.width, name_width(run.path)) if rim.wide else body.width
        up = max(body.up + rim.above, rim.above_axis(run.path))
        start = rim.start + (inside - body.width) / 2
        width = rim.start + inside + rim.end
        return ClusterPlot(run.path, body, start, width, up, body.down + rim.below)

    def _parallel(self, part: Parallel, follower: int | None, level: int) -> ParallelPlot:
        full = [branch.parts for branch in part.branches if branch.parts]
        plots = [self.series(parts, follower, level) for parts in full]
        plain = len(part.branches) - len(plots)
        shifts = _stack(plots, [_weight(plot) for plot in plots], self._row)
        branches = tuple(zip(shifts, plots, strict=True))
        up = max((plot.up - shift for shift, plot in branches), default=0.0)
        down = max((plot.down + shift for shift, plot in branches), default=0.0)
        lanes = tuple(-up - self._lane * (number + 1) for number in range(plain))
        width = FORK + max((plot.width for plot in plots), default=0.0) + self._join(follower)
        up += self._lane * plain + 2 * bool(plain)
        return ParallelPlot(branches, lanes, width, up, down)

    def _join(self, follower: int | None) -> float:
        """The room in which edges find their ports; a round cell takes them from all sides."""
        if follower is None or self._cells[follower].is_open:
            return 0.0
        return TRACK * min(self._arrivals.get(follower, 0), 6)

    def _side_by_side(self, plots: Sequence[Plot]) -> SeriesPlot:
        return SeriesPlot(
            tuple(plots),
            sum(plot.width for plot in plots) + self.gap * max(len(plots) - 1, 0),
            max((plot.up for plot in plots), default=0.0),
            max((plot.down for plot in plots), default=0.0),
        )


def _first(part: Part | Block) -> int | None:
    """Give the unit that a part begins with, if it is one."""
    return part.unit if isinstance(part, Leaf) else None


def _weight(plot: SeriesPlot) -> int:
    """Count the units of a branch, those of a frame that repeats as one."""
    return sum(map(_weight_of, plot.plots))


def _weight_of(plot: Plot) -> int:
    if isinstance(plot, ParallelPlot):
        return 1 + sum(_weight(branch) for _, branch in plot.branches)
    return _weight(plot.body) if isinstance(plot, ClusterPlot) else 1


def _stack(plots: Sequence[SeriesPlot], weights: Sequence[int], gap: float) -> list[float]:
    """Choose the axes of branches, `gap` px apart: the heavier of two goes straight on."""
    if not plots:
        return []
    shifts = [0.0]
    for above, below in pairwise(plots):
        shifts.append(shifts[-1] + above.down + gap + below.up)
    middle = (shifts[0] + shifts[-1]) / 2
    if len(plots) == 2 and weights[0] != weights[1]:
        middle = shifts[1]
        if weights[0] > weights[1]:
            return [0.0, -(plots[1].down + gap + plots[0].up)]
    elif len(plots) % 2:
        middle = shifts[len(plots) // 2]
    return [shift - middle for shift in shifts]
