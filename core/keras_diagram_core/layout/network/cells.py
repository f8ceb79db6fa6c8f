"""Cells and drawings: what the engine is given, and what it gives back.

The engine knows neither colours nor words. A view says how much room each unit takes, and
paints marks where the engine puts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import structs

from keras_diagram_core.graph import Edge
from keras_diagram_core.layout.points import px
from keras_diagram_core.scene import Bounds, Point
from keras_diagram_core.transforms.fold import Block

# The least room in which a line leads from the end of a row to the start of the next, px.
CARRIAGE = 12.0

Links = Mapping[tuple[int, int], Sequence[Edge]]
"""The edges between units, by their two ends."""


class Tensor(NamedTuple):
    """One output of a unit: what runs along one line, however often it forks."""

    unit: int
    output: int


class Cell(NamedTuple):
    """The room that a unit takes, px, around the axis on which its edges come and go.

    `width`, `up` and `down` hold its words as well; `half` and `rise` are half the width and
    half the height of its box. Edges may run anywhere between cells. They meet a round cell
    from above and below, too, unless it takes them `from_left` alone, for the sake of its words.
    Of `up`, `over` is what stays free for the name of a stage. The axis is in the middle of
    `width`, or `lead` px after it. Lines other than edges reach `fan` px to both its sides.
    """

    width: float
    up: float
    down: float
    half: float
    rise: float
    is_round: bool = False
    from_left: bool = False
    over: float = 0.0
    lead: float = 0.0
    fan: float = 0.0

    @property
    def before(self) -> float:
        """What it takes before the middle of its box, px."""
        return self.width / 2 + self.lead

    @property
    def after(self) -> float:
        """What it takes after the middle of its box, px."""
        return self.width / 2 - self.lead

    def bare(self) -> Cell:
        """Give the same without room for the name of a stage."""
        return self._replace(up=self.up - self.over, over=0.0)

    def room(self, place: Point) -> Bounds:
        """Give the room that it takes around a place."""
        x, y = place
        return Bounds(x - self.before, y - self.up, x + self.after, y + self.down)

    @property
    def is_open(self) -> bool:
        """Say whether edges may come from all sides."""
        return self.is_round and not self.from_left


class UnitStages(NamedTuple):
    """The stage of each unit, -1 for none, and how wide the name of each stage is, px.

    Where there are no stages, `of` is empty. No name stands above `steps`.
    """

    of: Sequence[int] = ()
    names: Sequence[float] = ()
    steps: frozenset[int] = frozenset()

    def are_one(self, units: Iterable[int]) -> bool:
        """Say whether no border of a stage runs between some units."""
        return not self.of or len({self.of[unit] for unit in units}) <= 1

    def name(self, unit: int) -> float:
        """Give the width of the name of a unit's stage, px; 0 without one."""
        is_named = self.of and self.of[unit] >= 0 and unit not in self.steps
        return self.names[self.of[unit]] if is_named else 0.0


class Setting(NamedTuple):
    """How far apart a network is set, px; 0 is what suits the page.

    `gap` lies between two columns, `row` between what stands below each other, `lane` is the
    room of an edge that passes others. `sweeps` says how often columns are sorted anew, so
    that fewer edges cross. `clusters` are frames around opened models; `stages` have names above
    them.
    """

    gap: float = 0.0
    row: float = 0.0
    lane: float = 0.0
    sweeps: int = 4
    clusters: bool = False
    stages: UnitStages = UnitStages()

    def or_gap(self, gap: float) -> Setting:
        """Give the same with columns so far apart, unless it says how far."""
        return self if self.gap else self._replace(gap=gap)

    def between_rows(self, usual: float) -> float:
        """Say how far the rows of a page are apart: a line must find its way between them."""
        return max(self.row, CARRIAGE) if self.row else usual


USUAL = Setting()
"""What suits the page."""


class Route(NamedTuple):
    """The way of one edge, px; `straight` runs from neighbour to neighbour."""

    source: int
    target: int
    edge: Edge
    points: tuple[Point, ...]

    @property
    def straight(self) -> bool:
        """Say whether there is no corner."""
        return len(self.points) == 2


class Fold(NamedTuple):
    """A folded block as drawn; `over` is what stays free above it for the name of a stage, px."""

    block: Block
    title: str
    bounds: Bounds
    over: float = 0.0

    @property
    def room(self) -> Bounds:
        """The room that it takes."""
        left, top, right, bottom = structs.astuple(self.bounds)
        return Bounds(left, top - self.over, right, bottom)


class Cluster(NamedTuple):
    """The frame around what is in an opened model or layer, `path`; all of it is in there."""

    path: tuple[str, ...]
    bounds: Bounds


class Drawing(NamedTuple):
    """Where everything is: the middle of each unit's box by unit, px from (0, 0).

    `rooms` are those of their cells, `gaps` is how far these are apart at least, sideways and
    upwards. `by_ranks` says that it could not be drawn as a tree.
    """

    places: Mapping[int, Point]
    routes: Sequence[Route]
    folds: Sequence[Fold]
    width: float
    height: float
    rows: int = 1
    by_ranks: bool = False
    clusters: Sequence[Cluster] = ()
    rooms: Mapping[int, Bounds] = {}
    gaps: tuple[float, float] = (0.0, 0.0)

    def turned(self) -> Drawing:
        """Give the same from top to bottom instead of from left to right."""
        return Drawing(
            {unit: (y, x) for unit, (x, y) in self.places.items()},
            [r._replace(points=tuple((y, x) for x, y in r.points)) for r in self.routes],
            [fold._replace(bounds=_turned(fold.bounds)) for fold in self.folds],
            self.height,
            self.width,
            self.rows,
            self.by_ranks,
            [each._replace(bounds=_turned(each.bounds)) for each in self.clusters],
            {unit: _turned(room) for unit, room in self.rooms.items()},
            self.gaps[::-1],
        )

    def moved(self, right: float, down: float) -> Drawing:
        """Give the same so many px further to the right and down."""

        def shifted(bounds: Bounds) -> Bounds:
            left, top = px(bounds.left + right), px(bounds.top + down)
            return Bounds(left, top, px(bounds.right + right), px(bounds.bottom + down))

        def moved(points: Iterable[Point]) -> tuple[Point, ...]:
            return tuple((px(x + right), px(y + down)) for x, y in points)

        return self._replace(
            places=dict(zip(self.places, moved(self.places.values()), strict=True)),
            routes=[route._replace(points=moved(route.points)) for route in self.routes],
            folds=[fold._replace(bounds=shifted(fold.bounds)) for fold in self.folds],
            clusters=[each._replace(bounds=shifted(each.bounds)) for each in self.clusters],
            rooms={unit: shifted(room) for unit, room in self.rooms.items()},
        )


def _turned(bounds: Bounds) -> Bounds:
    return Bounds(bounds.top, bounds.left, bounds.bottom, bounds.right)


def dent(cell: Cell, offset: float) -> float:
    """How far a round cell's outline lies inside its square, `offset` px from its axis."""
    if not cell.is_round:
        return 0.0
    return float(cell.half - max(cell.half**2 - offset**2, 0.0) ** 0.5)
