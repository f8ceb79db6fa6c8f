"""Each option of the views functional, graph and lenet does what its help says."""

from itertools import pairwise
from typing import Any

import pytest
from cases import diagonals
from core_graphs import crossed, graphs, load_graph, two_chains
from hypothesis import given
from hypothesis import strategies as st
from legibility import measure
from msgspec.structs import replace

from keras_diagram_core.errors import RequestError
from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Box, Circle, Connector, Label, Mark, Polygon, Scene, Text

RESIDUAL = "[Conv2D, Conv2D, Conv2D, Add]"
BOTTLENECK = (
    "[Conv2D, BatchNormalization, Activation, Conv2D, BatchNormalization, Activation,"
    " Conv2D, BatchNormalization, Add, Activation]"
)
ENCODER = "[LayerNormalization, MultiHeadAttention, Add, LayerNormalization, Dense, Dense, Add]"


def draw(graph: str | ModelGraph, view: str, **options: Any) -> Scene:
    """Draw, and make sure that the picture is as tidy as without options."""
    graph = load_graph(graph) if isinstance(graph, str) else graph
    raw = {name.replace("_", "-"): value for name, value in options.items()}
    scene = lay_out(graph, parse_options({"view": view, **raw}))
    assert scene.width <= options.get("width", 720)
    if not options.get("add_output_nodes"):
        assert measure(scene, graph)[3:10] == (0,) * 7
    return scene


def words(item: Mark | Label) -> list[str]:
    return [shape.text for shape in item.shapes if isinstance(shape, Text)]


def mark_of(scene: Scene, node: str) -> Mark:
    return next(mark for mark in scene.marks if node in mark.nodes)


def gaps(scene: Scene, *nodes: str) -> list[float]:
    """What is free between marks that stand side by side."""
    bounds = [mark_of(scene, node).bounds for node in nodes]
    return [right.left - left.right for left, right in pairwise(bounds)]


def label(scene: Scene, role: str) -> list[Label]:
    return [label for label in scene.labels if label.role == role]


@pytest.mark.option("functional", "column-spacing")
def test_column_spacing():
    scene = draw("tiny_residual", "functional", column_spacing=50)
    assert min(gaps(scene, "image", "conv_a", "conv_b")) >= 50
    meshed = draw("densenet121", "functional", column_spacing=40)
    assert meshed.height > draw("densenet121", "functional").height
    unet = draw("unet", "functional", column_spacing=16, width=1400)
    assert unet.width > draw("unet", "functional", column_spacing=9, width=1400).width


@pytest.mark.option("functional", "row-spacing")
def test_row_spacing():
    plain, wide = (draw("inception_v3", "functional", row_spacing=row) for row in (0, 40))
    assert wide.height > plain.height + 200
    levels = [draw("unet", "functional", row_spacing=row).height for row in (10, 50)]
    assert levels[1] == pytest.approx(levels[0] + 4 * 40)


@pytest.mark.option("functional", "component-spacing")
def test_component_spacing():
    scene = draw(two_chains(), "functional", component_spacing=55)
    above, below = (
        max(mark_of(scene, name).bounds.bottom for name in "ab"),
        min(mark_of(scene, name).bounds.top for name in "cd"),
    )
    assert 55 <= below - above <= 55 + 40
    assert scene.height > draw(two_chains(), "functional").height


@pytest.mark.option("functional", "connector-arrow")
def test_connector_arrow():
    assert {c.arrow for c in draw("unet", "functional").connectors} == {4.0}
    scene = draw("unet", "functional", connector_arrow=False)
    assert {c.arrow for c in scene.connectors} == {0.0}


@pytest.mark.option("functional", "connector-padding")
def test_connector_padding():
    for options in ({}, {"draw_volume": True}):
        scene = draw("tiny_residual", "functional", connector_padding=3, **options)
        edge = next(c for c in scene.connectors if c.target == "conv_b")
        first, last = (mark_of(scene, node).bounds for node in ("conv_a", "conv_b"))
        assert edge.points[0][0] == pytest.approx(first.right + 3, abs=0.05)
        assert edge.points[-1][0] == pytest.approx(last.left - 3, abs=0.05)


@pytest.mark.option("functional", "draw-volume")
def test_draw_volume():
    for name in ("unet", "vgg16"):
        for direction in ("auto", "down"):
            scene = draw(name, "functional", draw_volume=True, direction=direction)
            sides = [
                shape
                for mark in scene.marks
                for shape in mark.shapes
                if isinstance(shape, Polygon)
            ]
            boxes = [m for m in scene.marks if any(isinstance(s, Box) for s in m.shapes)]
            assert len(sides) == 2 * len(boxes)


