"""What is inside of closed layers, one level deep, once for all that are alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.graph import INSIDE, Edge, Endpoint, Inside, Node
from keras_diagram_core.request import canonical_json, digest
from keras_diagram_core.worker.nodes import Flow, Nodes

_DIGITS = 8
_CONSTANT = "One of its outputs is made of constants alone."


class Ends(NamedTuple):
    """Where the tensors come from that a closed layer takes, and those that it gives."""

    given: list[Flow]
    made: list[Flow | None]


class _Found(NamedTuple):
    of: list[str]
    inside: Inside | None


class Closed:
    """The insides of closed layers, by what tells these apart."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._found: dict[Hashable, _Found] = {}

    def is_known(self, node: Node) -> bool:
        """Whether one like this node was looked at; then this one is noted down, too."""
        found = self._found.get(_kind(node))
        if found is not None:
            found.of.append(node.id)
        return found is not None

    def add(self, node: Node, nodes: Nodes, ends: Ends, reason: str) -> None:
        """Take what is inside a node.

        Args:
            node: the closed layer.
            nodes: what is inside.
            ends: its inputs and outputs.
            reason: why it cannot be shown.
        """
        key = digest(canonical_json(_kind(node)))[:_DIGITS]
        if not reason and ends.made and not all(flow and flow.node for flow in ends.made):
            reason = _CONSTANT
        inside = None
        if reason:
            inside = Inside(key=key, of=(), reason=reason)
        elif ends.made:
            inside = Inside(
                key=key,
                of=(),
                nodes=tuple(_named(nodes.finish(), key)),
                edges=tuple(_joined(nodes.edges, key)),
                inputs=tuple(_endpoints(ends.given, key)),
                outputs=tuple(_endpoints(ends.made, key)),
            )
        self._found[_kind(node)] = _Found([node.id], inside)

    def insides(self) -> Iterator[Inside]:
        """Yield what was found, in the order of the nodes."""
        for found in self._found.values():
            if found.inside is not None:
                yield replace(found.inside, of=tuple(found.of))


def _kind(node: Node) -> Hashable:
    return node.signature, node.input_shapes


def _id(key: str, id_: str) -> str:
    return f"{INSIDE}:{key}/{id_}"


def _named(nodes: Iterable[Node], key: str) -> Iterator[Node]:
    for node in nodes:
        yield replace(node, id=_id(key, node.id), layer=_id(key, node.layer))


def _joined(edges: Iterable[Edge], key: str) -> Iterator[Edge]:
    for edge in edges:
        yield replace(edge, source=_id(key, edge.source), target=_id(key, edge.target))


def _endpoints(flows: Iterable[Flow | None], key: str) -> Iterator[Endpoint]:
    for flow in flows:
        if flow is not None and flow.node:
            node = _id(key, flow.node)
            yield Endpoint(node=node, index=flow.output)
