"""Units: a main operation and what belongs to it, in the order in which they run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile

from msgspec import Struct

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node

_HELPERS = frozenset({"norm", "activation", "dropout"})
_TAKES_WHAT_FOLLOWS = frozenset(
    {"conv", "dense", "attention", "recurrent", "merge", "pool", "embedding"}
)
_TAKES_WHAT_LEADS = frozenset({"conv", "dense", "attention", "recurrent"})


def units_in_graph(
    graph: ModelGraph, is_border: Callable[[Node, Node], bool]
) -> list[tuple[str, ...]]:
    """Return the units of a graph, in an order in which they can run.

    Nodes join along chains only, in which nothing else uses what flows, and never where there
    is a border between a node and the one before it.
    """
    sums_are_normed = _normalises_sums(graph)
    units = [
        unit
        for chain in _chains(graph, is_border)
        for unit in _cut(chain, sums_are_normed=sums_are_normed)
    ]
    place = {node.id: number for number, node in enumerate(graph.nodes)}
    return sorted(units, key=lambda unit: place[unit[-1]])


def is_helper(node: Node) -> bool:
    """Whether a node belongs to the operation before or after it."""
    return (family(node) in _HELPERS and node.type != "Normalization") or is_padding(node)


def main_of(nodes: Sequence[Node]) -> Node:
    """Return the main operation of a unit."""
    return next((node for node in nodes if not is_helper(node)), nodes[0])


def is_padding(node: Node) -> bool:
    """Whether a node adds zeros around a picture."""
    return node.type.startswith("ZeroPadding")


def _users(graph: ModelGraph) -> Mapping[str, list[str]]:
    users: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        users[edge.source].append(edge.target)
    for end in graph.outputs:
        users[end.node].append("")
    return users


def _normalises_sums(graph: ModelGraph) -> bool:
    """Whether most norms behind additions are all that uses them, as in BERT."""
    users = _users(graph)
    found: Counter[bool] = Counter()
    for node in graph.nodes:
        after = users[node.id]
        if node.type == "Add" and any(
            user and family(graph.by_id[user]) == "norm" for user in after
        ):
            found[len(after) == 1] += 1
    return found[True] > found[False]


def _chains(graph: ModelGraph, is_border: Callable[[Node, Node], bool]) -> Iterator[list[Node]]:
    """Yield nodes in chains: each alone takes what the one before it gives."""
    users = _users(graph)
    sources: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        sources[edge.target].append(edge.source)
    chains: dict[str, list[Node]] = {}
    for node in graph.nodes:
        before = set(sources[node.id])
        previous = graph.by_id[min(before)] if len(before) == 1 else None
        if (
            previous is not None
            and set(users[previous.id]) == {node.id}
            and "io" not in {family(previous), family(node)}
            and not is_border(previous, node)
        ):
            chains[node.id] = chains[previous.id]
            chains[node.id].append(node)
        else:
            chains[node.id] = [node]
    yield from {id(chain): chain for chain in chains.values()}.values()


def _cut(chain: Sequence[Node], *, sums_are_normed: bool) -> Iterator[tuple[str, ...]]:
    """Cut a chain into units.

    Norms or activations stand before the operations that they belong to where the chain
    begins with one, and does not end with one.
    """
    kinds = [family(node) if is_helper(node) else "" for node in chain]
    leading, trailing = (set(takewhile(bool, row)) for row in (kinds, reversed(kinds)))
    before = (leading - trailing) & {"norm", "activation"}
    style = _Style(frozenset(before), sums_are_normed)
    unit: list[Node] = []
    after_sum = False
    for node in chain:
        if unit and not _joins(unit, node, style, after_sum=after_sum):
            yield tuple(each.id for each in unit)
            after_sum = main_of(unit).type == "Add" or is_custom(main_of(unit))
            unit = []
        unit.append(node)
    yield tuple(each.id for each in unit)


class _Style(Struct, frozen=True):
    """Which kinds of helpers stand before what they belong to, and whether norms close sums."""

    before: frozenset[str]
    sums_are_normed: bool


def _joins(unit: Sequence[Node], node: Node, style: _Style, *, after_sum: bool) -> bool:
    """Whether a node continues a unit."""
    if all(is_helper(member) for member in unit):
        return _leads(unit, node, after_sum=after_sum)
    main, own = main_of(unit), family(node)
    if not is_helper(node) or is_padding(node) or is_custom(main):
        return False
    if own == "dropout":
        return True
    if own in style.before or family(main) not in _TAKES_WHAT_FOLLOWS:
        return False
    if main.type == "Add":
        return own == "activation" or style.sums_are_normed
    is_plain = family(main) not in {"merge", "pool"}
    return is_plain or (own == "activation" and main.type != "Concatenate")


def _leads(unit: Sequence[Node], node: Node, *, after_sum: bool) -> bool:
    """Whether helpers belong to the node after them; what normalises the last sum does not."""
    own = family(node)
    if own == "pool":
        return all(is_padding(member) for member in unit)
    if any(family(member) == "dropout" for member in unit):
        return is_helper(node) and not is_padding(node)
    closes = after_sum and own == "dense" and family(unit[0]) == "norm"
    return is_helper(node) or (own in _TAKES_WHAT_LEADS and not closes)


def is_custom(node: Node) -> bool:
    """Whether a node is a whole block of its author's, which takes no norm to itself."""
    is_known = node.module.startswith(("keras.layers", "keras.src", "keras.ops", "tf_keras"))
    return not is_known and family(node) != "embedding"
