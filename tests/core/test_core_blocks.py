"""Transforms and the blocks view: nothing lost, nothing invented, legible at page width."""

import itertools

import pytest
from cases import diagonals
from core_graphs import NAMES, graphs, load_graph, small_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import Measures, measure
from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.blocks.names import without_number
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Connector, Point, Scene, Text
from keras_diagram_core.transforms.fold import Block, fold
from keras_diagram_core.transforms.fuse import UnitGraph, fuse
from keras_diagram_core.transforms.streams import streams
from keras_diagram_core.transforms.structure import Mesh, Parallel, Series, structure, units_of

DETAILS = ["auto", "all", "units", "blocks", "stages"]


def draw(graph: ModelGraph, **options: object) -> Scene:
    return lay_out(graph, parse_options({"view": "blocks", **options}))


def fused(graph: ModelGraph) -> UnitGraph:
    return fuse(graph, linear_order(graph))


@given(graph=graphs())
def test_units_cover_every_node_once_and_keep_every_edge(graph):
    units = fused(graph)
    assert sorted(id_ for unit in units.units for id_ in unit.nodes) == sorted(
        node.id for node in graph.nodes
    )
    assert sorted([*units.inner, *(edge for _, _, edge in units.edges)]) == sorted(graph.edges)


@given(graph=graphs())
def test_the_tree_has_every_unit_once(graph):
    units = fused(graph)
    assert sorted(units_of(structure(units))) == list(range(len(units.units)))


def meshes(part: object) -> list[Mesh]:
    inner = part.parts if isinstance(part, Series) else ()
    inner = part.branches if isinstance(part, Parallel) else inner
    found = [part] if isinstance(part, Mesh) else []
    return found + [mesh for each in inner for mesh in meshes(each)]


@pytest.mark.parametrize("name", sorted({*NAMES} - {"translator"}))
def test_real_models_are_series_parallel(name):
    assert meshes(structure(fused(load_graph(name)))) == []
    assert len(streams(fused(load_graph(name)))) == 1


def test_an_encoder_and_its_decoder_are_streams():
    graph = load_graph("translator")
    assert meshes(structure(fused(graph)))
    parts = streams(fused(graph))
    assert [meshes(structure(part)) for part in parts] == [[], []]
    assert [part.units[0].main for part in parts] == ["source", "target"]
    folded = [fold(graph, part, structure(part)) for part in parts]
    assert [[len(i.repeats) for i in items if isinstance(i, Block)] for items in folded] == [
        [6],
        [6],
    ]


def test_what_is_not_fed_as_others_is_no_repetition():
    graph = load_graph("translator")
    *_, last = (node.id for node in graph.nodes if node.type == "MultiHeadAttention")
    graph = replace(
        graph, edges=tuple(e for e in graph.edges if (e.target, e.role) != (last, "value"))
    )
    decoder = streams(fused(graph))[-1]
    items = fold(graph, decoder, structure(decoder))
    assert next(len(item.repeats) for item in items if isinstance(item, Block)) == 5


@pytest.mark.parametrize(("width", "is_beside"), [(720, True), (400, False)])
def test_streams_stand_beside_each_other_or_below(width, is_beside):
    graph = load_graph("translator")
    scene = draw(graph, width=width)
    encoder, decoder = sorted(
        scene.frames, key=lambda frame: (frame.bounds.top, frame.bounds.left)
    )
    assert (encoder.bounds.top == decoder.bounds.top) is is_beside
    assert (encoder.bounds.bottom < decoder.bounds.top) is not is_beside
    [lead] = [
        c for c in scene.connectors if c.source in encoder.nodes and c.target in decoder.nodes
    ]
    end = lead.points[-1][0]
    assert decoder.bounds.left < end < decoder.bounds.right


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("resnet50", [1, 2, 1, 3, 1, 5, 1, 2]),
        ("densenet121", [6, 12, 24, 16]),
        ("transformer", [3]),
    ],
)
def test_repeated_blocks_are_counted(name, expected):
    graph = load_graph(name)
    units = fused(graph)
    items = fold(graph, units, structure(units))
    assert [len(item.repeats) for item in items if isinstance(item, Block)] == expected


def test_a_chain_is_cut_into_units_of_what_belongs_together():
    graph = load_graph("resnet50")
    nodes = {unit.main: unit.nodes for unit in fused(graph).units}
    assert nodes["conv2_block1_1_conv"] == (
        "conv2_block1_1_conv",
        "conv2_block1_1_bn",
        "conv2_block1_1_relu",
    )
    assert nodes["conv2_block1_add"] == ("conv2_block1_add", "conv2_block1_out")


