"""Every option of every view does something, and has a test of what its help says.

For a new option, add a value to `tests/data/options.yml`, and mark the test of what it does:

@pytest.mark.option("layered functional", "min-xy max-xy")
"""

import importlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from cases import diagonals
from core_graphs import graph_named
from legibility import measure

from keras_diagram_core.api import draw
from keras_diagram_core.files import images_of
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import (
    TEXTS,
    VIEWS,
    AllOptions,
    Options,
    option_specs,
    parse_options,
    parse_text_options,
)
from keras_diagram_core.scene import Scene
from keras_diagram_core.transforms.hide import shown

ROOT = Path(__file__).parents[2]
VALUES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "tests/data/options.yml").read_text())
OPTIONS = [f"{view} {spec.name}" for view in VIEWS | TEXTS for spec in option_specs(view)]
DRAWN = [option for option in OPTIONS if option.split()[0] in VIEWS]
OWN = [pytest.param(option, "", id=f"{option}-own") for option in DRAWN]

# What they change is in the file, not in the Scene.
OF_FILES = {"font", "dpi"}
# With them, edges are there that the model has not, or the other way round.
UNTRUE = {"add-output-nodes", "draw-connections"}


class Try(NamedTuple):
    """A value of an option, a graph on which it shows, and options that it needs."""

    value: Any
    graph: str
    others: dict[str, Any]


def tried(view: str, name: str) -> Try:
    values = {**VALUES["every"], **(VALUES.get(view) or {})}
    assert name in values, f"Add a value for '{name}' of '{view}' to tests/data/options.yml."
    found = values[name] if isinstance(values[name], dict) else {"value": values[name]}
    return Try(found["value"], found.get("graph", "cnn"), found.get("with", {}))


def chosen(view: str, options: dict[str, Any]) -> AllOptions:
    if view in TEXTS:
        return parse_text_options(view, options)
    return parse_options({"view": view, **options})


def scene_of(graph: ModelGraph, options: Options) -> Scene:
    return lay_out(graph, options, images_of(options, "svg", str(ROOT)))


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_changes_what_is_drawn(option):
    view, name = option.split()
    value, graph, others = tried(view, name)
    is_file = view in TEXTS or name in OF_FILES
    format = view if view in TEXTS else "png"
    make = partial(draw, format=format, base=str(ROOT)) if is_file else scene_of
    results = [
        make(graph_named(graph), chosen(view, options))
        for options in (others, {**others, name: value})
    ]
    before, after = (result.data if is_file else result for result in results)
    assert before != after
    assert results[0].notes == results[1].notes, f"The value finds nothing in '{graph}'."


@pytest.mark.parametrize(
    ("option", "graph"),
    [*OWN, *diagonals(8, DRAWN, ["cnn", "tiny_two_inputs", "unet", "vgg16"])],
)
def test_the_picture_stays_true_and_legible(option, graph):
    view, name = option.split()
    value, own, others = tried(view, name)
    options = parse_options({"view": view, **others, name: value})
    drawn = graph_named(graph or own)
    scene = scene_of(drawn, options)
    found = measure(scene, shown(drawn, options))
    checked = found[3:7] if name in UNTRUE else found[3:10]
    assert not any(checked), found
    assert scene.width <= options.width


def marked() -> Iterator[tuple[str, str]]:
    """Give the options that tests in this folder are marked with, and the tests."""
    for path in sorted(Path(__file__).parent.glob("test_core_*.py")):
        for test in vars(importlib.import_module(path.stem)).values():
            for mark in getattr(test, "pytestmark", ()):
                if mark.name == "option":
                    views, names = mark.args
                    for name in names.split():
                        having = [view for view in VIEWS if f"{view} {name}" in OPTIONS]
                        owners = having if views == "every" else views.split()
                        # A name that no view has is given, too: it is misspelt.
                        for view in owners or ["every"]:
                            yield f"{view} {name}", f"{path.name}: {test.__name__}"


def test_every_option_has_a_test_of_what_its_help_says():
    tested = dict(marked())
    assert not {option: tested[option] for option in tested if option not in OPTIONS}
    missing = ", ".join(option for option in OPTIONS if option not in tested)
    assert not missing, "Mark a test of each as the docstring of this file says."


def test_every_value_is_for_an_option():
    names = {option.split()[1] for option in OPTIONS}
    own = {f"{view} {name}" for view in VALUES if view != "every" for name in VALUES[view]}
    assert VALUES["every"].keys() <= names
    assert own <= {*OPTIONS}
