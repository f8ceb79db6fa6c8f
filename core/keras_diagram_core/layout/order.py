"""Order: the nodes of a graph in one line, along which the data flows; what is connected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from keras_diagram_core.graph import ModelGraph


def linear_order(graph: ModelGraph) -> list[str]:
    """Sort the nodes so that every edge runs forward and chains stay together.

    Kahn's algorithm (Communications of the ACM 5(11), 1962) with a stack in place of the
    queue: after a node comes one of its own successors, as long as one is ready.
    """
    successors: dict[str, list[str]] = defaultdict(list)
    waiting: dict[str, int] = {node.id: 0 for node in graph.nodes}
    for edge in graph.edges:
        successors[edge.source].append(edge.target)
        waiting[edge.target] += 1
    stack = [node.id for node in reversed(graph.nodes) if not waiting[node.id]]
    order: list[str] = []
    while stack:
        current = stack.pop()
        order.append(current)
        ready = []
        for successor in successors[current]:
            waiting[successor] -= 1
            if not waiting[successor]:
                ready.append(successor)
        stack.extend(reversed(ready))
    return order


def connected(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Give for each of so many things the lowest one that it is connected with."""
    first = list(range(count))

    def root(unit: int) -> int:
        while first[unit] != unit:
            first[unit] = first[first[unit]]
            unit = first[unit]
        return unit

    for source, target in pairs:
        low, high = sorted((root(source), root(target)))
        first[high] = low
    return [root(unit) for unit in range(count)]
