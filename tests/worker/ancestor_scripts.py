"""The calls of other tools' pages, in `scripts`, with another import: each does what it is for."""

import re
import runpy
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image

from keras_diagram_core import visualkeras
from keras_diagram_core.api import draw
from keras_diagram_core.backends import face
from keras_diagram_core.visualkeras import views
from keras_diagram_core.visualkeras.saving import finish

pytestmark = [
    pytest.mark.keras,
    pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`"),
]

SCRIPTS = Path(__file__).parent / "scripts"
Side = tuple[float, float]


class Picture(NamedTuple):
    """What one call gave: the image, and the same as SVG."""

    image: Image.Image
    svg: str

    @property
    def marks(self) -> dict[str, str]:
        """The markup of each layer, by its name."""
        groups = re.findall(r'<g [^>]*data-kd-node="([^"]*)".*?</g>', self.svg, re.DOTALL)
        whole = re.findall(r"<g [^>]*data-kd-node=.*?</g>", self.svg, re.DOTALL)
        return dict(zip(groups, whole, strict=True))

    def front(self, name: str) -> list[Side]:
        """Give the corners of a box's front."""
        path = re.findall(r' d="M([^"]*)Z"', self.marks[name])[-1]
        return [tuple(map(float, point.split())) for point in path.split("L")]

    def size(self, name: str) -> Side:
        """Give width and height of a box's front, px."""
        xs, ys = zip(*self.front(name), strict=True)
        return round(max(xs) - min(xs), 1), round(max(ys) - min(ys), 1)

    def left(self, name: str) -> float:
        """Give where a box begins, px."""
        return min(x for x, _ in self.front(name))

    @property
    def texts(self) -> list[tuple[str, float]]:
        """All words, and how low they stand, px."""
        found = re.findall(r'<text [^>]*?y="([\d.]+)"[^>]*>([^<]*)</text>', self.svg)
        return [(text, float(y)) for y, text in found]

    @property
    def words(self) -> set[str]:
        """All words."""
        return {text for text, _ in self.texts}

    def classes(self) -> set[str]:
        """Name the classes of all layers that are drawn."""
        return set(re.findall(r'data-kd-type="([^"]*)"', self.svg))

    def colours(self, type_: str) -> set[str]:
        """Give the colours of the fronts of a class."""
        marks = [mark for mark in self.marks.values() if f'data-kd-type="{type_}"' in mark]
        return {re.findall(r' fill="([^"]*)"', mark)[-1] for mark in marks}


class Run(NamedTuple):
    """What a script did: the pictures it drew, how many it showed, its names."""

    pictures: list[Picture]
    shown: list[Image.Image]
    names: dict[str, Any]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Run scripts in a folder of their own, where Pillow finds a font called Arial."""
    fonts = Path(face.__file__).parent / "fonts"
    shutil.copy(fonts / "DejaVuSans-Bold.ttf", tmp_path / "arial.ttf")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return tmp_path


@pytest.fixture
def run(monkeypatch):
    """Give a function that runs a script, and paints each of its pictures as SVG, too."""
    pictures: list[Picture] = []
    shown: list[Image.Image] = []
    monkeypatch.setattr(Image.Image, "show", lambda *images: shown.extend(images))

    def recorded(graph, options, saving):
        image = finish(graph, options, saving)
        pictures.append(Picture(image, draw(graph, options, "svg").data.decode()))
        return image

    monkeypatch.setattr(views, "finish", recorded)

    def run(name: str) -> Run:
        names = runpy.run_path(str(SCRIPTS / f"{name}.py"))
        return Run(pictures, shown, names)

    return run


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Draw the model of the scripts without any option, once for all of them."""
    path = tmp_path_factory.mktemp("plain") / "plain.svg"
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        from vgg16 import model  # noqa: PLC0415
    image = visualkeras.layered_view(model, to_file=str(path))
    return Picture(image, path.read_text("utf-8"))


def layers() -> Iterator[str]:
    """Name the layers of the model that are drawn."""
    for layer in sys.modules["vgg16"].model.layers:
        if type(layer).__name__ != "SpacingDummyLayer":
            yield layer.name


def test_usage(run, folder):
    found = run("readme_usage")
    assert len(found.shown) == 2
    with Image.open(folder / "output.png") as image:
        assert image.size == found.pictures[0].image.size
    assert set(layers()) <= set(" ".join(found.pictures[0].marks).split())


def test_graph(run):
    found = run("readme_graph")
    assert found.names["basic_graph_img"] is found.pictures[0].image
    assert {"conv2d", "max_pooling2d", "dense"} <= {
        re.sub(r"_\d+$", "", name) for name in found.pictures[0].marks
    }


def test_legend(run, plain):
    own, usual = run("readme_legend").pictures
    assert {"Conv2D", "MaxPooling2D", "Dense"} <= usual.words
    assert "kd-font-dejavu-sans" in own.svg
    assert "kd-font" not in usual.svg
    assert own.image.tobytes() != usual.image.tobytes()
    assert usual.image.tobytes() == plain.image.tobytes()


def test_flat(run, plain):
    [flat] = run("readme_flat").pictures
    assert {mark.count("<path") for mark in flat.marks.values()} == {1}
    assert {mark.count("<path") for mark in plain.marks.values()} >= {3}


def test_spacing(run):
    spaced, tight = run("readme_spacing").pictures
    assert "SpacingDummyLayer" not in spaced.svg + tight.svg
    for picture, least in ((spaced, 100), (tight, 0)):
        *_, last, pool = (picture.front(name) for name in ("conv2d_1", "max_pooling2d"))
        gap = min(x for x, _ in pool) - max(x for x, _ in last)
        assert least <= gap < least + 30


def test_color_map(run):
    [picture] = run("readme_color_map").pictures
    expected = {
        "Conv2D": "#ffa500",
        "ZeroPadding2D": "#808080",
        "Dropout": "#ffc0cb",
        "MaxPooling2D": "#ff0000",
        "Dense": "#008000",
        "Flatten": "#008080",
    }
    found = {type_: picture.colours(type_) for type_ in expected}
    assert found == {type_: {colour} for type_, colour in expected.items()}
    assert expected.keys() <= picture.words
    assert (255, 165, 0) in {colour for _, colour in picture.image.getcolors(1_000_000)}


def test_type_ignore(run, plain):
    [picture] = run("readme_type_ignore").pictures
    hidden = {"ZeroPadding2D", "Dropout", "Flatten"}
    assert plain.classes() - picture.classes() == hidden
    assert any(text.startswith("Not shown: ") for text in picture.words)


def test_scaling_is_true_to_scale(run):
    [picture] = run("readme_scaling").pictures
    assert picture.size("conv2d") == (64, 224)
    assert picture.size("conv2d_12") == (512, 20)  # 14, but no less than `min_xy`
    assert picture.size("flatten")[0] == picture.size("dense")[0] == 1000


def test_sizing_modes(run, plain):
    accurate, balanced, capped, logarithmic = run("readme_sizing_modes").pictures
    assert balanced.image.tobytes() == plain.image.tobytes()
    ratios = []
    for picture in (accurate, balanced, logarithmic):
        high, low = picture.size("conv2d")[1], picture.size("conv2d_9")[1]
        ratios.append(high / low)
    assert ratios[0] == pytest.approx(8, abs=0.3)
    assert ratios[0] > ratios[1] > ratios[2] > 1
    assert capped.size("conv2d_9")[0] < 200
    wide, most = capped.size("conv2d_9")[0], capped.size("dense")[0]
    assert most / wide == pytest.approx(2, abs=0.05)  # caps of 400 and 200


def test_relative(run):
    for picture, base in zip(run("readme_relative").pictures, (10, 5, 20), strict=True):
        heights = [picture.size(name)[1] for name in list(picture.marks)[1:]]
        assert heights == [64 * base, 32 * base, 16 * base, 8 * base]


def test_text_callable(run):
    found = run("readme_text_callable")
    [picture] = found.pictures
    lows = dict(picture.texts)
    for index, name in enumerate(layers(), start=1):  # 0 is the input
        ys = [y for _, y in picture.front(name)]
        assert lows[name] < min(ys) if index % 2 else lows[name] > max(ys), name
    assert {"224x224", "64", "4096"} <= picture.words


def test_reversed(run, plain):
    usual, other = run("readme_reversed").pictures
    assert usual.image.tobytes() == plain.image.tobytes()
    assert other.image.size == usual.image.size
    for name in layers():
        assert other.left(name) > usual.left(name)


def test_show_dimension(run):
    [picture] = run("readme_show_dimension").pictures
    assert "Dense 4096, 1000" in picture.words


def test_pages_of_layered(run, plain):
    found = run("pages_layered")
    usual, presentation, compact, coloured, bundled = found.pictures
    assert len(found.shown) == 1
    assert usual.image.tobytes() == plain.image.tobytes()
    assert compact.image.width < usual.image.width < presentation.image.width
    assert coloured.colours("Conv2D") == {"#1976d2"}
    assert coloured.colours("Dense") == {"#388e3c"}
    assert {*layers(), "Dense 4096, 1000"} <= bundled.words


def test_pages_of_scikit_plots(run, folder):
    found = run("pages_scikit_plots")
    [picture] = found.pictures
    assert len(found.shown) == 1
    with Image.open(folder / "figures" / "vgg16.png") as image:
        assert image.size == picture.image.size
    assert not {"Dropout", "InputLayer"} & picture.classes()
    assert picture.size("conv2d")[1] == 896
    assert {*layers()} - {"dropout", "dropout_1"} <= picture.words
    assert 'fill="#000080"' in picture.svg
    assert "kd-font-dejavu-sans" in picture.svg


def test_graph_of_the_paper(run):
    neurons, boxes = run("paper_graph").pictures
    circles = {name: mark.count('r="10"') for name, mark in neurons.marks.items()}
    assert (circles["features"], circles["hidden"], circles["out"]) == (6, 7, 3)
    assert "<circle" not in boxes.svg
    assert "#ff6347" in neurons.svg
    assert "#008080" in neurons.marks["out"]
    assert "#fffff0" in neurons.svg


def test_plot_model(run, folder):
    run("plot_model")
    with Image.open(folder / "model_plot.png") as image:
        assert image.format == "PNG"
    words = set(re.findall(r">([^<>]+)</text>", (folder / "model_plot.svg").read_text()))
    assert {"784", "128", "10"} <= words
    assert any(word.startswith("dense") for word in words)


def test_model_to_dot(run):
    names = run("model_to_dot").names
    functional, custom = str(names["functional"]), str(names["custom"])
    assert functional.count("->") == 6
    assert "784 → 64" in functional
    assert "Concatenate" in functional
    assert "MyCustomLayer" in custom
    assert "16 → 64" in custom
    if shutil.which("dot"):
        names["functional"].write_png("functional_model.png")
        with Image.open("functional_model.png") as image:
            assert image.format == "PNG"
