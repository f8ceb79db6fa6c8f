"""The layered view, from graph to Scene.

The passes, one after the other: detail (fuse, structure, fold), strips, sizes, runs (labels),
rows (positions), lanes (routes), and the painting of what they decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.apart import Phrases
from keras_diagram_core.layout.blocks.names import fold_title
from keras_diagram_core.layout.details import SCREEN, Detail, finest
from keras_diagram_core.layout.images import NO_IMAGES, Images, Pictures, sized
from keras_diagram_core.layout.layered.boxes import SLICE
from keras_diagram_core.layout.layered.geometry import (
    LABEL_BOTTOM,
    MARGIN,
    Downwards,
    Geometry,
    Rightwards,
    Style,
)
from keras_diagram_core.layout.layered.lanes import LANE, PORT, plan
from keras_diagram_core.layout.layered.paint import Painter, Sheet
from keras_diagram_core.layout.layered.rows import (
    DOWN,
    PAD,
    RIGHT,
    Fold,
    Piece,
    Setting,
    pack,
    wrap,
)
from keras_diagram_core.layout.layered.runs import LayeredLooks, runs
from keras_diagram_core.layout.layered.strips import Network, Strip, network
from keras_diagram_core.layout.legend import Extras
from keras_diagram_core.layout.lines import TITLE_SIZE, WIDEST_TEXT, line
from keras_diagram_core.layout.looks import Looks, shaded
from keras_diagram_core.layout.marks import block_nodes
from keras_diagram_core.layout.members import nodes_at
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.sizes import is_plain, sizes_of
from keras_diagram_core.layout.solids import TALLEST, THINNEST, Solid
from keras_diagram_core.layout.stages import Stages
from keras_diagram_core.layout.words import unwritten
from keras_diagram_core.options import LayeredOptions
from keras_diagram_core.options.looks import LayeredLook
from keras_diagram_core.scene import Scene
from keras_diagram_core.transforms.equal import SIZES
from keras_diagram_core.transforms.fold import Block, fold
from keras_diagram_core.transforms.fuse import Unit, UnitGraph, fuse
from keras_diagram_core.transforms.structure import structure

# A model that needs a little more than one row gets smaller boxes instead.
SQUEEZE = (1.0, 0.9, 0.8, 0.72)
# How much smaller all boxes become, again and again, until they fit the page.
STEP = 0.8
# What a frame may take of a row; a block that needs more is drawn as often as it is there.
FRAME_SHARE = 0.92
# More layers than this fit no screen, unless they are folded.
CROWD = 600
# What does not fit the width counts as so much higher, px.
TOO_WIDE = 1e6
# Heights of columns, in shares of the one that is wished.
HEIGHTS = (1.0, 1.25, 1.6, 2.0, 3.0, 5.0, 8.0, 12.0, 1e6)
# What labels and titles may need beside a box, px.
WORDS = 80.0


def lay_out_layered(
    graph: ModelGraph, options: LayeredOptions, images: Images = NO_IMAGES
) -> Scene:
    """Lay a model out as boxes in rows that fit the width of `options`, or in columns."""
    looks = Looks(graph, options, LayeredLook())
    draft = _Draft(graph, looks, images)
    # Where a text is on each layer, each is to have a box.
    speaks = bool(options.text_callable)
    whole_page = options.direction == "down" or not draft.is_plain or speaks
    sheet = finest(
        options,
        draw=draft.sheet,
        height=lambda sheet: sheet.height + (TOO_WIDE if sheet.width > draft.room else 0.0),
        unfolded=("all", "units") if len(graph.nodes) <= CROWD else (),
        screen=options.max_height if whole_page else SCREEN,
    )
    items = list(Painter(graph, sheet, draft.stages).items())
    notes = (*draft.notes, *unwritten(graph, sheet.network.units, options))
    noted = replace(graph, notes=(*graph.notes, *notes)) if notes else graph
    extras = Extras(
        shapes=options.show_dimension, spacing=options.legend_text_spacing_offset, images=images
    )
    scene = finished(noted, looks, "layered", items, MARGIN, extras)
    return replace(scene, paints=shaded(scene.paints, options.shade_step) | draft.stages.paints)


class _Boxes(NamedTuple):
    """What is to be placed."""

    units: UnitGraph
    network: Network
    pieces: list[Piece]
    setting: Setting
    geometry: Geometry

    def scaled(self, scale: float, thinnest: float) -> _Boxes:
        """Give the same with smaller boxes."""
        sizes = {id_: box.scaled(scale, thinnest) for id_, box in self.setting.sizes.items()}
        return self._replace(setting=self.setting._replace(sizes=sizes))

    def placed(self, room: float) -> Sheet:
        """Position boxes in rows of at most `room` px, and route edges."""
        links = self.network.links
        rows = wrap(links, self.pieces, self.setting, room)
        routes = plan(links, rows)
        return Sheet(self.units, self.network, rows, routes, self.geometry, self.setting.titles)


class _Draft:
    """A picture in the making: all that holds for every detail.

    Attributes:
        room: how wide the drawing may get, px.
        stages: the groups that are asked for.
        notes: what of the options is for nothing.
        is_plain: whether nobody asked for sizes.
    """

    def __init__(self, graph: ModelGraph, looks: LayeredLooks, images: Images) -> None:
        self._graph, self._looks, self._options = graph, looks, looks.options
        self._pictures = Pictures(graph, looks, images)
        self._phrases = Phrases(graph)
        options = looks.options
        flat, missing = nodes_at(graph, options.index_2D, "index-2d")
        self.room = options.width - 2 * MARGIN
        self.stages = Stages(graph, options.layered_groups)
        self.notes = [*missing, *self.stages.notes]
        self.is_plain = all(is_plain(looks.own(node.id)) for node in graph.nodes)
        self._sizes = sizes_of(graph, looks.own, flat)

    def sheet(self, detail: Detail) -> Sheet:
        """Draw as much as is asked for, in a size that fits the page."""
        order, apart = linear_order(self._graph), self._looks.by_node
        units = fuse(self._graph, order, fusing=detail.fusing, apart=apart)
        blocks = self._repeated(units, detail)
        if self.is_plain:
            return self._sheet(units, blocks, 1.0)
        scale = self._largest_scale()
        while True:
            sheet = self._sheet(units, blocks, scale)
            fits = sheet.width <= self.room and sheet.height <= self._options.max_height
            if fits or scale * self._tallest <= TALLEST:
                return sheet
            scale *= STEP

    @property
    def _tallest(self) -> float:
        return max((solid.rise for solid in self._sizes.values()), default=0.0)

    def _largest_scale(self) -> float:
        """Say how large boxes may be drawn, so that each fits the page alone: at most 1."""
        along, across = self.room - 2 * PAD, self._options.max_height - WORDS
        if self._options.direction == "down":
            along, across = self._options.max_height - 2 * PAD, self.room - 2 * WORDS
        widest = max((solid.advance for solid in self._sizes.values()), default=0.0)
        return min(1.0, along / max(widest, 1.0), across / max(self._tallest, 1.0))

    def _sheet(self, units: UnitGraph, blocks: Sequence[Block], scale: float) -> Sheet:
        boxes = self._boxes(units, blocks, scale)
        if self._options.direction == "down":
            sheet = self._in_columns(boxes)
            return sheet._replace(funnels=self._options.draw_funnel)
        fitting = [
            piece.fold.block
            for piece in boxes.pieces
            if piece.fold and pack([piece], boxes.setting).width <= FRAME_SHARE * self.room
        ]
        if len(fitting) < len(blocks):
            boxes = self._boxes(units, fitting, scale)
        return self._in_rows(boxes)._replace(funnels=self._options.draw_funnel)

    def _repeated(self, units: UnitGraph, detail: Detail) -> list[Block]:
        if detail.likeness == "none":
            return []
        items = fold(self._graph, units, structure(units), detail.likeness)
        return [
            item
            for item in items
            if isinstance(item, Block) and len(item.repeats) > 1 and self._is_in_one(units, item)
        ]

    def _is_in_one(self, units: UnitGraph, block: Block) -> bool:
        """Say whether no border of a group runs through a block."""
        nodes = block_nodes(units, block)
        return len({self.stages.of.get(id_, -1) for id_ in nodes}) == 1

    def _boxes(self, units: UnitGraph, blocks: Sequence[Block], scale: float) -> _Boxes:
        """Size and label all that is drawn."""
        options = self._options
        drawn = network(units, blocks)
        linked = {(link.source, link.target) for link in drawn.links}
        said = partial(runs, self._phrases, linked=linked, looks=self._looks)
        pieces = [
            Piece(
                tuple(said(strip.units, stages=self.stages.of, alike=drawn.alike)),
                self._fold(units, strip),
            )
            for strip in drawn.strips
        ]
        geometry = _geometry(pieces, options)
        inputs = Counter(link.target for link in drawn.links)
        sizes = self._sizes
        if scale < 1.0:
            sizes = {id_: solid.scaled(scale, thinnest=1.0) for id_, solid in sizes.items()}
        own = {
            unit.main: geometry.lie(self._solid(unit, sizes, inputs[unit.main]))
            for unit in drawn.units
        }
        gaps = {unit.main: self._looks.own(unit.main).spacing for unit in drawn.units}
        setting = Setting(own, geometry.style.flow, self.stages.titles, gaps)
        return _Boxes(units, drawn, pieces, setting, geometry)

    def _solid(self, unit: Unit, sizes: Mapping[str, Solid], inputs: int) -> Solid:
        """Size a box: its image may ask for more."""
        solid = _solid(unit, sizes, inputs)
        shown = self._pictures.of(self._graph.by_id[unit.main])
        down = self._options.direction == "down"
        most = (FRAME_SHARE * self.room - 2 * PAD, self._options.max_height - WORDS)
        # Slices cover a part of the front.
        thin = SLICE * (len(unit.nodes) - 1)
        front = sized(solid._replace(width=solid.width - thin), shown, most, lying=down)
        return front._replace(width=front.width + thin)

    def _fold(self, units: UnitGraph, strip: Strip) -> Fold | None:
        if strip.fold is None:
            return None
        written = SIZES if self._options.show_shapes else ()
        named = len(strip.units) > 1
        title = fold_title(self._graph, units, strip.fold, written, named=named)
        times = line(f"× {len(strip.fold.repeats)}", TITLE_SIZE, bold=True)
        return Fold(strip.fold, line(title, TITLE_SIZE, most=WIDEST_TEXT), times)

    def _in_rows(self, boxes: _Boxes) -> Sheet:
        """Place boxes in one row if they may shrink to fit it, or in several."""
        room = self.room
        if self.is_plain and len(boxes.scaled(SQUEEZE[-1], THINNEST).placed(room).rows) <= 1:
            sheets = (boxes.scaled(scale, THINNEST).placed(room) for scale in SQUEEZE)
            return next(sheet for sheet in sheets if len(sheet.rows) <= 1)
        reserve = 0.0
        while True:
            sheet = boxes.placed(room - reserve)
            needed = LANE * (sheet.routes.tracks + 1) if sheet.routes.tracks else 0.0
            # Tracks take room from the rows, and shorter rows may need more tracks.
            if needed <= reserve or needed > room / 2:
                return sheet
            reserve = needed

    def _in_columns(self, boxes: _Boxes) -> Sheet:
        """Place boxes in the lowest columns that fit the width, at least as high as is wished.

        Boxes that are too wide for a single column shrink.
        """
        tries = [(share, 1.0) for share in HEIGHTS] + [
            (HEIGHTS[-1], scale) for scale in SQUEEZE[1:]
        ]
        for share, scale in tries:
            smaller = boxes.scaled(scale, THINNEST) if scale < 1 else boxes
            sheet = smaller.placed(self._options.max_height * share)
            if sheet.width <= self.room:
                break
        return sheet


def _geometry(pieces: Sequence[Piece], options: LayeredOptions) -> Geometry:
    """Set up the flow, with as much room for labels as they need."""
    down = options.direction == "down"
    flow = (DOWN if down else RIGHT)._replace(gap=options.spacing)
    heights = [run.label_height for piece in pieces for run in piece.runs]
    tier = max(heights, default=0.0) + LABEL_BOTTOM
    style = Style(flow, tier, options.draw_reversed)
    return Downwards(style) if down else Rightwards(style)


def _solid(unit: Unit, sizes: Mapping[str, Solid], inputs: int) -> Solid:
    """Size a box: what it holds beside its main operation are slices, every input has a port."""
    main = sizes[unit.main]
    if main.glyph:
        return main
    solid = sizes[unit.nodes[-1]]._replace(glyph="")
    width = solid.width + SLICE * (len(unit.nodes) - 1)
    return solid._replace(width=max(width, PORT * (inputs + 1)) if inputs > 1 else width)
