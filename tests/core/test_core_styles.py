"""Each part of a look does in its view what its help says, for its layer and no other."""

from collections.abc import Callable
from typing import Any

import pytest
from core_graphs import graphs, load_graph
from hypothesis import given
from hypothesis import strategies as st
from legibility import measure
from msgspec.structs import fields, replace

from keras_diagram_core.errors import RequestError
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import LOOKS, option_specs, parse_options
from keras_diagram_core.options.values import type_name
from keras_diagram_core.scene import (
    Bounds,
    Box,
    Circle,
    Connector,
    Label,
    Mark,
    Polygon,
    Scene,
    Stroke,
    Text,
)

GRAPHS = {"layered": "cnn", "graph": "tiny_mlp", "functional": "cnn", "lenet": "lenet5"}
IN_WORDS = {"simple_text_visualization": True, "simple_text_label_mode": "inside"}
TWICE = {
    "graph": "vgg16",
    "collapse_enabled": True,
    "collapse_rules": "[{kind: layer, selector: Conv2D, repeat_count: 3}]",
}


def draw(view: str, styles: Any = None, graph: str = "", **options: Any) -> Scene:
    """Draw, and make sure that the picture is as tidy as without styles."""
    model = load_graph(graph or GRAPHS[view])
    raw = {name.replace("_", "-"): value for name, value in options.items()}
    scene = lay_out(model, parse_options({"view": view, "styles": styles or {}, **raw}))
    assert measure(scene, model)[3:10] == (0,) * 7
    assert scene.width <= options.get("width", 720)
    return scene


def both(view: str, layer: str, part: str, value: Any, **options: Any) -> tuple[Scene, Scene]:
    """Draw without and with one part of the look of one layer."""
    graph = options.pop("graph", "")
    others = options.pop("others", {})
    plain = draw(view, {layer: others} if others else None, graph, **options)
    return plain, draw(view, {layer: {**others, part: value}}, graph, **options)


def mark_of(scene: Scene, node: str) -> Mark:
    return next(mark for mark in scene.marks if node in mark.nodes)


def light(scene: Scene, paint: str) -> str:
    return scene.paints[paint].light


def shapes(item: Mark | Label, *kinds: type) -> list[Any]:
    return [shape for shape in item.shapes if isinstance(shape, kinds)]


def front(scene: Scene, node: str) -> Bounds:
    return shapes(mark_of(scene, node), Polygon, Box)[-1].bounds


def width(bounds: Bounds) -> float:
    return bounds.right - bounds.left


def height(bounds: Bounds) -> float:
    return bounds.bottom - bounds.top


def labels(scene: Scene, role: str, node: str = "") -> list[Label]:
    return [x for x in scene.labels if x.role == role and (not node or node in x.nodes)]


def words(scene: Scene, node: str, role: str = "caption") -> list[Text]:
    return [text for label in labels(scene, role, node) for text in shapes(label, Text)]


def inside(scene: Scene, node: str) -> list[Text]:
    return shapes(mark_of(scene, node), Text)


def edges(scene: Scene, source: str = "", target: str = "") -> list[Connector]:
    return [
        edge
        for edge in scene.connectors
        if (not source or edge.source == source) and (not target or edge.target == target)
    ]


def gap(scene: Scene, left: str, right: str) -> float:
    return mark_of(scene, right).bounds.left - mark_of(scene, left).bounds.right


def close(found: float, wanted: float) -> bool:
    return abs(found - wanted) < 0.02


def colours(scene: Scene, node: str, field: str) -> set[str]:
    """The colours that the shapes of a layer have, words apart."""
    found = {
        getattr(s, field) for s in mark_of(scene, node).shapes if not isinstance(s, (Text, Stroke))
    }
    return {light(scene, paint) for paint in found if paint}


# What every view has.


