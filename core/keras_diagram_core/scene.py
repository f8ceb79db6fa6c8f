"""Scene: a finished drawing. Plain data with every position decided; backends only paint it.

Coordinates are px, x to the right, y downwards. Colours are names: each one stands in
`paints` with its value in light and dark, and becomes a CSS custom property `--kd-<name>`
in SVG. Pictures name images, which stand in `images` once, however many pictures show them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from keras_diagram_core.errors import GraphFormatError

SCHEMA = 1

Point = tuple[float, float]
Turn = Literal[0, 90, 180, 270]


def turned(point: Point, turn: Turn) -> Point:
    """Turn a point around (0, 0), so many degrees to the left."""
    x, y = point
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[turn]


class Bounds(Struct, frozen=True):
    """An upright rectangle from (left, top) to (right, bottom)."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Bounds, tolerance: float = 0.01) -> bool:
        """Say whether the two share more than an edge of `tolerance` px."""
        return (
            self.left < other.right - tolerance
            and other.left < self.right - tolerance
            and self.top < other.bottom - tolerance
            and other.top < self.bottom - tolerance
        )

    def contains(self, other: Bounds, tolerance: float = 0.01) -> bool:
        """Say whether the other lies within, `tolerance` px allowed."""
        return (
            self.left <= other.left + tolerance
            and self.top <= other.top + tolerance
            and self.right >= other.right - tolerance
            and self.bottom >= other.bottom - tolerance
        )


