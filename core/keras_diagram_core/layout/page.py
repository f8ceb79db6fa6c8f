"""Page: what every view has around its drawing - legend, notes, colours, title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from keras_diagram_core.describe import describe
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.dress import AnyLooks, dressed, painted, unpainted
from keras_diagram_core.layout.images import Pictures, illustrated, unshown, used
from keras_diagram_core.layout.legend import NO_EXTRAS, Extras, Key, known_families, legend
from keras_diagram_core.layout.logos import Logos, with_logos
from keras_diagram_core.layout.looks import page_paints, page_theme
from keras_diagram_core.layout.notes import notes
from keras_diagram_core.options import ViewOptions
from keras_diagram_core.scene import Bounds, Connector, Item, Label, Paint, Scene, around, moved
from keras_diagram_core.text import clean
from keras_diagram_core.theme import family_paints

AnyView = TypeVar("AnyView", bound=ViewOptions)

# What the padding is if nobody asks for another one, px.
PADDING = 10
LEGEND_SPACE = 12.0
NOTES_SPACE = 8.0
LOGO_SPACE = 6.0
# Below a narrow drawing, a legend of this width still reads well, px.
LEGEND_WIDTH = 330.0
# The views in which an edge belongs to the layer that it comes to, and shows what that sees.
ENTERING = frozenset({"lenet"})


def finished(
    graph: ModelGraph,
    looks: AnyLooks,
    view: str,
    items: Sequence[Item],
    margin: float,
    extras: Extras = NO_EXTRAS,
) -> Scene:
    """Put legend and notes below a drawing, and make it a Scene.

    Args:
        graph: the model.
        looks: what single layers look like, and the options of the page.
        view: the name of the view.
        items: the drawing, its left and top `margin` px from the page's edges.
        margin: what stays free around everything, px.
        extras: what the legend has besides.
    """
    drawing = around([Bounds(margin, margin, margin, margin), *map(bounds_of, items)])
    options: ViewOptions = looks.options
    pictures = Pictures(graph, looks, extras.images)
    logos = Logos(graph, options, extras.images)
    with_pictures = illustrated(items, graph, pictures)
    unseen = unshown(with_pictures, graph, pictures)
    adorned, tiny = with_logos(with_pictures, graph, logos)
    faceless = unpainted(adorned, graph, looks)
    shown = dressed(adorned, graph, looks, entering=view in ENTERING)
    key = Key(looks, painted(shown), logos, pictures, extras)
    below = list(_below(graph, key, options, drawing, margin))
    whole = around([drawing, *(label.bounds for label in below)])
    extra = options.padding - PADDING
    everything = [moved(item, extra) if extra else item for item in (*shown, *below)]
    return Scene(
        view=view,
        theme=page_theme(options),
        width=round(whole.right + margin + 2 * extra, 2),
        height=round(whole.bottom + margin + 2 * extra, 2),
        title=clean(graph.name),
        description=clean(describe(graph)),
        notes=tuple(
            note.message for note in (*graph.notes, *unseen, *faceless, *logos.notes, *tiny)
        ),
        paints=_paints(graph, options) | looks.paints,
        images=used(everything, extras.images),
        items=tuple(everything),
    )


def roomy(options: AnyView) -> AnyView:
    """Give the options with the width that remains within the padding."""
    extra = options.padding - PADDING
    return replace(options, width=options.width - 2 * extra) if extra else options


def bounds_of(item: Item) -> Bounds:
    """Give the extent of any item."""
    if not isinstance(item, Connector):
        return item.bounds
    xs, ys = zip(*item.points, strict=True)
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def _below(
    graph: ModelGraph,
    key: Key,
    options: ViewOptions,
    drawing: Bounds,
    margin: float,
) -> Iterator[Label]:
    """Set the legend, if it is wanted, and what is not shown, which always is."""
    room = options.width - 2 * margin
    room = min(room, max(drawing.right - margin, LEGEND_WIDTH))
    bottom = drawing.bottom
    if options.legend:
        labels = legend(graph, key, (margin, bottom + LEGEND_SPACE), room)
        yield from labels
        bottom = max(label.bounds.bottom for label in labels)
    top = bottom + (LOGO_SPACE if options.legend else LEGEND_SPACE)
    named = key.logos.named((margin, top), room)
    yield from named
    bottom = max([bottom, *(label.bounds.bottom for label in named)])
    yield from notes(graph, (margin, bottom + NOTES_SPACE), room)


def _paints(graph: ModelGraph, options: ViewOptions) -> dict[str, Paint]:
    paints = page_paints(options)
    for family in known_families(graph):
        paints |= family_paints(family, paints)
    return paints
