"""Lines: words that are measured, as labels and titles are made of."""

from __future__ import annotations

from typing import NamedTuple

from keras_diagram_core.text import elide, text_width

TITLE_SIZE = 9.5
TEXT_SIZE = 9.5
WIDEST_LABEL = 124.0
WIDEST_TEXT = 260.0


class Line(NamedTuple):
    """One line of a label, measured; `size` is that of its font, px."""

    text: str
    width: float
    size: float
    bold: bool = False
    fill: str = "ink"


def line(
    text: str,
    size: float,
    *,
    bold: bool = False,
    fill: str = "ink",
    most: float = WIDEST_LABEL,
) -> Line:
    """Measure a line of text, cut if it is wider than `most` px."""
    fitting = elide(text, most, size, bold=bold)
    return Line(fitting, text_width(fitting, size, bold=bold), size, bold, fill)
