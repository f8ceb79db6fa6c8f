"""Marks: what all views draw alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.words import tooltip
from keras_diagram_core.scene import Mark, Shape, Stroke
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.fuse import Unit

RING = 2.4
"""The radius of a ring of the sign for shared layers, px."""


def px(value: float) -> float:
    """Round a length to what the picture says of it."""
    return round(value, 2)


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
        tooltip="\n\n".join(tooltip(member, graph.calls[member.layer]) for member in members),
        shared=clean(node.layer) if node.layer in graph.shared_layers else "",
        shapes=tuple(shapes),
    )
