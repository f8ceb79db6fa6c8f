"""Flow: the items of a model from top to bottom in columns, the columns in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.layout.blocks.plots import GAP, Plot

GUTTER = 26.0
ROW_GAP = 26.0
TOP = 12.0


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
    candidates = sorted({max(tallest, total / count + 1) for count in range(1, 40)} | {tallest})
    arranged = [_fill(plots, height, room) for height in candidates]
    return min(arranged, key=lambda rows: (height(rows), len(rows)))


def height(rows: Rows) -> float:
    """Give the height of all rows, px."""
    return sum(max((column.height for column in row), default=0.0) + ROW_GAP for row in rows)


def _fill(plots: Sequence[Plot], most: float, room: float) -> Rows:
    rows: Rows = [[]]
    used = 0.0
    for column in _columns(plots, most):
        width = column.left + column.right + GUTTER
        if rows[-1] and used + width - GUTTER > room:
            rows.append([])
            used = 0.0
        rows[-1].append(column)
        used += width
    return rows


def _columns(plots: Sequence[Plot], most: float) -> list[Column]:
    columns: list[Column] = []
    for index, plot in enumerate(plots):
        last = columns[-1] if columns else None
        if last and last.height + GAP + plot.height <= most + 0.01:
            columns[-1] = Column(
                last.first,
                index + 1,
                max(last.left, plot.left),
                max(last.right, plot.right),
                last.height + GAP + plot.height,
            )
        else:
            columns.append(Column(index, index + 1, plot.left, plot.right, plot.height))
    return columns
