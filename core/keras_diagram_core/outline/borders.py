"""Borders: units that are one part for their author, or because they are on one level."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.outline.flow import Flow, components, sorted_groups
from keras_diagram_core.outline.levels import Level, Levels, range_of
from keras_diagram_core.outline.names import (
    common_words,
    is_automatic,
    numbered_prefixes,
    plain_prefix,
)
from keras_diagram_core.outline.parts import Part, unit_part, units_in
from keras_diagram_core.outline.regions import in_series, with_local_regions

_FEWEST_UNITS = 3
_FIRST = frozenset({"Rescaling", "Normalization"})

Border = tuple[str, tuple[str, ...] | str | int]
"""What units of one part share: `scope` and a path, `named` and a prefix; or `unit`."""


def part_of_model(flow: Flow, levels: Levels) -> tuple[Part, ...]:
    """Return the parts of a whole model in series, inputs not included."""
    units = [unit for unit in range(len(flow.units)) if unit not in flow.inputs]
    return _Borders(flow, levels).parts(units, (), 0)


def author_borders(graph: ModelGraph) -> Callable[[Node, Node], bool]:
    """Return whether two nodes are on different sides of a border of the author's."""
    outermost = {
        node.id: (numbered_prefixes(f"{node.name}_") or [""])[0]
        for node in graph.nodes
        if not is_automatic(node)
    }
    count = Counter((node.scope, outermost.get(node.id)) for node in graph.nodes)

    def prefix(node: Node) -> str:
        own = outermost[node.id]
        return own if count[node.scope, own] > 1 else ""

    def is_border(one: Node, other: Node) -> bool:
        if one.scope != other.scope:
            return True
        if one.id not in outermost or other.id not in outermost:
            return False
        first, second = prefix(one), prefix(other)
        is_near = (first and first in other.name) or (second and second in one.name)
        return first != second and not is_near

    return is_border


