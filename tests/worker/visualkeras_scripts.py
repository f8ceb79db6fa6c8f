"""Scripts for visualkeras, with another import."""

import re
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from keras_diagram_core import blocks_view, layered_view, show, visualkeras
from keras_diagram_core.backends import face
from keras_diagram_core.errors import ModelError, RequestError
from keras_diagram_core.live import graph_of
from keras_diagram_core.visualkeras import (
    LAYERED_PRESETS,
    LAYERED_TEXT_CALLABLES,
    GraphOptions,
    LayeredOptions,
)

pytestmark = pytest.mark.keras

VIEWS = ("layered", "graph", "functional", "lenet", "blocks")


@pytest.fixture(scope="module")
def keras():
    """Imported here, not where tests are collected."""
    return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def model(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        name="digits",
    )


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_gives_an_image(model, view):
    image = getattr(visualkeras, f"{view}_view")(model)
    assert isinstance(image, Image.Image)
    assert image.tobytes() == show(model, mode=view).tobytes()


@pytest.mark.parametrize("ending", ["png", "svg", "dot", "pdf", "jpg"])
def test_a_file_has_the_format_of_its_ending(model, tmp_path, ending):
    path = tmp_path / "new" / f"model.{ending}"
    layered_view(model, to_file=str(path))
    begins = {"png": b"\x89PNG", "svg": b"<svg", "dot": b"digraph", "pdf": b"%PDF"}
    begin = begins.get(ending, b"\xff\xd8\xff")
    assert path.read_bytes().startswith(begin)


