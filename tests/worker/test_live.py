"""Keras' own tools, on live models: what they draw, what they refuse, what they leave alone."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

PROJECTS = Path(__file__).parents[1] / "projects"
pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def found(folder, backend) -> Any:
    command = [sys.executable, PROJECTS / "live.py", folder, backend]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def edges(dot: str) -> list[str]:
    return sorted(f"{a} {b}" for a, b in re.findall(r'^ *"(.*)" -> "(.*?)"', dot, re.MULTILINE))


def texts(path: Path) -> set[str]:
    return set(re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text()))


def test_a_subclassed_model_is_no_single_box(found, folder):
    calls = ["first add", "first shared", "shared shared@2", "shared@2 add", "x first"]
    assert edges(found["net"]["dot"]) == calls
    assert {"first", "shared", "5", "8"} <= texts(folder / "net.svg")


def test_nested_models_are_closed_unless_expanded(found):
    nested = found["siamese"]
    assert edges(nested["dot"]) == [
        *("left mlp", "mlp subtract", "mlp@2 subtract", "right mlp@2", "subtract absolute"),
    ]
    assert "left mlp/hidden" in edges(nested["expanded"])
    assert nested["expanded"].count("subgraph") == 2


def test_each_tensor_of_an_attention_is_an_edge(found):
    assert edges(found["attention"]["dot"]) == ["x mha", "x mha"]


@pytest.mark.parametrize("name", ["net", "siamese", "attention"])
def test_drawing_leaves_the_model_alone_and_gives_the_same_again(found, name):
    assert found[name]["untouched"]
    assert found[name]["dot"] == found[name]["again"]


def test_render_draws_a_model_that_is_there(found, folder):
    assert {"input", "dense, ReLU"} & texts(folder / "rendered.svg")
    assert 'class="kd kd-view-blocks"' in (folder / "rendered.svg").read_text()
    format, alt, *notes = found["rendered"]
    assert format == "png"
    assert "attention" in alt
    assert not notes


def test_inspect_lists_a_model_that_is_there(found):
    assert found["inspected"] == ["features", "hidden", "classes"]
    assert found["failures"]["inspect_none"] == found["failures"]["render_none"]


def test_the_format_is_that_of_the_file(found, folder):
    assert found
    for name in ("model.png", "no_ending"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    assert (folder / "model.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "model.gv").read_bytes().startswith(b'digraph "mlp" {')
    assert (folder / "net.svg").read_bytes().startswith(b"<svg")
    assert (folder / "net.dot").read_bytes().startswith(b'digraph "net" {\n  graph [rankdir=LR ')


def test_dpi_is_the_resolution_of_a_png(found, folder):
    assert found
    widths = {}
    for name in ("model", "fine"):
        with Image.open(folder / f"{name}.png") as image:
            widths[name] = image.width
    assert widths["fine"] == pytest.approx(2 * widths["model"], abs=1)


def test_what_is_written_in_pictures(found, folder):
    assert found
    bare, wordy = texts(folder / "bare.svg"), texts(folder / "words.svg")
    assert {"input", "dense"} <= bare
    assert not bare & {"hidden", "3", "float32"}
    assert {"3", "float32", "activation relu", "trainable", "not trainable"} <= wordy - bare


@pytest.mark.parametrize(
    ("rankdir", "axis", "back"),
    [("TB", "y", False), ("LR", "x", False), ("BT", "y", True), ("RL", "x", True)],
)
def test_pictures_flow_where_rankdir_says(found, folder, rankdir, axis, back):
    assert found
    svg = (folder / f"{rankdir}.svg").read_text()
    marks = re.findall(r'data-kd-node="(\w+)".*?<rect ([^>]*)>', svg, re.DOTALL)
    places = {name: float(re.search(rf'\b{axis}="([\d.]+)"', rest)[1]) for name, rest in marks}
    assert list(places) == ["features", "hidden", "classes"]
    assert list(places.values()) == sorted(places.values(), reverse=back)


def test_opened_models_have_frames(found, folder):
    assert found
    closed, opened = (
        re.findall(r'data-kd-nodes="([^"]*)"', (folder / f"siamese-{how}.svg").read_text())
        for how in ("closed", "opened")
    )
    assert closed == []
    assert sorted(opened) == ["mlp/hidden mlp/classes", "mlp@2/hidden mlp@2/classes"]
    assert {"mlp", "hidden", "classes"} <= texts(folder / "siamese-opened.svg")


def test_what_is_written_in_dot(found):
    words = ["4 → 3", "float32", "activation relu", "not trainable", "splines=line", "dpi=90"]
    assert [word for word in words if word in found["words"]] == words
    assert found["cluster"].startswith('subgraph "cluster:mlp" {')
    assert found["layer"] == ["InputLayer", "Dense"]


@pytest.mark.parametrize(
    ("case", "kind", "words"),
    [
        ("unbuilt", "ModelError", "'net' (Net) is not built"),
        ("unbuilt_sequential", "ModelError", "Call it on data once, or `build` it"),
        ("class", "ModelError", "the class 'Net', not a Keras model"),
        ("none", "ModelError", "a 'NoneType', not a Keras model"),
        ("swapped", "ModelError", "a 'str', not a Keras model. Pass a built keras.Model first"),
        ("render_none", "ModelError", "a 'NoneType', not a Keras model"),
        ("render_unbuilt", "ModelError", "'net' (Net) is not built"),
        ("render_kwargs", "RequestError", "takes no kwargs"),
        ("render_code", "RequestError", "either a target or code"),
        ("layer_range", "ValueError", "no longer supported"),
        ("unknown", "ValueError", "no argument 'colour'"),
        ("rankdir", "RequestError", "TB | LR | BT | RL"),
        ("dpi", "RequestError", "whole number from 0 to 2400"),
        ("format", "RequestError", "End it with .svg, .png, .pdf"),
    ],
)
def test_what_is_refused(found, case, kind, words):
    error, message = found["failures"][case]
    assert error == kind
    assert words in message


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_graphviz_takes_what_is_written(found, folder):
    assert found
    for path in folder.glob("*.dot"):
        result = subprocess.run(
            ["dot", "-Tsvg", path, "-o", path.with_suffix(".out")], check=True, capture_output=True
        )
        assert result.stderr == b""
