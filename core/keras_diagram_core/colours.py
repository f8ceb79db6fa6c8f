"""Colours as people write them: CSS names and values, Pillow's `hsv()` and tuples."""

from __future__ import annotations

import colorsys
import math
import re
from typing import Any, NamedTuple

from keras_diagram_core.errors import RequestError

_HSV = re.compile(r"hs[vb]\(\s*([\d.]+)\s*,\s*([\d.]+)%\s*,\s*([\d.]+)%\s*\)")
_LONGEST = 100
_HINT = "Write a CSS name like 'teal' or a value like '#2f6fab', 'rgb(47 111 171)'."


class Colour(NamedTuple):
    """Red, green, blue and opacity, each from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    @property
    def hex(self) -> str:
        """The colour as `#rrggbb`, or `#rrggbbaa` where it is not opaque."""
        channels = bytes(min(max(round(255 * part), 0), 255) for part in self)
        return "#" + (channels[:3] if self.alpha >= 1 else channels).hex()

    def over(self, background: str) -> str:
        """Give what is seen on an opaque background, both `#rrggbb`."""
        below = bytes.fromhex(background[1:])
        shares = (
            (255 * part, part_below) for part, part_below in zip(self[:3], below, strict=True)
        )
        mixed = (round(a * self.alpha + b * (1 - self.alpha)) for a, b in shares)
        return "#" + bytes(min(max(channel, 0), 255) for channel in mixed).hex()


def parse_colour(value: Any) -> Colour:
    """Read a colour.

    Args:
        value: a CSS colour in sRGB (https://www.w3.org/TR/css-color-4/), Pillow's `hsv()`, or
            three or four whole numbers from 0 to 255.

    Raises:
        RequestError: for anything else.
    """
    if isinstance(value, (tuple, list)):
        return _from_numbers(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise RequestError(f"'{value}' is not a colour.", hint=_HINT)
    text = value.strip()
    try:
        colour = _from_hsv(text) or _from_css(text)
    except (ValueError, NotImplementedError):  # a colour space that no page of documentation has
        colour = None
    if colour is None or not all(map(math.isfinite, colour)):
        raise RequestError(f"'{text}' is not a colour.", hint=_HINT)
    return colour


def _from_hsv(text: str) -> Colour | None:
    match = _HSV.fullmatch(text.lower())
    if match is None:
        return None
    hue, saturation, brightness = map(float, match.groups())
    return Colour(*colorsys.hsv_to_rgb(hue / 360 % 1, saturation / 100, brightness / 100))


def _from_css(text: str) -> Colour | None:
    from tinycss2 import color4  # noqa: PLC0415  (nothing at import time)

    parsed = color4.parse_color(text)
    if parsed is None or isinstance(parsed, str):
        return None
    rgb = parsed.to("srgb")
    red, green, blue = rgb.coordinates
    return Colour(red, green, blue, rgb.alpha)


def _from_numbers(values: Any) -> Colour:
    whole = all(isinstance(each, int) and 0 <= each <= 255 for each in values)
    if len(values) not in {3, 4} or not whole:
        raise RequestError(f"'{values}' is not a colour.", hint=_HINT)
    red, green, blue, *rest = (each / 255 for each in values)
    return Colour(red, green, blue, *rest)
