"""Markup becomes requests, or a message that helps."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core import RequestError, option_specs, parse_request
from keras_diagram_core.defaults import check_default, check_theme
from keras_diagram_core.options import parse_options

TEXT = st.text(max_size=5).filter(lambda text: text != "None")  # which is refused
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.parametrize(
    "text", ["a:b", "pkg.mod:build", " pkg.mod:Cls.make ", "päckage.m:f", "a_1.b:_c"]
)
def test_target_is_accepted(text):
    assert parse_request(text).model.target == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "pkg.mod",
        "pkg.mod:",
        ":f",
        "a..b:c",
        "a:b()",
        "1a:b",
        "a:b:c",
        "a/b.pkl",
        "a-b:c",
    ],
)
def test_what_is_no_target_is_explained(text):
    with pytest.raises(RequestError, match=r"package\.module:attribute"):
        parse_request(text)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("{classes: 10, weights: null}", {"classes": 10, "weights": None}),
        ('{"a": [1, 2.5, true]}', {"a": [1, 2.5, True]}),
        ({"a": (1, 2)}, {"a": [1, 2]}),
        ("", {}),
        (None, {}),
    ],
)
def test_kwargs_are_data(given_, expected):
    assert parse_request("a:b", {"kwargs": given_}).model.kwargs == expected


@pytest.mark.parametrize(
    "text",
    [
        "{a: ",
        "[1, 2]",
        "3",
        "{1: 2}",
        "{a: 2020-01-01}",
        "{a: .nan}",
        "{a: !!python/name:os.system }",
        '{"a": "\\ud800"}',
    ],
)
def test_kwargs_that_are_no_data_are_refused(text):
    with pytest.raises(RequestError, match="kwargs"):
        parse_request("a:b", {"kwargs": text})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mypkg.models.MyResNet", "mypkg.models:MyResNet"),
        ("mypkg/models.py:MyResNet", "mypkg.models:MyResNet"),
        ("./models.py:make.small", "models:make.small"),
        ("mypkg/models.py", "mypkg.models:build_unet"),
        ("nothing", "mypkg.models:build_unet"),
    ],
)
def test_a_target_in_another_form_is_corrected(written, meant):
    with pytest.raises(RequestError) as caught:
        parse_request(written)
    assert caught.value.hint.endswith(f"for example {meant}.")


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("models/net.tflite", "is a TensorFlow Lite file", "what it was made from"),
        ("net.ONNX", "is an ONNX file", "a .keras or .h5 file"),
        ("saved/saved_model.pb", "is a part of a SavedModel", "package.module:attribute"),
        ("saved/net/", "The folder of a SavedModel", "tf_keras.models.load_model"),
    ],
)
def test_files_of_other_formats_say_what_is_possible(written, message, hint):
    with pytest.raises(RequestError) as caught:
        parse_request(written)
    assert written in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("written", ["model.json", "a/b.JSON", "a.h5", "a.keras", "a.weights.h5"])
def test_files_that_may_be_targets(written):
    assert parse_request(written).model.is_file


def test_the_views_that_have_an_option_are_listed():
    with pytest.raises(RequestError, match="to the views auto, layered and blocks"):
        parse_request("a:b", {"view": "graph", "detail": "all"})
    with pytest.raises(RequestError, match="to the view lenet"):
        parse_request("a:b", {"view": "graph", "patch-scale": 2})


@pytest.mark.parametrize(
    "written", ["{weights: None}", '{"a": {"weights": None}}', {"shape": ["None", 3]}]
)
def test_the_none_of_python_is_refused(written):
    with pytest.raises(RequestError, match=r"'None' is a text in YAML\. Write `null`"):
        parse_request("a:b", {"kwargs": written})


def test_the_truths_of_python_are_those_of_yaml():
    assert parse_request("a:b", {"kwargs": "{a: True, b: False}"}).model.kwargs == {
        "a": True,
        "b": False,
    }


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("legend", "no", False),
        ("legend", "", True),
        ("legend", None, True),
        ("legend", False, False),
        ("width", "500px", 500),
        ("width", 500, 500),
        ("theme", "dark", "dark"),
    ],
)
def test_option_values_are_read_as_people_write_them(name, value, expected):
    assert getattr(parse_options({name: value}), name) == expected


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"witdh": 3}, "Did you mean 'width'"),
        ({"draw_volume": 1}, "Did you mean 'draw-volume'"),
        ({"width": "wide"}, "a whole number"),
        ({"width": 3}, "from 240 to 10000"),
        ({"width": True}, "a whole number"),
        ({"theme": "drak"}, "auto | light | dark"),
        ({"legend": "maybe"}, "true | false"),
        ({"view": "layerd"}, "Did you mean 'layered'"),
        ({"view": "hologram"}, "There is: auto, layered, blocks, functional, graph"),
        ({"depth": "deep"}, "whole number"),
        ({"depth": -1}, "whole number"),
    ],
)
def test_wrong_options_are_named_with_what_to_write(settings, words):
    with pytest.raises(RequestError) as caught:
        parse_request("a:b", settings)
    assert words in str(caught.value)


def test_every_option_is_described():
    specs = option_specs("layered")
    assert {"width", "theme", "legend", "draw-volume"} <= {spec.name for spec in specs}
    assert all(spec.help.endswith(".") and spec.type and spec.default for spec in specs)


@given(kwargs=st.dictionaries(st.text(max_size=5), PLAIN, max_size=5))
def test_equal_requests_have_equal_digests_in_any_order(kwargs):
    backwards = dict(reversed(kwargs.items()))
    one, other = (parse_request("a:b", {"kwargs": each}) for each in (kwargs, backwards))
    assert one.digest == other.digest
    assert one.model.digest == other.model.digest


def test_digests_do_not_depend_on_the_process():
    code = (
        "from keras_diagram_core import parse_request;"
        "print(parse_request('a:b', {'kwargs': {'x': {'b': 1, 'a': [2]}}, 'width': 300}).digest)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_what_is_drawn_does_not_change_what_is_extracted():
    wide, narrow = (parse_request("a:b", {"width": width}) for width in (700, 300))
    assert wide.model.digest == narrow.model.digest
    assert wide.digest != narrow.digest


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("styles", "{a: {fill: red}}"),
        ("background-fill", "#102030"),
        ("dimension-caps", "{channels: 20}"),
        ("layered-groups", "[{layers: [a], name: b}]"),
    ],
)
def test_values_may_stand_between_quotes(option, value):
    plain, quoted = (
        parse_options({"view": "layered", option: text}) for text in (value, f'"{value}"')
    )
    assert plain == quoted


def test_a_colour_that_yaml_takes_for_a_comment_is_refused():
    with pytest.raises(RequestError, match="begins a comment"):
        parse_options({"view": "layered", "background-fill": None})


def test_messages_about_values_name_the_option():
    with pytest.raises(RequestError, match=r"^color-map: look of a: fill: 'orrange'"):
        parse_options({"view": "layered", "color-map": {"a": "orrange"}})


IMAGE = {"styles": {"a": {"image": "a.png"}}}


@pytest.mark.parametrize(("name", "value"), [("layered", IMAGE), ("styles", IMAGE["styles"])])
def test_defaults_are_what_some_view_takes(name, value):
    check_default(name, value)
    check_theme("mine", IMAGE)
    with pytest.raises(RequestError, match="There is no 'image'"):
        check_default("lenet", IMAGE)
