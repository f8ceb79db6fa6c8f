"""Sights: what one value of a layer is made from, as patches and the rays between them."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from keras_diagram_core.graph import Node
from keras_diagram_core.layout.lenet.names import window
from keras_diagram_core.layout.lenet.stacks import Drawn
from keras_diagram_core.layout.lenet.tensors import Tensor
from keras_diagram_core.scene import Bounds, Point

SMALLEST = 5.0
# A single value of a map: its least and its greatest side, px.
VALUE = (2.5, 7.0)
# Where in a map patches lie, as shares of its height: by turns, so that they do not meet.
TURNS = (0.34, 0.66)
ACROSS = 0.52
# How far a seed may move them from there, as shares of the sides.
STRAY_DOWN = 0.12
STRAY_ACROSS = 0.26
# What a patch takes of a map whose size nobody knows.
UNKNOWN = 0.15


Ray = tuple[Point, Point]


class Spot(NamedTuple):
    """Where in a map patches lie, as shares of its sides."""

    across: float
    down: float


class Sight(NamedTuple):
    """An upper and a lower ray from source to target, and the patches at their ends, if any."""

    rays: tuple[Ray, Ray]
    patches: tuple[Bounds, ...] = ()


class End(NamedTuple):
    """A unit as it is drawn, and the middle of where."""

    drawn: Drawn
    place: Point

    @property
    def front(self) -> Bounds:
        """The map or bar in front."""
        return self.drawn.front(self.place)


def spot(turn: int, seed: int) -> Spot:
    """Choose where the patches of a layer lie; every second one, higher. 0 is in the middle."""
    if not seed:
        return Spot(ACROSS, TURNS[turn % 2])
    across, down = (zlib.crc32(f"{seed}/{turn}/{side}".encode()) / 2**31 - 1 for side in "xy")
    return Spot(ACROSS + STRAY_ACROSS * across, TURNS[turn % 2] + STRAY_DOWN * down)


def sight(node: Node, source: End, target: End, place: Spot, scale: float) -> Sight | None:
    """Show what a layer looks at in the tensor before it; None where patches cannot say it.

    A window of the input makes one value of the output; in upsampling and transposed convolutions
    one value of the input makes a window of the output; vectors are seen as a whole.
    """
    if source.drawn.glyph or target.drawn.glyph:
        return None
    if not target.drawn.tensor.space:
        return _whole(source, target) if _sees_all(node, source.drawn.tensor) else None
    size = _reach(node)
    if not source.drawn.tensor.space or not size:
        return None
    upwards = "Transpose" in node.type or node.type.startswith("UpSampling")
    for where in (place, place._replace(down=0.5)):
        found = _window(source, target, (size, scale), where, upwards=upwards)
        if _is_clear(found, source, target):
            return found
    return None


def _sees_all(node: Node, tensor: Tensor) -> bool:
    if tensor.space:
        return node.type == "Flatten" or node.type.startswith("Global")
    return node.type == "Dense"


def _reach(node: Node) -> tuple[int, ...]:
    """Give the size of a window with the holes in it; a dense layer sees one position."""
    if node.type == "Dense":
        return (1,)
    found = node.config.get("dilation_rate")
    rates = found if isinstance(found, tuple) else (found,)
    sizes = window(node)
    steps = [rate if isinstance(rate, int) else 1 for rate in rates]
    if len(steps) != len(sizes):
        steps = steps[:1] * len(sizes)
    return tuple((size - 1) * step + 1 for size, step in zip(sizes, steps, strict=True))


def _whole(source: End, target: End) -> Sight:
    start, end = source.front, target.front
    upper = ((start.right, start.top), (end.left, end.top))
    lower = ((start.right, start.bottom), (end.left, end.bottom))
    return Sight((upper, lower))


def _window(
    source: End, target: End, reach: tuple[tuple[int, ...], float], place: Spot, *, upwards: bool
) -> Sight:
    size, scale = reach
    wide, single = (target, source) if upwards else (source, target)
    patch = _patch(wide, size, scale, place)
    value = _value(single, place)
    point = ((value.left + value.right) / 2, (value.top + value.bottom) / 2)
    side = patch.left if upwards else patch.right
    corners = ((side, patch.top), (side, patch.bottom))
    if upwards:
        return Sight(((point, corners[0]), (point, corners[1])), (patch, value))
    return Sight(((corners[0], point), (corners[1], point)), (patch, value))


def _patch(end: End, size: tuple[int, ...], scale: float, place: Spot) -> Bounds:
    front, tensor = end.front, end.drawn.tensor
    sizes = (size * 2)[-2:] if len(size) == 1 else size[-2:]
    high = _length(sizes[0], tensor.space[-2:][0], front.bottom - front.top, scale)
    wide = front.right - front.left
    if len(tensor.space) > 1:
        wide = _length(sizes[1], tensor.space[-1], wide, scale)
    return _inside(front, wide, high, place)


def _length(size: int, whole: int | None, drawn: float, scale: float) -> float:
    """Give a part of a map in px, large enough to be seen, at most the whole."""
    share = size / whole if whole else UNKNOWN
    return min(max(drawn * min(share, 1.0) * scale, SMALLEST), drawn)


def _value(end: End, place: Spot) -> Bounds:
    front, space = end.front, end.drawn.tensor.space
    wide = _cell(front.right - front.left, space[-1] if len(space) > 1 else 1)
    return _inside(front, wide, _cell(front.bottom - front.top, space[-2:][0]), place)


def _cell(length: float, count: int | None) -> float:
    """Give one of `count` parts of a length, px, so that it can be seen."""
    return min(max(length / (count or 10), VALUE[0]), VALUE[1], length)


def _inside(front: Bounds, wide: float, high: float, place: Spot) -> Bounds:
    """Place a patch in a map, around the same share of its sides as all others."""
    left = front.left + place.across * (front.right - front.left) - wide / 2
    top = front.top + place.down * (front.bottom - front.top) - high / 2
    left = min(max(left, front.left), front.right - wide)
    top = min(max(top, front.top), front.bottom - high)
    return Bounds(left, top, left + wide, top + high)


def _is_clear(found: Sight, source: End, target: End) -> bool:
    """Say whether rays keep to the heights that both stacks have, where no words stand."""
    top = max(end.place[1] - end.drawn.height / 2 for end in (source, target))
    bottom = min(end.place[1] + end.drawn.height / 2 for end in (source, target))
    return all(top <= y <= bottom for ray in found.rays for _, y in ray)
