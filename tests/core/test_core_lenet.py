"""The LeNet view is true to the graph, and legible."""

from itertools import pairwise
from typing import Any

import pytest
from cases import diagonals
from core_graphs import NAMES, graphs, load_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import Shelf, measure, texts_of
from test_core_functional import assert_orthogonal, assert_true, ladders, long_graph

from keras_diagram_core import DiagramError
from keras_diagram_core.backends import paint
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node, Shape
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Bounds, Box, Label, Mark, Scene, Stroke, Text

OPTIONS: list[dict[str, Any]] = [
    {},
    {"width": 400},
    {"width": 240},
    {"direction": "down"},
    {"theme": "dark", "show-layer-names": True},
    {"draw-patches": False},
    {"top-label": False, "bottom-label": False, "padding": 2},
    {"map-spacing": 10, "layer-spacing": 10, "max-visual-channels": 20},
    {"max-xy": 300, "scale-xy": 12, "layer-spacing": 90, "patch-scale": 4},
]


def draw(graph: ModelGraph, **options: Any) -> Scene:
    return lay_out(graph, parse_options({"view": "lenet", **options}))


def assert_tidy(scene: Scene, graph: ModelGraph, width: float) -> None:
    """Nothing overlaps, nothing leaves the picture, no line meets a foreign mark or a text."""
    found = measure(scene, graph)
    assert found.width <= width
    assert found.smallest_text >= 9 or not found.smallest_text or not scene.labels
    assert found.overlapping_marks == found.overlapping_texts == found.texts_outside == 0
    page = Bounds(0, 0, scene.width, scene.height)
    texts = Shelf()
    for owner, text in texts_of(scene):
        if owner is None:
            texts.add(text, text.bounds)
    for item in scene.items:
        if not hasattr(item, "points"):
            assert page.contains(item.bounds), item
    for connector in scene.connectors:
        if connector.arrow:
            assert_orthogonal(connector)
        for (x0, y0), (x1, y1) in pairwise(connector.points):
            steps = [step / 24 for step in range(25)]
            for x, y in ((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t) for t in steps):
                assert page.contains(Bounds(x, y, x, y))
                point = Bounds(x - 0.1, y - 0.1, x + 0.1, y + 0.1)
                assert not texts.overlapping(point, 0.0), connector
    folded = any(frame.repeat > 1 for frame in scene.frames)
    assert folded or found.edges_through_marks == 0


def marks(scene: Scene) -> dict[str, Mark]:
    return {mark.nodes[0]: mark for mark in scene.marks}


def boxes(item: Mark | Label) -> list[Box]:
    return [shape for shape in item.shapes if isinstance(shape, Box)]


def words(scene: Scene, node: str = "") -> list[str]:
    labels = [item for item in scene.labels if not node or node in item.nodes]
    return [shape.text for item in labels for shape in item.shapes if isinstance(shape, Text)]


def patches(scene: Scene) -> dict[tuple[str, ...], list[Box]]:
    found = (label for label in scene.labels if label.role == "patch")
    return {label.nodes: boxes(label) for label in found if boxes(label)}


def chain(*layers: tuple[str, Shape, dict[str, Any]]) -> ModelGraph:
    """Make a model of layers in a row: their class, the shape that they give, their facts."""
    members = tuple(
        Node(
            id=f"n{number}",
            layer=f"n{number}",
            name=f"n{number}",
            type=type_,
            module="keras.layers",
            output_shapes=(shape,),
            params=number,
            config=config,
        )
        for number, (type_, shape, config) in enumerate(layers)
    )
    edges = tuple(Edge(source=one.id, target=other.id) for one, other in pairwise(members))
    return ModelGraph(
        name="chain",
        nodes=members,
        edges=edges,
        inputs=(Endpoint(node="n0"),),
        outputs=(Endpoint(node=members[-1].id),),
    )


@pytest.mark.parametrize(("name", "options"), diagonals(3, NAMES, OPTIONS), ids=str)
def test_real_models_are_drawn_true_and_tidy(name, options):
    graph = load_graph(name)
    scene = draw(graph, **options)
    assert_true(scene, graph)
    assert_tidy(scene, graph, options.get("width", 720))


@given(
    graph=graphs(),
    width=st.sampled_from([240, 400, 720]),
    names=st.booleans(),
    spacing=st.sampled_from([10, 40, 120]),
    channels=st.sampled_from([1, 12, 64]),
)
def test_any_graph_is_drawn_true_and_tidy(graph, width, names, spacing, channels):
    chosen = {"show-layer-names": names, "layer-spacing": spacing, "max-visual-channels": channels}
    scene = draw(graph, width=width, legend=False, **chosen)
    assert_true(scene, graph)
    assert_tidy(scene, graph, width)


@given(graph=ladders(), width=st.sampled_from([300, 720, 1400]))
def test_any_ladder_is_drawn_true_and_tidy(graph, width):
    scene = draw(graph, width=width)
    assert_true(scene, graph)
    assert_tidy(scene, graph, width)


