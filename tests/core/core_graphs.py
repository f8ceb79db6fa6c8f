"""Graphs for tests: the committed ones of real models, and random ones."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import strategies as st

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node

GRAPHS = Path(__file__).parents[1] / "graphs"
NAMES = sorted(path.stem for path in GRAPHS.glob("*.json"))

_TYPES = (
    "Conv2D",
    "Dense",
    "BatchNormalization",
    "Add",
    "Concatenate",
    "LSTM",
    "MyLayer",
    "GetItem",
)


def load_graph(name: str) -> ModelGraph:
    """Read a committed graph."""
    return ModelGraph.from_dict(json.loads((GRAPHS / f"{name}.json").read_text("utf-8")))


@st.composite
def nodes(draw: st.DrawFn, number: int) -> Node:
    """Draw one node with any name and any shape."""
    rank = draw(st.integers(0, 4))
    size = st.none() | st.integers(1, 5000)
    shape = (None, *draw(st.lists(size, min_size=rank, max_size=rank)))
    return Node(
        id=f"n{number}",
        layer=f"n{number}",
        name=draw(st.text(min_size=1, max_size=30)),
        type=draw(st.sampled_from(_TYPES)),
        module="keras.layers",
        scope=draw(st.sampled_from([(), ("encoder",), ("a", "b")])),
        input_shapes=draw(st.sampled_from([(), (shape,)])),
        output_shapes=draw(st.sampled_from([(shape,), (shape, shape), ()])),
        dtype="float32",
        params=draw(st.integers(0, 10**12)),
        config=draw(st.sampled_from([{}, {"kernel_size": (3, 3), "strides": (2, 2)}])),
    )


@st.composite
def graphs(draw: st.DrawFn, most: int = 24) -> ModelGraph:
    """Draw any graph: branches, merges, several tensors between two nodes, loose ends."""
    count = draw(st.integers(1, most))
    members = tuple(draw(nodes(number)) for number in range(count))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    chosen = draw(st.lists(pairs, max_size=3 * count))
    inputs: dict[int, int] = {}
    edges = []
    for first, second in chosen:
        source, target = sorted((first, second))
        if source == target:
            continue
        inputs[target] = inputs.get(target, -1) + 1
        edges.append(Edge(source=f"n{source}", target=f"n{target}", target_index=inputs[target]))
    return ModelGraph(
        name=draw(st.text(max_size=30)),
        nodes=members,
        edges=tuple(edges),
        inputs=(Endpoint(node="n0"),),
        outputs=(Endpoint(node=f"n{count - 1}"),),
    )
