"""Members: the nodes that a document names, by patterns and by places."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.graph import ModelGraph, Node, Note
from keras_diagram_core.options import Logo, Stage


def members(graph: ModelGraph, group: Stage | Logo, option: str) -> tuple[list[str], list[Note]]:
    """Give the nodes that a group names, and notes of what matches nothing."""
    found, notes = [], []
    for pattern in group.layers:
        matches = [
            node.id
            for node in graph.nodes
            if any(fnmatchcase(label, pattern) for label in _labels(node))
        ]
        found += matches
        if not matches:
            hint = did_you_mean(
                pattern, {label for node in graph.nodes for label in _labels(node)}
            )
            message = f"{option}: nothing matches '{pattern}'. {hint}".strip()
            notes.append(Note(message=message))
    placed, missing = nodes_at(graph, group.indices, option)
    return [*found, *placed], [*notes, *missing]


def nodes_at(graph: ModelGraph, places: Iterable[int], option: str) -> tuple[set[str], list[Note]]:
    """Give the nodes at some places of the model, and notes of places that there are not."""
    nodes = graph.model.nodes
    found, notes = set(), []
    for place in places:
        if -len(nodes) <= place < len(nodes):
            found.add(nodes[place].id)
        else:
            message = f"{option}: there is no layer {place} among {len(nodes)}."
            notes.append(Note(message=message))
    return found, notes


def _labels(node: Node) -> tuple[str, ...]:
    return node.name, "/".join((*node.scope, node.name)), node.type
