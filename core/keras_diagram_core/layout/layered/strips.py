"""Strips: the boxes of a model in the order of the data's flow, repetitions once."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Edge
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.fuse import Unit, UnitGraph
from keras_diagram_core.transforms.structure import Series, units_of

Tensor = tuple[str, int]
"""An output of a box: the name of the box, and which one it is."""


class Link(NamedTuple):
    """An edge between two boxes, which are named by the main nodes of their units."""

    source: str
    target: str
    edge: Edge

    @property
    def tensor(self) -> Tensor:
        """What it carries."""
        return self.source, self.edge.source_index


class Strip(NamedTuple):
    """Units side by side; where they repeat, the block whose exemplar they are."""

    units: tuple[Unit, ...]
    fold: Block | None = None


class Network(NamedTuple):
    """What is drawn; `alike` gives the further units that a box stands for, by its name."""

    strips: tuple[Strip, ...]
    links: tuple[Link, ...]
    alike: Mapping[str, Sequence[Unit]]

    @property
    def units(self) -> Iterator[Unit]:
        """All boxes, in order."""
        return (unit for strip in self.strips for unit in strip.units)


def network(units: UnitGraph, blocks: Sequence[Block] = ()) -> Network:
    """Set units in strips; of blocks that repeat, the first of their repetitions.

    An edge that leaves the last repetition leaves the first.
    """
    skipped: set[int] = set()
    exemplar: dict[int, int] = {}
    alike: dict[str, list[Unit]] = {}
    starts: dict[int, Strip] = {}
    for block in blocks:
        first, *others = (list(units_of(Series(parts))) for parts in block.repeats)
        skipped.update(first, *others)
        for index, *same in zip(first, *others, strict=True):
            alike[_name(units, index)] = [units.units[other] for other in same]
        exemplar |= dict(zip(others[-1], first, strict=True))
        starts[min(first)] = Strip(tuple(units.units[index] for index in sorted(first)), block)
    drawn = set(range(len(units.units))) - skipped | set(exemplar.values())
    links = [
        Link(_name(units, exemplar.get(source, source)), _name(units, target), edge)
        for source, target, edge in units.edges
        if target in drawn and (source in drawn or source in exemplar)
    ]
    links.sort(key=lambda link: link.edge)
    return Network(tuple(_strips(units, starts, skipped)), tuple(links), alike)


def _strips(
    units: UnitGraph, starts: Mapping[int, Strip], skipped: Container[int]
) -> Iterator[Strip]:
    """Put each block's strip where it starts, and what stands between into one strip each."""
    plain: list[Unit] = []
    for index, unit in enumerate(units.units):
        if index not in skipped:
            plain.append(unit)
        elif index in starts:
            if plain:
                yield Strip(tuple(plain))
            plain = []
            yield starts[index]
    if plain:
        yield Strip(tuple(plain))


def _name(units: UnitGraph, index: int) -> str:
    return units.units[index].main
