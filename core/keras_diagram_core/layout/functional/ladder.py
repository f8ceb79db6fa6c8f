"""The ladder: a network that goes down and up in resolution, each level in a row of its own.

Every unit has a column of its own, so that lines between columns meet no box. The trunk leaves
a box below to go down a level, and comes to a box from below to go up one. All other edges
run in lanes above the row in which they end.
"""

from __future__ import annotations

from collections.abc import Sequence

from keras_diagram_core.layout.functional.levels import Levels
from keras_diagram_core.layout.intervals import pack
from keras_diagram_core.layout.network.cells import (
    Cell,
    Drawing,
    Links,
    Route,
    Setting,
    dent,
)
from keras_diagram_core.layout.points import px, tidy
from keras_diagram_core.scene import Point

LANE = 9.0
ROW_GAP = 10.0
STEP_ROOM = 26.0
DROP = 15.0
PORT = 6.0


def ladder(
    cells: Sequence[Cell], links: Links, levels: Levels, left: float, setting: Setting
) -> Drawing:
    """Place and route a network by its levels; columns start at `left`, px."""
    return _Ladder(cells, links, levels, left, setting).result()


def _beside_steps(cells: Sequence[Cell], levels: Levels) -> list[Cell]:
    """Widen cells with a step above or below them, so that it has as much room."""
    wider = list(cells)
    for step in sorted(levels.steps):
        unit = _anchor(levels, step)
        width = max(cells[unit].width, cells[step].width + 4)
        wider[unit] = cells[unit]._replace(width=width)
    return wider


def _anchor(levels: Levels, step: int) -> int:
    """Give the unit below which a step stands: the higher of its neighbours."""
    return step - 1 if levels.row[step - 1] < levels.row[step + 1] else step + 1


