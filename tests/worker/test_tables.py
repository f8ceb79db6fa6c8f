"""The tables of real models, word for word."""

import pytest

from keras_diagram_core.table import table

pytestmark = pytest.mark.keras

MODELS = ("dictionary", "translator", "attention", "operations", "nested", "long_names")


@pytest.fixture(scope="module")
def batch(run):
    return run({name: f"models.tables:build_{name}" for name in MODELS})


@pytest.mark.parametrize("name", MODELS)
def test_table_is_the_golden_one(batch, name, file_regression):
    """Names, options, constants and places of outputs are there, and what is for nothing."""
    file_regression.check(table(batch.graph(name)) + "\n", basename=name, encoding="utf-8")


def test_long_names_do_not_widen_the_table(batch):
    graph = batch.graph("long_names")
    assert min(len(node.id) for node in graph.nodes) > 190
    assert max(map(len, table(graph).splitlines())) < 120
