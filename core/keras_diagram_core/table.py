"""A graph as a table for terminals: one line per node, totals and notes below."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from keras_diagram_core.describe import count_text, shape_text, total_macs
from keras_diagram_core.graph import Edge, ModelGraph, Node
from keras_diagram_core.text import clean

_COLUMNS = ("node", "type", "output", "dtype", "parameters", "MACs", "from")
_NUMBERS = frozenset({4, 5})
_INDENT = "  "


def table(graph: ModelGraph) -> str:
    """Set a graph as a table.

    Nodes are indented below the nested models and composite layers that they stand in. Of a
    shared layer, the parameters are listed with the first call.
    """
    rows = list(_rows(graph))
    lines = _aligned([_COLUMNS, *rows])
    lines.insert(1, "-" * max(len(line) for line in lines))
    parts = [*lines, "", *_totals(graph)]
    if graph.notes:
        parts += ["", *_notes(graph)]
    return "\n".join(parts)


def _rows(graph: ModelGraph) -> Iterator[tuple[str, ...]]:
    incoming: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        incoming[edge.target].append(edge)
    calls: Counter[str] = Counter()
    scope: tuple[str, ...] = ()
    for node in graph.nodes:
        yield from _headings(scope, node.scope)
        scope = node.scope
        calls[node.layer] += 1
        yield (
            _INDENT * len(node.scope) + _local(node),
            _type(graph, node, calls[node.layer]),
            ", ".join(shape_text(shape) for shape in node.output_shapes),
            ", ".join(dict.fromkeys(node.output_dtypes)) or node.dtype,
            f"{node.params:,}" if calls[node.layer] == 1 else "as above",
            "?" if node.macs is None else f"{node.macs:,}",
            ", ".join(_origins(graph, node, incoming[node.id])),
        )


def _headings(before: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Name the scopes that a node enters, each in a line of its own."""
    common = 0
    while common < min(len(before), len(now)) and before[common] == now[common]:
        common += 1
    for depth in range(common, len(now)):
        yield (f"{_INDENT * depth}{now[depth]}/", *[""] * (len(_COLUMNS) - 1))


def _origins(graph: ModelGraph, node: Node, edges: Iterable[Edge]) -> Iterator[str]:
    """Name the nodes that a node takes tensors from, and what it calls these tensors."""
    roles: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        roles[edge.source].append(edge.role)
    for id_, names in roles.items():
        source = graph.by_id[id_]
        name = _local(source) if source.scope == node.scope else id_
        if any(names):
            yield f"{name} ({', '.join(filter(None, names))})"
        else:
            yield f"{len(names)} × {name}" if len(names) > 1 else name


def _local(node: Node) -> str:
    """Give a node's id without its scope."""
    return node.id.removeprefix(re.sub(r"\s+", "_", "/".join((*node.scope, ""))))


def _type(graph: ModelGraph, node: Node, call: int) -> str:
    name = node.type
    if "wraps" in node.config:
        name += f"({node.config['wraps']})"
    return f"{name} (shared, call {call})" if node.layer in graph.shared_layers else name


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    last = len(_COLUMNS) - 1
    widths = [max(len(row[column]) for row in rows) for column in range(last)]
    return [
        "  ".join(
            cell.rjust(width) if column in _NUMBERS else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, [*widths, 0], strict=True))
        ).rstrip()
        for row in rows
    ]


def _totals(graph: ModelGraph) -> Iterator[str]:
    sizes = f"{_count(len(graph.nodes), 'node')}, {_count(len(graph.edges), 'edge')}"
    yield f"{graph.name}: {sizes}"
    fixed = graph.params - graph.trainable_params
    shares = f"{graph.trainable_params:,} trainable, {fixed:,} not"
    yield f"parameters  {_exact(graph.params)}: {shares}"
    unknown = [node.type for node in graph.nodes if node.macs is None]
    if graph.macs is None:
        yield "MACs        not known"
        return
    least = "" if total_macs(graph) is not None else "at least "
    yield f"MACs        {least}{_exact(graph.macs)}, for one sample"
    yield f"FLOPs       {least}{_exact(2 * graph.macs)}, two for each MAC"
    if unknown:
        yield f"            (not known of {_listing(unknown)})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _exact(count: int) -> str:
    """Write a number in full, and the short way if that is another."""
    full, short = f"{count:,}", count_text(count)
    return full if full == short else f"{full} ({short})"


def _listing(types: Iterable[str]) -> str:
    return ", ".join(
        f"{count} × {type_}" if count > 1 else type_ for type_, count in Counter(types).items()
    )


def _notes(graph: ModelGraph) -> Iterator[str]:
    for note in graph.notes:
        yield f"note: {clean(note.message)}" + (f" ({note.node})" if note.node else "")
