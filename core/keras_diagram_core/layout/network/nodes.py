"""Nodes: what each node of the graph view looks like, and how much room it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node, Shape
from keras_diagram_core.layout.apart import Phrases
from keras_diagram_core.layout.images import Pictures, Shown
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.network.cells import Cell
from keras_diagram_core.layout.solids import GLYPH, GLYPHS, is_merge
from keras_diagram_core.layout.words import (
    asked_for,
    has_shared_sign,
    named,
    shape_of,
    size_text,
)
from keras_diagram_core.options import GraphOptions
from keras_diagram_core.options.looks import GraphLook
from keras_diagram_core.text import elide, elide_middle, text_width
from keras_diagram_core.transforms.fold import Block, counterparts
from keras_diagram_core.transforms.fuse import Unit, UnitGraph

SIZE = 9.5
SMALL = 9.0
PAD = 8.0
SMALL_PAD = 5.0
LINE = 12.0
SIGN = 8.0
WIDEST = 132.0
NARROW = 82.0
# No node may take more of the page than this, or edges find no room beside it.
SHARE = 0.38
# Fans of lines need this much room between two columns of neurons, px.
FAN = 78.0
SHORT_FAN = 30.0
NEURON_GAP = 4.0
BESIDE = 7.0
DEEP = 40
# The side of an image that stands for a box, px, or as much as three neurons.
ICON = 36.0

GraphLooks = Looks[GraphOptions, GraphLook]


class Drawn(NamedTuple):
    """One unit: its words, and either a box, a glyph, or a column of neurons.

    `details` are the lines below the name. `neurons` counts the circles that are drawn, `dots`
    says that they are not all. A box is at least `high` px high. `icon` is the size of an image
    that stands for the box, px.
    """

    family: str
    name: str
    details: tuple[str, ...] = ()
    glyph: str = ""
    neurons: int = 0
    dots: bool = False
    diameter: float = 0.0
    spacing: float = NEURON_GAP
    small: bool = False
    shared: bool = False
    turned: bool = False
    high: float = 0.0
    icon: tuple[float, float] | None = None
    round: bool = False

    @property
    def is_worded(self) -> bool:
        """Say whether its words stand in it, not below it or at its right."""
        return not (self.neurons or self.glyph or self.icon)

    @property
    def box(self) -> tuple[float, float]:
        """The width and the height of what edges meet, px."""
        if self.glyph:
            return GLYPH, GLYPH
        if self.icon:
            return self.icon
        if self.neurons:
            places = self.neurons + self.dots
            extent = places * (self.diameter + self.spacing) - self.spacing
            return (extent, self.diameter) if self.turned else (self.diameter, extent)
        pad = SMALL_PAD if self.small else PAD
        return self.words + 2 * pad, max(self.high, LINE * self.lines + (6 if self.small else 8))

    @property
    def words(self) -> float:
        """The width of the words, px."""
        name = text_width(self.name, self.size, bold=self.bold)
        return max([name, *(text_width(detail, SMALL) for detail in self.details)])

    @property
    def lines(self) -> int:
        """Count the lines of words."""
        return 1 + len(self.details)

    @property
    def bold(self) -> bool:
        """Say whether the name is the first of two lines."""
        return not self.small and not self.glyph

    @property
    def size(self) -> float:
        """The size of the name, px."""
        return SMALL if self.small or self.glyph else SIZE

    def lying_cell(self, furthest: float) -> Cell:
        """Give the room that it takes in a picture that will be turned, words at its right."""
        width, height = self.box
        sign = SIGN if self.shared else 0.0
        words = BESIDE + self.words if self.name and not self.is_worded else 0.0
        return Cell(
            width=height + (SHORT_FAN if self.neurons else 0),
            up=width / 2,
            down=furthest + words + sign,
            half=height / 2,
            rise=width / 2,
            is_round=bool(self.glyph) or self.round,
            fan=furthest if self.neurons else 0.0,
        )

    def cell(self, lowest: float) -> Cell:
        """Give the room that it takes; fans beside neurons reach `lowest` px from the axis."""
        width, height = self.box
        sign = SIGN if self.shared else 0.0
        if self.neurons:
            room = max(self.words + 6, FAN)
            down = lowest + sign + LINE * self.lines + 4
            return Cell(room, lowest, down, width / 2, height / 2)
        if self.glyph or self.icon:
            below = LINE * self.lines + 3 if self.name else 0.0
            across = max(width, self.words + 4 if self.name else 0.0)
            down = height / 2 + below + sign
            is_round = self.round or bool(self.glyph)
            return Cell(across, height / 2, down, width / 2, height / 2, is_round=is_round)
        return Cell(width, height / 2, height / 2 + sign, width / 2, height / 2)


def nodes(
    graph: ModelGraph, units: UnitGraph, looks: GraphLooks, widest: float, pictures: Pictures
) -> list[Drawn]:
    """Say for each unit how it is drawn, at most `widest` px wide; in deep models, small."""
    options = looks.options
    small = len(graph.nodes) > DEEP
    fan_in: dict[str, int] = {}
    for edge in graph.edges:
        fan_in[edge.target] = fan_in.get(edge.target, 0) + 1
    feeds, phrases = _feeds(graph), Phrases(graph)
    drawn = []
    for unit in units.units:
        node = graph.by_id[unit.main]
        own, high = looks.own(node.id), _height(looks, node)
        shared = any(has_shared_sign(graph, graph.by_id[id_]) for id_ in unit.nodes)
        words = named(graph, unit, phrases.of(node).text, layer_names=options.show_layer_names)
        name = _cut(words, widest, small=small)
        details = tuple(_details(graph, unit, options, widest - 2 * PAD))
        if is_merge(node, fan_in.get(node.id, 0)):
            glyph = GLYPHS[node.type]
            drawn.append(Drawn(family(node), "" if small else name, glyph=glyph, shared=shared))
        elif small:
            box = Drawn(family(node), name, details, high=high, small=True, shared=shared)
            drawn.append(_with_icon(box, pictures.of(node), own, widest))
        else:
            box = Drawn(family(node), name, details, high=high, shared=shared)
            if node.id not in feeds:
                box = _with_neurons(box, shape_of(graph, node), own)
            drawn.append(_with_icon(box, pictures.of(node), own, widest))
    return drawn


def _with_icon(drawn: Drawn, shown: Shown | None, own: GraphOptions, widest: float) -> Drawn:
    """Let an image stand for a box; its words move out of it. Neurons show it themselves."""
    if shown is None or drawn.neurons:
        return drawn
    side = min(max(ICON, 3.0 * own.node_size, drawn.high), widest)
    icon = side, side
    if shown.fit == "match_aspect":
        width = min(side * shown.ratio, widest)
        icon = width, width / shown.ratio
    return drawn._replace(icon=icon, round=shown.crop and icon[0] == icon[1])


def _height(looks: GraphLooks, node: Node) -> float:
    """Say how high the box of a node is to be at least, px."""
    return (looks.of(node.id).box_scale or 0.0) * looks.own(node.id).node_size


def _feeds(graph: ModelGraph) -> set[str]:
    """List the inputs that go elsewhere than into dense layers: their features are no neurons."""
    return {
        edge.source
        for edge in graph.edges
        if family(graph.by_id[edge.source]) == "io" and family(graph.by_id[edge.target]) != "dense"
    }


def _cut(name: str, widest: float, *, small: bool) -> str:
    """Cut a name that is too long, so that its number remains; in deep models at its start."""
    if not small:
        return elide_middle(name, widest - 2 * PAD, SIZE, bold=True)
    room = widest - 2 * SMALL_PAD
    words = name.split("_")
    endings = ["…" + "_".join(words[start:]) for start in range(1, len(words))]
    fitting = (text for text in (name, *endings) if text_width(text, SMALL) <= room)
    return next(fitting, elide_middle(name, room, SMALL))


def _with_neurons(drawn: Drawn, shape: Shape, own: GraphOptions) -> Drawn:
    count = (shape[0] or 0) if len(shape) == 1 else 0  # what is no vector has no neurons
    is_layer = drawn.family == "dense" or (drawn.family == "io" and not own.inout_as_tensor)
    if not own.show_neurons or not count or not is_layer:
        return drawn
    dots = count > own.ellipsize_after
    return drawn._replace(
        neurons=min(count, own.ellipsize_after),
        dots=dots,
        diameter=float(own.node_size),
        spacing=float(own.node_spacing or NEURON_GAP),
    )


def _details(graph: ModelGraph, unit: Unit, options: GraphOptions, room: float) -> Iterator[str]:
    """Give the lines below a name; the shape is that of what leaves the unit."""
    members = [graph.by_id[id_] for id_ in unit.nodes]
    if options.show_shapes and members[-1].output_shapes:
        yield elide(size_text(graph, members[-1]), room, SMALL)
    asked = dict.fromkeys(text for node in members for text in asked_for(node, options))
    yield from (elide(text, room, SMALL) for text in asked)


def with_ranges(
    graph: ModelGraph, units: UnitGraph, drawn: Sequence[Drawn], folds: Iterable[Block]
) -> list[Drawn]:
    """Write ranges where the shapes of repetitions differ, cut to the room that there is."""
    boxes = list(drawn)
    for unit, alike in counterparts(folds).items():
        first, *others = (graph.by_id[units.units[index].nodes[-1]] for index in alike)
        said, ranged = size_text(graph, first), size_text(graph, first, others)
        if said != ranged:
            box = boxes[unit]
            cut = elide(ranged, box.words, SMALL)
            details = (cut if text == said else text for text in box.details)
            boxes[unit] = box._replace(details=tuple(details))
    return boxes


def feet(drawn: Sequence[Drawn], pairs: Iterable[tuple[int, int]]) -> list[float]:
    """Say how far from their axes the words of neurons stand: beyond all fans beside them."""
    depth = [node.box[0 if node.turned else 1] / 2 for node in drawn]
    linked = [pair for pair in sorted(pairs) if all(drawn[unit].neurons for unit in pair)]
    for first, second in (*linked, *reversed(linked)):
        depth[first] = depth[second] = max(depth[first], depth[second])
    return depth
