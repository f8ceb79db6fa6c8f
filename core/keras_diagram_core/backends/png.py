"""PNG: Scenes painted with aggdraw (shapes) and Pillow (text), two pixels to the px."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import chain

import aggdraw
from PIL import Image, ImageDraw, ImageFont

from keras_diagram_core.backends.lines import arrow_head, shortened, toward
from keras_diagram_core.scene import (
    Box,
    Circle,
    Connector,
    Item,
    Point,
    Polygon,
    Scene,
    Shape,
    Stroke,
    Text,
)

SCALE = 2
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def paint_png(scene: Scene) -> bytes:
    """Paint a Scene; `theme` auto is light, since a raster picture cannot follow the page."""
    image = paint_image(scene)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True, dpi=(96 * SCALE, 96 * SCALE))
    return buffer.getvalue()


def paint_image(scene: Scene) -> Image.Image:
    """Paint a Scene as a Pillow image in mode RGB."""
    size = (max(1, round(scene.width * SCALE)), max(1, round(scene.height * SCALE)))
    canvas = _Canvas(scene, size)
    for item in scene.items:
        canvas.item(item)
    return canvas.finished()


class _Canvas:
    """An image, and the tools that paint on it: aggdraw's for shapes, Pillow's for text."""

    def __init__(self, scene: Scene, size: tuple[int, int]) -> None:
        self._paints = scene.paints
        self._dark = scene.theme == "dark"
        self.image = Image.new("RGB", size, self._colour("background"))
        self._shapes = aggdraw.Draw(self.image)
        self._pencil = ImageDraw.Draw(self.image)
        self._texts: list[Text] = []

    def item(self, item: Item) -> None:
        if isinstance(item, Connector):
            self._connector(item)
        else:
            for shape in item.shapes:
                self._shape(shape)

    def finished(self) -> Image.Image:
        """Set the text over the shapes, all at once: changing tools copies the whole image."""
        self._shapes.flush()
        for text in self._texts:
            self._write(text)
        return self.image

    def _shape(self, shape: Shape) -> None:
        match shape:
            case Polygon():
                self._shapes.polygon(_flat(shape.points), *self._tools(shape.fill, shape.line))
            case Stroke():
                self._shapes.line(_flat(shape.points), self._pen(shape.line, shape.width))
            case Box():
                corners = _flat(_box_corners(shape))
                self._shapes.polygon(corners, *self._tools(shape.fill, shape.line))
            case Circle():
                bounds = shape.bounds
                box = _flat([(bounds.left, bounds.top), (bounds.right, bounds.bottom)])
                self._shapes.ellipse(box, *self._tools(shape.fill, shape.line))
            case Text():
                self._texts.append(shape)

    def _connector(self, item: Connector) -> None:
        points = rounded_points(shortened(item.points, item.arrow), item.radius)
        self._shapes.line(_flat(points), self._pen(item.line, item.width))
        if item.arrow:
            head = aggdraw.Brush(self._colour(item.line))
            self._shapes.polygon(_flat(arrow_head(item.points, item.arrow)), head)

    def _write(self, text: Text) -> None:
        self._pencil.text(
            (text.x * SCALE, text.y * SCALE),
            text.text,
            fill=self._colour(text.fill),
            font=_font(text.size, bold=text.bold),
            anchor=_ANCHORS[text.anchor],
        )

    def _tools(self, fill: str, line: str) -> list[object]:
        pen = [self._pen(line, 1.0)] if line else []
        return [*pen, aggdraw.Brush(self._colour(fill))]

    def _pen(self, line: str, width: float) -> object:
        return aggdraw.Pen(self._colour(line), width * SCALE)

    def _colour(self, name: str) -> str:
        paint = self._paints[name]
        return paint.dark if self._dark else paint.light


@cache
def _font(size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    data = resources.files(__package__).joinpath("fonts", name).read_bytes()
    # The basic layout engine: the other one depends on libraries of the machine.
    engine = ImageFont.Layout.BASIC
    return ImageFont.truetype(io.BytesIO(data), size * SCALE, layout_engine=engine)


def _flat(points: Sequence[Point]) -> list[float]:
    return [value * SCALE for value in chain.from_iterable(points)]


def _box_corners(box: Box) -> list[Point]:
    edge = box.bounds
    corners = [
        (edge.left, edge.top),
        (edge.right, edge.top),
        (edge.right, edge.bottom),
        (edge.left, edge.bottom),
    ]
    if not box.radius:
        return corners
    closed = [corners[-1], *corners, corners[0]]
    middle = ((closed[0][0] + closed[1][0]) / 2, (closed[0][1] + closed[1][1]) / 2)
    return rounded_points([middle, *corners, middle], box.radius)


def rounded_points(points: Sequence[Point], radius: float) -> list[Point]:
    """Replace each inner corner by a few points of its quadratic curve."""
    result = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        first, last = toward(corner, before, radius), toward(corner, after, radius)
        result += [_on_curve(first, corner, last, step / 6) for step in range(7)]
    return [*result, points[-1]]


def _on_curve(first: Point, control: Point, last: Point, t: float) -> Point:
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
    return (
        a * first[0] + b * control[0] + c * last[0],
        a * first[1] + b * control[1] + c * last[1],
    )
