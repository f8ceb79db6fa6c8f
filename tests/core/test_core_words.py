"""What pictures and tables say about shared layers, wrappers, costs, and what they leave out."""

from __future__ import annotations

import json

import msgspec
import pytest
from core_graphs import load_graph, small_graph
from test_core_layout import assert_tidy

from keras_diagram_core.backends import paint
from keras_diagram_core.describe import total_macs
from keras_diagram_core.dot import write_dot
from keras_diagram_core.families import family
from keras_diagram_core.graph import Edge, Endpoint, Fact, ModelGraph, Node, Note
from keras_diagram_core.layout import lay_out
from keras_diagram_core.macs import multiply_accumulates
from keras_diagram_core.options import VIEWS, DotOptions, parse_options
from keras_diagram_core.outline.phrases import phrase, short_name
from keras_diagram_core.scene import Scene, Text
from keras_diagram_core.table import table


def draw(graph: ModelGraph, **options: object) -> Scene:
    """Draw a graph in the layered view."""
    return lay_out(graph, parse_options({"view": "layered", **options}))


def svg(graph: ModelGraph, **options: object) -> str:
    """Draw a graph as SVG."""
    return paint(draw(graph, **options), "svg").decode()


def costed(name: str, **changes: object) -> ModelGraph:
    """Give a committed graph with the operations of its nodes counted."""
    graph = load_graph(name)
    nodes = tuple(
        msgspec.structs.replace(node, macs=multiply_accumulates(node)) for node in graph.nodes
    )
    return msgspec.structs.replace(graph, **{"nodes": nodes, **changes})


def words(scene: Scene, role: str) -> list[str]:
    """Give the texts of the labels with one role."""
    return [
        shape.text
        for label in scene.labels
        if label.role == role
        for shape in label.shapes
        if isinstance(shape, Text)
    ]


def wrapper(type_: str, wraps: str, **config: Fact) -> Node:
    """Make a wrapper's node."""
    return Node(
        id="w", layer="w", name="w", type=type_, module="keras.layers",
        config={"wraps": wraps, **config},
    )  # fmt: skip


def test_shared_layers_are_marked_on_every_call():
    graph = load_graph("tiny_shared")
    scene = draw(graph)
    assert_tidy(scene)
    shared = {mark.nodes[0]: mark for mark in scene.marks if mark.shared}
    assert set(shared) == {"encoder", "encoder@2"}
    assert {mark.shared for mark in shared.values()} == {"encoder"}
    assert all("shared: called 2 times" in mark.tooltip for mark in shared.values())
    assert "shared by several calls" in words(scene, "legend")
    assert svg(graph).count('data-kd-shared="encoder"') == 2


def test_only_shared_layers_are_marked():
    scene = draw(load_graph("tiny_nested"))
    assert not any(mark.shared for mark in scene.marks)
    assert "shared by several calls" not in words(scene, "legend")


def test_shared_layers_without_weights_have_no_sign():
    """One activation that serves a whole network is not worth a remark on every box."""
    graph = load_graph("tiny_shared")
    bare = tuple(msgspec.structs.replace(node, params=0) for node in graph.nodes)
    scene = draw(msgspec.structs.replace(graph, nodes=bare))
    assert "shared by several calls" not in words(scene, "legend")
    assert [mark.shared for mark in scene.marks if mark.shared] == ["encoder"] * 2


@pytest.mark.parametrize(
    ("node", "name", "family_name"),
    [
        (wrapper("Bidirectional", "LSTM"), "bidirectional LSTM", "recurrent"),
        (wrapper("Bidirectional", "MyCell"), "bidirectional MyCell", "recurrent"),
        (wrapper("TimeDistributed", "Dense"), "dense per step", "dense"),
        (
            wrapper("TimeDistributed", "Conv2D", kernel_size=(3, 3)),
            "conv 3×3 per step",
            "conv",
        ),
        (wrapper("TimeDistributed", "Add"), "add per step", "recurrent"),
        (
            wrapper("TimeDistributed", "Bidirectional(LSTM)"),
            "bidirectional LSTM per step",
            "recurrent",
        ),
        (
            wrapper("TimeDistributed", "SpectralNormalization(Conv2D)"),
            "conv per step, spectral norm",
            "conv",
        ),
        (wrapper("SpectralNormalization", "Conv2D"), "conv, spectral norm", "conv"),
        (wrapper("SpectralNormalization", "MyLayer"), "MyLayer, spectral norm", "other"),
    ],
)
def test_wrappers_show_what_they_wrap(node, name, family_name):
    assert (short_name(node), family(node)) == (name, family_name)
    graph = ModelGraph(name="m", nodes=(node,), edges=(), inputs=(), outputs=())
    assert f"{node.type}({node.config['wraps']})" in words(draw(graph), "legend")