def around(parts: Iterable[Bounds]) -> Bounds:
    """Give the smallest bounds that hold all the parts (at least one)."""
    boxes = list(parts)
    return Bounds(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


class Polygon(Struct, frozen=True, tag_field="kind", tag="polygon", forbid_unknown_fields=True):
    """A closed shape of straight sides, outlined `line_width` px wide if `line` is a paint."""

    points: tuple[Point, ...]
    fill: str
    line: str = ""
    line_width: float = 1.0

    @property
    def bounds(self) -> Bounds:
        """The extent of the corners."""
        xs, ys = zip(*self.points, strict=True)
        return Bounds(min(xs), min(ys), max(xs), max(ys))


class Box(Struct, frozen=True, tag_field="kind", tag="box", forbid_unknown_fields=True):
    """A rectangle with rounded corners of `radius` px; `opacity` is that of its fill, 0 to 1."""

    left: float
    top: float
    width: float
    height: float
    fill: str
    line: str = ""
    radius: float = 0
    line_width: float = 1.0
    opacity: float = 1.0

    @property
    def bounds(self) -> Bounds:
        """The rectangle."""
        return Bounds(self.left, self.top, self.left + self.width, self.top + self.height)


class Circle(Struct, frozen=True, tag_field="kind", tag="circle", forbid_unknown_fields=True):
    """A circle around (x, y)."""

    x: float
    y: float
    radius: float
    fill: str
    line: str = ""
    line_width: float = 1.0

    @property
    def bounds(self) -> Bounds:
        """The square around it."""
        r = self.radius
        return Bounds(self.x - r, self.y - r, self.x + r, self.y + r)


class Stroke(Struct, frozen=True, tag_field="kind", tag="stroke", forbid_unknown_fields=True):
    """An open line through the points, `width` px wide."""

    points: tuple[Point, ...]
    line: str
    width: float = 1.0

    @property
    def bounds(self) -> Bounds:
        """The extent of the points."""
        xs, ys = zip(*self.points, strict=True)
        return Bounds(min(xs), min(ys), max(xs), max(ys))


class Text(Struct, frozen=True, tag_field="kind", tag="text", forbid_unknown_fields=True):
    """One line of text: `y` is its base line, `size` px its font size, `width` px its slot.

    `width` is what `text.text_width` measured: a bound for every usual sans-serif face. The line
    is turned around (x, y), `turn` degrees to the left. `font` names a family or a font file; if
    empty, it is that of the picture.
    """

    x: float
    y: float
    text: str
    size: float
    width: float
    fill: str = "ink"
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    turn: Turn = 0
    font: str = ""

    @property
    def bounds(self) -> Bounds:
        """The slot, from ascender to descender."""
        left = -{"start": 0, "middle": self.width / 2, "end": self.width}[self.anchor]
        top, right, bottom = -0.8 * self.size, left + self.width, 0.22 * self.size
        if not self.turn:
            return Bounds(self.x + left, self.y + top, self.x + right, self.y + bottom)
        (x0, y0), (x1, y1) = turned((left, top), self.turn), turned((right, bottom), self.turn)
        corners = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        return Bounds(*(a + b for a, b in zip(corners, (self.x, self.y) * 2, strict=True)))


class Picture(Struct, frozen=True, tag_field="kind", tag="picture", forbid_unknown_fields=True):
    """An image on a parallelogram, which `corners` give: left top, right top, left bottom.

    Only what lies in the convex polygon `clip` is seen, all of it if that is empty. `opacity` is
    between 0 and 1.
    """

    image: str
    corners: tuple[Point, Point, Point]
    clip: tuple[Point, ...] = ()
    opacity: float = 1.0

    @property
    def bounds(self) -> Bounds:
        """The extent of what is seen."""
        (left, top), (x1, y1), (x2, y2) = self.corners
        whole = ((left, top), (x1, y1), (x2, y2), (x1 + x2 - left, y1 + y2 - top))
        xs, ys = zip(*(self.clip or whole), strict=True)
        return Bounds(min(xs), min(ys), max(xs), max(ys))


Shape = Polygon | Box | Circle | Stroke | Text | Picture


class Mark(
    Struct, frozen=True, kw_only=True, tag_field="kind", tag="mark", forbid_unknown_fields=True
):
    """What stands for nodes of the model: their ids, their class, their family, a tooltip.

    `shared` names the layer, if that is called more than once.
    """

    nodes: tuple[str, ...]
    type: str
    family: str
    tooltip: str = ""
    shared: str = ""
    shapes: tuple[Shape, ...]

    @property
    def bounds(self) -> Bounds:
        """The extent of all shapes."""
        return around(shape.bounds for shape in self.shapes)


class Connector(
    Struct,
    frozen=True,
    kw_only=True,
    tag_field="kind",
    tag="connector",
    forbid_unknown_fields=True,
):
    """One edge of the model, from mark to mark: an orthogonal line with an arrow at its end.

    With `arrow` 0 it is any line that joins the two, like a ray from a patch to a value.

    `source` and `target` are ModelGraph ids, `role` is what the target calls the tensor, if it
    tells several apart. Corners are rounded by `radius` px.
    """

    source: str
    target: str
    role: str = ""
    points: tuple[Point, ...]
    line: str = "edge"
    width: float = 1.2
    radius: float = 4.0
    arrow: float = 4.0


class Label(
    Struct, frozen=True, kw_only=True, tag_field="kind", tag="label", forbid_unknown_fields=True
):
    """Words (and what leads the eye to them) that belong to marks: their ids in `nodes`."""

    nodes: tuple[str, ...] = ()
    role: str
    shapes: tuple[Shape, ...]

    @property
    def bounds(self) -> Bounds:
        """The extent of all shapes."""
        return around(shape.bounds for shape in self.shapes)


class Frame(Struct, frozen=True, kw_only=True, tag_field="kind", tag="frame"):
    """A container: what is drawn inside stands for all of `nodes`, `repeat` times the same."""

    nodes: tuple[str, ...]
    repeat: int = 1
    shapes: tuple[Shape, ...]

    @property
    def bounds(self) -> Bounds:
        """The extent of all shapes."""
        return around(shape.bounds for shape in self.shapes)


Item = Mark | Connector | Label | Frame


def moved(item: Item, distance: float) -> Item:
    """Give an item that stands so many px further to the right and down."""
    if isinstance(item, Connector):
        return msgspec.structs.replace(item, points=_moved_points(item.points, distance))
    shapes = tuple(_moved_shape(shape, distance) for shape in item.shapes)
    return msgspec.structs.replace(item, shapes=shapes)


def _moved_shape(shape: Shape, distance: float) -> Shape:
    replace = msgspec.structs.replace
    match shape:
        case Polygon() | Stroke():
            return replace(shape, points=_moved_points(shape.points, distance))
        case Box():
            return replace(shape, left=shape.left + distance, top=shape.top + distance)
        case Circle() | Text():
            return replace(shape, x=shape.x + distance, y=shape.y + distance)
        case Picture():
            first, second, third = _moved_points(shape.corners, distance)
            clip = _moved_points(shape.clip, distance)
            return replace(shape, corners=(first, second, third), clip=clip)


def _moved_points(points: tuple[Point, ...], distance: float) -> tuple[Point, ...]:
    return tuple((x + distance, y + distance) for x, y in points)


class Paint(Struct, frozen=True, forbid_unknown_fields=True):
    """A colour, `#rrggbb`, on light and on dark pages."""

    light: str
    dark: str


class Image(Struct, frozen=True, forbid_unknown_fields=True):
    """An image as a file holds it, base64 in JSON: PNG, JPEG, GIF, WebP or SVG.

    `width` and `height` are its natural size in px.
    """

    media_type: str
    width: float
    height: float
    data: bytes


class Scene(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A drawing of `width` x `height` px; later items are painted over earlier ones.

    `notes` say what of the model it cannot show, for those who make it.
    """

    schema: int = SCHEMA
    view: str
    theme: Literal["auto", "light", "dark"] = "auto"
    width: float
    height: float
    title: str
    description: str
    notes: tuple[str, ...] = ()
    paints: dict[str, Paint]
    images: dict[str, Image] = {}
    items: tuple[Item, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The items that stand for nodes."""
        return tuple(item for item in self.items if isinstance(item, Mark))

    @property
    def connectors(self) -> tuple[Connector, ...]:
        """The items that stand for edges."""
        return tuple(item for item in self.items if isinstance(item, Connector))

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The items that are containers."""
        return tuple(item for item in self.items if isinstance(item, Frame))

    @property
    def labels(self) -> tuple[Label, ...]:
        """The items that are words."""
        return tuple(item for item in self.items if isinstance(item, Label))

    @property
    def fonts(self) -> tuple[str, ...]:
        """The fonts that words have of their own, each once, sorted."""
        shapes = (shape for item in self.items for shape in getattr(item, "shapes", ()))
        found = {shape.font for shape in shapes if isinstance(shape, Text)}
        return tuple(sorted(found - {""}))

    def to_dict(self) -> dict[str, Any]:
        """Give the Scene as plain data."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: Any) -> Scene:
        """Read plain data strictly.

        Raises:
            GraphFormatError: with the path of what is wrong.
        """
        try:
            return msgspec.convert(data, cls)
        except msgspec.ValidationError as error:
            raise GraphFormatError(f"Not a Scene: {error}.") from None
