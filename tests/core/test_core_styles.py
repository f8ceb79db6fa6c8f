"""Each part of a look does in its view what its help says, for its layer and no other."""

import pytest
from core_graphs import graphs
from hypothesis import given
from hypothesis import strategies as st
from legibility import measure
from msgspec.structs import fields
from style_effects import draw, gap, labels, light, words
from style_effects_by_view import GRAPH, LAYERED, LENET, MORE
from style_effects_functional import FUNCTIONAL

from keras_diagram_core.errors import RequestError
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import LOOKS, option_specs, parse_options
from keras_diagram_core.options.values import type_name
from keras_diagram_core.scene import (
    Text,
)

EFFECTS = {"layered": LAYERED, "graph": GRAPH, "functional": FUNCTIONAL, "lenet": LENET}

# What is of images has its tests in `test_core_images`.
OF_IMAGES = {"image", "image_fit", "image_axis", "scale_image", "image_indices", "circular_crop"}
OF_IMAGES |= {"face_image", "face_image_fit", "face_image_alpha", "face_image_inset"}
OF_IMAGES |= {"patch_alpha_on_image", "patch_fill_alpha_on_image"}


@pytest.mark.parametrize("view", LOOKS)
def test_no_part_of_a_look_is_without_a_test(view):
    assert set(EFFECTS[view]) == set(LOOKS[view].__struct_fields__) - OF_IMAGES


@pytest.mark.parametrize(
    ("view", "part"), [(view, part) for view, parts in EFFECTS.items() for part in parts]
)
def test_a_part_has_its_effect(view, part):
    EFFECTS[view][part]()


@pytest.mark.parametrize("test", MORE, ids=lambda test: test.__name__)
def test_what_belongs_together_looks_alike(test):
    test()


@pytest.mark.parametrize("view", LOOKS)
def test_a_part_with_the_name_of_an_option_takes_what_that_takes(view):
    options = {spec.name.replace("-", "_"): spec.type for spec in option_specs(view)}
    parts = {field.name: type_name(field.type) for field in fields(LOOKS[view])}
    both_have = parts.keys() & options.keys()
    assert {name: parts[name] for name in both_have} == {n: options[n] for n in both_have}


def test_parts_of_names_stand_above_those_of_classes():
    styles = {"Conv2D": {"spacing": 50, "font_color": "red"}, "conv2": {"spacing": 30}}
    scene = draw("layered", styles, show_shapes=False)
    assert gap(scene, "conv1", "pool1") == 50
    assert gap(scene, "conv2", "pool2") == 30
    assert light(scene, words(scene, "conv2")[0].fill) == "#ff0000"


def test_an_edge_has_the_look_of_what_a_unit_is_named_after():
    scene = draw("functional", {"Conv2D": {"connector_fill": "tomato"}}, "resnet50")
    assert any(
        light(scene, edge.line) == "#ff6347" for edge in scene.connectors if "relu" in edge.source
    )


def test_what_a_layer_is_fused_with_gives_its_edges_no_look():
    scene = draw("functional", {"LayerNormalization": {"connector_fill": "navy"}}, "transformer")
    sources = {edge.source for edge in scene.connectors if light(scene, edge.line) == "#000080"}
    assert sources
    assert all("norm" in source for source in sources)


def test_layers_are_named_in_the_legend_for_their_colours_only():
    styles = {"conv1": {"spacing": 50}, "conv2": {"fill": "gold"}, "Dense": {"shade_step": 9}}
    texts = [
        text.text
        for x in labels(draw("layered", styles), "legend")
        for text in x.shapes
        if isinstance(text, Text)
    ]
    assert "conv2" in texts
    assert {"Conv2D", "Dense"} <= set(texts)
    assert not any("conv1" in text for text in texts)


@pytest.mark.parametrize(
    ("view", "look", "message"),
    [
        ("lenet", {"spacing": 3}, "There is no 'spacing' in 'look of a'"),
        ("layered", {"spacing": -3}, "'look of a: spacing' cannot be '-3'"),
        ("functional", {"box-size": [1, 2, 3]}, "is no size in px"),
        ("functional", {"box_text_align": "up"}, "cannot be 'up'"),
        ("graph", {"connector_fill": "blak"}, "'blak' is not a colour"),
    ],
)
def test_wrong_looks_are_refused(view, look, message):
    with pytest.raises(RequestError, match=message):
        parse_options({"view": view, "styles": {"a": look}})


def test_an_error_names_the_view_that_has_a_part():
    with pytest.raises(RequestError) as caught:
        parse_options({"view": "graph", "styles": {"Dense": {"map-spacing": 3}}})
    assert "lenet" in caught.value.hint


RANDOM = {
    "layered": {"spacing": 40, "text_vspacing": 9, "min_xy": 60, "max_z": 9, "fill": "gold"},
    "graph": {"box_scale": 6, "node_size": 20, "layer_spacing": 60, "connector_width": 3},
    "functional": {"draw_volume": True, "connector_padding": 4, "connector_arrow": False},
    "lenet": {"map_spacing": 9, "max_visual_channels": 3, "line_width": 2, "shade_step": 9},
}


@given(graph=graphs(), view=st.sampled_from(sorted(RANDOM)), page=st.sampled_from([300, 720]))
def test_any_graph_stays_legible_with_looks(graph, view, page):
    styles = {"Conv2D": RANDOM[view], "MyLayer": RANDOM[view]}
    scene = lay_out(graph, parse_options({"view": view, "styles": styles, "width": page}))
    assert measure(scene, graph)[3:10] == (0,) * 7
    assert set(scene.paints) >= {edge.line for edge in scene.connectors}


@given(graph=graphs(), size=st.sampled_from([[30, 12], [90, 50]]), text=st.text(max_size=40))
def test_words_keep_to_the_boxes_that_are_asked_for(graph, size, text):
    look = {"box_size": size, "box_text": text}
    raw = {"view": "functional", "simple-text-visualization": True, "styles": {"Conv2D": look}}
    scene = lay_out(graph, parse_options({**raw, "simple-text-label-mode": "inside"}))
    assert measure(scene, graph)[3:10] == (0,) * 7
