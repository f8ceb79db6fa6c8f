"""Pictures of live models under the names that this field knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from keras_diagram_core.errors import RequestError, did_you_mean, in_words
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.live import graph_of
from keras_diagram_core.options import Options, parse_options
from keras_diagram_core.request import box_text_name
from keras_diagram_core.transforms.hide import SPACER
from keras_diagram_core.visualkeras.options import PRESETS, defaults, spelt
from keras_diagram_core.visualkeras.saving import Saving, finish
from keras_diagram_core.visualkeras.values import group, plain, with_font_files

if TYPE_CHECKING:
    from PIL.Image import Image

# Who sets a size in px means it: boxes are sized by it alone, and only what can be painted in
# the usual resolution is a limit.
_SIZES = {"scale_xy", "scale_z", "min_xy", "min_z", "max_xy", "max_z"}
_LARGEST: dict[str, Any] = {"width": 10_000, "max_height": 2300}

_SPACES = {"graph": {"layer_spacing"}, "functional": {"column_spacing"}}

_WRITTEN = "python:function"
"""Stands for a function in the options: what it writes is in the graph then."""

_WRITERS = {"": "text_callable", "top": "top_label_callable", "bottom": "bottom_label_callable"}
"""The options that may be functions, by the name of the text that these write."""

_OF_THE_MODEL = frozenset({"depth", "expand", "input_shape"})
"""The keywords that say what is read of a model."""


def layered_view(model: Any, to_file: Any = None, **keywords: Any) -> Image:
    """Draw a model as boxes sized by their tensors.

    Args:
        model: a Keras model that has been built.
        to_file: a path whose ending says the format, or None.
        **keywords: `options` (a bundle or mapping), `preset` (a name), any option of the
            view, and `depth`, `expand` and `input_shape` as for `graph_of`. Defaults are beaten
            by the preset, that by `options`, and those by keywords.

    Raises:
        ModelError: the model is not built, or cannot be read.
        RequestError: an option or value that there is not.
    """
    return _view("layered", model, to_file, keywords)


def graph_view(model: Any, to_file: Any = None, **keywords: Any) -> Image:
    """Draw a model as nodes and edges; arguments as for `layered_view`."""
    return _view("graph", model, to_file, keywords)


def functional_view(model: Any, to_file: Any = None, **keywords: Any) -> Image:
    """Draw a model as flat boxes with its skips; arguments as for `layered_view`."""
    return _view("functional", model, to_file, keywords)


def lenet_view(model: Any, to_file: Any = None, **keywords: Any) -> Image:
    """Draw a model as stacks of feature maps; arguments as for `layered_view`."""
    return _view("lenet", model, to_file, keywords)


def blocks_view(model: Any, to_file: Any = None, **keywords: Any) -> Image:
    """Draw a model as units in blocks, repetitions folded; arguments as for `layered_view`."""
    return _view("blocks", model, to_file, keywords)


def show(
    model: Any, *, mode: str = "layered", preset: str | None = None, options: Any = None, **kw: Any
) -> Image:
    """Draw a model in the view that `mode` names; other arguments as for `layered_view`.

    Raises:
        RequestError: there is no such mode; and what `layered_view` raises.
    """
    if mode not in PRESETS:
        hint = f"There is: {', '.join(PRESETS)}."
        raise RequestError(f"There is no mode '{mode}'.", hint=hint)
    to_file = kw.pop("to_file", None)
    return _view(mode, model, to_file, kw | {"preset": preset, "options": options})


def _view(view: str, model: Any, to_file: Any, keywords: dict[str, Any]) -> Image:
    saving = Saving.taken_from(keywords, to_file, f"{view}_view")
    chosen = _chosen(view, keywords)
    saving = saving.or_to(chosen.pop("to_file", None))
    reading = {name: chosen.pop(name) for name in _OF_THE_MODEL & chosen.keys()}
    reading["write"] = _taken_functions(chosen)
    options = _options(view, chosen)
    graph = graph_of(model, **reading, options=options)
    return finish(graph, _without_absent(options, chosen, graph), saving)


def _without_absent(options: Options, chosen: Mapping[str, Any], graph: ModelGraph) -> Options:
    """Leave out classes that are not to be drawn and that the model does not have.

    Scripts give lists of classes that serve for several models; a name may be misspelt, a class
    may not.
    """
    ignored = chosen.get("type_ignore") or ()
    classes = {each.__name__ for each in ignored if isinstance(each, type)}
    absent = classes - {node.type for node in graph.nodes} - {SPACER}
    types = tuple(name for name in options.type_ignore if name not in absent)
    return msgspec.structs.replace(options, type_ignore=types)


def _chosen(view: str, keywords: dict[str, Any]) -> dict[str, Any]:
    """Put the sources of options on top of each other: preset, options, keywords."""
    preset, options = keywords.pop("preset", None), keywords.pop("options", None)
    chosen = dict(_preset(view, preset))
    for source in (_given(options), keywords):
        chosen |= {spelt(name): value for name, value in source.items()}
    _check(view, chosen)
    given = {name: value for name, value in chosen.items() if value is not None}
    return _sized(view, given) | given


def _sized(view: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Say what follows from sizes, where nothing else is asked for."""
    sizes = _SIZES & given.keys()
    mode = {"sizing_mode": "accurate"} if sizes and view == "layered" else {}
    spaces = (_SPACES.get(view, set()) | {"relative_base_size"}) & given.keys()
    is_free = "width" not in given and (sizes or spaces)
    return (_LARGEST if is_free else {}) | mode