@pytest.mark.parametrize("view", ["layered", "blocks"])
def test_a_wrapped_convolution_is_no_normalization_of_the_one_before_it(view):
    entry = Node(
        id="in", layer="in", name="in", type="InputLayer", module="keras.layers",
        output_shapes=((None, 8, 8, 3),),
    )  # fmt: skip
    made = wrapper("SpectralNormalization", "Conv2D", kernel_size=(3, 3))
    layers = [
        msgspec.structs.replace(
            made, id=id_, layer=id_, name=id_, output_shapes=((None, 8, 8, width),), params=width
        )
        for id_, width in (("a", 4), ("b", 6))
    ]
    graph = ModelGraph(
        name="m",
        nodes=(entry, *layers),
        edges=(Edge(source="in", target="a"), Edge(source="a", target="b")),
        inputs=(Endpoint(node="in"),),
        outputs=(Endpoint(node="b"),),
    )
    scene = lay_out(graph, parse_options({"view": view, "detail": "all"}))
    assert [mark.nodes for mark in scene.marks] == [("in",), ("a",), ("b",)]


def test_parallel_edges_are_in_the_order_of_the_inputs_and_tell_their_roles():
    first = Node(id="x", layer="x", name="x", type="Dense", module="keras.layers")
    second = Node(id="y", layer="y", name="y", type="Attention", module="keras.layers")
    roles = ("query", "value", "key")
    edges = tuple(
        Edge(source="x", target="y", target_index=index, role=role)
        for index, role in enumerate(roles)
    )
    graph = ModelGraph(name="m", nodes=(first, second), edges=edges, inputs=(), outputs=())
    connectors = sorted(draw(graph).connectors, key=lambda item: item.points[0][1])
    assert [item.role for item in connectors] == list(roles)
    assert 'data-kd-target="y" data-kd-role="query" d="' in svg(graph)


NOTES = (
    Note(message="The method `call` asks for the value of a tensor. " * 4, node="head"),
    Note(message="The second output is not drawn."),
    Note(message="The second output is not drawn."),
    Note(message="W" * 300),
)


@pytest.mark.parametrize("options", [{}, {"legend": False}, {"width": 240}], ids=str)
def test_notes_stand_below_the_picture(options):
    scene = draw(costed("tiny_nested", notes=NOTES), **options)
    assert_tidy(scene)
    labels = [label for label in scene.labels if label.role == "note"]
    assert [label.nodes for label in labels] == [("head",), (), ()]
    assert min(label.bounds.top for label in labels) >= max(
        item.bounds.bottom for item in scene.items if item not in labels and item in scene.labels
    )
    said = " ".join(text for text in words(scene, "note") if text != "!")
    assert said.count("The second output is not drawn.") == 1
    assert NOTES[0].message.strip() in said
    assert scene.width <= options.get("width", 720)


def test_what_only_authors_need_is_a_warning_and_not_on_the_picture():
    note = Note(message="It starts a process.", is_for_authors=True)
    told = draw(costed("vgg16", notes=(note,)))
    assert told.notes == (note.message,)
    assert msgspec.structs.replace(told, notes=()) == draw(costed("vgg16"))


def test_notes_are_not_in_the_text_for_the_blind():
    assert "output is not" not in draw(costed("tiny_nested", notes=NOTES)).description


def test_the_summary_tells_what_a_call_costs_if_all_is_known():
    graph = costed("vgg16")
    assert words(draw(graph), "summary") == [
        "138.4 million parameters · 15.5 billion MACs · 22 layers"
    ]
    [mark] = [mark for mark in draw(graph).marks if mark.nodes == ("block1_conv1",)]
    assert "86.7 million MACs" in mark.tooltip
    some = (*graph.nodes[:-1], msgspec.structs.replace(graph.nodes[-1], macs=None))
    partly = msgspec.structs.replace(graph, nodes=some)
    assert total_macs(partly) is None
    assert "MACs" not in words(draw(partly), "summary")[0]
    noted = msgspec.structs.replace(graph, notes=NOTES)
    assert total_macs(noted) is None, "something may be missing"


