"""Colours that a document gives: of classes, layers, words, edges and the page."""

import pytest
from core_graphs import load_graph

from keras_diagram_core.errors import RequestError
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Text


def draw(name="resnet50", **options):
    raw = {name.replace("_", "-"): value for name, value in options.items()}
    return lay_out(load_graph(name), parse_options(raw))


def fills(scene, type_):
    """The colours of the boxes that stand for a class."""
    names = {
        getattr(shape, "fill", "")
        for mark in scene.marks
        if mark.type == type_
        for shape in mark.shapes
        if not isinstance(shape, Text)
    }
    return {scene.paints[name].light for name in names if name}


def legend(scene):
    return [
        shape.text
        for label in scene.labels
        if label.role == "legend"
        for shape in label.shapes
        if isinstance(shape, Text)
    ]


def test_a_name_stands_above_a_class():
    styles = {"Dense": "teal", "fc1": {"fill": "tomato"}, "predictions": {"outline": "red"}}
    scene = draw("vgg16", view="graph", styles=styles)
    colours = {mark.nodes[0]: mark for mark in scene.marks}
    assert fills(scene, "Dense") >= {"#ff6347", "#008080"}
    assert any(
        scene.paints[shape.line].light == "#ff0000"
        for shape in colours["predictions"].shapes
        if getattr(shape, "line", "")
    )
    assert {"fc1", "predictions"} <= set(legend(scene))


@pytest.mark.parametrize(("fill", "ink"), [("black", "#f7f9fb"), ("ivory", "#1f2933")])
def test_words_stand_out_from_their_box(fill, ink):
    scene = draw(view="blocks", color_map={"Conv2D": fill})
    words = {
        scene.paints[shape.fill].light
        for mark in scene.marks
        if mark.type == "Conv2D"
        for shape in mark.shapes
        if isinstance(shape, Text)
    }
    assert words == {ink}


def test_the_theme_follows_the_background():
    dark = draw(background_fill="#222")
    assert dark.theme == "dark"
    assert dark.paints["background"].dark == "#222222"
    assert draw(background_fill="ivory").theme == "light"
    assert draw(background_fill="ivory", theme="dark").theme == "dark"


def test_colours_for_nothing_are_noted():
    scene = draw("vgg16", color_map={"Conv2d": "red"}, styles={"fc9": "red"})
    assert scene.notes == (
        "color-map: nothing is called 'Conv2d'. Did you mean 'Conv2D'?",
        "styles: nothing is called 'fc9'. Did you mean 'fc2'?",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"color-map": "{Conv2D: oragne}"}, "'oragne' is not a colour"),
        ({"color-map": "Conv2D"}, "'Conv2D' is not a mapping"),
        ({"styles": {"a": {"fil": "red"}}}, "There is no 'fil' in 'look of a'"),
        ({"color-map": "{a: ["}, "neither YAML nor JSON"),
        ({"background-fill": "blak"}, "'blak' is not a colour"),
        ({"connector-width": "thick"}, "'connector-width' cannot be 'thick'"),
    ],
)
def test_wrong_colours_are_refused(options, message):
    with pytest.raises(RequestError, match=message.replace("[", r"\[")):
        parse_options(options)


def test_equal_colours_are_one_request():
    one = parse_options({"color-map": "{Dense: teal, Conv2D: '#fa0'}"})
    other = parse_options({"color-map": {"Conv2D": {"fill": (255, 170, 0)}, "Dense": "#008080"}})
    assert one == other
