"""Fold: repeated neighbours become one exemplar that says how often it stands there.

Two parts repeat each other if they have the same structure of equal layers (`equal.py`), and look
alike; the sizes of the tensors may differ (channels that grow, as in dense blocks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.transforms.equal import SIZES, VARYING, Equality, differences
from keras_diagram_core.transforms.fuse import UnitGraph, inputs_of
from keras_diagram_core.transforms.repeats import Cells, fold_cells, mesh_form, unfolded
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


Item = Leaf | Cells | Block


def counterparts(blocks: Iterable[Block]) -> dict[int, tuple[int, ...]]:
    """Give the units that each unit of an exemplar stands for, itself first."""
    found: dict[int, tuple[int, ...]] = {}
    for block in blocks:
        columns = zip(*(list(units_of(Series(parts))) for parts in block.repeats), strict=True)
        found |= {units[0]: units for units in columns}
    return found


Likeness = Literal["none", "equal", "scaled"]
"""Which neighbours are folded: none, equal ones, or those that are equal up to channels."""


def fold(
    graph: ModelGraph, units: UnitGraph, root: Series, likeness: Likeness = "equal"
) -> tuple[Item, ...]:
    """Gather the parts of a model into blocks and cells, and fold those that repeat."""
    groups = _gather(graph, units, root.parts)
    if likeness == "none":
        return tuple(_item((group,), lambda mesh: unfolded(mesh.cells)) for group in groups)
    same, look = (_signatures(graph, units, VARYING[each]) for each in ("equal", "alike"))
    told_apart = _signatures(graph, units, VARYING[likeness])

    def fold_mesh(mesh: Mesh) -> Cells:
        inputs = inputs_of(units)
        return fold_cells(
            mesh.cells, inputs, lambda unit: told_apart(Leaf(unit)), lambda unit: look(Leaf(unit))
        )

    runs = _runs(groups, same)
    if likeness == "scaled":
        runs = _joined(runs, told_apart)
    return tuple(_item(tuple(run), fold_mesh) for run in runs)


def fold_within(
    graph: ModelGraph, units: UnitGraph, root: Series, likeness: Likeness
) -> tuple[Item, ...]:
    """Fold as `fold` does, but also what repeats within an opened model, which is a block else."""
    found: list[Item] = []
    for item in fold(graph, units, root, likeness):
        once = item.body if isinstance(item, Block) and len(item.repeats) == 1 else ()
        inside = [unit for part in once for unit in units_of(part)]
        names = {graph.by_id[units.units[unit].main].scope[:1] for unit in inside}
        if len(names) == 1 and names != {()}:
            found += fold_within(_inner(graph), units, Series(once), likeness)
        else:
            found.append(item)
    return tuple(found)


def unfolded_where_varied(
    graph: ModelGraph, units: UnitGraph, items: Iterable[Item]
) -> Iterator[Item]:
    """Yield items, blocks whose repetitions differ in what shapes do not say as often as they are.

    That is for drawings that have no room for titles, which say it.
    """
    for item in items:
        repeats = item.repeats if isinstance(item, Block) else ()
        nodes = (
            [
                graph.by_id[id_]
                for unit in units_of(Series(parts))
                for id_ in units.units[unit].nodes
            ]
            for parts in repeats
        )
        if differences(nodes).keys() - SIZES:
            yield from (Block((parts,)) for parts in repeats)
        else:
            yield item


def _inner(graph: ModelGraph) -> ModelGraph:
    """Leave out the outermost name of all scopes."""
    nodes = tuple(replace(node, scope=node.scope[1:]) for node in graph.nodes)
    return replace(graph, nodes=nodes)


Body = tuple[Part, ...]
"""Parts in series that may repeat."""


def _runs(groups: Sequence[Body], signature: Callable[[Part], Hashable]) -> list[list[Body]]:
    """Cut groups into bodies that repeat, each as the list of its repetitions."""
    runs: list[list[Body]] = []
    start = 0
    keys = [tuple(map(signature, group)) for group in groups]
    while start < len(groups):
        length, times = _repetition(keys, start)
        end = start + length * times
        runs.append(
            [
                tuple(part for group in groups[first : first + length] for part in group)
                for first in range(start, end, length)
            ]
        )
        start = end
    return runs


def _joined(runs: Sequence[list[Body]], signature: Callable[[Part], Hashable]) -> list[list[Body]]:
    """Join neighbouring runs of bodies that this signature does not tell apart."""
    joined: list[list[Body]] = []
    last: Hashable = None
    for run in runs:
        key = tuple(map(signature, run[0]))
        if key == last:
            joined[-1].extend(run)
        else:
            joined.append(list(run))
        last = key
    return joined


def _item(repeats: tuple[tuple[Part, ...], ...], fold_mesh: Callable[[Mesh], Cells]) -> Item:
    [first, *_] = repeats
    if len(repeats) > 1 or len(first) > 1:
        return Block(repeats)
    [part] = first
    if isinstance(part, Mesh):
        return fold_mesh(part)
    return part if isinstance(part, Leaf) else Block(repeats)


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
    if isinstance(part, Mesh):
        return ""
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


def _fed_from_outside(graph: ModelGraph, units: UnitGraph) -> dict[str, tuple[Hashable, ...]]:
    """Say what each node takes from parts of the model that are not in the unit graph."""
    inside = {id_ for unit in units.units for id_ in unit.nodes}
    fed: dict[str, tuple[Hashable, ...]] = {}
    for edge in graph.edges:
        if edge.target in inside and edge.source not in inside:
            end = (edge.source, edge.source_index, edge.target_index)
            fed[edge.target] = (*fed.get(edge.target, ()), end)
    return fed


def _signatures(
    graph: ModelGraph, units: UnitGraph, varying: frozenset[str]
) -> Callable[[Part | Series], Hashable]:
    """Give a function that tells parts apart by structure, layers and settings."""
    inputs = inputs_of(units)
    # One of several inputs or outputs repeats nothing: it has a name of its own.
    names = {end.node: end.name for end in graph.outputs} if len(graph.outputs) > 1 else {}
    names |= {end.node: end.name for end in graph.inputs} if len(graph.inputs) > 1 else {}
    fed = _fed_from_outside(graph, units)
    equality = Equality(graph)

    @cache
    def of_unit(unit: int) -> Hashable:
        nodes = (graph.by_id[id_] for id_ in units.units[unit].nodes)
        return tuple(
            (
                equality.key(node, varying),
                names.get(node.id),
                fed.get(node.id),
                units.apart.get(node.id),
            )
            for node in nodes
        )

    def of_part(part: Part | Series) -> Hashable:
        match part:
            case Leaf():
                return of_unit(part.unit)
            case Series():
                return tuple(map(of_part, part.parts))
            case Parallel():
                return ("parallel", *map(of_part, part.branches))
            case Mesh():
                return ("mesh", *mesh_form(part.cells, inputs, of_unit))

    return of_part
