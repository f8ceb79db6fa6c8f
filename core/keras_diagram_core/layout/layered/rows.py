"""Position: runs side by side, wrapped into rows of the page's width.

In a picture that flows downwards, the same holds of columns: what is said of left and right here
is then above and below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.layout.layered.runs import Line, Run
from keras_diagram_core.layout.layered.strips import Link
from keras_diagram_core.layout.solids import Solid
from keras_diagram_core.transforms.fold import Block

GAP = 8.0
LABEL_GAP = 7.0
LEADER = 3.0
TIER_COST = 2.0
LAST_ROW = 0.6
# What a row costs, and an edge that must go round to the next row, in px² of unused width.
ROW_COST = 90_000.0
CUT_COST = 60_000.0
PAD = 9.0


class Flow(NamedTuple):
    """What depends on where the data flows.

    `tiers` counts the lines of labels beside the boxes; `label` is how much of the way a label
    takes, px, or 0 for its width; `title` is what the title of a frame takes.
    """

    tiers: int = 2
    label: float = 0.0
    title: float = 0.0

    def label_length(self, run: Run) -> float:
        """Say how far a label reaches along the boxes, px; 0 without one."""
        return (self.label or run.label_width) if run.label_width else 0.0


RIGHT = Flow()
DOWN = Flow(tiers=1, label=12.0, title=14.0)


class Fold(NamedTuple):
    """A block that repeats, its title, and how often it does."""

    block: Block
    title: Line
    times: Line

    @property
    def width(self) -> float:
        """The width of all words, px."""
        return self.title.width + 8 + self.times.width


class Piece(NamedTuple):
    """Runs that must stand in one row: one, or those of a block in its frame."""

    runs: tuple[Run, ...]
    fold: Fold | None = None


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


class Framed(NamedTuple):
    """Where the frame of a block stands in its row, px, and the first of its spots."""

    fold: Fold
    left: float
    right: float
    first: int
    last: int


class Row(NamedTuple):
    """One row of the picture; positions count from its own left end."""

    spots: tuple[Spot, ...]
    captions: tuple[Caption, ...]
    frames: tuple[Framed, ...]
    width: float

    @property
    def tiers(self) -> int:
        """How many lines of labels there are."""
        return max((caption.tier + 1 for caption in self.captions), default=0)


def wrap(
    links: Sequence[Link],
    pieces: Sequence[Piece],
    sizes: Mapping[str, Solid],
    room: float,
    flow: Flow = RIGHT,
) -> list[Row]:
    """Break the pieces into rows of at most `room` px, evenly filled, where few edges cross.

    The breaks are the cheapest of all, found by dynamic programming as in D. E. Knuth and
    M. F. Plass, "Breaking paragraphs into lines" (Software: Practice and Experience, 1981).
    A run that is too wide for any row is split, and says what it says at its begin.
    """
    pieces = [part for piece in pieces for part in _parts(piece, sizes, room)]
    cuts = _cuts(links, pieces)
    cheapest = [0.0] + [math.inf] * len(pieces)
    breaks = [0] * (len(pieces) + 1)
    for start in range(len(pieces)):
        packer = _Packer(sizes, flow)
        for end in range(start + 1, len(pieces) + 1):
            packer.add(pieces[end - 1])
            if packer.width > room and end > start + 1:
                break
            slack = max(room - packer.width, 0.0) * (LAST_ROW if end == len(pieces) else 1)
            cost = cheapest[start] + ROW_COST + slack**2 + CUT_COST * max(cuts[end] - 1, 0)
            if cost < cheapest[end]:
                cheapest[end], breaks[end] = cost, start
    rows: list[Row] = []
    end = len(pieces)
    while end:
        rows.append(pack(pieces[breaks[end] : end], sizes, flow))
        end = breaks[end]
    return rows[::-1]


def pack(pieces: Sequence[Piece], sizes: Mapping[str, Solid], flow: Flow = RIGHT) -> Row:
    """Set pieces in one row."""
    packer = _Packer(sizes, flow)
    for piece in pieces:
        packer.add(piece)
    return packer.row()


def _parts(piece: Piece, sizes: Mapping[str, Solid], room: float) -> Iterator[Piece]:
    if piece.fold:
        yield piece
        return
    for run in piece.runs:
        yield from (Piece((part,)) for part in _split(run, sizes, room))


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


def _cuts(links: Sequence[Link], pieces: Sequence[Piece]) -> list[int]:
    """Count the edges that a break before each piece would cut (and one at the end: none)."""
    home = {
        id_: index for index, piece in enumerate(pieces) for run in piece.runs for id_ in run.nodes
    }
    change = [0] * (len(pieces) + 2)
    for link in links:
        change[home[link.source] + 1] += 1
        change[home[link.target] + 1] -= 1
    cuts = [0]
    for delta in change[1:]:
        cuts.append(cuts[-1] + delta)
    return cuts


class _Packer:
    """Sets one piece after the other, as tight as boxes and labels allow."""

    def __init__(self, sizes: Mapping[str, Solid], flow: Flow) -> None:
        self._spots: list[Spot] = []
        self._captions: list[Caption] = []
        self._frames: list[Framed] = []
        self._sizes = sizes
        self._flow = flow
        self._boxes_end = 0.0
        self._tier_ends = [-math.inf] * flow.tiers

    @property
    def width(self) -> float:
        """Where the right-most box or label ends."""
        return max(self._boxes_end, *self._tier_ends)

    def row(self) -> Row:
        """Give all that was set."""
        return Row(tuple(self._spots), tuple(self._captions), tuple(self._frames), self.width)

    def add(self, piece: Piece) -> None:
        if piece.fold is None:
            self._add(piece.runs)
            return
        left = max(self._boxes_end + GAP, max(self._tier_ends) + LABEL_GAP) if self._spots else 0.0
        first = len(self._spots)
        start = left + PAD + self._flow.title
        self._boxes_end = start - (GAP if self._spots else 0.0)
        self._tier_ends = [start - LABEL_GAP] * self._flow.tiers
        self._add(piece.runs)
        title = 0.0 if self._flow.title else piece.fold.width
        right = max(self.width, left + PAD + title) + PAD
        self._boxes_end = right
        self._tier_ends = [right] * self._flow.tiers
        self._frames.append(Framed(piece.fold, left, right, first, len(self._spots)))

    def _add(self, runs: Sequence[Run]) -> None:
        for run in runs:
            start = self._boxes_end + (GAP if self._spots else 0.0)
            solids = [self._sizes[id_] for id_ in run.nodes]
            spoken = solids[: run.speakers]
            extent = sum(solid.advance for solid in spoken) + GAP * (len(spoken) - 1)
            if length := self._flow.label_length(run):
                start += self._caption(run, start + extent / 2, length / 2)
            for id_, solid in zip(run.nodes, solids, strict=True):
                self._spots.append(Spot(id_, start, solid))
                start += solid.advance + GAP
            self._boxes_end = start - GAP

    def _caption(self, run: Run, middle: float, half: float) -> float:
        """Put the label where it fits with the least shift to the right; return the shift."""
        tiers = range(self._flow.tiers)
        shifts = [self._shift(tier, middle, half) for tier in tiers]
        # A lower tier must save more than its leader line is worth.
        tier = min(tiers, key=lambda tier: (shifts[tier] + TIER_COST * tier, tier))
        middle += shifts[tier]
        self._tier_ends[tier] = middle + half
        for upper in range(tier):
            self._tier_ends[upper] = max(self._tier_ends[upper], middle + LEADER - LABEL_GAP)
        self._captions.append(Caption(run, middle, tier))
        return shifts[tier]

    def _shift(self, tier: int, middle: float, half: float) -> float:
        needed = [half - middle, self._tier_ends[tier] + LABEL_GAP + half - middle]
        needed += [self._tier_ends[upper] + LEADER - middle for upper in range(tier)]
        return max(0.0, *needed)
