"""Points: the corners of lines, as exact as a picture needs them."""

from __future__ import annotations

from collections.abc import Sequence

from keras_diagram_core.scene import Point


def px(value: float) -> float:
    """Round a length to what the picture says of it."""
    return round(value, 2)


def tidy(points: Sequence[Point]) -> tuple[Point, ...]:
    """Drop points that repeat or lie on the line between their neighbours."""
    kept: list[Point] = []
    for x, y in points:
        point = (px(x), px(y))
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)


def _in_line(first: Point, middle: Point, last: Point) -> bool:
    return (first[0] == middle[0] == last[0]) or (first[1] == middle[1] == last[1])
