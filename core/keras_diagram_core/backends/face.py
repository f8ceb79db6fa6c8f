"""Fonts that are there as files: what sets and measures words in raster pictures and PDF."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

from keras_diagram_core.errors import RequestError
from keras_diagram_core.scene import Connector, Item, Scene, Shape, Text

if TYPE_CHECKING:
    from keras_diagram_core.backends import AnyFont

# Widths at this size are those of the design, whatever the grid of a screen, px.
_MEASURING_SIZE = 1000


class Face:
    """One face of a font: its family, its characters, its widths."""

    def __init__(self, data: bytes, index: int = 0) -> None:
        """Read a font from the bytes of its file, and from a collection the one at `index`."""
        self.data = data
        self.index = index
        self._measuring = self.sized(_MEASURING_SIZE)
        self.family = self._measuring.getname()[0] or ""
        with TTFont(io.BytesIO(data), fontNumber=index) as font:
            self._characters = frozenset(font.getBestCmap() or ())

    def sized(self, size: float) -> ImageFont.FreeTypeFont:
        """Give it to Pillow at a size in pixels."""
        # The basic layout engine: the other one depends on libraries of the machine.
        engine = ImageFont.Layout.BASIC
        return ImageFont.truetype(io.BytesIO(self.data), size, self.index, layout_engine=engine)

    def missing(self, text: str) -> list[str]:
        """List the characters of a text that it does not have, each once."""
        return [each for each in dict.fromkeys(text) if ord(each) not in self._characters]

    def width(self, text: str, size: float) -> float:
        """Measure one line of text, in px."""
        return self._measuring.getlength(text) * size / _MEASURING_SIZE


Faces = Mapping[str, Face]
"""Faces by the names that texts have for them; that of the picture has an empty name."""


def read_face(font: AnyFont) -> Face:
    """Read a font that somebody gives.

    Args:
        font: a `.ttf`, `.otf` or `.ttc` file, or what Pillow's `ImageFont.truetype` gives.

    Raises:
        RequestError: there is no such file, or it is not a font that can be scaled.
    """
    try:
        if isinstance(font, (str, os.PathLike)):
            return Face(Path(font).read_bytes())
        if isinstance(font, ImageFont.FreeTypeFont):
            return Face(_bytes_of(font), font.index)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RequestError(f"The font '{_name(font)}' cannot be read: {reason}.") from None
    except TTLibError as error:
        raise RequestError(f"The font '{_name(font)}' cannot be read: {error}.") from None
    hint = "Give a .ttf, .otf or .ttc file, or what ImageFont.truetype() gives."
    raise RequestError(f"'{type(font).__name__}' is not a font that can be scaled.", hint=hint)


def _bytes_of(font: ImageFont.FreeTypeFont) -> bytes:
    """Give the file of a font that Pillow has read, from a path or from memory."""
    data = getattr(font, "font_bytes", None)
    return data if isinstance(data, bytes) else Path(os.fsdecode(font.path)).read_bytes()  # type: ignore[arg-type]


def _name(font: AnyFont) -> str:
    path = font.path if isinstance(font, ImageFont.FreeTypeFont) else font
    return os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else "font"


@cache
def bundled(*, bold: bool) -> Face:
    """Give the font that comes with the package."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Face(resources.files(__package__).joinpath("fonts", name).read_bytes())


def face_for(text: Text, faces: Faces) -> Face:
    """Choose what a text is set in: of its own face, that of the picture and the bundled one.

    It is the first that has all its characters, or else the most of them.
    """
    named = (faces[name] for name in (text.font, "") if name in faces)
    return min((*named, bundled(bold=text.bold)), key=lambda face: len(face.missing(text.text)))


def unwritable(scene: Scene, faces: Faces) -> list[str]:
    """List the characters of a Scene that no font has which it is set in."""
    texts = (
        shape
        for item in scene.items
        if not isinstance(item, Connector)
        for shape in item.shapes
        if isinstance(shape, Text)
    )
    missing = (each for text in texts for each in face_for(text, faces).missing(text.text))
    return list(dict.fromkeys(missing))


def fitted(scene: Scene, faces: Faces) -> Scene:
    """Set words that are wider in their faces than their slots so much smaller that they fit."""
    items = tuple(_fitted_item(item, faces) for item in scene.items)
    return msgspec.structs.replace(scene, items=items)


def _fitted_item(item: Item, faces: Faces) -> Item:
    if isinstance(item, Connector):
        return item
    shapes = tuple(_fitted_shape(shape, faces) for shape in item.shapes)
    return msgspec.structs.replace(item, shapes=shapes)


def _fitted_shape(shape: Shape, faces: Faces) -> Shape:
    if not isinstance(shape, Text):
        return shape
    face = face_for(shape, faces)
    if face is bundled(bold=shape.bold):
        return shape
    width = face.width(shape.text, shape.size)
    if width <= shape.width:
        return shape
    return msgspec.structs.replace(shape, size=shape.size * shape.width / width)
