"""Graphs for tests: the committed ones of real models, and random ones."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from keras_diagram_core.characters import fit_line
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


@cache
def load_graph(name: str) -> ModelGraph:
    """Read a committed graph, once: nothing changes it."""
    return ModelGraph.from_dict(json.loads((GRAPHS / f"{name}.json").read_text("utf-8")))


def small_graph(*layers: tuple[str, list[int]]) -> ModelGraph:
    """Build a graph from each layer's type and the numbers of the layers that it takes."""
    members = tuple(
        Node(
            id=f"n{number}",
            layer=f"n{number}",
            name=f"n{number}",
            type=type_,
            module="keras.layers",
            output_shapes=((None, 8, 8, 4),),
            config={"filters": 4, "kernel_size": (3, 3)} if type_ == "Conv2D" else {},
        )
        for number, (type_, _) in enumerate(layers)
    )
    edges = tuple(
        Edge(source=f"n{source}", target=f"n{number}", target_index=index)
        for number, (_, sources) in enumerate(layers)
        for index, source in enumerate(sources)
    )
    ends = (Endpoint(node="n0"),), (Endpoint(node=members[-1].id),)
    return ModelGraph(name="small", nodes=members, edges=edges, inputs=ends[0], outputs=ends[1])


class CellNetwork:
    """Builds a network of cells that each take the outputs of the two cells before them."""

    def __init__(self) -> None:
        """Start with an input."""
        self._nodes: list[Node] = []
        self._edges: list[Edge] = []
        self.outputs = [self._add("stem", "Conv2D", [])]

    def cell(self, name: str, filters: int = 8, *, back: int = 2) -> None:
        """Add a cell of two convolutions that share three sums; `back` says what it takes."""
        last = len(self.outputs) - 1
        near, far = self.outputs[last], self.outputs[max(last + 1 - back, 0)]
        left = self._add(f"{name}_left", "Conv2D", [near], filters)
        right = self._add(f"{name}_right", "Conv2D", [far], filters)
        deep = self._add(f"{name}_deep", "Conv2D", [left], filters)
        sums = [
            self._add(f"{name}_one", "Add", [left, right]),
            self._add(f"{name}_two", "Add", [deep, right]),
            self._add(f"{name}_three", "Add", [left, far]),
        ]
        self.outputs.append(self._add(f"{name}_concat", "Concatenate", [right, *sums]))

    def graph(self) -> ModelGraph:
        """Give the network, with a dense layer at its end."""
        end = self._add("top", "Dense", [self.outputs[-1]])
        ends = (Endpoint(node="stem"),), (Endpoint(node=end),)
        return ModelGraph(
            name="cells",
            nodes=tuple(self._nodes),
            edges=tuple(self._edges),
            inputs=ends[0],
            outputs=ends[1],
        )

    def _add(self, name: str, type_: str, sources: list[str], filters: int = 8) -> str:
        config = {"filters": filters, "kernel_size": (3, 3)} if type_ == "Conv2D" else {}
        shape = (None, 8, 8, filters)
        self._nodes.append(
            Node(
                id=name,
                layer=name,
                name=name,
                type=type_,
                module="keras.layers",
                output_shapes=(shape,),
                config=config,
            )
        )
        self._edges += (
            Edge(source=source, target=name, target_index=index)
            for index, source in enumerate(sources)
        )
        return name


def cell_network(*filters: int, skips: tuple[int, ...] = ()) -> ModelGraph:
    """Build a network of as many cells; those in `skips` look three cells back, not two."""
    built = CellNetwork()
    for number, count in enumerate(filters):
        built.cell(f"cell{number}", count, back=3 if number in skips else 2)
    return built.graph()


def two_chains() -> ModelGraph:
    """Two inputs that lead to two outputs, with nothing between."""
    pairs = [("a", "b"), ("c", "d")]
    nodes = tuple(
        Node(
            id=name,
            layer=name,
            name=name,
            type="InputLayer" if name in "ac" else "Dense",
            module="keras.layers",
            output_shapes=((None, 8),),
        )
        for pair in pairs
        for name in pair
    )
    return ModelGraph(
        name="two",
        nodes=nodes,
        edges=tuple(Edge(source=source, target=target) for source, target in pairs),
        inputs=(Endpoint(node="a"), Endpoint(node="c")),
        outputs=(Endpoint(node="b"), Endpoint(node="d")),
    )


def crossed() -> ModelGraph:
    """A network that is neither in series nor in parallel, with edges that cross if unsorted."""
    first, second = "abcd", "efgh"
    pairs = [("i", name) for name in first] + [(name, "j") for name in second]
    pairs += [(edge[0], edge[1]) for edge in ("ae", "ah", "bf", "ce", "cf", "ch", "df", "dg")]
    order = ["i", *first, *second, "j"]
    counts = dict.fromkeys(order, -1)
    edges = []
    for source, target in pairs:
        counts[target] += 1
        edges.append(Edge(source=source, target=target, target_index=counts[target]))
    nodes = tuple(
        Node(
            id=name,
            layer=name,
            name=name,
            type="MyLayer",
            module="mine",
            output_shapes=((None, 8),),
        )
        for name in order
    )
    return ModelGraph(
        name="crossed",
        nodes=nodes,
        edges=tuple(edges),
        inputs=(Endpoint(node="i"),),
        outputs=(Endpoint(node="j"),),
    )


MADE = {"crossed": crossed, "two_chains": two_chains}


def graph_named(name: str) -> ModelGraph:
    """Give one of the graphs that are made here, or a committed one."""
    return MADE[name]() if name in MADE else load_graph(name)


@st.composite
def nodes(draw: st.DrawFn, number: int) -> Node:
    """Draw one node with any name and any shape."""
    rank = draw(st.integers(0, 4))
    size = st.none() | st.integers(1, 5000)
    shape = (None, *draw(st.lists(size, min_size=rank, max_size=rank)))
    return Node(
        id=f"n{number}",
        layer=f"n{number}",
        name=draw(st.text(min_size=1, max_size=30).map(fit_line)),
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
        name=draw(st.text(max_size=30).map(fit_line)),
        nodes=members,
        edges=tuple(edges),
        inputs=(Endpoint(node="n0"),),
        outputs=(Endpoint(node=f"n{count - 1}"),),
    )
