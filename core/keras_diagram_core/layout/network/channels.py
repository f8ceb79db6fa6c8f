"""Channels: which tensors turn between two columns, and on which track and into which port."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Edge
from keras_diagram_core.layout.network.bands import Band, Channel
from keras_diagram_core.layout.network.cells import Cell, Links, Tensor
from keras_diagram_core.layout.network.ranks import Columns

PORT = 6.0
# How close together two lines look like one, px.
ONE_LINE = 1.5
# By how much the room between the tensors that leave a unit shrinks to keep them from the lines
# of each other.
CLOSER = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
# By how much all of them move, in shares of that room: one in the middle stays where it is
# however close together they are.
ASIDE = (0.0, 0.5, -0.5)


class Net(NamedTuple):
    """Where one tensor goes: next door, further on in its band, to other bands."""

    near: tuple[int, ...]
    far: tuple[int, ...]
    away: tuple[int, ...]


class Nets:
    """The nets of all tensors, and what they need where.

    `of` are those of each unit. `ports` are the heights at which the edges of a tensor arrive at
    a unit, `exits` those at which tensors leave theirs, px from the axis.
    """

    def __init__(
        self, laid: Columns, cells: Sequence[Cell], links: Links, bands: Sequence[Band]
    ) -> None:
        """Sort out the edges for columns that stand in these bands."""
        self.band_of = [number for number, band in enumerate(bands) for _ in range(*band)]
        self.ends = {band.last - 1 for band in bands}
        self._laid = laid
        self._cells = cells
        self._edges = _by_tensor(links)
        self.by_tensor = self._sort_out()
        self.of: dict[int, list[Tensor]] = defaultdict(list)
        for tensor in sorted(self.by_tensor, key=self._leaving):
            self.of[tensor.unit].append(tensor)
        self._entering = self._entries()
        self.exits = {tensor: exit_ for unit in self.of for tensor, exit_ in self._out(unit)}
        self.ports = self._ports()
        for unit, tensors in self.of.items():
            if len(tensors) > 1:
                self._draw_together(unit)

    def band(self, unit: int) -> int:
        """Give the band in which a unit stands."""
        return self.band_of[self._laid.column[unit]]

    def is_direct(self, tensor: Tensor, target: int) -> bool:
        """Say whether an edge to the next column runs straight."""
        net, source = self.by_tensor[tensor], tensor.unit
        alone = len(net.near) == 1 and not net.far and not net.away
        alone = alone and len(self.of[source]) == 1
        start = self._laid.y[source] + self.exits[tensor]
        shift = max(abs(end - start) for end in self._arriving(tensor, target))
        return shift == 0 or (alone and shift <= self._cells[source].rise - 3)

    def channel(self, column: int) -> Channel:
        """Give the tracks to the right of a column; those of -1 are left of the first."""
        leaving = (tensor for unit in self._members(column) for tensor in self.of.get(unit, ()))
        out = self._sorted([tensor for tensor in leaving if self._turns(tensor)])
        starts_band = column in self.ends or column < 0
        into = [] if starts_band else self.entering(column + 1)
        place = {tensor: number for number, tensor in enumerate(out)}
        entry = {tensor: number + len(out) for number, tensor in enumerate(into)}
        return Channel(place, entry)

    def first_channel(self, column: int) -> Channel:
        """Give the tracks to the left of a column that starts a band."""
        return Channel({}, {tensor: index for index, tensor in enumerate(self.entering(column))})

    def entering(self, column: int) -> list[Tensor]:
        """List the tensors that come to a column from a lane, the lowest first."""
        y = self._laid.y
        lowest = {
            tensor: max(y[target] for target in targets)
            for tensor, targets in self._entering.get(column, {}).items()
        }
        return sorted(lowest, key=lambda tensor: (-lowest[tensor], tensor))

    def _members(self, column: int) -> Sequence[int]:
        return self._laid.members[column] if column >= 0 else ()

    def _sort_out(self) -> dict[Tensor, Net]:
        sorts: dict[Tensor, tuple[list[int], list[int], list[int]]] = {}
        for tensor, target in sorted(self._edges):
            near, far, away = sorts.setdefault(tensor, ([], [], []))
            if self.band(tensor.unit) != self.band(target):
                away.append(target)
            elif self._laid.column[target] - self._laid.column[tensor.unit] > 1:
                far.append(target)
            else:
                near.append(target)
        return {key: Net(tuple(n), tuple(f), tuple(a)) for key, (n, f, a) in sorts.items()}

    def _leaving(self, tensor: Tensor) -> tuple[bool, float, int, int]:
        """Order the tensors of a unit from the top: first what goes up to a lane."""
        net = self.by_tensor[tensor]
        ends = [self._laid.y[target] for target in net.near]
        inputs = (e.target_index for target in net.near for e in self._edges[tensor, target])
        middle = sum(ends) / len(ends) if ends else 0.0
        return not (net.far or net.away), middle, min(inputs, default=0), tensor.output

    def _out(
        self, unit: int, share: float = 1.0, aside: float = 0.0
    ) -> list[tuple[Tensor, float]]:
        """Spread the tensors that leave a unit over its right side."""
        tensors = self.of[unit]
        pitch = share * min(PORT, 2 * self._cells[unit].rise / (len(tensors) + 1))
        middle = (len(tensors) - 1) / 2 - aside
        return [(key, round(pitch * (n - middle), 2)) for n, key in enumerate(tensors)]

    def _draw_together(self, unit: int) -> None:
        """Move tensors closer, or aside, where one would leave in line with an edge of another."""
        ports = [
            (tensor, end)
            for tensor in self.of[unit]
            for target in self.by_tensor[tensor].near
            for end in self._arriving(tensor, target)
        ]

        def distance(out: Iterable[tuple[Tensor, float]]) -> float:
            starts = [(tensor, self._laid.y[unit] + exit_) for tensor, exit_ in out]
            between = (abs(y - end) for own, y in starts for other, end in ports if own != other)
            return min([ONE_LINE, *between])

        spread = [self._out(unit, share, aside) for aside in ASIDE for share in CLOSER]
        self.exits.update(max(spread, key=distance))

    def _arriving(self, tensor: Tensor, target: int) -> list[float]:
        return [self._laid.y[target] + port for port in self.ports[target][tensor]]

    def _entries(self) -> dict[int, dict[Tensor, list[int]]]:
        entering: dict[int, dict[Tensor, list[int]]] = defaultdict(dict)
        for tensor, net in self.by_tensor.items():
            for target in (*net.far, *net.away):
                entering[self._laid.column[target]].setdefault(tensor, []).append(target)
        return entering

    def _turns(self, tensor: Tensor) -> bool:
        """Say whether a tensor needs a track beside the column of its unit."""
        net = self.by_tensor[tensor]
        leads_on = self._laid.column[tensor.unit] not in self.ends
        upwards = bool(net.far) or (bool(net.away) and leads_on)
        return upwards or any(not self.is_direct(tensor, target) for target in net.near)

    def _sorted(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Order tracks so that what goes up, and what goes down, does not cross its like."""
        y = self._laid.y

        def key(tensor: Tensor) -> tuple[int, float, Tensor]:
            net, start = self.by_tensor[tensor], y[tensor.unit] + self.exits[tensor]
            ends = [y[target] for target in net.near]
            down = not net.far and not net.away and sum(ends) > len(ends) * start
            return (0, -start, tensor) if down else (1, start, tensor)

        return sorted(tensors, key=key)

    def _ports(self) -> dict[int, dict[Tensor, list[float]]]:
        """Spread the edges that arrive at each unit over its left side, px from its axis."""
        arriving: dict[int, list[tuple[tuple[float, float], Tensor]]] = defaultdict(list)
        for column, units in enumerate(self._laid.members):
            order = {tensor: -rank for rank, tensor in enumerate(self.entering(column))}
            for target in units:
                arriving[target] = []
            for tensor, rank in order.items():
                for target in self._entering[column][tensor]:
                    arriving[target].append(((0, rank), tensor))
        for tensor, net in self.by_tensor.items():
            for target in net.near:
                start = self._laid.y[tensor.unit] + self.exits[tensor]
                arriving[target].append(((1, start), tensor))
        return {target: self._spread(target, sorted(all_)) for target, all_ in arriving.items()}

    def _spread(
        self, target: int, arriving: Sequence[tuple[tuple[float, float], Tensor]]
    ) -> dict[Tensor, list[float]]:
        tensors = [tensor for _, tensor in arriving for _ in self._edges[tensor, target]]
        pitch = min(PORT, 2 * self._cells[target].rise / (len(tensors) + 1))
        ports: dict[Tensor, list[float]] = defaultdict(list)
        for number, tensor in enumerate(tensors):
            ports[tensor].append(round(pitch * (number - (len(tensors) - 1) / 2), 2))
        return dict(ports)


def _by_tensor(links: Links) -> dict[tuple[Tensor, int], list[Edge]]:
    edges: dict[tuple[Tensor, int], list[Edge]] = defaultdict(list)
    for (source, target), all_ in links.items():
        for edge in all_:
            edges[Tensor(source, edge.source_index), target].append(edge)
    return dict(edges)
