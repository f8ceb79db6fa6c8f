"""Text from elsewhere - names, messages, output - made fit for pages, XML, TeX and terminals.

What is no character (controls, lone surrogates, U+FFFE) or would turn the text around it
(overrides of direction) becomes `�`, and length is bounded.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST_NAME = 400
LONGEST_ID = 2000
_LONGEST_TEXT = 4000
_LONGEST_LINE = 500
_LONGEST_MESSAGE = 2000
_MOST_LINES = 120
_NAMES = {"name", "type", "module", "role"}

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
"""What colours a terminal, or sets its title."""

_ENDS_OF_PLANES = "".join(
    chr(end + low) for end in range(0xFFFE, 0x110000, 1 << 16) for low in (0, 1)
)
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + _ENDS_OF_PLANES
    + "]+"
)
_ENDS_OF_LINES = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_BREAKS = re.compile(r"\s*[^\S ]\s*")
"""White space that is more than plain spaces."""


def clean_text(text: str) -> str:
    """Return a text of any length, one line or several, in characters alone."""
    if text.isprintable():  # as nearly every text is; what turns text is not printable
        return text
    return _ENDS_OF_LINES.sub("\n", _UNFIT.sub("�", _ESCAPES.sub("", text)))


def fit_text(text: str, most: int = _LONGEST_TEXT) -> str:
    """Return a text of one line or several, cut to a length."""
    return clean_text(text if len(text) <= most else text[: most - 1] + "…")


def fit_line(text: str, most: int = LONGEST_NAME) -> str:
    """Return a text as a single line; of a long one, the beginning and the end."""
    if len(text) <= most and text.isprintable():  # its only white space are plain spaces
        return text
    start = clean_text(_shortened(text, 8 * most))
    return _shortened(_BREAKS.sub(" ", start), most)


def fit_message(text: str) -> str:
    """Return a sentence or two as a single line: reasons stand at the end."""
    return fit_line(text.strip(), _LONGEST_MESSAGE)


def _shortened(text: str, most: int) -> str:
    half = most // 2
    return text if len(text) <= most else f"{text[: most - half - 1]}…{text[-half:]}"


def fit_report(text: str) -> str:
    """Return a report of many lines; of too many, the first and the last."""
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        half = _MOST_LINES // 2
        gap = f"[{len(lines) - 2 * half + 1:,} lines are left out]"
        lines = [*lines[:half], gap, *lines[1 - half :]]
    return "\n".join(fit_text(line, _LONGEST_LINE) for line in lines)


def fit_data(plain: Any) -> Any:
    """Return JSON data in which every text is fit, and what is called a name one line."""
    match plain:
        case str():
            return fit_text(plain)
        case dict():
            return {_fit_key(key): _fit_value(key, value) for key, value in plain.items()}
        case list() | tuple():
            return [fit_data(value) for value in plain]
    return plain


def _fit_key(key: Any) -> Any:
    return fit_line(key) if isinstance(key, str) else key


def _fit_value(key: Any, value: Any) -> Any:
    is_name = key in _NAMES and isinstance(value, str)
    return fit_line(value) if is_name else fit_data(value)
