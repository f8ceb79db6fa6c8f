"""Text from elsewhere - names, messages, output - made fit for pages, XML, TeX and terminals.

What is no character (controls, lone surrogates, U+FFFE) or would turn the text around it
(overrides of direction) becomes `�`, and length is bounded.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST_NAME = 200
LONGEST_ID = 1000
_LONGEST_TEXT = 4000
_LONGEST_LINE = 500
_LONGEST_MESSAGE = 2000
_MOST_LINES = 120

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


def fit_text(text: str, most: int = _LONGEST_TEXT) -> str:
    """Return a text of one line or several, cut to a length."""
    if len(text) > most:
        text = text[: most - 1] + "…"
    if text.isprintable():  # as nearly every text is; what turns text is not printable
        return text
    return _ENDS_OF_LINES.sub("\n", _UNFIT.sub("�", _ESCAPES.sub("", text)))


def fit_line(text: str, most: int = LONGEST_NAME) -> str:
    """Return a text as a single line, cut to a length."""
    start = " ".join(fit_text(text, 4 * most).split())  # spaces may be what makes it long
    return start if len(start) <= most else start[: most - 1] + "…"


def fit_message(text: str) -> str:
    """Return a sentence or two; of a long one, the beginning and the end, where reasons stand."""
    if len(text) > _LONGEST_MESSAGE:
        half = _LONGEST_MESSAGE // 2 - 2
        text = f"{text[:half]} … {text[-half:]}"
    return " ".join(fit_text(text).split())


def fit_report(text: str) -> str:
    """Return a report of many lines; of too many, the first and the last."""
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        half = _MOST_LINES // 2
        gap = f"[{len(lines) - 2 * half + 1:,} lines are left out]"
        lines = [*lines[:half], gap, *lines[1 - half :]]
    return "\n".join(fit_text(line, _LONGEST_LINE) for line in lines)


def fit_data(plain: Any) -> Any:
    """Return JSON data in which every text is fit."""
    match plain:
        case str():
            return fit_text(plain)
        case dict():
            return {fit_text(str(key)): fit_data(value) for key, value in plain.items()}
        case list() | tuple():
            return [fit_data(value) for value in plain]
    return plain
