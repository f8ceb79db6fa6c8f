"""Geometry: boxes, labels and frames where the data flows to the right, and where it flows down.

Rows and routes are decided along and across the flow. Where it flows down, along is y and
across is x.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

from msgspec.structs import replace

from keras_diagram_core.layout.layered.boxes import (
    Prism,
    curve,
    funnel_down,
    funnel_right,
    glyph,
    prism,
    slices,
)
from keras_diagram_core.layout.layered.rows import PAD, Caption, Flow, Framed, Row, Spot, Staged
from keras_diagram_core.layout.layered.runs import NAME_SIZE, Run
from keras_diagram_core.layout.lines import TITLE_SIZE, Line
from keras_diagram_core.layout.marks import RING
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import Solid
from keras_diagram_core.layout.stages import background
from keras_diagram_core.scene import Bounds, Box, Label, Point, Shape, Stroke, Text

Anchor = Literal["start", "middle", "end"]

MARGIN = 10.0
LABEL_TOP = 6.0
LABEL_BOTTOM = 5.0
LABEL_SIDE = 12.0
TITLE = 16.0
STAGE_PAD = 5.0


class Frame(NamedTuple):
    """Where one row lies across the flow, px: its begin, lanes, boxes' axis, labels, end."""

    start: float
    top: float
    axis: float
    floor: float
    bottom: float


class Style(NamedTuple):
    """What geometries know of what is asked for.

    `tier` is the height of a line of labels, px; `backwards` shows boxes from the other side.
    """

    flow: Flow
    tier: float
    backwards: bool


class Geometry(Protocol):
    """One way to put what was decided along and across the flow on the page."""

    style: Style

    def lie(self, solid: Solid) -> Solid:
        """Give a box by its sizes along (`width`, `right`) and across the flow."""

    def crown(self, row: Row) -> float:
        """Say how much room a row needs before its lanes, px."""

    def reach(self, row: Row) -> float:
        """Say how far the words of a row reach beyond its boxes, px."""

    def point(self, along: float, across: float) -> Point:
        """Give a point of the page."""

    def roof(self, spot: Spot, along: float) -> float:
        """Say how far inside its extent a line from the lanes meets a box, px."""

    def solid(self, spot: Spot, colours: Sequence[str], axis: float) -> Iterator[Shape]:
        """Draw a box, or a round glyph; its family is followed by those of its slices."""

    def funnel(self, source: Spot, target: Spot, axis: float) -> Iterator[Shape]:
        """Draw what leads from a box to the next one in its row."""

    def sign(self, spot: Spot, axis: float) -> Point:
        """Say where the sign of a shared layer stands: where no edge runs."""

    def caption(self, caption: Caption, frame: Frame) -> Label:
        """Write the label of a run."""

    def framed(self, framed: Framed, start: float, frame: Frame) -> tuple[Box, Label]:
        """Draw a block's frame, from `start` across the flow, and its title."""

    def staged(self, staged: Staged, title: Line, frame: Frame) -> tuple[Box, Label | None]:
        """Draw the background of a group, and its title, if it has one."""


