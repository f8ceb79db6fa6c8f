"""Pictures with images on layers, for tests."""

import io
from typing import Any

from core_graphs import load_graph
from PIL import Image as Pillow

from keras_diagram_core.backends.images import read_image
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.layout.faces import Face
from keras_diagram_core.options import parse_options
from keras_diagram_core.options.files import files_of
from keras_diagram_core.scene import Label, Mark, Picture, Scene

Mapping = dict[str, Any]

RED = (220, 30, 30)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle r="9"/></svg>'


def png(width: int = 30, height: int = 20, colour: Any = RED, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Pillow.new(mode, (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def scene_of(graph: str | ModelGraph, view: str, **raw: Any) -> Scene:
    """Draw with images of 30 × 20 px in the place of all files."""
    graph = load_graph(graph) if isinstance(graph, str) else graph
    options = parse_options({"view": view, **{k.replace("_", "-"): v for k, v in raw.items()}})
    return lay_out(graph, options, dict.fromkeys(files_of(options), read_image(png(), "a.png")))


def mark_of(scene: Scene, node: str) -> Mark:
    return next(mark for mark in scene.marks if node in mark.nodes)


def pictures(item: Mark | Label) -> list[Picture]:
    return [shape for shape in item.shapes if isinstance(shape, Picture)]


def seen(picture: Picture) -> Face:
    """The parallelogram on which a picture's whole image lies."""
    (left, top), right, low = picture.corners
    return Face((left, top), (right[0] - left, right[1] - top), (low[0] - left, low[1] - top))


def face_below(mark: Mark) -> Any:
    """The shape that the first picture of a mark lies on."""
    number = next(n for n, shape in enumerate(mark.shapes) if isinstance(shape, Picture))
    return mark.shapes[number - 1]


def fill_of(mark: Mark) -> str:
    return face_below(mark).fill.rpartition("-")[2]


CONV = {"block1_conv1": {"image": "a.png"}}


def one(view: str = "layered", graph: str = "vgg16", **raw: Any) -> Mark:
    """The mark of the first convolution, with its one picture."""
    options = {"styles": CONV, **({"detail": "all"} if view == "layered" else {}), **raw}
    mark = mark_of(scene_of(graph, view, **options), "block1_conv1")
    assert len(pictures(mark)) == 1
    return mark


def logo(**parts: Any) -> Mapping:
    return {"file": "logo.png", "layers": ["fc1"], "size": [6, 4], "name": "Ours", **parts}