def test_the_table_shows_scopes_shared_calls_and_totals():
    assert table(costed("tiny_nested")).splitlines()[2:7] == [
        "outer_in         InputLayer  8       float32           0     0",
        "stage/",
        "  before         Dense       8       float32          72    64  outer_in",
        "  block/",
        "    inner_dense  Dense       8       float32          72    64  stage/before",
    ]
    text = table(costed("tiny_shared"))
    assert "encoder@2  Dense (shared, call 2)  3       float32    as above    12  right" in text
    assert text.endswith(
        "parameters  15: 15 trainable, 0 not\n"
        "MACs        24, for one sample\n"
        "FLOPs       48, two for each MAC"
    )


def test_the_table_names_the_roles_of_tensors():
    graph = costed("transformer")
    node = next(node for node in graph.nodes if node.type == "MultiHeadAttention")
    silent = tuple(msgspec.structs.replace(edge, role="") for edge in graph.edges)
    plain, told = table(msgspec.structs.replace(graph, edges=silent)), table(graph)
    [source] = {edge.source for edge in graph.edges if edge.target == node.id}
    assert f"  2 × {source}\n" in plain
    assert f"  {source} (query, value)\n" in told


def test_the_table_says_what_is_not_known():
    graph = costed("tiny_shared", notes=NOTES[:2])
    some = tuple(
        msgspec.structs.replace(node, macs=None, type="Mine") if node.params else node
        for node in graph.nodes
    )
    one = (msgspec.structs.replace(some[0], macs=5), *some[1:])
    text = table(msgspec.structs.replace(graph, nodes=one))
    assert "MACs        at least 5, for one sample" in text
    assert "            (not known of 2 × Mine)" in text
    assert "note: The second output is not drawn." in text
    assert "tensor. (head)" in text
    none = tuple(msgspec.structs.replace(node, macs=None) for node in graph.nodes)
    assert "MACs        not known" in table(msgspec.structs.replace(graph, nodes=none))


def positions(batch: int | None) -> ModelGraph:
    """Give a model that adds an embedding of 17 positions, which has no batch."""

    def node(name: str, type_: str, shape: tuple[int | None, ...]) -> Node:
        return Node(
            id=name, layer=name, name=name, type=type_, module="keras.layers",
            output_shapes=(shape,), dtype="float32",
        )  # fmt: skip

    token = (batch, 17, 32)
    nodes = (
        node("x", "InputLayer", token),
        node("where", "Embedding", (17, 32)),
        node("sum", "Add", token),
        node("out", "Dense", (batch, 17, 5)),
    )
    ways = [("x", "sum", 0), ("where", "sum", 1), ("sum", "out", 0)]
    return ModelGraph(
        name="positions",
        nodes=nodes,
        edges=tuple(Edge(source=a, target=b, target_index=index) for a, b, index in ways),
        inputs=(Endpoint(node="x", name="x"),),
        outputs=(Endpoint(node="out", name="out"),),
    )


@pytest.mark.parametrize("batch", [None, 1, 8])
@pytest.mark.parametrize("view", ["layered", "blocks", "functional", "graph", "lenet"])
def test_only_the_batch_is_left_out_of_drawn_shapes(view, batch):
    scene = draw(positions(batch), **{"view": view, "show-shapes": True})
    tips = {mark.nodes[0]: mark.tooltip for mark in scene.marks}
    assert "17×32 float32" in tips["where"]
    assert "17×5 float32" in tips["out"]
    if view != "functional":  # which names sizes beside its boxes
        text = "32@17" if view == "lenet" else "17×32"
        svg = paint(scene, "svg").decode()
        assert f">{text}<" in svg
        assert ">32<" not in svg


def test_only_the_batch_is_left_out_of_shapes_in_dot():
    text = write_dot(positions(8), DotOptions(show_shapes=True))
    assert text.count("17×32") == 3
    assert "8×17" not in text


def own(type_: str, **config: object) -> Node:
    return Node(id="a", layer="a", name="a", type=type_, module="keras.layers", config=config)


CONV = {"kernel_size": (3, 3), "strides": (1, 1), "dilation_rate": (1, 1), "groups": 1}


