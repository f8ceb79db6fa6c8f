"""What other tools document is here under the same names."""

import importlib
import inspect
from pathlib import Path

import pytest
import yaml

import keras_diagram_core
from keras_diagram_core.options import LOOKS
from keras_diagram_core.options.values import TEXTS
from keras_diagram_core.visualkeras.options import (
    LAYERED_TEXT_CALLABLES,
    PRESETS,
    defaults,
    spelt,
)
from keras_diagram_core.visualkeras.saving import KEYWORDS

TABLES = yaml.safe_load((Path(__file__).parents[1] / "data" / "ancestors.yml").read_text())
NAMES = {name: text.split() for name, text in TABLES["names"].items()}
CHOOSING = {"options", "preset"}


@pytest.mark.parametrize("tool", ["visualkeras", "scikit-plots"])
def test_every_parameter_is_an_option(tool):
    for view, names in TABLES[tool].items():
        known = defaults(view).keys() | KEYWORDS | CHOOSING
        missing = {name for name in names.split() if spelt(name) not in known}
        assert not missing, view


@pytest.mark.parametrize("view", TABLES["styles"])
def test_every_part_of_a_style_is_one_of_a_look(view):
    assert {*LOOKS[view].__struct_fields__} == {*TABLES["styles"][view].split()}


@pytest.mark.parametrize("name", TABLES["keras"])
def test_signatures_are_those_of_keras(name):
    parameters = inspect.signature(getattr(keras_diagram_core, name)).parameters
    assert [each for each in parameters if each != "kwargs"] == TABLES["keras"][name].split()


@pytest.mark.parametrize("name", ["visualkeras", "visualkeras.options"])
def test_what_people_import_is_here(name):
    module = importlib.import_module(f"keras_diagram_core.{name}")
    # The layer comes with Keras: it is not looked up here.
    there = {*vars(module), *getattr(module, "__all__", ())}
    assert {*NAMES[name]} <= there


def test_presets_and_texts_have_their_names():
    assert {tuple(presets) for presets in PRESETS.values()} == {tuple(NAMES["presets"])}
    assert [*LAYERED_TEXT_CALLABLES] == [*TEXTS] == NAMES["texts"]