def test_a_font_may_be_a_path_or_of_pillow(model, tmp_path):
    file = Path(face.__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"
    plain, wide = layered_view(model), layered_view(model, font=str(file))
    own = layered_view(model, tmp_path / "own.svg", font=ImageFont.truetype(file, 32))
    assert plain.tobytes() != wide.tobytes() == own.tobytes()
    assert "kd-font-dejavu-sans" in (tmp_path / "own.svg").read_text("utf-8")
    assert layered_view(model, dpi=96).width == pytest.approx(plain.width / 2, abs=1)


def test_keywords_beat_options_and_those_the_preset(model):
    def size(**keywords):
        return layered_view(model, **keywords).size

    preset = size(preset="compact")
    assert preset != size()
    options = LayeredOptions(padding=50)
    assert size(preset="compact", options=options) == size(
        width=480, padding=50, show_shapes=False
    )
    # An explicit keyword counts even where it is the default.
    assert size(preset="compact", padding=10) == size(width=480, show_shapes=False)
    assert size(preset="compact", options={"padding": 10}) == size(width=480, show_shapes=False)
    assert size(preset="compact", options=options, padding=None) != preset


def test_classes_name_layers(keras, model):
    layers = keras.layers
    colours = {layers.Conv2D: {"fill": (255, 165, 0), "outline": "black"}}
    image = layered_view(model, color_map=colours, type_ignore=[layers.Dropout, layers.Flatten])
    assert (255, 165, 0) in {colour for _, colour in image.getcolors(maxcolors=100_000)}
    plain = layered_view(model, type_ignore=["Dropout", "Flatten"])
    assert plain.size[0] < layered_view(model).size[0]


def test_bundles_know_the_names_of_their_view():
    bundle = LayeredOptions(padding=3)
    assert dict(bundle) == {"padding": 3}
    assert bundle.to_kwargs()["draw_volume"] is True
    assert (bundle.padding, bundle.draw_volume) == (3, True)
    with pytest.raises(TypeError, match="Did you mean 'padding'"):
        LayeredOptions(pading=3)
    with pytest.raises(TypeError, match="GraphOptions has no option 'draw_volume'"):
        GraphOptions(draw_volume=True)
    assert LAYERED_PRESETS.keys() == {"default", "compact", "presentation"}


def test_wrong_names_and_values_are_refused(keras, model):
    with pytest.raises(RequestError, match="no option 'draw_volum'") as caught:
        layered_view(model, draw_volum=False)
    assert "draw_volume" in caught.value.hint
    with pytest.raises(RequestError, match="`blocks_view` has no option 'draw_volume'") as caught:
        blocks_view(model, draw_volume=True)
    assert "layered" in caught.value.hint
    with pytest.raises(RequestError, match="no preset 'flat'"):
        layered_view(model, preset="flat")
    with pytest.raises(RequestError, match="no mode 'tower'"):
        show(model, mode="tower")
    with pytest.raises(ModelError, match="is not built"):
        layered_view(keras.Sequential([keras.layers.Dense(3)]))


def test_files_of_scikit_plots(model, tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    layered_view(model, save_fig=True)
    layered_view(model, save_fig=True, overwrite=False, verbose=True)
    layered_view(model, save_fig_filename="figures/net.png", add_timestamp=True, backend="pil")
    layered_view(model, save_fig=False, save_fig_filename="none.png")
    names = sorted(path.name for path in tmp_path.rglob("*.png"))
    assert names[:2] == ["layered_view.png", "layered_view_1.png"]
    assert names[2].startswith("net_2")
    assert len(names) == 3
    assert "layered_view_1.png" in caplog.text


def test_text_callables_say_what_is_known():
    layer = type("Odd", (), {"name": "", "output_shape": (None, 4, None)})()
    said = {name: call(3, layer) for name, call in LAYERED_TEXT_CALLABLES.items()}
    assert said == {
        "name": ("layer_3", False),
        "type": ("Odd", False),
        "shape": ("4×?", False),
        "name_shape": ("layer_3\n4×?", False),
    }


def marks(path):
    return re.findall(r'data-kd-node="([^"]*)"', path.read_text())


def edges(path):
    return re.findall(r'data-kd-source="([^"]*)" data-kd-target="([^"]*)"', path.read_text())


@pytest.mark.parametrize("view", ["functional", "graph", "layered", "blocks"])
def test_d1_operations_keep_a_model_together(keras, tmp_path, view):
    keras.backend.clear_session()  # names count on
    x = keras.Input((4,), name="x")
    a = keras.layers.Dense(4, name="a")(x)
    net = keras.Model(x, keras.layers.Dense(2, name="b")((x + a) * 2))
    getattr(visualkeras, f"{view}_view")(net, to_file=str(tmp_path / "net.svg"))
    drawn = edges(tmp_path / "net.svg")
    assert {("x", "a"), ("x", "add"), ("a", "add"), ("multiply", "b")} <= set(drawn)


def test_d12_an_explicit_keyword_beats_a_preset(model, tmp_path):
    show(model, preset="presentation", legend=False, to_file=str(tmp_path / "without.svg"))
    show(model, preset="presentation", to_file=str(tmp_path / "with.svg"))
    assert "kd-legend" in (tmp_path / "with.svg").read_text()
    assert "kd-legend" not in (tmp_path / "without.svg").read_text()


def test_d16_a_subclassed_model_is_drawn_as_it_is_or_not_at_all(keras, tmp_path):
    class Residual(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(4, name="dense")

        def call(self, x):
            return x + self.dense(x)

    keras.backend.clear_session()
    net = Residual()
    with pytest.raises(ModelError, match="is not built"):
        visualkeras.graph_view(net)
    net(keras.ops.zeros((1, 4)))
    visualkeras.graph_view(net, to_file=str(tmp_path / "net.svg"))
    assert sorted(marks(tmp_path / "net.svg")) == ["add", "dense", "x"]
    assert sorted(edges(tmp_path / "net.svg")) == [("dense", "add"), ("x", "add"), ("x", "dense")]


@pytest.fixture(scope="module")
def undecided(keras):
    """Give a model whose `call` asks for values: Keras does not keep what it was called with."""

    class Undecided(keras.Model):
        def __init__(self):
            super().__init__(name="undecided")
            self.stem = keras.Sequential([keras.layers.Dense(3, name="inner")], name="stem")

        def call(self, x):
            x = self.stem(x)
            return x * 2 if keras.ops.sum(x) > 0 else x

    model = Undecided()
    model(keras.ops.ones((2, 4)))
    return model


def test_an_unknown_shape_is_asked_for_in_python(undecided):
    with pytest.raises(ModelError, match="not known") as caught:
        layered_view(undecided)
    assert "`model.build((None, 32, 32, 3))`" in caught.value.hint
    assert "input-shape" not in str(caught.value)


def test_the_shape_can_be_given_and_is_in_the_picture(undecided):
    graph = graph_of(undecided, input_shape=(4,), depth=0)
    assert [node.name for node in graph.nodes][:2] == ["x", "stem"]
    assert "cannot be followed further" in graph.notes[0].message
    closed = layered_view(undecided, input_shape=[4], depth=0)
    opened = layered_view(undecided, input_shape=[4], expand="stem")
    assert isinstance(closed, Image.Image)
    assert isinstance(opened, Image.Image)


def test_a_misspelt_keyword_of_the_model_is_recognised(model):
    with pytest.raises(RequestError, match="'depth'"):
        layered_view(model, dept=1)
    with pytest.raises(RequestError, match="whole number"):
        layered_view(model, depth="deep")


def test_the_shape_that_was_built_for_is_enough(undecided):
    undecided.build((None, 4))
    assert isinstance(layered_view(undecided), Image.Image)
