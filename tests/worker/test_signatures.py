"""Which layers and calls are equal, and what the scopes of a graph are."""

import pytest

from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras

REQUESTS = {
    "same": ModelRequest(target="models.alike:build_same", depth=0),
    "different": ModelRequest(target="models.alike:build_different", depth=0),
    "calls": ModelRequest(target="models.alike:build_calls"),
    "again": ModelRequest(target="models.alike:build_different", depth=0),
    "shared": ModelRequest(target="models.composite:build_shared_block", depth=1),
    "nested": ModelRequest(target="models.tiny:build_nested_twice"),
    "named": ModelRequest(target="models.alike:build_named"),
}

SAME = (
    *("dense", "names", "initializers", "regularizers", "seeds", "dropout", "silent", "attention"),
    *("policy", "activation", "reshape", "array", "tensor", "set", "lambda", "partial", "object"),
    *("same_object", "nested", "functional", "sequential", "family", "children", "tied", "frozen"),
)
DIFFERENT = (
    *("class", "units", "bias", "rate", "activation", "approximate", "epsilon", "frozen"),
    *("policy", "depth", "width", "heads", "number", "kind_of_number", "word", "missing", "list"),
    *("dictionary", "set", "array", "type_of_array", "tensor", "function", "closure", "code"),
    *("default", "partial", "object", "secret", "nested", "made", "functional", "twice"),
    *("crossed", "sequential", "family", "tied", "lambda"),
)


@pytest.fixture(scope="module")
def batch(run):
    return run(REQUESTS)


def pair(graph, case):
    """Return the signatures of the two sides of a case."""
    nodes = {end.name: graph.by_id[end.node] for end in graph.outputs}
    return [nodes[f"{case}.{side}"].signature for side in "ab"]


def cases(graph):
    return {end.name.rpartition(".")[0] for end in graph.outputs}


def test_every_pair_is_looked_at(batch):
    assert cases(batch.graph("same")) == set(SAME)
    assert cases(batch.graph("different")) == set(DIFFERENT)


@pytest.mark.parametrize("case", SAME)
def test_layers_that_compute_the_same_are_equal(batch, case):
    first, second = pair(batch.graph("same"), case)
    assert first == second != ""


@pytest.mark.parametrize("case", DIFFERENT)
def test_layers_that_differ_in_anything_that_may_count_are_unequal(batch, case):
    first, second = pair(batch.graph("different"), case)
    assert first != second


@pytest.mark.parametrize(
    ("case", "equal"),
    [
        *[(case, True) for case in ("same", "default", "equal_array")],
        *[(case, False) for case in ("number", "training", "causal", "array", "word")],
    ],
)
def test_arguments_of_a_call_count(batch, case, equal):
    first, second = pair(batch.graph("calls"), case)
    assert (first == second) is equal


def test_signatures_are_the_same_in_every_process(batch, run):
    graph = batch.graph("different")
    assert graph == batch.graph("again")
    other = run({"alone": REQUESTS["different"]}).graph("alone")
    assert [node.signature for node in other.nodes] == [node.signature for node in graph.nodes]


def test_scopes_of_one_layer_are_known(batch):
    first, second = batch.graph("shared").scopes
    assert first.path != second.path
    assert first.layer == second.layer == "/".join(first.path)
    assert (first.name, first.type) == (second.name, second.type)


def test_every_scope_of_a_node_is_described(batch):
    for name in ("shared", "nested", "named"):
        graph = batch.graph(name)
        paths = [scope.path for scope in graph.scopes]
        assert len(paths) == len(set(paths))
        used = {node.scope[:end] for node in graph.nodes for end in range(1, len(node.scope) + 1)}
        assert used <= set(paths)


def test_names_that_a_person_chose_are_told_from_those_of_keras(batch):
    named = {scope.name: scope.is_named for scope in batch.graph("named").scopes}
    assert named == {
        "functional": False,
        "functional_1": False,
        "sequential": False,
        "my_net2d": False,
        "my_net2d_1": False,
        "encoder": True,
        "encoder_1": True,
        "sequential_body": True,
    }
