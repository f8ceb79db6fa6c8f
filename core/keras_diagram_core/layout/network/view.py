"""The graph view: nodes and edges with names, small dense layers as columns of neurons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.names import block_title
from keras_diagram_core.layout.network.cells import Drawing, Setting
from keras_diagram_core.layout.network.engine import Engine, steps
from keras_diagram_core.layout.network.nodes import DEEP, NARROW, SHARE, WIDEST, Drawn, feet, nodes
from keras_diagram_core.layout.network.page import MARGIN, connector, frames
from keras_diagram_core.layout.network.paint import labels, mark, synapses
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.options import GraphOptions
from keras_diagram_core.scene import Item, Scene
from keras_diagram_core.transforms.fuse import UnitGraph, fuse

GAP = 20.0
TIGHT_GAP = 10.0
# If a picture gets higher than this, px, names are cut to make room for more nodes in a row.
SENSIBLE = 1600.0


class _Picture(NamedTuple):
    """Nodes as they will be drawn, where, and how deep the words of neurons stand."""

    drawn: Sequence[Drawn]
    drawing: Drawing
    depth: Sequence[float]


def lay_out_graph(graph: ModelGraph, options: GraphOptions) -> Scene:
    """Lay a model out as nodes and edges, from left to right, in rows of the page's width.

    Every node of a small model is drawn by itself; those of deep ones are fused and folded.
    """
    units = fuse(graph, linear_order(graph), fusing=len(graph.nodes) > DEEP)
    picture = _picture(graph, units, options)
    drawing, origin = picture.drawing, (MARGIN, MARGIN)
    places = {unit: (x + MARGIN, y + MARGIN) for unit, (x, y) in drawing.places.items()}
    items: list[Item] = list(frames(drawing, units, origin))
    items += synapses(drawing.routes, picture.drawn, places)
    items += [connector(route, origin) for route in drawing.routes]
    for unit, place in places.items():
        drawn = picture.drawn[unit]
        items.append(mark(graph, units.units[unit], drawn, place))
        items += labels(units.units[unit], drawn, place, picture.depth[unit])
    return finished(graph, options, "graph", items, MARGIN)


def _picture(graph: ModelGraph, units: UnitGraph, options: GraphOptions) -> _Picture:
    """Place everything, with shorter names if the picture gets too high with long ones."""
    room = options.width - 2 * MARGIN
    folding = steps(options.max_height)
    setting = Setting(gap=options.layer_spacing, row=options.node_spacing)
    engine = Engine(graph, units, lambda block: block_title(graph, units, block), folding, setting)
    if options.direction == "down" and (picture := _downwards(engine, graph, units, options)):
        return picture
    pictures: list[_Picture] = []
    for widest, gap in ((WIDEST, GAP), (NARROW, TIGHT_GAP)):
        drawn = nodes(graph, units, options, min(widest, SHARE * room))
        depth = feet(drawn, engine.links)
        cells = [node.cell(lowest) for node, lowest in zip(drawn, depth, strict=True)]
        drawing = engine.draw(cells, room, gap)
        pictures.append(_Picture(drawn, drawing, depth))
        if drawing.height <= SENSIBLE:
            break
    return min(pictures, key=lambda picture: picture.drawing.height)


def _downwards(
    engine: Engine, graph: ModelGraph, units: UnitGraph, options: GraphOptions
) -> _Picture | None:
    """Place everything from top to bottom, if that fits the width."""
    drawn = [node._replace(turned=True) for node in nodes(graph, units, options, WIDEST)]
    furthest = feet(drawn, engine.links)
    cells = [node.lying_cell(far) for node, far in zip(drawn, furthest, strict=True)]
    drawing = engine.draw_down(cells, options.width - 2 * MARGIN)
    return _Picture(drawn, drawing, furthest) if drawing else None
