"""Apart: what is written on nodes that would be called the same, and do not compute the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.outline.phrases import Phrase, phrase
from keras_diagram_core.text import clean

_KINDS = {
    "GaussianDropout": "gaussian",
    "AlphaDropout": "alpha",
    "MultiHeadAttention": "multi-head",
    "GroupedQueryAttention": "grouped query",
}
_DIMENSIONS = re.compile(r"\dD")


class Phrases:
    """What each node of a picture does: as it is usually said, and what tells it from others.

    Nodes whose words are equal, sizes included, are equal in all that `FACTS` lists.
    """

    def __init__(self, graph: ModelGraph, usual: Callable[[Node], Phrase] = phrase) -> None:
        """Compare all nodes of a picture; `usual` says what a node does."""
        self.graph = graph
        self._usual = usual
        self._apart = apart(graph.nodes, lambda node: usual(node).sized(size_of(node)))

    def of(self, node: Node) -> Phrase:
        """Return what is said of a node."""
        usual = self._usual(node)
        return usual._replace(more=(*usual.more, *self._apart.get(node.id, ())))

    def told(self, node: Node) -> str:
        """Return what tells a node from others alone, for one that a sign stands for."""
        return ", ".join(self._apart.get(node.id, ()))


def apart(nodes: Iterable[Node], words: Callable[[Node], str]) -> Mapping[str, tuple[str, ...]]:
    """Return what has to be added to the words of some nodes, by id: the facts that differ."""
    alike: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        alike[words(node)].append(node)
    found: dict[str, tuple[str, ...]] = {}
    for group in alike.values():
        said = [[fact(node) for fact in FACTS] for node in group] if len(group) > 1 else []
        columns = [column for column in zip(*said, strict=True) if len(set(column)) > 1]
        for node, told in zip(group, zip(*columns, strict=True), strict=False):
            found[node.id] = tuple(filter(None, told))
    return found


def size_of(node: Node) -> str:
    """Return the number of a node's filters or units, empty if it has none."""
    return str(node.config.get("filters", node.config.get("units", "")))


def _kind(node: Node) -> str:
    type_ = node.wrapped.type if node.wrapped else node.type
    dimensions = _DIMENSIONS.search(type_)
    return _KINDS.get(type_, dimensions[0] if dimensions else "")


def _strides(node: Node) -> str:
    strides = node.config.get("strides")
    if not isinstance(strides, tuple):
        return ""
    return f"stride {strides[0] if len(set(strides)) == 1 else '×'.join(map(str, strides))}"


def _padding(node: Node) -> str:
    """Return `same` or `valid`; a window of one value needs neither. Borders show in shapes."""
    padding = node.config.get("padding")
    window = node.config.get("kernel_size", node.config.get("pool_size"))
    is_point = isinstance(window, tuple) and set(window) == {1}
    return padding if isinstance(padding, str) and padding != "causal" and not is_point else ""


def _data_format(node: Node) -> str:
    return str(node.config.get("data_format", "")).replace("_", " ")


def _axis(node: Node) -> str:
    """Return over which axes a node works, counted from the first, the batch."""
    axis = node.config.get("axis")
    axes = axis if isinstance(axis, tuple) else (axis,)
    ranks = {len(shape) for shape in (*node.input_shapes, *node.output_shapes)}
    rank = ranks.pop() if len(ranks) == 1 else 0
    numbers = [_from_first(number, rank) for number in axes if isinstance(number, int)]
    return f"axis {', '.join(map(str, numbers))}" if numbers else ""


def _from_first(axis: int, rank: int) -> int:
    return axis + rank if -rank <= axis < 0 else axis


def _steps(node: Node) -> str:
    returned = node.config.get("return_sequences")
    if not isinstance(returned, bool):
        return ""
    return "all steps" if returned else "last step"


def _activation(node: Node) -> str:
    return "" if node.type == "Activation" else clean(str(node.config.get("activation", "")))


def _heads(node: Node) -> str:
    count = node.config.get("num_heads", node.config.get("num_query_heads"))
    return f"{count} heads" if isinstance(count, int) else ""


def _more(node: Node) -> str:
    """Return what the usual words of a node end with, where a view has words of its own."""
    return ", ".join(phrase(node).more)


FACTS: tuple[Callable[[Node], str], ...] = (
    _kind,
    _strides,
    _padding,
    _more,
    _axis,
    _data_format,
    _steps,
    _heads,
    _activation,
)
"""What tells nodes apart, in words; empty where a node has no such fact."""
