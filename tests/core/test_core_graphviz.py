"""The object that `model_to_dot` gives: text without Graphviz, pictures with it."""

import shutil
import stat
from pathlib import Path

import pytest
from core_graphs import load_graph

import keras_diagram_core
from keras_diagram_core import DiagramError, Dot, EnvironmentProblem
from keras_diagram_core.dot import write_dot
from keras_diagram_core.options import DotOptions

needs_graphviz = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
UNIX = pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")


@pytest.fixture
def dot() -> Dot:
    return Dot(load_graph("cnn"), DotOptions(dpi=300))


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program in the place of Graphviz."""

    def install(script: str) -> None:
        path = tmp_path / "dot"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return install


def test_the_text_needs_no_graphviz(dot, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    text = write_dot(dot.graph, dot.options)
    assert text == str(dot) == dot.to_string()
    for name in ("a.dot", "a.gv", "a"):
        dot.write(tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == text
    with pytest.raises(EnvironmentProblem, match=r"Install it .* or use `plot_model`"):
        dot.write_png(tmp_path / "a.png")
    assert not Path(tmp_path / "a.png").exists()


@needs_graphviz
def test_graphviz_draws(dot, tmp_path):
    dot.write_png(tmp_path / "a.png")
    dot.write_svg(tmp_path / "a.svg")
    dot.write_pdf(tmp_path / "a.pdf")
    dot.write(tmp_path / "b.PNG")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.PNG").read_bytes()
    assert dot.create().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


@UNIX
def test_a_resolution_is_for_raster_pictures(dot, program):
    program("cat")
    assert b"dpi=300" in dot.create("png")
    assert b"dpi" not in dot.create("svg")


@UNIX
def test_a_failure_says_what_graphviz_said(dot, program):
    program("echo 'Format: \"xyz\" not recognized.' >&2; exit 1")
    with pytest.raises(DiagramError, match=r'^Graphviz failed: Format: "xyz" not recognized\.$'):
        dot.create("xyz")
    ortho = Dot(dot.graph, DotOptions(splines="ortho"))
    with pytest.raises(DiagramError, match="try 'spline'"):
        ortho.create()


def test_there_is_no_other_lazy_name():
    with pytest.raises(AttributeError, match="no attribute 'plot_modle'"):
        _ = keras_diagram_core.plot_modle
