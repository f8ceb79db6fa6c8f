"""Raster pictures: Scenes painted with aggdraw (shapes) and Pillow (text, and the formats)."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from itertools import chain
from typing import Any

import aggdraw
from PIL import Image, ImageDraw, ImageFont

from keras_diagram_core.artifact import RasterFormat
from keras_diagram_core.backends.face import Face, Faces, face_for
from keras_diagram_core.backends.images import opened, pixels
from keras_diagram_core.backends.lines import arrow_head, shortened, toward
from keras_diagram_core.errors import RequestError
from keras_diagram_core.scene import (
    Box,
    Circle,
    Connector,
    Item,
    Picture,
    Point,
    Polygon,
    Scene,
    Shape,
    Stroke,
    Text,
)

CSS_DPI = 96

MOST_PIXELS = 100_000_000
"""What a picture may have at most: 300 MB while it is painted."""

# The longest side that a format can tell, in pixels.
_LONGEST_SIDES: dict[RasterFormat, int] = {"jpeg": 65_500, "webp": 16_383, "gif": 65_535}
_HOW: dict[RasterFormat, dict[str, Any]] = {
    "png": {"optimize": True},
    "jpeg": {"quality": 92, "subsampling": 0},
    "webp": {"lossless": True},
    "gif": {},
    "tiff": {"compression": "tiff_adobe_deflate"},
}
# Which share of a line stands before its point.
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


def paint_raster(scene: Scene, format: RasterFormat, faces: Faces, dpi: float) -> bytes:
    """Paint a Scene in a raster format; formats that tell a resolution tell `dpi`.

    Raises:
        RequestError: it has more pixels than the format or this machine can take.
    """
    scale = dpi / CSS_DPI
    _check_side(_size(scene, scale), format)
    image = paint_image(scene, faces, scale)
    buffer = io.BytesIO()
    image.save(buffer, format, dpi=(dpi, dpi), **_HOW[format])
    return buffer.getvalue()


def paint_image(scene: Scene, faces: Faces, scale: float) -> Image.Image:
    """Paint a Scene as a Pillow image in mode RGB.

    Args:
        scene: the drawing; `theme` auto is light, since a raster picture cannot follow a page.
        faces: what words are set in, instead of the bundled font.
        scale: how many pixels a px has.

    Raises:
        RequestError: the image has too many pixels.
    """
    canvas = _Canvas(scene, faces, scale)
    for item in scene.items:
        canvas.item(item)
    return canvas.finished()


def _size(scene: Scene, scale: float) -> tuple[int, int]:
    """Give width and height in pixels.

    Raises:
        RequestError: they are more than a machine should be asked to hold.
    """
    width, height = (max(1, round(side * scale)) for side in (scene.width, scene.height))
    if width * height > MOST_PIXELS:
        most = int(scale * CSS_DPI * math.sqrt(MOST_PIXELS / (width * height)))
        raise RequestError(
            f"{width:,} × {height:,} pixels are too many: a picture has at most {MOST_PIXELS:,}.",
            hint=f"Ask for at most {most} dpi, or for SVG or PDF, which have no pixels.",
        )
    return width, height


def _check_side(size: tuple[int, int], format: RasterFormat) -> None:
    most = _LONGEST_SIDES.get(format)
    if most and max(size) > most:
        raise RequestError(
            f"{format.upper()} has at most {most:,} pixels each way, not"
            f" {size[0]:,} × {size[1]:,}.",
            hint="Choose PNG, SVG or PDF, or a smaller width, max-height or dpi.",
        )


class _Canvas:
    """An image, and the tools that paint on it: aggdraw's for shapes, Pillow's for text."""

    def __init__(self, scene: Scene, faces: Faces, scale: float) -> None:
        self._scene = scene
        self._paints = scene.paints
        self._images: dict[str, Image.Image] = {}
        self._dark = scene.theme == "dark"
        self._faces = faces
        self._scale = scale
        self._fonts: dict[tuple[Face, float], ImageFont.FreeTypeFont] = {}
        self.image = Image.new("RGB", _size(scene, scale), self._colour("background"))
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
                corners = self._flat(shape.points)
                self._shapes.polygon(corners, *self._tools(shape))
            case Stroke():
                self._shapes.line(self._flat(shape.points), self._pen(shape.line, shape.width))
            case Box():
                corners = self._flat(_box_corners(shape))
                self._shapes.polygon(corners, *self._tools(shape))
            case Circle():
                bounds = shape.bounds
                box = self._flat([(bounds.left, bounds.top), (bounds.right, bounds.bottom)])
                self._shapes.ellipse(box, *self._tools(shape))
            case Text():
                self._texts.append(shape)
            case Picture():
                self._picture(shape)

    def _connector(self, item: Connector) -> None:
        points = rounded_points(shortened(item.points, item.arrow), item.radius)
        self._shapes.line(self._flat(points), self._pen(item.line, item.width))
        if item.arrow:
            head = aggdraw.Brush(self._colour(item.line))
            self._shapes.polygon(self._flat(arrow_head(item.points, item.arrow)), head)

    def _picture(self, shape: Picture) -> None:
        """Paste an image over the shapes; those that follow need new tools."""
        if shape.image not in self._images:
            self._images[shape.image] = opened(self._scene.images[shape.image])
        turned, place = pixels(shape, self._images[shape.image], self._scale)
        self._shapes.flush()
        self.image.paste(turned, place, turned)
        self._shapes = aggdraw.Draw(self.image)

    def _write(self, text: Text) -> None:
        if text.turn:
            self._write_turned(text)
            return
        place = text.x * self._scale, text.y * self._scale
        self._set(self._pencil, place, text, self._colour(text.fill))

    def _write_turned(self, text: Text) -> None:
        """Write on a square around the point, turn that, and paint through it."""
        half = math.ceil((text.width + text.size) * self._scale)
        square = Image.new("L", (2 * half, 2 * half))
        self._set(ImageDraw.Draw(square), (half, half), text, 255)
        place = round(text.x * self._scale) - half, round(text.y * self._scale) - half
        self.image.paste(self._colour(text.fill), place, square.rotate(text.turn))

    def _set(self, pencil: ImageDraw.ImageDraw, place: Point, text: Text, fill: str | int) -> None:
        """Set characters where their font has them: in a row, each would get whole pixels.

        At low resolutions that would make words wider than their slots.
        """
        face = face_for(text, self._faces)
        font = self._font(face, text.size)
        ends = [face.width(text.text[:end], text.size) for end in range(len(text.text) + 1)]
        start = _ANCHORS[text.anchor] * ends[-1]
        for character, end in zip(text.text, ends, strict=False):
            x = place[0] + (end - start) * self._scale
            pencil.text((x, place[1]), character, fill=fill, font=font, anchor="ls")

    def _tools(self, shape: Polygon | Box | Circle) -> list[object]:
        pen = [self._pen(shape.line, shape.line_width)] if shape.line else []
        opacity = shape.opacity if isinstance(shape, Box) else 1.0
        return [*pen, aggdraw.Brush(self._colour(shape.fill), round(255 * opacity))]

    def _pen(self, line: str, width: float) -> object:
        return aggdraw.Pen(self._colour(line), width * self._scale)

    def _colour(self, name: str) -> str:
        paint = self._paints[name]
        return paint.dark if self._dark else paint.light

    def _font(self, face: Face, size: float) -> ImageFont.FreeTypeFont:
        if (face, size) not in self._fonts:
            self._fonts[face, size] = face.sized(size * self._scale)
        return self._fonts[face, size]

    def _flat(self, points: Sequence[Point]) -> list[float]:
        return [value * self._scale for value in chain.from_iterable(points)]


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
