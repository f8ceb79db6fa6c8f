"""Structure: a unit graph as a tree of series and parallel parts.

Every operation graph that reduces to one edge by series and parallel reductions has such a
tree (J. Valdes, R. Tarjan, E. Lawler, "The recognition of series parallel digraphs", SIAM J.
Comput. 11(2), 1982). What remains of the others is cut where all paths meet; the regions
between become meshes of cells.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from keras_diagram_core.transforms.cells import Cell, cell, gather
from keras_diagram_core.transforms.fuse import UnitGraph, inputs_of


class Leaf(Struct, frozen=True, tag=True):
    """One unit, by its index."""

    unit: int


class Series(Struct, frozen=True, tag=True):
    """Parts one after the other; no part at all is a plain connection."""

    parts: tuple[Part, ...] = ()


class Parallel(Struct, frozen=True, tag=True):
    """Branches that leave the part before and meet in the part after; plain connections last."""

    branches: tuple[Series, ...]


class Mesh(Struct, frozen=True, tag=True):
    """Cells that are neither in series nor in parallel, in an order in which they can run.

    The last one ends with the unit where all paths meet, if there is one.
    """

    cells: tuple[Cell, ...]


Part = Leaf | Parallel | Mesh


def structure(graph: UnitGraph) -> Series:
    """Find the tree of a unit graph; the parts of its root are in series."""
    reduction = _Reduction(graph)
    reduction.run()
    return reduction.result()


def units_of(part: Part | Series) -> Iterator[int]:
    """List the units in a part, each once, in the order of the tree."""
    todo: list[Part | Series] = [part]
    while todo:
        current = todo.pop()
        match current:
            case Leaf():
                yield current.unit
            case Series():
                todo.extend(reversed(current.parts))
            case Parallel():
                todo.extend(reversed(current.branches))
            case Mesh():
                yield from (unit for cell in current.cells for unit in cell.units)


class _Reduction:
    """A multigraph of units whose edges are the branches found so far."""

    def __init__(self, graph: UnitGraph) -> None:
        count = len(graph.units)
        self._inputs = inputs_of(graph)
        self._start, self._end = count, count + 1
        self._after: list[dict[int, list[list[Part]]]] = [{} for _ in range(count + 2)]
        self._before: list[set[int]] = [set() for _ in range(count + 2)]
        for source, target in dict.fromkeys((source, target) for source, target, _ in graph.edges):
            self._connect(source, target, [])
        for unit in range(count):
            if not self._before[unit]:
                self._connect(self._start, unit, [])
            if not self._after[unit]:
                self._connect(unit, self._end, [])

    def run(self) -> None:
        """Reduce until nothing more can be reduced, each unit at most once."""
        waiting = deque(range(self._start))
        gone: set[int] = set()
        while waiting:
            unit = waiting.popleft()
            if unit in gone or len(self._before[unit]) != 1 or len(self._after[unit]) != 1:
                continue
            gone.add(unit)
            [source], [target] = self._before[unit], self._after[unit]
            parts = self._take(source, unit)
            parts.append(Leaf(unit))
            parts.extend(self._take(unit, target))
            self._connect(source, target, parts)
            waiting.extend(end for end in (target, source) if end < self._start)

    def result(self) -> Series:
        """Give the whole as a series, cut where all paths meet."""
        order = self._order()
        parts: list[Part] = []
        for cut, following in _segments(order, self._after):
            inside = order[order.index(cut) + 1 : order.index(following)]
            if inside:
                parts.append(self._mesh([cut, *inside, following]))
                continue
            parts.extend(self._take(cut, following))
            if following != self._end:
                parts.append(Leaf(following))
        return Series(tuple(parts))

    def _connect(self, source: int, target: int, branch: list[Part]) -> None:
        self._after[source].setdefault(target, []).append(branch)
        self._before[target].add(source)

    def _take(self, source: int, target: int) -> list[Part]:
        """Remove the branches between two units, and give them as a list of parts."""
        branches = self._after[source].pop(target)
        self._before[target].discard(source)
        if len(branches) == 1:
            return branches[0]
        full = sorted((b for b in branches if b), key=lambda b: min(units_of(Series(tuple(b)))))
        plain = [branch for branch in branches if not branch]
        return [Parallel(tuple(Series(tuple(branch)) for branch in full + plain))]

    def _order(self) -> list[int]:
        """Sort what remains so that every branch runs forward."""
        left = {self._start, self._end} | {v for v in range(self._start) if self._after[v]}
        waiting = {vertex: len(self._before[vertex]) for vertex in left}
        ready, order = [self._start], []
        while ready:
            vertex = ready.pop()
            order.append(vertex)
            for target in sorted(self._after[vertex], reverse=True):
                waiting[target] -= 1
                if not waiting[target]:
                    ready.append(target)
        return order

    def _mesh(self, vertices: Sequence[int]) -> Mesh:
        """Sort what lies between the first and the last of these vertices into cells."""
        before, *inside = vertices
        place = {vertex: index for index, vertex in enumerate(inside)}
        after = [[place[user] for user in self._after[vertex]] for vertex in inside[:-1]]
        home = gather([*after, []])
        members: dict[int, list[int]] = {exit_: [] for exit_ in sorted(set(home))}
        for vertex in inside:
            if vertex != self._end:
                members[home[place[vertex]]].append(vertex)
        for source in (before, *inside[:-1]):
            for target in sorted(self._after[source]):
                if target in place:
                    link = Series(tuple(self._take(source, target)))
                    members[home[place[target]]].extend(units_of(link))
        return Mesh(tuple(cell(set(units), self._inputs) for units in members.values() if units))


def _segments(
    order: Sequence[int], after: Sequence[dict[int, list[list[Part]]]]
) -> list[tuple[int, int]]:
    """Pair up the vertices that every path goes through."""
    place = {vertex: index for index, vertex in enumerate(order)}
    cuts, reach = [], 0
    for index, vertex in enumerate(order):
        if reach <= index:
            cuts.append(vertex)
        reach = max([reach, *(place[target] for target in after[vertex])])
    return list(pairwise(cuts))
