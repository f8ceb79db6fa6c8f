"""Whatever layers are called, files are well-formed, and ids are those of the graph."""

from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from keras_diagram_core.api import Settings, draw, inspect, render
from keras_diagram_core.characters import clean_text
from keras_diagram_core.errors import BuilderError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.options import VIEWS
from keras_diagram_core.request import parse_request
from keras_diagram_core.table import table

pytestmark = pytest.mark.keras

TARGET = "models.odd_names:build"
OWNERS = ("node", "nodes", "source", "target", "label", "shared")


@pytest.fixture(scope="module")
def settings(project, backend):
    return Settings(project=replace(project, backend=backend))


@pytest.fixture(scope="module")
def graph(settings):
    return inspect(TARGET, settings=settings)


def test_texts_of_the_graph_are_characters(graph):
    texts = list(_texts(graph.to_dict()))
    assert len(texts) > 100
    assert all(text == clean_text(text) for text in texts)
    assert max(map(len, texts)) <= 4000
    assert graph.by_id["escape_red"].name == "escape red"
    assert {"one�", "one�@2", "é_模型_α_🙂", "in�ner@2/d�"} <= graph.by_id.keys()
    assert graph.name.startswith("model � ]]> �m")
    assert max(len(node.name) for node in graph.nodes) == 400


def test_graph_that_is_read_has_characters_alone(graph):
    plain = graph.to_dict()
    plain["name"] = "a\x00\ud800\nb"
    plain["notes"] = [{"message": "\x1b[31mred\x1b[0m \x07", "node": ""}]
    found = ModelGraph.from_dict(plain)
    assert (found.name, found.notes[0].message) == ("a� b", "red �")


@pytest.mark.parametrize("view", VIEWS)
def test_svg_is_well_formed_and_has_ids_of_the_graph(graph, view):
    request = parse_request(TARGET, {"view": view})
    artifact = draw(graph, request.options, "svg")
    root = ET.fromstring(artifact.data)
    known = graph.by_id.keys()
    for element in root.iter():
        for owner in OWNERS:
            assert set(element.get(f"data-kd-{owner}", "").split()) <= known
    assert artifact.alt.isprintable()
    assert len(artifact.alt) < 1000


@pytest.mark.parametrize("format", ["pdf", "png", "gif", "dot"])
def test_every_format_can_be_written(graph, format):
    request = parse_request(TARGET, {}, format)
    assert draw(graph, request.options, format).data


def test_table_can_be_printed(graph):
    assert table(graph).replace("\n", "").isprintable()


def test_texts_that_a_function_writes_are_characters(settings):
    options = {"view": "layered", "text-callable": "models.odd_names:write"}
    data = render(TARGET, options, settings=settings).data
    assert "�0" in data.decode()
    ET.fromstring(data)


def test_name_in_a_message_is_cut_and_clean(settings):
    with pytest.raises(BuilderError) as found:
        inspect("models.odd_names:fails", settings=settings)
    assert str(found.value).isprintable()
    assert len(str(found.value)) < 1000


def _texts(plain):
    match plain:
        case str():
            yield plain
        case dict():
            for key, value in plain.items():
                yield key
                yield from _texts(value)
        case list() | tuple():
            for value in plain:
                yield from _texts(value)
