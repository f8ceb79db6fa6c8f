"""Measure the cells of a mesh: below each other, what they take from further up in lanes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Edge
from keras_diagram_core.layout.blocks.inside import Inside, lay_out_inside
from keras_diagram_core.layout.blocks.names import CellWords
from keras_diagram_core.layout.intervals import pack
from keras_diagram_core.layout.network.cells import Cell as Slot
from keras_diagram_core.layout.network.cells import Links
from keras_diagram_core.text import elide, text_width
from keras_diagram_core.transforms.repeats import CellRun, Cells

TITLE = 10.5
SMALL = 9.5
PAD = 10.0
HEADER = 24.0
LINE = 14.0
FOOT = 12.0
ORDINALS = 16.0
ALIKE_HEIGHT = 40.0
LANE = 12.0
APART = 7.0
"""The room between two lines in the gap between cells, px."""
EXITS_APART = 26.0
# The share of the width that a title may take.
TITLE_SHARE = 0.4


class CellPlot(NamedTuple):
    """A run of cells: its exemplar, or a box that says which one it is like.

    `leaving` are the exits of the repetitions that are used further down, the last one first.
    """

    run: CellRun
    words: CellWords
    inside: Inside | None
    leaving: tuple[int, ...]
    width: float
    height: float

    @property
    def is_framed(self) -> bool:
        """Say whether there is more than one unit to put a frame around."""
        return len(self.run.repeats[0].units) > 1

    @property
    def header(self) -> float:
        """The room for the words above what is inside, px."""
        return (HEADER + LINE * bool(self.words.caption)) * self.is_framed

    @property
    def gap(self) -> float:
        """The room for what leaves, below, px."""
        return 2 * APART + APART * max(len(self.leaving), 1)


class Column(NamedTuple):
    """All cells of a mesh, and the lane at their left of each tensor by its unit."""

    plots: tuple[CellPlot, ...]
    lanes: Mapping[int, int]
    lane_count: int

    @property
    def width(self) -> float:
        """How wide cells and lanes are, px."""
        return LANE * self.lane_count + max(plot.width for plot in self.plots)

    @property
    def height(self) -> float:
        """How high all is, with the gaps below each cell, px."""
        return sum(plot.height + plot.gap for plot in self.plots)


def measure_cells(
    cells: Cells,
    links: Links,
    slots: Mapping[int, Slot],
    words: Sequence[CellWords],
    room: float,
) -> Column:
    """Measure the cells of a mesh in at most `room` px of width.

    `links` are the edges of the whole model by their two units.
    """
    lanes, count = pack(_spans(cells))
    into: dict[int, dict[tuple[int, int], Sequence[Edge]]] = defaultdict(dict)
    for pair, edges in links.items():
        into[pair[1]][pair] = edges
    leaving = _leaving(cells)
    plots = []
    for run, said, exits in zip(cells.runs, words, leaving, strict=True):
        [first, *_] = run.repeats
        inside = None
        if run.like is None:
            mine = {unit: slots[unit] for unit in first.units}
            own = {pair: edges for unit in first.units for pair, edges in into[unit].items()}
            inside = lay_out_inside(first, own, mine, room - LANE * count - 2 * PAD)
        fitting = _fitting(said, room - LANE * count - 2 * PAD)
        plots.append(_measure(CellPlot(run, fitting, inside, exits, 0.0, 0.0)))
    return Column(tuple(_aligned(plots)), lanes, count)


def _fitting(words: CellWords, room: float) -> CellWords:
    """Cut words that are too long for a page of this width, px."""
    title = elide(words.title, TITLE_SHARE * room, TITLE, bold=True)
    return words._replace(title=title, caption=elide(words.caption, room, SMALL))


def _measure(plot: CellPlot) -> CellPlot:
    """Give a cell its size."""
    words = _room_for_words(plot) + 2 * PAD
    if plot.inside is None:
        return plot._replace(width=words, height=ALIKE_HEIGHT)
    if not plot.is_framed:
        return plot._replace(width=plot.inside.width, height=plot.inside.height)
    foot = ORDINALS if len(plot.leaving) > 1 else 0.0
    height = plot.header + plot.inside.height + FOOT + foot
    return plot._replace(width=max(plot.inside.width + 2 * PAD, words), height=height)


def _room_for_words(plot: CellPlot) -> float:
    title, caption, shape, size = plot.words
    head = text_width(title, TITLE, bold=True) + text_width(size + shape, SMALL) + 30
    head += text_width(times(plot.run), TITLE, bold=True) + 20
    ordinals = 0.0 if plot.inside else EXITS_APART * len(plot.leaving) + 10
    return max(head, text_width(caption, SMALL) + ordinals)


def times(run: CellRun) -> str:
    """Say how often a cell is there, if more than once."""
    return f"× {len(run.repeats)}" if len(run.repeats) > 1 else ""


def _aligned(plots: Sequence[CellPlot]) -> list[CellPlot]:
    """Make all frames equally wide, and all boxes that only refer to them."""
    frame = max((p.width for p in plots if p.inside and p.is_framed), default=0.0)
    box = max((p.width for p in plots if not p.inside), default=0.0)
    return [
        p._replace(width=box if not p.inside else frame if p.is_framed else p.width) for p in plots
    ]


def _spans(cells: Cells) -> dict[int, tuple[float, float]]:
    """Say from which cell to which the tensor of each unit is needed."""
    start = {cell.exit: n + 0.5 for n, run in enumerate(cells.runs) for cell in run.repeats}
    spans: dict[int, tuple[float, float]] = {}
    for number, run in enumerate(cells.runs):
        for source in run.repeats[0].sources:
            spans[source] = (start.get(source, -0.5), number)
    return spans


def _leaving(cells: Cells) -> list[tuple[int, ...]]:
    """List the exits of each run that are used further down, the last first."""
    used: set[int] = set()
    found = []
    last = cells.runs[-1]
    for run in reversed(cells.runs):
        exits = [cell.exit for cell in reversed(run.repeats)]
        found.append(tuple(e for e in exits if e in used or (run is last and e == exits[0])))
        used.update(source for cell in run.repeats for source in cell.sources)
    return found[::-1]
