"""Images on layers in each format, and what becomes of their files."""

import base64
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from core_graphs import load_graph
from image_scenes import CONV, RED, SVG, logo, mark_of, pictures, png, scene_of
from PIL import Image as Pillow

from keras_diagram_core.api import Settings, render, render_all
from keras_diagram_core.api import draw as draw_artifact
from keras_diagram_core.artifact import Artifact
from keras_diagram_core.backends import image_of, paint
from keras_diagram_core.backends.images import LARGEST, read_image
from keras_diagram_core.cli import main
from keras_diagram_core.errors import RequestError
from keras_diagram_core.harmless import is_harmless
from keras_diagram_core.options import parse_options
from keras_diagram_core.options.files import files_of, font_files_of
from keras_diagram_core.request import parse_request
from keras_diagram_core.scene import Image

# Formats.


def test_an_svg_holds_each_image_once():
    scene = scene_of("vgg16", "layered", styles={"Conv2D": {"image": "a.png"}}, image_fit="cover")
    data = paint(scene, "svg")
    root = ET.fromstring(data)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    uses = [element.get("href") for element in root.iter() if element.tag.endswith("use")]
    assert data.count(b"data:image/png;base64,") == 1
    assert len(uses) > 10
    assert len(ids) == len(set(ids))
    assert {use.removeprefix("#") for use in uses} <= set(ids)
    assert set(re.findall(r"url\(#([^)]*)\)", data.decode())) <= set(ids)
    assert base64.b64encode(png()) in data
    assert is_harmless(data)
    assert paint(scene, "svg") == data


def test_ids_differ_between_pictures_and_copies():
    def ids(text: str) -> set[str]:
        return {str(element.get("id")) for element in ET.fromstring(text).iter()} - {"None"}

    scenes = [scene_of("vgg16", "layered", styles=CONV, width=width) for width in (700, 500)]
    first, second = (
        Artifact(key="", format="svg", width=1, height=1, alt="", data=paint(scene, "svg"))
        for scene in scenes
    )
    assert not ids(first.inline()) & ids(second.inline())
    assert first.inline() == first.data.decode()
    again = first.inline(2)
    assert not ids(first.inline()) & ids(again)
    links = {element.get("href", "#")[1:] for element in ET.fromstring(again).iter()} - {""}
    assert {link for link in links if link.startswith("kd-")} <= ids(again)
    assert is_harmless(again.encode())


def test_a_picture_without_images_has_no_ids():
    assert b" id=" not in paint(scene_of("vgg16", "layered"), "svg")


@pytest.mark.parametrize(
    ("view", "raw"),
    [
        ("layered", {"styles": {"block1_conv1": {"image": "a.png", "image_axis": "x"}}}),
        ("graph", {"styles": CONV, "image_fit": "cover"}),
    ],
)
def test_pixels_show_the_image(view, raw):
    scene = scene_of("vgg16", view, **raw)
    edge = pictures(mark_of(scene, "block1_conv1"))[0].bounds
    middle = round(edge.left + edge.right), round(edge.top + edge.bottom)
    pixels = image_of(scene)
    assert pixels.getpixel(middle) == RED
    assert pixels.getpixel((round(2 * edge.left) + 1, round(2 * edge.top) + 1)) != RED


def test_opacity_mixes_image_and_face():
    look = {"Conv2D": {"face_image": "a.png", "face_image_alpha": 128}}
    scene = scene_of("lenet5", "lenet", styles=look, draw_patches=False, draw_connections=False)
    edge = pictures(mark_of(scene, "c1"))[0].bounds
    middle = round(edge.left + edge.right), round(edge.top + edge.bottom)
    face = Pillow.new("RGB", (1, 1), scene.paints["conv-fill"].light).getpixel((0, 0))
    mixed = [round((one + other) / 2) for one, other in zip(face, RED, strict=True)]
    found = image_of(scene).getpixel(middle)
    assert all(abs(one - other) <= 2 for one, other in zip(found, mixed, strict=True))


def test_a_pdf_holds_the_image():
    scene = scene_of("lenet5", "lenet", styles={"Conv2D": {"face_image": "a.png"}})
    plain = scene_of("lenet5", "lenet")
    assert paint(scene, "pdf").count(b"/Subtype /Image") > 0
    assert b"/Subtype /Image" not in paint(plain, "pdf")
    assert paint(scene, "pdf") == paint(scene, "pdf")


# Files.


def drawn(folder: Path, format: str = "svg", **raw: Any) -> Artifact:
    options = parse_options({"view": "layered", "styles": CONV, **raw})
    return draw_artifact(load_graph("vgg16"), options, format, str(folder))


def test_a_small_file_is_taken_as_it_is():
    data = png(40, 30)
    assert read_image(data, "a.png") == Image("image/png", 40, 30, data)


def test_a_large_file_is_made_smaller():
    found = read_image(png(3000, 1000), "a.png")
    assert (found.width, found.height) == (LARGEST, LARGEST / 3)
    assert Pillow.open(io.BytesIO(found.data)).size == (found.width, found.height)


def test_photographs_are_set_upright():
    buffer, exif = io.BytesIO(), Pillow.Exif()
    exif[0x0112] = 6
    Pillow.new("RGB", (40, 20), RED).save(buffer, "JPEG", exif=exif)
    found = read_image(buffer.getvalue(), "a.jpg")
    assert (found.width, found.height, found.media_type) == (20, 40, "image/jpeg")


