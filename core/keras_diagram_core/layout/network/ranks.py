"""Ranks: the cells of any graph in columns, ordered and aligned.

The passes of K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical
system structures" (IEEE Trans. SMC 11(2), 1981): longest paths, barycentres, positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from keras_diagram_core.layout.network.cells import Cell, Setting

SPACE = 10.0


class Columns(NamedTuple):
    """The units of each column from top to bottom; each unit's column, and height (px)."""

    members: list[list[int]]
    column: list[int]
    y: list[float]


class _Neighbours:
    """Who gives to whom, each pair once."""

    def __init__(self, count: int, pairs: Sequence[tuple[int, int]]) -> None:
        self.before: list[list[int]] = [[] for _ in range(count)]
        self.after: list[list[int]] = [[] for _ in range(count)]
        for source, target in dict.fromkeys(pairs):
            self.before[target].append(source)
            self.after[source].append(target)


def columns(cells: Sequence[Cell], pairs: Sequence[tuple[int, int]], setting: Setting) -> Columns:
    """Set cells in columns; `pairs` are the edges, all from a lower index to a higher one."""
    neighbours = _Neighbours(len(cells), pairs)
    column = _longest_paths(neighbours)
    members: list[list[int]] = [[] for _ in range(max(column, default=-1) + 1)]
    for unit, number in enumerate(column):
        members[number].append(unit)
    _order(members, neighbours, setting.sweeps)
    space = setting.row or SPACE
    return Columns(members, column, _heights(members, cells, neighbours, column, space))


def _longest_paths(neighbours: _Neighbours) -> list[int]:
    """Give each unit its column; what takes no input stands just before what uses it."""
    column: list[int] = []
    for sources in neighbours.before:
        column.append(max((column[source] + 1 for source in sources), default=0))
    for unit in reversed(range(len(column))):
        if not neighbours.before[unit] and neighbours.after[unit]:
            column[unit] = min(column[target] for target in neighbours.after[unit]) - 1
    return column


def _order(members: list[list[int]], neighbours: _Neighbours, sweeps: int) -> None:
    """Sort each column by the mean place of its neighbours, forwards and backwards."""
    place: dict[int, float] = {}
    for units in members:
        _number(units, place)
    for sweep in range(sweeps):
        ways = neighbours.before if sweep % 2 == 0 else neighbours.after
        for units in members if sweep % 2 == 0 else reversed(members):
            if len(units) > 1:
                units.sort(key=lambda unit: (_mean(place, ways[unit], place[unit]), unit))
                _number(units, place)


def _number(units: Sequence[int], place: dict[int, float]) -> None:
    for index, unit in enumerate(units):
        place[unit] = index - (len(units) - 1) / 2


def _mean(place: dict[int, float], units: Sequence[int], otherwise: float) -> float:
    return sum(place[unit] for unit in units) / len(units) if units else otherwise


def _heights(
    members: Sequence[Sequence[int]],
    cells: Sequence[Cell],
    neighbours: _Neighbours,
    column: Sequence[int],
    space: float,
) -> list[float]:
    """Bring units to the height of their neighbours, as far as those beside them allow."""
    y = [0.0] * len(cells)
    for sweep in range(3):
        forward = sweep % 2 == 0
        ways = neighbours.before if forward else neighbours.after
        for units in members if forward else reversed(members):
            wishes = [
                _wish(y, [other for other in ways[unit] if abs(column[other] - column[unit]) == 1])
                for unit in units
            ]
            heights = spread(wishes, [cells[unit] for unit in units], space)
            for unit, height in zip(units, heights, strict=True):
                y[unit] = round(height * 2) / 2
    return y


def _wish(y: Sequence[float], neighbours: Sequence[int]) -> float:
    if not neighbours:
        return 0.0
    heights = sorted(y[unit] for unit in neighbours)
    return (heights[(len(heights) - 1) // 2] + heights[len(heights) // 2]) / 2


def spread(wishes: Sequence[float], cells: Sequence[Cell], space: float = SPACE) -> list[float]:
    """Put cells below each other, `space` px apart, as near to where they wish to be as can be.

    The least squares are those of the pool-adjacent-violators algorithm (M. Ayer et al., "An
    empirical distribution function for sampling with incomplete information", 1955), once the
    room that the cells above need is taken off.
    """
    offsets = [0.0]
    for above, below in pairwise(cells):
        offsets.append(offsets[-1] + above.down + space + below.up)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        total, count = wish - offset, 1
        while pools and pools[-1][0] * count >= total * pools[-1][1]:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
