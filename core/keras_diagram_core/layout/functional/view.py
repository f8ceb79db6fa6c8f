"""The functional view, from graph to Scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph, Note
from keras_diagram_core.layout.blocks.names import block_title
from keras_diagram_core.layout.functional.boxes import Drawn, FunctionalLooks, boxes
from keras_diagram_core.layout.functional.components import components
from keras_diagram_core.layout.functional.ladder import ladder
from keras_diagram_core.layout.functional.levels import Levels, levels
from keras_diagram_core.layout.functional.lines import line, turns
from keras_diagram_core.layout.functional.paint import card, labels, mark
from keras_diagram_core.layout.functional.wording import SIZE
from keras_diagram_core.layout.legend import Extras
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.network.cells import Drawing, Links, Route, Setting
from keras_diagram_core.layout.network.engine import Engine, links_of, steps
from keras_diagram_core.layout.network.page import MARGIN, frames
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.solids import Solid
from keras_diagram_core.options import FunctionalOptions
from keras_diagram_core.options.looks import FunctionalLook
from keras_diagram_core.scene import Item, Label, Scene, Text
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.collapse import Collapsed, collapse
from keras_diagram_core.transforms.fuse import UnitGraph, fuse
from keras_diagram_core.transforms.outputs import with_outputs

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
STEP = 15.0


class _Picture(NamedTuple):
    """A network as it will be drawn: its boxes, where they are, and words at the side.

    `side` holds the words left of each level, and how high they stand, px.
    """

    drawn: Sequence[Drawn]
    drawing: Drawing
    side: Sequence[tuple[str, float]] = ()
    left: float = 0.0
    hints: str = ""


def lay_out_functional(graph: ModelGraph, options: FunctionalOptions) -> Scene:
    """Lay a model out as flat boxes sized by their tensors, with all its connections.

    A network that goes down in resolution and up again is set by level; any other runs from
    left to right, in rows.
    """
    graph = with_outputs(graph) if options.add_output_nodes else graph
    looks = Looks(graph, options, FunctionalLook())
    units = fuse(graph, linear_order(graph))
    rules = options.collapse_rules if options.collapse_enabled else ()
    found = collapse(graph, units, rules)
    graph = replace(graph, notes=(*graph.notes, *map(_idle, found.idle)))
    items: list[Item] = []
    hints = ""
    top = MARGIN
    for part in components(found) if options.component_spacing else [found]:
        picture = _picture(graph, part, looks)
        items += _items(graph, part.units, looks, picture, top)
        hints = hints or picture.hints
        top += picture.drawing.height + options.component_spacing
    return finished(graph, looks, "functional", items, MARGIN, Extras(hints))


def _idle(number: int) -> Note:
    message = f"collapse-rules: rule {number} selects nothing that stands so often in a row."
    return Note(message=message)


def _picture(graph: ModelGraph, found: Collapsed, looks: FunctionalLooks) -> _Picture:
    """Place one network."""
    units, options = found.units, looks.options
    drawn = boxes(graph, units, looks, found.repeats)
    room = options.width - 2 * MARGIN
    folding = steps(options.max_height)
    engine = Engine(
        graph, units, lambda block: block_title(graph, units, block), folding, _setting(options)
    )
    picture = None
    if options.direction == "down":
        picture = _downwards(engine, drawn, room)
    elif not options.simple_text_visualization and (rows := levels(graph, units)):
        picture = _by_level(units, drawn, rows, options)
    return picture or _along(engine, drawn, room)


def _setting(options: FunctionalOptions) -> Setting:
    return Setting(
        gap=options.column_spacing,
        row=options.row_spacing,
        lane=options.virtual_node_size,
        sweeps=options.layout_iterations,
    )


def _downwards(engine: Engine, drawn: Sequence[Drawn], room: float) -> _Picture | None:
    """Draw a network from top to bottom, in as many columns as fit the width."""
    turned = [box.turned() for box in drawn]
    drawing = engine.draw_down([box.lying_cell() for box in turned], room)
    return _Picture(turned, drawing) if drawing else None


def _by_level(
    units: UnitGraph, drawn: Sequence[Drawn], rows: Levels, options: FunctionalOptions
) -> _Picture | None:
    """Draw a network by its levels, if that fits the width."""
    links = links_of(units)
    names = rows.names if options.show_shapes else [""] * len(rows.names)
    left = max(text_width(name, SIZE) for name in names)
    left += 8 if left else 0
    for gap, scale, every in PITCHES:
        smaller = _level_boxes(drawn, links, rows, scale)
        smaller = smaller if every else _without_repeats(smaller, rows)
        setting = _setting(options)
        setting = setting._replace(gap=setting.gap or gap)
        drawing, axes = ladder([box.cell() for box in smaller], links, rows, left, setting)
        if drawing.width <= options.width - 2 * MARGIN:
            side = list(zip(names, axes, strict=True))
            return _Picture(smaller, drawing, side, left, _step_hints(smaller))
    return None


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
            step = Drawn(box.family, Solid(STEP, STEP, glyph=sign), times=box.times)
            smaller.append(step)
            continue
        times = box.times and box.times._replace(below=False)
        word = "" if unit in busy or unit in inner else box.word
        smaller.append(box.scaled(scale)._replace(word=word, size="", times=times))
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


def _level_names(picture: _Picture, top: float) -> Iterator[Label]:
    for name, axis in picture.side:
        if name:
            x, y = px(MARGIN + picture.left - 8), px(top + axis + 0.36 * SIZE)
            width = text_width(name, SIZE)
            text = Text(x, y, name, SIZE, width, fill="muted", anchor="end")
            yield Label(role="level", shapes=(text,))


def _step_hints(drawn: Sequence[Drawn]) -> str:
    signs = {box.solid.glyph for box in drawn}
    words = {"↓": "↓ pooling", "↑": "↑ upsampling"}
    return "   ".join(words[sign] for sign in words if sign in signs)


def _along(engine: Engine, drawn: Sequence[Drawn], room: float) -> _Picture:
    """Draw a network from left to right, in one row if boxes may shrink to fit it."""
    found: dict[bool, _Picture] = {}
    for scale, gap, short in SQUEEZE:
        smaller = [(box.shorter() if short else box).scaled(scale) for box in drawn]
        drawing = engine.draw([box.cell() for box in smaller], room, gap)
        if drawing.rows == 1:
            return _Picture(smaller, drawing)
        found.setdefault(short, _Picture(smaller, drawing))
        if drawing.rows > FEW_ROWS:
            break
    wordy = found[False]
    if wordy.drawing.height > TALL:
        bare = [box.bare().scaled(BARE) for box in drawn]
        drawing = engine.draw([box.cell() for box in bare], room, 9.0)
        if drawing.height < wordy.drawing.height / 1.5:
            return _Picture(bare, drawing)
    return wordy if wordy.drawing.rows <= FEW_ROWS else found.get(True, wordy)


def _items(
    graph: ModelGraph,
    units: UnitGraph,
    looks: FunctionalLooks,
    picture: _Picture,
    top: float,
) -> Iterator[Item]:
    """Draw a network from `top` px on: frames, edges, boxes, words."""
    drawing, origin, options = picture.drawing, (MARGIN, top), looks.options
    places = {unit: (x + MARGIN, y + top) for unit, (x, y) in drawing.places.items()}
    yield from frames(drawing, units, origin)
    for unit, place in places.items():
        yield from card(units.units[unit], picture.drawn[unit], place)
    for route in drawing.routes:
        source, target = units.units[route.source].main, units.units[route.target].main
        leaving = looks.shared([route.edge.source, source])
        coming = looks.shared([route.edge.target, target])
        yield line(route, origin, picture.drawn, (leaving, coming))
        if options.render_virtual_nodes and _passes(route, drawing):
            yield from turns(route, origin, options)
    for unit, place in places.items():
        yield mark(graph, units.units[unit], picture.drawn[unit], place)
        yield from labels(units.units[unit], picture.drawn[unit], place)
    yield from _level_names(picture, top)


def _passes(route: Route, drawing: Drawing) -> bool:
    """Say whether an edge passes other units on its way to the right, or leaves its row."""
    start, end = route.points[0][0], route.points[-1][0]
    return end <= start or any(start < x < end for x, _ in drawing.places.values())
