"""Artifact: a finished picture, ready for a page."""

from __future__ import annotations

import os
import re
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

    def inline(self, copy: int = 1) -> str:
        """Give an SVG as a part of a page: of each further `copy` in it, the ids differ."""
        svg = self.data.decode("utf-8")
        return svg if copy == 1 else _ID.sub(rf"\g<0>-copy-{copy}", svg)


# An id, or what refers to it: no text of a picture has such quotes in it.
_ID = re.compile(r'(?<=\sid=")kd-[\w-]+(?=")|(?<=href="#)kd-[\w-]+(?=")|(?<=="url\(#)kd-[\w-]+')
