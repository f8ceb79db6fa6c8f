"""Levels: how far down in resolution each unit is, in networks that go down and up again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.functional.boxes import space_text
from keras_diagram_core.layout.sizes import extents
from keras_diagram_core.layout.solids import Extent
from keras_diagram_core.transforms.fuse import UnitGraph

# How many levels a network must go up again to be a U.
CLIMB = 2


class Levels(NamedTuple):
    """The row of each unit, from the top; what each row says; which units are mere steps.

    A step changes the resolution between its two neighbours, and does nothing else.
    """

    row: list[int]
    names: list[str]
    steps: frozenset[int]


def levels(graph: ModelGraph, units: UnitGraph) -> Levels | None:
    """Sort units into rows of one resolution each; None if the network is no U."""
    before: list[list[int]] = [[] for _ in units.units]
    for source, target, _ in units.edges:
        before[target].append(source)
    dimensions = extents(graph)
    ends = [dimensions[unit.nodes[-1]] for unit in units.units]
    depth = _depths(_sizes(ends), before)
    if not _is_u(depth, before):
        return None
    known = sorted({level for level in depth if level is not None})
    rows = {level: number for number, level in enumerate(known)}
    row = _rows([None if level is None else rows[level] for level in depth], before)
    there: list[list[Extent]] = [[] for _ in known]
    for unit, level in enumerate(depth):
        if level is not None:
            there[row[unit]].append(ends[unit])
    return Levels(row, list(map(_name, there)), _steps(graph, units, row, before))


def _name(ends: Sequence[Extent]) -> str:
    """Write the resolution of a level, or from the smallest to the largest, if there are several.

    Convolutions without padding shave off a little, and rounding makes 14 of 27.
    """
    by_size = sorted(ends, key=lambda end: (end.high or 0, end.deep or 0))
    return "–".join(dict.fromkeys(space_text(end) for end in (by_size[0], by_size[-1])))


def _sizes(ends: Sequence[Extent]) -> list[int]:
    """Give the resolution of each tensor; 0 if it has none, as a sequence among images."""
    has_images = any(end.deep != 0 for end in ends)
    return [
        max(end.high or 0, end.deep or 0)
        if end.vector == 0 and (end.deep != 0 or not has_images)
        else 0
        for end in ends
    ]


def _depths(sizes: Sequence[int], before: Sequence[Sequence[int]]) -> list[int | None]:
    """Count how often the resolution was halved on the way to each unit.

    Steps are counted, not sizes compared: convolutions without padding shave off a little.
    """
    largest = max(sizes, default=0)
    depth: list[int | None] = []
    for unit, size in enumerate(sizes):
        source = next((s for s in before[unit] if depth[s] is not None), None)
        start = None if source is None else depth[source]
        if not size:
            depth.append(None)
        elif source is None or start is None:
            depth.append(round(math.log2(largest / size)))
        else:
            depth.append(start + round(math.log2(sizes[source] / size)))
    return depth


def _is_u(depth: Sequence[int | None], before: Sequence[Sequence[int]]) -> bool:
    """Say whether the resolution goes down, and up again by some levels."""
    lowest: list[int] = []
    for unit, level in enumerate(depth):
        above = [lowest[source] for source in before[unit]]
        lowest.append(max([*above, 0 if level is None else level]))
    return any(
        level is not None and low - level >= CLIMB
        for level, low in zip(depth, lowest, strict=True)
    )


def _rows(known: Sequence[int | None], before: Sequence[Sequence[int]]) -> list[int]:
    """Put what has no resolution into the row that it comes from."""
    rows: list[int] = []
    for unit, row in enumerate(known):
        otherwise = max((rows[source] for source in before[unit]), default=0)
        rows.append(otherwise if row is None else row)
    return rows


def _steps(
    graph: ModelGraph,
    units: UnitGraph,
    row: Sequence[int],
    before: Sequence[Sequence[int]],
) -> frozenset[int]:
    after: list[list[int]] = [[] for _ in row]
    for target, sources in enumerate(before):
        for source in sources:
            after[source].append(target)
    steps: set[int] = set()
    for unit in range(1, len(row) - 1):
        node = graph.by_id[units.units[unit].main]
        resamples = family(node) == "pool" or node.type.startswith("UpSampling")
        between = before[unit] == [unit - 1] and after[unit] == [unit + 1]
        moves = row[unit - 1] != row[unit] == row[unit + 1]
        bypassed = unit + 1 in after[unit - 1]
        if resamples and between and moves and not bypassed and unit - 1 not in steps:
            steps.add(unit)
    return frozenset(steps)
