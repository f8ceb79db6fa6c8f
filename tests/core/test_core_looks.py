"""Colours that a document gives: of classes, layers, words, edges and the page."""

import pytest
from core_graphs import load_graph, small_graph

from keras_diagram_core.errors import RequestError
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Paint, Text


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


def test_looks_of_what_is_hidden_are_noted():
    scene = draw("vgg16", type_ignore="Flatten", styles={"flatten": "red", "fc1": "red"})
    assert scene.notes == ("styles: 'flatten' is hidden.",)


def test_colours_that_no_face_shows_are_noted():
    graph = residuals(1)
    for view in ("functional", "lenet"):
        scene, _ = look_of(graph, {"view": view}, {"n2": "red", "n3": "red"})
        assert scene.notes == ("styles: 'n3' has no face of its own in this picture.",)
    slices, _ = look_of(graph, {"view": "layered"}, {"n3": "red"})
    assert slices.notes == ()


@pytest.mark.parametrize("view", ["layered", "blocks"])
def test_colours_that_no_face_shows_have_one_in_all_detail(view):
    graph = small_graph(("InputLayer", []), ("Conv2D", [0]), ("ReLU", [1]), ("Softmax", [2]))
    styles = {"n2": "red", "n3": "blue"}
    hint = "styles: 'n3' has no face of its own in this picture. `detail: all` draws each layer."
    assert look_of(graph, {"view": view, "detail": "units"}, styles)[0].notes == (hint,)
    assert look_of(graph, {"view": view, "detail": "all"}, styles)[0].notes == ()


COLLAPSED = {
    "view": "functional",
    "collapse-enabled": True,
    "collapse-rules": "[{kind: layer, selector: Conv2D, repeat_count: 2}]",
}


def rendered(styles, **options):
    graph = small_graph(("InputLayer", []), ("Conv2D", [0]), ("Conv2D", [1]), ("Flatten", [2]))
    return look_of(graph, COLLAPSED | options, styles)


@pytest.mark.parametrize("name", ["n1", "n2"])
def test_a_look_of_one_layer_is_not_that_of_a_box_for_several(name):
    words = {"simple-text-visualization": True}
    scene, red = rendered({"Conv2D": "red", name: {"fill": "blue", "box-text": "mine"}}, **words)
    assert red == {("n1", "n2")}
    written = {
        shape.text for mark in scene.marks for shape in mark.shapes if hasattr(shape, "text")
    }
    assert "mine" not in written
    why = "it is drawn as one with layers that look different, by `collapse-rules`"
    assert scene.notes == (f"styles: the look of '{name}' is left out: {why}.",)


def test_a_look_of_all_layers_is_that_of_their_box():
    badge = {"fill": "red", "collapse-badge-fill": "gold"}
    scene, red = rendered({"n1": badge, "n2": "red"})
    assert red == {("n1", "n2")}
    assert scene.notes == ()


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("box-text", "it is for `simple-text-visualization`"),
        ("collapse-badge-fill", "no box is called so that stands for several layers"),
    ],
)
def test_parts_of_looks_that_do_nothing_are_noted(part, why):
    scene, _ = rendered({"n3": {part: "gold"}})
    assert scene.notes == (f"styles: `{part}` of 'n3' does nothing: {why}.",)


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


def residuals(times=6):
    """Blocks of two convolutions, the second with normalisation, whose sum goes on."""
    layers = [("InputLayer", [])]
    for _ in range(times):
        last = len(layers) - 1
        layers += [("Conv2D", [last]), ("Conv2D", [last + 1]), ("BatchNormalization", [last + 2])]
        layers += [("Add", [last + 1, last + 3])]
    return small_graph(*layers)


FOLDED = [
    {"view": "layered", "detail": "blocks"},
    {"view": "layered", "detail": "stages"},
    {"view": "blocks", "detail": "blocks"},
    {"view": "blocks", "detail": "blocks", "direction": "right"},
    {"view": "graph", "max-height": 200, "width": 300},
    {"view": "functional", "max-height": 200, "width": 300},
    {"view": "lenet", "max-height": 200, "width": 300},
]

UNFOLDED = {"view": "blocks", "detail": "units"}


def look_of(graph, raw, styles):
    scene = lay_out(graph, parse_options({**raw, "styles": styles}))
    red = {
        mark.nodes
        for mark in scene.marks
        for shape in mark.shapes
        if scene.paints.get(getattr(shape, "fill", "")) == Paint("#ff0000", "#ff0000")
    }
    return scene, red


@pytest.mark.parametrize("raw", FOLDED, ids=lambda raw: "-".join(map(str, raw.values())))
@pytest.mark.parametrize("name", ["n2", "n10", "n22"])
def test_a_repetition_with_a_look_is_drawn_by_itself(raw, name):
    scene, red = look_of(residuals(), raw, {name: "red"})
    assert [nodes[0] for nodes in red] == [name]
    assert name in legend(scene)
    # Repetitions that look alike are still drawn as one.
    assert len(scene.marks) < len(lay_out(residuals(), parse_options(UNFOLDED)).marks)


@pytest.mark.parametrize("raw", FOLDED, ids=lambda raw: "-".join(map(str, raw.values())))
def test_repetitions_that_look_alike_are_drawn_as_one(raw):
    graph = residuals()
    plain, _ = look_of(graph, raw, {})
    scene, red = look_of(graph, raw, {f"n{number}": "red" for number in range(2, 24, 4)})
    assert len(scene.marks) == len(plain.marks)
    assert red
    assert scene.notes == plain.notes
