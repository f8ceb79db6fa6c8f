"""Paint: stacks, patches and words as items, at the places that the layout gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout.lenet.sights import End, Sight
from keras_diagram_core.layout.lenet.stacks import (
    BESIDE,
    LINE,
    SIGN,
    SIZE,
    SMALL,
    Drawn,
    LenetLooks,
)
from keras_diagram_core.layout.looks import paint_of
from keras_diagram_core.layout.marks import RING, shared_sign, unit_mark
from keras_diagram_core.layout.network.page import MARGIN
from keras_diagram_core.layout.page import bounds_of
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import glyph_text
from keras_diagram_core.options import LenetOptions
from keras_diagram_core.scene import (
    Bounds,
    Box,
    Circle,
    Connector,
    Item,
    Label,
    Mark,
    Paint,
    Picture,
    Point,
    Shape,
    Stroke,
    Text,
    around,
)
from keras_diagram_core.text import clean, text_width, wrap
from keras_diagram_core.transforms.fuse import Unit

RAY = 0.9
HINT_SPACE = 4.0
# The parts of a look that say how opaque patches are, the strongest first.
_ALPHAS = ("patch_fill_alpha", "patch_alpha")
_ON_IMAGES = ("patch_fill_alpha_on_image", "patch_alpha_on_image")
# From this height on, px, another view serves a network better.
TALL = 2000.0


def mark(graph: ModelGraph, unit: Unit, end: End) -> Mark:
    """Draw a unit around a point."""
    return unit_mark(graph, unit, end.drawn.family, _shapes(end))


def hints(
    picture: Sequence[Drawn], items: Sequence[Item], options: LenetOptions
) -> Iterator[Label]:
    """Say below the drawing how to read it, in lines of the page's width."""
    bottom = around(map(bounds_of, items)).bottom if items else MARGIN
    room = max(options.width - 2 * MARGIN, 1.0)
    base = bottom + HINT_SPACE
    wordless = options.bottom_label and not any(unit.words for unit in picture)
    sentences = _hints(picture, items, deep=bottom > TALL or (bool(picture) and wordless))
    for line in wrap(" ".join(sentences), room, SMALL):
        base += LINE
        text = Text(MARGIN, px(base), line, SMALL, text_width(line, SMALL), fill="muted")
        yield Label(role="hint", shapes=(text,))


def _hints(picture: Sequence[Drawn], items: Sequence[Item], *, deep: bool) -> Iterator[str]:
    stacks = [unit for unit in picture if unit.tensor.space]
    if any(unit.head and unit.says_shape for unit in stacks):
        most = max(unit.tensor.channels or 0 for unit in stacks)
        more = "; of many maps, some are drawn." if most > max(u.maps for u in stacks) else "."
        yield f"Labels say channels@size{more}"
    patches = (item for item in items if isinstance(item, Label) and item.role == "patch")
    if any(isinstance(shape, Box) for patch in patches for shape in patch.shapes):
        yield "Patches show what one value is made from, or makes."
    if deep:
        yield "The view blocks suits a network as deep as this one better."


def rays(edge: Edge, found: Sight, family: str, options: LenetOptions) -> Iterator[Item]:
    """Draw an edge as the rays between a value and what it is made from."""
    line = f"{family}-line" if found.patches else "edge"
    upper, lower = (tuple((px(x), px(y)) for x, y in ray) for ray in found.rays)
    shapes: list[Shape] = []
    if options.draw_connections:
        shapes.append(Stroke(lower, line, RAY))
        yield Connector(
            source=edge.source,
            target=edge.target,
            role=clean(edge.role),
            points=upper,
            line=line,
            width=RAY,
            radius=0,
            arrow=0,
        )
    fill = "patch-fill" if options.patch_fill else f"{family}-side"
    outline = "patch-line" if options.patch_outline else f"{family}-line"
    shapes += (_box(patch, fill, outline) for patch in found.patches)
    if shapes:
        yield Label(nodes=(edge.source, edge.target), role="patch", shapes=tuple(shapes))


def patch_paints(options: LenetOptions) -> dict[str, Paint]:
    """Give the colours of patches that a document asks for."""
    chosen = {"patch-fill": options.patch_fill, "patch-line": options.patch_outline}
    return {name: paint_of(colour) for name, colour in chosen.items() if colour}


def seen_through(items: Sequence[Item], looks: LenetLooks) -> Iterator[Item]:
    """Let what is below patches be seen as far as the layers say on which they lie."""
    marks = {id_: item for item in items if isinstance(item, Mark) for id_ in item.nodes}
    for item in items:
        if isinstance(item, Label) and item.role == "patch":
            ends = [marks[id_] for id_ in item.nodes if id_ in marks]
            shapes = tuple(_seen_through(shape, ends, looks) for shape in item.shapes)
            yield replace(item, shapes=shapes)
        else:
            yield item


def _seen_through(shape: Shape, ends: Sequence[Mark], looks: LenetLooks) -> Shape:
    if not isinstance(shape, Box):
        return shape
    below = next((mark for mark in ends if mark.bounds.overlaps(shape.bounds)), None)
    return replace(shape, opacity=_opacity(shape, below, looks)) if below else shape


