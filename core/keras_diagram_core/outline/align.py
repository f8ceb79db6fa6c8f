"""Alignment: parts that are the same, or the same but for sizes and what is optional, as one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from keras_diagram_core.outline.names import common_stem
from keras_diagram_core.outline.parts import Part, chain_of, only_region

UnitKey = Callable[[Part], Hashable]
"""What is equal for units that one line can tell."""


def merged(variants: Sequence[Part]) -> Part:
    """Return parts of equal structure as one, a repetition each."""
    first = variants[0]
    return Part(
        first.kind,
        units=tuple(unit for each in variants for unit in each.units),
        parts=tuple(
            merged(column) for column in zip(*(each.parts for each in variants), strict=True)
        ),
        name=_name(variants),
        path=first.path,
        times=first.times,
        is_sideways=first.is_sideways,
        is_shared=first.is_shared,
        present=tuple(flag for each in variants for flag in each.present),
    )


class Alignment:
    """Aligns parts that differ in sizes, or in parts that not all of them have."""

    def __init__(self, key: UnitKey, is_optional: Callable[[Part, bool], bool]) -> None:
        """Take what aligned units have in common, and which parts may be absent."""
        self._key = key
        self._is_optional = is_optional

    def aligned(self, one: Part, other: Part) -> Part | None:
        """Return two parts as one, first repetitions first; None if they differ."""
        if (
            one.kind != other.kind
            or one.times != other.times
            or one.is_sideways != other.is_sideways
        ):
            return None
        columns: list[Part] | None = []
        if one.kind != "unit":
            columns = self._columns(one, other)
        elif self._key(one) != self._key(other):
            return None
        if columns is None:
            return None
        return Part(
            one.kind,
            units=one.units + other.units,
            parts=tuple(columns),
            name=_name((one, other)),
            path=one.path,
            times=one.times,
            is_sideways=one.is_sideways,
            is_shared=one.is_shared,
            present=one.present + other.present,
        )

    def _columns(self, one: Part, other: Part) -> list[Part] | None:
        a, b = list(one.parts), list(other.parts)
        if one.kind != "parallel":
            a, b = list(only_region(a)), list(only_region(b))
            a, b = self._forked(a, b), self._forked(b, a)
        counts = len(one.present) * one.times, len(other.present) * other.times
        found: list[Part] = []
        while a or b:
            both = self.aligned(a[0], b[0]) if a and b else None
            if both:
                found.append(both)
                del a[0], b[0]
                continue
            rest = a if len(a) > len(b) else b
            if len(a) == len(b) or not self._is_optional(rest[0], one.kind == "parallel"):
                return None
            extra = rest.pop(0)
            found.append(_absent(extra, counts[rest is a], before=rest is b))
        return found

    def _forked(self, parts: list[Part], like: Sequence[Part]) -> list[Part]:
        """Return a chain as a region, if it is compared with one."""
        if not like or like[0].kind != "parallel" or not parts or parts[0].kind == "parallel":
            return parts
        joins = (
            len(parts) > 1
            and {parts[-1].kind, like[-1].kind} == {"unit"}
            and self._key(parts[-1]) == self._key(like[-1])
        )
        chain, rest = (parts[:-1], parts[-1:]) if joins else (parts, [])
        branch = chain_of(chain)
        return [Part("parallel", parts=(branch,), present=branch.present), *rest]


def _absent(part: Part, count: int, *, before: bool) -> Part:
    """Return a part that some more repetitions, before or after its own, do not have."""
    no = (False,) * count
    none = (None,) * (count * part.times) if part.kind == "unit" else ()
    return Part(
        part.kind,
        units=none + part.units if before else part.units + none,
        parts=tuple(_absent(each, count * part.times, before=before) for each in part.parts),
        name=part.name,
        path=part.path,
        times=part.times,
        is_sideways=part.is_sideways,
        present=no + part.present if before else part.present + no,
    )


def _name(variants: Sequence[Part]) -> str:
    names = [each.name for each in variants]
    return names[0] if len(set(names)) == 1 else common_stem(names)
