"""What stands in the last column of the table, and how it stays narrow."""

import msgspec
from core_graphs import graphs, load_graph
from hypothesis import given

from keras_diagram_core.connections import listed
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.table import table
from keras_diagram_core.text import shorten


def node(name, type_="Dense", module="keras.layers", outputs=1, **fields):
    shapes = ((None, 4),) * outputs
    return Node(
        id=name, layer=name, name=name, type=type_, module=module, output_shapes=shapes,
        dtype="float32", macs=0, **fields,
    )  # fmt: skip


def lines(*nodes, edges=(), inputs=("x",), outputs=()):
    graph = ModelGraph(
        name="m",
        nodes=nodes,
        edges=tuple(edges),
        inputs=tuple(Endpoint(node=name, name=name) for name in inputs),
        outputs=tuple(outputs),
    )
    head, _, *rows = table(graph).splitlines()
    return [row[head.index("from") :] for row in rows[: len(nodes)]]


def test_outputs_are_named_where_the_node_is_called_otherwise():
    edges = [Edge(source="x", target="y"), Edge(source="x", target="z")]
    outputs = [
        Endpoint(node="y", name="y"),
        Endpoint(node="z", name="left"),
        Endpoint(node="z", index=1, name="right"),
    ]
    found = lines(
        node("x", "InputLayer"), node("y"), node("z", outputs=2), edges=edges, outputs=outputs
    )
    assert found == ["", "x → output", "x → [0] as output left, [1] as output right"]


def test_an_output_of_several_has_its_place():
    edges = [
        Edge(source="x", target="y", target_index=0, role="query"),
        Edge(source="x", target="y", source_index=1, target_index=1, role="state"),
        Edge(source="x", target="y", source_index=2, target_index=2, role="state"),
    ]
    found = lines(
        node("x", outputs=3), node("y"), edges=edges, outputs=[Endpoint(node="y", name="y")]
    )
    assert found == ["", "x[0] (query), x[1, 2] (state) → output"]


def test_what_is_there_for_nothing_says_so():
    edges = [Edge(source="x", target="y"), Edge(source="x", target="z")]
    edges += [Edge(source="z", target="end")]
    members = [node("x"), node("y"), node("z"), node("end"), node("spare", "InputLayer")]
    found = lines(
        *members,
        edges=edges,
        inputs=("x", "spare"),
        outputs=[Endpoint(node="y", name="y")],
    )
    assert found == [
        "",
        "x → output",
        "x → needed by no output",
        "z → used by nothing",
        "→ used by nothing",
    ]


def test_nothing_is_said_to_be_for_nothing_where_the_outputs_are_not_known():
    found = lines(node("x"), node("y"), edges=[Edge(source="x", target="y")])
    assert found == ["", "x"]


def test_constants_of_operations_stand_beside_their_tensors():
    constants = {"x2": 2.5, "axes": (0, 2, 1), "n": (1,), "bias": "6×4", "name": "s" * 50}
    found = lines(
        node("x"),
        node("y", "Any", "keras.ops", config=constants),
        node("z", config={"units": 4}),
        edges=[Edge(source="x", target="y"), Edge(source="y", target="z")],
        outputs=[Endpoint(node="z", name="z")],
    )
    assert found[1] == "x, x2=2.5, axes=(0, 2, 1), n=1, bias of 6×4, … 1 more"
    assert found[2] == "y → output"


def test_lists_are_cut_at_their_end_and_names_in_their_middle():
    assert listed(["a", "b", "c"], 7) == "a, b, c"
    assert listed(["alpha", "beta", "gamma"], 15) == "alpha, … 2 more"
    assert listed(["alphabet", "b"], 3) == "alphabet, … 1 more"
    assert listed([], 3) == ""
    assert shorten("encoder", 7) == "encoder"
    assert shorten("encoder_1", 6) == "enc…_1"
    assert len(shorten("x" * 300, 30)) == 30


def test_control_characters_do_not_reach_the_terminal():
    graph = load_graph("tiny_mlp")
    bad = msgspec.structs.replace(graph, name="\x1b[31mred")
    assert "\x1b" not in table(bad)


@given(graphs())
def test_tables_are_narrow_and_have_a_line_for_each_node(graph):
    rows = table(graph).split("\n\n")[0].splitlines()
    assert sum(not row.rstrip().endswith("/") for row in rows[2:]) >= len(graph.nodes)
    assert max(map(len, rows)) < 260


def test_only_the_batch_is_left_out_of_shapes():
    made = [(None, 3), (4, 3), (4,), (3, None, 2), ()]
    nodes = [node(f"n{index}", outputs=0) for index in range(len(made))]
    nodes = [
        msgspec.structs.replace(each, output_shapes=(shape,), output_dtypes=("float32",))
        for each, shape in zip(nodes, made, strict=True)
    ]
    graph = ModelGraph(
        name="m", nodes=tuple(nodes), edges=(), inputs=(Endpoint(node="n0", name="x"),), outputs=()
    )
    rows = table(graph).splitlines()[2 : 2 + len(made)]
    assert [row.split()[2] for row in rows] == ["3", "4×3", "4", "3×?×2", "scalar"]