def fill(view: str, layer: str, other: str) -> None:
    plain, scene = both(view, layer, "fill", "gold")
    assert "#ffd700" in colours(scene, layer, "fill")
    assert colours(scene, other, "fill") == colours(plain, other, "fill")


def outline(view: str, layer: str, other: str) -> None:
    plain, scene = both(view, layer, "outline", "crimson")
    assert colours(scene, layer, "line") == {"#dc143c"}
    assert colours(scene, other, "line") == colours(plain, other, "line")


def connector_fill(view: str, layer: str, mine: Callable[[Connector], bool]) -> None:
    plain, scene = both(view, layer, "connector_fill", "tomato")
    drawn = zip(scene.connectors, plain.connectors, strict=True)
    for edge, before in drawn:
        colour = light(scene, edge.line)
        assert colour == ("#ff6347" if mine(edge) else light(plain, before.line))


def connector_width(view: str, layer: str, mine: Callable[[Connector], bool]) -> None:
    plain, scene = both(view, layer, "connector_width", 3.6)
    for edge, before in zip(scene.connectors, plain.connectors, strict=True):
        assert close(edge.width, before.width * (3 if mine(edge) else 1))


# layered


def shade_of_volumes(view: str, layer: str, **options: Any) -> None:
    _, scene = both(view, layer, "shade_step", 51, **options)
    paints = [shape.fill for shape in shapes(mark_of(scene, layer), Polygon)]
    (top,) = (paint for paint in paints if paint.endswith("-top"))
    (side,) = (paint for paint in paints if paint.endswith("-side"))
    assert (light(scene, top), light(scene, side)) == ("#a6b6c6", "#7c8894")  # 20 % and 40 %
    assert colours(scene, "pool1", "fill") == colours(draw(view, **options), "pool1", "fill")


def font() -> None:
    plain, scene = both("layered", "conv2", "font", "Fira Sans")
    assert {text.font for text in words(scene, "conv2")} == {"Fira Sans"}
    assert scene.fonts == ("Fira Sans",)
    assert words(scene, "conv1") == words(plain, "conv1")


def font_color() -> None:
    _, scene = both("layered", "conv2", "font_color", "navy")
    assert [light(scene, text.fill) for text in words(scene, "conv2")] == ["#000080", "#4c4ca6"]
    assert {text.fill for text in words(scene, "conv1")} == {"ink", "muted"}


def a_run_of_labels_ends_where_words_look_otherwise() -> None:
    for look in ({"font_color": "navy"}, {"font": "serif"}):
        scene = draw("layered", {"block3_conv2": look}, "vgg16")
        assert [words(scene, f"block3_conv{n}")[0].text for n in (1, 2, 3)] == ["conv 3×3"] * 3


def text_vspacing() -> None:
    plain, scene = both("layered", "conv1", "text_vspacing", 20)
    tops = [[text.y for text in words(drawn, "conv1")] for drawn in (plain, scene)]
    assert close(tops[1][1] - tops[1][0], tops[0][1] - tops[0][0] + 18)
    other = [text.y for text in words(scene, "conv2")]
    assert close(other[1] - other[0], tops[0][1] - tops[0][0])


def spacing() -> None:
    plain, scene = both("layered", "conv1", "spacing", 70, show_shapes=False)
    assert gap(scene, "conv1", "pool1") == 70
    assert gap(scene, "pool1", "conv2") == gap(plain, "pool1", "conv2")


def scale_xy() -> None:
    options: dict[str, Any] = {"sizing_mode": "accurate"}
    plain, scene = both("layered", "conv2", "scale_xy", 8, **options)
    assert close(height(front(scene, "conv2")), 2 * height(front(plain, "conv2")))
    assert close(height(front(scene, "conv1")), height(front(plain, "conv1")))


def scale_z() -> None:
    plain, scene = both("layered", "conv2", "scale_z", 0.75, sizing_mode="accurate")
    assert close(width(front(scene, "conv2")), width(front(plain, "conv2")) / 2)
    assert close(width(front(scene, "conv1")), width(front(plain, "conv1")))


