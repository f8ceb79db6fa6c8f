"""A graph as a table for terminals: one line per node, totals and notes below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from keras_diagram_core.connections import Connections, listed, local_id, short
from keras_diagram_core.describe import class_name, count_text, shape_text, total_macs
from keras_diagram_core.graph import Endpoint, ModelGraph, Node
from keras_diagram_core.text import clean

_COLUMNS = ("node", "type", "output", "dtype", "parameters", "MACs", "from")
_NUMBERS = frozenset({4, 5})
_INDENT = "  "
_MOST = 64
_MOST_SHAPES = 28


def table(graph: ModelGraph) -> str:
    """Set a graph as a table.

    Nodes are indented below the nested models and composite layers that they stand in. Of a
    shared layer, the parameters are listed with the first call. The last column tells what a
    node takes and, behind an arrow, which output of the model it gives. Long names are cut in
    their middle, and long lists at their end.
    """
    rows = list(_rows(graph))
    lines = _aligned([_COLUMNS, *rows])
    lines.insert(1, "-" * max(len(line) for line in lines))
    parts = [*lines, "", *_totals(graph)]
    if graph.notes:
        parts += ["", *_notes(graph)]
    return "\n".join(parts)


def _rows(graph: ModelGraph) -> Iterator[tuple[str, ...]]:
    connections = Connections(graph)
    calls: Counter[str] = Counter()
    scope: tuple[str, ...] = ()
    for node in graph.nodes:
        yield from _headings(scope, node.scope)
        scope = node.scope
        calls[node.layer] += 1
        yield (
            _INDENT * len(node.scope) + short(local_id(node)),
            _type(graph, node, calls[node.layer]),
            listed(map(shape_text, map(graph.without_batch, node.output_shapes)), _MOST_SHAPES),
            listed(dict.fromkeys(node.output_dtypes), _MOST_SHAPES) or node.dtype,
            f"{node.params:,}" if calls[node.layer] == 1 else "as above",
            "?" if node.macs is None else f"{node.macs:,}",
            _flow(connections, node),
        )


def _flow(connections: Connections, node: Node) -> str:
    ends = listed(connections.ends(node), _MOST)
    return f"{listed(connections.given(node), _MOST)}{f' → {ends}' if ends else ''}".strip()


def _headings(before: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Name the scopes that a node enters, each in a line of its own."""
    common = 0
    while common < min(len(before), len(now)) and before[common] == now[common]:
        common += 1
    for depth in range(common, len(now)):
        yield (f"{_INDENT * depth}{short(now[depth])}/", *[""] * (len(_COLUMNS) - 1))


def _type(graph: ModelGraph, node: Node, call: int) -> str:
    name = short(class_name(node))
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
    yield f"{short(graph.name)}: {sizes}"
    yield from _names("inputs", graph.inputs)
    yield from _names("outputs", graph.outputs)
    fixed = graph.params - graph.trainable_params
    shares = f"{graph.trainable_params:,} trainable, {fixed:,} not"
    yield f"parameters  {_exact(graph.params)}: {shares}"
    unknown = [node.type for node in graph.nodes if node.macs is None]
    least = "" if total_macs(graph) is not None else "at least "
    if graph.macs is None or (least and not graph.macs):
        yield "MACs        not known"
        return
    yield f"MACs        {least}{_exact(graph.macs)}, for one sample"
    yield f"FLOPs       {least}{_exact(2 * graph.macs)}, two for each MAC"
    if unknown:
        yield f"            (not known of {listed(_counted(unknown), _MOST)})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _exact(count: int) -> str:
    """Write a number in full, and the short way if that is another."""
    full, short = f"{count:,}", count_text(count)
    return full if full == short else f"{full} ({short})"


def _counted(types: Iterable[str]) -> Iterator[str]:
    for type_, count in Counter(types).items():
        yield f"{count} × {short(type_)}" if count > 1 else short(type_)


def _names(title: str, ends: Sequence[Endpoint]) -> Iterator[str]:
    """Name several inputs or outputs in the order that the model has them."""
    if len(ends) > 1:
        yield f"{title:<12}{listed((short(end.name) for end in ends), _MOST)}"


def _notes(graph: ModelGraph) -> Iterator[str]:
    for note in graph.notes:
        yield f"note: {clean(note.message)}" + (f" ({note.node})" if note.node else "")
