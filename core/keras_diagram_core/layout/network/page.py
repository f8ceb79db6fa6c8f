"""The page: a drawing's edges and frames as items."""

from __future__ import annotations

from collections.abc import Iterator

from keras_diagram_core.layout.marks import block_nodes
from keras_diagram_core.layout.network.cells import Drawing, Fold, Route
from keras_diagram_core.layout.network.plots import PAD, TITLE
from keras_diagram_core.layout.points import px
from keras_diagram_core.scene import Bounds, Box, Connector, Frame, Label, Point, Text
from keras_diagram_core.text import clean, elide, text_width
from keras_diagram_core.transforms.fuse import UnitGraph

MARGIN = 10.0
# By so much positions that are rounded are off, px: a title that was measured is not to be cut.
ROUNDING = 0.02
# Where the number of repeats stands in a frame without a title, px from the left.
SIDE = 8.0


def connector(route: Route, origin: Point) -> Connector:
    """Draw one edge; `origin` is where the drawing stands on the page."""
    return Connector(
        source=route.edge.source,
        target=route.edge.target,
        role=clean(route.edge.role),
        points=tuple((px(x + origin[0]), px(y + origin[1])) for x, y in route.points),
    )


def frames(drawing: Drawing, units: UnitGraph, origin: Point) -> Iterator[Frame | Label]:
    """Draw the frames of folded blocks, each with its title."""
    for fold in drawing.folds:
        box = framed(fold.bounds, origin)
        repeat = len(fold.block.repeats)
        yield Frame(nodes=block_nodes(units, fold.block), repeat=repeat, shapes=(box,))
        yield Label(role="title", shapes=tuple(_title(fold, repeat, box.left, box.top)))


def framed(bounds: Bounds, origin: Point) -> Box:
    """Draw the outline of a frame."""
    left, top = px(bounds.left + origin[0]), px(bounds.top + origin[1])
    width, height = px(bounds.right - bounds.left), px(bounds.bottom - bounds.top)
    return Box(left, top, width, height, "group", "group-line", radius=6)


def _title(fold: Fold, repeat: int, left: float, top: float) -> Iterator[Text]:
    base, times = px(top + 13), f"× {repeat}"
    end = px(left + fold.bounds.right - fold.bounds.left - PAD)
    width = text_width(times, TITLE, bold=True)
    if not fold.title:
        yield Text(px(left + SIDE), base, times, TITLE, width, bold=True)
        return
    yield Text(end, base, times, TITLE, width, anchor="end", bold=True)
    room = end - width - 6 - left - PAD + ROUNDING
    words = elide(fold.title, room, TITLE)
    if words:
        x = px(left + PAD)
        yield Text(x, base, words, TITLE, text_width(words, TITLE), fill="muted")
