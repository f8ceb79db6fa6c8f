"""The command line: what it writes, and its exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import keras_diagram_core
from keras_diagram_core import MODEL_OPTIONS, cli
from keras_diagram_core.artifact import Artifact
from keras_diagram_core.errors import ModelError
from keras_diagram_core.graph import ModelGraph

MODELS = Path(__file__).parents[2] / "docs"
COMMAND = Path(sys.executable).with_name("keras-diagram")
FRAMEWORKLESS = ("--backend", "none")  # seconds less than with TensorFlow


def run(*arguments: str, folder: Path = MODELS) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([COMMAND, *arguments], cwd=folder, check=False, capture_output=True)


def status(*arguments: str) -> int | str | None:
    """Run a command in this process; give its exit status."""
    try:
        return cli.main(arguments)
    except SystemExit as stop:
        return stop.code


@pytest.mark.usefixtures("frozen_worker")
def test_render_to_a_file_by_its_ending(tmp_path, capsysbinary):
    starts = {"svg": b"<svg", "PNG": b"\x89PNG", "pdf": b"%PDF", "jpg": b"\xff\xd8\xff"}
    starts |= {"webp": b"RIFF", "gif": b"GIF8", "tif": b"II*\0", "dot": b"digraph"}
    for ending, start in starts.items():
        path = tmp_path / f"a.{ending}"
        assert status("render", "m:cnn", "-o", str(path)) == 0
        assert capsysbinary.readouterr() == (b"", b"")
        assert path.read_bytes().startswith(start)


@pytest.mark.keras
def test_render_to_a_file(tmp_path):
    path = tmp_path / "a.png"
    result = run("render", "example_models.cnn:build_cnn", "-o", str(path), *FRAMEWORKLESS)
    assert (result.returncode, result.stdout) == (0, b"")
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.keras
@pytest.mark.parametrize("backend", [FRAMEWORKLESS, pytest.param((), marks=pytest.mark.proof)])
def test_render_to_standard_output_with_kwargs_and_options(backend):
    result = run(
        *("render", "example_models.cnn:build_cnn", "--kwargs", '{"classes": 37}'),
        *("--set", "theme=dark", "--set", "draw_volume=no", "--view", "layered"),
        *("--set", "type-ignore=Flatten, *Pool*", "--set", "index-ignore=99"),
        *backend,
    )
    assert result.returncode == 0
    assert b"Not shown: 2 MaxPooling2D, 1 Flatten." in result.stdout
    assert b"warning: index-ignore: there is no layer 99 among" in result.stderr
    assert b">37<" in result.stdout
    assert b"kd-theme-dark" in result.stdout


@pytest.fixture
def printed(capsysbinary, monkeypatch):
    """Give what a command that succeeds prints, run in this process."""

    def printed(*arguments, folder=MODELS):
        monkeypatch.chdir(folder)
        assert status(*arguments) == 0
        output, errors = capsysbinary.readouterr()
        assert not errors
        return output.decode()

    return printed


@pytest.mark.keras
def test_inspect_prints_a_table_and_json(printed):
    inspect = ("inspect", "example_models.cnn:build_cnn", *FRAMEWORKLESS)
    table = printed(*inspect)
    assert "conv1    Conv2D        26×26×32  float32         320    194,688  image" in table
    assert "parameters  34,826: 34,826 trainable, 0 not" in table
    assert "MACs        2,440,960 (2.4 million), for one sample" in table
    graph = printed(*inspect, "--json")
    assert ModelGraph.from_dict(json.loads(graph)).params == 34_826


@pytest.mark.keras
def test_the_table_in_the_reference_is_what_is_printed(printed):
    page = (MODELS / "reference" / "command-line.md").read_text("utf-8")
    [command] = [
        line.split()[2:]
        for line in page.splitlines()
        if line.startswith("$ keras-diagram inspect")
    ]
    assert printed(*command, *FRAMEWORKLESS) in page


BLOCK = """\
import keras


class Block(keras.layers.Layer):
    def __init__(self):
        super().__init__(name="block")
        self.inner = keras.layers.Dense(3, name="inner")

    def call(self, x):
        return self.inner(x)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block()

    def call(self, x):
        return self.block(x)
