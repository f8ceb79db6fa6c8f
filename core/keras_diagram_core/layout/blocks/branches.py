"""Branches: what stands side by side, in several rows where one is too wide for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from keras_diagram_core.layout.blocks.plots import (
    BRANCH_GAP,
    FORK,
    GAP,
    LANE,
    Branch,
    ParallelPlot,
    SeriesPlot,
)

Side = Literal["left", "right"]

LEVEL = 6.0
# The room outside the outermost lane on either side, px.
EDGE = 4.0


def side_by_side(
    plots: Sequence[SeriesPlot], plain: int, room: float, side: Side = "left"
) -> ParallelPlot:
    """Set branches beside each other, and `plain` connections in lanes at one side of them.

    Args:
        plots: the branches, in order.
        plain: how many connections lead past them.
        room: the width for all, px; what does not fit goes on in a further row.
        side: where the lanes are, as long as there is one row.
    """
    if len(plots) <= 2:  # a light branch stands left of the main one, as skips do
        plots = sorted(plots, key=lambda plot: plot.height)
    if _width(plots) + LANE * plain + EDGE * bool(plain) <= room:
        row = _with_lanes(_row(plots), 0.0, plain)
        return _with_lanes_at_the_right(row) if side == "right" else row
    return _with_lanes(_rows(plots, room - LANE * plain - 2 * EDGE), LANE, plain)


def _with_lanes(branches: Sequence[Branch], trunk: float, plain: int) -> ParallelPlot:
    """Add the lanes at the left, and sum up."""
    axis = max((branch.plot.left - branch.shift for branch in branches), default=0.0) + trunk
    lanes = tuple(-axis - LANE * (number + 1) for number in range(plain))
    left = axis + LANE * plain + (EDGE if plain or trunk else 0)
    right = max((branch.shift + branch.plot.right for branch in branches), default=0.0)
    outer = max((lane for branch in branches for _, lane in branch.exits), default=0.0)
    low = max((branch.drop + branch.plot.height for branch in branches), default=0.0)
    return ParallelPlot(
        tuple(branches),
        lanes,
        -axis,
        left,
        max(right, outer + EDGE * bool(outer), 0.0),
        low + 2 * FORK,
    )


def _with_lanes_at_the_right(row: ParallelPlot) -> ParallelPlot:
    """Move the lanes of a row to its other side."""
    left = max((b.plot.left - b.shift for b in row.branches), default=0.0)
    lanes = tuple(row.right + LANE * (number + 1) for number in range(len(row.lanes)))
    right = lanes[-1] + EDGE if lanes else row.right
    return row._replace(lanes=lanes, left=left, right=right)


def _width(plots: Sequence[SeriesPlot]) -> float:
    return sum(p.left + p.right for p in plots) + BRANCH_GAP * max(len(plots) - 1, 0)


def _row(plots: Sequence[SeriesPlot], drop: float = 0.0) -> list[Branch]:
    """Set branches side by side; the second of two stands on the common axis."""
    axis = _width(plots) / 2
    if len(plots) <= 2:
        axis = _width(plots) - plots[-1].right if plots else 0.0
    x, branches = -axis, []
    for plot in plots:
        branches.append(Branch(x + plot.left, drop, plot))
        x += plot.left + plot.right + BRANCH_GAP
    return branches


def _rows(plots: Sequence[SeriesPlot], room: float) -> list[Branch]:
    """Set branches in rows; outputs of all rows but the last go down at the right of all."""
    lanes = sum(_exits(plot) for plot in plots)
    rows: list[list[SeriesPlot]] = [[]]
    for plot in plots:
        if rows[-1] and _width([*rows[-1], plot]) > room - LANE * (lanes + 1):
            rows.append([])
        rows[-1].append(plot)
    return _with_exits(rows)


def _with_exits(rows: Sequence[Sequence[SeriesPlot]]) -> list[Branch]:
    branches: list[list[Branch]] = []
    drop = 0.0
    for row in rows:
        middle = _width(row) / 2
        placed = _row(row, drop)
        shift = middle - max(b.shift + b.plot.right for b in placed)
        branches.append([b._replace(shift=b.shift + shift) for b in placed])
        drop += max(plot.height for plot in row) + LEVEL * sum(map(_exits, row)) + 2 * FORK + GAP
    side = max(b.shift + b.plot.right for row in branches for b in row) + LANE
    done = branches[-1]
    # The outputs of a row keep inside those of the rows above it.
    for placed in reversed(branches[:-1]):
        done = [*_led_past(placed, side), *done]
        side += LANE * sum(_exits(branch.plot) for branch in placed)
    return done


def _led_past(row: Sequence[Branch], side: float) -> list[Branch]:
    """Give the outputs of a row their levels below it, and lanes from `side` on, px."""
    depth = max(branch.plot.height for branch in row) + 4
    count = sum(_exits(branch.plot) for branch in row)
    ways = [(depth + LEVEL * (count - number), side + LANE * number) for number in range(count)]
    led = []
    for branch in row:
        mine = _exits(branch.plot)
        led.append(branch._replace(exits=tuple(ways[:mine])))
        ways = ways[mine:]
    return led


def _exits(plot: SeriesPlot) -> int:
    """Count the outputs of a branch: several, if it ends in branches again."""
    last = plot.plots[-1]
    if not isinstance(last, ParallelPlot):
        return 1
    return sum(_exits(branch.plot) for branch in last.branches) + len(last.lanes)
