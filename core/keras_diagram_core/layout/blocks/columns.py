"""Flow: the items of a model from top to bottom in columns, the columns in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.layout.blocks.plots import GAP, Plot

GUTTER = 26.0
ROW_GAP = 26.0
TOP = 12.0
# How often a column height is raised to hold what is left over.
RAISES = 4
# How much higher a picture may get, so that its last column does not hold one plot alone, px.
LONELY = 60.0


class Column(NamedTuple):
    """Plots below each other, by their indices."""

    first: int
    last: int
    left: float
    right: float
    height: float


Rows = list[list[Column]]


def flow(plots: Sequence[Plot], room: float, most: float | None = None) -> Rows:
    """Choose the column height that gives the lowest picture of at most `room` px width.

    Args:
        plots: what stands in the columns, in order.
        room: the width of the page, px.
        most: the column height, px, where it is not to be chosen.
    """
    if most is not None:
        return _fill(plots, most, room)
    total = sum(plot.height + GAP for plot in plots)
    tallest = max((plot.height for plot in plots), default=0.0)
    if total <= max(tallest, 560.0):
        return _fill(plots, total, room)
    heights = {_even(plots, room, total, count) for count in range(1, 40)} | {tallest}
    arranged = [_fill(plots, height, room) for height in sorted(heights)]
    return min(arranged, key=lambda rows: (height(rows) + _lonely(rows), sum(map(len, rows))))


def _even(plots: Sequence[Plot], room: float, total: float, count: int) -> float:
    """Raise a column height until as many columns hold everything, or a few times."""
    most = total / count
    for _ in range(RAISES):
        columns = _columns(plots, most, room)
        if len(columns) <= count:
            break
        most = min(c.height + GAP + plots[c.last].height for c in columns[:-1])
    return most


def _lonely(rows: Rows) -> float:
    """Say what it costs that the last column holds but one plot beside others, px."""
    last = rows[-1][-1]
    return LONELY if last.first and last.last - last.first == 1 else 0.0


def height(rows: Rows) -> float:
    """Give the height of all rows, px."""
    return sum(max((column.height for column in row), default=0.0) + ROW_GAP for row in rows)


def _fill(plots: Sequence[Plot], most: float, room: float) -> Rows:
    rows: Rows = [[]]
    used = 0.0
    for column in _columns(plots, most, room):
        width = column.left + column.right + GUTTER
        if rows[-1] and used + width - GUTTER > room:
            rows.append([])
            used = 0.0
        rows[-1].append(column)
        used += width
    return rows


def _columns(plots: Sequence[Plot], most: float, room: float) -> list[Column]:
    """Set plots below each other, as long as the column is not too high or too wide."""
    columns: list[Column] = []
    for index, plot in enumerate(plots):
        last = columns[-1] if columns else None
        longer = _longer(last, plot) if last else None
        if longer and longer.height <= most + 0.01 and longer.left + longer.right <= room:
            columns[-1] = longer
        else:
            columns.append(Column(index, index + 1, plot.left, plot.right, plot.height))
    return columns


def _longer(column: Column, plot: Plot) -> Column:
    """Add the next plot at the foot of a column."""
    return Column(
        column.first,
        column.last + 1,
        max(column.left, plot.left),
        max(column.right, plot.right),
        column.height + GAP + plot.height,
    )
