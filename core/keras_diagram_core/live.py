"""From a live model to a ModelGraph, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.inputs import parse_inputs
from keras_diagram_core.options import ViewOptions
from keras_diagram_core.request import (
    ModelRequest,
    TextSource,
    label_sources,
    parse_depth,
    parse_names,
)
from keras_diagram_core.worker.live import read_live
from keras_diagram_core.worker.texts import Writer


def graph_of(
    model: Any,
    *,
    depth: int | Literal["all"] | None = None,
    expand: Iterable[str] | str = (),
    input_shape: Any = None,
    write: Writer | Mapping[str, Writer] | None = None,
    options: ViewOptions | None = None,
) -> ModelGraph:
    """Read the graph of a model that has been built. Neither it nor Keras is changed.

    Args:
        model: of any kind; or a layer.
        depth: how many levels of nested models and composite layers are opened; None opens
            nested models all the way, and no composite layer.
        expand: names or classes of what is opened whatever the depth.
        input_shape: what a model with a `call` of its own takes, without the batch, where Keras
            does not keep it: a shape, a list of shapes, or a mapping of names to shapes.
        write: called with the number of each drawn layer and the layer, gives (text, above). Or a
            mapping of the names of texts that options ask for to the functions that write them.
        options: they say what is not drawn, and so not counted.

    Raises:
        DiagramError: it is no model, not built, nothing is found out about it, `write` fails, or
            a depth or shape cannot be.
    """
    writers = write if isinstance(write, Mapping) else {"": write} if write else {}
    shown = options or ViewOptions()
    request = ModelRequest(
        target=str(getattr(model, "name", "")),
        inputs=parse_inputs(input_shape, None),
        depth=parse_depth(depth),
        expand=parse_names(expand),
        texts=TextSource.of(_called(writers[""]), shown) if "" in writers else None,
        labels=tuple(
            replace(source, target=_called(writers[source.name]))
            for source in label_sources(shown)
            if source.name in writers
        ),
    )
    return read_live(model, request, writers)


def _called(function: Writer) -> str:
    return getattr(function, "__name__", type(function).__name__)
