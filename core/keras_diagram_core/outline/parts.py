"""Parts: the working form of an outline, while borders are found and repetitions folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

Kind = Literal["unit", "scope", "named", "level", "region", "parallel", "branch", "row"]
"""What makes a part one.

A `unit` is a main operation. `scope` and `named` are borders of the author: an open model or
layer, a numbered prefix of names. A `level` has one resolution. A `region` lies between two
places that all ways go through: a `parallel` with its branches, then the place where they
join. A `branch` and a `row` are parts in series.
"""


class Part(Struct):
    """A part with all of its repetitions, and of those that it is in.

    Attributes:
        kind: what makes it a part.
        units: of a unit, the number of each of its repetitions; None where it is absent.
        parts: of all others.
        name: what the author calls it.
        path: of a scope.
        times: how often it repeats.
        is_sideways: whether its repetitions are side by side.
        is_shared: whether they are calls of the same layers.
        present: whether it is there, in each repetition of the innermost fold that it is in.
    """

    kind: Kind
    units: tuple[int | None, ...] = ()
    parts: tuple[Part, ...] = ()
    name: str = ""
    path: tuple[str, ...] = ()
    times: int = 1
    is_sideways: bool = False
    is_shared: bool = False
    present: tuple[bool, ...] = (True,)

    @property
    def exemplar(self) -> int:
        """The first unit, of a unit."""
        return next(unit for unit in self.units if unit is not None)


def unit_part(unit: int) -> Part:
    """Return the part that is one unit."""
    return Part("unit", units=(unit,))


def units_in(*parts: Part) -> list[int]:
    """Return all units in some parts, in the order of the tree."""
    return [unit for part in parts for unit in _units(part)]


def first_units_in(*parts: Part) -> list[int]:
    """Return one unit for each unit part in some parts."""
    return [leaf.exemplar for part in parts for leaf in leaves(part)]


def leaves(part: Part) -> Iterator[Part]:
    """Yield the unit parts in a part."""
    if part.kind == "unit":
        yield part
    for each in part.parts:
        yield from leaves(each)


def chain_of(parts: Sequence[Part]) -> Part:
    """Return parts in series as one branch."""
    return parts[0] if len(parts) == 1 else Part("branch", parts=tuple(parts))


def only_region(parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts of a block, or those of the region that is all of it."""
    while len(parts) == 1 and parts[0].kind in {"region", "branch", "row"} and parts[0].times == 1:
        parts = parts[0].parts
    return parts


def _units(part: Part) -> Iterator[int]:
    for leaf in leaves(part):
        yield from (unit for unit in leaf.units if unit is not None)
