"""Stages: which nodes are in the groups that a document asks for, and how these are painted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.graph import ModelGraph, Node, Note
from keras_diagram_core.layout.layered.runs import TITLE_SIZE, line
from keras_diagram_core.layout.looks import ink_on, paint_of
from keras_diagram_core.options import Stage
from keras_diagram_core.scene import Paint
from keras_diagram_core.theme import PAGE_PAINTS, mix


class Stages:
    """The groups of one picture.

    Attributes:
        of: the number of the group that each node is in; a node is in the first that has it.
        titles: what the groups are called, measured.
        paints: the colours of their backgrounds, and of words on those.
        notes: what matches nothing.
    """

    def __init__(self, graph: ModelGraph, stages: Sequence[Stage]) -> None:
        """Find the nodes of each group."""
        self.of: dict[str, int] = {}
        self.notes: list[Note] = []
        self._filled = {number for number, stage in enumerate(stages) if stage.fill}
        for number, stage in enumerate(stages):
            for pattern in stage.layers:
                self._put(number, pattern, graph)
            found, notes = nodes_at(graph, stage.indices, "layered-groups")
            self.notes += notes
            for id_ in found:
                self.of.setdefault(id_, number)
        self.titles = [
            line(stage.name, TITLE_SIZE, bold=True, fill=f"stage-{number + 1}-ink")
            for number, stage in enumerate(stages)
        ]
        self.paints = dict(_paints(stages))

    def ink(self, nodes: Iterable[str]) -> str:
        """Name the colour of words on the background behind some nodes; empty if it is usual."""
        found = next((self.of[id_] for id_ in nodes if id_ in self.of), None)
        return "" if found not in self._filled else f"stage-{found + 1}-ink"

    def _put(self, number: int, pattern: str, graph: ModelGraph) -> None:
        matches = [
            node.id
            for node in graph.nodes
            if any(fnmatchcase(label, pattern) for label in _labels(node))
        ]
        for id_ in matches:
            self.of.setdefault(id_, number)
        if not matches:
            hint = did_you_mean(
                pattern, {label for node in graph.nodes for label in _labels(node)}
            )
            message = f"layered-groups: nothing matches '{pattern}'. {hint}".strip()
            self.notes.append(Note(message=message))


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


def _paints(stages: Sequence[Stage]) -> Iterator[tuple[str, Paint]]:
    for number, stage in enumerate(stages, 1):
        fill = paint_of(stage.fill) if stage.fill else PAGE_PAINTS["group"]
        border = PAGE_PAINTS["group-line"]
        if stage.outline:
            border = paint_of(stage.outline)
        elif stage.fill:
            border = Paint(mix(fill.light, "#000000", 0.25), mix(fill.dark, "#ffffff", 0.25))
        ink = Paint(ink_on(fill.light), ink_on(fill.dark)) if stage.fill else PAGE_PAINTS["ink"]
        yield f"stage-{number}-fill", fill
        yield f"stage-{number}-line", border
        yield f"stage-{number}-ink", ink
