"""Texts that the author's function writes on layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from keras_diagram_core.errors import BuilderError
from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.request import TextSource
from keras_diagram_core.transforms.hide import hide
from keras_diagram_core.worker.failures import explain

Writer = Callable[[int, Any], Any]
"""Called with the number of a layer and the layer, gives (text, whether it stands above)."""


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
    written = {
        node.id: _written(node, write, (index, layers[node.id]), source.target)
        for index, node in enumerate(shown.nodes)
    }
    return replace(graph, nodes=tuple(written.get(node.id, node) for node in graph.nodes))


def _written(node: Node, write: Writer, given: tuple[int, Any], name: str) -> Node:
    try:
        result = write(*given)
    except Exception as error:
        raise explain(error, f"'{name}', asked for the text of layer '{node.name}',") from error
    if result is None:
        return node
    match result:
        case str(text):
            return replace(node, text=text)
        case (None | str() as text, above):
            return replace(node, text=text or "", text_above=bool(above))
    raise BuilderError(
        f"'{name}' gave a {type(result).__name__} for the layer '{node.name}', no text.",
        hint="Let it return (text, above): what is written, and whether it stands above.",
    )