def limit(part: str, value: float, measured: Callable[[Bounds], float]) -> Callable[[], None]:
    def test() -> None:
        plain, scene = both("layered", "conv2", part, value, sizing_mode="accurate")
        assert close(measured(front(scene, "conv2")), value)
        assert close(measured(front(scene, "conv1")), measured(front(plain, "conv1")))

    return test


# graph


def show_neurons() -> None:
    _, scene = both("graph", "hidden", "show_neurons", value=False)
    assert not shapes(mark_of(scene, "hidden"), Circle)
    assert len(shapes(mark_of(scene, "classes"), Circle)) == 2


def ellipsize_after() -> None:
    _, scene = both("graph", "hidden", "ellipsize_after", 4)
    neurons = [c for c in shapes(mark_of(scene, "hidden"), Circle) if c.line]
    assert len(neurons) == 4
    assert len([c for c in shapes(mark_of(scene, "features"), Circle) if c.line]) == 4


def node_size() -> None:
    _, scene = both("graph", "hidden", "node_size", 24)
    assert {c.radius for c in shapes(mark_of(scene, "hidden"), Circle)} == {12}
    assert {c.radius for c in shapes(mark_of(scene, "classes"), Circle)} == {5}


def node_spacing() -> None:
    plain, scene = both("graph", "hidden", "node_spacing", 15)
    tall = [height(mark_of(drawn, "hidden").bounds) for drawn in (plain, scene)]
    assert close(tall[1] - tall[0], 7 * (15 - 4))
    assert mark_of(scene, "classes").bounds.right == mark_of(plain, "classes").bounds.right


def layer_spacing() -> None:
    _, scene = both("graph", "hidden", "layer_spacing", 200)
    assert gap(scene, "hidden", "classes") >= 200
    assert gap(scene, "features", "hidden") >= 200


def box_scale() -> None:
    _, scene = both("graph", "hidden", "box_scale", 7, others={"show_neurons": False})
    assert height(front(scene, "hidden")) == 70
    _, scene = both("graph", "hidden", "box_scale", 0.5, others={"show_neurons": False})
    assert 20 < height(front(scene, "hidden")) < 70


def synapses_have_the_colour_of_their_source() -> None:
    _, scene = both("graph", "hidden", "connector_fill", "tomato")
    (fan,) = (x for x in labels(scene, "synapses") if x.nodes[0] == "hidden")
    assert {light(scene, stroke.line) for stroke in shapes(fan, Stroke)} == {"#ff6347"}


# functional


def draw_volume() -> None:
    _, scene = both("functional", "conv1", "draw_volume", value=True)
    assert len(shapes(mark_of(scene, "conv1"), Polygon)) == 2
    assert not shapes(mark_of(scene, "conv2"), Polygon)
    _, scene = both("functional", "conv1", "draw_volume", value=False, draw_volume=True)
    assert not shapes(mark_of(scene, "conv1"), Polygon)
    assert shapes(mark_of(scene, "conv2"), Polygon)


def connector_arrow() -> None:
    _, scene = both("functional", "conv1", "connector_arrow", value=False)
    assert {edge.source for edge in scene.connectors if not edge.arrow} == {"conv1"}


def connector_padding() -> None:
    plain, scene = both("functional", "pool1", "connector_padding", 3)
    (coming,), (leaving,) = edges(scene, target="pool1"), edges(scene, source="pool1")
    box = front(scene, "pool1")
    assert close(box.left - coming.points[-1][0], 3)
    assert close(leaving.points[0][0] - box.right, 3)
    assert edges(scene, source="image") == edges(plain, source="image")


def in_words(part: str, value: Any, **options: Any) -> tuple[Scene, Scene]:
    return both("functional", "conv1", part, value, **{**IN_WORDS, **options})


