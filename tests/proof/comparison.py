"""Compare the edges of a ModelGraph with what a witness saw."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

import keras
from msgspec.structs import replace
from witness import Source, Witness, kind_of, without_number

from keras_diagram_core.graph import ModelGraph, Node

_End = tuple[str, int]


def differences(
    graph: ModelGraph, operations: Mapping[str, Any], witness: Witness
) -> Iterator[str]:
    """Give what is not the same: calls, what flows into each of them, and outputs.

    There is none if each call that matters has a node of its own, of the same layer, so that all
    edges are those that the witness saw. Calls of one layer find their nodes by what flows into
    them, in the order in which they ran.

    Args:
        graph: of the model that ran.
        operations: the layer or operation of each node, by id.
        witness: who saw it run.
    """
    drawn, seen = _nodes(graph, operations, witness), _calls(operations, witness)
    needed = _needed(witness)
    for key in drawn.keys() | seen.keys():
        least = len(needed.intersection(seen[key]))
        if not least <= len(drawn[key]) <= len(seen[key]):
            calls = [_name(witness, number) for number in seen[key]]
            yield f"drawn are {drawn[key]}, calls are {calls} ({key})"
            return
    into, numbers = _inputs(graph), {}
    starts = [(end.node, end.index) for end in graph.inputs]

    def source(end: _End) -> Source | None:
        if end in starts:
            return Source(-1, starts.index(end))
        return Source(numbers[end[0]], end[1]) if end[0] in numbers else None

    for number, key in sorted((number, key) for key, calls in seen.items() for number in calls):
        taken = list(witness.calls[number].inputs)
        fitting = [node for node in drawn[key] if list(map(source, into[node])) == taken]
        later = [each for each in seen[key] if each > number]
        if number not in needed:
            spare = len(drawn[key]) > len(needed.intersection(later))
            if not spare or (not fitting and len(later) >= len(drawn[key])):
                continue
        node = (fitting or drawn[key])[0]
        drawn[key].remove(node)
        numbers[node] = number
        if not fitting:
            yield f"{node}: takes {_told(taken, numbers)}, drawn are {into[node]}"
    ends = [(end.node, end.index) for end in graph.outputs]
    known = [end for end in witness.outputs if end is not None]
    if list(map(source, ends)) != known:
        yield f"outputs: {_told(known, numbers)}, drawn are {ends}"


def mutants(graph: ModelGraph, count: int, seed: int) -> Iterator[ModelGraph]:
    """Give graphs that differ in one (source, output index) at one input of one node."""
    chance = random.Random(seed)
    position = {node.id: place for place, node in enumerate(graph.nodes)}
    for _ in range(count if graph.edges else 0):
        place = chance.randrange(len(graph.edges))
        edge = graph.edges[place]
        ends = [
            (node.id, index)
            for node in graph.nodes[: position[edge.target]]
            for index in range(max(len(node.output_shapes), 2))
            if (node.id, index) != (edge.source, edge.source_index)
        ]
        source, index = chance.choice(ends)
        wrong = replace(edge, source=source, source_index=index)
        yield replace(graph, edges=(*graph.edges[:place], wrong, *graph.edges[place + 1 :]))


def _told(sources: Iterable[Source], numbers: Mapping[str, int]) -> list[tuple[str | int, int]]:
    nodes = {number: node for node, number in numbers.items()}
    return [(nodes.get(each.call, each.call), each.index) for each in sources]


def _inputs(graph: ModelGraph) -> Mapping[str, list[_End]]:
    """Give the outputs that flow into each node, in their order."""
    found: dict[str, list[_End]] = defaultdict(list)
    for edge in sorted(graph.edges, key=lambda edge: edge.target_index):
        if edge.target_index != len(found[edge.target]):
            raise AssertionError(f"{edge} is not in order")
        found[edge.target].append((edge.source, edge.source_index))
    return found


def _nodes(
    graph: ModelGraph, operations: Mapping[str, Any], witness: Witness
) -> dict[Hashable, list[str]]:
    """Give the nodes of each operation."""
    inputs = {end.node for end in graph.inputs}
    ran = {id(call.operation) for call in witness.calls}
    found: dict[Hashable, list[str]] = defaultdict(list)
    for node in graph.nodes:
        if node.id not in inputs:
            found[_key(operations[node.id], _scope(node), ran)].append(node.id)
    return found


def _calls(operations: Mapping[str, Any], witness: Witness) -> dict[Hashable, list[int]]:
    """Give the calls of each operation."""
    known = {id(operation) for operation in operations.values()}
    found: dict[Hashable, list[int]] = defaultdict(list)
    for number, call in enumerate(witness.calls):
        found[_key(call.operation, call.scope, known)].append(number)
    return found


def _key(operation: Any, scope: tuple[str, ...], known: set[int]) -> Hashable:
    """Tell operations apart; those that a `call` makes anew by their kind, and where it is."""
    if id(operation) in known:
        return id(operation)
    if isinstance(operation, keras.Layer):
        return scope, *kind_of(operation)
    return scope, type(operation).__name__


def _scope(node: Node) -> tuple[str, ...]:
    return tuple(map(without_number, node.scope))


def _name(witness: Witness, number: int) -> str:
    call = witness.calls[number]
    return "/".join((*call.scope, f"{call.operation.name} ({type(call.operation).__name__})"))


def _needed(witness: Witness) -> set[int]:
    """Find the calls that lead to an output."""
    todo = [source.call for source in witness.outputs if source is not None]
    found = set(todo)
    while todo:
        number = todo.pop()
        if number < 0:
            continue
        fresh = {source.call for source in witness.calls[number].inputs} - found
        found |= fresh
        todo += fresh
    return found
