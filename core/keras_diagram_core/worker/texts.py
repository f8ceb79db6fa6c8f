"""Texts that the author's function writes on layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import Any, NamedTuple

from msgspec.structs import replace

from keras_diagram_core.errors import BuilderError
from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.request import TextSource
from keras_diagram_core.transforms.hide import hide
from keras_diagram_core.worker.failures import explain

Writer = Callable[..., Any]
"""Called with the number of a layer and the layer, gives (text, whether it stands above).

One that writes a text with a name is called with the layer and its `RenderShape`, gives a text.
"""


class RenderShape(NamedTuple):
    """The tensor that a layer gives, as one is told who writes labels: what is not known is 1.

    It is `spatial` or a `vector`, whose features are `c_dim`; `h`, `w` and `c` are the same
    numbers again.
    """

    kind: str
    h: int
    w: int
    c: int
    h_dim: int
    w_dim: int
    c_dim: int

    @classmethod
    def of(cls, node: Node) -> RenderShape:
        """Tell space from channels."""
        sizes = [size or 1 for size in (node.output_shapes or ((),))[0][1:]]
        if node.config.get("data_format") == "channels_first":
            sizes = [*sizes[1:], *sizes[:1]]
        steps = "Conv1D" in node.type or "Pooling1D" in node.type
        if len(sizes) == 3 or (len(sizes) == 2 and steps):
            high, wide, channels = [1, *sizes][-3:]
            return cls("spatial", *(high, wide, channels) * 2)
        return cls("vector", *(1, 1, prod(sizes)) * 2)


def with_texts(
    graph: ModelGraph, layers: Mapping[str, Any], source: TextSource, write: Writer
) -> ModelGraph:
    """Fill in the texts of all nodes that are drawn; these are counted from 0.

    Args:
        graph: the model.
        layers: the layer or operation of each node, by id.
        source: what the function is called in messages, and what is not drawn.
        write: the author's function.

    Raises:
        DiagramError: the function fails, or gives something else.
    """
    shown = hide(
        graph,
        types=source.types,
        names=source.names,
        scopes=source.scopes,
        places=source.places,
    )
    written = {}
    for index, node in enumerate(shown.nodes):
        layer = layers[node.id]
        if source.only and not {node.type, *node.labels} & {*source.only}:
            continue
        text = _asked(node, partial(write, *_given(node, index, layer, source)), source.target)
        written[node.id] = _with_text(node, text, source)
    return replace(graph, nodes=tuple(written.get(node.id, node) for node in graph.nodes))


def _given(node: Node, index: int, layer: Any, source: TextSource) -> tuple[Any, ...]:
    """Say what a function is called with."""
    if not source.name:
        return index, layer
    return (layer,) if source.only else (layer, RenderShape.of(node))


def _asked(node: Node, write: Callable[[], Any], name: str) -> Any:
    try:
        return write()
    except BaseException as error:
        raise explain(error, f"'{name}', asked for the text of layer '{node.name}',") from error


def _with_text(node: Node, result: Any, source: TextSource) -> Node:
    match result:
        case None:
            return replace(node, texts=node.texts | {source.name: ""}) if source.name else node
        case str(text) if source.name:
            return replace(node, texts=node.texts | {source.name: text})
        case str(text):
            return replace(node, text=text)
        case (None | str() as text, above) if not source.name:
            return replace(node, text=text or "", text_above=bool(above))
    hint = "Let it return (text, above): what is written, and whether it stands above."
    raise BuilderError(
        f"'{source.target}' gave a {type(result).__name__} for the layer '{node.name}', no text.",
        hint="Let it return a text, or None." if source.name else hint,
    )