def box_text() -> None:
    plain, scene = in_words("box_text", "edges")
    assert [text.text for text in inside(scene, "conv1")] == ["edges", "32 · 26²"]
    assert inside(plain, "conv1")[0].text == "3×3"
    below = draw("functional", {"conv1": {"box_text": "edges"}}, simple_text_visualization=True)
    assert words(below, "conv1")[0].text == "edges"


def box_text_callable() -> None:
    graph = load_graph("cnn")
    texts = {"box:mod:function": "written"}
    nodes = tuple(replace(node, texts=texts) for node in graph.nodes)
    look = {"box_text_callable": "mod:function"}
    raw = {"view": "functional", "simple-text-visualization": True, "styles": {"conv1": look}}
    scene = lay_out(replace(graph, nodes=nodes), parse_options(raw))
    assert words(scene, "conv1")[0].text == "written"
    assert words(scene, "conv2")[0].text == "3×3"


def box_text_enabled() -> None:
    _, scene = in_words("box_text_enabled", value=False)
    assert not inside(scene, "conv1")
    assert [text.text for text in words(scene, "conv1")] == ["3×3", "32 · 26²"]
    _, scene = in_words("box_text_enabled", value=True, simple_text_label_mode="below")
    assert [text.text for text in inside(scene, "conv1")] == ["3×3"]
    assert [text.text for text in words(scene, "conv1")] == ["32 · 26²"]


def box_text_color() -> None:
    plain, scene = in_words("box_text_color", "navy")
    assert {light(scene, text.fill) for text in inside(scene, "conv1")} == {"#000080"}
    assert inside(scene, "conv2") == inside(plain, "conv2")


def box_text_font() -> None:
    plain, scene = in_words("box_text_font", "fonts/own.ttf")
    assert {text.font for text in inside(scene, "conv1")} == {"fonts/own.ttf"}
    assert scene.fonts == ("fonts/own.ttf",)
    assert inside(scene, "conv2") == inside(plain, "conv2")


def box_text_font_size() -> None:
    _, scene = in_words("box_text_font_size", 14)
    assert {text.size for text in inside(scene, "conv1")} == {14}
    assert {text.size for text in inside(scene, "conv2")} == {9}


def fits(scene: Scene) -> None:
    box = front(scene, "conv1")
    assert all(box.contains(text.bounds) for text in inside(scene, "conv1"))


LONG = {"box_text": "an unusually long name", "box_size": [60, 30]}


def box_text_autoshrink() -> None:
    plain, scene = in_words("box_text_autoshrink", value=False, others=LONG)
    assert {text.size for text in inside(scene, "conv1")} == {9}
    assert max(text.size for text in inside(plain, "conv1")) < 9
    fits(plain)
    fits(scene)


def box_text_min_font_size() -> None:
    plain, scene = in_words("box_text_min_font_size", 8, others=LONG)
    assert {text.size for text in inside(plain, "conv1")} == {6}
    assert {text.size for text in inside(scene, "conv1")} == {8}
    fits(scene)


def box_text_wrap() -> None:
    look = {"box_text": "an unusually long name", "box_size": [60, 80]}
    lines = {}
    for wrap in ("words", "chars", "none"):
        _, scene = in_words("box_text_wrap", wrap, others={**look, "box_text_autoshrink": False})
        lines[wrap] = [text.text for text in inside(scene, "conv1")]
        fits(scene)
    assert lines["words"][:2] == ["an", "unusually"]
    assert lines["chars"][0].startswith("an un")
    assert len(lines["none"]) == 2
    assert lines["none"][0].endswith("…")


def box_text_max_lines() -> None:
    _, scene = in_words("box_text_max_lines", 1)
    assert [text.text for text in inside(scene, "conv1")] == ["3×3"]


def box_text_line_spacing() -> None:
    _, scene = in_words("box_text_line_spacing", 10)
    first, second = inside(scene, "conv1")
    assert close(second.y - first.y, 19)