class Rightwards:
    """Rows, with labels below the boxes."""

    def __init__(self, style: Style) -> None:
        """Take what is asked for."""
        self.style = style

    def lie(self, solid: Solid) -> Solid:
        """Boxes are made for this flow."""
        return solid

    def crown(self, row: Row) -> float:
        """Labels above the boxes, and the titles of groups above those."""
        return (TITLE if row.stages else 0.0) + self.style.tier * row.tiers(above=True)

    def reach(self, row: Row) -> float:
        """Labels take one or two tiers, a title one more line."""
        tiers = row.tiers()
        words = LABEL_TOP + self.style.tier * tiers if tiers else 0.0
        return words + (TITLE if row.frames else 0.0) + (STAGE_PAD if row.stages else 0.0)

    def point(self, along: float, across: float) -> Point:
        """Along is to the right."""
        return px(along), px(across)

    def roof(self, spot: Spot, along: float) -> float:
        """Meet the middle of the top face, or the outline of a glyph."""
        return spot.solid.up / 2 + curve(spot.solid, along - spot.middle)

    def solid(self, spot: Spot, colours: Sequence[str], axis: float) -> Iterator[Shape]:
        """Draw slices in an order in which each covers the side of the one behind it."""
        box = self._prism(spot, axis)
        if spot.solid.glyph:
            yield from glyph(spot.solid, colours[0], box.left + box.width / 2, axis)
            return
        parts = []
        for colour, width in slices(box.width, colours):
            parts.append((box._replace(width=width), colour))
            box = box._replace(left=box.left + width)
        for part, colour in reversed(parts) if self.style.backwards else parts:
            yield from prism(part, colour)

    def funnel(self, source: Spot, target: Spot, axis: float) -> Iterator[Shape]:
        """Draw it from right end to left end."""
        yield from funnel_right(self._prism(source, axis), self._prism(target, axis))

    def _prism(self, spot: Spot, axis: float) -> Prism:
        solid, bottom = spot.solid, axis + spot.solid.rise / 2
        left, x = MARGIN + spot.left, solid.right
        if self.style.backwards:
            left, x = left + solid.right, -solid.right
        return Prism(left, bottom - solid.height, solid.width, solid.height, x, solid.up)

    def sign(self, spot: Spot, axis: float) -> Point:
        """Put it under the box."""
        middle = MARGIN + spot.left + spot.solid.width / 2
        return px(middle), px(axis + spot.solid.rise / 2 + RING + 1)

    def caption(self, caption: Caption, frame: Frame) -> Label:
        """Set it under or above the row, with a leader line if it is in a farther tier."""
        run, middle = caption.run, px(MARGIN + caption.middle)
        tier = self.style.tier
        top = frame.floor + LABEL_TOP + tier * caption.tier
        edge = frame.floor + 3
        if run.above:
            edge = frame.top - 2
            top = frame.top - tier * caption.tier - run.label_height - LABEL_BOTTOM
        shapes: list[Shape] = []
        if caption.tier:
            end = top + run.label_height + 2 if run.above else top
            shapes.append(Stroke(((middle, px(edge)), (middle, px(end))), "hint"))
        return _label(run, [*shapes, *_stacked(run, middle, top, "middle")])

    def framed(self, framed: Framed, start: float, frame: Frame) -> tuple[Box, Label]:
        """Set the title in the last line of the frame."""
        left, right = MARGIN + framed.left, MARGIN + framed.right
        return _framed(framed, (left, start, right, frame.bottom), frame.bottom - 6, apart=True)

    def staged(self, staged: Staged, title: Line, frame: Frame) -> tuple[Box, Label | None]:
        """Set the title in the first line."""
        bounds = Bounds(MARGIN + staged.left, frame.start, MARGIN + staged.right, frame.bottom)
        box = background(staged.stage, bounds)
        return box, _title(title, box.left + PAD, frame.start + 12, "start")


