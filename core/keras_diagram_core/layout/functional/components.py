"""Components: the parts of a network that nothing connects."""

from __future__ import annotations

from collections.abc import Sequence

from keras_diagram_core.transforms.collapse import Collapsed
from keras_diagram_core.transforms.fuse import UnitGraph, part_of


def components(found: Collapsed) -> list[Collapsed]:
    """Split a network, in the order of the first unit of each part."""
    units = found.units
    gathered: dict[int, list[int]] = {}
    for unit, first in enumerate(_firsts(len(units.units), units)):
        gathered.setdefault(first, []).append(unit)
    return [_part(found, members) for members in gathered.values()] or [found]


def _firsts(count: int, units: UnitGraph) -> list[int]:
    """Give the lowest unit that each is connected with."""
    first = list(range(count))

    def root(unit: int) -> int:
        while first[unit] != unit:
            first[unit] = first[first[unit]]
            unit = first[unit]
        return unit

    for source, target, _ in units.edges:
        low, high = sorted((root(source), root(target)))
        first[high] = low
    return [root(unit) for unit in range(count)]


def _part(found: Collapsed, members: Sequence[int]) -> Collapsed:
    place = {unit: number for number, unit in enumerate(members)}
    repeats = {place[unit]: repeat for unit, repeat in found.repeats.items() if unit in place}
    return Collapsed(part_of(found.units, members), repeats, ())
