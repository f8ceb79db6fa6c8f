"""Routes: edges that do not lead to the next node run in lanes above their row.

Every lane holds intervals that do not overlap, the narrow ones innermost. Edges that carry
one tensor share its lane. An edge to another row runs to
the right margin, down a track there, and back above the row of its target.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.layout.intervals import pack
from keras_diagram_core.layout.layered.rows import Row
from keras_diagram_core.layout.layered.strips import Link, Tensor

LANE = 7.0
PORT = 5.0


class Way(NamedTuple):
    """How one edge runs: straight on, or up into lanes (of the rows at its two ends).

    `track` counts the tracks in the right margin, from the inside; None within one row.
    `parallel` counts the straight edges between the same two nodes.
    """

    link: Link
    straight: bool = False
    parallel: int = 0
    source_lane: int | None = None
    target_lane: int | None = None
    track: int | None = None


class Plan(NamedTuple):
    """All ways, the number of lanes above each row, and of tracks in the margin."""

    ways: tuple[Way, ...]
    lanes: tuple[int, ...]
    tracks: int


class _Place(NamedTuple):
    """Where a node stands: its row, how many stand before it there, its middle."""

    row: int
    number: int
    middle: float
    is_last: bool


class _Demand:
    """The stretches of rows and of the margin that the tensors need."""

    def __init__(self, places: Mapping[str, _Place], beyond: float) -> None:
        self.spans: dict[tuple[int, Tensor], list[float]] = defaultdict(list)
        self.tracks: dict[Tensor, list[float]] = defaultdict(list)
        self._places = places
        self._beyond = beyond

    def add(self, link: Link) -> None:
        source, target = self._places[link.source], self._places[link.target]
        if source.row == target.row:
            self.spans[source.row, link.tensor] += [source.middle, target.middle]
            return
        if not source.is_last:
            self.spans[source.row, link.tensor] += [source.middle, self._beyond]
        self.spans[target.row, link.tensor] += [target.middle, self._beyond]
        self.tracks[link.tensor] += [source.row, target.row]


def plan(links: Sequence[Link], rows: Sequence[Row]) -> Plan:
    """Decide the way of every edge."""
    places = _places(rows)
    demand = _Demand(places, max((row.width for row in rows), default=0.0) + 1)
    parallels: Counter[tuple[str, str]] = Counter()
    straight, bent = [], []
    for link in links:
        source, target = places[link.source], places[link.target]
        if (source.row, source.number + 1) == (target.row, target.number):
            pair = (link.source, link.target)
            straight.append(Way(link, straight=True, parallel=parallels[pair]))
            parallels[pair] += 1
        else:
            demand.add(link)
            bent.append(link)
    lane_of, lanes = _colour_rows(demand.spans, len(rows))
    track_of, tracks = pack({key: (min(v), max(v)) for key, v in demand.tracks.items()})
    ways = [_bent_way(link, places, lane_of, track_of) for link in bent]
    return Plan((*straight, *ways), lanes, tracks)


def _places(rows: Sequence[Row]) -> dict[str, _Place]:
    return {
        spot.id: _Place(number, index, spot.middle, index + 1 == len(row.spots))
        for number, row in enumerate(rows)
        for index, spot in enumerate(row.spots)
    }


def _bent_way(
    link: Link,
    places: Mapping[str, _Place],
    lane_of: Mapping[tuple[int, Tensor], int],
    track_of: Mapping[Tensor, int],
) -> Way:
    source, target = places[link.source], places[link.target]
    return Way(
        link,
        source_lane=lane_of.get((source.row, link.tensor)),
        target_lane=lane_of[target.row, link.tensor],
        track=None if source.row == target.row else track_of[link.tensor],
    )


def _colour_rows(
    spans: Mapping[tuple[int, Tensor], Sequence[float]], rows: int
) -> tuple[dict[tuple[int, Tensor], int], tuple[int, ...]]:
    mine: list[dict[tuple[int, Tensor], tuple[float, float]]] = [{} for _ in range(rows)]
    for key, span in spans.items():
        mine[key[0]][key] = min(span), max(span)
    lane_of: dict[tuple[int, Tensor], int] = {}
    counts = []
    for row in mine:
        lanes, count = pack(row)
        lane_of |= lanes
        counts.append(count)
    return lane_of, tuple(counts)