def assert_true(found: Measures) -> None:
    """Every node is drawn once or folded; every edge is an edge of the model."""
    assert (found.uncovered_nodes, found.missing_edges, found.invented_edges) == (0, 0, 0)


def assert_legible(found: Measures) -> None:
    assert found.smallest_text >= 9 or not found.smallest_text
    assert found[3:7] == (0, 0, 0, 0), found


@pytest.mark.parametrize(("name", "detail"), diagonals(2, NAMES, DETAILS))
def test_real_models_are_true_and_legible(name, detail):
    graph = load_graph(name)
    found = measure(draw(graph, detail=detail), graph)
    assert found.width <= 720
    assert_true(found)
    assert_legible(found)
    assert found.crossings == 0


@pytest.mark.parametrize(
    ("name", "height"),
    [("resnet50", 1600), ("efficientnet_b0", 1600), ("inception_v3", 1600), ("densenet121", 1600)],
)
def test_deep_models_are_not_higher_than_a_few_screens(name, height):
    assert draw(load_graph(name)).height <= height


def test_single_units_of_a_mesh_are_not_folded():
    graph = small_graph(*[("Conv2D", [])] * 2, *[("Conv2D", [0, 1])] * 2, ("Conv2D", [0, 2]))
    assert_true(measure(draw(graph, detail="blocks"), graph))


@given(graph=graphs(), detail=st.sampled_from(DETAILS), width=st.sampled_from([400, 720]))
def test_any_graph_is_drawn_true_and_legible(graph, detail, width):
    scene = draw(graph, legend=False, detail=detail, width=width)
    found = measure(scene, graph)
    assert_true(found)
    assert_legible(found)
    assert scene.width <= width


def test_branches_above_and_below_each_other_keep_to_the_width():
    """Each fits the page alone, but not on one axis with the other."""
    fork = [("Concatenate", []), *[("Conv2D", [0])] * 4, ("Concatenate", [1, 2, 3, 4])]
    assert draw(small_graph(*fork, ("Conv2D", [5]), ("Conv2D", [5])), width=400).width <= 400


def test_what_a_unit_holds_leaves_room_for_its_words():
    graph = small_graph(*[("BatchNormalization", [n - 1] if n else []) for n in range(24)])
    found = measure(draw(graph, width=400), graph)
    assert_legible(found)
    assert found.width <= 400


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # A sum is not what makes a dense layer or an Inception block.
        (
            [("Conv2D", [0]), ("Conv2D", [0]), ("Concatenate", [1, 2]), ("Add", [3, 0])],
            "Inception-ResNet block",
        ),
        ([("Conv2D", [0]), ("Concatenate", [1, 0])], "Dense layer"),
        ([("Conv2D", [0]), ("Conv2D", [0]), ("Concatenate", [1, 2])], "Block"),
        (
            [("GlobalAveragePooling2D", [0]), ("Conv2D", [1]), ("Multiply", [2, 0])],
            "Squeeze-excitation",
        ),
    ],
)
def test_blocks_have_the_names_that_people_use(body, expected):
    graph = small_graph(("InputLayer", []), *body, ("Dense", [len(body)]))
    labels = draw(graph, detail="blocks", **{"show-shapes": False}).labels
    [title] = [label for label in labels if label.role == "title"]
    assert [text.text for text in title.shapes if isinstance(text, Text)] == [expected]


@pytest.mark.parametrize("count", [25, 30, 44, 60])
def test_no_column_holds_what_is_left_over_alone(count):
    graph = small_graph(("InputLayer", []), *[("LSTM", [n]) for n in range(count)])
    *_, before, last = (mark.bounds for mark in draw(graph, detail="units").marks)
    assert last.top > before.bottom
    assert last.left + last.right == before.left + before.right


def test_more_detail_draws_more():
    graph = load_graph("inception_v3")
    counts = [len(draw(graph, detail=detail).marks) for detail in DETAILS[1:]]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == len(graph.nodes)
    assert len(set(counts)) == 4


def test_a_range_says_what_differs_in_a_fold():
    scene = draw(load_graph("inception_v3"), detail="stages")
    words = {s.text for mark in scene.marks for s in mark.shapes if isinstance(s, Text)}
    assert "7×1 conv, 128-192" in words