def slant(degrees: float) -> tuple[float, float]:
    """How far the back of the input is to the right of its front, and above it."""
    scene = draw("tiny_residual", "functional", draw_volume=True, orientation_rotation=degrees)
    mark = mark_of(scene, "image")
    front = next(shape for shape in mark.shapes if isinstance(shape, Box)).bounds
    return mark.bounds.right - front.right, front.top - mark.bounds.top


@pytest.mark.option("functional", "orientation-rotation")
def test_orientation_rotation():
    assert slant(0)[1] == 0 < slant(0)[0]
    assert slant(90)[0] == 0 < slant(90)[1]
    across, up = slant(45)
    assert across == pytest.approx(up, abs=0.05)


@pytest.mark.option("functional", "add-output-nodes")
def test_add_output_nodes():
    scene = draw("tiny_nested", "functional", add_output_nodes=True)
    assert mark_of(scene, "output").family == "io"
    two = draw(two_chains(), "functional", add_output_nodes=True)
    assert {c.target for c in two.connectors if c.source in "bd"} == {"output_0", "output_1"}
    plain = draw("tiny_nested", "functional")
    assert label(scene, "summary") == label(plain, "summary") or words(
        label(scene, "summary")[0]
    ) == words(label(plain, "summary")[0])


@pytest.mark.option("functional", "simple-text-visualization")
def test_simple_text_visualization():
    scene = draw("vgg16", "functional", simple_text_visualization=True)
    sizes = {
        (shape.width, shape.height)
        for mark in scene.marks
        for shape in mark.shapes
        if isinstance(shape, Box)
    }
    assert len(sizes) == 1
    captions = [words(caption) for caption in label(scene, "caption")]
    assert len(captions) == len(scene.marks)
    assert all(captions)


@pytest.mark.option("functional", "simple-text-label-mode")
def test_simple_text_label_mode():
    chosen = {"simple_text_visualization": True, "show_layer_names": True}
    scene = draw("vgg16", "functional", simple_text_label_mode="inside", **chosen)
    assert words(mark_of(scene, "fc1")) == ["fc1", "4096"]
    assert not label(scene, "caption")
    below = draw("vgg16", "functional", simple_text_label_mode="below", **chosen)
    assert not words(mark_of(below, "fc1"))


def collapsed(name: str, rule: str, **options: Any) -> Scene:
    rules = f"[{{{rule}}}]"
    return draw(name, "functional", collapse_enabled=True, collapse_rules=rules, **options)


@pytest.mark.option("functional", "collapse-enabled")
def test_collapse_enabled():
    rules = "[{kind: layer, selector: Conv2D, repeat_count: 2}]"
    off = draw("vgg16", "functional", collapse_rules=rules)
    assert off.items == draw("vgg16", "functional").items
    assert len(draw("vgg16", "functional", collapse_enabled=True).marks) == len(off.marks)
    on = draw("vgg16", "functional", collapse_rules=rules, collapse_enabled=True)
    assert len(on.marks) == len(off.marks) - 5


@pytest.mark.option("functional", "collapse-rules")
def test_collapse_rules():
    layers = collapsed("vgg16", "kind: layer, selector: Conv2D, repeat_count: 3")
    assert [frame.repeat for frame in layers.frames] == [3, 3, 3]
    assert [words(times) for times in label(layers, "repeat")] == [["3x"]] * 3
    named = collapsed("vgg16", "kind: block, selector: [fc1, fc2], repeat_count: 2")
    assert "rule 1 selects nothing" in named.notes[-1]
    for selector in (RESIDUAL, BOTTLENECK):
        blocks = collapsed("resnet50", f"kind: block, selector: {selector}, repeat_count: 4")
        assert [frame.repeat for frame in blocks.frames] == [4] * 4
    encoder = collapsed("transformer", f"kind: block, selector: {ENCODER}, repeat_count: 3")
    [frame] = encoder.frames
    assert len(frame.nodes) == 21
    # In the branches of residual blocks, too.
    inner = collapsed(
        "resnet50", "kind: layer, selector: Conv2D, repeat_count: 2", max_height=9000
    )
    assert sum("2x" in words(times) for times in label(inner, "repeat")) >= 8


def annotation_of(**options: Any) -> tuple[Label, Mark]:
    rule = "kind: layer, selector: Conv2D, repeat_count: 3, label: thrice"
    if options.pop("below", False):
        rule += ", annotation_position: below"
    scene = collapsed("vgg16", rule, **options)
    times = label(scene, "repeat")[0]
    assert words(times) == ["thrice"]
    return times, mark_of(scene, times.nodes[0])


