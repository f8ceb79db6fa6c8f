"""What goes into each node of a graph, and where it ends, in words for one line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from keras_diagram_core.graph import Edge, Endpoint, Fact, ModelGraph, Node
from keras_diagram_core.text import clean, shorten

_NAME = 30
_VALUE = 20
_OPERATIONS = "keras.ops"
_SHAPE = re.compile(r"(\d+|\?)(×(\d+|\?))*")


def short(name: str) -> str:
    """Cut a name in its middle, for both ends tell names apart."""
    return shorten(clean(name), _NAME)


def listed(words: Iterable[str], most: int) -> str:
    """Join words to at most `most` characters; of those left out, the number is told.

    The first word stands whatever its length.
    """
    words = list(words)
    text = ", ".join(words)
    count = len(words)
    while len(text) > most and count > 1:
        count -= 1
        text = f"{', '.join(words[:count])}, … {len(words) - count} more"
    return text


def local_id(node: Node) -> str:
    """Give a node's id without its scope."""
    return node.id.removeprefix(re.sub(r"\s+", "_", "/".join((*node.scope, ""))))


class Connections:
    """The connections of a graph, node by node."""

    def __init__(self, graph: ModelGraph) -> None:
        """Sort the graph's edges and endpoints by node."""
        self._graph = graph
        self._into: dict[str, list[Edge]] = defaultdict(list)
        for edge in sorted(graph.edges, key=lambda edge: edge.target_index):
            self._into[edge.target].append(edge)
        self._inputs = {end.node: end for end in graph.inputs}
        self._outputs: dict[str, list[Endpoint]] = defaultdict(list)
        for end in graph.outputs:
            self._outputs[end.node].append(end)
        self._used = {edge.source for edge in graph.edges} | self._outputs.keys()
        self._needed = self._lead_to_outputs()
        if not graph.outputs:  # the model was not read to its end
            self._used = self._needed = set(graph.by_id)

    def given(self, node: Node) -> Iterator[str]:
        """Say what a node takes: tensors, with what it calls them, and constants.

        Where a layer has several outputs, the number of the one that is taken stands behind
        its name, from 0. Of a model's input it is said what the model calls it, if that is
        not the node's name, and whether it may be left out.
        """
        if node.id in self._inputs:
            name = self._inputs[node.id].name
            yield from [f"input {short(name)}"] if name not in {"", node.name} else []
            yield from ["optional"] if node.config.get("optional") else []
        yield from self._tensors(node)
        if node.module == _OPERATIONS:
            yield from (_constant(name, fact) for name, fact in node.config.items())

    def ends(self, node: Node) -> Iterator[str]:
        """Say which of the model's outputs a node gives, or that it is there for nothing."""
        outputs = self._outputs.get(node.id, ())
        for end in outputs:
            name = short(end.name) if end.name not in {"", node.name} else ""
            place = _places(node, [end.index])
            yield " ".join(filter(None, (place and f"{place} as", "output", name)))
        if node.id not in self._used:
            yield "used by nothing"
        elif node.id not in self._needed:
            yield "needed by no output"

    def _tensors(self, node: Node) -> Iterator[str]:
        roles: dict[tuple[str, int], list[str]] = defaultdict(list)
        for edge in self._into[node.id]:
            roles[edge.source, edge.source_index].append(edge.role)
        alike: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
        for (id_, index), names in roles.items():
            alike[id_, tuple(names)].append(index)
        for (id_, told), indexes in alike.items():
            source = self._graph.by_id[id_]
            name = short(local_id(source) if source.scope == node.scope else id_)
            name += _places(source, indexes)
            if any(told):
                yield f"{name} ({', '.join(map(short, filter(None, told)))})"
            else:
                yield f"{len(told)} × {name}" if len(told) > 1 else name

    def _lead_to_outputs(self) -> set[str]:
        """Go back from the outputs."""
        found = set(self._outputs)
        for node in reversed(self._graph.nodes):  # edges run forward
            if node.id in found:
                found.update(edge.source for edge in self._into[node.id])
        return found


def _places(node: Node, indexes: Sequence[int]) -> str:
    return f"[{', '.join(map(str, indexes))}]" if len(node.output_shapes) > 1 else ""


def _constant(name: str, fact: Fact) -> str:
    """Write a number or word as it is; of an array, the graph has the shape alone."""
    if isinstance(fact, str) and _SHAPE.fullmatch(fact):
        return f"{name} of {fact}"
    parts = [str(part) for part in fact] if isinstance(fact, tuple) else [str(fact)]
    text = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    return f"{name}={shorten(clean(text), _VALUE)}"
