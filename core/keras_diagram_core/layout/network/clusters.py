"""Clusters: the frames around opened models as items, each with its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.network.cells import Drawing
from keras_diagram_core.layout.network.page import SIDE, connector, framed
from keras_diagram_core.layout.network.plots import TITLE
from keras_diagram_core.layout.points import px
from keras_diagram_core.scene import Bounds, Frame, Label, Point, Stroke, Text
from keras_diagram_core.text import clean, elide, text_width

Line = tuple[Point, Point]

# How far a name keeps from a line, px, and how far its base line stands below the frame's top.
CLEAR = 4.0
BASE = 13.0


def clusters(
    drawing: Drawing, graph: ModelGraph, fans: Iterable[Label], origin: Point
) -> Iterator[Frame | Label]:
    """Draw the frames of opened models and layers; names keep clear of edges, and of fans."""
    paths = [connector(route, origin).points for route in drawing.routes]
    paths += [line.points for fan in fans for line in fan.shapes if isinstance(line, Stroke)]
    lines = [line for points in paths for line in pairwise(points)]
    for cluster in drawing.clusters:
        level = len(cluster.path)
        nodes = tuple(node.id for node in graph.nodes if node.scope[:level] == cluster.path)
        box = framed(cluster.bounds, origin)
        yield Frame(nodes=nodes, shapes=(box,))
        if texts := tuple(_name(clean(cluster.path[-1]), box.bounds, lines)):
            yield Label(role="title", shapes=texts)


def stacked(items: Iterable[Frame | Label]) -> list[Frame | Label]:
    """Put larger frames below smaller ones, and words above all frames."""
    return sorted(items, key=lambda item: (isinstance(item, Label), -_area(item.bounds)))


def _area(bounds: Bounds) -> float:
    return (bounds.right - bounds.left) * (bounds.bottom - bounds.top)


def _name(name: str, box: Bounds, lines: Sequence[Line]) -> Iterator[Text]:
    """Write what a model is called where no line is: as far left as all of it fits."""
    free = list(_free(box, lines))
    full = text_width(name, TITLE, bold=True)
    widest = max(free, key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0))
    left, right = next((gap for gap in free if gap[1] - gap[0] >= full), widest)
    words = elide(name, right - left, TITLE, bold=True)
    if words not in {"", "…"}:
        width = text_width(words, TITLE, bold=True)
        yield Text(px(left), px(box.top + BASE), words, TITLE, width, bold=True)


def _free(box: Bounds, lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """Say where at the top of a frame no line is: from where to where, px."""
    top, bottom = box.top + BASE - TITLE, box.top + BASE + 0.3 * TITLE
    left, end = box.left + SIDE, box.right - SIDE
    for start, stop in sorted(filter(None, (_extent(line, top, bottom) for line in lines))):
        if start - CLEAR > left:
            yield left, min(start - CLEAR, end)
        left = max(left, stop + CLEAR)
    if left < end:
        yield left, end


def _extent(line: Line, top: float, bottom: float) -> tuple[float, float] | None:
    """Say from where to where a line leads between two heights, px."""
    (x0, y0), (x1, y1) = sorted(line, key=lambda point: point[1])
    if y1 < top or y0 > bottom:
        return None
    slope = (x1 - x0) / (y1 - y0) if y1 > y0 else 0.0
    ends = [x0 + (max(top, y0) - y0) * slope, x0 + (min(bottom, y1) - y0) * slope]
    return (min(ends), max(ends)) if y1 > y0 else (min(x0, x1), max(x0, x1))
