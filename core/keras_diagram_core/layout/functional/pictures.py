"""Pictures: the boxes of a network in their places, as large as the page allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.names import fold_title
from keras_diagram_core.layout.functional.boxes import SLIMMEST, Drawn, FunctionalLooks, boxes
from keras_diagram_core.layout.functional.ladder import ladder
from keras_diagram_core.layout.functional.levels import Levels, levels
from keras_diagram_core.layout.functional.wording import SIZE
from keras_diagram_core.layout.images import Pictures
from keras_diagram_core.layout.merging import merge
from keras_diagram_core.layout.network.cells import Drawing, Links, Setting, UnitStages
from keras_diagram_core.layout.network.crowns import crowned
from keras_diagram_core.layout.network.engine import SENSIBLE, Engine, links_of, steps
from keras_diagram_core.layout.network.page import MARGIN
from keras_diagram_core.layout.sizes import is_plain
from keras_diagram_core.layout.solids import SHORTEST, TALLEST, Solid
from keras_diagram_core.options import FunctionalOptions
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.collapse import Collapsed

# A model that needs a little more than one row gets smaller boxes and fewer words instead.
SQUEEZE = (
    (1.0, 14.0, False),
    (0.9, 12.0, False),
    (1.0, 14.0, True),
    (0.9, 12.0, True),
    (0.8, 10.0, True),
    (0.7, 8.5, True),
    (0.65, 7.0, True),
)
FEW_ROWS = 3
# A network that even so gets taller than this, px, is drawn small and without words.
TALL = 2400.0
BARE = 0.5
# The share of the page that a box may take for the sake of its image.
SHARE = 0.9
# Gaps between the columns of a network set by level, the scale of its boxes, and whether every
# box says its channels, or only the first of neighbours that are the same.
PITCHES = (
    (18.0, 0.8, True),
    (14.0, 0.75, True),
    (11.0, 0.7, True),
    (9.0, 0.65, True),
    (9.0, 0.65, False),
    (7.0, 0.55, False),
)
# The glyph of a step from level to level, px.
GLYPH = 15.0
# How much smaller boxes of sizes that were asked for become, again and again, until they fit.
STEP = 0.8


class Picture(NamedTuple):
    """A network as it will be drawn: its boxes, where they are, and words at the side.

    `side` holds the words left of each level, and how high they stand, px.
    """

    drawn: Sequence[Drawn]
    drawing: Drawing
    side: Sequence[tuple[str, float]] = ()
    left: float = 0.0
    hints: str = ""


class Fit(NamedTuple):
    """What may be tried so that a picture fits: scales of boxes, gaps, fewer words."""

    squeeze: Sequence[tuple[float, float, bool]]
    pitches: Sequence[tuple[float, float, bool]]
    bare: float


USUAL = Fit(SQUEEZE, PITCHES, BARE)
# Sizes that were asked for stay; gaps and words may still give way.
SIZED = Fit(
    tuple(dict.fromkeys((1.0, gap, short) for _, gap, short in SQUEEZE)),
    tuple(dict.fromkeys((gap, 1.0, every) for gap, _, every in PITCHES)),
    1.0,
)

Place = Callable[[Fit, Sequence[Drawn]], Picture | None]
"""Gives boxes their places in one way; None if they have no room."""


def picture_of(
    graph: ModelGraph,
    found: Collapsed,
    looks: FunctionalLooks,
    stages: UnitStages,
    pictures: Pictures,
) -> Picture:
    """Place one network: by its levels if it is a U, downwards, or else along rows."""
    units, options = found.units, looks.options
    setting = _setting(options, stages)
    room = options.width - 2 * MARGIN
    mains = [pictures.of(graph.by_id[unit.main]) for unit in units.units]
    drawn = [
        box.showing(shown, SHARE * room, lying=options.direction == "down")
        for box, shown in zip(boxes(graph, units, looks, found.repeats), mains, strict=True)
    ]
    plain = is_plain(options) or options.simple_text_visualization
    folding = steps(options.max_height, SENSIBLE if plain else options.max_height)
    engine = Engine(graph, units, partial(fold_title, graph, units), folding, setting)
    ways: list[Place] = []
    if options.direction == "down":
        ways.append(partial(_downwards, engine, room))
    elif not options.simple_text_visualization and (rows := levels(graph, units)):
        if options.text_callable:  # an arrow has no room for words
            rows = rows._replace(steps=frozenset())
        ways.append(partial(_by_level, links_of(units), rows, options, setting))
    for way in ways:
        picture = way(USUAL, drawn) if plain else _in_size(drawn, options, way)
        if picture:
            return picture
    along = partial(_along, engine, room)
    return along(USUAL, drawn) if plain else _in_size(drawn, options, along) or along(SIZED, drawn)


def _setting(options: FunctionalOptions, stages: UnitStages) -> Setting:
    return Setting(
        gap=options.column_spacing,
        row=options.row_spacing,
        lane=options.virtual_node_size,
        sweeps=options.layout_iterations,
        stages=stages,
    )


def _in_size(drawn: Sequence[Drawn], options: FunctionalOptions, place: Place) -> Picture | None:
    """Draw boxes as large as was asked for, or all smaller in proportion until they fit the page.

    For the sake of `max-height` they do not get smaller than boxes usually are.
    """
    room, height = options.width - 2 * MARGIN, options.max_height
    solids = [box.solid for box in drawn if not box.solid.glyph]
    widest = max((solid.advance for solid in solids), default=1.0)
    tallest = max((solid.rise for solid in solids), default=1.0)
    along, across = (height, room) if options.direction == "down" else (room, height)
    scale = min(1.0, along / max(widest, 1.0), across / max(tallest, 1.0))
    while True:
        picture = place(SIZED, [box.scaled(scale, SLIMMEST) for box in drawn])
        is_small = scale * tallest <= TALLEST
        if picture and _fits(picture, room, math.inf if is_small else height):
            return picture
        if scale * max(widest, tallest) <= SHORTEST:
            return picture
        scale *= STEP


def _fits(picture: Picture, width: float, height: float) -> bool:
    return picture.drawing.width <= width and picture.drawing.height <= height


def _downwards(engine: Engine, room: float, _: Fit, drawn: Sequence[Drawn]) -> Picture | None:
    """Draw a network from top to bottom, in as many columns as fit the width."""
    turned = [box.turned() for box in drawn]
    drawing = engine.draw_down([box.lying_cell() for box in turned], room)
    return Picture(turned, drawing) if drawing else None


def _by_level(
    links: Links,
    rows: Levels,
    options: FunctionalOptions,
    setting: Setting,
    fit: Fit,
    drawn: Sequence[Drawn],
) -> Picture | None:
    """Draw a network by its levels, if that fits the width."""
    names = rows.names if options.show_shapes else [""] * len(rows.names)
    left = max(text_width(name, SIZE) for name in names)
    left += 8 if left else 0
    stages = setting.stages._replace(steps=rows.steps)
    for gap, scale, every in fit.pitches:
        smaller = _level_boxes(drawn, links, rows, scale)
        smaller = smaller if every else _without_repeats(smaller, rows)
        spaced = setting.or_gap(gap)
        draw = partial(ladder, links=links, levels=rows, left=left, setting=spaced)
        cells = [box.cell() for box in smaller]
        drawing = crowned(cells, links, stages, spaced.gap, draw)
        if merge((route.edge, route.points) for route in drawing.routes):
            return None
        if drawing.width <= options.width - 2 * MARGIN:
            side = [(names[row], height) for row, height in _axes(drawing, rows)]
            return Picture(smaller, drawing, side, left, _step_hints(smaller))
    return None


def _axes(drawing: Drawing, rows: Levels) -> list[tuple[int, float]]:
    """Give each row with the height of its axis, px."""
    heights = {
        rows.row[unit]: y for unit, (_, y) in drawing.places.items() if unit not in rows.steps
    }
    return sorted(heights.items())


def _level_boxes(drawn: Sequence[Drawn], links: Links, rows: Levels, scale: float) -> list[Drawn]:
    """Draw steps as arrows, and keep words for the ends of the network."""
    row = rows.row
    # Where a line leads down or up, no word may stand.
    busy = {end for pair in links for end in pair if row[pair[0]] != row[pair[1]]}
    busy |= {end for step in rows.steps for end in (step - 1, step + 1)}
    inner = {source for source, _ in links} & {target for _, target in links}
    smaller = []
    for unit, box in enumerate(drawn):
        if unit in rows.steps:
            sign = "↓" if row[unit - 1] < row[unit] else "↑"
            step = Drawn(box.family, Solid(GLYPH, GLYPH, glyph=sign), times=box.times)
            smaller.append(step)
            continue
        times = box.times and box.times._replace(below=False)
        word = "" if unit in busy or unit in inner else box.word
        # Words above leave the way free for lines that lead down, or come from there.
        small = box.scaled(scale)._replace(word=word, size="", times=times, above=bool(box.lines))
        smaller.append(small)
    return smaller


def _without_repeats(drawn: Sequence[Drawn], rows: Levels) -> list[Drawn]:
    """Drop what the box before in the same row says already."""
    said: dict[int, str] = {}
    kept = []
    for unit, box in enumerate(drawn):
        row = rows.row[unit]
        kept.append(box._replace(head="") if said.get(row) == box.head else box)
        if box.head:
            said[row] = box.head
    return kept


def _step_hints(drawn: Sequence[Drawn]) -> str:
    signs = {box.solid.glyph for box in drawn}
    words = {"↓": "↓ pooling", "↑": "↑ upsampling"}
    return "   ".join(words[sign] for sign in words if sign in signs)


def _along(engine: Engine, room: float, fit: Fit, drawn: Sequence[Drawn]) -> Picture:
    """Draw a network from left to right, in one row if that can be had."""
    found: dict[bool, Picture] = {}
    for scale, gap, short in fit.squeeze:
        smaller = [(box.shorter() if short else box).scaled(scale) for box in drawn]
        drawing = engine.draw([box.cell() for box in smaller], room, gap)
        if drawing.rows == 1:
            return Picture(smaller, drawing)
        found.setdefault(short, Picture(smaller, drawing))
        if drawing.rows > FEW_ROWS:
            break
    wordy = found[False]
    if wordy.drawing.height > TALL:
        bare = [box.bare().scaled(fit.bare) for box in drawn]
        drawing = engine.draw([box.cell() for box in bare], room, 9.0)
        if drawing.height < wordy.drawing.height / 1.5:
            return Picture(bare, drawing)
    return wordy if wordy.drawing.rows <= FEW_ROWS else found.get(True, wordy)
