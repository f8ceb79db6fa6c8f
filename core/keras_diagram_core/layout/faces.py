"""Faces: where on the sides of boxes and circles images lie."""

from __future__ import annotations

import math
from typing import NamedTuple

from keras_diagram_core.layout.points import px
from keras_diagram_core.scene import Box, Circle, Image, Picture, Point, Polygon, Shape

# How many corners stand for a round crop: at the sizes of pictures, a circle.
ROUND = 48


class Face(NamedTuple):
    """A parallelogram: its left upper corner, and what leads across and down from there, px."""

    corner: Point
    across: Point
    down: Point

    @property
    def width(self) -> float:
        """The length of the upper side."""
        return math.hypot(*self.across)

    @property
    def height(self) -> float:
        """The length of the left side."""
        return math.hypot(*self.down)

    def at(self, x: float, y: float) -> Point:
        """Give the point at shares of both sides."""
        return (
            px(self.corner[0] + x * self.across[0] + y * self.down[0]),
            px(self.corner[1] + x * self.across[1] + y * self.down[1]),
        )

    def part(self, left: float, top: float, width: float, height: float) -> Face:
        """Give a part, by shares of both sides."""
        (ax, ay), (dx, dy) = self.across, self.down
        corner = (
            self.corner[0] + left * ax + top * dx,
            self.corner[1] + left * ay + top * dy,
        )
        return Face(corner, (width * ax, width * ay), (height * dx, height * dy))

    def within(self, inset: float) -> Face:
        """Give what remains some px within all sides: at least a tenth."""
        x, y = (min(inset / max(side, 1e-6), 0.45) for side in (self.width, self.height))
        return self.part(x, y, 1 - 2 * x, 1 - 2 * y)

    @property
    def corners(self) -> tuple[Point, Point, Point]:
        """The corners that a picture names."""
        return self.at(0, 0), self.at(1, 0), self.at(0, 1)

    @property
    def outline(self) -> tuple[Point, ...]:
        """All corners, around."""
        return self.at(0, 0), self.at(1, 0), self.at(1, 1), self.at(0, 1)

    @property
    def ellipse(self) -> tuple[Point, ...]:
        """The largest ellipse within, as points."""
        turns = (math.tau * step / ROUND for step in range(ROUND))
        return tuple(self.at(0.5 + math.cos(t) / 2, 0.5 + math.sin(t) / 2) for t in turns)


def face_of(shape: Shape) -> Face | None:
    """Give the face that a shape is, upright as people see it; None for what is none."""
    match shape:
        case Box() | Circle():
            edge = shape.bounds
            size = (edge.right - edge.left, edge.bottom - edge.top)
            return Face((edge.left, edge.top), (size[0], 0.0), (0.0, size[1]))
        case Polygon() if len(shape.points) == 4:
            return _upright(shape.points)
    return None


def _upright(points: tuple[Point, ...]) -> Face:
    """Choose the corner from which one side leads to the right, and the other one down."""

    def face(start: int, step: int) -> Face:
        corner, end, low = (points[(start + turn) % 4] for turn in (0, step, -step))
        return Face(corner, _from(corner, end), _from(corner, low))

    def uprightness(found: Face) -> float:
        width, height = found.width or 1.0, found.height or 1.0
        return found.across[0] / width + found.down[1] / height

    return max((face(start, step) for start in range(4) for step in (1, -1)), key=uprightness)


def _from(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def fitted(face: Face, image: Image, fit: str) -> Face:
    """Say where the whole image lies: within the face, or with `cover` beyond two of its sides.

    A face that took the ratio of its image is filled, but for what had to be rounded.
    """
    if fit == "fill":
        return face
    ratios = face.width / image.width, face.height / image.height
    scale = max(ratios) if fit == "cover" else min(ratios)
    width, height = image.width * scale / face.width, image.height * scale / face.height
    return face.part((1 - width) / 2, (1 - height) / 2, width, height)


def picture(
    face: Face, name: str, image: Image, fit: str, *, crop: bool = False, opacity: float = 1.0
) -> Picture:
    """Put an image on a face, by its name in the Scene; `crop` cuts out what is round."""
    whole = fitted(face, image, fit)
    clip = face.ellipse if crop else face.outline if fit == "cover" else ()
    return Picture(name, whole.corners, clip, round(opacity, 3))
