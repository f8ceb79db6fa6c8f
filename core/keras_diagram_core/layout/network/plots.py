"""Measure: the tree of a network as plots with sizes, each around a horizontal axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from keras_diagram_core.layout.network.cells import Cell, Setting
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.structure import Leaf, Mesh, Parallel, Part, Series

GAP = 14.0
FORK = 5.0
LANE = 8.0
TRACK = 5.0
BRANCH_GAP = 8.0
PAD = 12.0
HEADER = 20.0
TITLE = 9.5
# A network nested deeper than this is laid out by ranks: no page has room for so many lanes.
DEEPEST = 40


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
    """A block that repeats, in a frame with a title."""

    block: Block
    title: str
    body: SeriesPlot
    width: float
    up: float
    down: float


Plot = UnitPlot | ParallelPlot | FramePlot


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
        header: float = HEADER,
    ) -> None:
        """Keep what the plots are made of; `header` is the room above what is framed, px."""
        self.gap = setting.gap or GAP
        self._row = setting.row or BRANCH_GAP
        self._lane = setting.lane or LANE
        self._header = header
        self._cells = cells
        self._arrivals = arrivals
        self._title = title

    def series(self, parts: Sequence[Part], follower: int | None = None) -> SeriesPlot:
        """Measure parts side by side; `follower` is the unit in which their edges end."""
        plots: list[Plot] = []
        for index, part in enumerate(parts):
            after = parts[index + 1] if index + 1 < len(parts) else None
            target = after.unit if isinstance(after, Leaf) else follower if after is None else None
            plots.append(self.part(part, target))
        return self._side_by_side(plots)

    def part(self, part: Part, follower: int | None = None) -> Plot:
        """Measure one part; meshes are not laid out as trees."""
        if isinstance(part, Leaf):
            cell = self._cells[part.unit]
            return UnitPlot(part.unit, cell.width, cell.up, cell.down)
        if isinstance(part, Parallel):
            return self._parallel(part, follower)
        raise TypeError(part)

    def frame(self, block: Block) -> FramePlot:
        """Measure a block that repeats, with its frame."""
        body = self.series(block.body)
        title = self._title(block)
        times = f"× {len(block.repeats)}"
        words = text_width(title, TITLE) + text_width(times, TITLE, bold=True) + 6
        width = max(body.width, words) + 2 * PAD
        return FramePlot(block, title, body, width, body.up + self._header, body.down + PAD / 2)

    def _parallel(self, part: Parallel, follower: int | None) -> ParallelPlot:
        plots = [self.series(branch.parts, follower) for branch in part.branches if branch.parts]
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
        if follower is None or self._cells[follower].is_round:
            return 0.0
        return TRACK * min(self._arrivals.get(follower, 0), 6)

    def _side_by_side(self, plots: Sequence[Plot]) -> SeriesPlot:
        return SeriesPlot(
            tuple(plots),
            sum(plot.width for plot in plots) + self.gap * max(len(plots) - 1, 0),
            max((plot.up for plot in plots), default=0.0),
            max((plot.down for plot in plots), default=0.0),
        )


def _weight(plot: SeriesPlot) -> int:
    """Count the plots of a branch, with those inside."""
    inside = (inner for inner in plot.plots if isinstance(inner, ParallelPlot))
    return len(plot.plots) + sum(_weight(b) for inner in inside for _, b in inner.branches)


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
