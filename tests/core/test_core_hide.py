"""Hide: nodes leave the picture, the ways that the data takes between the others do not."""

from collections import defaultdict

import pytest
from cases import diagonals
from core_graphs import NAMES, graphs, load_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import measure
from msgspec.structs import replace

from keras_diagram_core.cache import artifact_key
from keras_diagram_core.describe import describe
from keras_diagram_core.errors import RequestError
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import VIEWS, option_specs, parse_options
from keras_diagram_core.request import parse_request
from keras_diagram_core.scene import Scene, Text
from keras_diagram_core.transforms.hide import hide, shown


def network(*edges: Edge, **types: str) -> ModelGraph:
    """Make a graph of nodes by name and class; the first is the input, the last the output."""
    names = list(types)
    return ModelGraph(
        name="net",
        nodes=tuple(
            Node(id=name, layer=name, name=name, type=type_, module="", params=1)
            for name, type_ in types.items()
        ),
        edges=edges,
        inputs=(Endpoint(node=names[0]),),
        outputs=(Endpoint(node=names[-1]),),
    )


def words(scene: Scene) -> list[str]:
    return [s.text for label in scene.labels for s in label.shapes if isinstance(s, Text)]


def reach(graph: ModelGraph) -> dict[str, set[str]]:
    """Say which nodes the data of each node comes to."""
    after = defaultdict(set)
    for edge in graph.edges:
        after[edge.source].add(edge.target)
    found: dict[str, set[str]] = {}
    for node in reversed(graph.nodes):
        found[node.id] = set().union(*({t} | found[t] for t in after[node.id]))
    return found


@given(graph=graphs(), data=st.data())
def test_what_reaches_what_stays_the_same(graph, data):
    places = data.draw(st.sets(st.integers(0, len(graph.nodes) - 1)))
    shown = hide(graph, places=places)
    kept = {node.id for index, node in enumerate(graph.nodes) if index not in places}
    assert {node.id for node in shown.nodes} == kept
    before, after = reach(graph), reach(shown)
    assert all(after[id_] == before[id_] & kept for id_ in kept)


@given(graph=graphs(), data=st.data())
def test_no_edge_is_invented(graph, data):
    places = data.draw(st.sets(st.integers(0, len(graph.nodes) - 1)))
    shown = hide(graph, places=places)
    gone = {graph.nodes[place].id for place in places}
    outward = {(edge.source, edge.source_index) for edge in graph.edges}
    inward = {(edge.target, edge.target_index, edge.role) for edge in graph.edges}
    real = set(graph.edges)
    only_hidden_between = reach(
        ModelGraph(
            name="",
            nodes=graph.nodes,
            edges=tuple(e for e in graph.edges if {e.source, e.target} & gone),
            inputs=(),
            outputs=(),
        )
    )
    for edge in shown.edges:
        assert (edge.source, edge.source_index) in outward
        assert (edge.target, edge.target_index, edge.role) in inward
        assert edge in real or edge.target in only_hidden_between[edge.source]
    assert len(set(shown.edges)) == len(shown.edges)


@given(graph=graphs(most=12), view=st.sampled_from(list(VIEWS)), data=st.data())
def test_every_view_draws_exactly_what_is_left(graph, view, data):
    places = data.draw(st.sets(st.integers(0, len(graph.nodes) - 1)))
    scene = lay_out(graph, parse_options({"view": view, "index-ignore": list(places)}))
    found = measure(scene, hide(graph, places=places))
    assert (found.uncovered_nodes, found.missing_edges, found.invented_edges) == (0, 0, 0)


@pytest.mark.parametrize(("name", "view"), diagonals(3, NAMES, VIEWS))
def test_real_models_stay_legible(name, view):
    graph = load_graph(name)
    options = {"type-ignore": ["BatchNormalization", "Activation", "LayerNormalization"]}
    shown = hide(graph, types=options["type-ignore"])
    found = measure(lay_out(graph, parse_options({"view": view, **options})), shown)
    assert found.width <= 720
    assert found[3:10] == (0,) * 7, found


def test_an_edge_leads_past_a_hidden_node_and_keeps_its_ends():
    graph = network(
        Edge(source="a", target="drop", source_index=1),
        Edge(source="drop", target="att", target_index=0, role="query"),
        Edge(source="drop", target="att", target_index=1, role="value"),
        Edge(source="a", target="att", target_index=2, role="mask"),
        a="LSTM",
        drop="Dropout",
        att="MultiHeadAttention",
    )
    assert hide(graph, types=["Dropout"]).edges == (
        Edge(source="a", target="att", source_index=1, target_index=0, role="query"),
        Edge(source="a", target="att", source_index=1, target_index=1, role="value"),
        Edge(source="a", target="att", target_index=2, role="mask"),
    )


def test_a_hidden_merge_lets_all_that_it_takes_through():
    graph = network(
        Edge(source="a", target="add"),
        Edge(source="b", target="add", target_index=1),
        Edge(source="add", target="c"),
        Edge(source="add", target="d"),
        a="Dense",
        b="Dense",
        add="Add",
        c="Dense",
        d="Dense",
    )
    ends = [(edge.source, edge.target) for edge in hide(graph, names=["add"]).edges]
    assert ends == [("a", "c"), ("b", "c"), ("a", "d"), ("b", "d")]


def test_edges_of_hidden_ends_end():
    graph = network(
        Edge(source="x", target="a"),
        Edge(source="a", target="y"),
        x="InputLayer",
        a="Dense",
        y="Softmax",
    )
    shown = hide(graph, names=["x", "y"])
    assert (shown.edges, shown.inputs, shown.outputs) == ((), (), ())


def test_nothing_to_hide_is_the_graph_itself():
    graph = load_graph("cnn")
    assert hide(graph) is graph


