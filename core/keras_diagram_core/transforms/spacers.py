"""Spacers: layers that only leave room in a picture, as room before the layers behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from keras_diagram_core.graph import Endpoint, ModelGraph
from keras_diagram_core.transforms.hide import origins, taken_out


def without_spacers(graph: ModelGraph, rooms: Mapping[str, float]) -> ModelGraph:
    """Take spacers out of a graph, and lead its edges past them.

    Args:
        graph: the model, as it was read.
        rooms: the spacers by id, with the room that each leaves, px.
    """
    if not rooms:
        return graph
    nodes = (replace(node, room=rooms.get(node.id, 0.0)) for node in graph.nodes)
    roomy = replace(graph, nodes=tuple(nodes))
    kept, edges = taken_out(roomy, rooms)
    return replace(
        roomy, nodes=kept, edges=edges, outputs=tuple(_outputs(roomy, rooms, graph.outputs))
    )


def _outputs(
    graph: ModelGraph, spacers: Mapping[str, float], outputs: Iterable[Endpoint]
) -> Iterable[Endpoint]:
    """Let what a spacer gives be what it takes."""
    known = origins(graph, spacers)
    for end in outputs:
        if end.node not in spacers:
            yield end
            continue
        for node, index in known[end.node]:
            yield replace(end, node=node, index=index)
