"""Levels: the scale of each tensor, relative to what the model takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from keras_diagram_core.families import family
from keras_diagram_core.graph import Node
from keras_diagram_core.outline.flow import Flow

Level = tuple[int, Fraction]
"""Where a scale begins, by its unit, and the factor since then."""

_SPATIAL_RANK = 4
_KEEPS_SHAPE = re.compile(r"^(Cropping|ZeroPadding|UpSampling|Resizing|Permute|Pad$)")
_NEAR = (Fraction(3, 4), Fraction(4, 3))


class Levels:
    """The level of what each unit gives, None where there is none.

    Attributes:
        of: the level of each unit.
        changes: how often the level changes, at most, on the ways to each unit. Connected units
            of one level and one such number have no way between them that leaves the level: it
            would count two changes more.
    """

    def __init__(self, flow: Flow) -> None:
        """Follow the scales through a flow."""
        self._flow = flow
        self.of: list[Level | None] = []
        self.changes = [0] * len(flow.units)
        last: list[Level | None] = []
        for unit in range(len(flow.units)):
            self.of.append(self._level(unit))
            level = self.of[unit]
            carried = level
            for link in flow.into[unit]:
                before = last[link.source]
                step = self.changes[link.source] + bool(level and before and level != before)
                if step >= self.changes[unit]:
                    self.changes[unit] = step
                    carried = level or before
            last.append(carried)

    def place(self, unit: int) -> tuple[Level | None, int]:
        """Return what is equal for connected units on one level."""
        return self.of[unit], self.changes[unit]

    def label(self, units: Iterable[int]) -> str:
        """Return the sizes on a level: `56×56`, `149×149–147×147`, `1/4` of what nobody knows."""
        units = list(units)
        sizes = [size for unit in units if (size := _size(self._flow.nodes(unit)[-1]))]
        known = [size for size in sizes if None not in size]
        if known:
            first, last = known[0], known[-1]
            words = ["×".join(map(str, size)) for size in dict.fromkeys((first, last))]
            return "–".join(words)
        factor = next(level[1] for unit in units if (level := self.of[unit]))
        return str(factor) if factor < 1 else f"×{factor}" if factor > 1 else "full size"

    def _level(self, unit: int) -> Level | None:
        sources = [self.of[link.source] for link in self._flow.into[unit]]
        level = next((found for found in sources if found), None)
        for node in self._flow.nodes(unit):
            size = _size(node)
            if not size or set(size) == {1}:
                level = None
            elif level is None or (
                family(node) == "reshape" and not _KEEPS_SHAPE.match(node.type)
            ):
                level = level if level and _factor(node) == 1 else (unit, Fraction(1))
            else:
                level = level[0], level[1] * _factor(node)
        return level


def _size(node: Node) -> tuple[int | None, ...]:
    shape = node.output_shapes[0] if node.output_shapes else ()
    return shape[1:-1] if len(shape) >= _SPATIAL_RANK else ()


def _factor(node: Node) -> Fraction:
    """Return how much larger a node makes what it takes: by its shapes, else by its settings."""
    after = _size(node)
    before = next((shape[1:-1] for shape in node.input_shapes if len(shape) == len(after) + 2), ())
    for small, large in zip(before, after, strict=False):
        if small and large:
            return _snapped(Fraction(large, small))
    facts = node.config
    step = _first(facts.get("strides")) or _first(facts.get("pool_size"))
    if "Transpose" in node.type:
        return Fraction(step or 1)
    if node.type.startswith("UpSampling"):
        return Fraction(_first(facts.get("size")) or 2)
    return Fraction(1, step or 1) if family(node) in {"conv", "pool"} else Fraction(1)


def _first(value: object) -> int:
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return value[0]
    return value if isinstance(value, int) else 0


def _snapped(ratio: Fraction) -> Fraction:
    """Return the factor that a ratio of sizes is near to: borders cost a few pixels."""
    low, high = _NEAR
    if low < ratio < high:
        return Fraction(1)
    return Fraction(round(ratio)) if ratio > 1 else Fraction(1, round(1 / ratio))


def range_of(levels: Sequence[Level | None]) -> int:
    """Return how many levels there are."""
    return len({level for level in levels if level})
