"""Equal layers are followed once, and each is shown with layers and weights of its own."""

from collections import Counter

import msgspec
import pytest

from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras


def request(*tags, depth):
    kwargs = {"tags": list(tags)}
    return ModelRequest(target="models.alike:build_twins", kwargs=kwargs, depth=depth)


REQUESTS = {
    "equal": request(0, 0, 0, depth="all"),
    "unequal": request(1, 10, 100, depth="all"),
    "mixed": request(0, 7, 0, depth="all"),
}


@pytest.fixture(scope="module")
def batch(run):
    return run(REQUESTS)


def without_signatures(graph):
    nodes = [msgspec.structs.replace(node, signature="") for node in graph.nodes]
    return nodes, graph.edges, graph.scopes, graph.inputs, graph.outputs, graph.notes


@pytest.mark.parametrize("other", ["unequal", "mixed"])
def test_what_is_told_of_equal_layers_is_what_following_each_gives(batch, other):
    first, second = batch.graph("equal"), batch.graph(other)
    assert without_signatures(first) == without_signatures(second)
    assert (first.params, first.trainable_params) == (second.params, second.trainable_params)
    assert first.unplaced_params == second.unplaced_params


def test_a_layer_that_equal_layers_share_is_one(batch):
    graph = batch.graph("equal")
    calls = Counter(node.layer for node in graph.nodes)
    shared = {node.layer for node in graph.nodes if node.name == "shared"}
    assert len(shared) == 1
    assert calls[shared.pop()] == 12
    ups = {node.layer for node in graph.nodes if node.config.get("activation") == "gelu"}
    assert len(ups) == 6
    assert {calls[layer] for layer in ups} == {4}


def test_equal_layers_have_equal_insides_and_scopes_of_their_own(batch):
    graph = batch.graph("equal")
    twins = [scope for scope in graph.scopes if scope.type == "Twin"]
    assert len(twins) == 12
    assert len({scope.layer for scope in twins}) == 6
    inside = [
        [node.signature for node in graph.nodes if node.scope[: len(twin.path)] == twin.path]
        for twin in twins
    ]
    assert all(each == inside[0] for each in inside)
    assert len(inside[0]) > 12
