"""Paint: the nodes of the graph view as marks, with their words and synapses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.marks import RING, shared_sign, unit_mark
from keras_diagram_core.layout.network.cells import Route
from keras_diagram_core.layout.network.nodes import BESIDE, LINE, SIGN, SMALL, Drawn
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import glyph_text
from keras_diagram_core.scene import Box, Circle, Label, Mark, Point, Shape, Stroke, Text
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fuse import Unit

Anchor = Literal["start", "middle"]

DOT = 1.3
# Nothing but a veil: with more lines, each is thinner.
FINEST = 0.35


def mark(graph: ModelGraph, unit: Unit, drawn: Drawn, place: Point) -> Mark:
    """Draw a unit around a point."""
    return unit_mark(graph, unit, drawn.family, _shapes(drawn, place))


def labels(unit: Unit, drawn: Drawn, place: Point, lowest: float) -> Iterator[Label]:
    """Write the words of neurons and glyphs below them, or at their right."""
    x, y = place
    if not drawn.name or drawn.is_worded:
        return
    if drawn.turned:
        words = _words(drawn, x + lowest + BESIDE + SIGN * drawn.shared, y, "start")
        yield Label(nodes=unit.nodes, role="caption", shapes=tuple(words))
        return
    top = y + lowest + (SIGN if drawn.shared else 0)
    texts = (_name(drawn, x, top + LINE), *_details(drawn, x, top + LINE))
    yield Label(nodes=unit.nodes, role="caption", shapes=texts)


def synapses(
    routes: Sequence[Route], drawn: Sequence[Drawn], places: Mapping[int, Point]
) -> Iterator[Label]:
    """Draw a fan of lines between columns of neurons that are next to each other."""
    for route in routes:
        source, target = drawn[route.source], drawn[route.target]
        if not (route.straight and source.neurons and target.neurons):
            continue
        if route.source not in places:
            continue
        starts = list(circles(source, places[route.source]))
        ends = list(circles(target, places[route.target]))
        width = px(max(FINEST, 0.8 - 0.004 * len(starts) * len(ends)))
        lines = (Stroke((start, end), "hint", width) for start in starts for end in ends)
        nodes = (route.edge.source, route.edge.target)
        yield Label(nodes=nodes, role="synapses", shapes=tuple(lines))


def circles(drawn: Drawn, place: Point) -> Iterator[Point]:
    """Give the middles of a column or row of neurons; the ellipsis stands in the middle."""
    for number in range(drawn.neurons):
        skipped = drawn.dots and number >= (drawn.neurons + 1) // 2
        yield _along(drawn, place, number + skipped)


def _along(drawn: Drawn, place: Point, number: float) -> Point:
    """Give the middle of one place in a column or row of neurons."""
    x, y = place
    first = (drawn.diameter - max(drawn.box)) / 2
    shift = first + (drawn.diameter + drawn.spacing) * number
    return (px(x + shift), px(y)) if drawn.turned else (px(x), px(y + shift))


def _shapes(drawn: Drawn, place: Point) -> Iterator[Shape]:
    x, y = place
    fill, line = f"{drawn.family}-fill", f"{drawn.family}-line"
    width, height = drawn.box
    if drawn.glyph:
        yield Circle(px(x), px(y), px(width / 2), fill, line)
        yield glyph_text(drawn.glyph, px(x), px(y))
    elif drawn.round:
        yield Circle(px(x), px(y), px(width / 2), fill, line)
    elif drawn.neurons:
        for cx, cy in circles(drawn, place):
            yield Circle(cx, cy, drawn.diameter / 2, fill, line)
        yield from _ellipsis(drawn, place)
    else:
        yield Box(px(x - width / 2), px(y - height / 2), px(width), height, fill, line, radius=4)
        if drawn.is_worded:
            yield from _words(drawn, x, y)
    if drawn.shared and drawn.turned:
        yield from shared_sign(px(x + width / 2 + 2 * RING), px(y))
    elif drawn.shared:
        yield from shared_sign(px(x), px(y + height / 2 + RING + 2))


def _ellipsis(drawn: Drawn, place: Point) -> Iterator[Circle]:
    if drawn.dots:
        x, y = _along(drawn, place, (drawn.neurons + 1) // 2)
        for number in (-1, 0, 1):
            shift = number * drawn.diameter * 0.4
            point = (x + shift, y) if drawn.turned else (x, y + shift)
            yield Circle(px(point[0]), px(point[1]), DOT, "muted")


def _words(drawn: Drawn, x: float, y: float, anchor: Anchor = "middle") -> Iterator[Text]:
    """Write name and details below each other, around a height."""
    if not drawn.details:
        yield _name(drawn, x, y + 0.36 * drawn.size, anchor)
        return
    first = y + 10 - LINE * drawn.lines / 2
    yield _name(drawn, x, first, anchor)
    yield from _details(drawn, x, first, anchor)


def _name(drawn: Drawn, x: float, y: float, anchor: Anchor = "middle") -> Text:
    size, bold = drawn.size, drawn.bold
    width = text_width(drawn.name, size, bold=bold)
    return Text(px(x), px(y), drawn.name, size, width, anchor=anchor, bold=bold)


def _details(drawn: Drawn, x: float, y: float, anchor: Anchor = "middle") -> Iterator[Text]:
    """Write the lines below the name's base line."""
    for number, text in enumerate(drawn.details, start=1):
        width = text_width(text, SMALL)
        base = px(y + number * LINE)
        yield Text(px(x), base, text, SMALL, width, fill="muted", anchor=anchor)
