"""Pictures in every format, in fonts and resolutions of one's own."""

import hashlib
import io
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import msgspec
import pytest
from core_graphs import graphs, load_graph
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont
from hypothesis import given
from PIL import Image, ImageFont

from keras_diagram_core import Project, RequestError, Settings, parse_request, render, render_all
from keras_diagram_core.artifact import FORMATS, MEDIA_TYPES, format_named, format_of
from keras_diagram_core.backends import face, image_of, paint, raster, save
from keras_diagram_core.cache import Cache
from keras_diagram_core.layout import lay_out
from keras_diagram_core.manifest import Manifest
from keras_diagram_core.options import VIEWS, parse_options
from keras_diagram_core.scene import Scene, Text

BUNDLED = Path(face.__file__).parent / "fonts"
REGULAR, WIDE = BUNDLED / "DejaVuSans.ttf", BUNDLED / "DejaVuSans-Bold.ttf"
RASTERS = ["png", "jpeg", "webp", "gif", "tiff"]
FONT_ERRORS = "The font '.*' cannot be read: "


def scene(name: str = "cnn", **options: object) -> Scene:
    return lay_out(load_graph(name), parse_options({"view": "layered", **options}))


def texts(drawing: Scene) -> list[Text]:
    shapes = [shape for item in drawing.items for shape in getattr(item, "shapes", ())]
    return [shape for shape in shapes if isinstance(shape, Text)]


# Endings


@pytest.mark.parametrize(("name", "format"), FORMATS.items())
def test_the_ending_is_the_format(name, format):
    assert format_of(f"folder.svg/Picture.{name.upper()}") == format
    assert format_named(name) == format
    assert "/" in MEDIA_TYPES[format]


def test_endings_and_names_that_there_are_not():
    with pytest.raises(RequestError, match=r"'a\.bmp'\. End it with \.svg, \.png, \.pdf, "):
        format_of("a.bmp")
    with pytest.raises(RequestError, match=r"no format 'pgn'\. Did you mean 'png'"):
        render("a:b", format="pgn")


@pytest.mark.parametrize("ending", ["png", "JPG", "webp", "gif", "tif", "svg", "pdf"])
def test_a_scene_is_saved_by_its_ending(tmp_path, ending):
    path = tmp_path / f"picture.{ending}"
    save(scene(), path, dpi=96)
    if ending in {"svg", "pdf"}:
        assert path.read_bytes().startswith({"svg": b"<svg", "pdf": b"%PDF"}[ending])
        return
    with Image.open(path) as image:
        assert image.format.lower() == format_of(path)
        assert image.size == (round(scene().width), round(scene().height))


def test_a_scene_is_no_dot(tmp_path):
    with pytest.raises(RequestError, match="Write DOT from the model"):
        save(scene(), tmp_path / "a.dot")


# Raster pictures


@pytest.mark.parametrize("format", RASTERS)
@pytest.mark.parametrize("dpi", [96, 250])
def test_resolution(format, dpi):
    data = paint(scene(), format, dpi=dpi)
    assert data == paint(scene(), format, dpi=dpi)
    image = Image.open(io.BytesIO(data))
    sides = (scene().width, scene().height)
    assert image.size == tuple(round(side * dpi / 96) for side in sides)
    if format in {"png", "jpeg", "tiff"}:
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.02)


def test_the_colours_are_those_of_the_png():
    images = {
        format: Image.open(io.BytesIO(paint(scene(), format))).convert("RGB") for format in RASTERS
    }
    spot = next(item.shapes[-1].bounds for item in scene().marks[1:2])
    middle = (round(spot.left + spot.right), round(spot.top + spot.bottom))
    expected = images["png"].getpixel(middle)
    for format, image in images.items():
        found = image.getpixel(middle)
        assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) < 12, format


@pytest.mark.parametrize(("format", "most"), [("webp", 16_383), ("jpeg", 65_500), ("gif", 65_535)])
def test_sides_that_a_format_cannot_tell(format, most):
    drawing = msgspec.structs.replace(scene(), width=most / 4, height=20.0)
    paint(drawing, format, dpi=96 * 4)
    longer = msgspec.structs.replace(drawing, width=most / 4 + 1)
    with pytest.raises(
        RequestError, match=rf"has at most {most:,} pixels each way, .* Choose PNG"
    ):
        paint(longer, format, dpi=96 * 4)


def test_more_pixels_than_a_machine_should_hold():
    words = "6,500,000 × 6,500,000 pixels .* at most 100,000,000. .* at most 3 dpi"
    drawing = msgspec.structs.replace(scene(), width=260_000.0, height=260_000.0)
    with pytest.raises(RequestError, match=words):
        paint(drawing, "png", dpi=2400)
    with pytest.raises(RequestError, match="SVG or PDF"):
        image_of(drawing)
    assert raster.MOST_PIXELS < Image.MAX_IMAGE_PIXELS * 2