def box_text_padding() -> None:
    plain, scene = in_words("box_text_padding", [20, 10])
    assert close(width(front(scene, "conv1")) - width(front(plain, "conv1")), 28)
    assert close(height(front(scene, "conv1")) - height(front(plain, "conv1")), 12)


ROOMY = {"box_size": [90, 60]}


def box_text_align() -> None:
    for align, anchor in (("left", "start"), ("right", "end"), ("center", "middle")):
        _, scene = in_words("box_text_align", align, others=ROOMY)
        assert {text.anchor for text in inside(scene, "conv1")} == {anchor}
        fits(scene)


def box_text_valign() -> None:
    tops = []
    for valign in ("top", "middle", "bottom"):
        _, scene = in_words("box_text_valign", valign, others=ROOMY)
        tops.append(inside(scene, "conv1")[0].y - front(scene, "conv1").top)
        fits(scene)
    assert tops == sorted(set(tops))


def box_orientation() -> None:
    plain, scene = in_words("box_orientation", "vertical")
    assert {text.turn for text in inside(scene, "conv1")} == {90}
    assert {text.turn for text in inside(scene, "conv2")} == {0}
    box, before = front(scene, "conv1"), front(plain, "conv1")
    assert width(box) - 12 == height(before) - 8
    fits(scene)


def box_text_rotation() -> None:
    places = set()
    for turn in (0, 90, 180, 270):
        look = {**ROOMY, "box_text_align": "left", "box_text_valign": "top"}
        _, scene = in_words("box_text_rotation", turn, others=look)
        texts, box = inside(scene, "conv1"), front(scene, "conv1")
        assert {text.turn for text in texts} == {turn}
        fits(scene)
        # Left and top are those of the page, however the words are turned.
        assert min(text.bounds.left for text in texts) - box.left < 10
        assert min(text.bounds.top for text in texts) - box.top < 10
        places |= {(text.x, text.y) for text in texts}
    assert len(places) == 8


def box_size() -> None:
    _, scene = in_words("box_size", [70, 55])
    assert close(width(front(scene, "conv1")), 70)
    assert close(height(front(scene, "conv1")), 55)


def box_min_size() -> None:
    plain, scene = in_words("box_min_size", [100, 8])
    assert close(width(front(scene, "conv1")), 100)
    assert height(front(scene, "conv1")) == height(front(plain, "conv1"))


def box_fill() -> None:
    _, scene = in_words("box_fill", "gold", others={"fill": "navy"})
    assert colours(scene, "conv1", "fill") == {"#ffd700"}
    _, scene = both("functional", "conv1", "box_fill", "gold")
    assert "#ffd700" not in colours(scene, "conv1", "fill")


def box_outline() -> None:
    _, scene = in_words("box_outline", "crimson", others={"outline": "navy"})
    assert colours(scene, "conv1", "line") == {"#dc143c"}


def box_outline_width() -> None:
    _, scene = in_words("box_outline_width", 3)
    assert {box.line_width for box in shapes(mark_of(scene, "conv1"), Box)} == {3}
    assert {box.line_width for box in shapes(mark_of(scene, "conv2"), Box)} == {1}


def repeated(part: str, value: Any, **others: Any) -> tuple[Label, Label, Scene]:
    """Draw three convolutions as one, without and with a part of their look."""
    layer = "block3_conv1"
    plain, scene = both("functional", layer, part, value, others=others, **TWICE)
    before, after = (labels(drawn, "repeat", layer)[0] for drawn in (plain, scene))
    assert labels(scene, "repeat", "block4_conv1")[0].shapes[0].size == 9
    return before, after, scene


def collapse_badge_enabled() -> None:
    _, label, _ = repeated("collapse_badge_enabled", value=False)
    assert not shapes(label, Text)
    assert shapes(label, Stroke)


