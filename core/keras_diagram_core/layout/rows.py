"""Position: runs side by side, wrapped into rows of the page's width."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.runs import Run
from keras_diagram_core.layout.solids import Solid

GAP = 8.0
LABEL_GAP = 7.0
LEADER = 3.0
TIER_COST = 2.0
TIERS = 2
LAST_ROW = 0.6
# What a row costs, and an edge that must go round to the next row, in px² of unused width.
ROW_COST = 90_000.0
CUT_COST = 60_000.0


class Spot(NamedTuple):
    """Where a node stands in its row: the left end of its front face, px."""

    id: str
    left: float
    solid: Solid

    @property
    def right(self) -> float:
        """The right end, depth included."""
        return self.left + self.solid.advance

    @property
    def middle(self) -> float:
        """The middle of all that is seen."""
        return (self.left + self.right) / 2


class Caption(NamedTuple):
    """Where a run's label stands: its middle, and its tier, counted from the top."""

    run: Run
    middle: float
    tier: int


class Row(NamedTuple):
    """One row of the picture; positions count from its own left end."""

    spots: tuple[Spot, ...]
    captions: tuple[Caption, ...]
    width: float

    @property
    def tiers(self) -> int:
        """How many lines of labels there are."""
        return max((caption.tier + 1 for caption in self.captions), default=0)


def wrap(
    graph: ModelGraph, runs: Sequence[Run], sizes: Mapping[str, Solid], room: float
) -> list[Row]:
    """Break the runs into rows of at most `room` px, evenly filled, where few edges cross.

    The breaks are the cheapest of all, found by dynamic programming as in D. E. Knuth and
    M. F. Plass, "Breaking paragraphs into lines" (Software: Practice and Experience, 1981).
    A run that is too wide for any row is split, and says what it says at its begin.
    """
    runs = [piece for run in runs for piece in _split(run, sizes, room)]
    cuts = _cuts(graph, runs)
    cheapest = [0.0] + [math.inf] * len(runs)
    breaks = [0] * (len(runs) + 1)
    for start in range(len(runs)):
        packer = _Packer(sizes)
        for end in range(start + 1, len(runs) + 1):
            packer.add(runs[end - 1])
            if packer.width > room and end > start + 1:
                break
            slack = max(room - packer.width, 0.0) * (LAST_ROW if end == len(runs) else 1)
            cost = cheapest[start] + ROW_COST + slack**2 + CUT_COST * max(cuts[end] - 1, 0)
            if cost < cheapest[end]:
                cheapest[end], breaks[end] = cost, start
    rows: list[Row] = []
    end = len(runs)
    while end:
        rows.append(_pack(runs[breaks[end] : end], sizes))
        end = breaks[end]
    return rows[::-1]


def _split(run: Run, sizes: Mapping[str, Solid], room: float) -> Iterator[Run]:
    start, used = 0, 0.0
    for index, id_ in enumerate(run.nodes):
        used += sizes[id_].advance + GAP
        if used > room and index > start:
            yield _piece(run, start, index)
            start, used = index, sizes[id_].advance + GAP
    yield _piece(run, start, len(run.nodes))


def _piece(run: Run, start: int, end: int) -> Run:
    nodes = run.nodes[start:end]
    if start:
        return Run(nodes)
    return run._replace(nodes=nodes, speakers=min(run.speakers, len(nodes)))


def _cuts(graph: ModelGraph, runs: Sequence[Run]) -> list[int]:
    """Count the edges that a break before each run would cut (and one at the end: none)."""
    home = {id_: index for index, run in enumerate(runs) for id_ in run.nodes}
    change = [0] * (len(runs) + 2)
    for edge in graph.edges:
        change[home[edge.source] + 1] += 1
        change[home[edge.target] + 1] -= 1
    cuts = [0]
    for delta in change[1:]:
        cuts.append(cuts[-1] + delta)
    return cuts


def _pack(runs: Sequence[Run], sizes: Mapping[str, Solid]) -> Row:
    packer = _Packer(sizes)
    for run in runs:
        packer.add(run)
    return Row(tuple(packer.spots), tuple(packer.captions), packer.width)


class _Packer:
    """Sets one run after the other, as tight as boxes and labels allow."""

    def __init__(self, sizes: Mapping[str, Solid]) -> None:
        self.spots: list[Spot] = []
        self.captions: list[Caption] = []
        self._sizes = sizes
        self._boxes_end = 0.0
        self._tier_ends = [-math.inf] * TIERS

    @property
    def width(self) -> float:
        """Where the right-most box or label ends."""
        return max(self._boxes_end, *self._tier_ends)

    def add(self, run: Run) -> None:
        start = self._boxes_end + (GAP if self.spots else 0.0)
        solids = [self._sizes[id_] for id_ in run.nodes]
        spoken = solids[: run.speakers]
        extent = sum(solid.advance for solid in spoken) + GAP * (len(spoken) - 1)
        if run.label_width:
            start += self._caption(run, start + extent / 2)
        for id_, solid in zip(run.nodes, solids, strict=True):
            self.spots.append(Spot(id_, start, solid))
            start += solid.advance + GAP
        self._boxes_end = start - GAP

    def _caption(self, run: Run, middle: float) -> float:
        """Put the label where it fits with the least shift to the right; return the shift."""
        half = run.label_width / 2
        shifts = [self._shift(tier, middle, half) for tier in range(TIERS)]
        # A lower tier must save more than its leader line is worth.
        tier = min(range(TIERS), key=lambda tier: (shifts[tier] + TIER_COST * tier, tier))
        middle += shifts[tier]
        self._tier_ends[tier] = middle + half
        for upper in range(tier):
            self._tier_ends[upper] = max(self._tier_ends[upper], middle + LEADER - LABEL_GAP)
        self.captions.append(Caption(run, middle, tier))
        return shifts[tier]

    def _shift(self, tier: int, middle: float, half: float) -> float:
        needed = [half - middle, self._tier_ends[tier] + LABEL_GAP + half - middle]
        needed += [self._tier_ends[upper] + LEADER - middle for upper in range(tier)]
        return max(0.0, *needed)