def test_an_image_of_any_scale():
    image = image_of(scene(), dpi=96)
    assert (image.mode, image.size) == ("RGB", (round(scene().width), round(scene().height)))


# PDF


def content(pdf: bytes) -> str:
    """What is painted on the page, as text."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    plain = (zlib.decompress(data) for data in streams if data[:1] == b"\x78")
    return next(data for data in plain if b" re" in data[:200] or b" Td" in data).decode("latin-1")


@pytest.mark.parametrize("name", ["cnn", "transformer"])
def test_golden_of_what_is_on_the_page(name, file_regression):
    text = content(paint(scene(name), "pdf"))
    file_regression.check(text, basename=name, extension=".txt", encoding="utf-8")


def test_pdf_has_the_size_of_the_scene_and_its_fonts():
    data = paint(scene(), "pdf")
    box = b"/MediaBox [0 0 %.2f %.2f]" % (scene().width * 0.75, scene().height * 0.75)
    assert box in data
    assert set(re.findall(rb"/BaseFont /\w+\+(\w+)", data)) == {
        b"DejaVuSansBook",
        b"DejaVuSansBold",
    }
    assert b"/FontFile2" in data
    assert b"/ToUnicode" in data
    assert b"/Subtype /Image" not in data
    assert len(data) < 40_000


@pytest.mark.slow
def test_pdf_is_the_same_in_every_process():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import hashlib, test_core_formats as t\n"
        "print(hashlib.sha256(t.paint(t.scene('unet'), 'pdf')).hexdigest())"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent)]
    other = subprocess.run(command, check=True, capture_output=True, text=True)
    assert other.stdout.strip() == hashlib.sha256(paint(scene("unet"), "pdf")).hexdigest()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext")
@pytest.mark.parametrize("font", [None, WIDE])
def test_text_of_a_pdf_can_be_taken_out(tmp_path, font):
    save(scene("unet"), tmp_path / "unet.pdf", font=font)
    command = ["pdftotext", str(tmp_path / "unet.pdf"), "-"]
    found = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    words = {word for text in texts(scene("unet")) for word in text.text.split()}
    assert words <= set(found.split())


def test_a_page_is_not_larger_than_readers_show():
    drawing = msgspec.structs.replace(scene(), width=500.0, height=100_000.0)
    assert b"/MediaBox [0 0 72.00 14400.00]" in paint(drawing, "pdf")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_and_theme(view):
    pdf = paint(lay_out(load_graph("tiny_mlp"), parse_options({"view": view})), "pdf")
    options = {"view": view, "theme": "dark"}
    dark = paint(lay_out(load_graph("tiny_mlp"), parse_options(options)), "pdf")
    assert content(pdf) != content(dark)


@given(graph=graphs(most=6))
def test_any_graph_can_be_a_pdf(graph):
    assert paint(lay_out(graph, parse_options({"view": "layered"})), "pdf").startswith(b"%PDF")


# Fonts


@pytest.mark.parametrize("format", ["png", "pdf", "svg"])
def test_a_font_may_be_a_file_or_of_pillow(format):
    plain = paint(scene(), format)
    wide = paint(scene(), format, font=WIDE)
    assert wide != plain
    assert paint(scene(), format, font=str(WIDE)) == wide
    assert paint(scene(), format, font=ImageFont.truetype(WIDE, 9)) == wide
    in_memory = ImageFont.truetype(io.BytesIO(WIDE.read_bytes()), 31)
    assert paint(scene(), format, font=in_memory) == wide


def test_a_face_of_a_collection(tmp_path):
    collection = TTCollection()
    collection.fonts = [TTFont(REGULAR), TTFont(WIDE)]
    collection.save(tmp_path / "both.ttc")
    second = ImageFont.truetype(tmp_path / "both.ttc", index=1)
    for format in ("png", "pdf"):
        assert paint(scene(), format, font=tmp_path / "both.ttc") != paint(
            scene(), format, font=second
        )
    assert paint(scene(), "png", font=second) == paint(scene(), "png", font=WIDE)


def test_words_that_are_too_wide_are_set_smaller():
    wide = face.read_face(WIDE)
    plain, fitted = texts(scene()), texts(face.fitted(scene(), {"": wide}))
    assert any(wide.width(text.text, text.size) > text.width for text in plain)
    for before, after in zip(plain, fitted, strict=True):
        assert wide.width(after.text, after.size) <= before.width + 0.01
        assert (after.size < before.size) == (wide.width(before.text, before.size) > before.width)
    svg = paint(scene(), "svg", font=WIDE).decode()
    smallest = min(text.size for text in fitted)
    assert f'font-size="{smallest:.2f}"' in svg


def test_words_with_characters_that_a_font_has_not(tmp_path):
    font = TTFont(WIDE)
    cutter = subset.Subsetter()
    cutter.populate(text="abcdefghijklmnopqrstuvwxyz 0123456789,")
    cutter.subset(font)
    font.save(tmp_path / "small.ttf")
    small = face.read_face(tmp_path / "small.ttf")
    for before, after in zip(
        texts(scene()), texts(face.fitted(scene(), {"": small})), strict=True
    ):
        if small.missing(before.text):
            assert after == before
            assert face.face_for(before, {"": small}) is face.bundled(bold=before.bold)
    pdf = paint(scene(), "pdf", font=tmp_path / "small.ttf")
    assert set(re.findall(rb"/BaseFont /\w+\+(\w+)", pdf)) == {
        b"DejaVuSansBold",
        b"DejaVuSansBook",
    }


def test_each_family_has_a_class_of_its_own():
    families = (
        "Source Sans 3",
        "Source-Sans 3",
        "Source.Sans.3",
        "Source_Sans 3",
        "Source+Sans 3",
    )
    pictures = [paint(scene(), "svg", font=family).decode() for family in families]
    assert len({re.search(r"kd-font-[\w-]+", picture)[0] for picture in pictures}) == len(families)


def test_a_family_is_tried_first_in_svg_alone():
    plain = paint(scene(), "svg").decode()
    svg = paint(scene(), "svg", font="Source Sans 3").decode()
    assert '.kd.kd-font-source-sans-3{font-family:"Source Sans 3",Inter,' in svg
    assert re.search(r'<svg [^>]*class="kd kd-view-layered kd-font-source-sans-3"', svg)
    assert "{font-family:serif,Inter" in paint(scene(), "svg", font="serif").decode()
    assert svg.partition("</style>")[2] == plain.partition("</style>")[2]
    assert paint(scene(), "png", font="Source Sans 3") == paint(scene(), "png")
    assert paint(scene(), "pdf", font="Source Sans 3") == paint(scene(), "pdf")


def test_fonts_that_cannot_be_read(tmp_path):
    (tmp_path / "words.ttf").write_text("no font")
    (tmp_path / "folder.ttf").mkdir()
    for name in ("absent.ttf", "words.ttf", "folder.ttf"):
        for format in ("svg", "png", "pdf"):
            with pytest.raises(RequestError, match=FONT_ERRORS.replace(".*", f".*{name}")):
                paint(scene(), format, font=str(tmp_path / name))
    with pytest.raises(RequestError, match=r"what ImageFont\.truetype\(\) gives"):
        image_of(scene(), font=12)


# Fonts of single layers


def styled(font: object, **options: object) -> Scene:
    """Draw with a font for the words of one layer."""
    return scene(styles={"conv2": {"font": str(font)}}, **options)


@pytest.mark.parametrize("format", ["png", "pdf", "svg"])
def test_a_layer_may_have_a_font_of_its_own(format):
    own, plain = paint(styled(WIDE), format), paint(scene(), format)
    assert own not in (plain, paint(scene(), format, font=WIDE))
    # The Scene may name a file otherwise than it is found.
    elsewhere = paint(styled("own.ttf"), format, files={"own.ttf": str(WIDE)})
    assert elsewhere == own
    with pytest.raises(RequestError, match=FONT_ERRORS.replace(".*", ".*own.ttf")):
        paint(styled("own.ttf"), format)


def test_words_of_a_layer_are_set_smaller_if_its_font_is_wide():
    drawing, wide = styled(WIDE), face.read_face(WIDE)
    before, after = texts(drawing), texts(face.fitted(drawing, {str(WIDE): wide}))
    smaller = [new for old, new in zip(before, after, strict=True) if new.size < old.size]
    assert smaller
    for text in smaller:
        assert text.font == str(WIDE)
        assert wide.width(text.text, text.size) <= text.width + 0.01


def test_what_the_font_of_a_layer_cannot_write_is_in_that_of_the_picture(tmp_path):
    font = TTFont(WIDE)
    cutter = subset.Subsetter()
    cutter.populate(text="x")
    cutter.subset(font)
    font.save(tmp_path / "small.ttf")
    drawing = styled(tmp_path / "small.ttf")
    assert paint(drawing, "png", font=WIDE) == paint(scene(), "png", font=WIDE)
    assert paint(drawing, "pdf") == paint(scene(), "pdf")


def test_the_family_of_a_layer_is_for_its_words_alone():
    svg = paint(styled("Fira Sans"), "svg", font="serif").decode()
    assert '.kd text.kd-font-fira-sans{font-family:"Fira Sans",Inter,' in svg
    assert ".kd.kd-font-serif{font-family:serif,Inter," in svg
    assert re.search(r'<svg [^>]*class="kd kd-view-layered kd-font-serif"', svg)
    set_in_it = re.findall(r'<text [^>]*class="kd-font-fira-sans [^>]*>([^<]*)<', svg)
    assert set_in_it == [text.text for text in texts(styled("Fira Sans")) if text.font]
    assert svg.count("kd-font-fira-sans") == len(set_in_it) + 1
    assert paint(styled("Fira Sans"), "png") == paint(scene(), "png")


@pytest.mark.parametrize("value", ["a;b", "x} .kd{", "<b>", "url(x)", "a,b", 'a"b'])
def test_what_is_no_font(value):
    with pytest.raises(RequestError, match="is not a font"):
        parse_options({"font": value + "x"})


@pytest.mark.parametrize("value", ["Fira Sans", "'Fira Sans'", "fonts/a b.TTF", "明朝", None, ""])
def test_what_is_a_font(value):
    assert parse_options({"font": value}).font == (value or "").strip("'")


# The whole way


@pytest.fixture
def project(tmp_path):
    """A project that knows its one model's graph, with a font."""
    (tmp_path / "fonts").mkdir()
    shutil.copy(REGULAR, tmp_path / "fonts" / "own.ttf")
    empty = Manifest(sources=(), distributions=())
    model = parse_request("zoo:build").model
    Cache(tmp_path / "cache").keep_graph(model, load_graph("cnn"), empty)
    return tmp_path


