"""Different outputs of one node leave it as different lines, in every view that draws edges."""

from collections import defaultdict
from itertools import combinations, pairwise, product

import pytest
from core_graphs import graphs, small_graph
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Connector, Point, Scene

VIEWS = [
    {"view": "graph"},
    {"view": "graph", "direction": "down"},
    {"view": "blocks"},
    {"view": "blocks", "direction": "right"},
    {"view": "functional"},
    {"view": "functional", "direction": "down"},
    {"view": "layered"},
    {"view": "layered", "direction": "down"},
    {"view": "lenet"},
]
# Lines that share no more than this only meet, px.
CORNER = 2.0


def numbered(graph: ModelGraph, *outputs: int) -> ModelGraph:
    """Say which output of its source each edge carries, in the order of the edges."""
    edges = zip(graph.edges, outputs, strict=True)
    return replace(graph, edges=tuple(replace(e, source_index=index) for e, index in edges))


def pyramid() -> ModelGraph:
    """A closed network of three outputs, and what joins them from the last to the first."""
    graph = small_graph(
        ("InputLayer", []),
        ("Backbone", [0]),
        ("Conv2D", [1]),
        ("Conv2D", [1]),
        ("Conv2D", [1]),
        ("UpSampling2D", [4]),
        ("Add", [3, 5]),
        ("UpSampling2D", [6]),
        ("Add", [2, 7]),
    )
    return numbered(graph, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0)


def states() -> ModelGraph:
    """A recurrent layer that gives a sequence to one layer, and two states to another."""
    graph = small_graph(("LSTM", []), ("LSTM", [0, 0]), ("Attention", [1, 0]))
    return numbered(graph, 1, 2, 0, 0)


def forked() -> ModelGraph:
    """Two outputs that each go to two layers, and one of them on to what joins all."""
    layers = [("Split", []), *((("Dense"), [0]) for _ in range(3)), ("Concatenate", [1, 2, 3, 0])]
    return numbered(small_graph(*layers), 0, 1, 1, 0, 0, 0, 0)


def chain() -> ModelGraph:
    """Layers in a row, so long that it breaks, that pass two tensors on to each other."""
    layers = [("Block", []), *(("Block", [number, number]) for number in range(24))]
    return numbered(small_graph(*layers), *([0, 1] * 24))


def fan() -> ModelGraph:
    """Three outputs, the middle one in line with where the first goes, which leads on, too."""
    conv = "Conv2D"
    layers = [(conv, []), (conv, [0]), (conv, [0]), (conv, [0]), (conv, [3, 0])]
    return numbered(small_graph(*layers), 1, 0, 2, 0, 0)


def trident() -> ModelGraph:
    """Three outputs, the middle one to the layers at both sides of where the first goes."""
    layers = [("Conv2D", []), ("Conv2D", [0]), ("Conv2D", [0]), ("Conv2D", [0, 0])]
    return numbered(small_graph(*layers), 1, 0, 1, 2)


@st.composite
def numbered_graphs(draw: st.DrawFn) -> ModelGraph:
    """Draw a graph; edges between the same two nodes carry one tensor or as many as they are."""
    graph = draw(graphs(most=12))
    seen: dict[tuple[str, str], int] = {}
    first = st.integers(0, 2)
    step = st.booleans()
    ways: dict[tuple[str, str], tuple[int, bool]] = {}
    outputs = []
    for edge in graph.edges:
        pair = edge.source, edge.target
        start, apart = ways.setdefault(pair, (draw(first), draw(step)))
        seen[pair] = seen.get(pair, -1) + 1
        outputs.append(start + seen[pair] * apart)
    return numbered(graph, *outputs)


def share(one: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    """Say how far two pieces run on top of each other, px."""
    for along, across in ((0, 1), (1, 0)):
        if len({round(point[across]) for point in (*one, *other)}) == 1:
            spans = [sorted(point[along] for point in piece) for piece in (one, other)]
            return min(end for _, end in spans) - max(start for start, _ in spans)
    return 0.0


def shared_lines(scene: Scene, graph: ModelGraph) -> list[tuple[Connector, Connector]]:
    """List the lines of two outputs of a node that run on top of each other."""
    carried: dict[tuple[str, str], list[int]] = defaultdict(list)
    leaving: dict[str, list[Connector]] = defaultdict(list)
    for edge in graph.edges:
        carried[edge.source, edge.target].append(edge.source_index)
    for line in scene.connectors:
        leaving[line.source].append(line)

    def differ(one: Connector, other: Connector) -> bool:
        mine, others = (carried[line.source, line.target] for line in (one, other))
        if one.target == other.target:
            return len(set(mine)) > 1
        return not set(mine) & set(others)

    return [
        (one, other)
        for lines in leaving.values()
        for one, other in combinations(lines, 2)
        if differ(one, other)
        and any(
            share(*pieces) > CORNER
            for pieces in product(pairwise(one.points), pairwise(other.points))
        )
    ]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: "-".join(view.values()))
@pytest.mark.parametrize("build", [pyramid, states, forked, chain, fan, trident])
def test_outputs_of_one_node_leave_as_different_lines(build, view):
    graph = build()
    scene = lay_out(graph, parse_options({**view, "legend": False}))
    assert len(scene.connectors) >= len(graph.edges) or scene.frames
    assert not shared_lines(scene, graph)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: "-".join(view.values()))
@given(data=st.data())
def test_outputs_of_any_node_leave_as_different_lines(view, data):
    graph = data.draw(numbered_graphs())
    options = {**view, "legend": False, "width": data.draw(st.sampled_from([400, 720]))}
    assert not shared_lines(lay_out(graph, parse_options(options)), graph)


@pytest.mark.parametrize("view", ["graph", "blocks", "functional"])
def test_one_output_leaves_as_one_line_that_forks(view):
    graph = small_graph(("Dense", []), *(("Dense", [0]) for _ in range(3)), ("Add", [1, 2, 3]))
    scene = lay_out(graph, parse_options({"view": view, "legend": False}))
    starts = {line.points[0] for line in scene.connectors if line.source == "n0"}
    assert len(starts) == 1