class _Borders:
    """Cuts units along the author's borders, then by levels, then into regions."""

    def __init__(self, flow: Flow, levels: Levels) -> None:
        self._flow = flow
        self._levels = levels
        self._prefixes = _shared_prefixes(flow)
        self._common = common_words({prefixes[0] for prefixes in self._prefixes if prefixes})

    def parts(self, units: Sequence[int], scope: tuple[str, ...], depth: int) -> tuple[Part, ...]:
        """Return the parts of units that are in one scope, and in `depth` prefixes of names."""
        parts = self._authored(units, scope, depth)
        if not depth:
            parts = with_local_regions(self._flow, self._sorted(parts), self._is_local)
            parts = self._by_level(parts)
        return in_series(self._flow, self._sorted(parts))

    def _authored(self, units: Sequence[int], scope: tuple[str, ...], depth: int) -> list[Part]:
        """Group units by the author's borders; a group on a cycle with others is none."""
        groups: dict[Border, list[int]] = defaultdict(list)
        for unit in units:
            groups[self._border(unit, scope, depth)].append(unit)
        self._close(groups)
        order = sorted_groups(self._flow.after(list(groups.values())))
        cut = set(range(len(groups))).difference(order)
        parts: list[Part] = []
        for place, ((kind, key), members) in enumerate(groups.items()):
            if kind == "unit":
                parts.append(unit_part(members[0]))
            elif place in cut and len(members) > 1:
                parts += map(unit_part, members)
            elif isinstance(key, tuple):
                parts.append(
                    Part("scope", parts=self.parts(members, key, 0), name=key[-1], path=key)
                )
            elif len(members) == 1:
                parts.append(unit_part(members[0]))
            else:
                inner = self.parts(members, scope, depth + 1)
                if len(inner) == 1 and inner[0].kind == "named":
                    inner = inner[0].parts
                prefixes = [self._prefixes[unit] for unit in members if self._prefixes[unit]]
                outer = prefixes[0][depth - 1] if depth else self._common
                name = str(key).removeprefix(outer).lstrip("_-./")
                parts.append(Part("named", parts=inner, name=name))
        return parts

    def _border(self, unit: int, scope: tuple[str, ...], depth: int) -> Border:
        path = self._flow.nodes(unit)[0].scope
        if len(path) > len(scope):
            return "scope", path[: len(scope) + 1]
        prefixes = self._prefixes[unit]
        return ("named", prefixes[depth]) if len(prefixes) > depth else ("unit", unit)

    def _close(self, groups: dict[Border, list[int]]) -> None:
        """Add unnamed units to a group that has ways through them."""
        alone = {
            group[0]
            for (kind, _), group in groups.items()
            if kind == "unit" and all(map(is_automatic, self._flow.nodes(group[0])))
        }
        for (kind, _), group in list(groups.items()):
            if kind != "named" or len(group) < 2:
                continue
            between = [unit for unit in range(group[0], group[-1]) if unit in alone]
            members, below, inside = set(group), set[int](), set[int]()
            for unit in between:
                if any(
                    link.source in members or link.source in below
                    for link in self._flow.into[unit]
                ):
                    below.add(unit)
            for unit in reversed(between):
                targets = {link.target for link in self._flow.out_of[unit]}
                if unit in below and not targets.isdisjoint(members | inside):
                    inside.add(unit)
            inside |= self._tail(members | inside, alone - inside)
            for unit in inside:
                alone.discard(unit)
                del groups["unit", unit]
            group[:] = sorted(members | inside)

    def _tail(self, members: set[int], alone: set[int]) -> set[int]:
        """Return the addition that ends a group, with its shortcut."""
        entries = {link.source for unit in members for link in self._flow.into[unit]} - members
        users = sorted(
            {link.target for unit in members for link in self._flow.out_of[unit]} & alone
        )
        for join in users:
            nodes = self._flow.nodes(join)
            if family(nodes[0]) != "merge":
                continue
            others = {link.source for link in self._flow.into[join]} - members - entries
            shortcuts = {
                unit
                for unit in others & alone
                if {link.source for link in self._flow.into[unit]} <= entries
                and {link.target for link in self._flow.out_of[unit]} == {join}
            }
            if others == shortcuts:
                return {join, *shortcuts}
        return set()

    def _sorted(self, parts: Sequence[Part]) -> list[Part]:
        """Return parts in an order in which they can run, else as in the model."""
        first = sorted(parts, key=lambda part: max(units_in(part)))
        order = sorted_groups(self._flow.after([units_in(part) for part in first]))
        return [first[place] for place in order]

    def _by_level(self, parts: list[Part]) -> list[Part]:
        """Group parts by level, where there are several with a few parts each.

        What an author named is on a level only if others are there, too: else it is a stage.
        """
        groups = [units_in(part) for part in parts]
        places = [
            self._usual_place(group) if part.kind == "named" else self._levels.place(group[-1])
            for part, group in zip(parts, groups, strict=True)
        ]
        named = [place for place, part in zip(places, parts, strict=True) if part.kind == "named"]
        are_stages = len(set(named)) == len(named) or any(map(_has_named, parts))
        free = [
            number
            for number, part in enumerate(parts)
            if part.kind in {"unit", "region"} or (part.kind == "named" and not are_stages)
        ]
        after = self._flow.after(groups)
        joined = [
            [t for t in targets if places[t] == places[number] and places[number][0]]
            for number, targets in enumerate(after)
        ]
        levels = [list(group) for group in components(free, joined) if places[group[0]][0]]
        _take_between(levels, [number for number in free if not places[number][0]], after)
        sizes = sorted(sum(len(groups[number]) for number in group) for group in levels)
        if range_of([places[group[0]][0] for group in levels]) < 2:
            return parts
        if sizes[-1] < _FEWEST_UNITS or sizes[-2] < (
            _FEWEST_UNITS if len(levels) < _FEWEST_UNITS else 2
        ):
            return parts
        return self._grouped(parts, levels, has_stages=bool(named) and are_stages)

    def _usual_place(self, units: Sequence[int]) -> tuple[Level | None, int]:
        """Return where most of some units are: a pooling may end a stage."""
        return Counter(map(self._levels.place, units)).most_common(1)[0][0]

    def _is_local(self, start: int, inside: Sequence[Part], join: Part) -> bool:
        """Whether a region is on the level where it joins, or leads there from the last."""
        if any(part.kind == "scope" for part in (*inside, join)):
            return False
        first, last = self._levels.place(start), self._levels.place(max(units_in(join)))
        places = {self._levels.place(unit) for part in inside for unit in units_in(part)}
        if last[1] - first[1] > 1:
            return first[0] == last[0] and self._is_pyramid(inside)
        return {place for place in places if place[0]} <= {first, last}

    def _is_pyramid(self, inside: Sequence[Part]) -> bool:
        """Whether several branches leave a level side by side, and come back to it at once."""
        groups = [units_in(part) for part in inside]
        branches = components(range(len(inside)), self._flow.after(groups))
        return len(branches) >= _FEWEST_UNITS

    def _grouped(
        self, parts: Sequence[Part], levels: Sequence[Sequence[int]], *, has_stages: bool
    ) -> list[Part]:
        """Return parts with those of one level as one, where that is no cycle."""
        kept = [
            group for group in levels if not self._is_stem(parts, group, has_stages=has_stages)
        ]
        taken = {number for group in kept for number in group}
        wholes = [*kept, *([number] for number in range(len(parts)) if number not in taken)]
        units = [
            [unit for number in group for unit in units_in(parts[number])] for group in wholes
        ]
        fine = set(sorted_groups(self._flow.after(units)))
        found: list[Part] = []
        for place, group in enumerate(wholes):
            members = [parts[number] for number in group]
            if place < len(kept) and place in fine:
                inner = in_series(self._flow, self._sorted(members))
                exits = [max(units_in(member)) for member in members]
                exits = [unit for unit in exits if self._levels.of[unit]]
                found.append(Part("level", parts=inner, name=self._levels.label(exits)))
            else:
                found += members
        return found

    def _is_stem(self, parts: Sequence[Part], group: Sequence[int], *, has_stages: bool) -> bool:
        """Whether a level is but one part beside named stages, or prepares the input."""
        members = [parts[number] for number in group]
        if len(members) == 1 and (has_stages or members[0].kind == "named"):
            return True
        nodes = [
            node for part in members for unit in units_in(part) for node in self._flow.nodes(unit)
        ]
        return all(node.type in _FIRST for node in nodes)


