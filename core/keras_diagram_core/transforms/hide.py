"""Hide: nodes that are not drawn, and edges that run past them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from msgspec.structs import replace

from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.graph import Edge, ModelGraph, Node, Note, PartialGraph
from keras_diagram_core.options import AllOptions

Labels = Callable[[Node], Iterable[str]]
"""Gives what a pattern may match, of one node."""


SPACER = "SpacingDummyLayer"
"""The class of layers of which a graph has nothing but the room before others."""


def shown(graph: ModelGraph, options: AllOptions) -> ModelGraph:
    """Hide what options ask for; with their class, spacers leave no room."""
    types = options.type_ignore
    if SPACER in types and any(node.room for node in graph.nodes):
        types = tuple(pattern for pattern in types if pattern != SPACER)
        graph = replace(graph, nodes=tuple(replace(node, room=0.0) for node in graph.nodes))
    return hide(
        graph,
        types=types,
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
    if graph.nodes and len(chosen) == len(graph.nodes):
        notes.append(Note(message="No layer is left to draw: all are hidden."))
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
    nodes, edges = taken_out(graph, chosen)
    return PartialGraph(
        name=graph.name,
        type=graph.type,
        keras_version=graph.keras_version,
        nodes=nodes,
        edges=edges,
        inputs=tuple(end for end in graph.inputs if end.node not in chosen),
        outputs=tuple(end for end in graph.outputs if end.node not in chosen),
        notes=(*graph.notes, *notes),
        model=graph,
    )


def taken_out(
    graph: ModelGraph, chosen: Collection[str]
) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Give the nodes that are not chosen, and edges that lead past those that are.

    Two edges that become the same are one. The room before a node that is taken out is left
    before those behind it.
    """
    edges = tuple(_bridged(graph, chosen))
    rooms = _rooms(graph, chosen)
    nodes = (
        replace(node, room=rooms[node.id]) if rooms.get(node.id) else node
        for node in graph.nodes
        if node.id not in chosen
    )
    return tuple(nodes), edges


def origins(graph: ModelGraph, chosen: Collection[str]) -> dict[str, list[tuple[str, int]]]:
    """Say for each chosen node which outputs of the others reach it past chosen ones only."""
    found: dict[str, list[tuple[str, int]]] = {id_: [] for id_ in chosen}
    arriving: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        arriving[edge.target].append(edge)
    for node in graph.nodes:  # every edge runs forward
        if node.id in chosen:
            sources = (each for edge in arriving[node.id] for each in _sources(edge, found))
            found[node.id] = list(dict.fromkeys(sources))
    return found


def _sources(edge: Edge, found: Mapping[str, list[tuple[str, int]]]) -> list[tuple[str, int]]:
    return found.get(edge.source, [(edge.source, edge.source_index)])


def _rooms(graph: ModelGraph, chosen: Collection[str]) -> dict[str, float]:
    """Sum up the rooms of chosen nodes that follow each other, and of what comes behind."""
    rooms: dict[str, float] = {}
    arriving: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.source in chosen:
            arriving[edge.target].append(edge)
    for node in graph.nodes:
        before = max((rooms[edge.source] for edge in arriving[node.id]), default=0.0)
        rooms[node.id] = node.room + before
    return rooms


def _bridged(graph: ModelGraph, chosen: Collection[str]) -> list[Edge]:
    found = origins(graph, chosen)
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
        for source, index in _sources(edge, found)
    )
    return list(dict.fromkeys(bridged))
