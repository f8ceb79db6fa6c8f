"""The functional view, from graph to Scene."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph, Note
from keras_diagram_core.layout.functional.boxes import FunctionalLooks
from keras_diagram_core.layout.functional.components import components
from keras_diagram_core.layout.functional.folds import with_ranges
from keras_diagram_core.layout.functional.lines import line, turns
from keras_diagram_core.layout.functional.paint import card, labels, mark
from keras_diagram_core.layout.functional.pictures import Picture, picture_of
from keras_diagram_core.layout.functional.unheard import shared_styles, unheard
from keras_diagram_core.layout.functional.wording import SIZE
from keras_diagram_core.layout.images import NO_IMAGES, Images, Pictures
from keras_diagram_core.layout.legend import Extras
from keras_diagram_core.layout.looks import Looks, shaded
from keras_diagram_core.layout.network.cells import Drawing, Route
from keras_diagram_core.layout.network.page import MARGIN, frames
from keras_diagram_core.layout.network.staging import (
    Ground,
    grounds,
    inside,
    staged,
    unit_stages,
)
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.stages import Stages
from keras_diagram_core.layout.words import unwritten
from keras_diagram_core.options import FunctionalOptions
from keras_diagram_core.options.looks import FunctionalLook
from keras_diagram_core.scene import Item, Label, Point, Scene, Text
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.collapse import Collapsed, collapse
from keras_diagram_core.transforms.fuse import UnitGraph, fuse
from keras_diagram_core.transforms.outputs import with_outputs

# A page has room for a box and a text for each of so many layers.
FEW_LAYERS = 40


def lay_out_functional(
    graph: ModelGraph, options: FunctionalOptions, images: Images = NO_IMAGES
) -> Scene:
    """Lay a model out as flat boxes sized by their tensors, with all its connections.

    A network that goes down in resolution and up again is set by level; any other runs from
    left to right, in rows.
    """
    graph = with_outputs(graph) if options.add_output_nodes else graph
    inner, inset = inside(options)
    # Where a text is on each layer, each is to have a box.
    apart = bool(options.text_callable) and len(graph.nodes) <= FEW_LAYERS
    units = fuse(graph, linear_order(graph), fusing=not apart)
    rules = options.collapse_rules if options.collapse_enabled else ()
    found = collapse(graph, units, rules)
    looks, idle = _looks(graph, inner, found)
    found = found._replace(units=replace(found.units, apart=looks.by_node))
    stages = Stages(graph, options.layered_groups)
    silent = unwritten(graph, found.units.units, options)
    graph = replace(
        graph, notes=(*graph.notes, *map(_idle, found.idle), *idle, *stages.notes, *silent)
    )
    pictures = Pictures(graph, looks, images)
    items: list[Item] = []
    behind: list[Ground] = []
    hints = ""
    origin = MARGIN + inset, MARGIN + inset
    for part in components(found) if options.component_spacing else [found]:
        picture = picture_of(graph, part, looks, unit_stages(part.units, stages), pictures)
        folded = [fold.block for fold in picture.drawing.folds]
        picture = picture._replace(drawn=with_ranges(graph, part.units, picture.drawn, folded))
        items += _items(graph, part.units, looks, picture, origin)
        behind += grounds(picture.drawing, part.units, stages, origin)
        hints = hints or picture.hints
        origin = origin[0], origin[1] + picture.drawing.height + options.component_spacing
    items, notes = staged(items, behind, stages)
    graph = replace(graph, notes=(*graph.notes, *notes))
    scene = finished(graph, looks, "functional", items, MARGIN, Extras(hints, images=images))
    return replace(scene, paints=shaded(scene.paints, options.shade_step) | stages.paints)


def _looks(
    graph: ModelGraph, options: FunctionalOptions, found: Collapsed
) -> tuple[FunctionalLooks, list[Note]]:
    """Give the looks that are drawn, and notes of what is not."""
    asked = Looks(graph, options, FunctionalLook())
    styles = shared_styles(graph, asked, found)
    notes = list(unheard(graph, asked, found, styles))
    return Looks(graph, replace(options, styles=styles), FunctionalLook()), notes


def _idle(number: int) -> Note:
    message = f"collapse-rules: rule {number} selects nothing that stands so often in a row."
    return Note(message=message)


def _level_names(picture: Picture, origin: Point) -> Iterator[Label]:
    for name, axis in picture.side:
        if name:
            x, y = px(origin[0] + picture.left - 8), px(origin[1] + axis + 0.36 * SIZE)
            width = text_width(name, SIZE)
            text = Text(x, y, name, SIZE, width, fill="muted", anchor="end")
            yield Label(role="level", shapes=(text,))


def _items(
    graph: ModelGraph,
    units: UnitGraph,
    looks: FunctionalLooks,
    picture: Picture,
    origin: Point,
) -> Iterator[Item]:
    """Draw a network that stands at `origin`: frames, edges, boxes, words."""
    drawing, (left, top), options = picture.drawing, origin, looks.options
    places = {unit: (x + left, y + top) for unit, (x, y) in drawing.places.items()}
    yield from frames(drawing, units, origin)
    for unit, place in places.items():
        yield from card(units.units[unit], picture.drawn[unit], place)
    for route in drawing.routes:
        source, target = units.units[route.source].main, units.units[route.target].main
        leaving = looks.shared([route.edge.source, source])
        coming = looks.shared([route.edge.target, target])
        yield line(route, origin, picture.drawn, (leaving, coming))
        if options.render_virtual_nodes and _passes(route, drawing):
            yield from turns(route, origin, options)
    for unit, place in places.items():
        yield mark(graph, units.units[unit], picture.drawn[unit], place)
        yield from labels(units.units[unit], picture.drawn[unit], place)
    yield from _level_names(picture, origin)


def _passes(route: Route, drawing: Drawing) -> bool:
    """Say whether an edge passes other units on its way to the right, or leaves its row."""
    start, end = route.points[0][0], route.points[-1][0]
    return end <= start or any(start < x < end for x, _ in drawing.places.values())
