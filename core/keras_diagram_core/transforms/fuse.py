"""Fuse: a main operation with its normalisation, activation, padding and dropout, as one unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from keras_diagram_core.families import family
from keras_diagram_core.graph import Edge, ModelGraph

_FOLLOWS = frozenset({"norm", "activation", "dropout"})
_ALIKE: Mapping[str, Hashable] = {}
_LEADS = frozenset({"conv", "dense", "attention", "recurrent"})


class Unit(Struct, frozen=True):
    """Nodes that are drawn as one box, in the order of the data's flow; `main` names it."""

    main: str
    nodes: tuple[str, ...]


class UnitGraph(Struct, frozen=True):
    """Units in an order in which they can run, and the model's edges between them.

    An edge inside a unit is in `inner`. `apart` tells nodes apart, by id, that are alike in all
    that the model says of them.
    """

    units: tuple[Unit, ...]
    edges: tuple[tuple[int, int, Edge], ...]
    inner: tuple[Edge, ...]
    apart: Mapping[str, Hashable] = {}


def fuse(
    graph: ModelGraph,
    order: Sequence[str],
    *,
    fusing: bool = True,
    by_scope: bool = False,
    apart: Mapping[str, Hashable] = _ALIKE,
) -> UnitGraph:
    """Join what belongs together, along chains only.

    A normalisation, activation or dropout joins the operation before it when nothing else
    uses that operation's output; where it cannot, it and any padding join the operation after
    it when they are all that this one takes (networks that normalise first). What normalises a
    sum that nothing else uses closes the block before it, and leads no dense layer. `by_scope`
    keeps apart what is in different scopes. `apart` goes along for `fold`.
    """
    before, after = _neighbours(graph)
    chain: dict[str, list[str]] = {}
    head: dict[str, str] = {}
    closing = {id_ for id_ in order if _closes(graph, id_, before, after)}
    for id_ in order:
        source = before[id_][0] if len(before[id_]) == 1 else None
        alone = source is not None and len(after[source]) == 1
        if by_scope and source is not None:
            alone = alone and graph.by_id[source].scope == graph.by_id[id_].scope
        if fusing and source and alone and _joins(graph, chain[head[source]], id_, closing):
            head[id_] = head[source]
            chain[head[id_]].append(id_)
        else:
            head[id_] = id_
            chain[id_] = [id_]
    return replace(_unit_graph(graph, list(chain.values()), head), apart=apart)


def part_of(units: UnitGraph, members: Sequence[int]) -> UnitGraph:
    """Take some units, and the edges between them, as a graph of its own."""
    place = {unit: number for number, unit in enumerate(members)}
    nodes = {id_ for unit in members for id_ in units.units[unit].nodes}
    edges = ((place[s], place[t], edge) for s, t, edge in units.edges if {s, t} <= place.keys())
    return replace(
        units,
        units=tuple(units.units[unit] for unit in members),
        edges=tuple(edges),
        inner=tuple(edge for edge in units.inner if edge.source in nodes),
    )


def inputs_of(units: UnitGraph) -> dict[int, list[int]]:
    """Give the units that each unit uses, in the order of its inputs, each edge once."""
    inputs: dict[int, list[int]] = {}
    for source, target, _ in sorted(units.edges, key=lambda edge: (edge[1], edge[2].target_index)):
        inputs.setdefault(target, []).append(source)
    return inputs


def _neighbours(graph: ModelGraph) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        before[edge.target].append(edge.source)
        after[edge.source].append(edge.target)
    for endpoint in graph.outputs:
        after[endpoint.node].append("")
    return before, after


def _joins(graph: ModelGraph, chain: Sequence[str], id_: str, closing: Container[str]) -> bool:
    """Say whether a node continues the unit that its only source ends.

    What is in `closing` leads no dense layer.
    """
    families = {family(graph.by_id[member]) for member in chain}
    own = family(graph.by_id[id_])
    if "io" in families or own == "io":
        return False
    if all(_is_minor(graph, member) for member in chain):
        closes = own == "dense" and chain[0] in closing
        return _is_minor(graph, id_) or (own in _LEADS and not closes)
    # A normalisation after a merge or pooling belongs to what comes after it, and so does an
    # activation after a concatenation.
    joined = graph.by_id[chain[-1]].type == "Concatenate" and own == "activation"
    leads = joined or (own == "norm" and families & {"merge", "pool"})
    return own in _FOLLOWS and not leads


def _closes(
    graph: ModelGraph,
    id_: str,
    before: Mapping[str, Sequence[str]],
    after: Mapping[str, Sequence[str]],
) -> bool:
    """Say whether a node normalises a sum that nothing else uses."""
    if family(graph.by_id[id_]) != "norm":
        return False
    return any(graph.by_id[s].type == "Add" and len(after[s]) == 1 for s in before[id_])


def _is_minor(graph: ModelGraph, id_: str) -> bool:
    node = graph.by_id[id_]
    return family(node) in _FOLLOWS or node.type.startswith("ZeroPadding")


def _unit_graph(
    graph: ModelGraph, chains: Sequence[list[str]], head: Mapping[str, str]
) -> UnitGraph:
    index = {chain[0]: number for number, chain in enumerate(chains)}
    units = tuple(
        Unit(
            main=next((id_ for id_ in chain if not _is_minor(graph, id_)), chain[0]),
            nodes=tuple(chain),
        )
        for chain in chains
    )
    edges, inner = [], []
    for edge in graph.edges:
        source, target = index[head[edge.source]], index[head[edge.target]]
        if source == target:
            inner.append(edge)
        else:
            edges.append((source, target, edge))
    return UnitGraph(units, tuple(edges), tuple(inner))
