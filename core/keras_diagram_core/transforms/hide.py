"""Hide: nodes that are not drawn, and edges that run past them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from fnmatch import fnmatchcase

from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.graph import Edge, ModelGraph, Node, Note, PartialGraph
from keras_diagram_core.options import AllOptions

Labels = Callable[[Node], Iterable[str]]
"""Gives what a pattern may match, of one node."""


def shown(graph: ModelGraph, options: AllOptions) -> ModelGraph:
    """Hide what options ask for."""
    return hide(
        graph,
        types=options.type_ignore,
        names=options.name_ignore,
        scopes=options.scope_ignore,
        places=options.index_ignore,
    )


def hide(
    graph: ModelGraph,
    *,
    types: Iterable[str] = (),
    names: Iterable[str] = (),
    scopes: Iterable[str] = (),
    places: Iterable[int] = (),
) -> ModelGraph:
    """Take nodes out of a graph, and lead its edges past them.

    A tensor that a hidden node takes runs on to all that use what this node gives. Edges that
    no longer come from anywhere, or lead anywhere, end. What matches nothing is noted.

    Args:
        graph: the model.
        types: patterns of class names, in which `*` stands for anything.
        names: patterns of names, alone or behind their scope (`encoder/dense_1`).
        scopes: patterns of nested models and composite layers, alone or behind their own scope.
        places: numbers in the order of the graph, from 0; -1 is the last.
    """
    wanted = [
        *(("type-ignore", pattern, _types) for pattern in types),
        *(("name-ignore", pattern, _names) for pattern in names),
        *(("scope-ignore", pattern, _scopes) for pattern in scopes),
    ]
    places = list(places)
    if not wanted and not places:
        return graph
    chosen: set[str] = set()
    notes: list[Note] = []
    for option, pattern, labels in wanted:
        found = _matching(graph, pattern, labels)
        chosen |= found
        if not found:
            notes.append(_nothing(option, pattern, graph, labels))
    for place in places:
        if -len(graph.nodes) <= place < len(graph.nodes):
            chosen.add(graph.nodes[place].id)
        else:
            message = f"index-ignore: there is no layer {place} among {len(graph.nodes)}."
            notes.append(Note(message=message))
    return _without(graph, chosen, notes)


def _matching(graph: ModelGraph, pattern: str, labels: Labels) -> set[str]:
    return {
        node.id
        for node in graph.nodes
        if any(fnmatchcase(label, pattern) for label in labels(node))
    }


def _types(node: Node) -> tuple[str, ...]:
    return (node.type,)


def _names(node: Node) -> tuple[str, ...]:
    return node.name, "/".join((*node.scope, node.name))


def _scopes(node: Node) -> Iterator[str]:
    for depth, name in enumerate(node.scope, 1):
        yield name
        yield "/".join(node.scope[:depth])


def _nothing(option: str, pattern: str, graph: ModelGraph, labels: Labels) -> Note:
    """Say that a pattern matches nothing, and what may have been meant."""
    hint = did_you_mean(pattern, {label for node in graph.nodes for label in labels(node)})
    return Note(message=f"{option}: nothing matches '{pattern}'. {hint}".strip())


def _without(graph: ModelGraph, chosen: Collection[str], notes: Iterable[Note]) -> PartialGraph:
    return PartialGraph(
        name=graph.name,
        type=graph.type,
        keras_version=graph.keras_version,
        nodes=tuple(node for node in graph.nodes if node.id not in chosen),
        edges=tuple(_bridged(graph, chosen)),
        inputs=tuple(end for end in graph.inputs if end.node not in chosen),
        outputs=tuple(end for end in graph.outputs if end.node not in chosen),
        notes=(*graph.notes, *notes),
        model=graph,
    )


def _bridged(graph: ModelGraph, chosen: Collection[str]) -> list[Edge]:
    """Lead edges past the chosen nodes; two that become the same are one."""
    origins: dict[str, list[tuple[str, int]]] = defaultdict(list)
    arriving: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        arriving[edge.target].append(edge)

    def sources(edge: Edge) -> list[tuple[str, int]]:
        if edge.source in chosen:
            return origins[edge.source]
        return [(edge.source, edge.source_index)]

    for node in graph.nodes:  # every edge runs forward
        if node.id in chosen:
            found = (source for edge in arriving[node.id] for source in sources(edge))
            origins[node.id] = list(dict.fromkeys(found))
    bridged = (
        Edge(
            source=source,
            target=edge.target,
            source_index=index,
            target_index=edge.target_index,
            role=edge.role,
        )
        for edge in graph.edges
        if edge.target not in chosen
        for source, index in sources(edge)
    )
    return list(dict.fromkeys(bridged))
