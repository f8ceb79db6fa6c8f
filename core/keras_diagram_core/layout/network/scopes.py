"""Scopes: which opened model or layer the parts of a network are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.structure import Parallel, Part, Series, units_of

Path = tuple[str, ...]
"""The names of a model and of those around it, the outermost first."""


class Run(NamedTuple):
    """Neighbours that are in the same scope, or (`path` is empty) in none that they fill."""

    path: Path
    parts: tuple[Part | Block, ...]


class Scopes:
    """The scopes of one network; those of a unit are the ones that all its nodes are in."""

    def __init__(self, graph: ModelGraph, units: UnitGraph) -> None:
        """Look up the scope of each unit."""
        paths = [[graph.by_id[id_].scope for id_ in unit.nodes] for unit in units.units]
        self._paths = [_common(scopes) for scopes in paths]
        self._nodes = Counter(prefix for node in graph.nodes for prefix in prefixes(node.scope))
        self._members: dict[Path, list[int]] = {}
        for unit, path in enumerate(self._paths):
            for prefix in prefixes(path):
                self._members.setdefault(prefix, []).append(unit)
        self._units = units
        self._neighbours: dict[int, set[int]] = {}
        for source, target, _ in units.edges:
            self._neighbours.setdefault(source, set()).add(target)
            self._neighbours.setdefault(target, set()).add(source)

    @classmethod
    def none(cls) -> Scopes:
        """Give the scopes of a network of which nobody asks."""
        return cls(ModelGraph(name="", nodes=(), edges=(), inputs=(), outputs=()), _NO_UNITS)

    def path(self, unit: int) -> Path:
        """Give the innermost scope that a unit is in."""
        return self._paths[unit] if self._paths else ()

    def is_whole(self, path: Path) -> bool:
        """Say whether no unit is in a scope with some of its nodes only."""
        return len(self.nodes(path)) == self._nodes[path]

    def members(self, path: Path) -> Sequence[int]:
        """List the units of a scope."""
        return self._members.get(path, ())

    def nodes(self, path: Path) -> tuple[str, ...]:
        """List the nodes of a scope's units."""
        return tuple(id_ for unit in self.members(path) for id_ in self._units.units[unit].nodes)

    def seen(self, units: Iterable[int]) -> list[Path]:
        """List the scopes that some units are in, the outer before the inner."""
        if not self._members:
            return []
        found = {prefix for unit in units for prefix in prefixes(self._paths[unit])}
        return sorted(found, key=lambda path: (len(path), self._members[path][0]))

    def runs(self, parts: Sequence[Part | Block], level: int) -> list[Run]:
        """Find neighbours that fill a scope; `level` is how many scopes are around all of them."""
        if not self._members:
            return [Run((), tuple(parts))]
        found: list[Run] = []
        for path, group in groupby(parts, lambda part: self._path(part, level)):
            run = tuple(group)
            count = sum(len(all_units(part)) for part in run)
            if not path or self._fills(path, count):
                found.append(Run(path, run))
            else:
                found += self.runs(run, level + 1)
        return found

    def _fills(self, path: Path, count: int) -> bool:
        """Say whether so many units are all of a scope, none of them also outside."""
        return count == len(self._members[path]) and self.is_whole(path)

    def _path(self, part: Part | Block, level: int) -> Path:
        """Give the scope below a level that a part is in as a whole, if any."""
        units = all_units(part)
        found = {self._paths[unit][: level + 1] for unit in units}
        path = next(iter(found)) if len(found) == 1 else ()
        if len(path) <= level or (_skips(part) and not self._reaches(path, units)):
            return ()
        return path

    def _reaches(self, path: Path, units: Sequence[int]) -> bool:
        """Say whether branches begin or end in a unit of a scope, and what leads past them too."""
        ends = set().union(*(self._neighbours[unit] for unit in units)).difference(units)
        return not ends.isdisjoint(self._members[path])


def all_units(part: Part | Block) -> list[int]:
    """List the units that a part stands for, those of all repetitions."""
    if isinstance(part, Block):
        return [unit for parts in part.repeats for unit in units_of(Series(parts))]
    return list(units_of(part))


def _skips(part: Part | Block) -> bool:
    """Say whether an edge leads past all that is in a part."""
    return isinstance(part, Parallel) and not all(branch.parts for branch in part.branches)


def prefixes(path: Path) -> Iterator[Path]:
    """Give a scope and those around it, the outermost first."""
    return (path[: level + 1] for level in range(len(path)))


def _common(paths: Sequence[Path]) -> Path:
    """Give the innermost scope that all of these are in."""
    levels = takewhile(lambda names: len(set(names)) == 1, zip(*paths, strict=False))
    return tuple(names[0] for names in levels)


_NO_UNITS = UnitGraph((), (), ())
