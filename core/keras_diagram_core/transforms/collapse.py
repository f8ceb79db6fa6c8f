"""Collapse: layers and blocks that a document selects, as one unit for all repetitions.

What is selected may stand anywhere in series, in a branch too. A block may have branches inside
it, as residual blocks do, as long as it has one way in and one way out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.graph import Edge, ModelGraph, Node
from keras_diagram_core.options import CollapseRule
from keras_diagram_core.transforms.fold import LONGEST_BODY
from keras_diagram_core.transforms.fuse import Unit, UnitGraph
from keras_diagram_core.transforms.structure import (
    Leaf,
    Parallel,
    Part,
    Series,
    structure,
    units_of,
)


class Repeat(NamedTuple):
    """A unit that stands for repetitions: by which rule, and the units of the first of them."""

    rule: CollapseRule
    first: tuple[Unit, ...]


class Collapsed(NamedTuple):
    """A unit graph with what was collapsed, by unit, and which rules selected nothing."""

    units: UnitGraph
    repeats: Mapping[int, Repeat]
    idle: tuple[int, ...]


def collapse(graph: ModelGraph, units: UnitGraph, rules: Sequence[CollapseRule]) -> Collapsed:
    """Make one unit of what each rule selects; earlier rules go first.

    Args:
        graph: the model.
        units: its units.
        rules: what to collapse. A layer is selected by the class or name of a unit's main
            operation. A block is selected by those of the nodes on a path through it, or of
            the main operations on a path.
    """
    finder = _Finder(graph, units)
    found = [(rule, list(finder.find(rule))) for rule in rules]
    idle = tuple(number for number, (_, bodies) in enumerate(found, 1) if not bodies)
    return _merged(units, [(rule, run) for rule, runs in found for run in runs], idle)


Bodies = list[list[int]]
"""The units of each repetition."""


class _Finder:
    """Looks for what rules select; what one has found is not there for the next."""

    def __init__(self, graph: ModelGraph, units: UnitGraph) -> None:
        self._graph = graph
        self._units = units.units
        self._nodes: dict[str, list[str]] = defaultdict(list)
        for edge in graph.edges:
            self._nodes[edge.source].append(edge.target)
        mains = [unit.main for unit in units.units]
        self._mains: dict[str, list[str]] = defaultdict(list)
        for source, target, _ in units.edges:
            self._mains[mains[source]].append(mains[target])
        self._series = list(_all_series(structure(units)))
        self._taken: set[int] = set()

    def find(self, rule: CollapseRule) -> Iterator[Bodies]:
        """Give each run of as many repetitions as the rule asks for."""
        for series in self._series:
            start = 0
            while start < len(series.parts):
                run, end = self._run(series.parts, start, rule)
                if run:
                    self._taken.update(unit for body in run for unit in body)
                    yield run
                start = end if run else start + 1

    def _run(self, parts: Sequence[Part], start: int, rule: CollapseRule) -> tuple[Bodies, int]:
        run: Bodies = []
        for _ in range(rule.repeat_count):
            length = self._length(parts[start : start + LONGEST_BODY], rule)
            if not length:
                return [], start
            run.append(sorted(units_of(Series(tuple(parts[start : start + length])))))
            start += length
        return run, start

    def _length(self, parts: Sequence[Part], rule: CollapseRule) -> int:
        """Say how many of the next parts a rule selects; 0 if it does not."""
        members: list[int] = []
        for length, part in enumerate(parts, 1):
            members += units_of(part)
            if self._taken & set(members):
                return 0
            if isinstance(part, Leaf) and self._selects(rule, members):
                return length
            if rule.kind == "layer":
                return 0
        return 0

    def _selects(self, rule: CollapseRule, members: Sequence[int]) -> bool:
        units = [self._units[unit] for unit in members]
        mains = {unit.main for unit in units}
        if rule.kind == "layer":
            return self._fits(units[0].main, rule.selector[0])
        nodes = {id_ for unit in units for id_ in unit.nodes}
        return self._leads(nodes, self._nodes, rule) or self._leads(mains, self._mains, rule)

    def _leads(
        self, members: AbstractSet[str], after: Mapping[str, Sequence[str]], rule: CollapseRule
    ) -> bool:
        """Say whether the selector names what is on a path from where members begin to the end."""
        inner = {id_: [n for n in after.get(id_, ()) if n in members] for id_ in members}
        here = members - {target for targets in inner.values() for target in targets}
        for number, name in enumerate(rule.selector):
            if number:
                here = {target for id_ in here for target in inner[id_]}
            here = {id_ for id_ in here if self._fits(id_, name)}
        return any(not inner[id_] for id_ in here)

    def _fits(self, id_: str, name: str) -> bool:
        return name in _labels(self._graph.by_id[id_])


def _labels(node: Node) -> tuple[str, ...]:
    return node.type, node.name, "/".join((*node.scope, node.name))


def _all_series(root: Series) -> Iterator[Series]:
    """List the root and all branches, the outermost first."""
    todo = [root]
    while todo:
        series = todo.pop()
        yield series
        for part in series.parts:
            if isinstance(part, Parallel):
                todo += part.branches


def _merged(
    units: UnitGraph, runs: Sequence[tuple[CollapseRule, Bodies]], idle: tuple[int, ...]
) -> Collapsed:
    """Put the units of each run into one, where the first of them stood."""
    home = {min(body[0] for body in run): (rule, run) for rule, run in runs}
    gone = {unit for _, run in runs for body in run for unit in body} - set(home)
    place: dict[int, int] = {}
    merged: list[Unit] = []
    repeats: dict[int, Repeat] = {}
    for index, unit in enumerate(units.units):
        if index in home:
            rule, run = home[index]
            members = [member for body in run for member in body]
            place |= dict.fromkeys(members, len(merged))
            repeats[len(merged)] = Repeat(rule, tuple(units.units[member] for member in run[0]))
            nodes = tuple(id_ for member in members for id_ in units.units[member].nodes)
            merged.append(Unit(unit.main, nodes))
        elif index not in gone:
            place[index] = len(merged)
            merged.append(unit)
    inner = list(units.inner)
    outer: dict[Hashable, tuple[int, int, Edge]] = {}
    for source, target, edge in units.edges:
        ends = place[source], place[target]
        if ends[0] == ends[1]:
            inner.append(edge)
            continue
        # A block that uses a tensor in several places takes it once.
        once = (edge.source, edge.source_index) if ends[1] in repeats else edge
        outer.setdefault((ends, once), (*ends, edge))
    graph = replace(units, units=tuple(merged), edges=tuple(outer.values()), inner=tuple(inner))
    return Collapsed(graph, repeats, idle)
