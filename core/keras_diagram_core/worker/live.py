"""Read a model that lives in this process, and leave it and Keras as they were."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from keras_diagram_core.errors import ModelError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker.given import InputError
from keras_diagram_core.worker.legacy import check_legacy, is_legacy
from keras_diagram_core.worker.records import functional_of
from keras_diagram_core.worker.session import read_graph
from keras_diagram_core.worker.texts import Writer

_BUILD = "Say the shape that it takes, as in `model.build((None, 32, 32, 3))`, and draw it then."


def read_live(
    model: Any, request: ModelRequest, writers: Mapping[str, Writer] = MappingProxyType({})
) -> ModelGraph:
    """Read the graph of a built model or layer.

    `writers` are as for `read_graph`.

    Raises:
        ModelError: it is something else, or not built, or its `call` cannot be followed.
    """
    if is_legacy(model):
        check_legacy(model, "This is")
        return read_graph(model, request, writers)
    _check(model)
    try:
        with _untouched(model):
            return read_graph(model, request, writers)
    except InputError as error:
        hint = error.hint if request.inputs else _BUILD
        raise ModelError(error.message, hint=hint, traceback=error.traceback) from error


def _check(model: Any) -> None:
    layer = getattr(sys.modules.get("keras"), "Layer", None)
    if layer is None or not isinstance(model, layer):
        is_class = isinstance(model, type)
        what = f"the class '{model.__name__}'" if is_class else f"a '{type(model).__name__}'"
        hint = "Pass a built keras.Model."
        if isinstance(model, (str, os.PathLike)):
            hint = "Pass a built keras.Model first, and the file after it."
        raise ModelError(f"This is {what}, not a Keras model.", hint=hint)
    if not model.built:
        raise ModelError(
            f"'{model.name}' ({type(model).__name__}) is not built: its input shape is unknown.",
            hint="Call it on data once, or `build` it, as in `model.build((None, 32, 32, 3))`.",
        )


@contextmanager
def _untouched(model: Any) -> Iterator[None]:
    """Take back what following a `call` adds to Keras' records of calls, and to its names."""
    state = importlib.import_module("keras.src.backend.common.global_state")
    names = dict(state.get_global_attribute("object_name_uids") or {})
    records = [
        (calls, list(calls))
        for operation in _operations(model)
        for calls in (operation._inbound_nodes, operation._outbound_nodes)
    ]
    try:
        yield
    finally:
        for calls, before in records:
            calls[:] = before
        counters = state.get_global_attribute("object_name_uids")
        if counters is not None:
            counters.clear()
            counters.update(names)


def _operations(model: Any) -> Iterator[Any]:
    """Give all layers, and the operations of the functional models among them."""
    for layer in model._flatten_layers():
        yield layer
        functional = functional_of(layer)
        if functional is not None:
            yield from (functional, *functional.operations)
