"""Geometry that every backend needs to draw a connector."""

from __future__ import annotations

import math
from collections.abc import Sequence

from keras_diagram_core.scene import Point


def toward(start: Point, end: Point, distance: float) -> Point:
    """Go from one point towards another, but not beyond their middle."""
    length = math.dist(start, end)
    share = min(distance / length, 0.5) if length else 0.0
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def shortened(points: Sequence[Point], arrow: float) -> list[Point]:
    """Let a line end inside its arrow head instead of at the tip."""
    *others, before, tip = points
    length = math.dist(before, tip)
    share = 1 - min(arrow * 0.8, length) / length if length else 1.0
    end = (before[0] + (tip[0] - before[0]) * share, before[1] + (tip[1] - before[1]) * share)
    return [*others, before, end]


def arrow_head(points: Sequence[Point], size: float) -> tuple[Point, Point, Point]:
    """Give the corners of the arrow head at a line's end: left, tip, right."""
    (x0, y0), (x1, y1) = points[-2:]
    length = math.dist((x0, y0), (x1, y1)) or 1.0
    dx, dy = (x1 - x0) / length * size, (y1 - y0) / length * size
    half = 0.6
    back = (x1 - dx, y1 - dy)
    return (
        (back[0] - dy * half, back[1] + dx * half),
        (x1, y1),
        (back[0] + dy * half, back[1] - dx * half),
    )
