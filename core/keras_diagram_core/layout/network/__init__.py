"""The graph view, and the engine that places and connects the units of any network."""

from __future__ import annotations

from keras_diagram_core.layout.network.view import lay_out_graph

__all__ = ["lay_out_graph"]