def collapse_badge_fill() -> None:
    before, label, scene = repeated("collapse_badge_fill", "gold")
    (plate,) = shapes(label, Box)
    assert light(scene, plate.fill) == "#ffd700"
    assert plate.bounds.contains(shapes(label, Text)[0].bounds)
    assert not shapes(before, Box)


def collapse_badge_outline() -> None:
    _, label, scene = repeated("collapse_badge_outline", "crimson")
    assert [light(scene, box.line) for box in shapes(label, Box)] == ["#dc143c"]


def collapse_badge_text_color() -> None:
    _, label, scene = repeated(
        "collapse_badge_text_color", "navy", collapse_annotation_color="red"
    )
    assert [light(scene, text.fill) for text in shapes(label, Text)] == ["#000080"]


def collapse_badge_font() -> None:
    _, label, scene = repeated("collapse_badge_font", "serif", collapse_annotation_font="Inter")
    assert [text.font for text in shapes(label, Text)] == ["serif"]
    assert scene.fonts == ("serif",)


def collapse_badge_font_size() -> None:
    _, label, _ = repeated("collapse_badge_font_size", 14)
    assert [text.size for text in shapes(label, Text)] == [14]


def collapse_badge_padding() -> None:
    before, label, _ = repeated("collapse_badge_padding", [12, 6], collapse_badge_fill="gold")
    plates = [shapes(x, Box)[0].bounds for x in (before, label)]
    assert close(width(plates[1]) - width(plates[0]), 16)
    assert close(height(plates[1]) - height(plates[0]), 8)


def collapse_annotation_enabled() -> None:
    _, label, _ = repeated("collapse_annotation_enabled", value=False)
    assert not shapes(label, Stroke)
    assert shapes(label, Text)


def collapse_annotation_position() -> None:
    before, label, scene = repeated("collapse_annotation_position", "below")
    box = front(scene, "block3_conv1")
    assert before.bounds.bottom <= box.top
    assert label.bounds.top >= box.bottom


def collapse_annotation_color() -> None:
    _, label, scene = repeated("collapse_annotation_color", "crimson")
    paints = {stroke.line for stroke in shapes(label, Stroke)}
    paints |= {text.fill for text in shapes(label, Text)}
    assert {light(scene, paint) for paint in paints} == {"#dc143c"}


def number_of_blocks(look: dict[str, Any]) -> Text:
    rule = "[{kind: block, selector: [Conv2D, MaxPooling2D], repeat_count: 2}]"
    options = {"graph": "cnn", "collapse_enabled": True, "collapse_rules": rule}
    (number,) = words(draw("functional", {"conv1": look}, **options), "conv1", "repeat")
    return number


def collapse_annotation_font() -> None:
    badge = {"collapse_badge_font": "serif"}
    assert number_of_blocks({**badge, "collapse_annotation_font": "Inter"}).font == "Inter"
    assert number_of_blocks(badge).font == "serif"


def collapse_annotation_font_size() -> None:
    look = {"collapse_annotation_font_size": 14, "collapse_badge_font_size": 6}
    assert number_of_blocks(look).size == 14


def collapse_annotation_width() -> None:
    _, label, _ = repeated("collapse_annotation_width", 3)
    assert {stroke.width for stroke in shapes(label, Stroke)} == {3}


def collapse_annotation_head_size() -> None:
    before, label, _ = repeated("collapse_annotation_head_size", 11)
    for drawn, size in ((before, 5), (label, 11)):
        assert close(height(shapes(drawn, Stroke)[1].bounds), size)


def collapse_annotation_offset() -> None:
    _, label, scene = repeated("collapse_annotation_offset", 12)
    assert front(scene, "block3_conv1").top - shapes(label, Stroke)[1].bounds.bottom > 12


# lenet