class _Ladder:
    def __init__(
        self, cells: Sequence[Cell], links: Links, levels: Levels, left: float, setting: Setting
    ) -> None:
        self._cells = _beside_steps(cells, levels)
        self._links = links
        self._levels = levels
        self._gap = setting.gap
        self._row_gap = setting.row or ROW_GAP
        self._lane = setting.lane or LANE
        self._drop = min(DROP, self._gap + 5)
        self._columns = [unit for unit in range(len(cells)) if unit not in levels.steps]
        self._number = {unit: number for number, unit in enumerate(self._columns)}
        # Columns may only reach under their neighbours where no line crosses the rows.
        self._nested = all(
            levels.row[source] == levels.row[target]
            for source, target in links
            if not self._is_trunk(source, target)
        )
        self._middle: dict[int, float] = {}
        self._width = self._set_columns(left)
        self._ports = self._spread()
        self._lane_of, self._lanes = self._set_lanes()
        self._roofs: list[float] = []
        self._axes: list[float] = []
        self._height = self._set_rows()

    def result(self) -> Drawing:
        """Give all places and routes."""
        places = {unit: self._place(unit) for unit in range(len(self._cells))}
        routes = [
            Route(source, target, edge, tidy(self._route(source, target, number)))
            for (source, target), edges in sorted(self._links.items())
            for number, edge in enumerate(edges)
        ]
        rooms = {unit: self._cells[unit].room(place) for unit, place in places.items()}
        size = px(self._width), px(self._height)
        return Drawing(places, routes, (), *size, rooms=rooms, gaps=(self._gap, self._row_gap))

    def _is_trunk(self, source: int, target: int) -> bool:
        """Say whether an edge leads to the next column, or to or from a step."""
        steps = self._levels.steps
        if source in steps or target in steps:
            return True
        return self._number[target] == self._number[source] + 1

    def _set_columns(self, x: float) -> float:
        """Set the columns side by side; give where the last one ends."""
        row = self._levels.row
        ends: dict[int, float] = {}
        for number, unit in enumerate(self._columns):
            cell = self._cells[unit]
            last = self._columns[number - 1] if number else None
            if last is not None and self._nested and row[last] != row[unit]:
                x = max(self._tucked(last, unit), ends.get(row[unit], -self._gap) + self._gap)
            self._middle[unit] = x + cell.width / 2
            ends[row[unit]] = x + cell.width
            x = max(ends.values()) + self._gap
        self._set_steps()
        return max(ends.values(), default=x)

    def _tucked(self, last: int, unit: int) -> float:
        """Start a column of another row as soon as the line between the two has room."""
        before, cell = self._cells[last], self._cells[unit]
        middle = self._middle[last]
        if self._levels.row[last] < self._levels.row[unit]:
            return middle + max(self._drop - cell.width / 2 + cell.half, 6.0)
        return middle + max(before.half + self._drop, before.width / 2 + 4) - cell.width / 2

    def _set_steps(self) -> None:
        """Put each step on the line that it stands on."""
        for unit in sorted(self._levels.steps):
            self._middle[unit] = self._middle[_anchor(self._levels, unit)]

    def _spread(self) -> dict[tuple[int, int], list[float]]:
        """Give each edge that comes to a box from the left its port, the skips uppermost."""
        arriving: dict[int, list[tuple[int, int]]] = {}
        for source, target in sorted(self._links):
            if self._enters_left(source, target):
                order = (int(self._is_trunk(source, target)), source)
                arriving.setdefault(target, []).append(order)
        ports: dict[tuple[int, int], list[float]] = {}
        for target, sources in arriving.items():
            ends = [(s, n) for _, s in sorted(sources) for n in range(len(self._links[s, target]))]
            pitch = min(PORT, 2 * self._cells[target].rise / (len(ends) + 1))
            for index, (source, _) in enumerate(ends):
                port = px(pitch * (index - (len(ends) - 1) / 2))
                ports.setdefault((source, target), []).append(port)
        return ports

    def _enters_left(self, source: int, target: int) -> bool:
        row = self._levels.row
        if self._is_trunk(source, target):
            return row[source] <= row[target] or source in self._levels.steps
        return not self._cells[target].is_open

    def _set_lanes(self) -> tuple[dict[tuple[int, int], int], list[int]]:
        """Nest the skips above each row; one lane for all that a tensor has to do there."""
        row = self._levels.row
        spans: list[dict[int, list[float]]] = [{} for _ in self._levels.names]
        for source, target in self._links:
            if not self._is_trunk(source, target):
                ends = spans[row[target]].setdefault(source, [self._stem(source)])
                ends.append(self._entry(target))
        lane_of: dict[tuple[int, int], int] = {}
        counts = []
        for number, mine in enumerate(spans):
            lanes, count = pack({source: (min(xs), max(xs)) for source, xs in mine.items()})
            lane_of |= {(number, source): lane for source, lane in lanes.items()}
            counts.append(count)
        return lane_of, counts

    def _set_rows(self) -> float:
        """Set the rows below each other; give where the last one ends."""
        row, steps = self._levels.row, self._levels.steps
        y = 0.0
        for number, lanes in enumerate(self._lanes):
            mine = [self._cells[u] for u in self._columns if row[u] == number]
            self._roofs.append(y + self._lane * lanes)
            up = max((cell.up for cell in mine), default=0.0)
            self._axes.append(self._roofs[-1] + up + (1 if lanes else 0))
            down = max((cell.down for cell in mine), default=0.0)
            rise = max((cell.rise for cell in mine), default=0.0)
            below = any(min(row[unit - 1], row[unit + 1]) == number for unit in steps)
            y = self._axes[-1] + max(down, rise + STEP_ROOM * below) + self._row_gap
        return max(y - self._row_gap, 0.0)

    def _place(self, unit: int) -> Point:
        row = self._levels.row
        if unit not in self._levels.steps:
            return px(self._middle[unit]), px(self._axes[row[unit]])
        higher = _anchor(self._levels, unit)
        bottom = self._axes[row[higher]] + self._cells[higher].rise
        return px(self._middle[unit]), px(bottom + STEP_ROOM / 2 + 2)

    def _stem(self, unit: int) -> float:
        """Where a skip that leaves a unit turns: outside its cell."""
        return self._middle[unit] + self._cells[unit].width / 2 + self._gap * 0.35

    def _entry(self, unit: int) -> float:
        cell = self._cells[unit]
        if cell.is_open:
            return self._middle[unit]
        return self._middle[unit] - cell.width / 2 - self._gap * 0.35

    def _route(self, source: int, target: int, number: int) -> list[Point]:
        if not self._is_trunk(source, target):
            return self._skip(source, target, number)
        (x, y), (tx, ty) = self._place(source), self._place(target)
        start, end = self._cells[source], self._cells[target]
        shift = PORT * (number - (len(self._links[source, target]) - 1) / 2)
        if x == tx:
            side = 1 if ty > y else -1
            return [(x, y + side * start.rise), (tx, ty - side * end.rise)]
        if ty < y:
            corner = (tx + shift, y + shift)
            return [(x + start.half, y + shift), corner, (tx + shift, ty + end.rise)]
        port = self._ports[source, target][number]
        goal = (tx - end.half + dent(end, port), ty + port)
        if ty > y:
            return [(x + shift, y + start.rise), (x + shift, ty + port), goal]
        if abs(port) > start.rise - 3:
            stem = self._stem(source)
            return [(x + start.half, y), (stem, y), (stem, ty + port), goal]
        return [(x + start.half - dent(start, port), ty + port), goal]

    def _skip(self, source: int, target: int, number: int) -> list[Point]:
        (x, y), (tx, ty) = self._place(source), self._place(target)
        row = self._levels.row[target]
        lane = self._roofs[row] - self._lane * (self._lane_of[row, source] + 0.5)
        stem, entry = self._stem(source), self._entry(target)
        end = self._cells[target]
        points = [(x + self._cells[source].half, y), (stem, y), (stem, lane), (entry, lane)]
        if end.is_open:
            return [*points, (tx, ty - end.rise)]
        port = self._ports[source, target][number]
        return [*points, (entry, ty + port), (tx - end.half + dent(end, port), ty + port)]