@pytest.mark.parametrize("name", ["cnn", "lenet5", "tiny_two_inputs"])
def test_golden(name, data_regression, file_regression):
    scene = draw(load_graph(name))
    data_regression.check(scene.to_dict(), basename=f"{name}-scene")
    text = paint(scene, "svg").decode("utf-8")
    file_regression.check(text, basename=name, extension=".svg", encoding="utf-8")


def test_lenet_is_one_row_that_says_what_it_is():
    scene = draw(load_graph("lenet5"))
    axes = {round((mark.bounds.top + mark.bounds.bottom) / 2) for mark in scene.marks}
    assert len(axes) == 1
    said = {id_: words(scene, id_)[-4:] for id_ in ("c1", "s2", "flatten", "output")}
    assert said["c1"] == ["6@28×28", "Convolution", "5×5", "tanh"]
    assert said["s2"][-3:] == ["6@14×14", "Average", "pooling 2×2"]
    assert said["flatten"] == ["400", "Flatten"]
    assert said["output"] == ["10", "Dense", "softmax"]


def test_stacks_have_as_many_maps_as_channels_where_they_are_few():
    shown = {id_: len(boxes(mark)) for id_, mark in marks(draw(load_graph("lenet5"))).items()}
    assert (shown["image"], shown["c1"], shown["s2"]) == (1, 6, 6)
    assert shown["c3"] == shown["s4"] == 12


@pytest.mark.option("lenet", "max-visual-channels")
def test_more_channels_are_more_maps_and_never_more_than_wanted():
    graph = load_graph("vgg16")
    names = [f"block{number}_conv1" for number in range(1, 5)]
    for most in (1, 6, 12):
        shown = {
            id_: len(boxes(mark))
            for id_, mark in marks(draw(graph, **{"max-visual-channels": most})).items()
        }
        counts = [shown[name] for name in names]
        assert counts == sorted(counts)
        assert counts[-1] == most


def test_maps_shrink_with_their_tensors():
    found = marks(draw(load_graph("vgg16")))
    sides = [boxes(found[f"block{number}_conv1"])[0].height for number in range(1, 6)]
    assert sides == sorted(set(sides), reverse=True)


def test_a_patch_is_the_window_and_leads_to_one_value():
    graph = chain(
        ("InputLayer", (None, 30, 60, 1), {}),
        ("Conv2D", (None, 28, 54, 4), {"kernel_size": (3, 7)}),
    )
    scene = draw(graph, **{"max-xy": 300, "scale-xy": 4})
    [window, value] = patches(scene)["n0", "n1"]
    face = boxes(marks(scene)["n0"])[0]
    assert window.height == pytest.approx(face.height * 3 / 30, abs=0.02)
    assert window.width == pytest.approx(face.width * 7 / 60, abs=0.02)
    [ray] = scene.connectors
    start, end = ray.points
    assert start == pytest.approx((window.bounds.right, window.bounds.top), abs=0.02)
    assert value.bounds.contains(Bounds(*end, *end))


def test_upsampling_makes_a_window_of_one_value():
    graph = chain(
        ("InputLayer", (None, 20, 20, 2), {}),
        ("Conv2DTranspose", (None, 40, 40, 2), {"kernel_size": (4, 4)}),
    )
    scene = draw(graph)
    [window, value] = patches(scene)["n0", "n1"]
    before, after = (marks(scene)[id_].bounds for id_ in ("n0", "n1"))
    assert before.contains(value.bounds)
    assert after.contains(window.bounds)
    assert window.width > value.width


def test_space_is_found_whatever_its_rank_and_order():
    first = {"kernel_size": (3, 3), "data_format": "channels_first"}
    labels = {
        "8@?×?": ("Conv2D", (None, None, None, 8), {"kernel_size": (3, 3)}),
        "8@30×62": ("Conv2D", (None, 8, 30, 62), first),
        "8@128": ("Conv1D", (None, 128, 8), {"kernel_size": (3,)}),
        "8@5×6×7": ("Conv3D", (None, 5, 6, 7, 8), {"kernel_size": (3, 3, 3)}),
        "?": ("Dense", (None, None), {}),
        "1": ("Dense", (), {}),
    }
    for text, layer in labels.items():
        assert words(draw(chain(layer)))[0] == text


def test_wide_maps_are_wide():
    first = {"kernel_size": (3, 3), "data_format": "channels_first"}
    for layer in (
        ("Conv2D", (None, 8, 30, 60), first),
        ("Conv2D", (None, 30, 60, 8), {"kernel_size": (3, 3)}),
    ):
        face = boxes(marks(draw(chain(layer)))["n0"])[0]
        assert face.width > face.height


def test_few_neurons_are_drawn_each():
    [*_, bar] = draw(load_graph("tiny_mlp")).marks
    assert sum(isinstance(shape, Stroke) for shape in bar.shapes) == 2 - 1
    many = chain(("Dense", (None, 500), {}))
    assert not any(isinstance(shape, Stroke) for shape in draw(many).marks[0].shapes)


