"""Fold: repeated neighbours become one exemplar that says how often it stands there.

Two parts repeat each other if they have the same structure of the same layers with the same
settings; the sizes of the tensors may differ (channels that grow, as in dense blocks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.structure import Leaf, Mesh, Parallel, Part, Series, units_of

LONGEST_BODY = 24


class Block(Struct, frozen=True):
    """Parts in series that are drawn together, `len(repeats)` times.

    `repeats` holds the parts of each repetition; the first is the exemplar that is drawn.
    """

    repeats: tuple[tuple[Part, ...], ...]

    @property
    def body(self) -> tuple[Part, ...]:
        """The parts that are drawn."""
        return self.repeats[0]


Item = Leaf | Mesh | Block


Likeness = Literal["none", "equal", "scaled"]
"""Which neighbours are folded: none, equal ones, or those that are equal up to channels."""


def fold(
    graph: ModelGraph, units: UnitGraph, root: Series, likeness: Likeness = "equal"
) -> tuple[Item, ...]:
    """Gather the parts of a model into blocks, and fold the blocks that repeat."""
    groups = _gather(graph, units, root.parts)
    if likeness == "none":
        return tuple(_item((group,)) for group in groups)
    signature = _signatures(graph, units, _VARYING[likeness])
    items: list[Item] = []
    index = 0
    keys = [tuple(map(signature, group)) for group in groups]
    while index < len(groups):
        length, times = _repetition(keys, index)
        run = groups[index : index + length * times]
        repeats = tuple(
            tuple(part for group in run[start : start + length] for part in group)
            for start in range(0, len(run), length)
        )
        items.append(_item(repeats))
        index += length * times
    return tuple(items)


def _item(repeats: tuple[tuple[Part, ...], ...]) -> Item:
    [first, *_] = repeats
    if len(repeats) == 1 and len(first) == 1 and isinstance(first[0], (Leaf, Mesh)):
        return first[0]
    return Block(repeats)


def _gather(graph: ModelGraph, units: UnitGraph, parts: Sequence[Part]) -> list[tuple[Part, ...]]:
    """Put branches together with the unit where they meet, and what one name tells apart."""
    groups: list[list[Part]] = []
    names: list[str] = []
    for index, part in enumerate(parts):
        name = _block_name(graph, units, part)
        meets = index > 0 and isinstance(parts[index - 1], Parallel)
        if groups and (meets or (name and name == names[-1])):
            groups[-1].append(part)
        else:
            groups.append([part])
            names.append(name)
    return [tuple(group) for group in groups]


_NUMBERED = re.compile(
    r"^(.*?(?:block|stage|cell|layer|unit)_?\d+[a-z]?(?:_block_?\d+)?)(?=[_./]|$)"
    r"|^(.+?_\d+)_[a-z]"
)


def _block_name(graph: ModelGraph, units: UnitGraph, part: Part) -> str:
    """Give the scope or the numbered prefix that all layers of a part share, or nothing."""
    found = set()
    for unit in units_of(part):
        node = graph.by_id[units.units[unit].main]
        if node.scope:
            found.add("/".join(node.scope))
        else:
            match = _NUMBERED.match(node.name)
            found.add((match[1] or match[2]) if match else "")
    return found.pop() if len(found) == 1 else ""


def _repetition(keys: Sequence[Hashable], start: int) -> tuple[int, int]:
    """Find the body length and count that fold most from `start` on; (1, 1) if nothing does."""
    best = (1, 1)
    for length in range(1, min(LONGEST_BODY, (len(keys) - start) // 2) + 1):
        times = 1
        while (
            keys[start : start + length]
            == keys[start + length * times : start + length * (times + 1)]
        ):
            times += 1
        if times > 1 and length * times > best[0] * best[1]:
            best = (length, times)
    return best


# Rates of dropout often grow from block to block.
_VARYING: dict[str, frozenset[str]] = {
    "equal": frozenset({"rate"}),
    "scaled": frozenset({"rate", "filters", "units", "key_dim", "num_heads", "groups"}),
}


def _settings(node: Node, varying: frozenset[str]) -> Hashable:
    return tuple(sorted((name, fact) for name, fact in node.config.items() if name not in varying))


def _signatures(
    graph: ModelGraph, units: UnitGraph, varying: frozenset[str]
) -> Callable[[Part | Series], Hashable]:
    """Give a function that tells parts apart by structure, layers and settings."""

    @cache
    def of_unit(unit: int) -> Hashable:
        nodes = (graph.by_id[id_] for id_ in units.units[unit].nodes)
        return tuple((node.type, _settings(node, varying)) for node in nodes)

    def of_part(part: Part | Series) -> Hashable:
        match part:
            case Leaf():
                return of_unit(part.unit)
            case Series():
                return tuple(map(of_part, part.parts))
            case Parallel():
                return ("parallel", *map(of_part, part.branches))
            case Mesh():
                links = ((source, target, of_part(link)) for source, target, link in part.links)
                return ("mesh", *map(of_part, part.parts), *links)

    return of_part
