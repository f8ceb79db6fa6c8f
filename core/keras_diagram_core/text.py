"""Measuring and cutting text, the same on every machine.

Widths come from one fixed table of a wide face, DejaVu Sans: what fits in it also fits in
Arial, Inter, Roboto, Segoe UI and Verdana-sized fallbacks of documentation themes.
"""

from __future__ import annotations

import functools
import unicodedata

# Advance widths of U+0020 to U+007E in thousandths of an em (DejaVu Sans 2.37).
_REGULAR = (
    *(318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337),
    *(636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531),
    *(1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787),
    *(603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500),
    *(500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612),
    *(635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838),
)
_BOLD = (
    *(348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365),
    *(696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580),
    *(1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850),
    *(733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500),
    *(500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687),
    *(716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838),
)
_OTHERS = {"×": 838, "·": 380, "…": 1000, "→": 838, "−": 838, "–": 500}
_OTHERS |= {"²": 438, "³": 438, "↓": 838, "↑": 838, "‖": 500}
_UNKNOWN = 1000
_WIDE = 1300  # emoji and full-width characters, in the widest of the usual fallback fonts


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure one line of text in px, at a font size in px."""
    return _advances(text, bold=bold) * size / 1000


@functools.lru_cache(maxsize=4096)
def _advances(text: str, *, bold: bool) -> int:
    return sum(_advance(character, bold=bold) for character in text)


@functools.cache
def _advance(character: str, *, bold: bool) -> int:
    code = ord(character)
    if 0x20 <= code <= 0x7E:
        return (_BOLD if bold else _REGULAR)[code - 0x20]
    if character in _OTHERS:
        return _OTHERS[character]
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    if code >= 0x1F000 or unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    return _UNKNOWN


def elide(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Cut text with an ellipsis so that it is at most `width` px wide."""
    if text_width(text, size, bold=bold) <= width:
        return text
    room = width - text_width("…", size, bold=bold)
    used = 0.0
    for index, character in enumerate(text):
        used += text_width(character, size, bold=bold)
        if used > room:
            return text[:index].rstrip() + "…"
    return text


def elide_middle(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Cut text in its middle, with an ellipsis, so that it is at most `width` px wide."""
    cuts = (shorten(text, most) for most in range(len(text), 0, -1))
    return next((cut for cut in cuts if text_width(cut, size, bold=bold) <= width), "")


def shorten(text: str, most: int) -> str:
    """Cut text in its middle, with an ellipsis, so that it has at most `most` characters."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break text into lines of at most `width` px, at spaces; a word that is wider is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(elide(word, width, size, bold=bold))
    return lines


def clean(text: str) -> str:
    """Make any text one line that XML can hold: no control characters, no lone surrogates."""
    spaced = " ".join(text.split())
    if spaced.isprintable():  # as nearly every text is
        return spaced
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(character) in {"Cc", "Cs", "Cn"}
        else character
        for character in spaced
    )
