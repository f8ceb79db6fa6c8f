"""Painters of Scenes, by format. A backend sees a Scene and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_diagram_core.artifact import PictureFormat
from keras_diagram_core.scene import Scene

if TYPE_CHECKING:
    from PIL.Image import Image


def image_of(scene: Scene) -> Image:
    """Paint a Scene as a Pillow image."""
    from keras_diagram_core.backends.png import paint_image  # noqa: PLC0415

    return paint_image(scene)


def paint(scene: Scene, format: PictureFormat) -> bytes:
    """Paint a Scene; the drawing libraries are imported only for the formats that need them."""
    if format == "svg":
        from keras_diagram_core.backends.svg import paint_svg  # noqa: PLC0415

        return paint_svg(scene)
    from keras_diagram_core.backends.png import paint_png  # noqa: PLC0415

    return paint_png(scene)
