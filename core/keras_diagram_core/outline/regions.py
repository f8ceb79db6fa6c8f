"""Regions: what lies between two places that all ways go through, and where it joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keras_diagram_core.families import family
from keras_diagram_core.outline.dominators import Dominators
from keras_diagram_core.outline.flow import Flow, components
from keras_diagram_core.outline.parts import Part, chain_of, units_in
from keras_diagram_core.outline.units import main_of

IsLocal = Callable[[int, Sequence[Part], Part], bool]
"""Whether a region is one part: by the unit where it begins, its parts, and where it joins."""

AUTHORED = frozenset({"scope", "named", "level"})


def in_series(flow: Flow, order: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts in series: those that all ways go through, and regions between them.

    Args:
        flow: without side values.
        order: parts in an order in which they can run.
    """
    aside = [part for part in order if flow.beside.issuperset(units_in(part))]
    if aside and len(aside) < len(order):
        rest = [part for part in order if part not in aside]
        return (*aside, *in_series(flow, rest))
    if len(order) < 3 or any(part.kind == "level" for part in order):
        return tuple(order)
    return tuple(_with_embeddings(flow, _Trunk(flow, order).parts()))


def _with_embeddings(flow: Flow, parts: Sequence[Part]) -> list[Part]:
    """Return parts in series, an embedding and what is added to it as one."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if (
            part.kind == "region"
            and last
            and last.kind == "unit"
            and _embeds(flow, last)
            and _embeds(flow, *part.parts)
        ):
            found[-1] = Part("region", parts=(last, *part.parts))
        else:
            found.append(part)
    return found


def _embeds(flow: Flow, *parts: Part) -> bool:
    kinds = {family(main_of(flow.nodes(unit))) for unit in units_in(*parts)}
    return "embedding" in kinds and kinds <= {"embedding", "merge"}


def with_local_regions(flow: Flow, order: Sequence[Part], is_local: IsLocal) -> list[Part]:
    """Return parts, with each region that `is_local` accepts as one."""
    if len(order) < 3:
        return list(order)
    return _Trunk(flow, order).local_parts(is_local)


class _Trunk:
    """Some parts, and those among them that all ways go through.

    Vertex 0 of the graph is where everything begins; then there is one for each tensor from
    outside, one for each part, and one after all of which nothing here is used.
    """

    def __init__(self, flow: Flow, order: Sequence[Part]) -> None:
        self._flow = flow
        self._order = order
        groups = [units_in(part) for part in order]
        self._after = flow.after(groups)
        owner = {unit: place for place, group in enumerate(groups) for unit in group}
        entries: dict[tuple[str, int], int] = {}
        inside: list[list[int]] = [[] for _ in order]
        outside: list[list[int]] = [[] for _ in order]
        for place, group in enumerate(groups):
            for link in (link for unit in group for link in flow.into[unit]):
                source = owner.get(link.source)
                if source is None:
                    outside[place].append(entries.setdefault(link.tensor, len(entries) + 1))
                elif source != place:
                    inside[place].append(source)
        self._first = len(entries) + 1
        self._sources = [0, *(flow.home[node] for node, _ in entries)]
        self._before: list[list[int]] = [[], *([0] for _ in entries)]
        for place in range(len(order)):
            found = [*outside[place], *(self._first + source for source in inside[place])]
            self._before.append(list(dict.fromkeys(found)) or [0])
        ends = [self._first + place for place, after in enumerate(self._after) if not after]
        self._before.append(ends)
        self._dominators = Dominators(self._before)

    def parts(self) -> list[Part]:
        """Return what is on the trunk, with the region before each."""
        last = len(self._before) - 1
        chain = self._dominators.chain(last)
        regions = self._regions(chain)
        found: list[Part] = []
        for number, vertex in enumerate(chain[1:]):
            inside = regions[number]
            if vertex < self._first:
                regions[number + 1][:0] = inside
            elif vertex == last:
                found += self._ends(inside) if inside else []
            elif inside and self._is_block(inside, vertex - self._first, chain[number]):
                region = self._region(inside, self._order[vertex - self._first])
                found += [region] if self._merges(vertex) else region.parts
            else:
                row = self._branches(inside)
                found += [
                    *(part for branch in row for part in _plain(branch)),
                    self._order[vertex - self._first],
                ]
        return found

    def local_parts(self, is_local: IsLocal) -> list[Part]:
        """Return all parts, with the regions that are accepted as one."""
        chain = self._dominators.chain(len(self._before) - 1)
        regions = self._regions(chain)
        found: list[Part] = []
        for number, vertex in enumerate(chain[1:]):
            inside = regions[number]
            if vertex < self._first:
                regions[number + 1][:0] = inside
                continue
            join = self._order[vertex - self._first] if vertex < len(self._before) - 1 else None
            parts = [self._order[place] for place in inside]
            if (
                join
                and inside
                and self._is_block(inside, vertex - self._first, chain[number])
                and is_local(self._unit(chain[number]), parts, join)
            ):
                found.append(self._region(inside, join))
                continue
            for group in components(inside, self._after):
                members = [self._order[place] for place in group]
                if len(group) < len(self._order):
                    members = with_local_regions(self._flow, members, is_local)
                found += members
            if join:
                found.append(join)
        return found

    def _unit(self, vertex: int) -> int:
        """Return the unit that gives what begins at a vertex."""
        if vertex >= self._first:
            return max(units_in(self._order[vertex - self._first]))
        return self._sources[vertex]

    def _regions(self, chain: Sequence[int]) -> list[list[int]]:
        """Return the places of the parts behind each vertex of the trunk that are not on it."""
        on_trunk = {vertex: place for place, vertex in enumerate(chain)}
        behind: dict[int, int] = dict(on_trunk)
        regions: list[list[int]] = [[] for _ in chain]
        for vertex in range(1, len(self._before) - 1):
            if vertex in on_trunk:
                continue
            behind[vertex] = behind[self._dominators.parent[vertex]]
            if vertex >= self._first:
                regions[behind[vertex]].append(vertex - self._first)
        return regions

    def _is_block(self, places: Sequence[int], join: int, root: int) -> bool:
        """Whether parts are more than a chain that takes something from afar."""
        if len(components(places, self._after)) > 1:
            return True
        if any(self._order[place].kind in AUTHORED for place in (*places, join)):
            return False
        return root > 0 and root in self._before[self._first + join]

    def _merges(self, vertex: int) -> bool:
        """Whether a part does nothing but join what it takes."""
        units = units_in(self._order[vertex - self._first])
        return family(main_of(self._flow.nodes(units[0]))) == "merge"

    def _region(self, places: Sequence[int], join: Part) -> Part:
        fork = Part("parallel", parts=tuple(self._branches(places, join)))
        return Part("region", parts=(fork, join))

    def _ends(self, places: Sequence[int]) -> list[Part]:
        """Return what does not join again."""
        branches = self._branches(places)
        if len(branches) == 1:
            return list(_plain(branches[0]))
        if self._feed_each_other(branches):
            return branches
        return [Part("parallel", parts=tuple(branches))]

    def _feed_each_other(self, branches: Sequence[Part]) -> bool:
        """Whether a branch gives another a side value, as an encoder its decoder."""
        home = {unit: place for place, branch in enumerate(branches) for unit in units_in(branch)}
        ends = ((home.get(link.source), home.get(link.target)) for link in self._flow.aside)
        return any(None not in pair and pair[0] != pair[1] for pair in ends)

    def _branches(self, places: Sequence[int], join: Part | None = None) -> list[Part]:
        """Return what is side by side, in the order in which it joins."""
        groups = components(places, self._after)
        if join:
            groups.sort(key=self._rank(join))
        return [
            chain_of(in_series(self._flow, [self._order[place] for place in group]))
            if len(group) < len(self._order)
            else chain_of([self._order[place] for place in group])
            for group in groups
        ]

    def _rank(self, join: Part) -> Callable[[Sequence[int]], int]:
        """Return what sorts branches: as they are concatenated, else the longest first."""
        units = {place: set(units_in(self._order[place])) for place in range(len(self._order))}
        links = [link for unit in units_in(join) for link in self._flow.into[unit]]
        if self._flow.nodes(units_in(join)[0])[0].type != "Concatenate":
            return lambda group: -sum(len(units[place]) for place in group)

        def first(group: Sequence[int]) -> int:
            return next(
                (
                    rank
                    for rank, link in enumerate(links)
                    if any(link.source in units[p] for p in group)
                ),
                0,
            )

        return first


def _plain(part: Part) -> Sequence[Part]:
    return part.parts if part.kind == "branch" else (part,)
