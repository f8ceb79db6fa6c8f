"""Keras' own tools, `plot_model` and `model_to_dot`, under their names and with their arguments.

They take a live model, and read it in this process. `plot_model` needs neither pydot nor
Graphviz.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

from keras_diagram_core.api import draw
from keras_diagram_core.artifact import format_of
from keras_diagram_core.dot import RANKDIRS
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.graphviz import Dot
from keras_diagram_core.live import graph_of
from keras_diagram_core.options import parse_options, parse_text_options

# What a notebook shows.
_SHOWN = frozenset({"svg", "png", "jpeg", "gif", "webp"})
_DIRECTIONS = {rankdir: direction for direction, rankdir in RANKDIRS.items()}


def plot_model(
    model: Any,
    to_file: str | os.PathLike[str] = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    **kwargs: Any,
) -> Any:
    """Draw a live model into a file, as `keras.utils.plot_model` does.

    Args:
        model: any Keras model that has been built.
        to_file: `.png`, `.svg`, `.pdf`, `.jpg`, `.webp`, `.gif`, `.tiff` or `.dot` (`.gv`);
            without an ending, PNG.
        show_shapes: write output shapes.
        show_dtype: write data types.
        show_layer_names: label layers with their names instead of what they are.
        rankdir: `TB`, `LR`, `BT` or `RL`: where the data flows. A picture whose columns would be
            too wide for a page has rows instead, below (`BT`: above) each other.
        expand_nested: open nested models, each in a frame.
        dpi: the resolution of a raster picture, from 24 to 2,400, or that a `.dot` file asks for.
        show_layer_activations: write activations other than `linear`.
        show_trainable: write whether a layer's weights are trained.
        splines: how Graphviz is to draw the edges of a `.dot` file; `ortho`, on which some
            versions crash, is left out. Pictures have right angles.
        **kwargs: none, and `layer_range` only as None; as in Keras.

    Returns:
        In a notebook, the picture to show; else None.

    Raises:
        ModelError: the model is not built, or cannot be read.
        RequestError: a format or value that there is not.
        ValueError: other arguments.
    """
    _refuse(kwargs)
    graph = _graph(model, expand_nested=expand_nested)  # first: the arguments may be swapped
    words = {
        "show_shapes": show_shapes,
        "show_layer_names": show_layer_names,
        "show_dtype": show_dtype,
        "show_layer_activations": show_layer_activations,
        "show_trainable": show_trainable,
    }
    path = Path(to_file)
    format = format_of(path) if path.suffix else "png"
    dot = {"rankdir": rankdir, "dpi": dpi, "splines": splines.replace("ortho", "spline")}
    text_options = parse_text_options("dot", _spelt(words | dot))
    direction = _DIRECTIONS.get(rankdir, "down")
    picture = {"view": "graph", "show_neurons": False, "direction": direction, "dpi": dpi}
    picture |= {"clusters": expand_nested}
    options = text_options if format == "dot" else parse_options(_spelt(words | picture))
    path.write_bytes(draw(graph, options, format).data)
    return _shown(path, format)


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    subgraph: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "spline",
    **kwargs: Any,
) -> Dot:
    """Write a live model as DOT, as `keras.utils.model_to_dot` does.

    Args:
        model: any Keras model that has been built.
        show_shapes: write input and output shapes.
        show_dtype: write data types.
        show_layer_names: label layers with their names, and their class below.
        rankdir: `TB`, `LR`, `BT` or `RL`: where the data flows.
        expand_nested: open nested models, each in a frame.
        dpi: resolution of raster pictures.
        subgraph: give a cluster, for the text of another graph.
        show_layer_activations: write activations other than `linear`.
        show_trainable: write whether a layer's weights are trained.
        splines: `spline`, `ortho`, `polyline`, `curved` or `line`. Keras' default is `ortho`, on
            which Graphviz before 7 crashes with some models.
        **kwargs: none, and `layer_range` only as None; as in Keras.

    Raises:
        ModelError: the model is not built, or cannot be read.
        RequestError: a value that there is not.
        ValueError: other arguments.
    """
    _refuse(kwargs)
    options = {
        "show_shapes": show_shapes,
        "show_dtype": show_dtype,
        "show_layer_names": show_layer_names,
        "rankdir": rankdir,
        "dpi": dpi,
        "show_layer_activations": show_layer_activations,
        "show_trainable": show_trainable,
        "splines": splines,
    }
    chosen = parse_text_options("dot", _spelt(options))
    return Dot(_graph(model, expand_nested=expand_nested), chosen, subgraph=subgraph)


def _refuse(kwargs: dict[str, Any]) -> None:
    """Refuse what Keras refuses, in its way."""
    if kwargs.pop("layer_range", None) is not None:
        raise ValueError("`layer_range` is no longer supported, as in Keras 3.")
    if kwargs:
        raise ValueError(f"There is no argument {', '.join(map(repr, sorted(kwargs)))}.")


def _spelt(options: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in options.items()}


def _graph(model: Any, *, expand_nested: bool) -> ModelGraph:
    return graph_of(model, depth=None if expand_nested else 0)


def _shown(path: Path, format: str) -> Any:
    """Give the picture to a notebook, if this is one."""
    if format not in _SHOWN or "IPython" not in sys.modules:
        return None
    display = importlib.import_module("IPython.display")
    kind = display.SVG if format == "svg" else display.Image
    return kind(filename=str(path))
