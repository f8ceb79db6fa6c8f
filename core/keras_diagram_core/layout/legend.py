"""Legend: the colours by name, and the model in numbers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.describe import count_text, total_macs
from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.layout.dress import AnyLooks
from keras_diagram_core.layout.images import Pictures, Shown, swatch
from keras_diagram_core.layout.logos import Logos
from keras_diagram_core.layout.marks import shared_sign
from keras_diagram_core.layout.solids import GLYPHS, glyph_text
from keras_diagram_core.layout.words import has_shared_sign, size_text
from keras_diagram_core.scene import Box, Circle, Image, Label, Point, Shape, Text
from keras_diagram_core.text import clean, elide, text_width
from keras_diagram_core.theme import FAMILIES

SIZE = 10.5
LINE = 18.0
SWATCH = 11.0
_SPACE = 16.0
_MOST_TYPES = 3
_MOST_SHAPES = 6


class Extras(NamedTuple):
    """What a view has besides, in its legend and on its faces.

    `hints` is a line below the legend. `shapes` lists output shapes, too. Entries get `spacing`
    px more. `images` are those that options name, by path.
    """

    hints: str = ""
    shapes: bool = False
    spacing: float = 0.0
    images: Mapping[str, Image] = {}


NO_EXTRAS = Extras()


class Key(NamedTuple):
    """What a legend explains: looks of nodes, paints that the drawing has, logos, images."""

    looks: AnyLooks
    painted: Container[str]
    logos: Logos
    pictures: Pictures
    extras: Extras = NO_EXTRAS


class _Entry(NamedTuple):
    """One colour, glyph, sign or image of the legend, and what it stands for."""

    family: str
    text: str
    glyph: str = ""
    shown: Shown | None = None


_SHARED = _Entry("", "shared by several calls")


def legend(graph: ModelGraph, key: Key, place: Point, room: float) -> list[Label]:
    """Set the legend in lines of at most `room` px, from `place` (left, top) downwards."""
    extras = key.extras
    labels: list[Label] = []
    left, y = place
    x, end = left, left + room
    for entry in _entries(graph, key):
        text = elide(entry.text, room - SWATCH - 6, SIZE)
        width = SWATCH + 6 + text_width(text, SIZE)
        if x > left and x + width > end:
            x, y = left, y + LINE
        shapes = (*_sign(entry, x, y), _text(text, x + SWATCH + 6, y))
        labels.append(Label(role="legend", shapes=shapes))
        x += width + _SPACE + extras.spacing
    text = elide(_summary(graph.model), room, SIZE)
    if x + text_width(text, SIZE) > end:
        x, y = left, y + LINE
    labels.append(Label(role="summary", shapes=(_text(text, x, y, fill="muted"),)))
    if extras.hints:
        text = elide(extras.hints, room, SIZE)
        labels.append(Label(role="legend", shapes=(_text(text, left, y + LINE, fill="muted"),)))
    return labels


def _entries(graph: ModelGraph, key: Key) -> Iterator[_Entry]:
    """List what the picture shows, merges by their glyphs; inputs say what they are."""
    for entry, members in _kinds(graph, key):
        sizes = _sizes(graph, members) if key.extras.shapes else ""
        yield entry._replace(text=f"{entry.text} {sizes}".strip())
    if any(has_shared_sign(graph, node) for node in graph.nodes):
        yield _SHARED


def _kinds(graph: ModelGraph, key: Key) -> Iterator[tuple[_Entry, Iterable[Node]]]:
    """List entries, each with the nodes that it stands for."""
    order = list(FAMILIES)
    members: dict[tuple[str, Shown | None], list[Node]] = {}
    for node in sorted(graph.nodes, key=lambda node: order.index(family(node))):
        name = _key(node, key.looks)
        shown = None if name == "merge" else key.pictures.of(node)
        members.setdefault((name, shown), []).append(node)
    for (name, shown), nodes in members.items():
        if name not in key.painted:
            continue
        if name == "merge":
            for type_ in dict.fromkeys(node.type for node in nodes):
                mine = [node for node in nodes if node.type == type_]
                yield _Entry(name, type_, GLYPHS[type_]), mine
        elif name != "io" or key.extras.shapes or shown:
            yield _Entry(name, _listing(_types(nodes, key.looks)), shown=shown), nodes


def _sizes(graph: ModelGraph, nodes: Iterable[Node]) -> str:
    """List the output shapes of some nodes, each once."""
    shapes = dict.fromkeys(filter(None, (size_text(graph, node) for node in nodes)))
    return _listing(list(shapes), _MOST_SHAPES)


def _key(node: Node, looks: AnyLooks) -> str:
    return looks.key(node) or family(node)


def _types(nodes: Iterable[Node], looks: AnyLooks) -> list[str]:
    """List what the nodes of one paint are, each once."""
    return list(dict.fromkeys(map(looks.label, nodes)))


def _listing(words: list[str], most: int = _MOST_TYPES) -> str:
    shown = ", ".join(clean(word) for word in words[:most])
    more = len(words) - most
    return f"{shown} +{more}" if more > 0 else shown


def _sign(entry: _Entry, x: float, y: float) -> Iterator[Shape]:
    if entry == _SHARED:
        yield from shared_sign(x + SWATCH / 2, y + SWATCH / 2, SWATCH / 3.4)
        return
    fill, line = f"{entry.family}-fill", f"{entry.family}-line"
    if not entry.glyph:
        box = Box(x, y, SWATCH, SWATCH, fill, line, radius=2.5)
        yield box
        if entry.shown:
            yield swatch(box, entry.shown)
        return
    middle = x + SWATCH / 2
    yield Circle(middle, y + SWATCH / 2, SWATCH / 2 + 0.5, fill, line)
    sign = glyph_text(entry.glyph, middle, y + SWATCH / 2, 0.7)
    yield replace(sign, fill=f"{entry.family}-ink")


def _text(text: str, x: float, y: float, fill: str = "ink") -> Text:
    return Text(x, y + SWATCH - 1.5, text, SIZE, text_width(text, SIZE), fill=fill)


def _summary(model: ModelGraph) -> str:
    macs = total_macs(model)
    cost = f" · {count_text(macs)} MACs" if macs else ""
    layers = sum(node.type != "InputLayer" for node in model.nodes)
    parameters = f"{count_text(model.params)} parameters" if model.params else "no parameters"
    return f"{parameters}{cost} · {layers:,} {'layer' if layers == 1 else 'layers'}"


def known_families(graph: ModelGraph) -> list[str]:
    """List the families of a graph in the order in which `FAMILIES` has them."""
    present = set(map(family, graph.nodes))
    return [name for name in FAMILIES if name in present]
