"""Measure: the parts of a model as plots with sizes, each around a vertical axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keras_diagram_core.describe import shape_text
from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.layout.blocks.names import block_title
from keras_diagram_core.layout.intervals import colour
from keras_diagram_core.layout.solids import GLYPH, GLYPHS, is_merge
from keras_diagram_core.layout.words import family, short_name
from keras_diagram_core.options import ViewOptions
from keras_diagram_core.text import clean, elide, text_width
from keras_diagram_core.transforms.fold import Block, Item
from keras_diagram_core.transforms.fuse import Unit, UnitGraph
from keras_diagram_core.transforms.structure import Leaf, Mesh, Parallel, Part, Series, units_of

SIZE = 10.5
SMALL = 9.5
UNIT_HEIGHT = 21.0
UNIT_PAD = 8.0
NARROWEST = 58.0
WIDEST = 190.0
GAP = 11.0
FORK = 8.0
LANE = 13.0
BRANCH_GAP = 12.0
PAD = 11.0
HEADER = 32.0
FOOT = 20.0
STRIPE = 3.5


class UnitPlot(NamedTuple):
    """One unit: a box with words, or a round glyph with a word beside it.

    `repeats` are the units that follow it and are the same.
    """

    unit: int
    left: float
    right: float
    height: float
    label: str
    note: str = ""
    glyph: str = ""
    repeats: tuple[int, ...] = ()


class SeriesPlot(NamedTuple):
    """Plots below each other, on one axis."""

    plots: tuple[Plot, ...]
    left: float
    right: float
    height: float


class ParallelPlot(NamedTuple):
    """Branches side by side: their axes from the common one, and lanes of plain connections."""

    branches: tuple[tuple[float, SeriesPlot], ...]
    lanes: tuple[float, ...]
    left: float
    right: float
    height: float


class BlockPlot(NamedTuple):
    """A container with a title; without one, its parts stand free."""

    block: Block
    body: SeriesPlot
    title: str
    shape: str
    left: float
    right: float
    height: float


class MeshPlot(NamedTuple):
    """Units below each other, and edges between them in lanes on both sides.

    `arrivals` and `departures` give the lanes, by (source, target) and by source; a source
    outside the mesh is -1.
    """

    plots: tuple[UnitPlot, ...]
    arrivals: dict[tuple[int, int], int]
    departures: dict[int, int]
    half: float
    left: float
    right: float
    height: float


Plot = UnitPlot | ParallelPlot | BlockPlot | MeshPlot


class Ruler:
    """Measures the parts of one model."""

    def __init__(
        self, graph: ModelGraph, units: UnitGraph, items: Sequence[Item], options: ViewOptions
    ) -> None:
        """Keep the model, what of it repeats, and what the boxes say."""
        shapes, names = options.show_shapes, options.show_layer_names
        self._graph = graph
        self._units = units
        self._alike = _alike(items)
        self._shapes = shapes
        self._names = names
        self._inputs: dict[str, int] = {}
        for edge in graph.edges:
            self._inputs[edge.target] = self._inputs.get(edge.target, 0) + 1

    def item(self, item: Item) -> Plot:
        """Measure an item of the model's top series."""
        if isinstance(item, Mesh):
            return self._mesh(item)
        if isinstance(item, Leaf):
            return self.unit(item.unit, shapes=self._shapes)
        first, *others = (parts[0] for parts in item.repeats)
        if len(item.body) == 1 and isinstance(first, Leaf):
            repeats = tuple(part.unit for part in others if isinstance(part, Leaf))
            return self.unit(first.unit, shapes=self._shapes, repeats=repeats)
        return self._block(item)

    def unit(self, index: int, *, shapes: bool, repeats: tuple[int, ...] = ()) -> UnitPlot:
        """Measure a unit: as wide as its words, at least and at most so wide."""
        unit = self._units.units[index]
        node = self._graph.by_id[unit.main]
        if is_merge(node, self._inputs.get(node.id, 0)):
            half = GLYPH / 2
            return UnitPlot(
                index, half, half, GLYPH, "", _suffix(self._graph, unit), GLYPHS[node.type]
            )
        last = self._graph.by_id[self._units.units[(index, *repeats)[-1]].nodes[-1]]
        note = shape_text(last.output_shapes[0]) if shapes and last.output_shapes else ""
        alike = [self._graph.by_id[units.main] for units in self._counterparts(index)]
        label = clean(node.name) if self._names else unit_label(node, alike)
        if label.endswith(f", {note}"):
            note = ""
        if repeats:
            label = f"{len(repeats) + 1} × {label}"
        extra = text_width(note, SMALL) + 2 * UNIT_PAD if note else 0.0
        label = elide(label, WIDEST - extra - 2 * UNIT_PAD, SIZE)
        stripes = STRIPE * len(satellites(self._graph, unit))
        width = text_width(label, SIZE) + extra + 2 * UNIT_PAD + stripes
        half = min(max(width, NARROWEST), WIDEST) / 2
        return UnitPlot(index, half, half, UNIT_HEIGHT, label, note, repeats=repeats)

    def _counterparts(self, index: int) -> list[Unit]:
        return [self._units.units[unit] for unit in self._alike.get(index, (index,))]

    def _block(self, block: Block) -> BlockPlot:
        if not self._is_framed(block):
            body = self._series(block.body, shapes=self._shapes)
            return BlockPlot(block, body, "", "", body.left, body.right, body.height)
        body = self._series(block.body)
        title = block_title(self._graph, self._units, block)
        shape = self._exit_shape(block)
        times = f"× {len(block.repeats)}" if len(block.repeats) > 1 else ""
        # The edges that come and go keep to the axis: no word may stand there.
        left = max(body.left, text_width(title, SIZE, bold=True) + 8) + PAD
        words = max(text_width(times, SIZE, bold=True), text_width(shape, SMALL))
        right = max(body.right, words + 8) + PAD
        return BlockPlot(block, body, title, shape, left, right, HEADER + body.height + FOOT)

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
        shapes = self._graph.by_id[self._units.units[last.unit].nodes[-1]].output_shapes
        return shape_text(shapes[0]) if shapes else ""

    def _series(self, parts: Sequence[Part], *, shapes: bool = False) -> SeriesPlot:
        plots = tuple(self._part(part, shapes=shapes) for part in parts)
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
            max((_reach(p) for p in plots), default=0.0),
            sum(p.height for p in plots) + GAP * max(len(plots) - 1, 0),
        )

    def _part(self, part: Part, *, shapes: bool) -> Plot:
        match part:
            case Leaf():
                return self.unit(part.unit, shapes=shapes)
            case Parallel():
                return self._parallel(part, shapes=shapes)
            case Mesh():
                return self._mesh(part)

    def _mesh(self, mesh: Mesh) -> MeshPlot:
        order = sorted(units_of(mesh))
        plots = tuple(self.unit(unit, shapes=False) for unit in order)
        row = {unit: number for number, unit in enumerate(order)}
        spans: dict[tuple[int, int], tuple[float, float]] = {}
        leaving: dict[int, tuple[float, float]] = {}
        for source, target, _ in self._units.edges:
            if target in row and row[target] != row.get(source, -1) + 1:
                first = source if source in row else -1
                spans[first, target] = (row.get(source, -1), row[target])
            if source in row and target not in row and row[source] + 1 < len(order):
                leaving[source] = (row[source], len(order))
        if any(link == (-1, len(mesh.parts), Series()) for link in mesh.links):
            leaving[-1] = (-1, len(order))
        arrivals, inward = colour(spans)
        departures, outward = colour(leaving)
        half = max(plot.left for plot in plots)
        reach = max([half, *(_reach(plot) for plot in plots)])
        return MeshPlot(
            plots,
            arrivals,
            departures,
            half,
            half + LANE * (inward + 1),
            reach + LANE * (outward + bool(outward)),
            sum(plot.height + GAP for plot in plots) - GAP,
        )

    def _parallel(self, part: Parallel, *, shapes: bool) -> ParallelPlot:
        full = [branch for branch in part.branches if branch.parts]
        plain = len(part.branches) - len(full)
        plots = [self._series(branch.parts, shapes=shapes) for branch in full]
        if len(plots) <= 2:  # a light branch stands left of the main one, as skips do
            plots.sort(key=lambda plot: plot.height)
            axis = sum(p.left + p.right + BRANCH_GAP for p in plots[:-1])
            axis += plots[-1].left if plots else 0.0
        else:
            axis = (sum(p.left + p.right for p in plots) + BRANCH_GAP * (len(plots) - 1)) / 2
        x, branches = -axis, []
        for plot in plots:
            branches.append((x + plot.left, plot))
            x += plot.left + plot.right + BRANCH_GAP
        lanes = tuple(-axis - LANE * (number + 1) for number in range(plain))
        left = axis + LANE * plain + (4 if plain else 0)
        right = max(x - BRANCH_GAP, 0.0)
        height = max((p.height for p in plots), default=0.0) + 2 * FORK
        return ParallelPlot(tuple(branches), lanes, left, right, height)


