"""Stacks: how each unit is drawn - as maps, as a bar of neurons or as a glyph - and its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.images import Pictures, Shown
from keras_diagram_core.layout.lenet.names import details, long_name
from keras_diagram_core.layout.lenet.tensors import (
    Scale,
    Tensor,
    maps_drawn,
    scale,
    tensor_of,
    tensors_text,
)
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.network.cells import Cell, Fold
from keras_diagram_core.layout.solids import GLYPH, GLYPHS, channels_first, is_merge
from keras_diagram_core.layout.words import has_shared_sign, named, shape_of, size_text
from keras_diagram_core.options import LenetOptions
from keras_diagram_core.options.looks import LenetLook
from keras_diagram_core.scene import Bounds, Point
from keras_diagram_core.text import clean, elide, text_width, wrap
from keras_diagram_core.transforms.fuse import Unit, UnitGraph
from keras_diagram_core.transforms.structure import Series, units_of

SIZE = 9.5
SMALL = 9.0
LINE = 11.5
LYING = 5.0
SIGN = 8.0
BESIDE = 7.0
WORD_GAP = 8.0
LABEL = 76.0
HEAD = 110.0
LINES = 3
# The least room between two cells, px; the rest of `layer_spacing` is inside of them.
GAP = 10.0
# The shares of the page's width that one unit may take, alone and with the room beside it.
SHARE = 0.36
CELL_SHARE = 0.38
BAR = 9.0
BAR_ROOM = 60.0
# The thickness of a map that has only one dimension, px, and the least height of a neuron.
THREAD = 8.0
NEURON = 4.0
SMALLEST = 6.0

LenetLooks = Looks[LenetOptions, LenetLook]


class Drawn(NamedTuple):
    """One unit as it is drawn: `maps` rectangles of `side` px, each `pitch` px from the last.

    A bar of `cells` neurons (0: too many to draw each) is one such rectangle. `head` stands
    `above` px over it, `words` and `notes` `below` px under it, a line each. Outlines are
    `line_width` px wide; maps that are `is_shaded` differ from each other in colour. `says_shape`
    holds for a head that is not the author's.
    """

    family: str
    tensor: Tensor
    maps: int = 1
    side: tuple[float, float] = (GLYPH, GLYPH)
    pitch: float = 0.0
    cells: int = 0
    glyph: str = ""
    head: str = ""
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    shared: bool = False
    pad: float = 0.0
    above: float = 0.0
    below: float = 0.0
    turned: bool = False
    line_width: float = 1.0
    is_shaded: bool = False
    says_shape: bool = True

    @property
    def width(self) -> float:
        """The whole width, px."""
        return self.side[0] + self.pitch * (self.maps - 1)

    @property
    def height(self) -> float:
        """The whole height, px."""
        return self.side[1] + self.pitch * (self.maps - 1)

    def map_at(self, number: int, place: Point) -> Bounds:
        """Give one map of the stack around a point; the last one is in front."""
        left = place[0] - self.width / 2 + self.pitch * number
        top = place[1] - self.height / 2 + self.pitch * number
        return Bounds(left, top, left + self.side[0], top + self.side[1])

    def front(self, place: Point) -> Bounds:
        """Give the map in front."""
        return self.map_at(self.maps - 1, place)

    @property
    def label_width(self) -> float:
        """How wide its words are, px."""
        texts = [text_width(text, SIZE) for text in (self.head, *self.words)]
        return max([*texts, *(text_width(text, SMALL) for text in self.notes)])

    @property
    def label_height(self) -> float:
        """How much room the words below it take, px."""
        lines = len(self.words) + len(self.notes)
        return (self.below + LINE * lines if lines else 0.0) + SIGN * self.shared

    @property
    def lines(self) -> int:
        """How many lines its words take beside it."""
        return bool(self.head) + len(self.words) + len(self.notes)

    def showing(self, shown: Shown | None, most: float) -> Drawn:
        """Give the same with maps of the ratio of an image, if that asks for it."""
        if shown is None or shown.fit != "match_aspect" or self.glyph:
            return self
        most -= self.pitch * (self.maps - 1)
        height = min(self.side[1], most / shown.ratio)
        return self._replace(side=(height * shown.ratio, height))

    def lying_cell(self) -> Cell:
        """Give the room that it takes in a picture that will be turned, words beside it."""
        words = BESIDE + self.label_width if self.lines else 0.0
        high = max(self.height + 2 * self.pad, LINE * self.lines + LYING)
        return Cell(
            width=high + 2 * SIGN * self.shared,
            up=self.width / 2,
            down=self.width / 2 + words,
            half=self.height / 2,
            rise=self.width / 2,
            is_round=bool(self.glyph),
        )

    def bare(self) -> Drawn:
        """Give the same without words, and with little room beside it."""
        return self._replace(head="", words=(), notes=(), pad=0.0)

    def cell(self) -> Cell:
        """Give the room that it takes."""
        words = self.label_width
        return Cell(
            width=max(self.width + 2 * self.pad, words + WORD_GAP - GAP / 2 if words else 0.0),
            up=self.height / 2 + (self.above + SIZE if self.head else 0),
            down=self.height / 2 + self.label_height,
            half=self.width / 2,
            rise=self.height / 2,
            is_round=bool(self.glyph),
        )


def ranged(drawn: Sequence[Drawn], folds: Sequence[Fold], room: float) -> list[Drawn]:
    """Let the labels of what is folded speak of all its repetitions: `128–192@17×17`."""
    found = list(drawn)
    for fold in folds:
        repeats = [list(units_of(Series(parts))) for parts in fold.block.repeats]
        for same in zip(*repeats, strict=True):
            tensors = [drawn[unit].tensor for unit in same]
            first = drawn[same[0]]
            has_range = first.head and first.says_shape
            if has_range and len({len(tensor.space) for tensor in tensors}) == 1:
                head = elide(tensors_text(tensors), min(HEAD, SHARE * room), SIZE)
                found[same[0]] = first._replace(head=head)
    return found


class Sizes(NamedTuple):
    """How large everything of one model is drawn: `pad` px stay free beside each unit."""

    space: Scale
    vectors: Scale
    channels: int
    pad: float


def tensors(graph: ModelGraph, units: UnitGraph) -> list[Tensor]:
    """Read the tensor that each unit gives."""
    first = channels_first(graph)
    found = []
    for unit in units.units:
        last = graph.by_id[unit.nodes[-1]]
        found.append(tensor_of(shape_of(graph, last), channels_first=last.id in first))
    return found


def sizes(
    given: Sequence[Tensor], options: LenetOptions, squeeze: tuple[float, float], room: float
) -> Sizes:
    """Scale all tensors of a model."""
    smaller, closer = squeeze
    most = min(options.max_xy * smaller, SHARE * room)
    least = min(float(options.min_xy), most)
    lengths = [size for tensor in given for size in tensor.space[-2:]]
    features = [tensor.channels for tensor in given if not tensor.space]
    few = min((count for count in features if count), default=1)
    neurons = max(least, NEURON * min(few, options.max_visual_channels))
    space = scale(lengths, least, options.scale_xy * smaller, most)
    # Bars are no higher than the maps beside them, but high enough to be told apart.
    highest = max(space.top, min(most, BAR_ROOM)) if lengths else most
    return Sizes(
        space,
        scale(features, neurons, 2 * options.scale_xy * smaller, highest),
        max((tensor.channels or 0 for tensor in given if tensor.space), default=0),
        max(options.layer_spacing * closer - GAP, 0.0) / 2,
    )


def stacks(
    graph: ModelGraph,
    units: UnitGraph,
    looks: LenetLooks,
    page: tuple[tuple[float, float], float],
    pictures: Pictures,
) -> list[Drawn]:
    """Size and label every unit; `page` is the scale of maps and spaces, and the room in px."""
    squeeze, room = page
    given = tensors(graph, units)
    measured = sizes(given, looks.options, squeeze, room)
    drawn = []
    for unit, tensor in zip(units.units, given, strict=True):
        own = looks.own(unit.main)
        shape = _styled(_shape(graph, unit, tensor, measured, (own, room)), looks.of(unit.main))
        shape = shape.showing(pictures.of(graph.by_id[unit.main]), SHARE * room)
        pad = min(measured.pad, max(CELL_SHARE * room - shape.width, 0.0) / 2)
        shape = shape if shape.glyph else shape._replace(pad=pad)
        drawn.append(_labelled(graph, unit, shape, own, min(LABEL, SHARE * room)))
    return drawn


def _shape(
    graph: ModelGraph,
    unit: Unit,
    tensor: Tensor,
    measured: Sizes,
    page: tuple[LenetOptions, float],
) -> Drawn:
    options, room = page
    main = graph.by_id[unit.main]
    shared = any(has_shared_sign(graph, graph.by_id[id_]) for id_ in unit.nodes)
    words = float(options.top_label_padding), float(options.bottom_label_padding)
    drawn = Drawn(family(main), tensor, shared=shared, above=words[0], below=words[1])
    if is_merge(main, len(main.input_shapes)):
        return drawn._replace(glyph=GLYPHS[main.type])
    if not tensor.space:
        height = max(measured.vectors.px(tensor.channels), SMALLEST)
        cells = _cells(tensor, height, options)
        return drawn._replace(side=(BAR, height), cells=cells)
    maps = maps_drawn(tensor.channels, measured.channels, options.max_visual_channels)
    side = _side(tensor, measured.space)
    spare = max(SHARE * room - side[0], 0.0)
    pitch = min(float(options.map_spacing), spare / max(maps - 1, 1))
    return drawn._replace(maps=maps, side=side, pitch=pitch)


def _styled(drawn: Drawn, look: LenetLook) -> Drawn:
    """Draw maps as the look of their layer says."""
    is_shaded = look.shade_step is not None
    return drawn._replace(line_width=look.line_width or 1.0, is_shaded=is_shaded)


def _side(tensor: Tensor, space: Scale) -> tuple[float, float]:
    *_, high = tensor.space[-2:-1] or tensor.space
    height = max(space.px(high), SMALLEST)
    if len(tensor.space) == 1:
        return THREAD, height
    return max(space.px(tensor.space[-1]), SMALLEST), height


def _cells(tensor: Tensor, height: float, options: LenetOptions) -> int:
    """Draw each neuron of a bar if there are few and each has room."""
    count = tensor.channels or 0
    return (
        count if 1 < count <= options.max_visual_channels and height >= NEURON * count - 0.1 else 0
    )


def _labelled(
    graph: ModelGraph, unit: Unit, drawn: Drawn, options: LenetOptions, width: float
) -> Drawn:
    if drawn.glyph:
        return drawn
    main = graph.by_id[unit.main]
    if options.top_label and options.top_label_callable:
        # A line: more would not stand on those of its neighbours.
        text = clean(main.texts.get("top", ""))
        drawn = drawn._replace(head=elide(text, width, SIZE), says_shape=False)
    elif options.top_label and options.show_shapes:
        last = graph.by_id[unit.nodes[-1]]
        is_one = len(last.output_shapes) <= 1
        shapes = drawn.tensor.text if is_one else size_text(graph, last)
        room = width if is_one else max(width, HEAD)
        drawn = drawn._replace(head=elide(shapes, room, SIZE), says_shape=is_one)
    if not options.bottom_label:
        return drawn
    if options.bottom_label_callable:
        lines = filter(None, map(clean, main.texts.get("bottom", "").splitlines()))
        return drawn._replace(words=tuple(elide(line, width, SIZE) for line in lines))
    name = named(graph, unit, long_name(main), layer_names=options.show_layer_names)
    if options.show_layer_names:
        return drawn._replace(words=(elide(name, width, SIZE),))
    members = [graph.by_id[id_] for id_ in unit.nodes]
    words = wrap(name, width, SIZE)[:LINES]
    notes = wrap(details(main, members), width, SMALL)[:LINES]
    return drawn._replace(words=tuple(words), notes=tuple(notes))
