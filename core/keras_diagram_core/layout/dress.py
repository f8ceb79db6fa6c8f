"""Dress: what has a look of its own is painted anew, after the layout."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node, Note
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.scene import (
    Bounds,
    Box,
    Circle,
    Connector,
    Item,
    Label,
    Mark,
    Polygon,
    Shape,
    Stroke,
    Text,
)
from keras_diagram_core.text import clean
from keras_diagram_core.theme import PAGE_WORDS

AnyLooks = Looks[Any, Any]

# The width of an edge if nobody asks for another one, px.
LINE_WIDTH = 1.2
# What is drawn of edges besides connectors.
_OF_EDGES = frozenset({"patch", "synapses", "turn"})
# What is written of layers beside their marks: which paints of a look take the place of which.
_OF_LAYERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "caption": {"ink": ("word",), "muted": ("muted",)},
    "repeat": {
        "ink": ("number", "arrow"),
        "muted": ("arrow",),
        "background": ("badge",),
        "line": ("badgeline",),
    },
}


def dressed(
    items: Sequence[Item], graph: ModelGraph, looks: AnyLooks, *, entering: bool
) -> list[Item]:
    """Paint words for the face that they stand on, layers by their looks, edges as wide as asked.

    Edges that a view draws thinner than others stay so. They belong to the layer that they
    leave, or, `entering`, to the one that they come to.
    """
    is_plain = looks.is_plain and looks.options.connector_width == LINE_WIDTH
    mains = {} if looks.is_plain else _mains(items, graph)

    def dress(item: Item) -> Item:
        match item:
            case Mark():
                return _mark(item, graph, looks)
            case _ if is_plain:
                return item
            case Connector():
                end = item.target if entering else item.source
                return _Edge(graph, looks, (end, *mains.get(end, ()))).connector(item)
            case Label() if item.role in _OF_EDGES:
                end = item.nodes[entering]
                edge = _Edge(graph, looks, (end, *mains.get(end, ())))
                return replace(item, shapes=tuple(map(edge.shape, item.shapes)))
            case Label() if item.role in _OF_LAYERS and looks.paints:
                parts = _OF_LAYERS[item.role]
                shapes = (_of_layer(shape, looks, item.nodes, parts) for shape in item.shapes)
                return replace(item, shapes=tuple(shapes))
        return item

    return list(map(dress, items))


def _mains(items: Iterable[Item], graph: ModelGraph) -> dict[str, list[str]]:
    """Say for each node what the mark that it is drawn in is named after."""
    found: dict[str, list[str]] = {}
    for mark in items:
        if isinstance(mark, Mark):
            types = {id_: clean(graph.by_id[id_].type) for id_ in mark.nodes}
            main = [id_ for id_ in mark.nodes if types[id_] == mark.type]
            found |= dict.fromkeys(mark.nodes, main)
    return found


def painted(items: Iterable[Item]) -> frozenset[str]:
    """List the families and looks of which some mark has a paint."""
    return frozenset(
        getattr(shape, field, "").rpartition("-")[0]
        for item in items
        if isinstance(item, Mark)
        for shape in item.shapes
        for field in ("fill", "line")
    )


def unpainted(items: Iterable[Item], graph: ModelGraph, looks: AnyLooks) -> Iterator[Note]:
    """Say which names in `styles` have colours that no face shows; `items` are not dressed yet."""
    styles = {
        name: look for name, look in looks.options.styles.items() if look.fill or look.outline
    }
    marks = [item for item in items if isinstance(item, Mark)] if styles else []
    faced = [graph.by_id[id_] for mark in marks for id_ in _faced(mark, graph)]
    # What is drawn once for several shows the first of those that look alike.
    kinds = {_coloured(node, looks) for node in faced}
    alike = [node for node in graph.nodes if _coloured(node, looks) in kinds]
    seen = {name for node in alike for name in (node.type, *node.labels)}
    there = {name for node in graph.nodes for name in (node.type, *node.labels)}
    hint = " `detail: all` draws each layer." if hasattr(looks.options, "detail") else ""
    for name in styles:
        if name in there and name not in seen:
            why = f"'{name}' has no face of its own in this picture."
            yield Note(message=f"styles: {why}{hint}")


def _coloured(node: Node, looks: AnyLooks) -> tuple[str, str, str]:
    look = looks.of(node.id)
    return node.type, look.fill, look.outline


def _faced(mark: Mark, graph: ModelGraph) -> Iterator[str]:
    """List the nodes whose colours a mark shows."""
    owners = _owners(graph, mark.nodes)
    for shape in mark.shapes:
        for field in ("fill", "line"):
            name = getattr(shape, field, "").rpartition("-")[0]
            if name in owners:
                yield owners[name]


def _mark(mark: Mark, graph: ModelGraph, looks: AnyLooks) -> Mark:
    """Paint faces, and let the words on them stand out."""
    owners = _owners(graph, mark.nodes) if looks.paints else {}
    faces = [
        (shape.fill.removesuffix("-fill"), shape.bounds)
        for shape in mark.shapes
        if isinstance(shape, (Box, Polygon, Circle)) and shape.fill.endswith("-fill")
    ]
    shapes = (
        _inked(shape, looks, owners, faces)
        if isinstance(shape, Text)
        else _repainted(shape, looks, owners)
        for shape in mark.shapes
    )
    return replace(mark, shapes=tuple(shapes))


def _owners(graph: ModelGraph, nodes: Iterable[str]) -> dict[str, str]:
    """Say whose colours are meant by the families that views paint with."""
    owners: dict[str, str] = {}
    for node in (graph.by_id[id_] for id_ in nodes):
        owners.setdefault(family(node), node.id)
    return owners


def _repainted(shape: Shape, looks: AnyLooks, owners: Mapping[str, str]) -> Shape:
    """Put the paints of looks in place of those of families; `owners` are the nodes of these."""
    changes = {}
    for field in ("fill", "line"):
        name, _, part = getattr(shape, field, "").rpartition("-")
        if name in owners and (paint := looks.paint([owners[name]], part)):
            changes[field] = paint
    return replace(shape, **changes) if changes else shape


def _inked(
    text: Text, looks: AnyLooks, owners: Mapping[str, str], faces: Sequence[tuple[str, Bounds]]
) -> Text:
    """Give words the ink of the face that they stand on."""
    on = [name for name, bounds in faces if bounds.contains(text.bounds, tolerance=1.0)]
    if not on or text.fill not in PAGE_WORDS:
        return text
    own = looks.paint([owners[on[-1]]], "ink") if on[-1] in owners else ""
    return replace(text, fill=own or f"{on[-1]}-{text.fill}")


class _Edge:
    """How an edge looks: as the first of some nodes that says so."""

    def __init__(self, graph: ModelGraph, looks: AnyLooks, nodes: Sequence[str]) -> None:
        """Look up whose colours it may have."""
        self._looks, self._nodes = looks, nodes
        self._owners = _owners(graph, nodes) if looks.paints else {}
        self._times = looks.shared(nodes).connector_width / LINE_WIDTH

    def connector(self, edge: Connector) -> Connector:
        """Paint it; its arrow head grows with it as far as its last segment has room."""
        edge = replace(edge, line=self._line(edge.line))
        if self._times == 1:
            return edge
        room = max(math.dist(*edge.points[-2:]), edge.arrow)
        arrow = min(edge.arrow * max(self._times, 1.0), room)
        width = round(edge.width * self._times, 2)
        return replace(edge, width=width, arrow=round(arrow, 2))

    def shape(self, shape: Shape) -> Shape:
        """Paint what is drawn besides a connector: rays, patches, synapses, dots."""
        if isinstance(shape, Stroke):
            width = round(shape.width * self._times, 2)
            return replace(shape, line=self._line(shape.line), width=width)
        if isinstance(shape, Circle):
            return replace(shape, fill=self._line(shape.fill))
        painted = _repainted(shape, self._looks, self._owners)
        chosen = {"fill": self._chosen("patch"), "line": self._chosen("patchline")}
        return replace(painted, **{field: paint for field, paint in chosen.items() if paint})

    def _line(self, paint: str) -> str:
        """Choose the paint of a line; one that has the colour of a layer follows that."""
        name, _, part = paint.rpartition("-")
        own = self._looks.paint([self._owners[name]], part) if name in self._owners else ""
        return self._chosen("edge") or own or paint

    def _chosen(self, part: str) -> str:
        return self._looks.paint(self._nodes, part)


def _of_layer(
    shape: Shape, looks: AnyLooks, nodes: Sequence[str], parts: Mapping[str, tuple[str, ...]]
) -> Shape:
    """Paint the words of layers, and what stands around them."""
    changes = {}
    for field in ("fill", "line"):
        wanted = parts.get(getattr(shape, field, "").rpartition("-")[2], ())
        paints = (looks.paint(nodes, part) for part in wanted)
        if paint := next(filter(None, paints), ""):
            changes[field] = paint
    return replace(shape, **changes) if changes else shape
