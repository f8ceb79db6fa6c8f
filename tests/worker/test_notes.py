"""Notes that say the same of several layers are one note."""

import pytest

from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras

TARGET = "models.alike:build_wasteful"
REQUESTS = {
    "three": ModelRequest(target=TARGET, depth="all"),
    "one": ModelRequest(target=TARGET, depth="all", kwargs={"count": 1}),
}


@pytest.fixture(scope="module")
def batch(run):
    return run(REQUESTS)


def test_equal_notes_on_layers_of_one_class_are_one_with_a_count(batch):
    why = "TypeError: A symbolic KerasTensor cannot be used as a boolean."
    assert [(note.message, note.node) for note in batch.graph("three").notes] == [
        (f"4 × Torn: the inside of each cannot be shown: {why}", ""),
        ("3 × Wasteful: 1 layer of each (20 parameters) is never called: dense.", ""),
        ("3 × Wasteful: each has 3 parameters of its own that no node shows.", ""),
    ]


def test_a_note_on_one_layer_names_it(batch):
    messages = [note.message for note in batch.graph("one").notes]
    assert "1 layer of 'wasteful' (20 parameters) is never called: dense." in messages
    assert "'wasteful' has 3 parameters of its own that no node shows." in messages
