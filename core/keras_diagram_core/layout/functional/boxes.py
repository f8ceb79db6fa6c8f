"""Boxes: how large each unit is drawn, and what is written above and below it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.describe import range_text
from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.layout.functional.times import Times, styled
from keras_diagram_core.layout.functional.wording import SIZE, Inside, boxed, empty
from keras_diagram_core.layout.images import Shown, sized
from keras_diagram_core.layout.lines import WIDEST_TEXT
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.network.cells import Cell
from keras_diagram_core.layout.sizes import CURVES, extents, sizes_of
from keras_diagram_core.layout.solids import GLYPH, SLANT, Extent, Solid
from keras_diagram_core.layout.words import has_shared_sign, named, size_text, wording
from keras_diagram_core.options import FunctionalOptions
from keras_diagram_core.options.looks import FunctionalLook
from keras_diagram_core.outline.phrases import phrase
from keras_diagram_core.request import box_text_name
from keras_diagram_core.text import clean, elide, text_width
from keras_diagram_core.transforms.collapse import Repeat
from keras_diagram_core.transforms.fuse import Unit, UnitGraph

LINE = 11.5
ABOVE = 14.0
SIGN = 8.0
# The thinnest box, and how wide a cell gets for the sake of its words, px.
THINNEST = 7.0
# The same where sizes are asked for, px.
SLIMMEST = 1.0
SHORT_WORD = 28.0
LONG_WORD = 76.0
PAD = 2.0
BESIDE = 7.0
# What shows of the card behind a box that stands for several, px.
CARD = 3.0
# How wide the outline of a box is, px.
OUTLINE = 1.0
# What a box is called by the document is cut at this width, px.
WIDEST_WORD = 160.0
# No text of the author, nor the shapes of several outputs, may take more of the page than this:
# edges need room beside it.
WIDEST_SHARE = 0.36

FunctionalLooks = Looks[FunctionalOptions, FunctionalLook]

_TIGHT = {
    "attention": "attn",
    "max pool": "pool",
    "avg pool": "pool",
    "global avg pool": "pool",
    "global max pool": "pool",
    "layer norm": "norm",
    "batch norm": "norm",
    "group norm": "norm",
}


class Drawn(NamedTuple):
    """One unit as it is drawn: its box or glyph, px, and its words.

    `head` stands above the box, `word` and `size` below it, `inside` in it, a line each. What the
    author wrote stands in their place: `lines`, `above` the box or below it, `pitch` px from line
    to line. A box in words (`in_words`) does not get smaller. Its outline is
    `line_width` px wide.
    """

    family: str
    solid: Solid
    head: str = ""
    word: str = ""
    size: str = ""
    shared: bool = False
    upright: bool = False
    inside: Inside = Inside()
    lines: tuple[str, ...] = ()
    above: bool = False
    pitch: float = LINE
    in_words: bool = False
    line_width: float = OUTLINE
    times: Times | None = None

    @property
    def lift(self) -> float:
        """How far what is behind the front face shows above it, px."""
        return self.solid.up + CARD * bool(self.times)

    @property
    def over(self) -> float:
        """The room of the words above the box, px."""
        return ABOVE + self.pitch * (len(self.top) - 1) if self.top else 0.0

    @property
    def top(self) -> tuple[str, ...]:
        """The lines above the box."""
        return self.lines if self.above else tuple(filter(None, (self.head,)))

    @property
    def foot(self) -> tuple[str, ...]:
        """The lines below the box."""
        return () if self.above else self.lines or tuple(filter(None, (self.word, self.size)))

    @property
    def side(self) -> tuple[str, ...]:
        """The lines beside the box, where they do not stand above and below it."""
        times = self.times.label if self.times else ""
        first, rest = self.lines[:1] or (self.word, self.head, self.size), self.lines[1:]
        line = " · ".join(filter(None, (times, *first)))
        return (line, *rest) if line else ()

    def turned(self) -> Drawn:
        """Give the same for a picture from top to bottom: a lying box, words beside it."""
        width, height = self.solid.width, self.solid.height
        if not self.inside.lines:
            width, height = height, width
        solid = self.solid._replace(width=width, height=height)
        return self._replace(solid=solid, upright=True)

    def showing(self, shown: Shown | None, most: float, *, lying: bool) -> Drawn:
        """Give the same in the size that its image asks for, at most so many px.

        Words would not be read on it: they move out of the box.
        """
        if shown and self.inside.lines:
            word, *rest = self.inside.lines
            size = " · ".join(filter(None, (*rest, self.size)))
            outside = self._replace(inside=Inside(), word=word, size=size)
            return outside.showing(shown, most, lying=lying)
        return self._replace(solid=sized(self.solid, shown, (most, most), lying=lying))

    def lying_cell(self) -> Cell:
        """Give the room that it takes in a picture that will be turned."""
        across, along = self.solid.width / 2, self.solid.height + self.lift
        words = self.solid.right + CARD * bool(self.times)
        words += BESIDE + max(text_width(line, SIZE) for line in self.side) if self.side else 0.0
        return Cell(
            width=max(along + 2 * SIGN * self.shared, self._height(self.side)),
            up=across,
            down=across + words,
            half=along / 2,
            rise=across,
            is_round=bool(self.solid.glyph),
        )

    def cell(self) -> Cell:
        """Give the room that it takes."""
        width, height = self.solid.width, self.solid.height
        texts = (*self.top, *self.foot)
        widest = max((text_width(text, SIZE) for text in texts), default=0.0)
        widest = max(widest, self.times.label_width if self.times else 0.0)
        behind = self.solid.right + CARD * bool(self.times)
        over, under = self._rooms_of_times()
        below = self._height(self.foot) + (SIGN if self.shared else 0)
        return Cell(
            width=max(width + 2 * behind, widest + PAD if widest else 0.0),
            up=height / 2 + self.lift + self.over + over,
            down=height / 2 + (below + 2 if below else 0) + under,
            half=width / 2,
            rise=height / 2,
            is_round=bool(self.solid.glyph),
            from_left=bool(self.top),
        )

    def _height(self, lines: Sequence[str]) -> float:
        """Say how high lines are, below each other, px."""
        return LINE + self.pitch * (len(lines) - 1) if lines else 0.0

    def _rooms_of_times(self) -> tuple[float, float]:
        """Give the room that the number of repetitions takes above and below, px."""
        if not self.times:
            return 0.0, 0.0
        return (0.0, self.times.room) if self.times.below else (self.times.room, 0.0)

    def shorter(self) -> Drawn:
        """Give the same without a word that would widen its cell much."""
        if self.in_words or self.lines:
            return self
        word = self.word if text_width(self.word, SIZE) <= SHORT_WORD else ""
        return self._replace(word=word)

    def bare(self) -> Drawn:
        """Give the same without words, but for those that the author wrote."""
        if self.in_words:
            return self
        return self._replace(head="", word="", size="")

    def scaled(self, scale: float, thinnest: float = THINNEST) -> Drawn:
        """Give the same with a smaller box, not thinner than so many px."""
        if self.solid.glyph or self.in_words:
            return self
        width = max(self.solid.width * scale, min(self.solid.width, thinnest))
        smaller = self.solid.scaled(scale)._replace(width=width)
        return self._replace(solid=smaller)


def boxes(
    graph: ModelGraph,
    units: UnitGraph,
    looks: FunctionalLooks,
    repeats: Mapping[int, Repeat],
) -> list[Drawn]:
    """Size and label every unit; `repeats` are those that stand for several."""
    options = looks.options
    sizes = {id_: _slanted(s, options) for id_, s in _sizes(graph, looks).items()}
    dimensions = extents(graph)
    space = [space_text(dimensions[unit.nodes[-1]]) for unit in units.units]
    before: dict[int, list[str]] = {}
    for source, target, _ in units.edges:
        before.setdefault(target, []).append(space[source])
    drawn = []
    for index, unit in enumerate(units.units):
        box = _drawn(graph, unit, sizes, dimensions[unit.nodes[-1]], options)
        changes = space[index] not in before.get(index, ())
        new = options.show_shapes and changes and not box.solid.glyph
        box = box._replace(size=space[index] if new else "")
        last = graph.by_id[unit.nodes[-1]]
        if options.show_shapes and len(last.output_shapes) > 1:
            box = box._replace(head="", size=elide(size_text(graph, last), _widest(options), SIZE))
        look = looks.of(unit.main)
        if index in repeats:
            box = _repeated(graph, box, repeats[index], options)
            box = box._replace(times=styled(box.times, repeats[index].rule.kind, look))
        written = _written(graph.by_id[unit.main], look)
        if options.text_callable and not (written and options.simple_text_visualization):
            box = _spoken(graph, unit, box, options)
        drawn.append(_worded(box, options, look, written))
    return drawn


def _sizes(graph: ModelGraph, looks: FunctionalLooks) -> dict[str, Solid]:
    flat = looks.options.simple_text_visualization
    return {id_: s.flattened(flat=flat) for id_, s in sizes_of(graph, looks.own).items()}


def _slanted(solid: Solid, options: FunctionalOptions) -> Solid:
    """Turn the depth of a box to where it is to go, as long as before."""
    if not solid.right:
        return solid
    angle = math.radians(options.orientation_rotation)
    depth = solid.right / SLANT[0] * math.hypot(*SLANT)
    return solid._replace(right=depth * math.cos(angle), up=depth * math.sin(angle))


def _repeated(graph: ModelGraph, box: Drawn, repeat: Repeat, options: FunctionalOptions) -> Drawn:
    """Say what repeats in one box, and how often."""
    rule = repeat.rule
    label = clean(rule.label) or f"{rule.repeat_count}x"
    below = rule.annotation_position == "below"
    times = Times(rule.repeat_count, label, below, options.collapse_annotations)
    if rule.kind == "layer":
        return box._replace(times=times)
    mains = [graph.by_id[unit.main] for unit in repeat.first]
    words = " + ".join(map(tight_word, mains))
    return box._replace(times=times, word=elide(words, 1.5 * LONG_WORD, SIZE))


def _written(node: Node, look: FunctionalLook) -> str:
    """Give what the document, or a function of it, calls a layer; nothing if neither does."""
    return clean(look.box_text or node.texts.get(box_text_name(look.box_text_callable), ""))


def _widest(options: FunctionalOptions) -> float:
    """Say how wide a text may get that can be of any length, px."""
    return min(WIDEST_TEXT, WIDEST_SHARE * options.width)


def _spoken(graph: ModelGraph, unit: Unit, box: Drawn, options: FunctionalOptions) -> Drawn:
    """Let what the author wants stand in place of all other words."""
    lines, above = wording(graph, unit, options)
    most = _widest(options)
    return box._replace(
        head="",
        word="",
        size="",
        lines=tuple(elide(line, most, SIZE) for line in lines),
        above=above,
        pitch=SIZE + options.text_vspacing,
    )


def _worded(box: Drawn, options: FunctionalOptions, look: FunctionalLook, written: str) -> Drawn:
    """Draw a box that says what it is, and stands for no size, if that is asked for."""
    if not options.simple_text_visualization or box.solid.glyph:
        return box
    shape = " · ".join(filter(None, (box.head, box.size)))
    word = written or box.word
    box = box._replace(head="", size="", word="", in_words=True)
    box = box._replace(line_width=look.box_outline_width or OUTLINE)
    below = options.simple_text_label_mode == "below"
    if look.box_text_enabled is False or (below and not look.box_text_enabled):
        word = elide(word, WIDEST_WORD, SIZE)
        return box._replace(solid=empty(look), word=word, size=shape)
    lines = box.lines or tuple(filter(None, [word] if below else [word, shape]))
    solid, inside = boxed(lines, look)
    size = shape if below else ""
    return box._replace(solid=solid, size=size, lines=(), inside=inside)


def _drawn(
    graph: ModelGraph,
    unit: Unit,
    sizes: dict[str, Solid],
    extent: Extent,
    options: FunctionalOptions,
) -> Drawn:
    main = graph.by_id[unit.main]
    shared = any(has_shared_sign(graph, graph.by_id[id_]) for id_ in unit.nodes)
    if sizes[unit.main].glyph:
        return Drawn(family(main), sizes[unit.main], shared=shared)
    solid = sizes[unit.nodes[-1]]
    solid = solid._replace(width=max(solid.width, _thinnest(options)), glyph="")
    if sizes[unit.nodes[-1]].glyph:
        solid = solid._replace(width=GLYPH / 2)
    head = range_text([channels_of(extent)]) if options.show_shapes else ""
    word = named(graph, unit, tight_word(main), layer_names=options.show_layer_names)
    return Drawn(family(main), solid, head, elide(word, LONG_WORD, SIZE), shared=shared)


def _thinnest(options: FunctionalOptions) -> float:
    """Say how thin a box may be: nobody asks for a size where the mode chooses all of it."""
    chosen = options.sizing_mode in CURVES and options.min_z is None
    return THINNEST if chosen else SLIMMEST


def channels_of(extent: Extent) -> int | None:
    """Give the number of channels, or of a vector's features."""
    return extent.vector if extent.vector != 0 else extent.channels


def space_text(extent: Extent) -> str:
    """Write the size in space: `128²`, `128×64`, `128`; a vector has none."""
    if extent.vector != 0:
        return ""
    high, deep = ("?" if n is None else str(n) for n in (extent.high, extent.deep))
    if extent.deep == 0:
        return high
    return f"{high}²" if high == deep else f"{high}×{deep}"


def tight_word(node: Node) -> str:
    """Say what a unit does in as few letters as can be: colours say the rest."""
    said = phrase(node)
    name = _TIGHT.get(said.name, said.name)
    if "conv" in name and said.window:
        name = name.replace("up-conv", "up").replace("sep. conv", "sep")
        name = name.replace("dw conv", "dw").replace("conv", "").strip()
    return said._replace(name=name).text
