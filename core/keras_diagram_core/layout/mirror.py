"""Mirror: a Scene that flows the other way. Words keep their order, and stay upright.

All else is as in a mirror, the depth of boxes too. Legend, hints and notes stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.layout.page import bounds_of
from keras_diagram_core.layout.points import px
from keras_diagram_core.scene import (
    Bounds,
    Box,
    Circle,
    Connector,
    Frame,
    Item,
    Label,
    Mark,
    Picture,
    Point,
    Polygon,
    Scene,
    Shape,
    Stroke,
    Text,
    around,
)

# The roles of what stands below a drawing.
BELOW = frozenset({"legend", "logo", "summary", "hint", "hidden", "note"})
# How far capitals rise from their base line, in sizes of the font.
CAPITALS = 0.72
# The sides of a box that change places if it is seen from below.
_LIGHT = {"top": "side", "side": "top"}
_OTHER_END = {"start": "end", "end": "start", "middle": "middle"}


def mirrored(scene: Scene, *, upright: bool) -> Scene:
    """Have a Scene flow left that flows right; `upright`, have one flow up that flows down."""
    drawing = [item for item in scene.items if not _is_below(item)]
    if not drawing:
        return scene
    bounds = around(map(bounds_of, drawing))
    ends = bounds.top + bounds.bottom if upright else bounds.left + bounds.right
    homes = {mark.nodes: mark.bounds for mark in scene.marks}
    mirror = _Mirror(ends, upright, homes)
    items = (item if _is_below(item) else mirror.item(item) for item in scene.items)
    return replace(scene, items=tuple(items))


def _is_below(item: Item) -> bool:
    return isinstance(item, Label) and item.role in BELOW


class _Mirror(NamedTuple):
    """A mirror that turns heights (`upright`) or widths round; `ends` are both of them, added.

    `homes` are the bounds of marks by their nodes.
    """

    ends: float
    upright: bool
    homes: Mapping[tuple[str, ...], Bounds]

    def item(self, item: Item) -> Item:
        """Mirror an item."""
        if isinstance(item, Connector):
            return replace(item, points=self._points(item.points))
        words = [shape for shape in item.shapes if isinstance(shape, Text)]
        moved = dict(zip(words, self._words(item, words), strict=True))
        shapes = (moved[s] if isinstance(s, Text) else self._shape(s) for s in item.shapes)
        return replace(item, shapes=tuple(shapes))

    def _words(self, item: Mark | Label | Frame, words: Sequence[Text]) -> Iterator[Text]:
        """Move words together, so that lines keep their order."""
        if not self.upright and len({text.anchor for text in words}) == 1:
            for text in words:
                x = px(self.ends - text.x)
                yield replace(text, x=x, anchor=_OTHER_END[text.anchor])
            return
        # In a box, letters stand in the middle; elsewhere, their slots keep clear of others.
        slots = [_letters(text) if isinstance(item, Mark) else text.bounds for text in words]
        home = None if isinstance(item, Frame) else self.homes.get(item.nodes)
        sides = [home is not None and slot.top >= home.bottom for slot in slots]
        for text, side in zip(words, sides, strict=True):
            together = [slot for slot, other in zip(slots, sides, strict=True) if other == side]
            shift = self._shift(around(together))
            if self.upright:
                yield replace(text, y=px(text.y + shift))
            else:
                yield replace(text, x=px(text.x + shift))

    def _shift(self, bounds: Bounds) -> float:
        """Say how far something moves that is not turned round itself."""
        if self.upright:
            return self.ends - bounds.top - bounds.bottom
        return self.ends - bounds.left - bounds.right

    def _shape(self, shape: Polygon | Stroke | Box | Circle | Picture) -> Shape:
        match shape:
            case Polygon():
                return replace(
                    shape, points=self._points(shape.points), fill=self._lit(shape.fill)
                )
            case Stroke():
                return replace(shape, points=self._points(shape.points))
            case Circle():
                [(x, y)] = self._points([(shape.x, shape.y)])
                return replace(shape, x=x, y=y)
            case Box():
                shift = px(self._shift(shape.bounds))
                if self.upright:
                    return replace(shape, top=px(shape.top + shift))
                return replace(shape, left=px(shape.left + shift))
            case Picture():
                return self._picture(shape)

    def _picture(self, shape: Picture) -> Picture:
        """Put an image where its mirror image would be: it is no mirror image itself."""
        first, second, third = self._points(shape.corners)
        last = px(second[0] + third[0] - first[0]), px(second[1] + third[1] - first[1])
        corners = (third, last, first) if self.upright else (second, first, last)
        return replace(shape, corners=corners, clip=self._points(shape.clip))

    def _lit(self, fill: str) -> str:
        """Have light come from above, still: of a box upside down one sees the bottom."""
        name, _, side = fill.rpartition("-")
        return f"{name}-{_LIGHT[side]}" if self.upright and side in _LIGHT else fill

    def _points(self, points: Sequence[Point]) -> tuple[Point, ...]:
        if self.upright:
            return tuple((x, px(self.ends - y)) for x, y in points)
        return tuple((px(self.ends - x), y) for x, y in points)


def _letters(text: Text) -> Bounds:
    """Give what capitals fill of a slot."""
    slot = text.bounds
    return Bounds(slot.left, text.y - CAPITALS * text.size, slot.right, text.y)
