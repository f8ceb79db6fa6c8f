"""Outlines: what authors would draw of real networks; nothing lost, nothing that is not there."""

import difflib
import json
import sys
from pathlib import Path

import pytest
from core_graphs import NAMES, load_graph
from hypothesis import given
from test_core_steps import tangles

from keras_diagram_core import cli
from keras_diagram_core.errors import GraphFormatError
from keras_diagram_core.outline import Outline, as_text, outline
from keras_diagram_core.outline.outline import units_of

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "networks"))

import corpus  # noqa: E402

NETWORKS = corpus.names()
MET = set((corpus.FOLDER / "met.txt").read_text("utf-8").split())
"""The networks of which the outline is as expected by now: the list grows, and never shrinks."""


def text_of(name: str) -> str:
    return corpus.numbered(as_text(outline(corpus.load(name))) + "\n")


@pytest.mark.parametrize("name", NETWORKS)
def test_network_is_told_as_its_author_would(name):
    found, expected = text_of(name), corpus.numbered(corpus.expected(name))
    difference = "\n".join(
        difflib.unified_diff(expected.splitlines(), found.splitlines(), lineterm="", n=2)
    )
    if name in MET:
        assert not difference, difference
    else:
        assert difference, f"{name} is as expected now: add it to tests/networks/met.txt"


def assert_whole(graph):
    """Each node is in one repetition of one unit, or an input; each edge between units is told."""
    found = outline(graph)
    told = [id_ for unit in units_of(*found.parts) for nodes in unit.nodes for id_ in nodes]
    inputs = {end.node for end in graph.inputs}
    assert sorted(told) == sorted({node.id for node in graph.nodes} - inputs)
    home = {
        id_: (unit.id, turn)
        for unit in units_of(*found.parts)
        for turn, nodes in enumerate(unit.nodes, 1)
        for id_ in nodes
    }
    names = dict(zip((end.node for end in graph.inputs), found.inputs, strict=True))
    home |= {id_: (end.id, 1) for id_, end in names.items()}
    edges = {(home[edge.source][0], home[edge.target]) for edge in graph.edges}
    edges = {(source, target) for source, target in edges if source != target[0]}
    turns = {unit.id: len(unit.nodes) for unit in units_of(*found.parts)}
    said = {
        (edge.source, (edge.target, turn))
        for edge in found.edges
        for turn in edge.turns or range(1, turns[edge.target] + 1)
    }
    assert edges <= said
    assert {home[end.node][0] for end in graph.outputs} == {out.source for out in found.outputs}


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_outline_of_a_network_is_whole(name):
    assert_whole(corpus.load(name))


@given(graph=tangles())
def test_outline_of_any_graph_is_whole(graph):
    assert_whole(graph)
    assert as_text(outline(graph)).splitlines()[0] == graph.name


@pytest.mark.parametrize("name", [*NAMES, "llama3_8b", "unet", "dlrm"])
def test_json_gives_the_same_outline(name):
    found = outline(load_graph(name) if name in NAMES else corpus.load(name))
    again = Outline.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again == found
    assert as_text(again) == as_text(found)


def change(data, *path, value):
    *way, last = path
    for step in way:
        data = data[step]
    data[last] = value


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("schema",), 99, "schema 99"),
        (("parts", 0, "kind"), "cloud", "parts[0]"),
        (("parts", 0, "id"), "u2", "not a unique id"),
        (("edges", 0, "source"), "nobody", "no unit 'nobody'"),
        (("outputs", 0, "source"), "nobody", "no unit 'nobody'"),
        (("more",), 1, "more"),
    ],
)
def test_other_documents_are_refused(path, value, message):
    data = json.loads(json.dumps(outline(load_graph("tiny_residual")).to_dict()))
    if path[-1] == "id":
        value = next(units_of(*outline(load_graph("tiny_residual")).parts)).id
    change(data, *path, value=value)
    with pytest.raises(GraphFormatError) as error:
        Outline.from_dict(data)
    assert message in str(error.value)


def test_the_command_prints_a_text_and_json(capsysbinary, frozen_worker):
    assert cli.main(["outline", "m:tiny_residual"]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert "  residual block\n" in text
    assert "    add + relu <- input\n" in text
    assert cli.main(["outline", "m:tiny_residual", "--json"]) == 0
    assert Outline.from_dict(json.loads(capsysbinary.readouterr().out)).title == "residual"
    assert frozen_worker == ["m:tiny_residual"] * 2


def test_the_outline_in_the_reference_is_what_is_printed(capsysbinary, frozen_worker):
    page = (ROOT / "docs" / "reference" / "outline.md").read_text("utf-8")
    shown = page.partition("```text\n")[2].partition("```")[0]
    assert cli.main(["outline", "m:translator"]) == 0
    assert capsysbinary.readouterr().out.decode() == shown
    assert frozen_worker == ["m:translator"]