def _opacity(patch: Box, below: Mark, looks: LenetLooks) -> float:
    """Say how opaque a patch on a layer is; on an image, it lets that through."""
    pictures = (shape for shape in below.shapes if isinstance(shape, Picture))
    on_image = any(shape.bounds.overlaps(patch.bounds) for shape in pictures)
    given = (
        getattr(looks.of(id_), part)
        for part in (*_ALPHAS, *(_ON_IMAGES if on_image else ()))
        for id_ in below.nodes
    )
    usual = looks.options.patch_alpha_on_image if on_image else 255
    return next((alpha for alpha in given if alpha is not None), usual) / 255


def labels(unit: Unit, end: End, floor: float, roof: float) -> Iterator[Label]:
    """Write a unit's words: above it over `roof`, below it under `floor`, px from its axis."""
    (x, y), drawn = end.place, end.drawn
    if drawn.turned:
        yield from _beside(unit, end)
        return
    texts: list[Shape] = []
    if drawn.head:
        texts.append(_text(drawn.head, x, y - roof - drawn.above + 0.2 * SIZE, SIZE))
    base = y + floor + drawn.below + SIGN * drawn.shared - 2.5
    for line in drawn.words:
        base += LINE
        texts.append(_text(line, x, base, SIZE))
    for line in drawn.notes:
        base += LINE
        texts.append(_text(line, x, base, SMALL, fill="muted"))
    if texts:
        yield Label(nodes=unit.nodes, role="caption", shapes=tuple(texts))


def _beside(unit: Unit, end: End) -> Iterator[Label]:
    """Write a unit's words to the right of it, in lines around its middle."""
    (x, y), drawn = end.place, end.drawn
    left, base = px(x + drawn.width / 2 + BESIDE), y - drawn.lines * LINE / 2 - 0.25 * SIZE
    texts = []
    for line, size, fill in (
        *((line, SIZE, "ink") for line in filter(None, (drawn.head, *drawn.words))),
        *((line, SMALL, "muted") for line in drawn.notes),
    ):
        base += LINE
        texts.append(Text(left, px(base), line, size, text_width(line, size), fill=fill))
    if texts:
        yield Label(nodes=unit.nodes, role="caption", shapes=tuple(texts))


def roof(end: End, found: Sequence[Sight]) -> float:
    """Say how high above its axis the words over a unit may begin: over it and over all rays."""
    (x, y), drawn = end.place, end.drawn
    half = text_width(drawn.head, SIZE) / 2 + 1
    highest = y - drawn.height / 2
    for sight in found:
        (x0, y0), (x1, y1) = sight.rays[0]
        for at in (x - half, x + half):
            if min(x0, x1) <= at <= max(x0, x1) and x0 != x1:
                highest = min(highest, y0 + (y1 - y0) * (at - x0) / (x1 - x0))
    return y - highest


def _text(text: str, x: float, y: float, size: float, fill: str = "ink") -> Text:
    return Text(px(x), px(y), text, size, text_width(text, size), fill=fill, anchor="middle")


def _shapes(end: End) -> Iterator[Shape]:
    (x, y), drawn = end.place, end.drawn
    fill, line = f"{drawn.family}-fill", f"{drawn.family}-line"
    if drawn.glyph:
        yield Circle(px(x), px(y), px(drawn.width / 2), fill, line, drawn.line_width)
        yield glyph_text(drawn.glyph, px(x), px(y))
    else:
        for number in range(drawn.maps):
            shade = f"{drawn.family}-map{number}" if drawn.is_shaded and number else fill
            box = _box(drawn.map_at(number, end.place), shade, line)
            yield replace(box, line_width=drawn.line_width)
        yield from _neurons(drawn, end.front, line)
    if drawn.shared:
        yield from shared_sign(px(x), px(y + drawn.height / 2 + RING + 2))


def _neurons(drawn: Drawn, bar: Bounds, line: str) -> Iterator[Stroke]:
    step = (bar.bottom - bar.top) / max(drawn.cells, 1)
    for number in range(1, drawn.cells):
        y = px(bar.top + step * number)
        yield Stroke(((px(bar.left), y), (px(bar.right), y)), line, 0.8)


def _box(bounds: Bounds, fill: str, line: str) -> Box:
    width, height = bounds.right - bounds.left, bounds.bottom - bounds.top
    return Box(px(bounds.left), px(bounds.top), px(width), px(height), fill, line)


def to_outline(points: Sequence[Point], source: End | None, target: End | None) -> list[Point]:
    """Let a line that comes to the side of a stack's cell begin or end at its outline."""
    moved = list(points)
    if source:
        moved[0] = _met(source, moved[0], moved[1], leaving=True)
    if target:
        moved[-1] = _met(target, moved[-1], moved[-2], leaving=False)
    return moved


def _met(end: End, point: Point, other: Point, *, leaving: bool) -> Point:
    """Find where a straight line meets a stack, on its right or lower side if it leaves."""
    drawn, (x, y) = end.drawn, point
    maps = [drawn.map_at(number, end.place) for number in range(drawn.maps)]
    choose = max if leaving else min
    if drawn.glyph or point == other:
        return point
    if y == other[1]:
        there = [m for m in maps if m.top - 0.01 <= y <= m.bottom + 0.01] or maps
        return choose(m.right if leaving else m.left for m in there), y
    there = [m for m in maps if m.left - 0.01 <= x <= m.right + 0.01] or maps
    return x, choose(m.bottom if leaving else m.top for m in there)
