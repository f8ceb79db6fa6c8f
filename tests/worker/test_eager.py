"""Models that Keras runs with data, though its symbolic calls are stricter."""

import pytest
from msgspec.structs import replace

from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.request import ModelRequest, parse_request

pytestmark = pytest.mark.keras


def request(target, *shape, depth=None, expand=(), **kwargs):
    inputs = (InputSpec(shape=shape),) if shape else ()
    return ModelRequest(
        target=f"models.eager:{target}", inputs=inputs, depth=depth, expand=expand, kwargs=kwargs
    )


def listed(target, shape):
    return parse_request(f"models.eager:{target}", {"input-shape": [shape]}).model


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
    "list_of_one": listed("ListOfOne", [8]),
    "list_for_plain": listed("Plain", [8]),
    "list_for_functional": listed("build_wrapped", [5]),
    **{
        f"lambda_{kind}": request("build_lambdas", kind=kind)
        for kind in ("closure", "default", "model", "global", "none")
    },
    "lambda_opened": request("build_lambdas", depth=1),
    "lambda_expanded": request("build_lambdas", kind="none", expand=("run",)),
    "each": request("build_each"),
    "each_closed": request("build_each", depth=0),
    "each_expanded": request("build_each", depth=0, expand=("inner",)),
    "weighted": request("build_weighted", depth=1),
}


@pytest.fixture(scope="module")
def batch(run):
    return run(REQUESTS)


@pytest.fixture(scope="module")
def on_tensorflow(run_on):
    return run_on("tensorflow", REQUESTS)


@pytest.fixture(scope="module")
def frameworkless(run_on):
    return run_on("none", REQUESTS)


def shapes(graph):
    return {node.id: node.output_shapes[0][1:] for node in graph.nodes}


def unsigned(graph):
    return [replace(node, signature="") for node in graph.nodes]


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


def test_a_list_of_one_is_a_list(batch):
    graph = batch.graph("list_of_one")
    assert edges(graph) == [("inputs.0", "dense")]
    assert shapes(graph) == {"inputs.0": (8,), "dense": (2,)}
    assert edges(batch.graph("list_for_plain"))[-1] == ("get_item", "dense")
    assert shapes(batch.graph("list_for_plain"))["dense"] == (2,)
    assert "wrapped/half" not in batch.graph("list_for_functional").by_id


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("closure", "a layer (20 parameters) that is not shown: inner."),
        ("default", "a layer (20 parameters) that is not shown: inner."),
        ("model", "a layer (20 parameters) that is not shown: inner."),
        ("global", "a layer (15 parameters) that is not shown: shared."),
    ],
)
def test_layers_that_a_lambda_hides_are_told(batch, kind, what):
    (note,) = batch.graph(f"lambda_{kind}").notes
    assert note.node == "run"
    assert note.message == f"'run' runs {what} `depth` or `expand` opens it."


def test_a_lambda_is_opened_like_any_layer(batch):
    assert not batch.graph("lambda_none").notes
    opened = batch.graph("lambda_opened")
    assert edges(opened) == [("x", "run/inner"), ("run/inner", "run/inner@2")]
    assert opened.params == 20
    assert edges(batch.graph("lambda_expanded")) == [("x", "run/relu"), ("run/relu", "run/add")]


def test_a_model_that_is_run_step_by_step_is_told(batch):
    why = "it runs 'inner' (Sequential) in a way of its own."
    for name in ("each", "each_expanded"):
        (note,) = batch.graph(name).notes
        assert note.message == f"The inside of 'each' (TimeDistributed) cannot be shown: {why}"
    assert not batch.graph("each_closed").notes


def test_a_product_with_a_number_is_opened_like_any_tensor(batch):
    graph = batch.graph("weighted")
    assert edges(graph) == [
        ("x", "multiply"),
        ("multiply", "scaled/tower"),
        ("scaled/tower", "scaled/multiply"),
    ]
    assert not graph.notes


@pytest.mark.proof
@pytest.mark.parametrize("name", REQUESTS)
def test_no_framework_is_needed(on_tensorflow, frameworkless, name):
    without, found = frameworkless.graph(name), on_tensorflow.graph(name)
    assert unsigned(without) == unsigned(found)
    assert without.edges == found.edges
