"""Paint: units as marks and labels, at the places that the layout gives them."""

from __future__ import annotations

from collections.abc import Iterator

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.functional.boxes import BESIDE, LINE, SIGN, SIZE, Drawn
from keras_diagram_core.layout.marks import RING, shared_sign, unit_mark
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import glyph_text
from keras_diagram_core.scene import Box, Circle, Label, Mark, Point, Shape, Text
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fuse import Unit


def mark(graph: ModelGraph, unit: Unit, drawn: Drawn, place: Point) -> Mark:
    """Draw a unit's box or glyph around a point."""
    return unit_mark(graph, unit, drawn.family, _shapes(drawn, place))


def labels(unit: Unit, drawn: Drawn, place: Point) -> Iterator[Label]:
    """Write a unit's words above and below its box."""
    x, y = place
    half = drawn.solid.height / 2
    if drawn.upright:
        yield from _beside(unit, drawn, place)
        return
    texts = []
    if drawn.head:
        texts.append(_text(drawn.head, x, y - half - 4, muted=True))
    base = y + half + LINE + (SIGN if drawn.shared else 0)
    for text, muted in ((drawn.word, False), (drawn.size, True)):
        if text:
            texts.append(_text(text, x, base, muted=muted))
            base += LINE
    if texts:
        yield Label(nodes=unit.nodes, role="caption", shapes=tuple(texts))


def _beside(unit: Unit, drawn: Drawn, place: Point) -> Iterator[Label]:
    if drawn.side:
        x, y = px(place[0] + drawn.solid.width / 2 + BESIDE), px(place[1] + 0.36 * SIZE)
        text = Text(x, y, drawn.side, SIZE, text_width(drawn.side, SIZE), fill="muted")
        yield Label(nodes=unit.nodes, role="caption", shapes=(text,))


def _text(text: str, x: float, y: float, *, muted: bool) -> Text:
    fill = "muted" if muted else "ink"
    return Text(px(x), px(y), text, SIZE, text_width(text, SIZE), fill=fill, anchor="middle")


def _shapes(drawn: Drawn, place: Point) -> Iterator[Shape]:
    x, y = place
    fill, line = f"{drawn.family}-fill", f"{drawn.family}-line"
    width, height = drawn.solid.width, drawn.solid.height
    if drawn.solid.glyph:
        yield Circle(px(x), px(y), px(width / 2), fill, line)
        yield glyph_text(drawn.solid.glyph, px(x), px(y))
    else:
        left, top = px(x - width / 2), px(y - height / 2)
        yield Box(left, top, px(width), px(height), fill, line, radius=2)
    if drawn.shared:
        yield from shared_sign(px(x), px(y + height / 2 + RING + 2))
