"""Position: runs side by side, wrapped into rows of the page's width.

In a picture that flows downwards, the same holds of columns: what is said of left and right here
is then above and below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from keras_diagram_core.layout.layered.runs import Run
from keras_diagram_core.layout.layered.strips import Link
from keras_diagram_core.layout.lines import Line
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
    takes, px, or 0 for its width; `title` is what the title of a frame takes. `gap` is the room
    between boxes, px.
    """

    tiers: int = 2
    label: float = 0.0
    title: float = 0.0
    gap: float = GAP

    def label_length(self, run: Run) -> float:
        """Say how far a label reaches along the boxes, px; 0 without one."""
        if not run.lines or not self.label:
            return run.label_width
        return max(self.label, run.label_height + 2 if run.stacked else 0.0)


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

    @property
    def stage(self) -> int:
        """The group that the runs are in, -1 for none."""
        return self.runs[0].stage


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


class Staged(NamedTuple):
    """Where the background of a group stands in its row, px, its spots, its title's width."""

    stage: int
    left: float
    right: float
    first: int
    last: int
    title: float = 0.0


class Row(NamedTuple):
    """One row of the picture; positions count from its own left end."""

    spots: tuple[Spot, ...]
    captions: tuple[Caption, ...]
    frames: tuple[Framed, ...]
    stages: tuple[Staged, ...]
    width: float

    def tiers(self, *, above: bool = False) -> int:
        """Count the lines of labels on one side."""
        mine = (caption.tier + 1 for caption in self.captions if caption.run.above is above)
        return max(mine, default=0)


class Setting(NamedTuple):
    """How pieces are set: the boxes' sizes, the flow, and the titles of groups.

    `gaps` is the room after some boxes, px, where it is not that of the flow.
    """

    sizes: Mapping[str, Solid]
    flow: Flow = RIGHT
    titles: Sequence[Line] = ()
    gaps: Mapping[str, float] = MappingProxyType({})

    def after(self, id_: str) -> float:
        """Say how much room is left after a box, px."""
        return self.gaps.get(id_, self.flow.gap)


def wrap(
    links: Sequence[Link], pieces: Sequence[Piece], setting: Setting, room: float
) -> list[Row]:
    """Break the pieces into rows of at most `room` px, evenly filled, where few edges cross.

    The breaks are the cheapest of all, found by dynamic programming as in D. E. Knuth and
    M. F. Plass, "Breaking paragraphs into lines" (Software: Practice and Experience, 1981).
    A run that is too wide for any row is split, and says what it says at its begin.
    """
    pieces = [part for piece in pieces for part in _parts(piece, setting, room)]
    cuts = _cuts(links, pieces)
    cheapest = [0.0] + [math.inf] * len(pieces)
    breaks = [0] * (len(pieces) + 1)
    for start in range(len(pieces)):
        packer = _Packer(setting)
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
        rows.append(pack(pieces[breaks[end] : end], setting))
        end = breaks[end]
    return rows[::-1]


def pack(pieces: Sequence[Piece], setting: Setting) -> Row:
    """Set pieces in one row."""
    packer = _Packer(setting)
    for piece in pieces:
        packer.add(piece)
    return packer.row()


def _parts(piece: Piece, setting: Setting, room: float) -> Iterator[Piece]:
    if piece.fold:
        yield piece
        return
    room -= 2 * PAD if piece.stage >= 0 else 0
    for run in piece.runs:
        yield from (Piece((part,)) for part in _split(run, setting, room))


def _split(run: Run, setting: Setting, room: float) -> Iterator[Run]:
    start, used = 0, 0.0
    for index, id_ in enumerate(run.nodes):
        used += setting.sizes[id_].advance + setting.after(id_)
        if used > room and index > start:
            yield _piece(run, start, index)
            start, used = index, setting.sizes[id_].advance + setting.after(id_)
    yield _piece(run, start, len(run.nodes))


