"""PNG pictures come from the same Scene, at two pixels to the px."""

import io

import pytest
from core_graphs import graphs, load_graph
from hypothesis import given
from PIL import Image

from keras_diagram_core.backends import paint
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Box, Connector, Label, Polygon, Scene


def picture(scene: Scene) -> Image.Image:
    return Image.open(io.BytesIO(paint(scene, "png")))


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("name", ["vgg16", "unet", "transformer"])
def test_size_and_background(name, theme):
    scene = lay_out(load_graph(name), parse_options({"view": "layered", "theme": theme}))
    image = picture(scene)
    assert image.size == (round(scene.width * 2), round(scene.height * 2))
    expected = (0x14, 0x18, 0x1D) if theme == "dark" else (255, 255, 255)
    assert image.convert("RGB").getpixel((1, 1)) == expected


def test_shapes_text_and_edges_are_where_the_scene_has_them():
    scene = lay_out(load_graph("unet"), parse_options({"view": "layered"}))
    image = picture(scene).convert("RGB")
    for item in scene.items:
        if isinstance(item, Connector):
            (x, y) = item.points[0]
            (x1, y1) = item.points[1]
            assert _near(image, (x + x1) / 2, (y + y1) / 2, scene, item.line)
        elif not isinstance(item, Label) and isinstance(item.shapes[-1], Polygon):
            bounds = item.shapes[-1].bounds
            middle = ((bounds.left + bounds.right) / 2, bounds.top + 3)
            assert _near(image, *middle, scene, item.shapes[-1].fill)
    swatch = next(
        shape for label in scene.labels for shape in label.shapes if isinstance(shape, Box)
    )
    assert _near(image, swatch.left + 5, swatch.top + 5, scene, swatch.fill)


def _near(image: Image.Image, x: float, y: float, scene: Scene, paint_name: str) -> bool:
    wanted = tuple(bytes.fromhex(scene.paints[paint_name].light[1:]))
    spots = ((round(x * 2) + dx, round(y * 2) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    colours = [image.getpixel(spot) for spot in spots]
    return any(sum(abs(a - b) for a, b in zip(c, wanted, strict=True)) < 40 for c in colours)


def test_equal_scenes_give_equal_bytes():
    scene = lay_out(load_graph("cnn"), parse_options({"view": "layered"}))
    assert paint(scene, "png") == paint(scene, "png")


@given(graph=graphs(most=6))
def test_any_graph_can_be_painted(graph):
    picture(lay_out(graph, parse_options({"view": "layered"}))).load()
