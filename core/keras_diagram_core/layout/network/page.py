"""The page: a drawing's edges and frames as items, and all items as a Scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_diagram_core.describe import describe
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.legend import known_families, legend
from keras_diagram_core.layout.network.cells import Drawing, Fold, Route, px
from keras_diagram_core.layout.network.plots import PAD, TITLE
from keras_diagram_core.layout.notes import notes
from keras_diagram_core.options import ViewOptions
from keras_diagram_core.scene import (
    Bounds,
    Box,
    Connector,
    Frame,
    Item,
    Label,
    Paint,
    Point,
    Scene,
    Text,
)
from keras_diagram_core.text import clean, elide, text_width
from keras_diagram_core.theme import PAGE_PAINTS, family_paints
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.structure import Series, units_of

MARGIN = 10.0
LEGEND_SPACE = 14.0
NOTES_SPACE = 8.0
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
        nodes = tuple(
            id_
            for parts in fold.block.repeats
            for unit in units_of(Series(parts))
            for id_ in units.units[unit].nodes
        )
        box = fold.bounds
        left, top = px(box.left + origin[0]), px(box.top + origin[1])
        width, height = px(box.right - box.left), px(box.bottom - box.top)
        shape = Box(left, top, width, height, "group", "group-line", radius=6)
        repeat = len(fold.block.repeats)
        yield Frame(nodes=nodes, repeat=repeat, shapes=(shape,))
        yield Label(role="title", shapes=tuple(_title(fold, repeat, left, top)))


def _title(fold: Fold, repeat: int, left: float, top: float) -> Iterator[Text]:
    base, times = px(top + 13), f"× {repeat}"
    end = px(left + fold.bounds.right - fold.bounds.left - PAD)
    width = text_width(times, TITLE, bold=True)
    if not fold.title:
        yield Text(px(left + SIDE), base, times, TITLE, width, bold=True)
        return
    yield Text(end, base, times, TITLE, width, anchor="end", bold=True)
    words = elide(fold.title, end - width - 6 - left - PAD, TITLE)
    if words:
        x = px(left + PAD)
        yield Text(x, base, words, TITLE, text_width(words, TITLE), fill="muted")


def scene(
    view: str, graph: ModelGraph, options: ViewOptions, items: Sequence[Item], hints: str = ""
) -> Scene:
    """Put items on a page, with the legend, what it hints at, and the notes below them."""
    extent = [bounds_of(item) for item in items]
    bottom = max((bounds.bottom for bounds in extent), default=MARGIN)
    below = _below(graph, options, bottom, hints)
    extent += [label.bounds for label in below]
    paints: dict[str, Paint] = dict(PAGE_PAINTS)
    for family in known_families(graph):
        paints |= family_paints(family)
    return Scene(
        view=view,
        theme=options.theme,
        width=px(max((bounds.right for bounds in extent), default=MARGIN) + MARGIN),
        height=px(max((bounds.bottom for bounds in extent), default=MARGIN) + MARGIN),
        title=clean(graph.name),
        description=clean(describe(graph)),
        paints=paints,
        items=(*items, *below),
    )


def _below(graph: ModelGraph, options: ViewOptions, bottom: float, hints: str) -> list[Label]:
    room = options.width - 2 * MARGIN
    labels: list[Label] = []
    if options.legend:
        labels += legend(graph, (MARGIN, bottom + LEGEND_SPACE), room)
        bottom = max(label.bounds.bottom for label in labels)
        text = elide(hints, room, TITLE)
        if text:
            base, width = px(bottom + 14), text_width(text, TITLE)
            line = Text(MARGIN, base, text, TITLE, width, fill="muted")
            labels.append(Label(role="legend", shapes=(line,)))
            bottom = line.bounds.bottom
    return [*labels, *notes(graph, (MARGIN, bottom + NOTES_SPACE), room)]


def bounds_of(item: Item) -> Bounds:
    """Give the extent of any item."""
    if isinstance(item, Connector):
        xs, ys = zip(*item.points, strict=True)
        return Bounds(min(xs), min(ys), max(xs), max(ys))
    return item.bounds
