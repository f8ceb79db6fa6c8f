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
from keras_diagram_core.layout.network.cells import Drawing, Links
from keras_diagram_core.layout.network.mesh import draw_ranks
from keras_diagram_core.layout.points import tidy
from keras_diagram_core.scene import Point
from keras_diagram_core.transforms.cells import Cell

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
    spots = _spots(cell, links)
    place = {(spot.unit, spot.column): number for number, spot in enumerate(spots)}
    home = {spot.unit: spot.column for spot in spots if not spot.is_way}
    line = Slot(0.0, -TIGHTER, -TIGHTER, 0.0, 0.0)
    cells = [
        line if spot.is_way or spot.unit not in slots else _tight(slots[spot.unit])
        for spot in spots
    ]
    hops: dict[tuple[int, int], Sequence[Edge]] = {}
    for (source, target), edges in links.items():
        for column in range(home[source] + 1, home[target]):
            hops[place[source, column - 1], place[source, column]] = edges[:1]
        hops[place[source, home[target] - 1], place[target, home[target]]] = edges
    drawing = draw_ranks(cells, hops, room)
    places = {
        spot.unit: drawing.places[place[spot.unit, spot.column]]
        for spot in spots
        if spot.unit in slots and not spot.is_way
    }
    foot = places[cell.exit][1] + slots[cell.exit].rise
    ways = _ways(drawing, spots, links, home)
    return Inside(places, ways, foot, drawing.width, drawing.height)


def _tight(slot: Slot) -> Slot:
    return slot._replace(up=slot.up - TIGHTER, down=slot.down - TIGHTER)


def _spots(cell: Cell, links: Links) -> list[_Spot]:
    """Choose the column of every unit, and where tensors go through others, in columns' order."""
    users: dict[int, list[int]] = defaultdict(list)
    for source, target in links:
        users[source].append(target)
    back: dict[int, int] = {}
    for unit in reversed(cell.units):
        back[unit] = 1 + max((back[user] for user in users[unit]), default=-1)
    last = max(back.values()) + bool(cell.sources)
    home = dict.fromkeys(cell.sources, 0) | {unit: last - steps for unit, steps in back.items()}
    number = {unit: index for index, unit in enumerate((*cell.sources, *cell.units))}
    return sorted(
        _Spot(column, column > start, number[unit], unit)
        for unit, start in home.items()
        for column in range(start, max([start + 1, *(home[user] for user in users[unit])]))
    )


def _ways(
    drawing: Drawing, spots: Sequence[_Spot], links: Links, home: Mapping[int, int]
) -> list[Way]:
    """Join the hops of each edge from column to column."""
    hops: dict[tuple[int, int, int], list[tuple[Point, ...]]] = defaultdict(list)
    for route in drawing.routes:
        start, end = spots[route.source], spots[route.target]
        passing = start.unit if end.is_way else end.unit
        hops[start.unit, start.column, passing].append(route.points)
    ways: list[Way] = []
    for (source, target), edges in links.items():
        along = [
            hops[source, column, source][0] for column in range(home[source], home[target] - 1)
        ]
        lasts = hops[source, home[target] - 1, target]
        for edge, points in zip(edges, lasts, strict=True):
            way = [point for hop in (*along, points) for point in hop]
            ways.append(Way(source, edge, tidy(way)))
    return ways
