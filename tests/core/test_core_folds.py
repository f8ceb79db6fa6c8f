"""Folds: what stands once for several is equal, or says in what these differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.options import VIEWS, parse_options
from keras_diagram_core.scene import Label, Mark, Scene, Text
from keras_diagram_core.transforms.fold import Block, Likeness, fold
from keras_diagram_core.transforms.fuse import fuse
from keras_diagram_core.transforms.structure import structure

_OWN = ("Conv2D", "Dense", "Dropout", "MultiHeadAttention")


def layer(type_: str, hidden: str = "", **config: object) -> Node:
    """Build a node; `hidden` is what of its signature nothing else tells."""
    size = config.get("filters", config.get("units", 8))
    inputs = config.pop("inputs", 8)
    is_own = type_ in (*_OWN, "Add", "InputLayer")
    weights = 0 if type_ in {"Dropout", "Add", "InputLayer"} else 100
    return Node(
        id="",
        layer="",
        name="",
        type=type_,
        module="keras.layers" if is_own else "mine",
        input_shapes=((None, 8, 8, inputs),),
        output_shapes=((None, 8, 8, size),),
        config=config,
        params=weights,
        signature=f"{type_} {sorted(config.items())} {inputs * bool(weights)} {hidden}",
    )


def residual(blocks: Sequence[Sequence[Node]]) -> ModelGraph:
    """Build a network of blocks that each add what they take to what they give."""
    nodes: list[Node] = []
    edges: list[Edge] = []

    def add(node: Node, *sources: int) -> int:
        name = f"n{len(nodes)}"
        edges.extend(
            Edge(source=nodes[source].id, target=name, target_index=index)
            for index, source in enumerate(sources)
        )
        nodes.append(replace(node, id=name, layer=name, name=name))
        return len(nodes) - 1

    last = add(layer("InputLayer"))
    for block in blocks:
        first = last
        for node in block:
            last = add(node, last)
        last = add(layer("Add"), last, first) if len(block) > 1 else last
    last = add(layer("Dense", units=10), last)
    ends = (Endpoint(node="n0"),), (Endpoint(node=nodes[last].id),)
    return ModelGraph(
        name="net", nodes=tuple(nodes), edges=tuple(edges), inputs=ends[0], outputs=ends[1]
    )


def repeats(graph: ModelGraph, likeness: Likeness = "equal") -> list[int]:
    """Return how often each block is there that repeats."""
    units = fuse(graph, linear_order(graph))
    items = fold(graph, units, structure(units), likeness)
    counts = (len(item.repeats) for item in items if isinstance(item, Block))
    return [count for count in counts if count > 1]


def draw(graph: ModelGraph, view: str, **options: object) -> Scene:
    return lay_out(graph, parse_options({"view": view, **options}))


def texts(scene: Scene) -> list[str]:
    items = [item for item in scene.items if isinstance(item, (Mark, Label))]
    return [shape.text for item in items for shape in item.shapes if isinstance(shape, Text)]


def folded(scene: Scene) -> Iterator[list[tuple[str, ...]]]:
    """Yield the ids of the repetitions of each fold that is drawn."""
    for frame in scene.frames:
        if frame.repeat > 1:
            size = len(frame.nodes) // frame.repeat
            yield [frame.nodes[n : n + size] for n in range(0, len(frame.nodes), size)]
    for mark in scene.marks:
        words = [shape.text for shape in mark.shapes if isinstance(shape, Text)]
        times = re.match(r"(\d+) × ", words[0]) if words else None
        if times:
            size = len(mark.nodes) // int(times[1])
            yield [mark.nodes[n : n + size] for n in range(0, len(mark.nodes), size)]


def unsaid(graph: ModelGraph, scene: Scene) -> list[str]:
    """List in what folded nodes differ that the picture does not say."""
    said = " ".join(texts(scene)).replace("-", "–")
    ranges = [(float(a), float(b)) for a, b in re.findall(r"([\d.]+)–([\d.]+)", said)]
    found = []
    for bodies in folded(scene):
        for ids in zip(*bodies, strict=True):
            nodes = [graph.by_id[id_] for id_ in ids]
            if len({node.signature for node in nodes}) == 1:
                continue
            names = [
                name for name in nodes[0].config if len({node.config[name] for node in nodes}) > 1
            ]
            for name in names:
                values = [node.config[name] for node in nodes]
                if not any(low <= min(values) and max(values) <= high for low, high in ranges):
                    found.append(f"{name} of {ids}")
            grown = len({node.input_shapes for node in nodes}) > 1
            if nodes[0].module != "keras.layers" or not (names or grown):
                found.append(f"signature of {ids}")
    return found


def block(filters: int = 8, rate: float = 0.1, hidden: str = "", heads: int = 2) -> list[Node]:
    return [
        layer("Conv2D", filters=filters, kernel_size=(3, 3)),
        layer("Dropout", rate=rate),
        layer("Mine", hidden),
        layer("MultiHeadAttention", num_heads=heads, key_dim=8),
    ]


def test_layers_of_others_are_folded_by_their_signatures():
    plain = [layer("Mine", "a"), layer("Other")]
    assert repeats(residual([plain] * 6)) == [6]
    odd = [layer("Mine", "b"), layer("Other")]
    assert repeats(residual([plain] * 3 + [odd] * 3)) == [3, 3]
    assert repeats(residual([plain, odd] * 3)) == [3]
    assert repeats(residual([[layer("Mine", str(n)), layer("Other")] for n in range(5)])) == []


def test_layers_without_a_signature_are_told_apart_by_their_weights():
    same = [replace(layer("Mine"), signature=""), replace(layer("Other"), signature="")]
    more = [replace(node, params=200) for node in same]
    assert repeats(residual([same] * 4)) == [4]
    assert repeats(residual([same, same, more, more])) == [2, 2]


def test_layers_of_keras_that_differ_only_in_what_they_take_are_folded():
    growing = [
        [layer("Conv2D", filters=8, kernel_size=(3, 3), inputs=8 * n), layer("Dropout", rate=0.1)]
        for n in range(1, 5)
    ]
    assert repeats(residual(growing)) == [4]


def test_layers_of_keras_that_differ_in_what_nobody_sees_are_not_folded():
    plain, odd = ([layer("Dense", hidden, units=8), layer("Other")] for hidden in ("", "frozen"))
    assert repeats(residual([plain] * 2 + [odd] * 2)) == [2, 2]


def test_wrappers_and_functions_are_told_apart_by_their_signatures():
    wrapped = [
        replace(layer("TimeDistributed", str(n), wraps="Mine"), module="keras.layers")
        for n in range(4)
    ]
    assert repeats(residual([[node, layer("Other")] for node in wrapped])) == []
    lambdas = [replace(layer("Lambda", str(n)), module="keras.layers", params=0) for n in range(4)]
    assert repeats(residual([[node, layer("Other")] for node in lambdas])) == []


@pytest.mark.parametrize("likeness", ["equal", "scaled"])
@pytest.mark.parametrize(
    "odd", [{"kernel_size": (5, 5)}, {"activation": "relu"}, {"strides": (2, 2)}, {"groups": 2}]
)
def test_other_settings_are_never_folded(likeness, odd):
    plain = {"filters": 8, "kernel_size": (3, 3), "groups": 1}
    blocks = [
        [layer("Conv2D", **settings), layer("Other")]
        for settings in [plain] * 2 + [plain | odd] * 2
    ]
    assert repeats(residual(blocks), likeness) == [2, 2]


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("view", VIEWS)
def test_rates_that_grow_are_written(view, direction):
    graph = residual([block(rate=n / 10) for n in range(1, 25)])
    scene = draw(graph, view, direction=direction)
    assert not unsaid(graph, scene)
    if list(folded(scene)):
        assert any("dropout 0.1–2.4" in text for text in texts(scene))


def test_heads_that_grow_are_written_where_stages_are_folded():
    graph = residual([block(heads=2)] * 3 + [block(heads=4)] * 3)
    for view in ("blocks", "layered"):
        scene = draw(graph, view, detail="stages")
        assert not unsaid(graph, scene)


def test_a_single_layer_says_in_what_its_repetitions_differ():
    graph = residual([[layer("Dropout", rate=rate)] for rate in (0.1, 0.2, 0.3)])
    assert not unsaid(graph, draw(graph, "blocks", detail="blocks"))


def test_maps_that_grow_are_written_from_top_to_bottom_too():
    blocks = [
        [layer("Dense", units=units), layer("Conv2D", filters=8, kernel_size=(1, 1))]
        for units in (16, 8, 8)
    ]
    graph = residual(blocks)
    scene = draw(graph, "lenet", direction="down", **{"max-height": 300})
    assert list(folded(scene))
    assert "8–16@8×8" in texts(scene)
    assert not unsaid(graph, scene)


@st.composite
def networks(draw: st.DrawFn) -> ModelGraph:
    """Draw a network of blocks that are alike but for a few that differ in something."""
    types = draw(st.lists(st.sampled_from([*_OWN, "Mine"]), min_size=1, max_size=3))
    odd = draw(st.lists(st.integers(0, 9), max_size=3))
    choices = st.sampled_from([8, 16, 32])
    plain = [_any_layer(draw, type_, choices) for type_ in types]
    blocks = [list(plain) for _ in range(draw(st.integers(2, 10)))]
    for number in odd:
        place = draw(st.integers(0, len(types) - 1))
        blocks[number % len(blocks)][place] = _any_layer(draw, types[place], choices)
    return residual(blocks)


def _any_layer(draw: st.DrawFn, type_: str, sizes: st.SearchStrategy[int]) -> Node:
    hidden = draw(st.sampled_from(["", "", "odd"]))
    inputs = draw(sizes)
    match type_:
        case "Conv2D":
            kernel = draw(st.sampled_from([(1, 1), (3, 3)]))
            return layer(type_, hidden, filters=draw(sizes), kernel_size=kernel, inputs=inputs)
        case "Dense":
            return layer(type_, hidden, units=draw(sizes), inputs=inputs)
        case "Dropout":
            return layer(type_, hidden, rate=draw(st.sampled_from([0.1, 0.2, 0.5])))
        case "MultiHeadAttention":
            return layer(type_, hidden, num_heads=draw(sizes), key_dim=8, inputs=inputs)
    return layer(type_, hidden)


@given(
    graph=networks(),
    view=st.sampled_from(sorted(VIEWS)),
    detail=st.sampled_from(["auto", "blocks", "stages"]),
    direction=st.sampled_from(["right", "down"]),
)
def test_what_differs_within_a_fold_is_written(graph, view, detail, direction):
    options = {"max-height": 300, "direction": direction}
    if view in {"blocks", "layered"}:
        options["detail"] = detail
    assert not unsaid(graph, draw(graph, view, **options))
