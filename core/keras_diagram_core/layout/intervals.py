"""Intervals: what runs side by side, each in a lane of its own."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from itertools import count
from typing import TypeVar

# Nesting narrow lanes inside wide ones takes quadratic time: too long for more than this.
FEW = 150

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


def pack(intervals: Mapping[Key, tuple[float, float]]) -> tuple[dict[Key, int], int]:
    """Give overlapping intervals different lanes: nested if they are few, else first fit."""
    if len(intervals) <= FEW:
        return colour(intervals)
    chosen: dict[Key, int] = {}
    free: list[int] = []
    events = [(start, 1, key) for key, (start, _) in intervals.items()]
    events += [(end, 2, key) for key, (_, end) in intervals.items()]
    most = 0
    for _, kind, key in sorted(events, key=lambda event: (event[0], event[1], str(event[2]))):
        if kind == 2:
            heapq.heappush(free, chosen[key])
        elif free:
            chosen[key] = heapq.heappop(free)
        else:
            chosen[key] = most
            most += 1
    return chosen, most
