"""The SVG keeps its contract: classes, data attributes, no ids, nothing active."""

import re
import xml.etree.ElementTree as ET

import pytest
from core_graphs import NAMES, cell_network, graphs, load_graph
from hypothesis import given

from keras_diagram_core.backends import paint
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.harmless import is_harmless
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options

NS = "{http://www.w3.org/2000/svg}"


def svg(graph: ModelGraph, **options: object) -> str:
    chosen = parse_options({"view": "layered", **options})
    return paint(lay_out(graph, chosen), "svg").decode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_contract_of_marks_and_edges(name):
    graph = load_graph(name)
    root = ET.fromstring(svg(graph, detail="all"))
    assert root.get("class") == "kd kd-view-layered"
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{NS}title", f"{NS}desc"]
    marks = [g for g in root.iter(f"{NS}g") if "kd-node" in g.get("class", "").split()]
    ids = [id_ for mark in marks for id_ in mark.get("data-kd-node").split()]
    assert sorted(ids) == sorted(node.id for node in graph.nodes)
    assert all(mark.get("data-kd-type") for mark in marks)
    edges = [p for p in root.iter(f"{NS}path") if "kd-edge" in p.get("class", "").split()]
    assert sorted((e.get("data-kd-source"), e.get("data-kd-target")) for e in edges) == sorted(
        (edge.source, edge.target) for edge in graph.edges
    )


@pytest.mark.parametrize("name", NAMES)
def test_nothing_active_and_no_ids(name):
    text = svg(load_graph(name))
    assert not re.search(r"\sid=|<script|\son\w+=|href|url\(|@import", text)
    assert is_harmless(text.encode())


@given(graph=graphs(most=8))
def test_any_name_gives_well_formed_harmless_svg(graph):
    text = svg(graph)
    ET.fromstring(text)
    assert is_harmless(text.encode())


@pytest.mark.parametrize(
    "bad",
    [
        '<svg xmlns="x"><script>1</script></svg>',
        '<svg onload="x()"></svg>',
        '<svg><g\nonclick = "x"></g></svg>',
        '<svg><a href="javascript:x"><text>y</text></a></svg>',
        '<svg><rect x="1"xlink:href="z"/></svg>',
        "<svg><foreignObject/></svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
        "<svg><style>@import 'x'</style></svg>",
        '<svg><rect fill="url(http://x)"/></svg>',
        "<svg><image/></svg>",
        '<svg><image href="http://x/a.png"/></svg>',
        '<svg><use href="data:image/svg+xml;base64,AA"/></svg>',
        '<svg><use href="#kd-a" href="http://x"/></svg>',
        '<svg><path href="#kd-a"/></svg>',
    ],
)
def test_foreign_content_is_recognised(bad):
    assert not is_harmless(bad.encode())


def test_every_colour_is_a_custom_property_with_a_fallback():
    text = svg(load_graph("unet"))
    used = set(re.findall(r'class="([^"]*)"', text))
    names = {
        name for group in used for name in group.split() if name.startswith(("kd-f-", "kd-s-"))
    }
    for name in names:
        rule = re.search(rf"\.{name}{{(fill|stroke):var\(--kd-{name[5:]},([^}}]*)\)}}", text)
        assert rule, name
        assert re.search(r",#[0-9a-f]{6}\)*$", rule[2]), name
    assert not re.search(r'(fill|stroke)="(?!#|none)', text)


def test_themes():
    graph = load_graph("cnn")
    auto, light, dark = (svg(graph, theme=theme) for theme in ("auto", "light", "dark"))
    assert "[data-theme=dark]" in auto
    assert "prefers-color-scheme" not in auto
    for fixed in (light, dark):
        assert "light-dark(#ffffff" not in fixed
        assert "[data-theme" not in fixed
    assert "#14181d" not in light
    assert 'fill="#14181d"' in dark


def test_colours_of_pictures_with_other_themes_stay_apart():
    pictures = [
        svg(load_graph("cnn"), theme=theme, styles={"Conv2D": {"outline": "red"}})
        for theme in ("auto", "light", "dark")
    ]
    assert len({re.search(r"kd-own-\w+", picture)[0] for picture in pictures}) == 3


@pytest.mark.parametrize(
    ("basename", "options"),
    [
        ("resnet50-layered", {"view": "layered"}),
        ("unet-layered-down", {"view": "layered", "direction": "down"}),
        ("resnet50-layered-down", {"view": "layered", "direction": "down", "detail": "blocks"}),
        ("resnet50-blocks-right", {"view": "blocks", "direction": "right"}),
        ("tiny_mlp-graph-down", {"view": "graph", "direction": "down"}),
    ],
)
def test_golden_of_folds_and_directions(basename, options, file_regression):
    text = svg(load_graph(basename.partition("-")[0]), **options)
    file_regression.check(text, basename=basename, extension=".svg", encoding="utf-8")


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("layered", "vgg16"),
        ("layered", "unet"),
        ("layered", "transformer"),
        ("layered", "tiny_nested"),
        ("blocks", "resnet50"),
        ("blocks", "transformer"),
        ("blocks", "unet"),
    ],
)
def test_golden(view, name, file_regression):
    text = svg(load_graph(name), view=view)
    basename = name if view == "layered" else f"{name}-{view}"
    file_regression.check(text, basename=basename, extension=".svg", encoding="utf-8")


def test_golden_of_what_is_hidden(file_regression):
    options = {"type-ignore": "BatchNormalization", "name-ignore": "conv?_block[2-9]*, none"}
    text = svg(load_graph("resnet50"), view="blocks", **options)
    file_regression.check(text, basename="resnet50-hidden", extension=".svg", encoding="utf-8")


def test_golden_of_cells(file_regression):
    """Cells in full, folded, and as boxes that refer to those."""
    text = svg(cell_network(8, 8, 8, 8, 16, 16, 16, skips=(6,)), view="blocks", detail="blocks")
    file_regression.check(text, basename="cells-blocks", extension=".svg", encoding="utf-8")


def test_a_fold_is_a_group_that_names_all_that_it_stands_for():
    graph = load_graph("resnet50")
    root = ET.fromstring(svg(graph, view="blocks"))
    groups = [g for g in root.iter(f"{NS}g") if g.get("class") == "kd-group"]
    assert [g.get("data-kd-repeat") for g in groups] == ["1", "2", "1", "3", "1", "5", "1", "2"]
    marks = [g for g in root.iter(f"{NS}g") if "kd-node" in g.get("class", "").split()]
    named = {id_ for mark in marks for id_ in mark.get("data-kd-node").split()}
    named |= {id_ for group in groups for id_ in group.get("data-kd-nodes").split()}
    assert named == {node.id for node in graph.nodes}
