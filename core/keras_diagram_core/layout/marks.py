"""The shapes of marks and captions, at the places that rows and frames give them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.rows import Caption, Spot
from keras_diagram_core.layout.runs import NAME_SIZE, SHAPE_SIZE
from keras_diagram_core.layout.solids import GLYPH, glyph_text
from keras_diagram_core.layout.words import tooltip
from keras_diagram_core.scene import Circle, Label, Mark, Point, Polygon, Shape, Stroke, Text
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.fuse import Unit

MARGIN = 10.0
TIER = 26.0
LABEL_TOP = 6.0
RING = 2.4
"""The radius of a ring of the sign for shared layers, px; the sign fits in `LABEL_TOP`."""


class Frame(NamedTuple):
    """The heights of one row, px from the top of the picture."""

    top: float
    axis: float
    floor: float
    bottom: float


def px(value: float) -> float:
    """Round a length to what the picture says of it."""
    return round(value, 2)


def solid_shapes(spot: Spot, family: str, axis: float) -> Iterator[Shape]:
    """Draw a box, flat or with depth, or a round glyph, around the axis."""
    solid = spot.solid
    left, right = MARGIN + spot.left, MARGIN + spot.left + solid.width
    bottom = axis + solid.rise / 2
    top = bottom - solid.height
    fill, line = f"{family}-fill", f"{family}-line"
    if solid.glyph:
        middle = (left + right) / 2
        yield Circle(px(middle), px(axis), GLYPH / 2, fill, line)
        yield glyph_text(solid.glyph, px(middle), axis)
        return
    if solid.up:
        x, y = solid.right, solid.up
        roof = ((left, top), (left + x, top - y), (right + x, top - y), (right, top))
        side = ((right, top), (right + x, top - y), (right + x, bottom - y), (right, bottom))
        yield _polygon(roof, f"{family}-top", line)
        yield _polygon(side, f"{family}-side", line)
    front = ((left, top), (right, top), (right, bottom), (left, bottom))
    yield _polygon(front, fill, line)


def shared_sign(x: float, y: float, radius: float = RING) -> Iterator[Stroke]:
    """Draw two linked rings around a point: one layer, several calls."""
    for middle in (x - 0.65 * radius, x + 0.65 * radius):
        turns = (math.tau * step / 12 for step in range(13))
        ring = ((px(middle + radius * math.cos(t)), px(y + radius * math.sin(t))) for t in turns)
        yield Stroke(tuple(ring), "muted")


def sign_below(spot: Spot, axis: float) -> tuple[float, float]:
    """Say where the sign of a shared layer stands: under its box, where no edge runs."""
    middle = MARGIN + spot.left + spot.solid.width / 2
    return px(middle), px(axis + spot.solid.rise / 2 + RING + 1)


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


def caption_label(caption: Caption, frame: Frame) -> Label:
    """Set the label of a run under the row, with a leader line if it is in a lower tier."""
    run, middle = caption.run, px(MARGIN + caption.middle)
    top = frame.floor + LABEL_TOP + TIER * caption.tier
    shapes: list[Shape] = []
    if caption.tier:
        shapes.append(Stroke(((middle, frame.floor + 3), (middle, top)), "hint"))
    if run.name:
        text, width = run.name
        y = px(top + NAME_SIZE)
        shapes.append(Text(middle, y, text, NAME_SIZE, width, anchor="middle", bold=True))
    if run.shape:
        text, width = run.shape
        y = px(top + NAME_SIZE + SHAPE_SIZE + 2)
        shapes.append(Text(middle, y, text, SHAPE_SIZE, width, fill="muted", anchor="middle"))
    return Label(nodes=run.nodes, role="caption", shapes=tuple(shapes))


def _polygon(points: Sequence[Point], fill: str, line: str) -> Polygon:
    return Polygon(tuple((px(x), px(y)) for x, y in points), fill, line)