def _piece(run: Run, start: int, end: int) -> Run:
    nodes = run.nodes[start:end]
    if start:
        return Run(nodes, stage=run.stage, between=run.between)
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

    def __init__(self, setting: Setting) -> None:
        self._spots: list[Spot] = []
        self._captions: list[Caption] = []
        self._frames: list[Framed] = []
        self._stages: list[Staged] = []
        self._setting = setting
        self._sizes, self._flow, self._titles = setting.sizes, setting.flow, setting.titles
        self._boxes_end = 0.0
        # Of the labels below the boxes, and of those above them.
        self._ends = {above: [-math.inf] * self._flow.tiers for above in (False, True)}
        self._open: Staged | None = None

    @property
    def width(self) -> float:
        """Where the right-most box, label or group ends."""
        if not self._open:
            return self._used
        return self._end(self._open.left, self._open.title)

    @property
    def _used(self) -> float:
        return max(self._boxes_end, *self._ends[False], *self._ends[True])

    def row(self) -> Row:
        """Give all that was set."""
        self._close()
        stages = tuple(self._stages)
        spots, captions = tuple(self._spots), tuple(self._captions)
        return Row(spots, captions, tuple(self._frames), stages, self.width)

    def add(self, piece: Piece) -> None:
        if piece.stage != (self._open.stage if self._open else -1):
            self._close()
            if piece.stage >= 0:
                left = self._enter(sum(run.room for run in piece.runs[:1]))
                title = self._titles[piece.stage].width
                self._open = Staged(piece.stage, left, left, len(self._spots), 0, title)
        if piece.fold is None:
            self._add(piece.runs)
            return
        first, left = len(self._spots), self._enter(0.0)
        self._add(piece.runs)
        right = self._leave(left, piece.fold.width)
        self._frames.append(Framed(piece.fold, left, right, first, len(self._spots)))

    def _close(self) -> None:
        """End the group that is open, if one is."""
        if not self._open:
            return
        right = self._leave(self._open.left, self._open.title)
        self._stages.append(self._open._replace(right=right, last=len(self._spots)))
        self._open = None

    def _enter(self, room: float) -> float:
        """Begin something with a frame, `room` px further on; give its left."""
        left = 0.0
        if self._spots or self._open:
            left = room + max(self._boxes_end + self._gap, self._labels_end + LABEL_GAP)
        start = left + PAD + self._flow.title
        self._boxes_end = start - self._gap
        self._fill(start - LABEL_GAP)
        return left

    def _leave(self, left: float, title: float) -> float:
        """End something with a frame; give its right."""
        self._boxes_end = right = self._end(left, title)
        self._fill(right)
        return right

    def _end(self, left: float, title: float) -> float:
        return max(self._used, left + PAD + (0.0 if self._flow.title else title)) + PAD

    @property
    def _gap(self) -> float:
        """The room after the last box, px; 0 before the first."""
        return self._setting.after(self._spots[-1].id) if self._spots else 0.0

    @property
    def _labels_end(self) -> float:
        return max(*self._ends[False], *self._ends[True])

    def _fill(self, end: float) -> None:
        """Have no label stand before a place."""
        self._ends = {above: [end] * self._flow.tiers for above in self._ends}

    def _add(self, runs: Sequence[Run]) -> None:
        for run in runs:
            begun = self._open is None or self._open.first < len(self._spots)
            start = self._boxes_end + self._gap
            start += run.room if self._spots and begun else 0.0
            solids = [self._sizes[id_] for id_ in run.nodes]
            spoken = run.nodes[: run.speakers]
            extent = sum(self._sizes[id_].advance for id_ in spoken)
            extent += sum(map(self._setting.after, spoken[:-1]))
            if length := self._flow.label_length(run):
                start += self._caption(run, start + extent / 2, length / 2)
            for id_, solid in zip(run.nodes, solids, strict=True):
                self._spots.append(Spot(id_, start, solid))
                start += solid.advance + self._setting.after(id_)
            self._boxes_end = start - self._gap

    def _caption(self, run: Run, middle: float, half: float) -> float:
        """Put the label where it fits with the least shift to the right; return the shift."""
        tiers, ends = range(self._flow.tiers), self._ends[run.above]
        shifts = [_shift(ends, tier, middle, half) for tier in tiers]
        # A lower tier must save more than its leader line is worth.
        tier = min(tiers, key=lambda tier: (shifts[tier] + TIER_COST * tier, tier))
        middle += shifts[tier]
        ends[tier] = middle + half
        for upper in range(tier):
            ends[upper] = max(ends[upper], middle + LEADER - LABEL_GAP)
        self._captions.append(Caption(run, middle, tier))
        return shifts[tier]


def _shift(ends: Sequence[float], tier: int, middle: float, half: float) -> float:
    needed = [half - middle, ends[tier] + LABEL_GAP + half - middle]
    needed += [ends[upper] + LEADER - middle for upper in range(tier)]
    return max(0.0, *needed)
