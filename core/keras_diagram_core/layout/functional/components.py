"""Components: the parts of a network that nothing connects."""

from __future__ import annotations

from collections.abc import Sequence

from keras_diagram_core.layout.order import connected
from keras_diagram_core.transforms.collapse import Collapsed
from keras_diagram_core.transforms.fuse import part_of


def components(found: Collapsed) -> list[Collapsed]:
    """Split a network, in the order of the first unit of each part."""
    units = found.units
    gathered: dict[int, list[int]] = {}
    pairs = ((source, target) for source, target, _ in units.edges)
    for unit, first in enumerate(connected(len(units.units), pairs)):
        gathered.setdefault(first, []).append(unit)
    return [_part(found, members) for members in gathered.values()] or [found]


def _part(found: Collapsed, members: Sequence[int]) -> Collapsed:
    place = {unit: number for number, unit in enumerate(members)}
    repeats = {place[unit]: repeat for unit, repeat in found.repeats.items() if unit in place}
    return Collapsed(part_of(found.units, members), repeats, ())
