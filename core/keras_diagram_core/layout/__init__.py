"""From a ModelGraph to a Scene: sizes, order, positions, routes. Pure functions."""

from __future__ import annotations

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.layered import lay_out_layered
from keras_diagram_core.options import Options
from keras_diagram_core.scene import Scene


def lay_out(graph: ModelGraph, options: Options) -> Scene:
    """Draw a model in the view that the options belong to."""
    return lay_out_layered(graph, options)
