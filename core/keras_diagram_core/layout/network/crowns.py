"""Crowns: the room above units in which the names of their stages stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from keras_diagram_core.layout.network.cells import Cell, Drawing, Links, UnitStages
from keras_diagram_core.layout.order import connected
from keras_diagram_core.layout.regions import Area, regions
from keras_diagram_core.scene import Bounds
from keras_diagram_core.transforms.fold import Block, Item
from keras_diagram_core.transforms.structure import Series, units_of

# How high a name stands, with what is free around it, px.
CROWN = 16.0
# How far a background reaches into the gap to what stands beside it; at most the inset, which is
# what stays free around a drawing for the backgrounds at its borders, px.
SHARE = 0.36
INSET = 7.0
# What the stage of a single glyph gets at most for its name, px.
LONE = 200.0
# What is free at both sides of a name, px.
SIDE = 6.0


def apart(items: Iterable[Item], stages: UnitStages) -> Iterator[Item]:
    """Unfold blocks through which the border of a stage runs."""
    for item in items:
        blocks = item.repeats if isinstance(item, Block) else ()
        units = [unit for body in blocks for unit in units_of(Series(body))]
        if isinstance(item, Block) and not stages.are_one(units):
            yield from (Block((body,)) for body in item.repeats)
        else:
            yield item


def crowned(
    cells: Sequence[Cell],
    links: Links,
    stages: UnitStages,
    gap: float,
    draw: Callable[[Sequence[Cell]], Drawing],
) -> Drawing:
    """Draw with room for names: above all units of a stage at first, then where a name will be.

    Args:
        cells: the room that units take without names.
        links: the edges between them.
        stages: their stages.
        gap: how far columns are apart, px.
        draw: draws cells.
    """
    if not stages.of:
        return draw(cells)
    wide = map(_widened, cells, _widths(cells, links, stages, gap))
    high = [_raised(cell) if stages.name(unit) else cell for unit, cell in enumerate(wide)]
    drawing = draw(high)
    topmost = _topmost(drawing, stages)
    lower = draw([cell if unit in topmost else cell.bare() for unit, cell in enumerate(high)])
    return lower if _topmost(lower, stages) == topmost else drawing


def _widened(cell: Cell, width: float) -> Cell:
    return cell._replace(width=width)


def _raised(cell: Cell) -> Cell:
    return cell._replace(up=cell.up + CROWN, over=CROWN)


def headed(cells: Sequence[Cell], links: Links, stages: UnitStages) -> list[Cell]:
    """Give room for names to cells of a picture that will be turned: before the first of each."""
    inner = {target for source, target in links if stages.of and stages.are_one((source, target))}
    first = {unit for unit in range(len(cells)) if stages.name(unit)} - inner
    return [
        _headed(cell, stages.name(unit)) if unit in first else cell
        for unit, cell in enumerate(cells)
    ]


def _headed(cell: Cell, name: float) -> Cell:
    """Give room for a name before a box, at the right of what comes in."""
    width, down = cell.width + CROWN, max(cell.down, cell.fan + name + 3 * SIDE)
    return cell._replace(width=width, lead=CROWN / 2, down=down)


class Owned(NamedTuple):
    """An area on a drawing, and the units in it, those of all repetitions."""

    area: Area
    units: tuple[int, ...]


def margins(drawing: Drawing) -> tuple[float, float]:
    """Say how far backgrounds reach into the gaps of a drawing, sideways and upwards, px."""
    x, y = (min(SHARE * gap, INSET) for gap in drawing.gaps)
    return x, y


def areas(drawing: Drawing, stages: UnitStages) -> list[Owned]:
    """List the areas of folded blocks, and of all other units, in the order of the units.

    They reach into the gaps as far as backgrounds do.
    """
    x, y = margins(drawing)

    def owned(room: Bounds, units: Sequence[int]) -> Owned:
        wider = Bounds(room.left - x, room.top - y, room.right + x, room.bottom + y)
        return Owned(Area(wider, stages.of[units[0]]), tuple(units))

    bodies = [
        [unit for body in fold.block.repeats for unit in units_of(Series(body))]
        for fold in drawing.folds
    ]
    folded = {unit for body in bodies for unit in body}
    found = [owned(fold.room, body) for fold, body in zip(drawing.folds, bodies, strict=True)]
    found += (owned(r, (unit,)) for unit, r in drawing.rooms.items() if unit not in folded)
    return sorted(found, key=lambda each: min(each.units))


def linked(owned: Sequence[Owned], drawing: Drawing) -> Iterator[tuple[int, int]]:
    """Say which areas are connected, by place."""
    place = {unit: number for number, each in enumerate(owned) for unit in each.units}
    return ((place[route.source], place[route.target]) for route in drawing.routes)


def _topmost(drawing: Drawing, stages: UnitStages) -> set[int]:
    """Find the units at the upper border of a region."""
    owned = areas(drawing, stages)
    return {
        unit
        for region in regions([each.area for each in owned], linked(owned, drawing))
        for member in (owned[place] for place in region.members)
        if member.area.bounds.top <= region.bounds.top + 0.5
        for unit in member.units
    }


def _widths(
    cells: Sequence[Cell], links: Links, stages: UnitStages, gap: float
) -> Iterator[float]:
    """Widen cells where a stage would be narrower than its name."""
    before: dict[int, list[int]] = {}
    for source, target in sorted(links):
        if stages.are_one((source, target)):
            before.setdefault(target, []).append(source)
    pairs = ((source, target) for target, sources in before.items() for source in sources)
    part = connected(len(cells), pairs)
    paths: list[tuple[float, int]] = []
    longest: dict[int, tuple[float, int]] = {}
    for unit, cell in enumerate(cells):
        width, count = max((paths[source] for source in before.get(unit, ())), default=(-gap, 0))
        paths.append((width + gap + cell.width, count + 1))
        longest[part[unit]] = max(longest.get(part[unit], paths[-1]), paths[-1])
    for unit, cell in enumerate(cells):
        width, count = longest[part[unit]]
        name = stages.name(unit)
        # An edge may come down through the middle of what stands above a glyph.
        alone = cell.is_open and count == 1
        needed = min(2 * (name + 2 * SIDE), LONE) if alone else name + 2 * SIDE
        missing = needed - width if name else 0.0
        yield cell.width + max(missing, 0.0) / count
