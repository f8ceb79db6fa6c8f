"""Geometry: boxes, labels and frames where the data flows to the right, and where it flows down.

Rows and routes are decided along and across the flow. Where it flows down, along is y and
across is x.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from keras_diagram_core.layout.layered.rows import (
    DOWN,
    PAD,
    RIGHT,
    Caption,
    Flow,
    Framed,
    Row,
    Spot,
)
from keras_diagram_core.layout.layered.runs import NAME_SIZE, SHAPE_SIZE, TITLE_SIZE, Run
from keras_diagram_core.layout.marks import RING
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import GLYPH, Solid, glyph_text
from keras_diagram_core.scene import Box, Circle, Label, Point, Polygon, Shape, Stroke, Text

MARGIN = 10.0
TIER = 26.0
LABEL_TOP = 6.0
LABEL_SIDE = 12.0
TITLE = 16.0
SLICE = 3.0


class Frame(NamedTuple):
    """Where one row lies across the flow, px: its lanes, its boxes' axis, its labels."""

    top: float
    axis: float
    floor: float
    bottom: float


class Geometry(Protocol):
    """One way to put what was decided along and across the flow on the page."""

    flow: Flow

    def lie(self, solid: Solid) -> Solid:
        """Give a box by its sizes along (`width`, `right`) and across the flow."""

    def reach(self, row: Row) -> float:
        """Say how far the words of a row reach beyond its boxes, px."""

    def point(self, along: float, across: float) -> Point:
        """Give a point of the page."""

    def roof(self, spot: Spot, along: float) -> float:
        """Say how far inside its extent a line from the lanes meets a box, px."""

    def solid(self, spot: Spot, colours: Sequence[str], axis: float) -> Iterator[Shape]:
        """Draw a box, or a round glyph; its family is followed by those of its slices."""

    def sign(self, spot: Spot, axis: float) -> Point:
        """Say where the sign of a shared layer stands: where no edge runs."""

    def caption(self, caption: Caption, frame: Frame) -> Label:
        """Write the label of a run."""

    def framed(self, framed: Framed, start: float, frame: Frame) -> tuple[Box, Label]:
        """Draw a block's frame, from `start` across the flow, and its title."""


class Rightwards:
    """Rows, with labels below the boxes."""

    flow = RIGHT

    def lie(self, solid: Solid) -> Solid:
        """Boxes are made for this flow."""
        return solid

    def reach(self, row: Row) -> float:
        """Labels take one or two tiers, a title one more line."""
        tiers = LABEL_TOP + TIER * row.tiers if row.tiers else 0.0
        return tiers + (TITLE if row.frames else 0.0)

    def point(self, along: float, across: float) -> Point:
        """Along is to the right."""
        return px(along), px(across)

    def roof(self, spot: Spot, along: float) -> float:
        """Meet the middle of the top face, or the outline of a glyph."""
        return spot.solid.up / 2 + curve(spot.solid, along - spot.middle)

    def solid(self, spot: Spot, colours: Sequence[str], axis: float) -> Iterator[Shape]:
        """Draw slices from left to right; each covers the side of the one before."""
        solid = spot.solid
        left, bottom = MARGIN + spot.left, axis + solid.rise / 2
        if solid.glyph:
            yield from _glyph(solid, colours[0], left + solid.width / 2, axis)
            return
        x = left
        for colour, width in _slices(solid.width, colours):
            face = _Face(x, bottom - solid.height, width, solid.height)
            yield from _prism(face, solid.right, solid.up, colour)
            x += width

    def sign(self, spot: Spot, axis: float) -> Point:
        """Put it under the box."""
        middle = MARGIN + spot.left + spot.solid.width / 2
        return px(middle), px(axis + spot.solid.rise / 2 + RING + 1)

    def caption(self, caption: Caption, frame: Frame) -> Label:
        """Set it under the row, with a leader line if it is in a lower tier."""
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

    def framed(self, framed: Framed, start: float, frame: Frame) -> tuple[Box, Label]:
        """Set the title in the last line of the frame."""
        left, right = MARGIN + framed.left, MARGIN + framed.right
        return _framed(framed, (left, start, right, frame.bottom), frame.bottom - 6, apart=True)