def _reach(plot: Plot) -> float:
    """How far a plot reaches to the right, the word beside a glyph included."""
    if isinstance(plot, UnitPlot) and plot.note and plot.glyph:
        return plot.right + 5 + text_width(plot.note, SMALL)
    return plot.right


def satellites(graph: ModelGraph, unit: Unit) -> list[str]:
    """List the families of what a unit holds beside its main operation."""
    return [family(graph.by_id[id_]) for id_ in unit.nodes if id_ != unit.main]


def _suffix(graph: ModelGraph, unit: Unit) -> str:
    names = [short_name(graph.by_id[id_]) for id_ in unit.nodes if id_ != unit.main]
    return " ".join(names)


def _alike(items: Sequence[Item]) -> dict[int, tuple[int, ...]]:
    """Give the units that each unit of an exemplar stands for, itself first."""
    alike: dict[int, tuple[int, ...]] = {}
    for item in items:
        if isinstance(item, Block):
            columns = zip(*(list(units_of(Series(parts))) for parts in item.repeats), strict=True)
            alike |= {units[0]: units for units in columns}
    return alike


def _size(nodes: Sequence[Node]) -> str:
    """Give the filters or units of some nodes, a range where they differ."""
    sizes = [node.config.get("filters", node.config.get("units")) for node in nodes]
    known = sorted({size for size in sizes if isinstance(size, int)})
    if len(known) < 2:
        return str(known[0]) if known else ""
    return f"{known[0]}-{known[-1]}"


def unit_label(node: Node, alike: Sequence[Node]) -> str:
    """Say what a unit does, with its size: `3×3 conv, 64 /2`, `dense, 1000`."""
    name = short_name(node)
    size = _size(alike)
    if "conv" in name and isinstance(node.config.get("kernel_size"), tuple):
        words = name.split(" ")
        kernel = next((word for word in words if "×" in word or word.isdigit()), "")
        stride = next((word for word in words if word.startswith("/")), "")
        kind = " ".join(word for word in words if word not in {kernel, stride})
        label = f"{kernel} {kind}" + (f", {size}" if size else "")
        return f"{label} {stride}".strip()
    return f"{name}, {size}" if size else name
