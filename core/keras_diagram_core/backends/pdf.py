"""PDF: one page of vectors and real text, its fonts embedded as far as they are used (fpdf2)."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from fpdf import FPDF
from fpdf.drawing import PaintedPath

from keras_diagram_core.backends.face import Face, Faces, face_for
from keras_diagram_core.backends.images import opened, pixels
from keras_diagram_core.backends.lines import arrow_head, shortened, toward
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

POINTS_PER_PX = 0.75
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# How many pixels of an image a px of the page gets.
PIXELS = 3.0
# The longest side of a page that all readers show (ISO 32000-1, annex C), in points.
_LONGEST_SIDE = 14_400
# Equal Scenes give equal bytes on every day.
_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def paint_pdf(scene: Scene, faces: Faces) -> bytes:
    """Paint a Scene as a page of its size; `theme` auto is light.

    Args:
        scene: the drawing.
        faces: what words are set in, instead of the bundled font.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = _Page(scene, faces, Path(folder))
        for item in scene.items:
            page.item(item)
        return page.finished()


class _Page:
    """A document of one page, with the px of the Scene as its unit."""

    def __init__(self, scene: Scene, faces: Faces, folder: Path) -> None:
        self._paints = scene.paints
        self._images = scene.images
        self._dark = scene.theme == "dark"
        self._faces = faces
        self._folder = folder
        self._families: dict[Face, str] = {}
        longest = max(scene.width, scene.height)
        self._unit = min(POINTS_PER_PX, _LONGEST_SIDE / longest)
        self._pdf = FPDF(unit=self._unit, format=(scene.width, scene.height))
        self._pdf.set_creation_date(_DATE)
        self._pdf.set_producer("sphinx-keras-diagram")
        self._pdf.set_title(scene.title)
        self._pdf.set_subject(scene.description)
        self._pdf.add_page()
        self._paint(PaintedPath().rectangle(0, 0, scene.width, scene.height), "background")

    def item(self, item: Item) -> None:
        if isinstance(item, Connector):
            self._connector(item)
        else:
            for shape in item.shapes:
                self._shape(shape)

    def finished(self) -> bytes:
        return bytes(self._pdf.output())

    def _shape(self, shape: Shape) -> None:
        match shape:
            case Polygon():
                self._paint(_closed(shape.points), shape.fill, shape.line, shape.line_width)
            case Stroke():
                self._paint(_curve(shape.points, 0), "", shape.line, shape.width)
            case Box():
                size = (shape.width, shape.height)
                radius = min(shape.radius, *(side / 2 for side in size))
                path = PaintedPath().rectangle(shape.left, shape.top, *size, radius, radius)
                self._paint(path, shape.fill, shape.line, shape.line_width, shape.opacity)
            case Circle():
                path = PaintedPath().circle(shape.x, shape.y, shape.radius)
                self._paint(path, shape.fill, shape.line, shape.line_width)
            case Text():
                self._write(shape)
            case Picture():
                self._picture(shape)

    def _connector(self, item: Connector) -> None:
        path = _curve(shortened(item.points, item.arrow), item.radius)
        self._paint(path, "", item.line, item.width)
        if item.arrow:
            self._paint(_closed(arrow_head(item.points, item.arrow)), item.line)

    def _picture(self, shape: Picture) -> None:
        """Put an image on the page as pixels, turned as it is to be seen."""
        source = opened(self._images[shape.image])
        turned, (left, top) = pixels(shape, source, PIXELS)
        width, height = turned.size
        self._pdf.image(turned, left / PIXELS, top / PIXELS, width / PIXELS, height / PIXELS)

    def _paint(
        self,
        path: PaintedPath,
        fill: str,
        line: str = "",
        width: float = 1.0,
        opacity: float = 1.0,
    ) -> None:
        path.style.auto_close = False
        if opacity < 1:
            path.style.fill_opacity = opacity
        path.style.fill_color = self._colour(fill) if fill else None
        path.style.stroke_color = self._colour(line) if line else None
        path.style.stroke_width = width
        path.style.stroke_join_style = "round"
        with self._pdf.drawing_context() as drawing:
            drawing.add_item(path, clone=False)

    def _write(self, text: Text) -> None:
        face = face_for(text, self._faces)
        # For characters that a font has not, fpdf2 would write a line to its log.
        words = text.text.translate(dict.fromkeys(map(ord, face.missing(text.text)), UNKNOWN))
        self._pdf.set_font(self._family(face), size=text.size * self._unit)
        self._pdf.set_text_color(self._colour(text.fill))
        width = self._pdf.get_string_width(words)
        left = text.x - {"start": 0, "middle": width / 2, "end": width}[text.anchor]
        with self._pdf.rotation(text.turn, text.x, text.y) if text.turn else nullcontext():
            self._pdf.text(left, text.y, words)

    def _family(self, face: Face) -> str:
        """Give the name of a face in this document; fpdf2 reads it from a file."""
        if face not in self._families:
            name = f"face{len(self._families)}"
            path = self._folder / f"{name}.ttf"
            path.write_bytes(face.data)
            self._pdf.add_font(name, fname=path, collection_font_number=face.index)
            self._families[face] = name
        return self._families[face]

    def _colour(self, name: str) -> str:
        paint = self._paints[name]
        return paint.dark if self._dark else paint.light


def _closed(points: Sequence[Point]) -> PaintedPath:
    path = _curve(points, 0)
    path.close()
    return path


def _curve(points: Sequence[Point], radius: float) -> PaintedPath:
    """Draw a line through the points, its corners rounded."""
    path = PaintedPath(*points[0])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        if radius:
            first, last = toward(corner, before, radius), toward(corner, after, radius)
            path.line_to(*first).quadratic_curve_to(*corner, *last)
        else:
            path.line_to(*corner)
    return path.line_to(*points[-1])
