"""Groups: what of a network no end of a row may tear apart, and the frames of several rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from keras_diagram_core.layout.network.plots import Rim, Ruler, SeriesPlot
from keras_diagram_core.layout.network.scopes import Path, Run, all_units
from keras_diagram_core.transforms.fold import Block, Item
from keras_diagram_core.transforms.repeats import Cells
from keras_diagram_core.transforms.structure import Parallel, Part

# The room in which a line turns at the ends of a row, px.
TURN = 12.0
# How far the frame around several rows stands from the line that leads past it, px.
ASIDE = 5.0


class Group(NamedTuple):
    """What stands in one row; `torn` if the part before belongs to it.

    `frames` are the opened models around it whose frames have several rows, the outer first.
    """

    plot: SeriesPlot
    torn: bool = False
    frames: tuple[Path, ...] = ()


def groups(items: Sequence[Item], ruler: Ruler, room: float) -> list[Group]:
    """Measure the items of a network: branches and the unit where they meet are one group.

    Raises:
        TypeError: for the cells of a mesh; a network with one is no tree.
    """
    parts = [part for item in items for part in _flat(item)]
    torn = {all_units(part)[0] for item in items for part in _flat(item)[1:]}
    return list(_Grouping(ruler, torn).groups(parts, room, ()))


def fits(found: Sequence[Group], room: float, rim: Rim) -> bool:
    """Say whether every group has room in a row."""
    return all(group.plot.width <= _inner(room, rim, len(group.frames)) for group in found)


def indent(rim: Rim, frames: int) -> float:
    """Say how far rows begin from the left within so many frames, px."""
    return (rim.start + ASIDE) * frames


def wrapped(rim: Rim, frames: int) -> float:
    """Say what so many frames take of the width, px."""
    return indent(rim, frames) + rim.end * frames


def _inner(room: float, rim: Rim, frames: int) -> float:
    return room - wrapped(rim, frames) - 2 * TURN


def _flat(item: Item) -> tuple[Part | Block, ...]:
    """Take a block apart that does not repeat."""
    if isinstance(item, Cells):
        raise TypeError(item)
    return item.body if isinstance(item, Block) and len(item.repeats) == 1 else (item,)


class _Grouping:
    """Sorts parts into groups; `torn` are the units that begin a part within a block."""

    def __init__(self, ruler: Ruler, torn: set[int]) -> None:
        self._ruler = ruler
        self._torn = torn

    def groups(
        self, parts: Sequence[Part | Block], room: float, frames: tuple[Path, ...]
    ) -> Iterator[Group]:
        """Sort what is within some frames of several rows."""
        level = len(frames[-1]) if frames else 0
        waiting: list[Part | Block] = []
        for run in self._ruler.framing.scopes.runs(parts, level):
            if run.path and not waiting and self._is_long(run, room, frames):
                yield from self.groups(run.parts, room, (*frames, run.path))
                continue
            for unit in [run.parts] if run.path else [(part,) for part in run.parts]:
                waiting += unit
                if not isinstance(unit[-1], Parallel):
                    yield self._group(waiting, level, frames)
                    waiting = []
        if waiting:
            yield self._group(waiting, level, frames)

    def _is_long(self, run: Run, room: float, frames: tuple[Path, ...]) -> bool:
        """Say whether a scope needs several rows, and can have them: with one way out."""
        if isinstance(run.parts[-1], Parallel):
            return False
        width = self._ruler.series(run.parts, level=len(run.path) - 1).width
        return width > _inner(room, self._ruler.framing.rim, len(frames))

    def _group(self, parts: Sequence[Part | Block], level: int, frames: tuple[Path, ...]) -> Group:
        torn = all_units(parts[0])[0] in self._torn
        return Group(self._ruler.series(parts, level=level), torn, frames)
