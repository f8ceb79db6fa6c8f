"""Where a builder may stand: in a class, on an object; and what it may return."""

import pytest

from keras_diagram_core.errors import BuilderError, ModelError, TargetError
from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras

KWARGS = {"plain_two": {"units": 2}, "pair_kwargs": {"units": 6}, "PAIR_kwargs": {"units": 6}}
TARGETS = {
    **{
        name: name
        for name in (
            *("pair", "PAIR", "pair_of_lists", "misfit", "three", "Net.build_graph", "Net.make"),
            *("Net.plain", "Net.loose", "Net.graph", "NET.build_graph", "NET.make"),
        )
    },
    "plain_two": "Net.plain",
    "pair_kwargs": "pair",
    "PAIR_kwargs": "PAIR",
}


@pytest.fixture(scope="module")
def batch(run):
    return run(
        {
            name: ModelRequest(target=f"models.methods:{target}", kwargs=KWARGS.get(name, {}))
            for name, target in TARGETS.items()
        }
    )


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("pair", 2),
        ("pair_kwargs", 6),
        ("PAIR", 7),
        ("Net.make", 3),
        ("Net.plain", 3),
        ("plain_two", 2),
        ("Net.loose", 1),
        ("NET.build_graph", 5),
        ("NET.make", 3),
    ],
)
def test_builders_in_classes_and_pairs_are_drawn(batch, name, units):
    graph = batch.graph(name)
    assert [(edge.source, edge.target) for edge in graph.edges] == [("x", "dense")]
    assert graph.by_id["dense"].output_shapes == ((None, units),)
    assert graph.params == 5 * units


def test_a_pair_may_have_structures(batch):
    graph = batch.graph("pair_of_lists")
    assert [end.name for end in graph.inputs] == ["one", "two"]
    assert [end.name for end in graph.outputs] == ["sum"]


def test_a_method_without_its_object_says_what_to_write(batch):
    error = batch.error("Net.build_graph")
    assert type(error) is TargetError
    assert error.message.startswith("`Net.build_graph` is a method")
    assert "`return Net(...).build_graph()`" in error.hint


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("misfit", BuilderError, "Making a model of what 'models.methods:misfit' returned failed"),
        ("three", ModelError, "'models.methods:three' returned a tuple"),
        ("Net.graph", TargetError, "'models.methods:Net.graph' is a property"),
        ("PAIR_kwargs", TargetError, "takes no kwargs"),
    ],
)
def test_what_is_neither(batch, name, kind, message):
    error = batch.error(name)
    assert type(error) is kind
    assert message in error.message