def _take_between(
    groups: Sequence[list[int]], others: Sequence[int], after: Sequence[Sequence[int]]
) -> None:
    """Add what is only on ways that leave a group and return, as a pooling to one pixel."""
    home = {number: place for place, group in enumerate(groups) for number in group}
    below: dict[int, set[int]] = defaultdict(set)
    for number in sorted({*home, *others}):
        mine = {home[number]} if number in home else below[number]
        for target in after[number]:
            if target not in home:
                below[target] |= mine if len(mine) < 2 else {-1, -2}
    above: dict[int, set[int]] = {}
    for number in sorted(others, reverse=True):
        found = [home.get(target, -1) if target in home else -3 for target in after[number]]
        nested = [above.get(target, {-1}) for target in after[number] if target not in home]
        above[number] = {place for place in found if place != -3}.union(*nested)
        if len(above[number]) == 1 and above[number] == below[number] and -1 not in above[number]:
            groups[above[number].pop()].append(number)
            above[number] = set(below[number])


def _has_named(part: Part) -> bool:
    """Whether a part of the author's has parts of the author's, as a stage has blocks."""
    todo = list(part.parts) if part.kind == "named" else []
    while todo:
        each = todo.pop()
        if each.kind == "named":
            return True
        todo += each.parts
    return False


def _shared_prefixes(flow: Flow) -> list[list[str]]:
    """Return the prefixes of names that several units of a scope have, outer before inner.

    They end with a number; where some do, one without a number counts as well, such as
    `bottleneck` beside `enc1`, if it belongs to units in a row and names no operation.
    """
    first = [flow.nodes(unit)[0] for unit in range(len(flow.units))]
    is_named = [not is_automatic(node) and family(node) != "io" for node in first]
    names = [
        numbered_prefixes(f"{node.name}_") if named else []
        for node, named in zip(first, is_named, strict=True)
    ]
    count: dict[tuple[tuple[str, ...], str], int] = defaultdict(int)
    for node, prefixes in zip(first, names, strict=True):
        for prefix in prefixes:
            count[node.scope, prefix] += 1
    shared = [
        [prefix for prefix in prefixes if count[node.scope, prefix] > 1]
        for node, prefixes in zip(first, names, strict=True)
    ]
    numbered = {node.scope for node, prefixes in zip(first, shared, strict=True) if prefixes}
    for unit in range(1, len(first)):
        one, other = first[unit - 1], first[unit]
        are_named = is_named[unit - 1] and is_named[unit]
        if one.scope != other.scope or one.scope not in numbered or not are_named:
            continue
        prefix = plain_prefix(one.name, other.name)
        if prefix and not shared[unit] and shared[unit - 1] in ([], [prefix]):
            shared[unit - 1] = shared[unit] = [prefix]
    return shared
