"""Equal: which nodes compute the same, and what differs between nodes that are drawn as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Sequence

from keras_diagram_core.graph import Fact, ModelGraph, Node

SIZES = frozenset({"filters", "units"})
"""The settings whose ranges stand with the shapes, or in the words, of what is folded."""

_GROWING = SIZES | {"rate", "key_dim", "num_heads"}
_KNOWN = ("keras.layers", "tf_keras.src.layers.")
VARYING: dict[str, frozenset[str]] = {
    # Rates of dropout often grow from block to block.
    "equal": frozenset({"rate"}),
    "scaled": _GROWING,
    # Borders make up for sizes that cannot be halved.
    "alike": _GROWING | {"padding"},
}
"""The settings in which repetitions may differ, by likeness; what differs is written."""


class Equality:
    """Tells the nodes of one graph apart.

    Nodes with different signatures are different. Only the settings of Keras' own layers are
    known so well that they are enough: that the weights of two of them have different shapes
    says no more than that their inputs have.
    """

    def __init__(self, graph: ModelGraph) -> None:
        """Find layers of Keras that differ in more than their settings and shapes say."""
        found: dict[Hashable, set[str]] = defaultdict(set)
        for node in graph.nodes:
            found[_seen(node)].add(node.signature)
        self._ambiguous = {seen for seen, signatures in found.items() if len(signatures) > 1}

    def key(self, node: Node, varying: Container[str]) -> Hashable:
        """Return what is equal for nodes that are equal but for these settings."""
        settings = _settings(node, varying)
        if _is_known(node) and _seen(node) not in self._ambiguous:
            return node.module, node.type, settings
        if node.signature:
            return node.module, node.type, node.signature
        # Without a signature, the weights tell layers apart whose settings nobody knows.
        return node.module, node.type, settings, 0 if _is_known(node) else node.params


def differences(repeats: Iterable[Sequence[Node]]) -> dict[str, list[Fact]]:
    """Return the settings in which nodes differ that are drawn as one, with all their values.

    Args:
        repeats: the nodes of each repetition; those at the same place are drawn as one.
    """
    found: dict[str, list[Fact]] = {}
    for alike in zip(*repeats, strict=True):
        for name in dict.fromkeys(name for node in alike for name in node.config):
            values = [node.config[name] for node in alike if name in node.config]
            if len(set(values)) > 1:
                found.setdefault(name, []).extend(values)
    return found


def _is_known(node: Node) -> bool:
    """Whether the settings of a node say all that it computes but for the shapes of its inputs.

    Those of a wrapper do not, nor those of a layer that may hold any function.
    """
    if "wraps" in node.config or not node.module.startswith(_KNOWN):
        return False
    return bool(node.params) or "rate" in node.config or not node.signature


def _seen(node: Node) -> Hashable:
    return node.module, node.type, _settings(node, ()), node.input_shapes


def _settings(node: Node, varying: Container[str]) -> Hashable:
    return tuple(sorted((name, fact) for name, fact in node.config.items() if name not in varying))
