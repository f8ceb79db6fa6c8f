"""Measure: the parts of a model become plots, from the inside outwards."""

from __future__ import annotations

from collections.abc import Sequence

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.layout.apart import Phrases
from keras_diagram_core.layout.blocks.branches import Side, side_by_side
from keras_diagram_core.layout.blocks.cells import measure_cells
from keras_diagram_core.layout.blocks.names import (
    block_title,
    cells_words,
    common_filters,
    variation,
)
from keras_diagram_core.layout.blocks.plots import (
    FOOT,
    GAP,
    HEADER,
    MARGIN,
    MOST_STRIPES,
    NARROWEST,
    PAD,
    SIZE,
    SMALL,
    STRIPE,
    UNIT_HEIGHT,
    UNIT_PAD,
    WIDEST,
    BlockPlot,
    CellsPlot,
    ParallelPlot,
    Plot,
    SeriesPlot,
    UnitPlot,
    reach,
)
from keras_diagram_core.layout.network.cells import Cell as Slot
from keras_diagram_core.layout.network.engine import links_of
from keras_diagram_core.layout.solids import GLYPH, GLYPHS, is_merge
from keras_diagram_core.layout.words import named, size_text
from keras_diagram_core.options import ViewOptions
from keras_diagram_core.outline.phrases import short_name
from keras_diagram_core.text import elide, text_width
from keras_diagram_core.transforms.equal import SIZES
from keras_diagram_core.transforms.fold import Block, Item, counterparts
from keras_diagram_core.transforms.fuse import Unit, UnitGraph
from keras_diagram_core.transforms.repeats import Cells, unfolded
from keras_diagram_core.transforms.structure import Leaf, Mesh, Parallel, Part, Series, units_of


