"""Wording: boxes that say what layers are, and stand for no sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.layout.solids import Solid
from keras_diagram_core.options.looks import FunctionalLook
from keras_diagram_core.scene import Turn
from keras_diagram_core.text import elide, text_width, wrap

SIZE = 9.0
# The smallest words that are still read, px.
SMALLEST = 6.0
# What stays free between lines, as a share of their size, and around them, px.
LEADING = 2.5 / 9
PAD = (6.0, 4.0)
# The box of a layer that is described beside it, px.
PLAIN = (26.0, 20.0)


class Inside(NamedTuple):
    """Lines in a box: `size` px, `between` px apart; `align` and `valign` say where they stand.

    `pad` stays free around them, px. They are turned by `turn` degrees, and set in `font`.
    """

    lines: tuple[str, ...] = ()
    size: float = SIZE
    between: float = LEADING * SIZE
    pad: tuple[float, ...] = PAD
    align: str = "center"
    valign: str = "middle"
    turn: Turn = 0
    font: str = ""

    @property
    def width(self) -> float:
        """How wide the lines are, px."""
        return max((text_width(line, self.size) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """How high the lines are, px."""
        return (self.size + self.between) * max(len(self.lines), 1)


def boxed(lines: Sequence[str], look: FunctionalLook) -> tuple[Solid, Inside]:
    """Size a box for lines, or fit lines into the box that the look asks for."""
    inside = _inside(tuple(lines), look)
    if not look.box_size:
        least = look.box_min_size or (0.0, 0.0)
        inside = inside._replace(lines=inside.lines[: look.box_text_max_lines])
        across, down = inside.width if lines else PLAIN[0], inside.height
        if inside.turn % 180:
            across, down = down, across
        width, height = across + 2 * inside.pad[0], down + 2 * inside.pad[1]
        return Solid(max(width, least[0]), max(height, least[1])), inside
    solid = empty(look)
    return solid, _fitted(inside, look, solid) if lines else inside


def empty(look: FunctionalLook) -> Solid:
    """Size a box without words."""
    width, height = look.box_size or PLAIN
    least = look.box_min_size or (0.0, 0.0)
    return Solid(max(width, least[0]), max(height, least[1]))


def _inside(lines: tuple[str, ...], look: FunctionalLook) -> Inside:
    size = look.box_text_font_size or SIZE
    between = look.box_text_line_spacing
    return Inside(
        lines,
        size,
        LEADING * size if between is None else between,
        look.box_text_padding or PAD,
        look.box_text_align or "center",
        look.box_text_valign or "middle",
        _turn(look),
        look.box_text_font,
    )


def _turn(look: FunctionalLook) -> Turn:
    if look.box_text_rotation is not None:
        return look.box_text_rotation
    return 90 if look.box_orientation == "vertical" else 0


def _fitted(inside: Inside, look: FunctionalLook, solid: Solid) -> Inside:
    """Break lines, set them smaller, and cut them at last, until they fit a box."""
    room = solid.width - 2 * inside.pad[0], solid.height - 2 * inside.pad[1]
    if inside.turn % 180:
        room = room[::-1]
    least = min(look.box_text_min_font_size or SMALLEST, inside.size)
    found = _broken(inside, look, room)
    while look.box_text_autoshrink is not False and inside.size > least and not _fits(found, room):
        smaller = max(inside.size - 0.5, least)
        between = inside.between * smaller / inside.size
        inside = inside._replace(size=smaller, between=between)
        found = _broken(inside, look, room)
    most = max(int((room[1] + found.between) / (found.size + found.between)), 1)
    cut = (elide(line, room[0], found.size) for line in found.lines[:most])
    return found._replace(lines=tuple(cut))


def _fits(inside: Inside, room: tuple[float, float]) -> bool:
    return inside.width <= room[0] and inside.height - inside.between <= room[1]


def _broken(inside: Inside, look: FunctionalLook, room: tuple[float, float]) -> Inside:
    """Break lines that are too wide, at spaces or anywhere."""
    lines: list[str] = []
    for line in inside.lines:
        if look.box_text_wrap == "none":
            lines.append(line)
        elif look.box_text_wrap == "chars":
            lines += _pieces(line, room[0], inside.size)
        else:
            lines += _whole_words(line, room[0], inside.size)
    return inside._replace(lines=tuple(lines[: look.box_text_max_lines]))


def _whole_words(line: str, width: float, size: float) -> list[str]:
    """Break a line at spaces; a word that is too wide is left so, to be set smaller."""
    widest = max((text_width(word, size) for word in line.split()), default=0.0)
    return wrap(line, max(width, widest), size)


def _pieces(line: str, width: float, size: float) -> list[str]:
    pieces = [""]
    for character in line:
        if pieces[-1] and text_width(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return [piece.strip() for piece in pieces]