def drawn(root: Path, format: str = "png", **options: object):
    request = parse_request("zoo:build", options)
    config = Settings(project=Project(str(root), ()), cache=root / "cache")
    batch = render_all([request], config, formats=[format])
    return batch, batch.outcomes[request.digest]


@pytest.mark.parametrize("format", ["png", "pdf", "svg"])
def test_a_picture_is_drawn_again_when_its_font_changes(project, format):
    first, outcome = drawn(project, format, font="fonts/own.ttf")
    assert str(project / "fonts" / "own.ttf") in outcome.sources
    again, same = drawn(project, format, font="fonts/own.ttf")
    assert (first.redrawn, again.redrawn, again.cached) == (1, 0, 1)
    shutil.copy(WIDE, project / "fonts" / "own.ttf")
    last, other = drawn(project, format, font="fonts/own.ttf")
    assert last.redrawn == 1
    assert same.artifacts[format] == outcome.artifacts[format]
    assert other.artifacts[format].key != outcome.artifacts[format].key
    assert other.artifacts[format].data != outcome.artifacts[format].data


@pytest.mark.parametrize("format", ["png", "pdf", "svg"])
def test_a_picture_is_drawn_again_when_the_font_of_a_layer_changes(project, format):
    styles = {"conv2": {"font": "fonts/own.ttf"}}
    first, outcome = drawn(project, format, styles=styles, view="layered")
    assert str(project / "fonts" / "own.ttf") in outcome.sources
    again, _ = drawn(project, format, styles=styles, view="layered")
    assert (first.redrawn, again.redrawn, again.cached) == (1, 0, 1)
    shutil.copy(WIDE, project / "fonts" / "own.ttf")
    last, other = drawn(project, format, styles=styles, view="layered")
    assert last.redrawn == 1
    assert other.artifacts[format].data != outcome.artifacts[format].data


def test_the_font_of_a_layer_that_is_missing_is_named(project):
    _, outcome = drawn(project, styles={"conv2": {"font": "fonts/none.ttf"}}, view="layered")
    assert isinstance(outcome.error, RequestError)
    assert f"{project / 'fonts' / 'none.ttf'}' cannot be read: No such file" in str(outcome.error)
    assert str(project / "fonts" / "none.ttf") in outcome.sources


def test_a_font_that_is_missing_is_named(project):
    _, outcome = drawn(project, font="fonts/none.ttf")
    assert isinstance(outcome.error, RequestError)
    assert f"{project / 'fonts' / 'none.ttf'}' cannot be read: No such file" in str(outcome.error)


def test_dpi_is_an_option(project):
    _, plain = drawn(project)
    _, fine = drawn(project, dpi="384")
    sizes = [Image.open(io.BytesIO(each.artifacts["png"].data)).width for each in (plain, fine)]
    assert sizes[1] == pytest.approx(sizes[0] * 2, abs=1)
    _, svg = drawn(project, "svg", dpi=384)
    _, other = drawn(project, "svg")
    assert svg.artifacts["svg"].data == other.artifacts["svg"].data
