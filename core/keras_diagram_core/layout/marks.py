"""Marks: what all views draw alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.words import tooltip
from keras_diagram_core.scene import Mark, Shape, Stroke
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.fuse import Unit, UnitGraph
from keras_diagram_core.transforms.structure import Series, units_of

RING = 2.4
"""The radius of a ring of the sign for shared layers, px."""


def block_nodes(units: UnitGraph, block: Block) -> tuple[str, ...]:
    """List the nodes of all repetitions of a block."""
    return tuple(
        id_
        for parts in block.repeats
        for index in units_of(Series(parts))
        for id_ in units.units[index].nodes
    )


def shared_sign(x: float, y: float, radius: float = RING) -> Iterator[Stroke]:
    """Draw two linked rings around a point: one layer, several calls."""
    for middle in (x - 0.65 * radius, x + 0.65 * radius):
        turns = (math.tau * step / 12 for step in range(13))
        ring = ((px(middle + radius * math.cos(t)), px(y + radius * math.sin(t))) for t in turns)
        yield Stroke(tuple(ring), "muted")


def unit_mark(
    graph: ModelGraph,
    unit: Unit,
    family: str,
    shapes: Iterable[Shape],
    repeats: Sequence[Unit] = (),
) -> Mark:
    """Make the mark of a unit, and of those that it stands for as well."""
    node = graph.by_id[unit.main]
    members = (graph.by_id[id_] for id_ in unit.nodes)
    return Mark(
        nodes=tuple(id_ for each in (unit, *repeats) for id_ in each.nodes),
        type=clean(node.type),
        family=family,
        tooltip="\n\n".join(tooltip(graph, member) for member in members),
        shared=clean(node.layer) if node.layer in graph.shared_layers else "",
        shapes=tuple(shapes),
    )