@pytest.mark.parametrize("format", ["JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_formats_that_are_read(format):
    buffer = io.BytesIO()
    Pillow.new("RGB", (12, 8), RED).save(buffer, format)
    found = read_image(buffer.getvalue(), "a")
    kept = {"JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
    assert found.media_type == kept.get(format, "image/png")


def test_an_svg_is_shown_in_svg_alone(tmp_path):
    (tmp_path / "a.png").write_bytes(SVG)
    assert read_image(SVG, "a.svg") == Image("image/svg+xml", 40, 20, SVG)
    data = drawn(tmp_path).data
    assert b"data:image/svg+xml;base64," in data
    assert is_harmless(data)
    for format in ("png", "pdf"):
        with pytest.raises(
            RequestError, match=f"The image 'a.png' is SVG, which {format.upper()}"
        ):
            drawn(tmp_path, format)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "There is no image 'a.png'"),
        (b"no image", "The image 'a.png' cannot be read"),
        (png()[:60], "The image 'a.png' cannot be read"),
        (b"<svg></svg>", "'a.png' does not say how large it is"),
    ],
)
def test_files_that_are_no_images_are_refused(tmp_path, content, message):
    if content is not None:
        (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(RequestError, match=message):
        drawn(tmp_path)


def test_the_command_line_takes_paths_from_the_current_folder(
    tmp_path, monkeypatch, frozen_worker
):
    (tmp_path / "a.png").write_bytes(png())
    monkeypatch.chdir(tmp_path)
    setting = "styles={Conv2D: {image: a.png}}"
    arguments = ["render", "m:cnn", "--view", "layered", "--set", setting, "-o", "out.svg"]
    assert main(arguments) == 0
    assert base64.b64encode(png()) in (tmp_path / "out.svg").read_bytes()
    assert frozen_worker == ["m:cnn"]


@pytest.mark.usefixtures("frozen_worker")
def test_python_takes_paths_from_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(png())
    monkeypatch.chdir(tmp_path)
    options = {"view": "layered", "styles": {"Conv2D": {"image": "a.png"}}}
    assert base64.b64encode(png()) in render("m:cnn", options).data
    batch = render_all([parse_request("m:cnn", options)], Settings.here())
    [outcome] = batch.outcomes.values()
    assert str(tmp_path / "a.png") in outcome.sources
    (tmp_path / "a.png").unlink()
    with pytest.raises(RequestError, match=r"There is no image 'a\.png'"):
        render("m:cnn", options)


def test_a_changed_file_is_another_picture(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    first = drawn(tmp_path)
    assert drawn(tmp_path) == first
    (tmp_path / "a.png").write_bytes(png(colour=(0, 0, 9)))
    second = drawn(tmp_path)
    assert first.key != second.key
    assert first.data != second.data


def test_python_gives_images_and_paths(tmp_path):
    image = Pillow.open(io.BytesIO(png()))
    look = {"block1_conv1": {"image": image}}
    assert base64.b64encode(png())[:40] in drawn(tmp_path, styles=look).data
    (tmp_path / "a.png").write_bytes(png())
    look = {"block1_conv1": {"image": tmp_path / "a.png"}}
    assert b"data:image/png" in drawn(tmp_path, styles=look).data


@pytest.mark.parametrize(
    ("view", "raw", "message"),
    [
        ("layered", {"styles": {"a": {"image": "https://x.org/a.png"}}}, "is not a file"),
        ("layered", {"styles": {"a": {"image": 7}}}, "'7' is not an image"),
        ("layered", {"styles": {"a": {"face_image": "a"}}}, "It belongs to the view lenet"),
        ("blocks", {"styles": {"a": {"image": "a"}}}, "layered, graph and functional"),
        ("lenet", {"image_fit": "fill"}, "layered, functional and graph"),
        ("layered", {"styles": {"a": {"image": "a", "image_fit": "tile"}}}, "'tile'"),
        ("layered", {"logo_groups": [{"layers": "a"}]}, "A logo has no file"),
        ("layered", {"logo_groups": [{"file": "a"}]}, "A logo has no layers"),
        ("layered", {"logo_groups": [logo(size="big")]}, "The size cannot be 'big'"),
        ("layered", {"logo_groups": [logo(size=[0, 4])]}, "The size cannot be"),
        ("functional", {"logos_legend": "perhaps"}, "'perhaps'"),
    ],
)
def test_wrong_markup_is_refused(view, raw, message):
    with pytest.raises(RequestError, match=re.escape(message)):
        parse_options({"view": view, **{k.replace("_", "-"): v for k, v in raw.items()}})


def test_paths_of_a_document_become_those_of_the_project():
    options = {
        "view": "layered",
        "styles": {"a": {"image": "x.png", "font": "a.ttf"}, "b": {"fill": "red"}},
        "logo-groups": [logo(file="y.png")],
    }
    request = parse_request("m:f", options).located("docs/{}".format, {"styles"})
    assert files_of(request.options) == ("docs/x.png", "y.png")
    # Fonts are those of the project already, as with the option `font`.
    assert font_files_of(request.options) == ("a.ttf",)
