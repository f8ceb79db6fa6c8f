"""Regions: where the layers of a stage stand together, and nothing else between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from keras_diagram_core.scene import Bounds, around


class Area(NamedTuple):
    """The room of something on the page, and the number of its stage, -1 for none."""

    bounds: Bounds
    stage: int


class Region(NamedTuple):
    """A part of the page that belongs to one stage; `members` are the areas in it, by place."""

    bounds: Bounds
    stage: int
    members: tuple[int, ...]


def regions(areas: Sequence[Area], links: Iterable[tuple[int, int]]) -> list[Region]:
    """Cover the areas of each stage with few rectangles that hold nothing else.

    Args:
        areas: what there is on the page, without overlaps.
        links: which of them are connected, by place: only those share a rectangle, and what
            stands between them.
    """
    pairs = sorted({(low, high) for low, high in map(sorted, links) if low != high})
    found: list[Region] = []
    for stage in sorted({area.stage for area in areas} - {-1}):
        others = [area.bounds for area in areas if area.stage != stage]
        cover = _Cover(areas, stage, Shelf([*others, *(region.bounds for region in found)]))
        mine = [pair for pair in pairs if areas[pair[0]].stage == areas[pair[1]].stage == stage]
        while [pair for pair in mine if cover.join(*pair)]:
            pass
        found += cover.regions()
    return found


class _Cover:
    """The regions of one stage: at first, each area is one."""

    def __init__(self, areas: Sequence[Area], stage: int, strangers: Shelf) -> None:
        self._strangers = strangers
        places = [place for place, area in enumerate(areas) if area.stage == stage]
        self._home = {place: place for place in places}
        self._regions = {place: Region(areas[place].bounds, stage, (place,)) for place in places}

    def regions(self) -> list[Region]:
        """List the regions, in the order of their first areas."""
        return [self._regions[first] for first in sorted(self._regions)]

    def join(self, one: int, other: int) -> bool:
        """Join the regions of two areas, and those between them; say whether that can be done."""
        homes = {self._home[one], self._home[other]}
        if len(homes) == 1:
            return False
        while True:
            bounds = around(self._regions[home].bounds for home in homes)
            if self._strangers.within(bounds):
                return False
            touched = {h for h, each in self._regions.items() if bounds.overlaps(each.bounds)}
            if touched <= homes:
                break
            homes |= touched
        parts = [self._regions.pop(home) for home in homes]
        members = sorted(place for part in parts for place in part.members)
        self._regions[members[0]] = Region(bounds, parts[0].stage, tuple(members))
        self._home |= dict.fromkeys(members, members[0])
        return True


class Shelf:
    """Rectangles on a page, found again by their height."""

    def __init__(self, bounds: Iterable[Bounds]) -> None:
        """Sort them from top to bottom."""
        self._all = sorted(bounds, key=lambda each: each.top)
        self._tops = [each.top for each in self._all]
        self._tallest = max((each.bottom - each.top for each in self._all), default=0.0)

    def within(self, bounds: Bounds) -> list[Bounds]:
        """List those that overlap some bounds."""
        first = bisect_left(self._tops, bounds.top - self._tallest)
        last = bisect_right(self._tops, bounds.bottom)
        return [each for each in self._all[first:last] if bounds.overlaps(each)]
