"""Intervals: what runs side by side, each in a lane of its own."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import TypeVar

Key = TypeVar("Key")


def colour(intervals: Mapping[Key, tuple[float, float]]) -> tuple[dict[Key, int], int]:
    """Give overlapping intervals different lanes, the lowest free; nested ones lie inside."""
    chosen: dict[Key, int] = {}
    for key, (start, end) in sorted(
        intervals.items(), key=lambda item: (item[1][1] - item[1][0], item[1], str(item[0]))
    ):
        taken, lowest = set(), 0
        for other, lane in chosen.items():
            left, right = intervals[other]
            if start <= right and left <= end:
                taken.add(lane)
                if start <= left and right <= end:
                    lowest = max(lowest, lane + 1)
        chosen[key] = next(lane for lane in count(lowest) if lane not in taken)
    return chosen, max(chosen.values(), default=-1) + 1
