"""Streams: parts of a model that run beside each other, one of which feeds another all along.

An encoder whose output every layer of a decoder looks at makes a graph that is neither in series
nor in parallel. Without the edges that leave the encoder it falls into two that are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from keras_diagram_core.transforms.cells import post_dominators
from keras_diagram_core.transforms.fuse import UnitGraph, part_of
from keras_diagram_core.transforms.structure import Mesh, Parallel, Part, Series, structure

MOST_SOURCES = 6
"""A model with more inputs is not taken apart."""

MOST_EDGES = 10_000
"""So many edges are looked at in search of cuts: counted, as a clock differs between machines."""


def streams(units: UnitGraph) -> list[UnitGraph]:
    """Return the streams of a unit graph in series and parallel, each before those that it feeds.

    A graph that has no such cut, needs none, or is too tangled to find one, is one stream.
    """
    fed = {target for _, target, _ in units.edges}
    has_several_sources = len(units.units) - len(fed) > 1
    return (_Search().cut(units) if has_several_sources else None) or [units]


class _Search:
    """Looks for cuts, of which there may be exponentially many, as long as edges are left."""

    def __init__(self) -> None:
        self._left = MOST_EDGES

    def cut(self, units: UnitGraph) -> list[UnitGraph] | None:
        """Cut a graph until no mesh is left; None if that cannot be done."""
        if self._left <= 0:
            return None
        self._left -= len(units.edges)
        if not _has_mesh(structure(units)):
            return [units]
        for members in _candidates(units):
            first = self.cut(part_of(units, sorted(members)))
            others = [unit for unit in range(len(units.units)) if unit not in members]
            rest = self.cut(part_of(units, others)) if first else None
            if first and rest:
                return [*first, *rest]
        return None


def _candidates(units: UnitGraph) -> Iterator[Collection[int]]:
    """Give what leads to a unit that alone feeds the rest, those that feed the fewest first."""
    count = len(units.units)
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in units.edges:
        before[target].append(source)
        after[source].append(target)
    sources = [unit for unit in range(count) if not before[unit]]
    if not 1 < len(sources) <= MOST_SOURCES:
        return
    above = post_dominators([*(users or [count] for users in after), []])
    chains = [_chain(source, above) for source in sources]
    common = set(chains[0]).intersection(*chains)
    exits = {[unit for unit in chain if unit not in common][-1] for chain in chains}
    for exit_ in sorted(exits, key=lambda unit: (len(after[unit]), unit)):
        members = _ancestors(exit_, before)
        inner = (after[unit] for unit in members if unit != exit_)
        is_closed = all(members.issuperset(users) for users in inner)
        if is_closed and not members.issuperset(sources):
            yield members


def _chain(unit: int, above: Sequence[int]) -> list[int]:
    """List a unit and what all its paths go through, as far as the end."""
    chain = [unit]
    while above[chain[-1]] != chain[-1]:
        chain.append(above[chain[-1]])
    return chain


def _ancestors(unit: int, before: Sequence[Sequence[int]]) -> set[int]:
    found, todo = {unit}, [unit]
    while todo:
        new = set(before[todo.pop()]) - found
        found |= new
        todo += new
    return found


def _has_mesh(part: Part | Series) -> bool:
    todo: list[Part | Series] = [part]
    while todo:
        match todo.pop():
            case Mesh():
                return True
            case Series(parts):
                todo.extend(parts)
            case Parallel(branches):
                todo.extend(branches)
    return False