class Downwards:
    """Columns, with labels at the right of the boxes."""

    flow = DOWN

    def lie(self, solid: Solid) -> Solid:
        """Lay a box down: what was its depth to the right is now across the flow."""
        return solid._replace(right=solid.up, up=solid.right)

    def reach(self, row: Row) -> float:
        """Names and shapes stand in one line."""
        words = max((_line_width(caption.run) for caption in row.captions), default=0.0)
        # The edges that come and go keep to the axis: no title may stand there.
        room = max(spot.solid.rise for spot in row.spots) / 2
        words = max([words, *(framed.fold.width - room for framed in row.frames)])
        return (LABEL_SIDE + words if words else 0.0) + (PAD if row.frames else 0.0)

    def point(self, along: float, across: float) -> Point:
        """Along is down."""
        return px(across), px(along)

    def roof(self, spot: Spot, along: float) -> float:
        """Meet the left side; above the front face, that of the top face leans to the right."""
        solid = spot.solid
        above = spot.left + solid.right - along
        slanted = solid.up * above / solid.right if above > 0 and solid.right else 0.0
        return slanted + curve(solid, along - spot.middle)

    def solid(self, spot: Spot, colours: Sequence[str], axis: float) -> Iterator[Shape]:
        """Draw slices from the bottom to the top; each covers the roof of the one below."""
        solid = spot.solid
        left, y = axis - solid.rise / 2, MARGIN + spot.right
        if solid.glyph:
            yield from _glyph(solid, colours[0], axis, MARGIN + spot.middle)
            return
        for colour, height in reversed(list(_slices(solid.width, colours))):
            y -= height
            yield from _prism(_Face(left, y, solid.height, height), solid.up, solid.right, colour)

    def sign(self, spot: Spot, axis: float) -> Point:
        """Put it at the right of the box."""
        return px(axis + spot.solid.rise / 2 + 2 * RING), px(MARGIN + spot.middle)

    def caption(self, caption: Caption, frame: Frame) -> Label:
        """Set it at the right of the column."""
        run, x = caption.run, px(frame.floor + LABEL_SIDE)
        base = px(MARGIN + caption.middle + 0.36 * NAME_SIZE)
        shapes: list[Shape] = []
        if run.name:
            text, width = run.name
            shapes.append(Text(x, base, text, NAME_SIZE, width, bold=True))
            x = px(x + width + 6)
        if run.shape:
            text, width = run.shape
            shapes.append(Text(x, base, text, SHAPE_SIZE, width, fill="muted"))
        return Label(nodes=run.nodes, role="caption", shapes=tuple(shapes))

    def framed(self, framed: Framed, start: float, frame: Frame) -> tuple[Box, Label]:
        """Set the title in the first line of the frame, at the right of what comes in."""
        top, bottom = MARGIN + framed.left, MARGIN + framed.right
        return _framed(framed, (start, top, frame.bottom, bottom), top + 12, apart=False)


def curve(solid: Solid, offset: float) -> float:
    """How far a round glyph's outline lies inside its square, `offset` px from its middle."""
    if not solid.glyph:
        return 0.0
    radius = solid.height / 2
    return radius - math.sqrt(max(radius**2 - offset**2, 0.0))


class _Face(NamedTuple):
    """The front of a box, px."""

    left: float
    top: float
    width: float
    height: float


def _slices(width: float, colours: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Share out the width of a box: thin slices follow the main one."""
    main, *others = colours
    slice_ = min(SLICE, width / (len(others) + 2))
    yield main, width - slice_ * len(others)
    yield from ((colour, slice_) for colour in others)


def _prism(face: _Face, x: float, y: float, colour: str) -> Iterator[Polygon]:
    """Draw a box whose back is `x` px to the right of its front and `y` px above it."""
    fill, line = f"{colour}-fill", f"{colour}-line"
    left, top = face.left, face.top
    right, bottom = left + face.width, top + face.height
    if y:
        roof = ((left, top), (left + x, top - y), (right + x, top - y), (right, top))
        side = ((right, top), (right + x, top - y), (right + x, bottom - y), (right, bottom))
        yield _polygon(roof, f"{colour}-top", line)
        yield _polygon(side, f"{colour}-side", line)
    yield _polygon(((left, top), (right, top), (right, bottom), (left, bottom)), fill, line)


def _polygon(points: Sequence[Point], fill: str, line: str) -> Polygon:
    return Polygon(tuple((px(x), px(y)) for x, y in points), fill, line)


def _glyph(solid: Solid, colour: str, x: float, y: float) -> Iterator[Shape]:
    yield Circle(px(x), px(y), GLYPH / 2, f"{colour}-fill", f"{colour}-line")
    yield glyph_text(solid.glyph, px(x), y)


def _line_width(run: Run) -> float:
    words = [line.width for line in (run.name, run.shape) if line]
    return sum(words) + 6 * (len(words) - 1)


def _framed(
    framed: Framed, bounds: tuple[float, float, float, float], base: float, *, apart: bool
) -> tuple[Box, Label]:
    """Draw a frame from (left, top) to (right, bottom); `apart` sets the title at its left end."""
    left, top, right, bottom = map(px, bounds)
    box = Box(left, top, px(right - left), px(bottom - top), "group", "group-line", radius=6)
    title, times = framed.fold.title, framed.fold.times
    end, base = px(right - PAD), px(base)
    texts = [Text(end, base, times.text, TITLE_SIZE, times.width, anchor="end", bold=True)]
    if title.text and apart:
        texts.append(Text(px(left + PAD), base, title.text, TITLE_SIZE, title.width, fill="muted"))
    elif title.text:
        end = px(end - times.width - 8)
        texts.append(
            Text(end, base, title.text, TITLE_SIZE, title.width, fill="muted", anchor="end")
        )
    return box, Label(role="title", shapes=tuple(texts))
