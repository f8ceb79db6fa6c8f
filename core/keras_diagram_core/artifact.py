"""Artifact: a finished picture, ready for a page."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Format = Literal["svg", "png"]

MEDIA_TYPES: dict[Format, str] = {"svg": "image/svg+xml", "png": "image/png"}


class Artifact(Struct, frozen=True, kw_only=True):
    """A picture's bytes, and what a page must know to show them.

    `width` and `height` are in CSS px as displayed (a PNG has twice as many pixels each way),
    `alt` is one sentence that describes the model, `key` names the picture: equal keys mean
    equal bytes. `notes` say what of the model the picture cannot show.
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
