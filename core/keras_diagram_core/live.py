"""From a live model to a ModelGraph, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.options import ViewOptions
from keras_diagram_core.request import ModelRequest, TextSource
from keras_diagram_core.worker.live import read_live


def graph_of(
    model: Any,
    *,
    depth: int | Literal["all"] | None = None,
    expand: Iterable[str] = (),
    write: Callable[[int, Any], Any] | None = None,
    options: ViewOptions | None = None,
) -> ModelGraph:
    """Read the graph of a model that has been built. Neither it nor Keras is changed.

    Args:
        model: of any kind; or a layer.
        depth: how many levels of nested models and composite layers are opened; None opens
            nested models all the way, and no composite layer.
        expand: names or classes of what is opened whatever the depth.
        write: called with the number of each drawn layer and the layer, gives (text, above).
        options: they say what is not drawn, and so not counted.

    Raises:
        DiagramError: it is no model, not built, nothing is found out about it, or `write` fails.
    """
    title = str(getattr(model, "name", ""))
    name = getattr(write, "__name__", type(write).__name__)
    texts = TextSource.of(name, options or ViewOptions()) if write else None
    request = ModelRequest(target=title, depth=depth, expand=tuple(expand), texts=texts)
    return read_live(model, request, write)
