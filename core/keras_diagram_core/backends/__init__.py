"""Painters of Scenes, by format. A backend sees a Scene, a font and a resolution, nothing else.

The drawing libraries are imported only for what needs them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from keras_diagram_core.artifact import PictureFormat, format_of
from keras_diagram_core.errors import RequestError
from keras_diagram_core.options.values import is_font_file
from keras_diagram_core.scene import Scene

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

    from keras_diagram_core.backends.face import Faces

    AnyFont = str | os.PathLike[str] | FreeTypeFont

DPI = 192
"""The resolution of raster pictures if nobody asks for another: two pixels to the CSS px."""

MOST_CHARACTERS = 8
"""How many characters a note names."""


def paint(
    scene: Scene,
    format: PictureFormat,
    *,
    font: AnyFont | None = None,
    dpi: float = DPI,
    files: Mapping[str, str] | None = None,
) -> bytes:
    """Paint a Scene.

    Args:
        scene: the drawing; `theme` auto is light wherever it cannot follow a page.
        format: SVG, PDF or a raster format.
        font: a font file or an object of Pillow, for every format; words that are wider with it
            than their slots are set smaller. The name of a family is for SVG alone.
        dpi: resolution of a raster picture; 96 is one pixel to the px.
        files: where font files are, if not where `font` and the Scene say.

    Raises:
        RequestError: a font cannot be read, or the picture has more pixels than the format
            or any machine can take.
    """
    fonts = _fonts(scene, font, files or {})
    scene, faces = _set_in(scene, fonts)
    if format == "svg":
        from keras_diagram_core.backends.svg import paint_svg  # noqa: PLC0415

        own = {name: face.family for name, face in faces.items()}
        return paint_svg(scene, {name: str(font) for name, font in fonts.items()} | own)
    if format == "pdf":
        from keras_diagram_core.backends.pdf import paint_pdf  # noqa: PLC0415

        return paint_pdf(scene, faces)
    from keras_diagram_core.backends.raster import paint_raster  # noqa: PLC0415

    return paint_raster(scene, format, faces, dpi)


def font_notes(
    scene: Scene,
    format: PictureFormat,
    *,
    font: AnyFont | None = None,
    files: Mapping[str, str] | None = None,
) -> list[str]:
    """Say which characters of a Scene no font has, in formats that fonts are part of.

    Args:
        scene: the drawing.
        format: SVG is set in whatever fonts its reader has.
        font: as in `paint`.
        files: as in `paint`.

    Raises:
        RequestError: a font cannot be read.
    """
    if format == "svg":
        return []
    from keras_diagram_core.backends.face import unwritable  # noqa: PLC0415

    missing = unwritable(*_set_in(scene, _fonts(scene, font, files or {})))
    if not missing:
        return []
    named = ", ".join(missing[:MOST_CHARACTERS]) + ", ..." * (len(missing) > MOST_CHARACTERS)
    return [f"No font here has {named}: `font` takes the path of a font file that does."]


def image_of(scene: Scene, *, font: AnyFont | None = None, dpi: float = DPI) -> Image:
    """Paint a Scene as a Pillow image; `font` and `dpi` are as in `paint`."""
    from keras_diagram_core.backends.raster import paint_image  # noqa: PLC0415

    return paint_image(*_set_in(scene, _fonts(scene, font, {})), dpi / 96)


def _fonts(scene: Scene, font: AnyFont | None, files: Mapping[str, str]) -> dict[str, AnyFont]:
    """Give the fonts of a Scene by name; that of the picture has an empty one."""
    named: dict[str, AnyFont] = {name: files.get(name, name) for name in scene.fonts}
    if font is not None:
        named[""] = files.get(font, font) if isinstance(font, str) else font
    return named


def _set_in(scene: Scene, fonts: Mapping[str, AnyFont]) -> tuple[Scene, Faces]:
    """Read the fonts that are more than names of families, and fit words that are set in them."""
    real = {
        name: font
        for name, font in fonts.items()
        if not isinstance(font, str) or is_font_file(font)
    }
    if not real:
        return scene, {}
    from keras_diagram_core.backends.face import fitted, read_face  # noqa: PLC0415

    faces = {name: read_face(font) for name, font in real.items()}
    return fitted(scene, faces), faces


def save(
    scene: Scene,
    path: str | os.PathLike[str],
    *,
    font: AnyFont | None = None,
    dpi: float = DPI,
) -> None:
    """Paint a Scene into a file, in the format that its ending says.

    Args:
        scene: the drawing.
        path: the file.
        font: as in `paint`.
        dpi: as in `paint`.

    Raises:
        RequestError: as in `paint`; or there is no such format, or it is not drawn.
    """
    format = format_of(path)
    if format == "dot":
        hint = "Write DOT from the model instead."
        raise RequestError(f"A drawing cannot be saved as '{os.fspath(path)}'.", hint=hint)
    Path(path).write_bytes(paint(scene, format, font=font, dpi=dpi))
