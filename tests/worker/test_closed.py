"""What is inside of closed layers, which every graph tells one level deep."""

import pytest

from keras_diagram_core.graph import INSIDE
from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras

OPENED = {
    "transformer": ("models.composite:build_transformer", "block_b"),
    "masked": ("models.composite:build_masked", "masked"),
    "functional": ("models.tiny:build_nested", "stage"),
    "subclassed": ("models.subclassed:build_functional_with_subclassed", "stem"),
    "resized": ("models.tiny:build_nested_resized", "body"),
    "attention": ("models.composite:build_attentions", "mha"),
    "grouped": ("models.composite:build_attentions", "gqa"),
    "split": ("models.alike:build_split", "split"),
}

REQUESTS = {
    **{
        f"{name}.{side}": ModelRequest(target=target, depth=0, expand=expand)
        for name, (target, opened) in OPENED.items()
        for side, expand in (("closed", ()), ("opened", (opened,)))
    },
    "shared": ModelRequest(target="models.composite:build_shared_block"),
    "blocks": ModelRequest(target="models.alike:build_blocks"),
    "undecided": ModelRequest(target="models.composite:build_undecided"),
    "flat": ModelRequest(target="models.tiny:build_cnn"),
    "attentions": ModelRequest(target="models.composite:build_attentions"),
    "causal": ModelRequest(target="models.alike:build_causal"),
    "cells": ModelRequest(target="models.composite:build_cells"),
    "several": ModelRequest(target="models.alike:build_several_shapes"),
}


@pytest.fixture(scope="module")
def batch(run):
    return run(REQUESTS)


def inside_of(graph, id_):
    return next(inside for inside in graph.insides if id_ in inside.of)


def facts(node):
    given, made = node.input_shapes, node.output_shapes
    return node.name, node.type, given, made, node.config, node.params, node.macs, node.signature


def ends(edge):
    return edge.source_index, edge.target_index, edge.role


@pytest.mark.parametrize("name", OPENED)
def test_the_inside_is_what_opening_the_layer_gives(batch, name):
    closed, opened = batch.graph(f"{name}.closed"), batch.graph(f"{name}.opened")
    scope = opened.scopes[0]
    layer = next(node for node in closed.nodes if node.name == scope.name)
    inside = inside_of(closed, layer.id)
    local = f"{INSIDE}:{inside.key}/"
    taken = {end.node for end in inside.inputs}
    nodes = [node for node in inside.nodes if node.id not in taken]
    theirs = [node for node in opened.nodes if node.scope == scope.path]
    assert [facts(node) for node in nodes] == [facts(node) for node in theirs]

    sources = {edge.target_index: edge for edge in closed.edges if edge.target == layer.id}
    given = {end.node: sources[index] for index, end in enumerate(inside.inputs)}
    names = {mine.id: other.id for mine, other in zip(nodes, theirs, strict=True)}
    found = {
        (
            given[edge.source].source,
            names[edge.target],
            given[edge.source].source_index,
            *ends(edge)[1:],
        )
        if edge.source in given
        else (names[edge.source], names[edge.target], *ends(edge))
        for edge in inside.edges
    }
    known = set(names.values())
    assert found == {
        (edge.source, edge.target, *ends(edge)) for edge in opened.edges if edge.target in known
    }
    made = [(names.get(end.node, end.node), end.index) for end in inside.outputs]
    assert len(made) == len(layer.output_shapes)
    assert all(node.id.startswith(local) and node.layer.startswith(local) for node in inside.nodes)


def test_one_inside_stands_for_all_layers_that_are_alike(batch):
    assert [inside.of for inside in batch.graph("shared").insides] == [("block", "block@2")]
    graph = batch.graph("blocks")
    assert [inside.of for inside in graph.insides] == [
        ("silent", "silent_1", "silent_3"),
        ("silent_2",),
    ]
    assert [len(inside.nodes) for inside in graph.insides] == [3, 4]


def test_other_shapes_are_another_inside(batch):
    graph = batch.graph("several")
    shapes = {inside.of: inside.nodes[0].output_shapes for inside in graph.insides}
    assert shapes["family",] == ((None, 4),)
    assert shapes["family@2",] == ((None, 7, 4),)


def test_a_layer_that_cannot_be_opened_has_a_reason_and_no_note(batch):
    graph = batch.graph("undecided")
    (inside,) = graph.insides
    assert inside.of == ("undecided",)
    assert not inside.nodes
    assert "cannot be used as a boolean" in inside.reason
    assert not graph.notes


def test_layers_without_anything_inside_have_no_inside(batch):
    assert not batch.graph("flat").insides
    inside = {id_ for inside in batch.graph("attentions").insides for id_ in inside.of}
    assert inside == {"mha", "gqa"}


def test_inputs_are_named_by_their_roles(batch):
    graph = batch.graph("attentions")
    inside = inside_of(graph, "mha")
    names = {node.id: node.name for node in inside.nodes}
    assert [names[end.node] for end in inside.inputs] == ["query", "value", "key"]
    assert not {node.id for node in inside.nodes} & {node.id for node in graph.nodes}


def test_attention_that_is_causal_says_so(batch):
    graph = batch.graph("causal")
    causal = {node.name for node in graph.nodes if node.config.get("use_causal_mask") is True}
    assert causal == {"one", "dot_product_attention"}
    roles = {edge.role for edge in graph.edges if edge.target == "two"}
    assert roles == {"query", "value", "attention_mask"}
