"""From a ModelGraph to a Scene: sizes, order, positions, routes. Pure functions."""

from __future__ import annotations

from collections import Counter

import msgspec

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.view import lay_out_blocks
from keras_diagram_core.layout.functional.view import lay_out_functional
from keras_diagram_core.layout.images import NO_IMAGES, Images
from keras_diagram_core.layout.layered import lay_out_layered
from keras_diagram_core.layout.lenet.view import lay_out_lenet
from keras_diagram_core.layout.looks import unmatched
from keras_diagram_core.layout.mirror import mirrored
from keras_diagram_core.layout.network.view import lay_out_graph
from keras_diagram_core.layout.page import roomy
from keras_diagram_core.options import (
    AutoOptions,
    BlocksOptions,
    FunctionalOptions,
    GraphOptions,
    LayeredOptions,
    LenetOptions,
    Options,
)
from keras_diagram_core.scene import Scene
from keras_diagram_core.transforms.hide import shown

# A chain is drawn as volumes as long as it takes a few rows, px.
FEW_ROWS = 480.0


def lay_out(graph: ModelGraph, options: Options, images: Images = NO_IMAGES) -> Scene:
    """Draw a model, without what is to be hidden, in the view that the options belong to.

    Args:
        graph: the model.
        options: how.
        images: those that the options name (`files_of`), by path.
    """
    rest = shown(graph, options)
    if notes := tuple(unmatched(graph, rest, options)):
        rest = msgspec.structs.replace(rest, notes=(*rest.notes, *notes))
    return _directed(rest, roomy(options), images)


def _directed(graph: ModelGraph, options: Options, images: Images) -> Scene:
    """Draw a model that flows left or up as the mirror image of one that flows right or down."""
    match options.direction:
        case "left":
            scene = _drawn(graph, msgspec.structs.replace(options, direction="right"), images)
            return mirrored(scene, upright=False)
        case "up":
            scene = _drawn(graph, msgspec.structs.replace(options, direction="down"), images)
            return mirrored(scene, upright=True)
        case _:
            return _drawn(graph, options, images)


def _drawn(graph: ModelGraph, options: Options, images: Images) -> Scene:
    match options:
        case LayeredOptions():
            return lay_out_layered(graph, options, images)
        case BlocksOptions():
            return lay_out_blocks(graph, options)
        case FunctionalOptions():
            return lay_out_functional(graph, options, images)
        case GraphOptions():
            return lay_out_graph(graph, options, images)
        case LenetOptions():
            return lay_out_lenet(graph, options, images)
        case AutoOptions():
            return _choose(graph, options)


def _choose(graph: ModelGraph, options: AutoOptions) -> Scene:
    """Take the view in which the model is known best and fits best."""
    known = msgspec.structs.asdict(options)
    if options.detail == "auto" and _is_chain(graph):
        scene = lay_out_layered(graph, LayeredOptions(**(known | {"detail": "all"})))
        if scene.height <= (options.max_height if options.direction == "down" else FEW_ROWS):
            return scene
    blocks = lay_out_blocks(graph, BlocksOptions(**known))
    if blocks.width <= options.width and blocks.height <= 2 * options.max_height:
        return blocks
    # What does not fold into blocks is lower in rows.
    rows = lay_out_layered(graph, LayeredOptions(**known))
    return rows if rows.height < blocks.height or blocks.width > options.width else blocks


def _is_chain(graph: ModelGraph) -> bool:
    pairs = {(edge.source, edge.target) for edge in graph.edges}
    sources = Counter(source for source, _ in pairs)
    targets = Counter(target for _, target in pairs)
    ends = max([*sources.values(), *targets.values()], default=1)
    return ends <= 1 and len(pairs) == len(graph.nodes) - 1