INNER = {"stage/block/inner_dense", "stage/block/inner_add"}


@pytest.mark.parametrize(
    ("options", "gone"),
    [
        ({"types": ["InputLayer"]}, {"outer_in"}),
        ({"types": ["Input*", "Add"]}, {"outer_in", "stage/block/inner_add"}),
        ({"names": ["inner_*"]}, INNER),
        ({"names": ["stage/*"]}, {"stage/before", *INNER}),
        ({"names": ["stage/block/inner_add", "head"]}, {"stage/block/inner_add", "head"}),
        ({"scopes": ["stage"]}, {"stage/before", *INNER}),
        ({"scopes": ["block"]}, INNER),
        ({"scopes": ["stage/bl*"]}, INNER),
        ({"places": [0, -1]}, {"outer_in", "head"}),
        ({"names": ["dense"]}, set()),
        ({"types": ["dense"]}, set()),
        ({"places": [5]}, set()),
        ({"places": [-6]}, set()),
    ],
)
def test_patterns(options, gone):
    graph = load_graph("tiny_nested")
    shown = hide(graph, **options)
    assert {node.id for node in graph.nodes} - {node.id for node in shown.nodes} == gone
    assert bool(shown.notes) != bool(gone)


def test_what_matches_nothing_is_said_with_the_nearest_name():
    graph = load_graph("transformer")
    options = {"type-ignore": "LayerNormalisation", "index-ignore": "99", "name-ignore": "zzz"}
    scene = lay_out(graph, parse_options(options))
    assert scene.notes == (
        "type-ignore: nothing matches 'LayerNormalisation'. Did you mean 'LayerNormalization'?",
        "name-ignore: nothing matches 'zzz'.",
        "index-ignore: there is no layer 99 among 25.",
    )
    assert "name-ignore: nothing matches 'zzz'." in words(scene)


@pytest.mark.parametrize("legend", [True, False])
def test_the_picture_says_what_is_hidden(legend):
    graph = load_graph("resnet50")
    options = {"type-ignore": ["Batch*", "Activation"], "index-ignore": [-1], "legend": legend}
    scene = lay_out(graph, parse_options(options))
    sentence = "Not shown: 53 BatchNormalization, 49 Activation, 1 Dense."
    assert sentence in words(scene)
    assert scene.description == f"{describe(graph)} {sentence}"
    assert scene.notes == ()


def test_totals_stay_those_of_the_model():
    graph = load_graph("vgg16")
    [total] = [word for word in words(lay_out(graph, parse_options({}))) if "MACs" in word]
    assert total in words(lay_out(graph, parse_options({"type-ignore": "Dense"})))


def test_spacers_are_ignored_by_their_class():
    graph = load_graph("cnn")
    roomy = replace(graph, nodes=tuple(replace(n, room=n.name == "pool1") for n in graph.nodes))
    options = parse_options({"type-ignore": "SpacingDummyLayer"})
    assert shown(roomy, options).nodes == graph.nodes
    assert not shown(roomy, options).notes
    # Who has none is told so.
    assert "nothing matches 'SpacingDummyLayer'" in shown(graph, options).notes[0].message


def test_a_layer_stays_shared_when_one_of_its_calls_is_hidden():
    graph = load_graph("tiny_shared")
    [layer] = {node.layer for node in graph.nodes if node.layer in graph.shared_layers}
    first, *_ = (index for index, node in enumerate(graph.nodes) if node.layer == layer)
    scene = lay_out(graph, parse_options({"index-ignore": first}))
    assert [mark.shared for mark in scene.marks if mark.shared] == [layer]


@pytest.mark.parametrize("value", [["b", "a"], "a, b", "[a, b]", "['b', \"a\"]", ("a", "b")])
def test_lists_are_read_as_people_write_them(value):
    assert parse_options({"type-ignore": value}).type_ignore == ("a", "b")


@pytest.mark.parametrize("value", [[0, 2], "0,2", "[2, 0]", [2, "0"]])
def test_numbers_are_read_as_people_write_them(value):
    assert parse_options({"index-ignore": value}).index_ignore == (0, 2)


@pytest.mark.parametrize("value", ["", None, [], "[]"])
def test_an_empty_list_hides_nothing(value):
    assert parse_options({"type-ignore": value}) == parse_options({})


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [("index-ignore", "first", "whole numbers"), ("type-ignore", {"a": [1]}, "names")],
)
def test_what_is_no_list_is_refused(name, value, hint):
    with pytest.raises(RequestError, match=hint):
        parse_options({name: value})


def test_every_view_has_the_options():
    for view in VIEWS:
        specs = {spec.name: spec for spec in option_specs(view)}
        assert specs["type-ignore"].default == "none"
        assert {"name-ignore", "scope-ignore", "index-ignore"} <= specs.keys()


def test_a_drawing_without_any_layer_is_a_drawing():
    for view in VIEWS:
        scene = lay_out(load_graph("cnn"), parse_options({"view": view, "name-ignore": "*"}))
        assert not scene.marks
        assert any(word.startswith("Not shown: ") for word in words(scene))


def test_it_is_said_that_no_layer_is_left():
    graph = load_graph("cnn")
    assert [note.message for note in hide(graph, types=["*"]).notes] == [
        "No layer is left to draw: all are hidden."
    ]
    assert not hide(graph, types=["Flatten"]).notes


def test_hiding_draws_anew_and_does_not_extract_anew():
    plain, hiding = parse_request("m:f"), parse_request("m:f", {"type-ignore": "Dropout"})
    assert plain.model.digest == hiding.model.digest
    keys = {artifact_key("graph", request.options, "svg") for request in (plain, hiding)}
    assert len(keys) == 2
