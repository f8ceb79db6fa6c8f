"""Looks: the colours that a document gives to layers, put over those of the theme.

Views paint by family. Afterwards the marks of layers with a look of their own are painted
anew, so that no view has to know of looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec.structs import replace

from keras_diagram_core.colours import parse_colour
from keras_diagram_core.describe import class_name
from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.graph import ModelGraph, Node, Note
from keras_diagram_core.layout.words import family
from keras_diagram_core.options import Look, ViewOptions
from keras_diagram_core.scene import (
    Bounds,
    Box,
    Circle,
    Connector,
    Item,
    Mark,
    Paint,
    Polygon,
    Shape,
    Text,
)
from keras_diagram_core.theme import FAMILIES, PAGE_PAINTS, family_of, mix

# The width of an edge if nobody asks for another one, px.
LINE_WIDTH = 1.2
_INKS = ("#1f2933", "#f7f9fb")


class Looks:
    """Which nodes have a look of their own, and the paints that these looks need.

    Attributes:
        paints: by name, as `family_paints` gives them for families; `-ink` is that of words.
    """

    def __init__(
        self, nodes: Iterable[Node], by_class: Mapping[str, Look], by_name: Mapping[str, Look]
    ) -> None:
        """Find the look of each node: that of its name stands above that of its class."""
        self.paints: dict[str, Paint] = {}
        self._keys: dict[str, str] = {}
        self._by_name = by_name
        self._of: dict[str, Look] = {}
        known: dict[tuple[Look, str], str] = {}
        for node in nodes:
            look = _merged(_chosen(node, by_class, by_name))
            if look is None:
                continue
            self._of[node.id] = look
            key = known.setdefault((look, family(node)), f"look-{len(known) + 1}")
            self._keys[node.id] = key
            self.paints |= _paints(key, look, family(node))

    def of(self, node: Node) -> Look | None:
        """Give the look of a node, if it has one of its own."""
        return self._of.get(node.id)

    def key(self, node: Node) -> str:
        """Name the look of a node; empty if it has none."""
        return self._keys.get(node.id, "")

    def label(self, node: Node) -> str:
        """Say in a legend what the look of a node is for: its name, or its class."""
        named = next((label for label in _names(node) if label in self._by_name), "")
        return named or class_name(node)


def unmatched(graph: ModelGraph, options: ViewOptions) -> Iterator[Note]:
    """Say which colours are for nothing in the model."""
    classes = {node.type for node in graph.nodes}
    known = classes | {label for node in graph.nodes for label in _names(node)}
    for option, looks, labels in (
        ("color-map", options.color_map, classes),
        ("styles", options.styles, known),
    ):
        for name in looks:
            if name not in labels:
                hint = did_you_mean(name, labels)
                yield Note(message=f"{option}: nothing is called '{name}'. {hint}".strip())


def dressed(items: Sequence[Item], graph: ModelGraph, looks: Looks, width: float) -> list[Item]:
    """Paint the marks of layers that have a look of their own, and edges `width` px wide.

    Edges that a view draws thinner than others stay so.
    """

    def dress(item: Item) -> Item:
        if isinstance(item, Mark) and looks.paints:
            return _dressed(item, graph, looks)
        if isinstance(item, Connector) and width != LINE_WIDTH:
            return _widened(item, width / LINE_WIDTH)
        return item

    return list(map(dress, items))


def painted(items: Iterable[Item]) -> frozenset[str]:
    """List the families and looks of which some mark has a paint."""
    return frozenset(
        getattr(shape, field, "").rpartition("-")[0]
        for item in items
        if isinstance(item, Mark)
        for shape in item.shapes
        for field in ("fill", "line")
    )


def page_theme(options: ViewOptions) -> Literal["auto", "light", "dark"]:
    """Choose the theme that goes with the background, unless one is asked for."""
    if options.theme != "auto" or not options.background_fill:
        return options.theme
    return "dark" if parse_colour(options.background_fill).luminance < 0.5 else "light"


def page_paints(options: ViewOptions) -> dict[str, Paint]:
    """Give the paints of the page: those of the theme, or what is asked for."""
    paints = dict(PAGE_PAINTS)
    if options.background_fill:
        paints["background"] = paint_of(options.background_fill)
    if options.font_color:
        ink, page = paint_of(options.font_color), paints["background"]
        muted = Paint(mix(ink.light, page.light, 0.3), mix(ink.dark, page.dark, 0.3))
        paints |= {"ink": ink, "muted": muted}
    if options.connector_fill:
        paints["edge"] = paint_of(options.connector_fill)
    return paints


def _widened(edge: Connector, times: float) -> Connector:
    """Scale the width of an edge, and its arrow head as far as its last segment has room."""
    room = max(math.dist(*edge.points[-2:]), edge.arrow)
    arrow = min(edge.arrow * max(times, 1.0), room)
    return replace(edge, width=round(edge.width * times, 2), arrow=round(arrow, 2))


def _chosen(
    node: Node, by_class: Mapping[str, Look], by_name: Mapping[str, Look]
) -> Iterator[Look]:
    """Give the looks that are meant for a node, the most general first."""
    yield from (looks[node.type] for looks in (by_class, by_name) if node.type in looks)
    yield from (by_name[label] for label in _names(node) if label in by_name)


def _names(node: Node) -> tuple[str, ...]:
    """Give the names of a node: its own, and that with its scope, if it has one."""
    return tuple(dict.fromkeys((node.name, "/".join((*node.scope, node.name)))))


def _merged(looks: Iterable[Look]) -> Look | None:
    merged: Look | None = None
    for look in looks:
        merged = replace(look, **(_given(merged) | _given(look))) if merged else look
    return merged


def _given(look: Look) -> dict[str, Any]:
    """Give the parts of a look that are not left to the picture."""
    parts = {part: getattr(look, part) for part in look.__struct_fields__}
    return {part: value for part, value in parts.items() if value not in {"", None}}


def _paints(key: str, look: Look, family_name: str) -> dict[str, Paint]:
    """Give the paints of a look; what it does not say comes from the family or the fill."""
    own = FAMILIES[family_name]
    fill = paint_of(look.fill) if look.fill else own.fill
    if look.outline:
        line = paint_of(look.outline)
    elif look.fill:
        line = Paint(mix(fill.light, "#000000", 0.45), mix(fill.dark, "#ffffff", 0.35))
    else:
        line = own.line
    return {
        f"{key}-fill": fill,
        f"{key}-top": Paint(mix(fill.light, "#ffffff", 0.5), mix(fill.dark, "#ffffff", 0.25)),
        f"{key}-side": Paint(mix(fill.light, line.light, 0.3), mix(fill.dark, "#000000", 0.25)),
        f"{key}-line": line,
        f"{key}-ink": Paint(ink_on(fill.light), ink_on(fill.dark)),
    }


def paint_of(value: str) -> Paint:
    """Give one colour for light and dark pages: it is what the author chose."""
    colour, page = parse_colour(value), PAGE_PAINTS["background"]
    return Paint(colour.over(page.light), colour.over(page.dark))


def ink_on(fill: str) -> str:
    """Choose the ink that reads best on a fill."""
    return _INKS[parse_colour(fill).luminance < 0.5]


def _dressed(mark: Mark, graph: ModelGraph, looks: Looks) -> Mark:
    keys: dict[str, str] = {}
    for node in (graph.by_id[id_] for id_ in mark.nodes):
        for name in (family(node), family_of(node.type)):
            keys.setdefault(name, looks.key(node))
    keys = {name: key for name, key in keys.items() if key}
    if not keys:
        return mark
    painted = [_painted(shape, keys) for shape in mark.shapes]
    faces = {
        shape.fill.removesuffix("-fill"): shape.bounds
        for shape in painted
        if isinstance(shape, (Box, Polygon, Circle)) and shape.fill.startswith("look-")
    }
    return replace(mark, shapes=tuple(_inked(shape, faces) for shape in painted))


def _painted(shape: Shape, keys: Mapping[str, str]) -> Shape:
    """Put the paints of looks in place of those of families."""
    changes = {}
    for field in ("fill", "line"):
        name, _, part = getattr(shape, field, "").rpartition("-")
        if name in keys:
            changes[field] = f"{keys[name]}-{part}"
    return replace(shape, **changes) if changes else shape


def _inked(shape: Shape, faces: Mapping[str, Bounds]) -> Shape:
    """Have words on a face painted anew stand out from it."""
    if not isinstance(shape, Text):
        return shape
    on = [key for key, bounds in faces.items() if bounds.contains(shape.bounds, tolerance=1.0)]
    return replace(shape, fill=f"{on[-1]}-ink") if on else shape
