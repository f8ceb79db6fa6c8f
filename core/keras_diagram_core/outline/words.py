"""Words of units: what they do, and in what their repetitions differ."""

from __future__ import annotations

from collections.abc import Sequence

from keras_diagram_core.families import family
from keras_diagram_core.graph import Fact, Node
from keras_diagram_core.outline.outline import Values
from keras_diagram_core.outline.phrases import phrase

_SIZES = ("filters", "units")


def unit_words(variants: Sequence[Sequence[Node] | None]) -> tuple[str, dict[str, Values]]:
    """Return what a unit does, and in what its repetitions differ; None is an absent one."""
    present = [nodes for nodes in variants if nodes]
    fullest = max(present, key=len)
    words: list[str] = []
    varies: dict[str, Values] = {}
    optional: dict[str, Values] = {}
    for node in fullest:
        same = [_counterpart(node, nodes or ()) for nodes in variants]
        text, facts = _node_words(node, same)
        words += text
        varies |= facts
        if any(nodes and not twin for nodes, twin in zip(variants, same, strict=True)):
            optional[_node_words(node, [node])[0][0]] = tuple(bool(twin) for twin in same)
        optional |= differing("rate", [_fact(twin, "rate") for twin in same])
    return " + ".join(words), varies | optional


def _counterpart(node: Node, nodes: Sequence[Node]) -> Node | None:
    return next((each for each in nodes if each.type == node.type), None)


def _node_words(node: Node, same: Sequence[Node | None]) -> tuple[list[str], dict[str, Values]]:
    """Return the words of a node, without what its counterparts differ in, and that."""
    said = phrase(node)
    size = next((name for name in _SIZES if name in node.config), "")
    varies = differing("units" if size == "units" else "channels", [_fact(n, size) for n in same])
    steps = differing("stride", [_largest(_fact(n, "strides")) for n in same])
    rates = differing("dilation", [_largest(_fact(n, "dilation_rate")) for n in same])
    if steps:
        said = said._replace(stride="")
    if rates:
        said = said._replace(more=tuple(word for word in said.more if "dilation" not in word))
    number = "" if varies or not size else str(node.config[size])
    words = [said.sized(number)]
    activation = node.config.get("activation")
    is_plain = (
        node.module.startswith(("keras.layers", "keras.src")) and family(node) != "recurrent"
    )
    if is_plain and activation not in {None, "linear"} and node.type != "Activation":
        words.append(str(activation))
    return words, varies | steps | rates


def _fact(node: Node | None, name: str) -> Fact | None:
    return node.config.get(name) if node else None


def _largest(value: Fact | None) -> Fact | None:
    if isinstance(value, tuple):
        return max((each for each in value if isinstance(each, int)), default=None)
    return value


def differing(name: str, values: Sequence[Fact | None]) -> dict[str, Values]:
    """Return values by name, if those that there are differ."""
    known = {value for value in values if value is not None}
    return {name: tuple(values)} if len(known) > 1 else {}
