"""Drawing takes a number of steps that a tangled graph cannot blow up: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from cProfile import Profile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import VIEWS, parse_options

# Nodes of three inputs, each by what it takes.
_TANGLE = [[], [], [], [0, 1], [3], [2, 4], [2, 4], [1, 4], [2, 7], [4, 8], [2, 9], [1, 10]]
_TANGLE += [[5, 10], [1, 12], [5, 13], [3, 14], [14, 15], [1, 8], [0, 17], [12, 18], [0, 19]]
_TANGLE += [[10, 20], [10, 21], [2, 6], [7], [4, 17], [2, 25], [15, 16]]


def tangle(taken: Sequence[Sequence[int]]) -> ModelGraph:
    """Build a graph in which every node that nothing takes is an output."""
    used = {source for sources in taken for source in sources}
    names = [f"n{number}" for number in range(len(taken))]
    nodes = tuple(
        Node(
            id=name,
            layer=name,
            name=name,
            type=["InputLayer", "Dense", "Add"][min(len(sources), 2)],
            module="keras.layers",
            output_shapes=((None, 8),),
        )
        for name, sources in zip(names, taken, strict=True)
    )
    edges = tuple(
        Edge(source=names[source], target=names[number], target_index=index)
        for number, sources in enumerate(taken)
        for index, source in enumerate(sources)
    )
    ends = [
        tuple(Endpoint(node=names[number], name=names[number]) for number in numbers)
        for numbers in (
            [number for number, sources in enumerate(taken) if not sources],
            [number for number in range(len(taken)) if number not in used],
        )
    ]
    return ModelGraph(name="tangle", nodes=nodes, edges=edges, inputs=ends[0], outputs=ends[1])


def dense(count: int) -> ModelGraph:
    """Build a chain of layers that each take all those before them."""
    return tangle([list(range(number)) for number in range(count)])


@st.composite
def tangles(draw: st.DrawFn) -> ModelGraph:
    """Draw a graph of two or more inputs, and of layers and sums that take anything before."""
    inputs = draw(st.integers(2, 6))
    count = draw(st.integers(inputs + 1, 40))
    taken: list[list[int]] = [[] for _ in range(inputs)]
    for number in range(inputs, count):
        sources = st.integers(0, number - 1)
        taken.append(draw(st.lists(sources, min_size=1, max_size=3, unique=True)))
    return tangle(taken)


def steps(work: Callable[[], object]) -> int:
    """Count the calls of functions that some work takes."""
    counter = Profile()
    counter.runcall(work)
    return sum(entry.callcount for entry in counter.getstats())


def drawing_steps(graph: ModelGraph, view: str, **options: object) -> int:
    parsed = parse_options({"view": view, **options})
    return steps(lambda: lay_out(graph, parsed))


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_a_tangle_of_three_inputs_is_drawn_in_few_steps(view):
    assert drawing_steps(tangle(_TANGLE), view) < 3_000_000


@pytest.mark.slow
@given(graph=tangles(), detail=st.sampled_from(["auto", "blocks", "units"]))
def test_any_tangle_is_drawn_in_few_steps(graph, detail):
    assert drawing_steps(graph, "blocks", detail=detail) < 3_000_000


_AS_BLOCKS = pytest.param("auto", marks=pytest.mark.proof)
"""What `auto` draws of such a graph is `blocks`, which it tries last."""


@pytest.mark.slow
@pytest.mark.parametrize("view", [_AS_BLOCKS, *(view for view in VIEWS if view != "auto")])
def test_steps_grow_with_the_edges_of_a_dense_graph(view):
    small, large = dense(36), dense(72)
    growth = len(large.edges) / len(small.edges)
    assert drawing_steps(large, view) < 1.6 * growth * drawing_steps(small, view)
