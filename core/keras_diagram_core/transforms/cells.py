"""Cells: what of a mesh only one unit leads out of, found by post-dominators.

A vertex is post-dominated by those that every path from it to the end goes through. The tree of
immediate post-dominators is found as in K. Cooper, T. Harvey, K. Kennedy, "A simple, fast
dominance algorithm" (2001); without cycles one pass is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce

from msgspec import Struct


class Cell(Struct, frozen=True):
    """Units of which only the last, the exit, is used by others, and the units that they use.

    Both stand in the order of a walk against the edges, so that cells that are built alike have
    their units in the same order. The cell that ends a model may have several exits.
    """

    units: tuple[int, ...]
    sources: tuple[int, ...]

    @property
    def exit(self) -> int:
        """The unit whose output others use."""
        return self.units[-1]


def gather(after: Sequence[Collection[int]]) -> list[int]:
    """Put each vertex of a mesh into a cell, named by the vertex that is its exit.

    Args:
        after: the vertices that use each vertex, all of a higher index; the last is the end.

    Returns:
        The exit for each vertex. A vertex that several cells use is a cell of its own.
    """
    end = len(after) - 1
    above = post_dominators(after)
    below: list[list[int]] = [[] for _ in after]
    home = list(range(len(after)))
    for vertex in range(len(after)):
        for member in below[vertex]:
            home[member] = vertex
        # What holds something is a cell; what holds nothing is part of the next one.
        if not below[vertex] and vertex != end:
            below[above[vertex]].append(vertex)
    for vertex in reversed(range(end)):
        if home[vertex] != vertex and any(home[user] != home[vertex] for user in after[vertex]):
            home[vertex] = vertex
    return home


def post_dominators(after: Sequence[Collection[int]]) -> list[int]:
    """Give the next vertex that all paths from each vertex go through; the end has itself."""
    end = len(after) - 1
    above = [end] * len(after)

    def meet(one: int, other: int) -> int:
        while one != other:
            if one < other:
                one = above[one]
            else:
                other = above[other]
        return one

    for vertex in reversed(range(end)):
        above[vertex] = reduce(meet, after[vertex])
    return above


def cell(units: Collection[int], inputs: Mapping[int, Sequence[int]]) -> Cell:
    """List the units of a cell, and what they use, in the order of a walk from its exit.

    Args:
        units: what is in the cell.
        inputs: the units that each unit uses, in the order of its inputs.
    """
    used = {source for unit in units for source in inputs.get(unit, ())}
    todo = [(unit, False) for unit in sorted(set(units) - used, reverse=True)]
    seen: set[int] = set()
    order: list[int] = []
    sources: list[int] = []
    while todo:
        unit, is_left = todo.pop()
        if is_left:
            order.append(unit)
        elif unit in seen:
            continue
        elif unit not in units:
            sources.append(unit)
        else:
            todo.append((unit, True))
            todo += [(source, False) for source in reversed(inputs.get(unit, ()))]
        seen.add(unit)
    return Cell(tuple(order), tuple(sources))