@pytest.mark.option("functional", "collapse-annotations")
def test_collapse_annotations():
    times, mark = annotation_of()
    assert times.bounds.bottom < mark.bounds.top
    assert len(times.shapes) > 1
    times, mark = annotation_of(below=True)
    assert times.bounds.top > mark.bounds.bottom
    times, _ = annotation_of(collapse_annotations=False)
    assert len(times.shapes) == 1


@pytest.mark.option("functional", "layout-iterations")
def test_layout_iterations():
    counts = []
    for sweeps in (0, 4):
        scene = draw(crossed(), "functional", layout_iterations=sweeps)
        height = {mark.nodes[0]: mark.bounds.top for mark in scene.marks}
        ends = [(height[c.source], height[c.target]) for c in scene.connectors]
        counts.append(sum(a < c and b > d for a, b in ends for c, d in ends))
    assert counts[0] > counts[1]


@pytest.mark.option("functional", "virtual-node-size")
def test_virtual_node_size():
    for name in ("tiny_residual", "unet"):
        heights = [draw(name, "functional", virtual_node_size=size).height for size in (8, 40)]
        assert heights[1] >= heights[0] + 20
    # Networks that are laid out by ranks.
    heights = [draw(bypassed(), "functional", virtual_node_size=size).height for size in (8, 40)]
    assert heights[1] >= heights[0] + 20


def bypassed() -> ModelGraph:
    """The crossed network, with an edge past it."""
    graph = crossed()
    edge = Edge(source="i", target="j", target_index=9)
    return ModelGraph(
        name="bypassed",
        nodes=graph.nodes,
        edges=(*graph.edges, edge),
        inputs=graph.inputs,
        outputs=graph.outputs,
    )


@pytest.mark.option("functional", "render-virtual-nodes")
def test_render_virtual_nodes():
    assert not label(draw("tiny_residual", "functional"), "turn")
    scene = draw("tiny_residual", "functional", render_virtual_nodes=True)
    [skip] = [c for c in scene.connectors if c.source == "image" and c.target != "conv_a"]
    [dots] = label(scene, "turn")
    assert dots.nodes == (skip.source, skip.target)
    assert [(dot.x, dot.y) for dot in dots.shapes if isinstance(dot, Circle)] == [
        *skip.points[1:-1]
    ]
    large = draw("tiny_residual", "functional", render_virtual_nodes=True, virtual_node_size=12)
    assert label(large, "turn")[0].shapes[0].radius > dots.shapes[0].radius


@pytest.mark.option("graph", "layer-spacing")
def test_layer_spacing():
    scene = draw("tiny_residual", "graph", layer_spacing=60)
    assert min(gaps(scene, "image", "conv_a", "conv_b")) >= 60
    assert draw("tiny_mlp", "graph", layer_spacing=60).width > draw("tiny_mlp", "graph").width


@pytest.mark.option("graph", "node-spacing")
def test_node_spacing():
    scene = draw("tiny_mlp", "graph", node_spacing=12)
    circles = [s for s in mark_of(scene, "hidden").shapes if isinstance(s, Circle)]
    assert {b.y - a.y - 10 for a, b in pairwise(circles)} == {12.0}
    branches = [draw("tiny_two_inputs", "graph", node_spacing=n).height for n in (5, 45)]
    assert branches[1] >= branches[0] + 40


def words_of(node: str, **options: Any) -> tuple[float, float]:
    """How far the words of a layer are above it, and below it."""
    scene = draw("lenet5", "lenet", **options)
    bounds = mark_of(scene, node).bounds
    texts = [
        shape.bounds
        for caption in label(scene, "caption")
        if node in caption.nodes
        for shape in caption.shapes
    ]
    return (
        bounds.top - max(text.bottom for text in texts if text.bottom < bounds.top + 5),
        min(text.top for text in texts if text.top > bounds.bottom - 5) - bounds.bottom,
    )


def labelled(**texts: str) -> ModelGraph:
    """A network on whose layers functions have written."""
    graph = load_graph("lenet5")
    nodes = (replace(node, texts=texts) for node in graph.nodes)
    return replace(graph, nodes=tuple(nodes))


@pytest.mark.option("lenet", "top-label-callable")
def test_top_label_callable():
    scene = draw(labelled(top="a title"), "lenet", top_label_callable="mod:function")
    texts = {each.nodes[0]: words(each) for each in label(scene, "caption")}
    assert texts["c1"] == ["a title", "Convolution", "5×5", "tanh"]
    folded = load_graph("resnet50")
    nodes = tuple(replace(node, texts={"top": "mine"}) for node in folded.nodes)
    scene = draw(replace(folded, nodes=nodes), "lenet", top_label_callable="mod:function")
    assert not any("@" in text for each in label(scene, "caption") for text in words(each))


