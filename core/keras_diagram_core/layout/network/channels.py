"""Channels: which tensors turn between two columns, and on which track and into which port."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.layout.network.bands import Band, Channel
from keras_diagram_core.layout.network.cells import Cell, Links
from keras_diagram_core.layout.network.ranks import Columns

PORT = 6.0


class Net(NamedTuple):
    """Where the tensor of one unit goes: next door, further on in its band, to other bands."""

    near: tuple[int, ...]
    far: tuple[int, ...]
    away: tuple[int, ...]


class Nets:
    """The nets of all units, and what they need where."""

    def __init__(
        self, laid: Columns, cells: Sequence[Cell], links: Links, bands: Sequence[Band]
    ) -> None:
        """Sort out the edges for columns that stand in these bands."""
        self.band_of = [number for number, band in enumerate(bands) for _ in range(*band)]
        self.ends = {band.last - 1 for band in bands}
        self._laid = laid
        self._cells = cells
        self._links = links
        self.by_source = self._sort_out()
        self._entering = self._entries()
        self.ports = self._ports()

    def band(self, unit: int) -> int:
        """Give the band in which a unit stands."""
        return self.band_of[self._laid.column[unit]]

    def is_direct(self, source: int, target: int) -> bool:
        """Say whether an edge to the next column runs straight."""
        net = self.by_source[source]
        alone = len(net.near) == 1 and not net.far and not net.away
        cell = self._cells[source]
        ports = self.ports[target][source]
        shift = max(abs(self._laid.y[target] + port - self._laid.y[source]) for port in ports)
        return shift == 0 or (alone and shift <= cell.rise - 3)

    def channel(self, column: int) -> Channel:
        """Give the tracks to the right of a column; those of -1 are left of the first."""
        out = [unit for unit in self._members(column) if self._turns(unit)]
        starts_band = column in self.ends or column < 0
        into = [] if starts_band else self.entering(column + 1)
        tracks = [*self._sorted(out), *into]
        place = {unit: number for number, unit in enumerate(tracks[: len(out)])}
        entry = {unit: number + len(out) for number, unit in enumerate(into)}
        return Channel(place, entry)

    def first_channel(self, column: int) -> Channel:
        """Give the tracks to the left of a column that starts a band."""
        return Channel({}, {unit: index for index, unit in enumerate(self.entering(column))})

    def entering(self, column: int) -> list[int]:
        """List the sources whose tensors come to a column from a lane, the lowest first."""
        y = self._laid.y
        lowest = {
            source: max(y[target] for target in targets)
            for source, targets in self._entering.get(column, {}).items()
        }
        return sorted(lowest, key=lambda source: (-lowest[source], source))

    def _members(self, column: int) -> Sequence[int]:
        return self._laid.members[column] if column >= 0 else ()

    def _sort_out(self) -> dict[int, Net]:
        sorts: dict[int, tuple[list[int], list[int], list[int]]] = {}
        for source, target in sorted(self._links):
            near, far, away = sorts.setdefault(source, ([], [], []))
            if self.band(source) != self.band(target):
                away.append(target)
            elif self._laid.column[target] - self._laid.column[source] > 1:
                far.append(target)
            else:
                near.append(target)
        return {unit: Net(tuple(n), tuple(f), tuple(a)) for unit, (n, f, a) in sorts.items()}

    def _entries(self) -> dict[int, dict[int, list[int]]]:
        entering: dict[int, dict[int, list[int]]] = defaultdict(dict)
        for source, net in self.by_source.items():
            for target in (*net.far, *net.away):
                entering[self._laid.column[target]].setdefault(source, []).append(target)
        return entering

    def _turns(self, unit: int) -> bool:
        """Say whether a unit's tensor needs a track beside its column."""
        net = self.by_source.get(unit)
        if net is None:
            return False
        upwards = bool(net.far) or (bool(net.away) and self._laid.column[unit] not in self.ends)
        return upwards or any(not self.is_direct(unit, target) for target in net.near)

    def _sorted(self, units: Sequence[int]) -> list[int]:
        """Order tracks so that what goes up, and what goes down, does not cross its like."""
        y = self._laid.y

        def key(unit: int) -> tuple[int, float, int]:
            net = self.by_source[unit]
            ends = [y[target] for target in net.near]
            down = not net.far and not net.away and sum(ends) > len(ends) * y[unit]
            return (0, -y[unit], unit) if down else (1, y[unit], unit)

        return sorted(units, key=key)

    def _ports(self) -> dict[int, dict[int, list[float]]]:
        """Spread the edges that arrive at each unit over its left side, px from its axis."""
        arriving: dict[int, list[tuple[tuple[float, float], int]]] = defaultdict(list)
        for column, units in enumerate(self._laid.members):
            order = {source: -rank for rank, source in enumerate(self.entering(column))}
            for target in units:
                arriving[target] = []
            for source, rank in order.items():
                for target in self._entering[column][source]:
                    arriving[target].append(((0, rank), source))
        for source, net in self.by_source.items():
            for target in net.near:
                arriving[target].append(((1, self._laid.y[source]), source))
        return {target: self._spread(target, sorted(all_)) for target, all_ in arriving.items()}

    def _spread(
        self, target: int, arriving: Sequence[tuple[tuple[float, float], int]]
    ) -> dict[int, list[float]]:
        sources = [source for _, source in arriving for _ in self._links[source, target]]
        pitch = min(PORT, 2 * self._cells[target].rise / (len(sources) + 1))
        ports: dict[int, list[float]] = defaultdict(list)
        for number, source in enumerate(sources):
            ports[source].append(round(pitch * (number - (len(sources) - 1) / 2), 2))
        return dict(ports)
