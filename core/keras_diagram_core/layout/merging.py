"""Merging: whether the lines of different tensors run into one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise, product

from keras_diagram_core.graph import Edge
from keras_diagram_core.scene import Point

# Lines that are closer together look like one; two that share less than this only meet, px.
CLOSE = 1.0
MEETING = 2.0

Way = tuple[Edge, Sequence[Point]]


def merge(ways: Iterable[Way]) -> bool:
    """Whether two outputs of one node share a stretch of line, as if they were one tensor."""
    leaving: dict[str, list[Way]] = defaultdict(list)
    for edge, points in ways:
        leaving[edge.source].append((edge, points))
    return any(
        one.source_index != other.source_index and _share_a_stretch(points, others)
        for lines in leaving.values()
        for (one, points), (other, others) in combinations(lines, 2)
    )


def _share_a_stretch(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two lines run along each other."""
    return any(_shared(*pair) > MEETING for pair in product(pairwise(one), pairwise(other)))


def _shared(one: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    """Say how far two straight pieces run along each other, px."""
    for along, across in ((0, 1), (1, 0)):
        levels = [point[across] for point in (*one, *other)]
        if max(levels) - min(levels) < CLOSE:
            start = max(min(point[along] for point in piece) for piece in (one, other))
            end = min(max(point[along] for point in piece) for piece in (one, other))
            return end - start
    return 0.0