@pytest.mark.parametrize(
    ("name", "view"),
    [("vgg16", "layered"), ("cnn", "layered"), ("resnet50", "blocks"), ("transformer", "blocks")],
)
def test_auto_takes_volumes_for_chains_and_blocks_for_branches(name, view):
    assert lay_out(load_graph(name), parse_options({})).view == view


@pytest.mark.parametrize(("name", "width"), diagonals(2, NAMES, [400, 480, 560, 1000]))
def test_real_models_keep_to_any_width(name, width):
    """Branches that do not fit side by side go on in further rows."""
    graph = load_graph(name)
    assert lay_out(graph, parse_options({"width": width})).width <= width
    found = measure(draw(graph, width=width), graph)
    assert found.width <= width
    assert_true(found)
    assert_legible(found)
    assert found.crossings == 0


@pytest.mark.parametrize("name", NAMES)
def test_stages_are_not_higher_than_blocks(name):
    graph = load_graph(name)
    assert draw(graph, detail="stages").height <= draw(graph, detail="blocks").height


@pytest.mark.parametrize(
    ("names", "common"),
    [
        (["residual1", "residual2"], "residual"),
        (["residual", "residual_1", "residual_2"], "residual"),
        (["stage2_block1", "stage2_block2"], "stage2_block"),
        (["stage1_block1", "stage2_block1"], "stage_block"),
        (["encoder", "encoder"], "encoder"),
        (["encoder", "decoder"], ""),
        (["1", "2"], ""),
    ],
)
def test_folded_names_lose_the_number_that_differs(names, common):
    assert without_number(names) == common


@pytest.mark.parametrize("name", NAMES)
def test_default_pictures_of_real_models_are_legible(name):
    graph = load_graph(name)
    found = measure(lay_out(graph, parse_options({})), graph)
    assert found.width <= 720
    assert found.height <= 1600
    assert_true(found)
    assert_legible(found)


def shared_length(one: Connector, other: Connector) -> float:
    """Say how long two lines run on each other, px."""
    parts = [list(itertools.pairwise(each.points)) for each in (one, other)]
    return max((_shared(first, second) for first in parts[0] for second in parts[1]), default=0.0)


def _shared(first: tuple[Point, Point], second: tuple[Point, Point]) -> float:
    spans = []
    for axis in (0, 1):
        (a, b), (c, d) = (sorted(end[axis] for end in part) for part in (first, second))
        spans.append(min(b, d) - max(a, c))
    return max(spans) if min(spans) >= 0 else 0.0


FED = [("Conv2D", [])] * 4 + [("Add", [2, 0]), ("Add", [4, 0]), ("Add", [5, 0])]
FED += [("Add", [3, 6]), ("Add", [7, 1]), ("Add", [8, 6]), ("Add", [9, 1])]


@pytest.mark.parametrize("width", [240, 300, 720])
def test_lines_from_different_streams_do_not_run_into_one(width):
    graph = small_graph(*FED)
    assert len(streams(fused(graph))) > 2
    scene = draw(graph, width=width)
    assert_true(measure(scene, graph))
    for one, other in itertools.combinations(scene.connectors, 2):
        if one.source != other.source and one.target != other.target:
            assert shared_length(one, other) < 1, (one, other)


def heights(scene: Scene, *wanted: str) -> list[float]:
    """Give where words stand that are no part of a mark."""
    shapes = [shape for label in scene.labels for shape in label.shapes]
    found = {shape.text: shape.y for shape in shapes if isinstance(shape, Text)}
    return [found[word] for word in wanted]


@pytest.mark.parametrize(("direction", "sign"), [("down", 1), ("up", -1)])
def test_the_shape_of_a_block_stands_where_its_output_leaves(direction, sign):
    convs = [("Conv2D", [number]) for number in range(4)]
    graph = small_graph(("Conv2D", []), *convs, ("Conv2D", [4]))
    nodes = [
        replace(node, scope=("stage",) if 0 < number < 5 else (), output_shapes=((None, 9, 9, 7),))
        for number, node in enumerate(graph.nodes)
    ]
    graph = replace(graph, nodes=tuple(nodes))
    scene = draw(graph, direction=direction, detail="blocks")
    title, shape = heights(scene, "stage", "9×9×7")
    [frame] = [frame.bounds for frame in scene.frames]
    assert sign * (shape - title) > 0.6 * (frame.bottom - frame.top)
    assert measure(scene, graph)[3:10] == (0,) * 7
