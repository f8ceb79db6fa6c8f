"""Models that Keras runs with data, though its symbolic calls are stricter."""

import pytest

from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras


def request(target, *shape, depth=None):
    inputs = (InputSpec(shape=shape),) if shape else ()
    return ModelRequest(target=f"models.eager:{target}", inputs=inputs, depth=depth)


REQUESTS = {
    "lazy": request("Lazy", 4),
    "eager": request("Eager", 4),
    "same_width": request("SameWidth", 4),
    "assembled": request("Assembled", 4),
    "scaled": request("build_scaled", depth="all"),
    "compared": request("Compared", 4),
    "beside": request("Beside", 8, 12, 3),
    "beside_opened": request("Beside", 8, 12, 3, depth="all"),
    "beside_unknown": request("Beside", None, None, 3, depth="all"),
    "wrapped": request("build_wrapped", depth=1),
    "wrapped_opened": request("build_wrapped", depth="all"),
    "half": request("Half", 5),
    "decoder": request("build_decoder", depth=1),
    "decoder_opened": request("build_decoder", depth="all"),
    "decoding": request("Decoding", 7, 8),
    "measuring": request("Measuring", 8),
}


@pytest.fixture(scope="module")
def batch(run):
    return run(REQUESTS)


@pytest.fixture(scope="module")
def frameworkless(run):
    return run(REQUESTS, backend="none")


def shapes(graph):
    return {node.id: node.output_shapes[0][1:] for node in graph.nodes}


def edges(graph):
    return [(edge.source, edge.target) for edge in graph.edges]


def test_a_model_built_within_the_call_is_no_other(batch):
    lazy, eager = batch.graph("lazy"), batch.graph("eager")
    assert (lazy.nodes, lazy.edges, lazy.outputs) == (eager.nodes, eager.edges, eager.outputs)
    assert not lazy.notes
    assert edges(batch.graph("same_width")) == [
        ("x", "tower/up"),
        ("tower/up", "tower/down"),
        ("tower/down", "head"),
    ]
    assert edges(batch.graph("scaled")) == [
        ("x", "scaled/tower/up"),
        ("scaled/tower/up", "scaled/tower/down"),
        ("scaled/tower/down", "scaled/multiply"),
    ]
    assert edges(batch.graph("assembled")) == [
        ("x", "inner/dense"),
        ("inner/dense", "inner@2/dense"),
    ]


def test_the_users_own_comparison_is_the_tensors(batch):
    assert ("x", "equal") in edges(batch.graph("compared"))
    assert {("equal", "where"), ("dense", "where"), ("x", "where")} <= set(
        edges(batch.graph("compared"))
    )


def test_numbers_none_and_words_pass_through(batch):
    graph = batch.graph("beside")
    assert shapes(graph) == {
        "image": (8, 12, 3),
        "patches": (6, 8),
        "half": (6, 3),
        "reshape": (2, 3, 3),
    }
    assert edges(graph) == [("image", "patches"), ("patches", "half"), ("half", "reshape")]
    assert not graph.notes
    opened = batch.graph("beside_opened")
    assert edges(opened) == [
        ("image", "patches/cut"),
        ("patches/cut", "patches/flat"),
        ("patches/flat", "half/dense"),
        ("half/dense", "reshape"),
    ]
    assert opened.params == graph.params
    assert shapes(batch.graph("beside_unknown"))["reshape"] == (None, None, 3)


def test_what_gives_none_is_opened(batch):
    assert edges(batch.graph("wrapped")) == [
        ("x", "wrapped/half"),
        ("wrapped/half", "wrapped/out"),
    ]
    assert edges(batch.graph("wrapped_opened")) == [
        ("x", "wrapped/half/dense"),
        ("wrapped/half/dense", "wrapped/out"),
    ]
    half = batch.graph("half")
    assert [(end.node, end.index) for end in half.outputs] == [("dense", 0)]


def test_arguments_that_the_parent_does_not_know(batch):
    graph = batch.graph("decoder")
    assert ("x", "first/attention") in edges(graph)
    assert ("first/attention", "first/add") in edges(graph)
    assert not graph.notes
    opened = batch.graph("decoder_opened")
    assert "second/attention/query" in opened.by_id
    assert opened.params == graph.params
    assert not opened.notes  # what Keras' attention keeps in reserve is no fault of the user's


def test_a_call_of_ones_own_says_what_it_gives(batch):
    graph = batch.graph("decoding")
    assert graph.by_id["attention"].output_shapes == ((None, 7, 8), (None, 7, 8))
    assert shapes(graph)["widened"] == (7, 11)
    assert shapes(graph)["stated"] == (7, 5)  # it cannot be run: what it inherits holds


def test_ranks_and_sizes_are_numbers(batch):
    graph = batch.graph("measuring")
    assert edges(graph) == [
        ("x", "expand_dims"),
        ("expand_dims", "dense"),
        ("dense", "reshape"),
    ]
    assert shapes(graph)["reshape"] == (4,)
    assert not graph.notes


@pytest.mark.parametrize("name", REQUESTS)
def test_no_framework_is_needed(batch, frameworkless, name):
    assert frameworkless.graph(name).nodes == batch.graph(name).nodes
    assert frameworkless.graph(name).edges == batch.graph(name).edges
