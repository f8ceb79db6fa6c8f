"""Dominators of an acyclic graph, in n log n steps."""

from __future__ import annotations

from collections.abc import Sequence


class Dominators:
    """The tree of immediate dominators of a graph whose vertices are in topological order.

    The immediate dominator of a vertex is the nearest common ancestor, in that tree, of its
    predecessors; ancestors are found by jump pointers (M. Bender, M. Farach-Colton, "The level
    ancestor problem simplified", 2004).
    """

    def __init__(self, before: Sequence[Sequence[int]]) -> None:
        """Take the predecessors of each vertex; the first vertex is the root of all."""
        count = len(before)
        self.parent = [0] * count
        self.depth = [0] * count
        self._jump = [0] * count
        for vertex in range(1, count):
            sources = before[vertex]
            parent = sources[0]
            for source in sources[1:]:
                parent = self._common(parent, source)
            self.parent[vertex] = parent
            self.depth[vertex] = self.depth[parent] + 1
            jump = self._jump[parent]
            is_far = (
                self.depth[parent] - self.depth[jump]
                == self.depth[jump] - self.depth[self._jump[jump]]
            )
            self._jump[vertex] = self._jump[jump] if is_far else parent

    def chain(self, vertex: int) -> list[int]:
        """Return what dominates a vertex, from the root to itself."""
        found = [vertex]
        while vertex:
            vertex = self.parent[vertex]
            found.append(vertex)
        return found[::-1]

    def _common(self, one: int, other: int) -> int:
        if self.depth[one] < self.depth[other]:
            one, other = other, one
        one = self._lifted(one, self.depth[other])
        while one != other:
            if self._jump[one] != self._jump[other]:
                one, other = self._jump[one], self._jump[other]
            else:
                one, other = self.parent[one], self.parent[other]
        return one

    def _lifted(self, vertex: int, depth: int) -> int:
        while self.depth[vertex] > depth:
            jump = self._jump[vertex]
            vertex = jump if self.depth[jump] >= depth else self.parent[vertex]
        return vertex
