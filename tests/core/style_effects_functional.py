"""What parts of looks do in the view `functional`."""

from typing import Any

from core_graphs import load_graph
from msgspec.structs import replace
from style_effects import (
    IN_WORDS,
    TWICE,
    Effects,
    both,
    close,
    colours,
    connector_fill,
    connector_width,
    draw,
    edges,
    fill,
    front,
    height,
    inside,
    labels,
    light,
    mark_of,
    outline,
    shade_of_volumes,
    shapes,
    width,
    words,
)

from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import (
    Box,
    Label,
    Polygon,
    Scene,
    Stroke,
    Text,
)


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


FUNCTIONAL: Effects = {
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
}
