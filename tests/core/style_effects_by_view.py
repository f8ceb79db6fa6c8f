"""What parts of looks do in the views `layered`, `graph` and `lenet`."""

from collections.abc import Callable
from typing import Any

from style_effects import (
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
    gap,
    height,
    labels,
    light,
    mark_of,
    outline,
    shade_of_volumes,
    shapes,
    width,
    words,
)

from keras_diagram_core.scene import (
    Bounds,
    Box,
    Circle,
    Label,
    Scene,
    Stroke,
)

# layered


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


LAYERED: Effects = {
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
}

GRAPH: Effects = {
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
}

LENET: Effects = {
    "fill": lambda: fill("lenet", "c1", "s2"),
    "outline": lambda: outline("lenet", "c1", "s2"),
    "line_width": line_width,
    "shade_step": shade_of_maps,
    "map_spacing": map_spacing,
    "max_visual_channels": max_visual_channels,
    "connector_fill": lambda: connector_fill("lenet", "c1", lambda edge: edge.target == "c1"),
    "connector_width": lambda: connector_width("lenet", "c1", lambda edge: edge.target == "c1"),
    "patch_fill": patch_fill,
    "patch_outline": patch_outline,
    "patch_scale": patch_scale,
    "patch_alpha": patch_alpha,
    "patch_fill_alpha": patch_fill_alpha,
}
MORE = (
    a_run_of_labels_ends_where_words_look_otherwise,
    synapses_have_the_colour_of_their_source,
    rays_are_as_wide_and_coloured_as_each_other,
    patches_have_the_colours_of_the_layer_that_looks,
)
