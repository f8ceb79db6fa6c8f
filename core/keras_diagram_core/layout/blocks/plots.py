"""Plots: parts of a model with their sizes, each around a vertical axis."""

from __future__ import annotations

from typing import NamedTuple

from keras_diagram_core.layout.blocks.cells import Column
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fold import Block

MARGIN = 12.0
SIZE = 10.5
SMALL = 9.5
UNIT_HEIGHT = 21.0
UNIT_PAD = 8.0
NARROWEST = 58.0
WIDEST = 190.0
GAP = 11.0
FORK = 8.0
LANE = 13.0
BRANCH_GAP = 12.0
PAD = 11.0
HEADER = 32.0
FOOT = 20.0
STRIPE = 3.5
# A unit that holds more than this shows the first of them only; its tooltip names all.
MOST_STRIPES = 8


class UnitPlot(NamedTuple):
    """One unit: a box with words, or a round glyph with a word beside it.

    `repeats` are the units that follow it and are the same.
    """

    unit: int
    left: float
    right: float
    height: float
    label: str
    note: str = ""
    glyph: str = ""
    repeats: tuple[int, ...] = ()


class SeriesPlot(NamedTuple):
    """Plots below each other, on one axis."""

    plots: tuple[Plot, ...]
    left: float
    right: float
    height: float


class Branch(NamedTuple):
    """A branch in its place: its axis from the common one, how far below the first row.

    `exits` are the ways of its outputs past the rows below: the depth of a level under its row,
    and a lane from the common axis; none in the last row.
    """

    shift: float
    drop: float
    plot: SeriesPlot
    exits: tuple[tuple[float, float], ...] = ()


class ParallelPlot(NamedTuple):
    """Branches side by side, in rows if need be, and lanes of plain connections.

    `trunk` is the lane in which the input goes down to further rows. Both count from the axis.
    """

    branches: tuple[Branch, ...]
    lanes: tuple[float, ...]
    trunk: float
    left: float
    right: float
    height: float


class BlockPlot(NamedTuple):
    """A container with a title; without one, its parts stand free.

    `varies` says in what the repetitions differ.
    """

    block: Block
    body: SeriesPlot
    title: str
    shape: str
    left: float
    right: float
    height: float
    varies: str = ""


class CellsPlot(NamedTuple):
    """The cells of a mesh, and the units in those that are drawn."""

    column: Column
    units: dict[int, UnitPlot]
    left: float
    right: float
    height: float


Plot = UnitPlot | ParallelPlot | BlockPlot | CellsPlot


def reach(plot: Plot) -> float:
    """How far a plot reaches to the right, the word beside a glyph included."""
    if isinstance(plot, UnitPlot) and plot.note and plot.glyph:
        return plot.right + 5 + text_width(plot.note, SMALL)
    return plot.right