@pytest.mark.option("lenet", "bottom-label-callable")
def test_bottom_label_callable():
    graph = labelled(bottom="one\ntwo")
    scene = draw(graph, "lenet", bottom_label_callable="mod:function")
    texts = {each.nodes[0]: words(each) for each in label(scene, "caption")}
    assert texts["c1"] == ["6@28×28", "one", "two"]
    scene = draw(graph, "lenet", bottom_label_callable="mod:function", bottom_label=False)
    assert not any("one" in words(each) for each in label(scene, "caption"))


@pytest.mark.option("lenet", "top-label-padding")
def test_top_label_padding():
    usual, far = words_of("image"), words_of("image", top_label_padding=25)
    assert far[0] == pytest.approx(usual[0] + 20)
    assert far[1] == pytest.approx(usual[1])


@pytest.mark.option("lenet", "bottom-label-padding")
def test_bottom_label_padding():
    usual, far = words_of("image"), words_of("image", bottom_label_padding=25)
    assert far[1] == pytest.approx(usual[1] + 20)
    assert far[0] == pytest.approx(usual[0])


def patches(**options: Any) -> tuple[Scene, list[Box]]:
    scene = draw("lenet5", "lenet", **options)
    boxes = [s for patch in label(scene, "patch") for s in patch.shapes if isinstance(s, Box)]
    return scene, boxes


@pytest.mark.option("lenet", "patch-fill")
def test_patch_fill():
    scene, boxes = patches(patch_fill="tomato")
    assert {scene.paints[box.fill].light for box in boxes} == {"#ff6347"}


@pytest.mark.option("lenet", "patch-outline")
def test_patch_outline():
    scene, boxes = patches(patch_outline="tomato")
    assert {scene.paints[box.line].dark for box in boxes} == {"#ff6347"}


@pytest.mark.option("lenet", "seed")
def test_seed():
    places = [[(box.left, box.top) for box in patches(seed=number)[1]] for number in (0, 1, 2, 1)]
    assert places[1] == places[3]
    assert len({tuple(place) for place in places}) == 3


PICTURES: list[dict[str, Any]] = [
    {"draw_volume": True},
    {"draw_volume": True, "direction": "down"},
    {"simple_text_visualization": True},
    {"simple_text_visualization": True, "simple_text_label_mode": "inside", "direction": "down"},
    {"column_spacing": 40, "row_spacing": 30},
    {"component_spacing": 20},
    {"virtual_node_size": 20, "render_virtual_nodes": True},
    {"layout_iterations": 0, "connector_padding": 5},
    {
        "collapse_enabled": True,
        "draw_volume": True,
        "collapse_rules": "[{kind: layer, selector: Conv2D, repeat_count: 2}]",
    },
    {
        "collapse_enabled": True,
        "direction": "down",
        "collapse_rules": "[{kind: block, selector: [Dense, Dense], repeat_count: 2}]",
    },
]


@pytest.mark.parametrize(
    ("name", "options"),
    diagonals(2, ["resnet50", "tiny_shared", "transformer", "unet", "vgg16"], PICTURES),
    ids=str,
)
def test_real_models_stay_legible(name, options):
    draw(name, "functional", **options)


@given(graph=graphs(), options=st.sampled_from(PICTURES), width=st.sampled_from([300, 720]))
def test_any_graph_stays_legible(graph, options, width):
    draw(graph, "functional", width=width, **options)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("[{kind: layer, selector: Conv2D}]", "repeat_count"),
        ("[{kind: layer, selector: Conv2D, repeat_count: 1}]", ">= 2"),
        ("[{kind: pile, selector: Conv2D, repeat_count: 2}]", "pile"),
        ("[{kind: block, selector: Conv2D, repeat_count: 2}]", "Rule 1 selects 1 layers"),
        ("[{kind: layer, selector: [a, b], repeat_count: 2}]", "Rule 1 selects 2 layers"),
        ("[{kind: layer, selector: a, repeat_count: 2, colour: red}]", "colour"),
        ("Conv2D", "is not a list"),
        ("[3]", "'3' is not a mapping"),
    ],
)
def test_wrong_rules_are_refused(rules, message):
    with pytest.raises(RequestError, match=message):
        parse_options({"view": "functional", "collapse-rules": rules})


def test_equal_rules_are_one_request():
    one = "{kind: layer, selector: Conv2D, repeat_count: 2}"
    other = [{"kind": "layer", "selector": ["Conv2D"], "repeat_count": 2, "label": ""}]
    assert parse_options({"view": "functional", "collapse-rules": one}) == parse_options(
        {"view": "functional", "collapse-rules": other}
    )
    assert isinstance(draw("cnn", "functional").connectors[0], Connector)
