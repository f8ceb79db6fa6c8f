"""Scripts for visualkeras, with another import."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from keras_diagram_core import blocks_view, layered_view, show, visualkeras
from keras_diagram_core.backends import face
from keras_diagram_core.errors import BuilderError, ModelError, RequestError
from keras_diagram_core.live import graph_of
from keras_diagram_core.visualkeras import (
    LAYERED_PRESETS,
    LAYERED_TEXT_CALLABLES,
    GraphOptions,
    LayeredOptions,
)
from keras_diagram_core.visualkeras.options import PRESETS

pytestmark = pytest.mark.keras

VIEWS = ("layered", "graph", "functional", "lenet", "blocks")


@pytest.fixture(scope="module")
def keras():
    """Imported here, not where tests are collected."""
    import keras  # noqa: PLC0415

    return keras


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


@pytest.mark.parametrize("view", VIEWS)
def test_keywords_beat_options_and_those_the_preset(model, view):
    def drawn(**keywords):
        return show(model, mode=view, **keywords).tobytes()

    # The preset, without its padding.
    rest = {name: value for name, value in PRESETS[view]["compact"].items() if name != "padding"}
    bundle = type(PRESETS[view]["compact"])(padding=50)
    assert drawn(preset="default") == drawn()
    preset = drawn(preset="compact")
    assert preset == drawn(**rest, padding=6) != drawn()
    for options in (bundle, {"padding": 50}):
        assert drawn(preset="compact", options=options) == drawn(**rest, padding=50) != preset
        keyword = drawn(preset="compact", options=options, padding=30)
        assert keyword == drawn(**rest, padding=30)
        # A keyword counts even where it is the default, and so does an option.
        assert drawn(preset="compact", options=options, padding=10) == drawn(**rest)
    assert drawn(preset="compact", options={"padding": 10}) == drawn(**rest)
    assert drawn(preset="compact", options=bundle, padding=None) == drawn(**rest) != preset


def test_who_gives_sizes_means_them(model, tmp_path):
    def front(path):
        return path.read_text().partition('data-kd-node="conv2d')[2].partition("</g>")[0]

    sized, accurate, small = (tmp_path / f"{name}.svg" for name in ("sized", "accurate", "small"))
    layered_view(model, sized, scale_xy=10)
    layered_view(model, accurate, scale_xy=10, sizing_mode="accurate", detail="all")
    assert front(sized) == front(accurate)
    layered_view(model, small, scale_xy=10, sizing_mode="balanced")
    assert front(small) != front(sized)


def test_fonts_as_others_give_them(model, caplog):
    file = Path(face.__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"
    wide, usual = layered_view(model, font=str(file)), layered_view(model)
    for font in ({"font_path": str(file), "font_size": 9}, ImageFont.truetype(file, 9)):
        assert layered_view(model, font=font).tobytes() == wide.tobytes()
        looks = [{"Dense": {"font": each}} for each in (font, str(file))]
        own, same = (layered_view(model, styles=styles).tobytes() for styles in looks)
        assert own == same
        assert own not in (wide.tobytes(), usual.tobytes())
    assert layered_view(model, font={"use_default_font": True}).tobytes() == usual.tobytes()
    assert set(caplog.messages) == {"Words keep their sizes: `font_size` changes nothing."}
    for font in (ImageFont.load_default(), ImageFont.truetype(io.BytesIO(file.read_bytes()), 9)):
        assert layered_view(model, font=font).tobytes() == usual.tobytes()
        assert "The font has no file" in caplog.messages[-1]


def test_a_function_writes_on_layers(model, tmp_path):
    def write(index, layer):
        return f"{index}: {type(layer).__name__}", False

    layered_view(model, tmp_path / "net.svg", text_callable=write, type_ignore=["Dropout"])
    texts = re.findall(r">(\d: \w+)<", (tmp_path / "net.svg").read_text())
    named = ["InputLayer", "Conv2D", "MaxPooling2D", "Flatten", "Dense"]
    assert texts == [f"{index}: {name}" for index, name in enumerate(named)]


def test_a_function_that_fails_is_named_with_its_layer(model):
    def as_in_keras_2(_, layer):
        return str(layer.output.shape.as_list()), False

    with pytest.raises(BuilderError, match="'as_in_keras_2', asked for the text of layer"):
        layered_view(model, text_callable=as_in_keras_2)


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


@pytest.mark.parametrize("view", ["layered", "functional"])
def test_functions_write_on_layers(model, tmp_path, view):
    draw, path = getattr(visualkeras, f"{view}_view"), tmp_path / "model.svg"
    draw(model, path, text_callable=lambda index, layer: (f"{index}|{layer.name}", index % 2))
    texts = re.findall(r">(\d)\|(\w+)<", path.read_text())
    assert [int(index) for index, _ in texts] == list(range(6))
    assert {"conv2d", "dropout"} <= {re.sub(r"_\d+$", "", name) for _, name in texts}
    draw(model, path, text_callable=LAYERED_TEXT_CALLABLES["name_shape"])
    assert "26×26×8" in path.read_text()


def test_who_sets_sizes_gets_them(model, tmp_path):
    path = tmp_path / "model.svg"
    visualkeras.functional_view(model, path, sizing_mode="accurate", scale_xy=20)
    heights = set(re.findall(r'height="([\d.]+)"', path.read_text()))
    assert {"560", "520", "260"} <= heights


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


def test_functions_write_labels(model, tmp_path):
    path = tmp_path / "labels.svg"
    visualkeras.lenet_view(
        model,
        to_file=path,
        top_label_callable=lambda layer, shape: f"{shape.c_dim} of {layer.name}"[:9],
        bottom_label_callable=lambda layer, _: type(layer).__name__,
        styles={type(model.layers[0]): {"map_spacing": 9, "patch_fill": "gold"}},
    )
    words = re.findall(r"<text[^>]*>([^<]*)<", path.read_text("utf-8"))
    assert "8 of conv" in words
    assert "MaxPooling2D" in words


def test_functions_write_into_boxes(model, tmp_path):
    path = tmp_path / "boxes.svg"
    dense = type(model.layers[-1])
    looks = {dense: {"box_text_callable": lambda layer: f"{layer.units} units", "fill": "gold"}}
    visualkeras.functional_view(model, to_file=path, simple_text_visualization=True, styles=looks)
    assert "10 units" in path.read_text("utf-8")
    assert callable(looks[dense]["box_text_callable"])


@pytest.mark.parametrize("view", ["layered", "functional", "graph"])
def test_images_are_paths_or_of_pillow(model, keras, tmp_path, view):
    path = tmp_path / "photo.png"
    Image.new("RGB", (30, 20), "lime").save(path)
    looks = [
        {"image": image, "image_fit": "cover"} for image in (str(path), path, Image.open(path))
    ]
    pictures = [
        show(model, mode=view, styles={keras.layers.Conv2D: look}, legend=False) for look in looks
    ]
    colours = {colour for _, colour in pictures[0].getcolors(1 << 20)}
    assert (0, 255, 0) in colours
    assert all(picture.tobytes() == pictures[0].tobytes() for picture in pictures)


def test_maps_show_images(model, tmp_path):
    path = tmp_path / "photo.png"
    Image.new("RGB", (30, 20), "lime").save(path)
    look = {"face_image": str(path), "face_image_fit": "contain", "face_image_alpha": 128}
    plain = visualkeras.lenet_view(model, legend=False)
    picture = visualkeras.lenet_view(
        model, styles={"Conv2D": look}, patch_alpha_on_image=0, legend=False
    )
    assert picture.tobytes() != plain.tobytes()


def test_bundles_carry_logos(model, tmp_path):
    path = tmp_path / "logo.png"
    Image.new("RGB", (20, 20), "magenta").save(path)
    groups = [{"name": "Ours", "file": str(path), "layers": ["Conv2D"], "size": 0.8, "axis": "x"}]
    bundle = LayeredOptions(logo_groups=groups, logos_legend=True)
    picture = layered_view(model, options=bundle)
    same = layered_view(model, logo_groups=groups, logos_legend=True)
    assert picture.tobytes() == same.tobytes()
    assert (255, 0, 255) in {colour for _, colour in picture.getcolors(1 << 20)}
    assert picture.height > layered_view(model, logo_groups=groups).height


def test_dot_keeps_to_the_options_that_it_has(model, keras, tmp_path, caplog):
    path = tmp_path / "model.dot"
    layers = keras.layers
    visualkeras.graph_view(
        model, to_file=path, type_ignore=[layers.Flatten], direction="right", padding=3
    )
    text = path.read_text()
    assert '"flatten" [' not in text
    assert '"dropout" [' in text
    assert "rankdir=LR" in text
    assert "it has no padding" in caplog.text


def test_classes_that_a_model_does_not_have_need_no_note(model, keras, tmp_path):
    """Scripts share lists of classes; a misspelt name is another thing."""
    path = tmp_path / "model.svg"
    layers = keras.layers
    visualkeras.layered_view(model, to_file=path, type_ignore=[layers.Dropout, layers.Cropping2D])
    assert "Cropping2D" not in path.read_text()
    visualkeras.layered_view(model, to_file=path, type_ignore=["Cropping2D"])
    assert "Cropping2D" in path.read_text()


@pytest.mark.parametrize("view", ["layered", "functional", "graph"])
def test_groups_are_written_as_people_do(model, tmp_path, caplog, view):
    path = tmp_path / "model.svg"
    groups = [
        {"name": "features", "type": "block", "layers": [model.layers[0]], "padding": 8},
        {"name": "top", "indices": [-1], "fill": "#f8e8e8"},
    ]
    getattr(visualkeras, f"{view}_view")(model, to_file=path, layered_groups=groups)
    assert ">features<" in path.read_text()
    assert ">top<" in path.read_text()
    assert "Groups of layers have no padding" in caplog.text