class Downwards:
    """Columns, with labels at the right of the boxes."""

    def __init__(self, style: Style) -> None:
        """Take what is asked for."""
        self.style = style

    def lie(self, solid: Solid) -> Solid:
        """Lay a box down: what was its depth to the right is now across the flow."""
        return solid._replace(right=solid.up, up=solid.right)

    def crown(self, row: Row) -> float:
        """Backgrounds reach a little beyond what stands on them."""
        return STAGE_PAD if row.stages else 0.0

    def reach(self, row: Row) -> float:
        """Names and shapes stand in one line."""
        words = max((_line_width(caption.run) for caption in row.captions), default=0.0)
        # The edges that come and go keep to the axis: no title may stand there.
        room = max(spot.solid.rise for spot in row.spots) / 2
        words = max([words, *(framed.fold.width - room for framed in row.frames)])
        words = max([words, *(staged.title - room for staged in row.stages)])
        pads = (PAD if row.frames else 0.0) + (PAD if row.stages else 0.0)
        return (LABEL_SIDE + words if words else 0.0) + pads

    def point(self, along: float, across: float) -> Point:
        """Along is down."""
        return px(across), px(along)

    def roof(self, spot: Spot, along: float) -> float:
        """Meet the left side, which leans above the front face, or below it seen backwards."""
        solid = spot.solid
        beyond = spot.left + solid.right - along
        if self.style.backwards:
            beyond = along - spot.right + solid.right
        slanted = solid.up * beyond / solid.right if beyond > 0 and solid.right else 0.0
        return slanted + curve(solid, along - spot.middle)

    def solid(self, spot: Spot, colours: Sequence[str], axis: float) -> Iterator[Shape]:
        """Draw slices from the bottom to the top; each covers the roof of the one below."""
        if spot.solid.glyph:
            yield from glyph(spot.solid, colours[0], axis, MARGIN + spot.middle)
            return
        box = self._prism(spot, axis)
        top = box.bottom
        for colour, height in reversed(list(slices(box.height, colours))):
            top -= height
            yield from prism(box._replace(top=top, height=height), colour)

    def funnel(self, source: Spot, target: Spot, axis: float) -> Iterator[Shape]:
        """Draw it from lower end to upper end."""
        yield from funnel_down(self._prism(source, axis), self._prism(target, axis))

    def _prism(self, spot: Spot, axis: float) -> Prism:
        solid, left = spot.solid, axis - spot.solid.rise / 2
        x, top = solid.up, MARGIN + spot.right - solid.width
        if self.style.backwards:
            left, x = left + solid.up, -solid.up
        return Prism(left, top, solid.height, solid.width, x, solid.right)

    def sign(self, spot: Spot, axis: float) -> Point:
        """Put it at the right of the box."""
        return px(axis + spot.solid.rise / 2 + 2 * RING), px(MARGIN + spot.middle)

    def caption(self, caption: Caption, frame: Frame) -> Label:
        """Set it at the right of the column."""
        run, x = caption.run, px(frame.floor + LABEL_SIDE)
        if run.stacked:
            top = MARGIN + caption.middle - run.label_height / 2
            return _label(run, [*_stacked(run, x, top, "start")])
        base = px(MARGIN + caption.middle + 0.36 * NAME_SIZE)
        shapes: list[Shape] = []
        for line in run.lines:
            shapes.append(_text(line, x, base))
            x = px(x + line.width + 6)
        return _label(run, shapes)

    def framed(self, framed: Framed, start: float, frame: Frame) -> tuple[Box, Label]:
        """Set the title in the first line of the frame, at the right of what comes in."""
        top, bottom = MARGIN + framed.left, MARGIN + framed.right
        return _framed(framed, (start, top, frame.bottom, bottom), top + 12, apart=False)

    def staged(self, staged: Staged, title: Line, frame: Frame) -> tuple[Box, Label | None]:
        """Set the title in the first line, at the right of what comes in."""
        bounds = Bounds(frame.start, MARGIN + staged.left, frame.bottom, MARGIN + staged.right)
        box = background(staged.stage, bounds)
        return box, _title(title, box.left + box.width - PAD, box.top + 12, "end")


def _text(line: Line, x: float, base: float, anchor: Anchor = "start") -> Text:
    return Text(x, base, line.text, line.size, line.width, line.fill, anchor, line.bold)


def _stacked(run: Run, x: float, top: float, anchor: Anchor) -> Iterator[Text]:
    """Set lines below each other, from `top` on."""
    for line in run.lines:
        top += line.size
        yield _text(line, x, px(top), anchor)
        top += run.between


def _label(run: Run, shapes: Sequence[Shape]) -> Label:
    words = (replace(each, font=run.font) if isinstance(each, Text) else each for each in shapes)
    return Label(nodes=run.nodes, role="caption", shapes=tuple(words))


def _line_width(run: Run) -> float:
    if run.stacked:
        return run.label_width
    return sum(line.width for line in run.lines) + 6 * (len(run.lines) - 1)


def _title(title: Line, x: float, base: float, anchor: Anchor) -> Label | None:
    if not title.text:
        return None
    return Label(role="title", shapes=(_text(title, px(x), px(base), anchor),))


def _framed(
    framed: Framed, bounds: tuple[float, float, float, float], base: float, *, apart: bool
) -> tuple[Box, Label]:
    """Draw a frame from (left, top) to (right, bottom); `apart` sets the title at its left end."""
    left, top, right, bottom = map(px, bounds)
    box = Box(left, top, px(right - left), px(bottom - top), "group", "group-line", radius=6)
    title, times = framed.fold.title, framed.fold.times
    end, base = px(right - PAD), px(base)
    texts = [Text(end, base, times.text, TITLE_SIZE, times.width, anchor="end", bold=True)]
    if title.text and apart:
        texts.append(Text(px(left + PAD), base, title.text, TITLE_SIZE, title.width, fill="muted"))
    elif title.text:
        end = px(end - times.width - 8)
        texts.append(
            Text(end, base, title.text, TITLE_SIZE, title.width, fill="muted", anchor="end")
        )
    return box, Label(role="title", shapes=tuple(texts))
