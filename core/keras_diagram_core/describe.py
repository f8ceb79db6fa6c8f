"""A model in words: the sentence that stands for the picture where it cannot be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from keras_diagram_core.graph import ModelGraph, Node, PartialGraph, Shape

_MOST_KINDS = 4


def shape_text(shape: Shape, *others: Shape) -> str:
    """Write a shape of one sample, like `224×224×3`, or several, like `7×7×64–96`.

    `?` is unknown. Others with more or fewer dimensions are left out.
    """
    alike = [shape, *(other for other in others if len(other) == len(shape))]
    sizes = [range_text(sizes) for sizes in zip(*alike, strict=True)]
    return "×".join(sizes) if sizes else "scalar"


def range_text(sizes: Sequence[int | None]) -> str:
    """Write one size of several shapes: a number, a range where they differ, or `?`."""
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return "?"
    least, most = min(known), max(known)
    return str(most) if least == most else f"{least}–{most}"


def count_text(count: int) -> str:
    """Write a large number the short way, like `138.4 million`; of any size, like `1.4e+20`."""
    if count >= 10**15:
        return f"{Decimal(count):.1e}"
    for factor, unit in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count:,}"


def class_name(node: Node) -> str:
    """Give the class of a node's layer, and of the layer that it wraps: `Bidirectional(LSTM)`."""
    return f"{node.type}({node.config['wraps']})" if "wraps" in node.config else node.type


def total_macs(graph: ModelGraph) -> int | None:
    """Return the multiply-accumulate operations of one sample, if those of all nodes are known.

    They are not where the notes say that something of the model is missing.
    """
    unknown = any(node.macs is None for node in graph.nodes)
    incomplete = any(not note.is_for_authors for note in graph.notes)
    return None if unknown or incomplete else graph.macs


def describe(graph: ModelGraph) -> str:
    """Say what a model is: its name, size, inputs, outputs and main layers; and what is hidden."""
    whole = _whole(graph.model)
    return f"{whole} {hidden}" if (hidden := what_is_hidden(graph)) else whole


def what_is_hidden(graph: ModelGraph) -> str:
    """List what of a model is not drawn, if anything: `Not shown: 12 Dropout, 1 Dense.`."""
    if not isinstance(graph, PartialGraph) or not graph.hidden:
        return ""
    kinds = Counter(node.type for node in graph.hidden).most_common()
    words = [f"{count:,} {kind}" for kind, count in kinds[:_MOST_KINDS]]
    if others := sum(count for _, count in kinds[_MOST_KINDS:]):
        words.append(_count(others, "other layer"))
    return f"Not shown: {', '.join(words)}."


def _whole(graph: ModelGraph) -> str:
    operations = [node for node in graph.nodes if node.type != "InputLayer"]
    kinds = [kind for kind, _ in Counter(node.type for node in operations).most_common(3)]
    parts = [f"Architecture of {graph.name}: {_count(len(operations), 'layer')}"]
    if graph.inputs:
        parts.append(f"from {_endpoints(graph, [end.node for end in graph.inputs], 'input')}")
    if graph.outputs:
        parts.append(f"to {_endpoints(graph, [end.node for end in graph.outputs], 'output')}")
    sentence = " ".join(parts)
    if kinds:
        sentence += f", mostly {_listing(kinds)}"
    return f"{sentence}; {count_text(graph.params)} parameters."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _endpoints(graph: ModelGraph, ids: list[str], noun: str) -> str:
    if len(ids) > 1:
        return f"{len(ids)} {noun}s"
    shapes = graph.by_id[ids[0]].output_shapes
    return f"{noun} {shape_text(graph.without_batch(shapes[0]))}" if shapes else f"one {noun}"


def _listing(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
