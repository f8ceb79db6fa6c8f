"""From a live model to a ModelGraph, in this process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker.live import read_live


def graph_of(
    model: Any, *, depth: int | Literal["all"] | None = None, expand: Iterable[str] = ()
) -> ModelGraph:
    """Read the graph of a model that has been built. Neither it nor Keras is changed.

    Args:
        model: of any kind; or a layer.
        depth: how many levels of nested models and composite layers are opened; None opens
            nested models all the way, and no composite layer.
        expand: names or classes of what is opened whatever the depth.

    Raises:
        ModelError: it is no model, not built, or nothing can be found out about it.
    """
    title = str(getattr(model, "name", ""))
    return read_live(model, ModelRequest(target=title, depth=depth, expand=tuple(expand)))