def _taken_functions(chosen: dict[str, Any]) -> dict[str, Any]:
    """Take functions that write texts from the options, by the names of these texts."""
    functions = {}
    for name, option in _WRITERS.items():
        if callable(function := chosen.get(option)):
            functions[name], chosen[option] = function, _WRITTEN
    styles = chosen.get("styles")
    looks = dict(styles) if isinstance(styles, Mapping) else {}
    for number, (name, look) in enumerate(looks.items()):
        if isinstance(look, Mapping) and callable(function := look.get("box_text_callable")):
            target = f"{_WRITTEN}_{number}"
            looks[name] = {**look, "box_text_callable": target}
            functions[box_text_name(target)] = function
    if looks:
        chosen["styles"] = looks
    return functions


def _preset(view: str, name: str | None) -> Mapping[str, Any]:
    presets = PRESETS[view]
    if name is None:
        return {}
    if name not in presets:
        hint = f"There is: {', '.join(presets)}."
        raise RequestError(f"There is no preset '{name}'.", hint=hint)
    return presets[name]


def _given(options: Any) -> Mapping[str, Any]:
    """Give what a bundle, mapping or dataclass says."""
    if options is None:
        return {}
    if isinstance(options, Mapping):
        return options
    if dataclasses.is_dataclass(options) and not isinstance(options, type):
        return {each.name: getattr(options, each.name) for each in dataclasses.fields(options)}
    if isinstance(options, msgspec.Struct):
        return msgspec.structs.asdict(options)
    raise RequestError(f"The options cannot be a '{type(options).__name__}'.")


def _check(view: str, chosen: Mapping[str, Any]) -> None:
    known = defaults(view)
    for name in chosen:
        if name in known or name in _OF_THE_MODEL:
            continue
        views = [other for other in PRESETS if name in defaults(other)]
        hint = f"It belongs to {in_words('view', views)}." if views else ""
        hint = hint or did_you_mean(name, {*known, *_OF_THE_MODEL})
        raise RequestError(f"`{view}_view` has no option '{name}'.", hint=hint)


def _options(view: str, chosen: Mapping[str, Any]) -> Options:
    """Turn Python's values into those of markup: classes into their names."""
    chosen = with_font_files(chosen)
    if isinstance(styles := chosen.get("styles"), Mapping):
        looks = {name: with_font_files(look) for name, look in styles.items()}
        chosen = {**chosen, "styles": looks}
    if isinstance(groups := chosen.get("layered_groups"), (list, tuple)):
        chosen = {**chosen, "layered_groups": [group(each) for each in groups]}
    if chosen.get("text_callable") == "default":  # as scikit-plots calls it
        chosen = {**chosen, "text_callable": "name_shape"}
    markup = {name.replace("_", "-").lower(): plain(value) for name, value in chosen.items()}
    return parse_options({"view": view, **markup})
