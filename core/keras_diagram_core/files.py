"""Files that options name, fonts and images: their paths, and what is in them."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from keras_diagram_core.artifact import MEDIA_TYPES, Format
from keras_diagram_core.errors import RequestError
from keras_diagram_core.options import AllOptions
from keras_diagram_core.options.files import files_of, font_files_of
from keras_diagram_core.options.values import INLINE
from keras_diagram_core.scene import Image


def files_named(options: AllOptions) -> list[str]:
    """List the paths of the fonts and of the images that options name."""
    images = [file for file in files_of(options) if not file.startswith(INLINE)]
    return [*font_files_of(options), *images]


def images_of(options: AllOptions, format: Format, base: str = "") -> dict[str, Image]:
    """Read the images that options name.

    Args:
        options: how something is drawn.
        format: what is to show them.
        base: the folder to which paths are relative; the current one, when empty.

    Raises:
        RequestError: there is no such file, it is no image, or none that the format can show.
    """
    if not (files := files_of(options)):
        return {}
    from keras_diagram_core.backends.images import read_image  # noqa: PLC0415  (imports Pillow)

    images = {file: read_image(_content(file, base), _shortened(file)) for file in files}
    for file, image in images.items():
        if format != "svg" and image.media_type == MEDIA_TYPES["svg"]:
            raise RequestError(
                f"The image '{file}' is SVG, which {format.upper()} cannot show.",
                hint="Use a PNG, JPEG, GIF or WebP file.",
            )
    return images


def _content(file: str, base: str) -> bytes:
    try:
        if file.startswith(INLINE):
            return base64.b64decode(file.partition(",")[2], validate=True)
        return Path(base, os.path.expanduser(file)).read_bytes()
    except OSError as error:
        why = "" if isinstance(error, FileNotFoundError) else f" ({error.strerror})"
        hint = "Paths are relative to the document; those of defaults, to the configuration."
        raise RequestError(f"There is no image '{file}'{why}.", hint=hint) from None
    except ValueError:
        raise RequestError(f"The image '{_shortened(file)}' has no base64 data.") from None


def _shortened(file: str) -> str:
    """Name an image in messages: of its data, only the kind."""
    return file.partition(",")[0] if file.startswith(INLINE) else file
