"""Boxes: solids, and what leads from one to the next, as shapes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import GLYPH, Solid, glyph_text
from keras_diagram_core.scene import Circle, Point, Polygon, Shape

SLICE = 3.0


class Prism(NamedTuple):
    """A box on the page, px: its front, and how far right and up of that its back is."""

    left: float
    top: float
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0

    @property
    def right(self) -> float:
        """The right end of the front."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower end of the front."""
        return self.top + self.height

    def back(self, x: float, y: float) -> Point:
        """Give the point of the back that lies behind one of the front."""
        return x + self.x, y - self.y


def prism(box: Prism, colour: str) -> Iterator[Polygon]:
    """Draw a box: the faces that one sees, the front last."""
    fill, line = f"{colour}-fill", f"{colour}-line"
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if box.y:
        roof = ((left, top), box.back(left, top), box.back(right, top), (right, top))
        x = right if box.x > 0 else left
        side = ((x, top), box.back(x, top), box.back(x, bottom), (x, bottom))
        yield polygon(roof, f"{colour}-top", line)
        yield polygon(side, f"{colour}-side", line)
    yield polygon(((left, top), (right, top), (right, bottom), (left, bottom)), fill, line)


def funnel_right(source: Prism, target: Prism) -> Iterator[Polygon]:
    """Draw what narrows or widens from the right end of a box to the left end of another."""
    ends = (source, source.right), (target, target.left)
    yield _between([(box.back(x, box.top), (x, box.top)) for box, x in ends])
    yield _between([((x, box.top), (x, box.bottom)) for box, x in ends])


def funnel_down(source: Prism, target: Prism) -> Iterator[Polygon]:
    """Draw what narrows or widens from the lower end of a box to the upper end of another."""
    ends = (source, source.bottom), (target, target.top)
    corners = [(box.right if box.x > 0 else box.left, y) for box, y in ends]
    pairs = zip(ends, corners, strict=True)
    yield _between([(box.back(*corner), corner) for (box, _), corner in pairs])
    yield _between([((box.left, y), (box.right, y)) for box, y in ends])


def _between(lines: Sequence[tuple[Point, Point]]) -> Polygon:
    """Fill what lies between two lines."""
    (a, b), (c, d) = lines
    return polygon((a, c, d, b), "group", "hint")


def polygon(points: Sequence[Point], fill: str, line: str) -> Polygon:
    """Make a polygon with rounded coordinates."""
    return Polygon(tuple((px(x), px(y)) for x, y in points), fill, line)


def glyph(solid: Solid, colour: str, x: float, y: float) -> Iterator[Shape]:
    """Draw the round glyph of a merge around a point."""
    yield Circle(px(x), px(y), GLYPH / 2, f"{colour}-fill", f"{colour}-line")
    yield glyph_text(solid.glyph, px(x), y)


def slices(width: float, colours: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Share out the width of a box: thin slices follow the main one."""
    main, *others = colours
    slice_ = min(SLICE, width / (len(others) + 2))
    yield main, width - slice_ * len(others)
    yield from ((colour, slice_) for colour in others)


def curve(solid: Solid, offset: float) -> float:
    """How far a round glyph's outline lies inside its square, `offset` px from its middle."""
    if not solid.glyph:
        return 0.0
    radius = solid.height / 2
    return radius - math.sqrt(max(radius**2 - offset**2, 0.0))