def line_width() -> None:
    _, scene = both("lenet", "c1", "line_width", 2.5)
    assert {box.line_width for box in shapes(mark_of(scene, "c1"), Box)} == {2.5}
    assert {box.line_width for box in shapes(mark_of(scene, "c3"), Box)} == {1}


def shade_of_maps() -> None:
    _, scene = both("lenet", "c1", "shade_step", 25.5)
    maps = [light(scene, box.fill) for box in shapes(mark_of(scene, "c1"), Box)]
    assert maps[:3] == ["#cfe3f7", "#baccde", "#a6b6c6"]  # 10 % more each time
    assert len(colours(scene, "c3", "fill")) == 1


def map_spacing() -> None:
    _, scene = both("lenet", "c1", "map_spacing", 9)
    lefts = [box.left for box in shapes(mark_of(scene, "c1"), Box)]
    assert close(lefts[1] - lefts[0], 9)
    lefts = [box.left for box in shapes(mark_of(scene, "c3"), Box)]
    assert close(lefts[1] - lefts[0], 4)


def max_visual_channels() -> None:
    plain, scene = both("lenet", "c3", "max_visual_channels", 5)
    assert len(shapes(mark_of(scene, "c3"), Box)) == 5
    assert len(shapes(mark_of(scene, "s4"), Box)) == len(shapes(mark_of(plain, "s4"), Box))


def patches(scene: Scene, target: str) -> Label:
    return next(x for x in labels(scene, "patch") if x.nodes[1] == target)


def patch_fill() -> None:
    plain, scene = both("lenet", "c1", "patch_fill", "gold")
    assert {light(scene, box.fill) for box in shapes(patches(scene, "c1"), Box)} == {"#ffd700"}
    assert patches(scene, "c3") == patches(plain, "c3")


def patch_outline() -> None:
    _, scene = both("lenet", "c1", "patch_outline", "crimson")
    assert {light(scene, box.line) for box in shapes(patches(scene, "c1"), Box)} == {"#dc143c"}


def patch_scale() -> None:
    plain, scene = both("lenet", "c1", "patch_scale", 2)
    before, after = (shapes(patches(drawn, "c1"), Box)[0].bounds for drawn in (plain, scene))
    assert close(width(after), 2 * width(before))
    assert patches(scene, "s2") == patches(plain, "s2")


def opacities(scene: Scene, node: str) -> set[float]:
    """How opaque the patches on the maps of a layer are, of 255."""
    maps = mark_of(scene, node).bounds
    patches = (box for label in labels(scene, "patch") for box in shapes(label, Box))
    return {round(box.opacity * 255, 6) for box in patches if maps.overlaps(box.bounds)}


def patch_alpha() -> None:
    plain, scene = both("lenet", "c1", "patch_alpha", 51)
    assert opacities(scene, "c1") == {51}
    assert opacities(plain, "c1") == opacities(scene, "s2") == opacities(scene, "image") == {255}


def patch_fill_alpha() -> None:
    _, scene = both("lenet", "c1", "patch_fill_alpha", 0, others={"patch_alpha": 51})
    assert opacities(scene, "c1") == {0}
    assert opacities(scene, "s2") == {255}


def rays_are_as_wide_and_coloured_as_each_other() -> None:
    look = {"connector_width": 3, "connector_fill": "tomato"}
    scene = draw("lenet", {"c1": look})
    (upper,) = edges(scene, target="c1")
    (lower,) = shapes(patches(scene, "c1"), Stroke)
    assert (upper.width, upper.line) == (lower.width, lower.line)


def patches_have_the_colours_of_the_layer_that_looks() -> None:
    scene = draw("lenet", {"c1": {"fill": "gold", "outline": "crimson"}})
    lines = {light(scene, box.line) for box in shapes(patches(scene, "c1"), Box)}
    assert lines == {light(scene, edges(scene, target="c1")[0].line)} == {"#dc143c"}


