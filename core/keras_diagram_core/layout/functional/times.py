"""Times: how a box says that it stands for several - a number, and an arrow with two heads."""

from __future__ import annotations

from typing import NamedTuple

from keras_diagram_core.layout.functional.wording import SIZE
from keras_diagram_core.options.looks import FunctionalLook
from keras_diagram_core.text import text_width

# The room of an arrow, how wide its line is, and how large its heads, px.
ARROW = 7.0
STROKE = 1.0
HEAD = 5.0
# What stays free around a number on a plate, px.
PLATE_PAD = (4.0, 2.0)


class Times(NamedTuple):
    """How a box says that it stands for `often` repetitions.

    The label is `size` px high and set in `font`, with `pad` px around it; `has_plate` draws
    something behind it. The arrow is `width` px wide, with heads of `head` px, `offset` px from
    the box.
    """

    often: int
    label: str
    below: bool = False
    arrow: bool = True
    size: float = SIZE
    pad: tuple[float, ...] = (0.0, 0.0)
    has_plate: bool = False
    width: float = STROKE
    head: float = HEAD
    offset: float = 0.0
    font: str = ""

    @property
    def label_room(self) -> float:
        """The height of the label, px."""
        return self.size + 2.5 + 2 * self.pad[1] if self.label else 0.0

    @property
    def arrow_room(self) -> float:
        """The height of the arrow, px, with what is free between it and the box."""
        return max(ARROW, self.head + 2) + self.offset if self.arrow else 0.0

    @property
    def room(self) -> float:
        """The height of what is written, px."""
        return self.label_room + self.arrow_room

    @property
    def label_width(self) -> float:
        """The width of the label, px."""
        return text_width(self.label, self.size) + 2 * self.pad[0]


def styled(times: Times | None, kind: str, look: FunctionalLook) -> Times | None:
    """Draw a number of repetitions and its arrow as the look of its layer says."""
    if not times:
        return None
    size, font = look.collapse_badge_font_size, look.collapse_badge_font
    if kind == "block":
        size = look.collapse_annotation_font_size or size
        font = look.collapse_annotation_font or font
    pad = look.collapse_badge_padding
    has_plate = bool(look.collapse_badge_fill or look.collapse_badge_outline)
    position, arrow = look.collapse_annotation_position, look.collapse_annotation_enabled
    return times._replace(
        label="" if look.collapse_badge_enabled is False else times.label,
        below=times.below if position is None else position == "below",
        arrow=times.arrow if arrow is None else arrow,
        size=size or SIZE,
        pad=pad or (PLATE_PAD if has_plate else (0.0, 0.0)),
        has_plate=has_plate,
        width=look.collapse_annotation_width or STROKE,
        head=look.collapse_annotation_head_size or HEAD,
        offset=look.collapse_annotation_offset or 0.0,
        font=font,
    )
