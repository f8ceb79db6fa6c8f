"""The layered view, from graph to Scene.

The passes, one after the other: detail (fuse, structure, fold), strips, sizes, runs (labels),
rows (positions), lanes (routes), and the painting of what they decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.names import block_title
from keras_diagram_core.layout.details import SCREEN, Detail, finest
from keras_diagram_core.layout.layered.geometry import (
    MARGIN,
    SLICE,
    Downwards,
    Geometry,
    Rightwards,
)
from keras_diagram_core.layout.layered.lanes import LANE, PORT, plan
from keras_diagram_core.layout.layered.paint import Painter, Sheet
from keras_diagram_core.layout.layered.rows import Fold, Piece, pack, wrap
from keras_diagram_core.layout.layered.runs import TITLE_SIZE, line, runs
from keras_diagram_core.layout.layered.strips import Network, Strip, network
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.solids import Solid, solids
from keras_diagram_core.options import LayeredOptions
from keras_diagram_core.scene import Scene
from keras_diagram_core.transforms.fold import Block, fold
from keras_diagram_core.transforms.fuse import Unit, UnitGraph, fuse
from keras_diagram_core.transforms.structure import structure

# A model that needs a little more than one row gets smaller boxes instead.
SQUEEZE = (1.0, 0.9, 0.8, 0.72)
# What a frame may take of a row; a block that needs more is drawn as often as it is there.
FRAME_SHARE = 0.92
# More layers than this fit no screen, unless they are folded.
CROWD = 600
# What does not fit the width counts as so much higher, px.
TOO_WIDE = 1e6
# Heights of columns, in shares of the one that is wished.
HEIGHTS = (1.0, 1.25, 1.6, 2.0, 3.0, 5.0, 1e6)


def lay_out_layered(graph: ModelGraph, options: LayeredOptions) -> Scene:
    """Lay a model out as boxes in rows that fit the width of `options`, or in columns."""
    room = options.width - 2 * MARGIN
    sheet = finest(
        options,
        draw=partial(_sheet, graph, options),
        height=lambda sheet: sheet.height + (TOO_WIDE if sheet.width > room else 0.0),
        unfolded=("all", "units") if len(graph.nodes) <= CROWD else (),
        screen=options.max_height if options.direction == "down" else SCREEN,
    )
    return finished(graph, options, "layered", list(Painter(graph, sheet).items()), MARGIN)


def _sheet(graph: ModelGraph, options: LayeredOptions, detail: Detail) -> Sheet:
    units = fuse(graph, linear_order(graph), fusing=detail.fusing)
    blocks = _repeated(graph, units, detail)
    if options.direction == "down":
        boxes = _boxes(graph, units, blocks, options, Downwards())
        return _in_columns(boxes, options)
    room = options.width - 2 * MARGIN
    boxes = _boxes(graph, units, blocks, options, Rightwards())
    fitting = [
        piece.fold.block
        for piece in boxes.pieces
        if piece.fold and pack([piece], boxes.sizes).width <= FRAME_SHARE * room
    ]
    if len(fitting) < len(blocks):
        boxes = _boxes(graph, units, fitting, options, Rightwards())
    return _in_rows(boxes, room)


def _repeated(graph: ModelGraph, units: UnitGraph, detail: Detail) -> list[Block]:
    if detail.likeness == "none":
        return []
    items = fold(graph, units, structure(units), detail.likeness)
    return [item for item in items if isinstance(item, Block) and len(item.repeats) > 1]


class _Boxes(NamedTuple):
    """What is to be placed."""

    units: UnitGraph
    network: Network
    pieces: list[Piece]
    sizes: dict[str, Solid]
    geometry: Geometry

    def scaled(self, room: float, scale: float) -> Sheet:
        """Do with smaller boxes what `placed` does."""
        sizes = {id_: solid.scaled(scale) for id_, solid in self.sizes.items()}
        return self._replace(sizes=sizes).placed(room)

    def placed(self, room: float) -> Sheet:
        """Position boxes in rows of at most `room` px, and route edges."""
        links = self.network.links
        rows = wrap(links, self.pieces, self.sizes, room, self.geometry.flow)
        return Sheet(self.units, self.network, rows, plan(links, rows), self.geometry)


def _boxes(
    graph: ModelGraph,
    units: UnitGraph,
    blocks: Sequence[Block],
    options: LayeredOptions,
    geometry: Geometry,
) -> _Boxes:
    """Size and label all that is drawn."""
    drawn = network(units, blocks)
    linked = {(link.source, link.target) for link in drawn.links}
    pieces = [
        Piece(tuple(runs(graph, strip.units, linked, options)), _fold(graph, units, strip))
        for strip in drawn.strips
    ]
    inputs = Counter(link.target for link in drawn.links)
    sizes = solids(graph, volume=options.draw_volume)
    own = {unit.main: geometry.lie(_solid(unit, sizes, inputs[unit.main])) for unit in drawn.units}
    return _Boxes(units, drawn, pieces, own, geometry)


def _fold(graph: ModelGraph, units: UnitGraph, strip: Strip) -> Fold | None:
    if strip.fold is None:
        return None
    title = block_title(graph, units, strip.fold) if len(strip.units) > 1 else ""
    times = line(f"× {len(strip.fold.repeats)}", TITLE_SIZE, bold=True)
    return Fold(strip.fold, line(title, TITLE_SIZE), times)


def _solid(unit: Unit, sizes: Mapping[str, Solid], inputs: int) -> Solid:
    """Size a box: what it holds beside its main operation are slices, every input has a port."""
    main = sizes[unit.main]
    if main.glyph:
        return main
    solid = sizes[unit.nodes[-1]]._replace(glyph="")
    width = solid.width + SLICE * (len(unit.nodes) - 1)
    return solid._replace(width=max(width, PORT * (inputs + 1)) if inputs > 1 else width)


def _in_rows(boxes: _Boxes, room: float) -> Sheet:
    """Place boxes in one row if they may shrink to fit it, or in several."""
    if len(boxes.scaled(room, SQUEEZE[-1]).rows) <= 1:
        sheets = (boxes.scaled(room, scale) for scale in SQUEEZE)
        return next(sheet for sheet in sheets if len(sheet.rows) <= 1)
    reserve = 0.0
    while True:
        sheet = boxes.placed(room - reserve)
        needed = LANE * (sheet.routes.tracks + 1) if sheet.routes.tracks else 0.0
        # Tracks take room from the rows, and shorter rows may need more tracks.
        if needed <= reserve or needed > room / 2:
            return sheet
        reserve = needed


def _in_columns(boxes: _Boxes, options: LayeredOptions) -> Sheet:
    """Place boxes in the lowest columns that fit the width, at least as high as is wished.

    Boxes that are too wide for a single column shrink.
    """
    tries = [(share, 1.0) for share in HEIGHTS] + [(HEIGHTS[-1], scale) for scale in SQUEEZE[1:]]
    for share, scale in tries:
        sheet = boxes.scaled(options.max_height * share, scale)
        if sheet.width <= options.width - 2 * MARGIN:
            break
    return sheet