class Ruler:
    """Measures the parts of one model."""

    def __init__(
        self,
        graph: ModelGraph,
        units: UnitGraph,
        items: Sequence[Item],
        options: ViewOptions,
        skips: Side = "left",
    ) -> None:
        """Keep the model, what of it repeats, what the boxes say, and where skips lead past."""
        self._skips = skips
        shapes, names = options.show_shapes, options.show_layer_names
        self._graph = graph
        self._units = units
        self._phrases = Phrases(graph)
        self._alike = _alike(items)
        self._shapes = shapes
        self._names = names
        self._written = frozenset() if names else SIZES
        self._room = options.width - 2 * MARGIN
        self._links = links_of(units)
        self._inputs: dict[str, int] = {}
        for edge in graph.edges:
            self._inputs[edge.target] = self._inputs.get(edge.target, 0) + 1

    def item(self, item: Item) -> Plot:
        """Measure an item of the model's top series."""
        if isinstance(item, Cells):
            return self._cells(item)
        if isinstance(item, Leaf):
            return self.unit(item.unit, shapes=self._shapes)
        first, *others = (parts[0] for parts in item.repeats)
        if len(item.body) == 1 and isinstance(first, Leaf):
            repeats = tuple(part.unit for part in others if isinstance(part, Leaf))
            return self.unit(first.unit, shapes=self._shapes, repeats=repeats)
        return self._block(item)

    def unit(
        self,
        index: int,
        *,
        shapes: bool,
        repeats: tuple[int, ...] = (),
        unsaid: int | None = None,
    ) -> UnitPlot:
        """Measure a unit: as wide as its words, at least and at most so wide.

        `unsaid` is a number of filters that need not be written.
        """
        unit = self._units.units[index]
        node = self._graph.by_id[unit.main]
        if is_merge(node, self._inputs.get(node.id, 0)):
            half = GLYPH / 2
            note = " ".join(filter(None, (self._phrases.told(node), _suffix(self._graph, unit))))
            return UnitPlot(index, half, half, GLYPH, "", note, GLYPHS[node.type])
        last = self._graph.by_id[self._units.units[(index, *repeats)[-1]].nodes[-1]]
        note = size_text(self._graph, last) if shapes else ""
        alike = [self._graph.by_id[units.main] for units in self._counterparts(index)]
        is_unsaid = all(other.config.get("filters", "") == unsaid for other in alike)
        words = self._phrases.of(node).sized("" if is_unsaid else _size(alike))
        label = named(self._graph, unit, words, layer_names=self._names)
        if label.endswith(f", {note}"):
            note = ""
        if repeats:
            same = [[index], *([other] for other in repeats)]
            differing = variation(self._graph, self._units, same, self._written)
            label = ", ".join(filter(None, (f"{len(same)} × {label}", differing)))
        if len(last.output_shapes) > 1:  # what a unit does is said before the last of its shapes
            note = elide(
                note, max(WIDEST - text_width(label, SIZE) - 4 * UNIT_PAD, NARROWEST), SMALL
            )
        extra = text_width(note, SMALL) + 2 * UNIT_PAD if note else 0.0
        label = elide(label, WIDEST - extra - 2 * UNIT_PAD, SIZE)
        stripes = STRIPE * len(satellites(self._graph, unit))
        width = text_width(label, SIZE) + extra + 2 * UNIT_PAD + stripes
        half = max(width, NARROWEST) / 2
        return UnitPlot(index, half, half, UNIT_HEIGHT, label, note, repeats=repeats)

    def _counterparts(self, index: int) -> list[Unit]:
        return [self._units.units[unit] for unit in self._alike.get(index, (index,))]

    def _block(self, block: Block) -> BlockPlot:
        if not self._is_framed(block):
            body = self._series(block.body, self._room, shapes=self._shapes)
            return BlockPlot(block, body, "", "", body.left, body.right, body.height)
        body = self._series(block.body, self._room - 2 * PAD)
        title = block_title(self._graph, self._units, block)
        repeats = [list(units_of(Series(parts))) for parts in block.repeats]
        varies = variation(self._graph, self._units, repeats, self._written)
        shape = self._exit_shape(block)
        times = f"× {len(block.repeats)}" if len(block.repeats) > 1 else ""
        # The edges that come and go keep to the axis: no word may stand there.
        words = max(text_width(title, SIZE, bold=True), text_width(varies, SMALL))
        left = max(body.left, words + 8) + PAD
        words = max(text_width(times, SIZE, bold=True), text_width(shape, SMALL))
        right = max(body.right, words + 8) + PAD
        height = HEADER + body.height + FOOT
        return BlockPlot(block, body, title, shape, left, right, height, varies)

    def _is_framed(self, block: Block) -> bool:
        """Say whether a block has one way in and one way out: inputs and outputs stand free."""
        if len(block.repeats) > 1:
            return True
        units = (self._units.units[unit] for unit in units_of(Series(block.body)))
        takes_in = any(self._graph.by_id[unit.main].type == "InputLayer" for unit in units)
        return not takes_in and not isinstance(block.body[-1], Parallel)

    def _exit_shape(self, block: Block) -> str:
        last = block.repeats[-1][-1]
        if not self._shapes or not isinstance(last, Leaf):
            return ""
        exit_ = self._graph.by_id[self._units.units[last.unit].nodes[-1]]
        return size_text(self._graph, exit_)

    def _series(self, parts: Sequence[Part], room: float, *, shapes: bool = False) -> SeriesPlot:
        plots = tuple(self._part(part, room, shapes=shapes) for part in parts)
        same = [p for p in plots if isinstance(p, UnitPlot) and not p.glyph]
        if same:  # boxes on one axis are equally wide
            half = max(plot.left for plot in same)
            plots = tuple(
                p._replace(left=half, right=half) if isinstance(p, UnitPlot) and not p.glyph else p
                for p in plots
            )
        return SeriesPlot(
            plots,
            max((p.left for p in plots), default=0.0),
            max((reach(p) for p in plots), default=0.0),
            sum(p.height for p in plots) + GAP * max(len(plots) - 1, 0),
        )

    def _part(self, part: Part, room: float, *, shapes: bool) -> Plot:
        match part:
            case Leaf():
                return self.unit(part.unit, shapes=shapes)
            case Parallel():
                return self._parallel(part, room, shapes=shapes)
            case Mesh():
                return self._cells(unfolded(part.cells))

    def _cells(self, cells: Cells) -> CellsPlot:
        plots: dict[int, UnitPlot] = {}
        for run in cells.runs:
            if run.like is None:
                common = common_filters(self._graph, self._units, run)
                for unit in run.repeats[0].units:
                    plots[unit] = self.unit(unit, shapes=False, unsaid=common)
        column = measure_cells(
            cells,
            self._links,
            {unit: _slot(plot) for unit, plot in plots.items()},
            cells_words(self._graph, self._units, cells, shapes=self._shapes),
            self._room,
        )
        half = column.width / 2
        return CellsPlot(column, plots, half, half, column.height)

    def _parallel(self, part: Parallel, room: float, *, shapes: bool) -> ParallelPlot:
        full = [branch for branch in part.branches if branch.parts]
        plots = [self._series(branch.parts, room, shapes=shapes) for branch in full]
        return side_by_side(plots, len(part.branches) - len(full), room, self._skips)


def _slot(plot: UnitPlot) -> Slot:
    """Say how much room a unit takes in a cell, the word beside a glyph included."""
    rise = plot.height / 2
    return Slot(2 * reach(plot), rise, rise, plot.left, rise, is_round=bool(plot.glyph))


def satellites(graph: ModelGraph, unit: Unit) -> list[str]:
    """List the families of what a unit holds beside its main operation, as far as shown."""
    others = [family(graph.by_id[id_]) for id_ in unit.nodes if id_ != unit.main]
    return others[:MOST_STRIPES]


def _suffix(graph: ModelGraph, unit: Unit) -> str:
    names = [short_name(graph.by_id[id_]) for id_ in unit.nodes if id_ != unit.main]
    return " ".join(names)


def _alike(items: Sequence[Item]) -> dict[int, tuple[int, ...]]:
    """Give the units that each unit of an exemplar stands for, itself first."""
    alike = counterparts(item for item in items if isinstance(item, Block))
    for run in (run for item in items if isinstance(item, Cells) for run in item.runs):
        columns = zip(*(cell.units for cell in run.repeats), strict=True)
        alike |= {units[0]: units for units in columns}
    return alike


def _size(nodes: Sequence[Node]) -> str:
    """Give the filters or units of some nodes, a range where they differ."""
    sizes = [node.config.get("filters", node.config.get("units")) for node in nodes]
    known = sorted({size for size in sizes if isinstance(size, int)})
    if len(known) < 2:
        return str(known[0]) if known else ""
    return f"{known[0]}-{known[-1]}"
