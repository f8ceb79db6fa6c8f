"""The defects of other tools, by their numbers in our notes on them: none is here.

D1 and D16 need Keras: `tests/worker/visualkeras_scripts.py`.
"""

import io
import os
import subprocess
import sys
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from core_graphs import load_graph
from legibility import measure
from PIL import ImageFont

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.sizes import sizes_of
from keras_diagram_core.options import LayeredOptions, parse_options
from keras_diagram_core.scene import Scene, Text

GRAPHS = Path(__file__).parents[1] / "graphs"


def draw(name: str, **options) -> Scene:
    return lay_out(load_graph(name), parsed(**options))


def parsed(**options):
    return parse_options({name.replace("_", "-"): value for name, value in options.items()})


def texts(scene: Scene) -> list[str]:
    items = (*scene.marks, *scene.labels)
    return [shape.text for item in items for shape in item.shapes if isinstance(shape, Text)]


def chain(*shapes, data_format="") -> ModelGraph:
    """A chain of convolutions with these outputs."""
    config = {"data_format": data_format} if data_format else {}
    names = [f"conv{number}" for number in range(len(shapes))]
    nodes = tuple(
        Node(
            id=name,
            layer=name,
            name=name,
            type="Conv2D",
            module="",
            output_shapes=(shape,),
            config=config,
        )
        for name, shape in zip(names, shapes, strict=True)
    )
    edges = tuple(Edge(source=a, target=b) for a, b in pairwise(names))
    ends = {"inputs": (Endpoint(node=names[0]),), "outputs": (Endpoint(node=names[-1]),)}
    return ModelGraph(name="chain", nodes=nodes, edges=edges, **ends)


def test_d2_labels_stand_at_their_boxes():
    for width in (400, 720, 1200):
        found = measure(draw("cnn", view="functional", width=width), load_graph("cnn"))
        assert found.overlapping_texts == found.texts_outside == 0


def test_d3_no_node_is_drawn_twice():
    found = measure(draw("tiny_residual", view="graph"), load_graph("tiny_residual"))
    assert found.uncovered_nodes == found.invented_edges == found.missing_edges == 0


@pytest.mark.slow
def test_d4_every_process_draws_the_same():
    program = (
        "import json, sys; from pathlib import Path\n"
        "from keras_diagram_core.graph import ModelGraph\n"
        "from keras_diagram_core.layout import lay_out\n"
        "from keras_diagram_core.options import VIEWS, parse_options\n"
        "graph = ModelGraph.from_dict(json.loads(Path(sys.argv[1]).read_text()))\n"
        "print([lay_out(graph, parse_options({'view': view})).to_dict() for view in VIEWS])\n"
    )
    pictures = {
        subprocess.run(
            [sys.executable, "-c", program, GRAPHS / "tiny_two_inputs.json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(pictures) == 1


@pytest.mark.parametrize("name", ["unet", "vgg16"])
def test_d5_no_box_is_cut_off(name):
    scene = draw(name, view="layered")
    assert all(mark.bounds.left >= 0 and mark.bounds.top >= 0 for mark in scene.marks)
    assert all(mark.bounds.right <= scene.width for mark in scene.marks)


@pytest.mark.parametrize("view", ["layered", "lenet"])
def test_d6_branches_and_skips_are_drawn(view):
    graph = load_graph("unet")
    found = measure(lay_out(graph, parsed(view=view)), graph)
    assert found.missing_edges == found.invented_edges == 0


def test_d8_channels_may_come_first():
    last = chain((None, 64, 64, 3), (None, 32, 32, 8))
    first = chain((None, 3, 64, 64), (None, 8, 32, 32), data_format="channels_first")
    options = LayeredOptions()
    sizes = [sizes_of(graph, lambda _: options) for graph in (first, last)]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize(("background", "ink"), [("black", "#e6ebf0"), ("white", "#1f2933")])
def test_d9_words_stand_out_from_the_background(background, ink):
    scene = draw("cnn", background_fill=background)
    paint = scene.paints["ink"]
    assert (paint.dark if scene.theme == "dark" else paint.light) == ink


@pytest.mark.parametrize("view", ["layered", "lenet"])
@pytest.mark.parametrize("name", ["cnn", "vgg16", "unet"])
def test_d10_labels_do_not_overlap(view, name):
    found = measure(draw(name, view=view, show_layer_names=True), load_graph(name))
    assert found.overlapping_texts == 0


def test_d11_signs_are_in_the_font():
    path = resources.files("keras_diagram_core.backends").joinpath("fonts", "DejaVuSans.ttf")
    font = ImageFont.truetype(io.BytesIO(path.read_bytes()), 40)
    unknown = bytes(font.getmask("\ue000"))
    assert not [sign for sign in "×·−÷‖…→–" if bytes(font.getmask(sign)) == unknown]


def test_d15_every_view_hides_and_has_a_legend():
    for view in ("functional", "graph"):
        scene = draw("cnn", view=view, type_ignore="Dropout")
        assert not any("Dropout" in mark.type for mark in scene.marks)
        assert any(label.role == "legend" for label in scene.labels)
    assert "26×26×32" in texts(draw("cnn", view="graph"))
