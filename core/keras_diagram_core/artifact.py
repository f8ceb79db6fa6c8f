"""Artifact: a finished picture, ready for a page."""

from __future__ import annotations

import os
from typing import Literal, get_args

from msgspec import Struct

from keras_diagram_core.errors import RequestError

PictureFormat = Literal["svg", "png"]
Format = Literal[PictureFormat, "dot"]

MEDIA_TYPES: dict[Format, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "dot": "text/vnd.graphviz",
}


def format_of(path: str | os.PathLike[str]) -> Format:
    """Tell a file's format by its ending.

    Raises:
        RequestError: it has none that we know.
    """
    ending = os.path.splitext(path)[1].lower().removeprefix(".")
    formats: tuple[Format, ...] = get_args(Format)
    for format in formats:
        if format == ending:
            return format
    known = ", ".join("." + format for format in formats)
    raise RequestError(
        f"Cannot tell the format of '{os.fspath(path)}'.", hint=f"End it with {known}."
    )


class Artifact(Struct, frozen=True, kw_only=True):
    """A picture's bytes, and what a page must know to show them.

    `width` and `height` are in CSS px as displayed (a PNG has twice as many pixels each way;
    text such as DOT has 0), `alt` is one sentence that describes the model, `key` names the
    picture: equal keys mean equal bytes. `notes` say what of the model the picture cannot show.
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