@pytest.mark.parametrize(
    ("node", "short", "sized"),
    [
        (own("Conv2D", **CONV), "conv 3×3", "3×3 conv, 64"),
        (own("Conv2D", **CONV | {"strides": (2, 2)}), "conv 3×3 /2", "3×3 conv, 64 /2"),
        (
            own("Conv2D", **CONV | {"dilation_rate": (2, 2)}),
            "conv 3×3, dilation 2",
            "3×3 conv, 64, dilation 2",
        ),
        (
            own("Conv2D", **CONV | {"dilation_rate": (2, 1)}),
            "conv 3×3, dilation 2×1",
            "3×3 conv, 64, dilation 2×1",
        ),
        (
            own("Conv2D", **CONV | {"groups": 32, "strides": (2, 2)}),
            "conv 3×3 /2, 32 groups",
            "3×3 conv, 64 /2, 32 groups",
        ),
        (
            own("DepthwiseConv2D", **CONV, depth_multiplier=2),
            "dw conv 3×3, multiplier 2",
            "3×3 dw conv, 64, multiplier 2",
        ),
        (own("Conv1D", kernel_size=(8,), strides=(1,)), "conv k8", "conv k8, 64"),
        (own("Conv1D", kernel_size=(8,), strides=(4,)), "conv k8 /4", "conv k8 /4, 64"),
        (
            own("Conv1D", kernel_size=(2,), strides=(1,), padding="causal"),
            "conv k2, causal",
            "conv k2, 64, causal",
        ),
        (own("MaxPooling2D", pool_size=(2, 2), strides=(2, 2)), "max pool", "max pool, 64"),
        (
            own("MaxPooling2D", pool_size=(3, 3), strides=(2, 2)),
            "max pool 3×3 /2",
            "max pool 3×3 /2, 64",
        ),
        (own("AveragePooling1D", pool_size=(4,), strides=(4,)), "avg pool k4", "avg pool k4, 64"),
        (own("UpSampling2D", size=(2, 2), interpolation="nearest"), "upsample", "upsample, 64"),
        (
            own("UpSampling2D", size=(4, 4), interpolation="bilinear"),
            "upsample 4×4, bilinear",
            "upsample 4×4, 64, bilinear",
        ),
        (
            own("MultiHeadAttention", use_causal_mask=True),
            "attention, causal",
            "attention, 64, causal",
        ),
        (own("LSTM", go_backwards=True), "LSTM, backwards", "LSTM, 64, backwards"),
        (
            wrapper("Bidirectional", "LSTM", merge_mode="sum"),
            "bidirectional LSTM, sum",
            "bidirectional LSTM, 64, sum",
        ),
        (
            wrapper("SpectralNormalization", "Conv2D", **CONV | {"dilation_rate": (2, 2)}),
            "conv 3×3, dilation 2, spectral norm",
            "3×3 conv, 64, dilation 2, spectral norm",
        ),
    ],
)
def test_what_tells_two_layers_apart_is_written(node, short, sized):
    assert phrase(node).text == short
    assert phrase(node).sized("64") == sized


@pytest.mark.parametrize("view", ["graph", "blocks", "layered", "functional", "lenet"])
def test_a_layer_of_several_outputs_shows_all_their_shapes(view):
    shapes = ((None, 5, 20), (None, 10), (None, 10), (None, 6))
    graph = small_graph(("InputLayer", []), ("LSTM", [0]))
    first, last = graph.nodes
    last = msgspec.structs.replace(last, output_shapes=shapes)
    graph = msgspec.structs.replace(graph, nodes=(first, last))
    scene = lay_out(graph, parse_options({"view": view, "show-shapes": True}))
    assert "5×20, 10 (× 2), 6" in [
        shape.text
        for item in (*scene.marks, *scene.labels)
        for shape in item.shapes
        if isinstance(shape, Text)
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_numbers_of_any_size_are_written(view):
    graph = costed("cnn")
    rank, size = 40, 2**31 - 1
    changes = {
        "output_shapes": ((None, *[size] * rank),),
        "params": size**rank,
        "macs": size**rank,
    }
    nodes = (*graph.nodes[:-1], msgspec.structs.replace(graph.nodes[-1], **changes))
    graph = msgspec.structs.replace(graph, nodes=nodes)
    assert "1.9e+373 MACs" in svg(graph, view=view)
    assert ModelGraph.from_dict(json.loads(json.dumps(graph.to_dict()))) == graph
    assert "1.9e+373" in table(graph)
