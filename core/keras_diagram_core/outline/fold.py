"""Folding: what repeats becomes one part, at every level of the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

from keras_diagram_core.families import family
from keras_diagram_core.outline.align import Alignment, merged
from keras_diagram_core.outline.flow import Flow
from keras_diagram_core.outline.names import is_automatic
from keras_diagram_core.outline.parts import Part, leaves, units_in
from keras_diagram_core.outline.units import is_custom, is_padding, main_of
from keras_diagram_core.transforms.equal import VARYING, Equality

_SIZES = frozenset(
    {
        "filters",
        "units",
        "rate",
        "key_dim",
        "num_heads",
        "dilation_rate",
        "strides",
        "padding",
        "depth_multiplier",
        "target_shape",
    }
)
_PERIODS = 8
_FEWEST_UNITS = 3
_BLOCKS = frozenset({"region", "named", "scope", "branch", "row"})


class Folding:
    """Folds the parts of a flow, from the inside out."""

    def __init__(self, flow: Flow) -> None:
        """Take a flow without side values."""
        self._flow = flow
        self._equality = Equality(flow.graph)
        self._alignment = Alignment(self._loose_unit, self._is_optional)

    def folded(self, parts: Sequence[Part], *, in_branch: bool = False) -> tuple[Part, ...]:
        """Return parts in series, with what repeats as one."""
        inner = [self._inside(part) for part in parts]
        return tuple(self._varied(self._rows(inner, _FEWEST_UNITS if in_branch else 2)))

    def _inside(self, part: Part) -> Part:
        """Fold what is in a part."""
        if part.kind == "parallel":
            part.parts = tuple(self._siblings([self._inside(each) for each in part.parts]))
        elif part.kind != "unit":
            part.parts = self.folded(part.parts, in_branch=part.kind == "branch")
        return part

    # One after the other

    def _rows(self, parts: Sequence[Part], fewest: int) -> list[Part]:
        """Fold what repeats without a difference."""
        keys = _numbers([self._key(part) for part in parts])
        exact = _numbers([self._signatures(part) for part in parts])
        where: dict[int, list[int]] = defaultdict(list)
        for place, key in enumerate(keys):
            where[key].append(place)
        found: list[Part] = []
        start = 0
        while start < len(parts):
            period, times = self._repetition(parts, keys, exact, start, where[keys[start]], fewest)
            if times == 1:
                found.append(parts[start])
            else:
                bodies = [
                    parts[start + period * turn : start + period * (turn + 1)]
                    for turn in range(times)
                ]
                both = _folded(
                    [body[0] if period == 1 else Part("row", parts=tuple(body)) for body in bodies]
                )
                both.is_shared = len({self._layers(*body) for body in bodies}) == 1
                if period > 1:
                    both.parts = tuple(self._varied(list(both.parts)))
                found.append(both)
            start += period * times
        return found

    def _repetition(
        self,
        parts: Sequence[Part],
        keys: Sequence[int],
        exact: Sequence[int],
        start: int,
        same: Sequence[int],
        fewest: int,
    ) -> tuple[int, int]:
        """Return the length of a body that repeats from a place on, and how often."""
        best = (1, 1)
        later = [place for place in same if place > start][:_PERIODS]
        for period in (place - start for place in later):
            if any(part.kind == "level" for part in parts[start : start + period]):
                break
            body = keys[start : start + period]
            are_units = all(
                part.kind == "unit" and part.times == 1 for part in parts[start : start + period]
            )
            compared = exact if are_units else keys
            body = compared[start : start + period]
            times = 1
            while compared[
                start + period * times : start + period * (times + 1)
            ] == body and self._goes_on(parts, start + period * (times - 1), period):
                times += 1
            least = (
                _FEWEST_UNITS
                if are_units and period == 1 and not self._is_layer(parts[start])
                else (fewest if are_units else 2)
            )
            if times >= least and period * times > best[0] * best[1]:
                best = (period, times)
        return best

    def _is_layer(self, part: Part) -> bool:
        """Whether a unit is a whole block of its author's."""
        return is_custom(main_of(self._flow.nodes(part.exemplar)))

    def _goes_on(self, parts: Sequence[Part], start: int, length: int) -> bool:
        """Whether what follows a body takes something that the body gives."""
        body = set(units_in(*parts[start : start + length]))
        return self._takes(set(units_in(*parts[start + length : start + 2 * length])), body)

    def _takes(self, units: set[int], sources: set[int]) -> bool:
        return any(link.source in sources for unit in units for link in self._flow.into[unit])

    # One after the other, with differences

    def _varied(self, parts: list[Part]) -> list[Part]:
        """Fold neighbours that differ in sizes, or in what is optional."""
        found: list[Part] = []
        for part in parts:
            if found and self._joined(found, part):
                continue
            found.append(part)
        return self._pairs(found)

    def _joined(self, found: list[Part], part: Part) -> bool:
        """Join a part to what is before it, if that is the same but for a few differences."""
        for length in dict.fromkeys((1, len(part.parts) if part.kind == "row" else 1)):
            before = found[-length:]
            last = before[0] if length == 1 else Part("row", parts=tuple(before))
            if length == 1 and (last.kind not in _BLOCKS or last.is_sideways):
                continue
            if not self._gives_alike(last, part) or not self._takes(
                set(units_in(part)), set(units_in(last))
            ):
                continue
            times = last.times, part.times
            last.times = part.times = 1
            both = self._alignment.aligned(_opened(last, times[0]), _opened(part, times[1]))
            last.times, part.times = times
            if both:
                both.present = both.present[:1]
                both.times = sum(times)
                found[-length:] = [both]
                return True
        return False

    def _pairs(self, parts: list[Part]) -> list[Part]:
        """Fold pairs of units that are the same but for their strides."""
        found: list[Part] = []
        for part in parts:
            found.append(part)
            if len(found) < 4 or any(each.kind != "unit" or each.times > 1 for each in found[-4:]):
                continue
            one, other = (
                Part("row", parts=tuple(found[-4:-2])),
                Part("row", parts=tuple(found[-2:])),
            )
            if self._shape(one) != self._shape(other) or self._shape(one.parts[0]) == self._shape(
                one
            ):
                continue
            both = self._alignment.aligned(one, other)
            if both:
                both.times, both.present = 2, (True,)
                found[-4:] = [both]
        return found

    # Side by side

    def _siblings(self, parts: Sequence[Part]) -> list[Part]:
        """Fold branches that are the same but for sizes."""
        groups: dict[Hashable, list[Part]] = defaultdict(list)
        for part in parts:
            groups[self._loose(part) if self._is_head(part) else self._key(part)].append(part)
        found: list[Part] = []
        for group in groups.values():
            if len(group) == 1 or not self._are_one_thing(group):
                found += group
                continue
            both = _folded(group)
            both.is_sideways = True
            both.is_shared = len({self._layers(part) for part in group}) == 1
            found.append(both)
        return found

    def _is_head(self, part: Part) -> bool:
        """Whether a branch gives an output of the model."""
        return part.kind != "unit" and units_in(part)[-1] in self._flow.outputs

    def _are_one_thing(self, group: Sequence[Part]) -> bool:
        """Whether branches are one thing: blocks, or units that nobody named."""
        if group[0].kind != "unit":
            return True
        nodes = [self._flow.nodes(part.exemplar)[-1] for part in group]
        return len(group) >= _FEWEST_UNITS and all(map(is_automatic, nodes))

    # What is equal

    def _key(self, part: Part) -> Hashable:
        """Return what is equal for parts that compute the same, and are wired the same inside."""
        place = {unit: number for number, unit in enumerate(units_in(part))}
        outside: dict[tuple[str, int], int] = {}
        wires = [
            place[link.source]
            if link.source in place
            else -1 - outside.setdefault(link.tensor, len(outside))
            for unit in place
            for link in self._flow.into[unit]
        ]
        return self._form(part), tuple(wires)

    def _form(self, part: Part) -> Hashable:
        if part.kind != "unit":
            return part.kind, part.times, part.is_sideways, tuple(map(self._form, part.parts))
        return part.times, tuple(
            None
            if unit is None
            else tuple(
                self._equality.key(node, VARYING["equal"]) for node in self._flow.nodes(unit)
            )
            for unit in part.units
        )

    def _signatures(self, part: Part) -> Hashable:
        return tuple(node.signature for unit in units_in(part) for node in self._flow.nodes(unit))

    def _layers(self, *parts: Part) -> Hashable:
        return tuple(node.layer for unit in units_in(*parts) for node in self._flow.nodes(unit))

    def _loose(self, part: Part) -> Hashable:
        if part.kind == "unit":
            return part.times, self._loose_unit(part)
        return part.kind, part.times, part.is_sideways, tuple(map(self._loose, part.parts))

    def _loose_unit(self, part: Part) -> Hashable:
        nodes = self._flow.nodes(part.exemplar)
        return tuple(
            node.type if node.type == "Reshape" else self._equality.key(node, _SIZES)
            for node in nodes
            if len(nodes) == 1 or not (is_padding(node) or family(node) == "dropout")
        )

    def _is_optional(self, part: Part, in_parallel: bool) -> bool:  # noqa: FBT001 - a callback
        if part.kind != "unit":
            return False
        return in_parallel or main_of(self._flow.nodes(part.exemplar)).type == "Add"

    def _shape(self, part: Part) -> Hashable:
        return self._flow.nodes(units_in(part)[-1])[-1].output_shapes

    def _gives_alike(self, one: Part, other: Part) -> bool:
        """Whether two parts give one shape, but for channels that are concatenated."""
        nodes = [self._flow.nodes(units_in(part)[-1])[-1] for part in (one, other)]
        joins = all(node.type == "Concatenate" for node in nodes)
        cut = -1 if joins and self._are_mostly_equal(one, other) else None
        first, second = (
            node.output_shapes[0][1:cut] if node.output_shapes else () for node in nodes
        )
        return first == second

    def _facts(self, part: Part) -> Hashable:
        nodes = self._flow.nodes([unit for unit in part.units if unit is not None][-1])
        return tuple(self._equality.key(node, VARYING["equal"]) for node in nodes)

    def _are_mostly_equal(self, one: Part, other: Part) -> bool:
        """Whether at least half of the units of two parts have the same sizes."""
        pairs = list(zip(leaves(one), leaves(other), strict=False))
        same = sum(self._facts(a) == self._facts(b) for a, b in pairs)
        return 2 * same >= len(pairs)


def _folded(variants: Sequence[Part]) -> Part:
    """Return equal parts as one that repeats."""
    part = merged(variants)
    part.times *= len(variants)
    part.present = part.present[:1]
    return part


def _opened(part: Part, times: int) -> Part:
    """Return a fold as the repetitions that it has."""
    if times == 1:
        return part
    return Part(
        part.kind,
        units=part.units,
        parts=part.parts,
        name=part.name,
        path=part.path,
        present=(True,) * times,
    )


def _numbers(keys: Sequence[Hashable]) -> list[int]:
    """Return a number for each key, the same for equal ones."""
    known: dict[Hashable, int] = {}
    return [known.setdefault(key, len(known)) for key in keys]
