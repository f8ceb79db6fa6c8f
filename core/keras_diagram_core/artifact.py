"""Artifact: a finished picture, ready for a page."""

from __future__ import annotations

import os
from typing import Literal

from msgspec import Struct

from keras_diagram_core.errors import RequestError, did_you_mean

RasterFormat = Literal["png", "jpeg", "webp", "gif", "tiff"]
PictureFormat = Literal["svg", "pdf", RasterFormat]
Format = Literal[PictureFormat, "dot"]

MEDIA_TYPES: dict[Format, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "tiff": "image/tiff",
    "dot": "text/vnd.graphviz",
}

FORMATS: dict[str, Format] = {
    "svg": "svg",
    "png": "png",
    "pdf": "pdf",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "webp": "webp",
    "gif": "gif",
    "tif": "tiff",
    "tiff": "tiff",
    "dot": "dot",
    "gv": "dot",
}
"""The formats by the names that they go by, which are the endings of their files."""


def format_of(path: str | os.PathLike[str]) -> Format:
    """Tell a file's format by its ending.

    Raises:
        RequestError: it has none that we know.
    """
    ending = os.path.splitext(path)[1].lower().removeprefix(".")
    if ending in FORMATS:
        return FORMATS[ending]
    known = ", ".join("." + name for name in FORMATS)
    raise RequestError(
        f"Cannot tell the format of '{os.fspath(path)}'.", hint=f"End it with {known}."
    )


def format_named(name: str) -> Format:
    """Tell a format by one of its names, like `jpg`.

    Raises:
        RequestError: there is none of this name.
    """
    if name.lower() in FORMATS:
        return FORMATS[name.lower()]
    hint = did_you_mean(name, FORMATS) or f"There is: {', '.join(FORMATS)}."
    raise RequestError(f"There is no format '{name}'.", hint=hint)


class Artifact(Struct, frozen=True, kw_only=True):
    """A picture's bytes, and what a page must know to show them.

    `width` and `height` are in CSS px as displayed (a raster picture has twice as many pixels
    each way, or what its `dpi` says; text such as DOT has 0), `alt` is one sentence that describes
    the model, `key` names the picture: equal keys mean equal bytes. `notes` say what of the model
    the picture cannot show.
    """

    key: str
    format: Format
    width: float
    height: float
    alt: str
    notes: tuple[str, ...] = ()
    data: bytes

    @property
    def media_type(self) -> str:
        """The picture's media type, like `image/svg+xml`."""
        return MEDIA_TYPES[self.format]

    @property
    def file_name(self) -> str:
        """A name for the picture as a file, of digits and an ending only."""
        return f"{self.key}.{self.format}"
