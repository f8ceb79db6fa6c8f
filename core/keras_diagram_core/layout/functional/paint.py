"""Paint: units as marks and labels, at the places that the layout gives them."""

from __future__ import annotations

from collections.abc import Iterator

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.functional.boxes import (
    ABOVE,
    ARROW,
    BESIDE,
    CARD,
    LINE,
    SIGN,
    SIZE,
    Drawn,
)
from keras_diagram_core.layout.marks import RING, shared_sign, unit_mark
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import glyph_text
from keras_diagram_core.scene import (
    Box,
    Circle,
    Frame,
    Label,
    Mark,
    Point,
    Polygon,
    Shape,
    Stroke,
    Text,
)
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fuse import Unit


def mark(graph: ModelGraph, unit: Unit, drawn: Drawn, place: Point) -> Mark:
    """Draw a unit's box or glyph around a point."""
    return unit_mark(graph, unit, drawn.family, _shapes(drawn, place))


def labels(unit: Unit, drawn: Drawn, place: Point) -> Iterator[Label]:
    """Write a unit's words above and below its box."""
    x, y = place
    half = drawn.solid.height / 2
    roof = y - half - drawn.lift
    if drawn.upright:
        yield from _beside(unit, drawn, place)
        return
    texts = []
    if drawn.head:
        texts.append(_text(drawn.head, x, roof - 4, muted=True))
    base = y + half + LINE + (SIGN if drawn.shared else 0)
    for text, muted in ((drawn.word, False), (drawn.size, True)):
        if text:
            texts.append(_text(text, x, base, muted=muted))
            base += LINE
    if texts:
        yield Label(nodes=unit.nodes, role="caption", shapes=tuple(texts))
    if drawn.times:
        above = roof - (ABOVE if drawn.head else 0) - drawn.times.room
        top = base - LINE + 3 if drawn.times.below else above
        yield Label(nodes=unit.nodes, role="repeat", shapes=tuple(_times(drawn, x, top)))


def _times(drawn: Drawn, x: float, top: float) -> Iterator[Shape]:
    """Write how often a box stands there, over or under an arrow with two heads."""
    if not drawn.times:
        return
    arrow = drawn.times.arrow
    base = top + LINE - 2.5 + ARROW * (arrow and drawn.times.below)
    yield _text(drawn.times.label, x, base, muted=False)
    if arrow:
        y = px(top + (ARROW / 2 if drawn.times.below else LINE + ARROW / 2 - 0.5))
        half = max(drawn.solid.width / 2 + drawn.solid.right / 2, 9.0)
        left, right = px(x - half), px(x + half)
        yield Stroke(((left, y), (right, y)), "muted")
        for end, back in ((left, 3.0), (right, -3.0)):
            tip = px(end + back)
            yield Stroke(((tip, px(y - 2.5)), (end, y), (tip, px(y + 2.5))), "muted")


def card(unit: Unit, drawn: Drawn, place: Point) -> Iterator[Frame]:
    """Draw a second outline behind a box that stands for several."""
    if not drawn.times:
        return
    x, y = _front(drawn, place)
    x, y = x + drawn.solid.right + CARD, y - drawn.solid.up - CARD
    width, height = drawn.solid.width, drawn.solid.height
    shape: Shape = Circle(px(x), px(y), px(width / 2), "group", "edge")
    if not drawn.solid.glyph:
        left, top = px(x - width / 2), px(y - height / 2)
        shape = Box(left, top, px(width), px(height), "group", "edge", radius=2)
    yield Frame(nodes=unit.nodes, repeat=drawn.times.often, shapes=(shape,))


def _front(drawn: Drawn, place: Point) -> Point:
    """Give the middle of the front face; edges from above meet what is behind it."""
    return place[0], place[1] + drawn.lift / 2 * drawn.upright


def _beside(unit: Unit, drawn: Drawn, place: Point) -> Iterator[Label]:
    if drawn.side:
        x, y = (
            place[0] + drawn.solid.width / 2 + drawn.solid.right + BESIDE,
            place[1] + 0.36 * SIZE,
        )
        x, y = px(x + CARD * bool(drawn.times)), px(y)
        text = Text(x, y, drawn.side, SIZE, text_width(drawn.side, SIZE), fill="muted")
        yield Label(nodes=unit.nodes, role="caption", shapes=(text,))


def _text(text: str, x: float, y: float, *, muted: bool) -> Text:
    fill = "muted" if muted else "ink"
    return Text(px(x), px(y), text, SIZE, text_width(text, SIZE), fill=fill, anchor="middle")


def _shapes(drawn: Drawn, place: Point) -> Iterator[Shape]:
    x, y = _front(drawn, place)
    fill, line = f"{drawn.family}-fill", f"{drawn.family}-line"
    width, height = drawn.solid.width, drawn.solid.height
    if drawn.solid.glyph:
        yield Circle(px(x), px(y), px(width / 2), fill, line)
        yield glyph_text(drawn.solid.glyph, px(x), px(y))
    else:
        yield from _sides(drawn, x, y)
        radius = 0 if drawn.solid.right or drawn.solid.up else 2
        left, top = px(x - width / 2), px(y - height / 2)
        yield Box(left, top, px(width), px(height), fill, line, radius=radius)
        base = y + 0.36 * SIZE - LINE * (len(drawn.inside) - 1) / 2
        for number, text in enumerate(drawn.inside):
            yield _text(text, x, base + LINE * number, muted=False)
    if drawn.shared:
        yield from shared_sign(px(x), px(y + height / 2 + RING + 2))


def _sides(drawn: Drawn, x: float, y: float) -> Iterator[Polygon]:
    """Draw the top and the right side of a box with depth; `x`, `y` are its front's middle."""
    right, up = drawn.solid.right, drawn.solid.up
    half, rise = drawn.solid.width / 2, drawn.solid.height / 2
    west, east, north, south = px(x - half), px(x + half), px(y - rise), px(y + rise)
    far, high, low = px(x + half + right), px(y - rise - up), px(y + rise - up)
    line = f"{drawn.family}-line"
    if up:
        top = ((west, north), (px(x - half + right), high), (far, high), (east, north))
        yield Polygon(top, f"{drawn.family}-top", line)
    if right:
        side = ((east, north), (far, high), (far, low), (east, south))
        yield Polygon(side, f"{drawn.family}-side", line)
