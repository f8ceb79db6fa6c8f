"""What one sample costs where a tensor has not exactly one row for each sample.

`multiply_accumulates` counts one row: what is computed for one place on the first axis. That is
a sample, unless a reshape has merged another axis into the batch (windows, frames), or
there is no batch, as in what is made of constants alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from keras_diagram_core.formulas import product
from keras_diagram_core.graph import Edge, Node, Shape, batch_of

_RESHAPING = frozenset({"Reshape", "Rearrange"})


def for_one_sample(nodes: Sequence[Node], edges: Iterable[Edge]) -> Iterator[Node]:
    """Multiply the MACs of one row by the rows of one sample.

    Args:
        nodes: in an order in which they can run, each with the MACs of one row.
        edges: the edges between them.

    Yields:
        The nodes; their MACs are None where the rows are not known.
    """
    sources: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        sources[edge.target].append(edge.source)
    inputs = [node for node in nodes if node.type == "InputLayer"]
    batch = batch_of(inputs)
    # How many rows a sample has on an axis of unknown size; of what depends on an input.
    rows: dict[str, Fraction | None] = {node.id: Fraction(1) for node in inputs}
    for node in nodes:
        given = [rows[source] for source in sources.get(node.id, ()) if source in rows]
        if given:
            rows[node.id] = _after(node, given)
        yield _counted(node, rows.get(node.id), (batch or 1) if node.id in rows else 1)


def _after(node: Node, given: Sequence[Fraction | None]) -> Fraction | None:
    """Give the rows of what a node makes of tensors with these rows."""
    known = [each for each in given if each is not None]
    if len(known) < len(given):
        return None
    if node.type == "Concatenate" and node.config.get("axis") == 0:
        return sum(known, Fraction(0))
    if len(set(known)) > 1:
        return None
    if node.type not in _RESHAPING or not node.input_shapes or not node.output_shapes:
        return known[0]
    return _reshaped(known[0], node.input_shapes[0], node.output_shapes[0])


def _reshaped(rows: Fraction, before: Shape, after: Shape) -> Fraction | None:
    """Keep the number of values of a sample: what is not on the known axes is in rows."""
    sizes = [product(size for size in shape if size is not None) for shape in (before, after)]
    unknown = before.count(None), after.count(None)
    if unknown[0] != unknown[1]:
        return None
    if sizes[0] == sizes[1]:
        return rows
    return rows * Fraction(*sizes) if unknown == (1, 1) and all(sizes) else None


def _counted(node: Node, rows: Fraction | None, batch: int) -> Node:
    """Multiply by the rows: a known first axis has its size, divided among the samples."""
    if not node.macs or not node.input_shapes or not node.output_shapes:
        return node
    before, after = (shapes[0][:1] for shapes in (node.input_shapes, node.output_shapes))
    if (None in before) != (None in after):
        return replace(node, macs=None)
    count = Fraction(after[0], batch) if after and after[0] is not None else rows
    whole = count is not None and (node.macs * count).denominator == 1
    return replace(node, macs=int(node.macs * count) if count is not None and whole else None)
