"""Texts that a function writes on layers, and layers that only leave room."""

import json
import subprocess
import sys

import pytest
from batches import PROJECTS, Batch

from keras_diagram_core.errors import DiagramError
from keras_diagram_core.manifest import Project
from keras_diagram_core.request import parse_request

pytestmark = pytest.mark.keras

REQUESTS = {
    "plain": {},
    "described": {"text-callable": "texts:describe"},
    "hidden": {"text-callable": "texts:describe", "type-ignore": "Dropout"},
    "fails": {"text-callable": "texts:one_fails"},
    "exits": {"text-callable": "texts:one_exits"},
    "number": {"text-callable": "texts:no_text"},
    "no-function": {"text-callable": "texts:nothing"},
    "misspelt": {"text-callable": "texts:descibe"},
}


LABELS = {
    "labelled": {"top-label-callable": "texts:top", "bottom-label-callable": "texts:bottom"},
    "label-number": {"bottom-label-callable": "texts:no_text"},
}


BOXES = {"Conv2D": {"box-text-callable": "texts:boxed"}, "flat": "gold"}


@pytest.fixture(scope="module")
def batch(backend):
    folder = PROJECTS / "models"
    project = Project(base=str(folder), search_path=(str(folder), *sys.path), backend=backend)
    requests = {
        name: parse_request("texts:spaced", {"view": "layered", **options}).model
        for name, options in REQUESTS.items()
    }
    requests |= {
        name: parse_request("texts:spaced", {"view": "lenet", **options}).model
        for name, options in LABELS.items()
    }
    boxes = {"view": "functional", "styles": BOXES}
    requests["boxed"] = parse_request("texts:spaced", boxes).model
    return Batch(requests, project, 120)


def texts(graph):
    return {node.name: (node.text, node.text_above) for node in graph.nodes}


def test_layers_are_counted_as_they_are_drawn(batch):
    assert texts(batch.graph("described")) == {
        "image": ("0\nimage", False),
        "conv": ("1\nconv", True),
        "drop": ("2\ndrop", False),
        "flat": ("3\nflat", True),
        "classes": ("4\nclasses", False),
    }


def test_what_is_not_drawn_is_not_counted(batch):
    found = texts(batch.graph("hidden"))
    assert found["drop"] == ("", False)
    assert found["flat"] == ("2\nflat", False)


def test_labels_are_written_with_the_shape(batch):
    assert {node.name: node.texts for node in batch.graph("labelled").nodes} == {
        "image": {"top": "8x8x3", "bottom": "image\n3"},
        "conv": {"top": "6x6x4", "bottom": "conv\n4"},
        "drop": {"top": "6x6x4", "bottom": "drop\n4"},
        "flat": {"top": "", "bottom": "flat\n144"},
        "classes": {"top": "", "bottom": "classes\n2"},
    }


def test_words_for_boxes_are_written_where_they_are_asked_for(batch):
    found = {node.name: node.texts for node in batch.graph("boxed").nodes if node.texts}
    assert found == {"conv": {"box:texts:boxed": "CONV"}}


def test_texts_are_part_of_what_is_extracted(batch):
    assert batch.graph("plain").digest != batch.graph("described").digest


def test_spacers_are_room_and_no_layers(batch):
    graph = batch.graph("plain")
    assert [node.name for node in graph.nodes] == ["image", "conv", "drop", "flat", "classes"]
    assert {node.name: node.room for node in graph.nodes if node.room} == {"drop": 100}
    assert [end.node for end in graph.outputs] == ["classes"]
    assert [(edge.source, edge.target) for edge in graph.edges] == [
        ("image", "conv"),
        ("conv", "drop"),
        ("drop", "flat"),
        ("flat", "classes"),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fails", "'texts:one_fails', asked for the text of layer 'flat', failed: KeyError"),
        ("exits", "'texts:one_exits', asked for the text of layer 'image', "),
        ("number", "gave a int for the layer 'image', no text"),
        (
            "label-number",
            "gave a int for the layer 'image', no text. Let it return a text,",
        ),
        ("no-function", "'texts:nothing' is an int, not a function"),
        ("misspelt", "Did you mean 'describe'"),
    ],
)
def test_errors_name_function_and_layer(batch, name, message):
    error = batch[name].error
    assert isinstance(error, DiagramError)
    assert message in f"{error.message} {error.hint}"


def test_a_function_writes_on_a_live_model(backend):
    code = (
        "from keras_diagram_core.worker.backends import Backend;"
        f"Backend({backend!r});"
        "import json, texts;"
        "from keras_diagram_core.live import graph_of;"
        "graph = graph_of(texts.spaced(), write=texts.describe);"
        "print(json.dumps([node.text for node in graph.nodes]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECTS / "models",
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(result.stdout.splitlines()[-1]) == [
        *("0\nimage", "1\nconv", "2\ndrop", "3\nflat", "4\nclasses")
    ]
