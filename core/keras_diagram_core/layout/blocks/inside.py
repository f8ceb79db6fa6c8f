"""Inside: the units of a cell by ranks from left to right, what comes from outside at the left.

Every unit stands as near to the cell's exit as its users allow. An edge over several columns
has a place in each of them, so that it keeps clear of the boxes there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Edge
from keras_diagram_core.layout.network.cells import Cell as Slot
from keras_diagram_core.layout.network.cells import Drawing, Links, Route
from keras_diagram_core.layout.network.mesh import draw_ranks
from keras_diagram_core.layout.points import tidy
from keras_diagram_core.scene import Point
from keras_diagram_core.transforms.cells import Cell

# A cell with more places than this is drawn without those where edges pass through columns: of n
# units that all use each other there are n² of them, with n³ pieces of edges.
MOST_SPOTS = 600
# What is taken from the room above and below every box, px.
TIGHTER = 2.0


class Way(NamedTuple):
    """The way of one edge, from the left end of the cell if it comes from outside, px."""

    source: int
    edge: Edge
    points: tuple[Point, ...]


class Inside(NamedTuple):
    """Where everything in a cell is: the middle of each unit, px from the top left corner.

    `foot` is where the box of the last unit ends.
    """

    places: Mapping[int, Point]
    ways: Sequence[Way]
    foot: float
    width: float
    height: float


class _Spot(NamedTuple):
    """A unit, or (`is_way`) the place where its tensor goes through a column."""

    column: int
    is_way: bool
    number: int
    unit: int


def lay_out_inside(cell: Cell, links: Links, slots: Mapping[int, Slot], room: float) -> Inside:
    """Place and connect the units of a cell.

    Args:
        cell: whose units, and the sources of their inputs, are to be shown.
        links: the edges that lead to its units, by their two units.
        slots: the room that each unit takes.
        room: the width that the cell may take, px.
    """
    home = _columns(cell, links)
    ends = _ends(cell, links, home)
    spots = _spots(cell, home, ends)
    place = {(spot.unit, spot.column): number for number, spot in enumerate(spots)}
    line = Slot(0.0, -TIGHTER, -TIGHTER, 0.0, 0.0)
    cells = [
        line if spot.is_way or spot.unit not in slots else _tight(slots[spot.unit])
        for spot in spots
    ]
    reached = {(source, target): min(home[target], ends[source]) - 1 for source, target in links}
    hops: dict[tuple[int, int], Sequence[Edge]] = {}
    for (source, target), edges in links.items():
        for column in range(home[source], reached[source, target]):
            hops[place[source, column], place[source, column + 1]] = edges[:1]
        hops[place[source, reached[source, target]], place[target, home[target]]] = edges
    drawing = draw_ranks(cells, hops, room)
    places = {
        spot.unit: drawing.places[place[spot.unit, spot.column]]
        for spot in spots
        if spot.unit in slots and not spot.is_way
    }
    foot = places[cell.exit][1] + slots[cell.exit].rise
    ways = _ways(drawing, spots, home, reached)
    return Inside(places, ways, foot, drawing.width, drawing.height)


def _tight(slot: Slot) -> Slot:
    return slot._replace(up=slot.up - TIGHTER, down=slot.down - TIGHTER)


def _columns(cell: Cell, links: Links) -> dict[int, int]:
    """Return the column of every unit and source: as near to the exit as its users allow."""
    users = _users(links)
    back: dict[int, int] = {}
    for unit in reversed(cell.units):
        back[unit] = 1 + max((back[user] for user in users[unit]), default=-1)
    last = max(back.values()) + bool(cell.sources)
    return dict.fromkeys(cell.sources, 0) | {unit: last - steps for unit, steps in back.items()}


def _ends(cell: Cell, links: Links, home: Mapping[int, int]) -> dict[int, int]:
    """Return the column before which the places of each tensor end: that of its last user.

    Where there would be too many, only what comes from outside has any, as far as its first user.
    """
    users = _users(links)
    ends = {
        unit: max([start + 1, *(home[user] for user in users[unit])])
        for unit, start in home.items()
    }
    if sum(ends.values()) - sum(home.values()) <= MOST_SPOTS:
        return ends
    first = {unit: min(home[user] for user in users[unit]) for unit in cell.sources}
    return {unit: first.get(unit, start + 1) for unit, start in home.items()}


def _users(links: Links) -> Mapping[int, Sequence[int]]:
    users: dict[int, list[int]] = defaultdict(list)
    for source, target in links:
        users[source].append(target)
    return users


def _spots(cell: Cell, home: Mapping[int, int], ends: Mapping[int, int]) -> list[_Spot]:
    """List all places, column by column."""
    number = {unit: index for index, unit in enumerate((*cell.sources, *cell.units))}
    return sorted(
        _Spot(column, column > start, number[unit], unit)
        for unit, start in home.items()
        for column in range(start, ends[unit])
    )


def _ways(
    drawing: Drawing,
    spots: Sequence[_Spot],
    home: Mapping[int, int],
    reached: Mapping[tuple[int, int], int],
) -> list[Way]:
    """Join the hops of each edge: from column to column as far as it has places, and the last."""
    hops: dict[tuple[int, int, int], list[Route]] = defaultdict(list)
    for route in drawing.routes:
        start, end = spots[route.source], spots[route.target]
        passing = start.unit if end.is_way else end.unit
        hops[start.unit, start.column, passing].append(route)
    ways: list[Way] = []
    for (source, target), column in reached.items():
        along = [hops[source, passed, source][0].points for passed in range(home[source], column)]
        for last in hops[source, column, target]:
            way = [point for points in (*along, last.points) for point in points]
            ways.append(Way(source, last.edge, tidy(way)))
    return ways