ENDS = {"graph": "hidden", "functional": "conv1"}
EFFECTS: dict[str, dict[str, Callable[[], None]]] = {
    "layered": {
        "fill": lambda: fill("layered", "conv1", "pool1"),
        "outline": lambda: outline("layered", "conv1", "pool1"),
        "shade_step": lambda: shade_of_volumes("layered", "conv1"),
        "font": font,
        "font_color": font_color,
        "text_vspacing": text_vspacing,
        "spacing": spacing,
        "scale_xy": scale_xy,
        "scale_z": scale_z,
        "min_xy": limit("min_xy", 150, height),
        "max_xy": limit("max_xy", 25, height),
        "min_z": limit("min_z", 120, width),
        "max_z": limit("max_z", 30, width),
    },
    "graph": {
        "fill": lambda: fill("graph", "hidden", "classes"),
        "outline": lambda: outline("graph", "hidden", "classes"),
        "connector_fill": lambda: connector_fill(
            "graph", "hidden", lambda edge: edge.source == "hidden"
        ),
        "connector_width": lambda: connector_width(
            "graph", "hidden", lambda edge: edge.source == "hidden"
        ),
        "show_neurons": show_neurons,
        "ellipsize_after": ellipsize_after,
        "node_size": node_size,
        "node_spacing": node_spacing,
        "layer_spacing": layer_spacing,
        "box_scale": box_scale,
    },
    "functional": {
        "fill": lambda: fill("functional", "conv1", "pool1"),
        "outline": lambda: outline("functional", "conv1", "pool1"),
        "shade_step": lambda: shade_of_volumes("functional", "conv1", draw_volume=True),
        "connector_fill": lambda: connector_fill(
            "functional", "conv1", lambda edge: edge.source == "conv1"
        ),
        "connector_width": lambda: connector_width(
            "functional", "conv1", lambda edge: edge.source == "conv1"
        ),
        **{
            test.__name__: test
            for test in (
                draw_volume,
                connector_arrow,
                connector_padding,
                box_text,
                box_text_callable,
                box_text_enabled,
                box_text_color,
                box_text_font,
                box_text_font_size,
                box_text_min_font_size,
                box_text_autoshrink,
                box_text_wrap,
                box_text_max_lines,
                box_text_line_spacing,
                box_text_padding,
                box_text_align,
                box_text_valign,
                box_orientation,
                box_text_rotation,
                box_size,
                box_min_size,
                box_fill,
                box_outline,
                box_outline_width,
                collapse_badge_enabled,
                collapse_badge_fill,
                collapse_badge_outline,
                collapse_badge_text_color,
                collapse_badge_font,
                collapse_badge_font_size,
                collapse_badge_padding,
                collapse_annotation_enabled,
                collapse_annotation_position,
                collapse_annotation_color,
                collapse_annotation_font,
                collapse_annotation_font_size,
                collapse_annotation_width,
                collapse_annotation_head_size,
                collapse_annotation_offset,
            )
        },
    },
    "lenet": {
        "fill": lambda: fill("lenet", "c1", "s2"),
        "outline": lambda: outline("lenet", "c1", "s2"),
        "line_width": line_width,
        "shade_step": shade_of_maps,
        "map_spacing": map_spacing,
        "max_visual_channels": max_visual_channels,
        "connector_fill": lambda: connector_fill("lenet", "c1", lambda edge: edge.target == "c1"),
        "connector_width": lambda: connector_width(
            "lenet", "c1", lambda edge: edge.target == "c1"
        ),
        "patch_fill": patch_fill,
        "patch_outline": patch_outline,
        "patch_scale": patch_scale,
        "patch_alpha": patch_alpha,
        "patch_fill_alpha": patch_fill_alpha,
    },
}
MORE = (
    a_run_of_labels_ends_where_words_look_otherwise,
    synapses_have_the_colour_of_their_source,
    rays_are_as_wide_and_coloured_as_each_other,
    patches_have_the_colours_of_the_layer_that_looks,
)


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