"""


@pytest.mark.keras
def test_all_options_of_the_model_are_flags(printed, tmp_path):
    (tmp_path / "block.py").write_text(BLOCK)
    shape = ("--input-shape", "[5]", *FRAMEWORKLESS)
    for opened in ((), ("--depth", "all"), ("--expand", "Block")):
        shown = printed("inspect", "block:Net", *shape, *opened, folder=tmp_path)
        assert ("Block" in shown, "inner" in shown) == (not opened, bool(opened))


def test_notes_are_warnings(monkeypatch, capsysbinary):
    picture = Artifact(
        key="k", format="svg", width=1, height=1, alt="", notes=("A part is missing.",), data=b"x"
    )
    monkeypatch.setattr(cli, "render", lambda *_args, **_options: picture)
    assert cli.main(["render", "a:b"]) == 0
    out, error = capsysbinary.readouterr()
    assert (out, error) == (b"x", b"keras-diagram: warning: A part is missing.\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("render",), "TARGET"),
        (("render", "a:b", "--input-shape", "x"), "Write a shape like"),
        (("draw", "a:b"), "invalid choice"),
        (("render", "a.b"), "package.module:attribute"),
        (("render", "a:b", "--set", "witdh=3"), "Did you mean 'width'"),
        (("render", "a:b", "--set", "width"), "OPTION=VALUE"),
        (("render", "a:b", "--view", "layerd"), "Did you mean 'layered'"),
        (("render", "a:b", "--kwargs", "[1]"), "mapping"),
        (("render", "a:b", "-o", "picture.bmp"), ".svg, .png"),
        (("inspect", "a:b", "--depth", "x"), "whole number"),
        (("render", "a:b", "--direction", "down"), "Write it as --set direction=down"),
        (("render", "--draw_volume=no", "a:b"), "Write it as --set draw-volume=no"),
        (("render", "a:b", "--legend"), "Write it as --set legend=VALUE"),
    ],
)
def test_wrong_usage_is_status_2(arguments, words, capsys):
    assert status(*arguments) == 2
    out, error = capsys.readouterr()
    assert words in error
    assert out == ""


def test_the_status_is_that_of_the_process():
    result = run("render", "a:b", "--view", "layerd")
    assert result.returncode == 2
    assert b"Did you mean 'layered'" in result.stderr
    assert result.stdout == b""


def test_a_failed_diagram_is_status_1_without_a_traceback_unless_asked(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "bad.py").write_text("def build():\n    raise ValueError('on purpose')\n")
    monkeypatch.chdir(tmp_path)
    for asked in ((), ("--traceback",)):
        assert status("render", "bad:build", *asked) == 1
        errors = capsys.readouterr().err
        assert "ValueError: on purpose" in errors
        assert ("Traceback" in errors) == ("line 2, in build" in errors) == bool(asked)


def test_a_file_that_cannot_be_written_is_status_1(tmp_path, capsys):
    folder = tmp_path / "no"
    assert status("render", "bad:build", "-o", str(folder / "where.svg")) == 1
    assert capsys.readouterr().err == f"keras-diagram: There is no folder '{folder}'.\n"


@pytest.mark.parametrize(
    ("markup", "flag"),
    [
        ("Give it, for example `input-shape: [32, 32, 3]`.", "`--input-shape 32,32,3`."),
        ("If that is due to its input, give it as `inputs`.", "`--inputs`."),
        ("Leave out the batch: `[32, 32, 3]`.", ": `[32, 32, 3]`."),
    ],
)
def test_hints_name_flags(monkeypatch, capsys, markup, flag):
    def fails(*_args, **_options):
        raise ModelError("It fails.", hint=markup)

    monkeypatch.setattr(cli, "render", fails)
    assert cli.main(["render", "a:b"]) == 1
    assert capsys.readouterr().err.endswith(f"{flag}\n")


def test_help_lists_every_option():
    text = run("render", "--help").stdout.decode()
    for option in MODEL_OPTIONS:
        assert f"--{option.name} VALUE" in text
    assert "draw-volume=true | false" in text
    assert text.count("Widest that the picture may get") == 1
    assert text.index("options of all views:") < text.index("  width=")
    assert "options of the views auto, layered, blocks:\n  detail=" in text
    assert "options of the format 'dot':" in text


def test_version():
    assert run("--version").stdout.decode().strip() == keras_diagram_core.__version__