def test_repeats_are_folded_and_say_so():
    scene = draw(load_graph("resnet50"))
    assert [frame.repeat for frame in scene.frames] == [2, 3, 5, 2]
    assert "× 5" in words(scene)
    assert scene.height < 1500


def test_labels_of_folds_speak_of_all_repetitions():
    graph = load_graph("inception_v3")
    texts = words(draw(graph))
    assert any("–" in text and "@" in text for text in texts)


@pytest.mark.parametrize("width", [400, 720])
@pytest.mark.parametrize("name", ["densenet121", "inception_v3", "efficientnet_b0"])
def test_deep_models_stay_on_a_few_pages(name, width):
    assert draw(load_graph(name), width=width).height <= 2600


def test_a_picture_that_gets_too_tall_names_the_better_view():
    better = "The view blocks suits"
    for graph, width, said in (
        (load_graph("efficientnet_b0"), 720, True),
        (load_graph("inception_v3"), 400, True),
        (load_graph("vgg16"), 720, False),
    ):
        assert (better in " ".join(words(draw(graph, width=width)))) == said


def sides(scene: Scene) -> list[float]:
    return [box.height for mark in scene.marks for box in boxes(mark)[:1]]


@pytest.mark.option("lenet", "min-xy max-xy scale-xy layer-spacing map-spacing")
def test_options_of_sizes():
    graph = load_graph("lenet5")
    plain = draw(graph, width=2000)
    assert max(sides(draw(graph, width=2000, **{"max-xy": 60}))) == 60
    assert max(sides(draw(graph, width=2000, **{"scale-xy": 2}))) == 64
    assert min(sides(draw(graph, width=2000, **{"min-xy": 40}))) == 40
    assert draw(graph, width=2000, **{"layer-spacing": 80}).width > plain.width
    assert draw(graph, width=2000, **{"map-spacing": 8}).width > plain.width
    wider = draw(graph, width=2000, padding=30)
    assert (wider.width, wider.height) == (plain.width + 40, plain.height + 40)


@pytest.mark.option("lenet", "draw-patches draw-connections patch-scale")
def test_options_of_patches_and_lines():
    graph = load_graph("lenet5")
    plain = draw(graph)
    assert len(patches(plain)) == 4
    assert not patches(draw(graph, **{"draw-patches": False}))
    assert len(draw(graph, **{"draw-patches": False}).connectors) == len(plain.connectors)
    bare = draw(graph, **{"draw-connections": False})
    assert not bare.connectors
    assert len(patches(bare)) == 4
    residual = draw(load_graph("tiny_residual"), **{"draw-connections": False})
    assert residual.connectors
    assert all(len(connector.points) > 2 for connector in residual.connectors)
    key = ("image", "c1")
    larger = patches(draw(graph, **{"patch-scale": 2}))[key][0]
    assert larger.width == pytest.approx(2 * patches(plain)[key][0].width, abs=0.02)


@pytest.mark.option("lenet", "top-label bottom-label show-shapes show-layer-names")
def test_options_of_labels():
    graph = load_graph("cnn")
    assert words(draw(graph), "conv1")[-4:] == ["32@26×26", "Convolution", "3×3", "relu"]
    assert words(draw(graph, **{"top-label": False}), "conv1")[-3:] == [
        "Convolution",
        "3×3",
        "relu",
    ]
    assert words(draw(graph, **{"show-shapes": False}), "conv1")[-3:] == [
        "Convolution",
        "3×3",
        "relu",
    ]
    assert words(draw(graph, **{"bottom-label": False}), "conv1") == ["32@26×26"]
    assert words(draw(graph, **{"show-layer-names": True}), "conv1")[-1] == "conv1"


def test_the_legend_says_how_to_read_it():
    graph = load_graph("cnn")
    assert any("channels@size" in text for text in words(draw(graph)))
    assert not any("channels@size" in text for text in words(draw(graph, legend=False)))
    assert not any("channels@size" in text for text in words(draw(load_graph("tiny_mlp"))))


@pytest.mark.parametrize(("name", "value"), [("scale-xy", "0"), ("max-visual-channels", "many")])
def test_wrong_values_are_refused(name, value):
    with pytest.raises(DiagramError, match=name):
        draw(load_graph("cnn"), **{name: value})


def test_auto_never_chooses_it():
    for name in NAMES:
        assert lay_out(load_graph(name), parse_options({})).view != "lenet"


def test_no_nodes_at_all():
    scene = draw(ModelGraph(name="empty", nodes=(), edges=(), inputs=(), outputs=()))
    assert scene.marks == ()


@pytest.mark.slow
@pytest.mark.parametrize("skips", [False, True])
def test_a_large_graph_is_drawn(skips):
    graph = long_graph(2_000, skips=skips)
    assert_true(draw(graph), graph)
