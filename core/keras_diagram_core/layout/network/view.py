"""The graph view: nodes and edges with names, small dense layers as columns of neurons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph, Note
from keras_diagram_core.layout.blocks.names import fold_title
from keras_diagram_core.layout.images import NO_IMAGES, Images, Pictures
from keras_diagram_core.layout.legend import Extras
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.network.cells import Cell, Drawing, Setting, UnitStages
from keras_diagram_core.layout.network.clusters import clusters, stacked
from keras_diagram_core.layout.network.engine import Engine, steps
from keras_diagram_core.layout.network.nodes import (
    DEEP,
    NARROW,
    SHARE,
    WIDEST,
    Drawn,
    GraphLooks,
    feet,
    nodes,
    with_ranges,
)
from keras_diagram_core.layout.network.page import MARGIN, connector, frames
from keras_diagram_core.layout.network.paint import labels, mark, synapses
from keras_diagram_core.layout.network.staging import (
    grounds,
    inside,
    staged,
    unit_stages,
    without_crossing,
)
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.stages import Stages
from keras_diagram_core.options import GraphOptions
from keras_diagram_core.options.looks import GraphLook
from keras_diagram_core.scene import Item, Scene
from keras_diagram_core.transforms.equal import SIZES
from keras_diagram_core.transforms.fuse import UnitGraph, fuse

GAP = 20.0
TIGHT_GAP = 10.0
# If a picture gets higher than this, px, names are cut to make room for more nodes in a row.
SENSIBLE = 1600.0
# So many names are in a note.
MOST_NAMES = 4


class _Picture(NamedTuple):
    """Nodes as they will be drawn, where, and how deep the words of neurons stand."""

    drawn: Sequence[Drawn]
    drawing: Drawing
    depth: Sequence[float]


def lay_out_graph(graph: ModelGraph, options: GraphOptions, images: Images = NO_IMAGES) -> Scene:
    """Lay a model out as nodes and edges, from left to right, in rows of the page's width.

    Every node of a small model is drawn by itself; those of deep ones are fused and folded.
    """
    inner, inset = inside(options)
    looks = Looks(graph, inner, GraphLook())
    deep = len(graph.nodes) > DEEP
    order, by_scope = linear_order(graph), _has_frames(options)
    units = fuse(graph, order, fusing=deep, by_scope=by_scope, apart=looks.by_node)
    stages = Stages(graph, options.layered_groups)
    engine = _engine(graph, units, inner, unit_stages(units, stages))
    picture = _picture(engine, graph, units, looks, Pictures(graph, looks, images))
    origin = MARGIN + inset, MARGIN + inset
    behind = list(grounds(picture.drawing, units, stages, origin))
    drawing = without_crossing(picture.drawing, behind, origin)
    said = with_ranges(graph, units, picture.drawn, [fold.block for fold in drawing.folds])
    places = {unit: (x + origin[0], y + origin[1]) for unit, (x, y) in drawing.places.items()}
    fans = list(synapses(drawing.routes, picture.drawn, places))
    items: list[Item] = list(frames(drawing, units, origin))
    if drawing.clusters:
        names = clusters(drawing, graph, fans, origin)
        items = [*stacked([*frames(drawing, units, origin), *names])]
    items += fans
    items += [connector(route, origin) for route in drawing.routes]
    for unit, place in places.items():
        drawn = said[unit]
        items.append(mark(graph, units.units[unit], drawn, place))
        items += labels(units.units[unit], drawn, place, picture.depth[unit])
    if options.clusters:
        graph = _noted(graph, engine, drawing)
    items, notes = staged(items, behind, stages)
    graph = replace(graph, notes=(*graph.notes, *stages.notes, *notes))
    scene = finished(graph, looks, "graph", items, MARGIN, Extras(images=images))
    return replace(scene, paints=scene.paints | stages.paints)


def _has_frames(options: GraphOptions) -> bool:
    """Say whether opened models have frames: stages stand in place of them, unless one asks."""
    return not options.layered_groups if options.clusters is None else options.clusters


def _engine(
    graph: ModelGraph, units: UnitGraph, options: GraphOptions, stages: UnitStages
) -> Engine:
    setting = Setting(
        gap=options.layer_spacing,
        row=options.node_spacing,
        clusters=_has_frames(options),
        stages=stages,
    )
    # Where frames have the names of opened models, folds are named by what is in them.
    plain = tuple(replace(node, scope=()) for node in graph.nodes)
    named = replace(graph, nodes=plain) if setting.clusters else graph
    written = SIZES if options.show_shapes else ()
    title = partial(fold_title, named, units, written=written)
    return Engine(graph, units, title, steps(options.max_height), setting)


def _noted(graph: ModelGraph, engine: Engine, drawing: Drawing) -> ModelGraph:
    """Note around which opened models there is no frame."""
    framed = {cluster.path for cluster in drawing.clusters}
    bare = [path for path in engine.scopes.seen(drawing.places) if path not in framed]
    if not bare:
        return graph
    names = ", ".join(map("/".join, bare[:MOST_NAMES])) + ", ..." * (len(bare) > MOST_NAMES)
    message = f"clusters: no frame around {names}: something else would stand in it."
    return replace(graph, notes=(*graph.notes, Note(message=message)))


def _picture(
    engine: Engine,
    graph: ModelGraph,
    units: UnitGraph,
    looks: GraphLooks,
    pictures: Pictures,
) -> _Picture:
    """Place everything, with shorter names if the picture gets too high with long ones."""
    options = looks.options
    room = options.width - 2 * MARGIN
    if options.direction == "down":
        lying = nodes(graph, units, looks, WIDEST, pictures)
        if picture := _downwards(engine, units, looks, lying):
            return picture
    found: list[_Picture] = []
    for widest, gap in ((WIDEST, GAP), (NARROW, TIGHT_GAP)):
        drawn = nodes(graph, units, looks, min(widest, SHARE * room), pictures)
        depth = feet(drawn, engine.links)
        cells = [node.cell(lowest) for node, lowest in zip(drawn, depth, strict=True)]
        drawing = engine.draw(_apart(cells, units, looks, gap), room, gap)
        found.append(_Picture(drawn, drawing, depth))
        if drawing.height <= SENSIBLE:
            break
    return min(found, key=lambda picture: picture.drawing.height)


def _downwards(
    engine: Engine, units: UnitGraph, looks: GraphLooks, found: Sequence[Drawn]
) -> _Picture | None:
    """Place everything from top to bottom, if that fits the width."""
    drawn = [node._replace(turned=True) for node in found]
    furthest = feet(drawn, engine.links)
    cells = [node.lying_cell(far) for node, far in zip(drawn, furthest, strict=True)]
    room = looks.options.width - 2 * MARGIN
    drawing = engine.draw_down(_apart(cells, units, looks, 0.0), room)
    return _Picture(drawn, drawing, furthest) if drawing else None


def _apart(cells: Sequence[Cell], units: UnitGraph, looks: GraphLooks, usual: float) -> list[Cell]:
    """Widen the cells of layers that ask for more room beside them than columns have."""
    gap = looks.options.layer_spacing or usual
    rooms = [looks.own(unit.main).layer_spacing for unit in units.units]
    return [
        cell._replace(width=cell.width + 2 * max(room - gap, 0.0))
        for cell, room in zip(cells, rooms, strict=True)
    ]
