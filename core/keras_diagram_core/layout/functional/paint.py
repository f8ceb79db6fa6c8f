"""Paint: units as marks and labels, at the places that the layout gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.functional.boxes import (
    BESIDE,
    CARD,
    LINE,
    SIGN,
    Drawn,
)
from keras_diagram_core.layout.functional.times import Times
from keras_diagram_core.layout.functional.wording import SIZE, Inside
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
    Turn,
    turned,
)
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fuse import Unit

Anchor = Literal["start", "middle", "end"]
# Places in a box, from its middle, as shares of the half of a side.
_SHARES = {"left": -1, "top": -1, "center": 0, "middle": 0, "right": 1, "bottom": 1}


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
    texts: list[Text] = []
    base = roof - 4 - drawn.pitch * (len(drawn.top) - 1)
    for text in drawn.top:
        texts.append(_text(text, x, base, muted=not drawn.lines))
        base += drawn.pitch
    base = y + half + LINE + (SIGN if drawn.shared else 0)
    for number, text in enumerate(drawn.foot):
        is_first = bool(drawn.lines) or (number == 0 and bool(drawn.word))
        texts.append(_text(text, x, base, muted=not is_first))
        base += drawn.pitch
    if texts:
        yield Label(nodes=unit.nodes, role="caption", shapes=tuple(texts))
    if drawn.times:
        above = roof - drawn.over - drawn.times.room
        top = base - LINE + 3 if drawn.times.below else above
        yield Label(nodes=unit.nodes, role="repeat", shapes=tuple(_times(drawn, x, top)))


def _times(drawn: Drawn, x: float, top: float) -> Iterator[Shape]:
    """Write how often a box stands there, over or under an arrow with two heads."""
    if not drawn.times:
        return
    times = drawn.times
    label_top = top + times.arrow_room * times.below
    if times.label:
        yield from _number(times, x, label_top)
    if times.arrow:
        half = max(drawn.solid.width / 2 + drawn.solid.right / 2, 9.0)
        free = times.arrow_room - times.offset
        y = top + (times.offset + free / 2 if times.below else times.label_room + free / 2 - 0.5)
        yield from _arrow(times, (x - half, x + half), px(y))


def _number(times: Times, x: float, top: float) -> Iterator[Shape]:
    """Write how often, on a plate if there is one."""
    if times.has_plate:
        width, height = px(times.label_width), px(times.label_room - 1)
        left = px(x - times.label_width / 2)
        yield Box(left, px(top), width, height, "background", "group-line", radius=3)
    base = px(top + times.label_room - 2.5 - times.pad[1])
    width = text_width(times.label, times.size)
    yield Text(px(x), base, times.label, times.size, width, anchor="middle", font=times.font)


def _arrow(times: Times, ends: tuple[float, float], y: float) -> Iterator[Stroke]:
    left, right = map(px, ends)
    yield Stroke(((left, y), (right, y)), "muted", times.width)
    back, half = 0.6 * times.head, times.head / 2
    for end, tip in ((left, px(left + back)), (right, px(right - back))):
        corners = ((tip, px(y - half)), (end, y), (tip, px(y + half)))
        yield Stroke(corners, "muted", times.width)


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
    if not drawn.side:
        return
    x = place[0] + drawn.solid.width / 2 + drawn.solid.right + BESIDE + CARD * bool(drawn.times)
    first = place[1] + 0.36 * SIZE - drawn.pitch * (len(drawn.side) - 1) / 2
    fill = "ink" if drawn.lines else "muted"
    texts = (
        Text(px(x), px(first + drawn.pitch * number), line, SIZE, text_width(line, SIZE), fill)
        for number, line in enumerate(drawn.side)
    )
    yield Label(nodes=unit.nodes, role="caption", shapes=tuple(texts))


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
        size = px(width), px(height)
        box = Box(left, top, *size, fill, line, radius=radius, line_width=drawn.line_width)
        yield box
        yield from _lines(drawn.inside, box)
    if drawn.shared:
        yield from shared_sign(px(x), px(y + height / 2 + RING + 2))


def _lines(inside: Inside, box: Box) -> Iterator[Text]:
    """Write what stands in a box, around its middle, and turn that."""
    across, down = _SHARES[inside.align], _SHARES[inside.valign]
    half = box.width / 2 - inside.pad[0], box.height / 2 - inside.pad[1]
    # Where the lines stand in the box, seen with them upright.
    back: Turn = (360 - inside.turn) % 360  # type: ignore[assignment]
    right, low = turned((across, down), back)
    wide, high = half[:: -1 if inside.turn % 180 else 1]
    top = low * high - (low + 1) / 2 * (inside.height - inside.between)
    anchor: Anchor = "start" if right < 0 else "end" if right > 0 else "middle"
    for number, text in enumerate(inside.lines):
        base = top + 0.86 * inside.size + (inside.size + inside.between) * number
        x, y = turned((right * wide, base), inside.turn)
        x, y = px(box.left + box.width / 2 + x), px(box.top + box.height / 2 + y)
        width = text_width(text, inside.size)
        plain = Text(x, y, text, inside.size, width, anchor=anchor)
        yield replace(plain, turn=inside.turn, font=inside.font)


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
