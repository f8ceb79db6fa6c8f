"""Outputs: a node for each tensor that a model gives, as its inputs have one."""

from __future__ import annotations

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node, PartialGraph

TYPE = "ModelOutput"


def with_outputs(graph: ModelGraph) -> PartialGraph:
    """Add a node behind each output; they are drawn, but are no layers of the model."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    known = {node.id for node in graph.nodes}
    for number, end in enumerate(graph.outputs):
        name = f"output_{number}" if len(graph.outputs) > 1 else "output"
        id_ = name
        while id_ in known:
            id_ += "_"
        known.add(id_)
        shapes = graph.by_id[end.node].output_shapes[end.index : end.index + 1]
        nodes.append(
            Node(
                id=id_,
                layer=id_,
                name=name,
                type=TYPE,
                module="",
                input_shapes=shapes,
                output_shapes=shapes,
            )
        )
        edges.append(Edge(source=end.node, target=id_, source_index=end.index))
    return PartialGraph(
        name=graph.name,
        type=graph.type,
        keras_version=graph.keras_version,
        nodes=(*graph.nodes, *nodes),
        edges=(*graph.edges, *edges),
        inputs=graph.inputs,
        outputs=tuple(Endpoint(node=node.id, name=node.name) for node in nodes),
        notes=graph.notes,
        model=graph.model,
    )
