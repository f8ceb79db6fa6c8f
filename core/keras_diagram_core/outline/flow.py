"""Flow: the units of a model and the tensors between them, for looking at any part of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush

from msgspec import Struct

from keras_diagram_core.graph import Endpoint, ModelGraph, Node


class Link(Struct, frozen=True):
    """A tensor that flows from one unit to another.

    Attributes:
        source: the unit that gives it.
        target: the unit that takes it.
        tensor: the node that gives it, and which of its outputs.
        port: the node that takes it, and as which of its inputs.
        role: what the target calls that input, if it tells several apart.
    """

    source: int
    target: int
    tensor: tuple[str, int]
    port: tuple[str, int]
    role: str = ""


class Flow:
    """The units of a graph, by number, in an order in which they can run.

    Attributes:
        graph: what the units are of.
        units: the ids of the nodes of each.
        home: the unit of each node.
        into: what each unit takes, in the order of its inputs.
        out_of: what is taken from each unit.
        aside: the links that were left out.
    """

    def __init__(
        self,
        graph: ModelGraph,
        units: Sequence[tuple[str, ...]],
        aside: Collection[Link] = (),
    ) -> None:
        """Connect units by the edges of the graph; each node is in one unit."""
        self.graph = graph
        self.units = units
        self.home = {id_: number for number, unit in enumerate(units) for id_ in unit}
        self.into: list[list[Link]] = [[] for _ in units]
        for edge in graph.edges:
            source, target = self.home[edge.source], self.home[edge.target]
            if source != target:
                tensor, port = (edge.source, edge.source_index), (edge.target, edge.target_index)
                self.into[target].append(Link(source, target, tensor, port, edge.role))
        place = {node.id: number for number, node in enumerate(graph.nodes)}
        for links in self.into:
            links.sort(key=lambda link: (place[link.port[0]], link.port[1]))
        self.into = [[link for link in links if link not in aside] for links in self.into]
        self.out_of: list[list[Link]] = [[] for _ in units]
        for link in (link for links in self.into for link in links):
            self.out_of[link.source].append(link)
        self.aside = tuple(aside)

    def without(self, aside: Collection[Link]) -> Flow:
        """Return the same units without some links."""
        return Flow(self.graph, self.units, aside)

    def nodes(self, unit: int) -> list[Node]:
        """Return the nodes of a unit in the order in which they run."""
        return [self.graph.by_id[id_] for id_ in self.units[unit]]

    @cached_property
    def inputs(self) -> Mapping[int, Endpoint]:
        """The units that are inputs of the model."""
        return {self.home[end.node]: end for end in self.graph.inputs}

    @cached_property
    def outputs(self) -> Mapping[int, Sequence[Endpoint]]:
        """The outputs of the model that each unit gives."""
        found: dict[int, list[Endpoint]] = defaultdict(list)
        for end in self.graph.outputs:
            found[self.home[end.node]].append(end)
        return found

    @cached_property
    def beside(self) -> frozenset[int]:
        """The units from which ways lead to an output through side values alone."""
        ends = {*self.outputs, *(link.source for link in self.aside)}
        return frozenset(self._leading(ends) - self._leading(self.outputs))

    def _leading(self, ends: Collection[int]) -> set[int]:
        """Return the units from which a way leads to some of these."""
        found: set[int] = set()
        for unit in reversed(range(len(self.units))):
            if unit in ends or any(link.target in found for link in self.out_of[unit]):
                found.add(unit)
        return found

    def after(self, groups: Sequence[Collection[int]]) -> list[list[int]]:
        """Return which groups of units take something from each group, each once, by places."""
        owner = {unit: place for place, group in enumerate(groups) for unit in group}
        found: list[list[int]] = []
        for place, group in enumerate(groups):
            targets = (owner.get(link.target) for unit in group for link in self.out_of[unit])
            found.append([t for t in dict.fromkeys(targets) if t is not None and t != place])
        return found


def sorted_groups(after: Sequence[Sequence[int]]) -> list[int]:
    """Return places in an order in which they can run, without those on cycles."""
    waiting = [0] * len(after)
    for targets in after:
        for target in targets:
            waiting[target] += 1
    ready = [place for place, count in enumerate(waiting) if not count]
    heapify(ready)
    order = []
    while ready:
        place = heappop(ready)
        order.append(place)
        for target in after[place]:
            waiting[target] -= 1
            if not waiting[target]:
                heappush(ready, target)
    return order


def components(places: Sequence[int], after: Sequence[Collection[int]]) -> list[list[int]]:
    """Return places in groups that are connected with each other, in order."""
    leader = {place: place for place in places}

    def find(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for place in places:
        for target in after[place]:
            if target in leader:
                leader[find(target)] = find(place)
    groups: dict[int, list[int]] = defaultdict(list)
    for place in places:
        groups[find(place)].append(place)
    return list(groups.values())
