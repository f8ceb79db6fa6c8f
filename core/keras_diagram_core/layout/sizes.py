"""Sizes: how large the box of each node is, in px, by the mode that is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Mapping
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.layout.solids import (
    GLYPH,
    GLYPHS,
    POWER,
    SHORTEST,
    SLANT,
    TALLEST,
    THINNEST,
    VECTOR_WIDTH,
    WIDEST,
    Extent,
    Solid,
    channels_first,
    extent_of,
    is_merge,
)
from keras_diagram_core.layout.words import shape_of
from keras_diagram_core.options import FunctionalOptions, LayeredOptions, VolumeOptions

Sized = LayeredOptions | FunctionalOptions
"""The options that size boxes, and say whether these have depth."""

# Modes in which sizes are shares of the largest one.
CURVES = frozenset({"balanced", "logarithmic"})
# The depth, and the height where it lies down, of what has only a length, px.
VECTOR_DEPTH = 2 * VECTOR_WIDTH


class Axis(NamedTuple):
    """How one dimension of tensors is drawn, from `least` to `most` px.

    `unit` is what one of it gets, px; in the modes of `CURVES`, `largest` gets `most`.
    """

    mode: str
    unit: float
    least: float
    most: float
    largest: int

    def px(self, size: int | None) -> float:
        """Map a size to px; an unknown one gets a middle size."""
        if size is None or not self.largest:
            return round((self.least + max(self._px(self.largest), self.least)) / 2, 2)
        return round(max(self.least, self._px(size)), 2)

    def _px(self, size: int) -> float:
        if not self.largest:
            return self.most if self.mode in CURVES else self.least
        if self.mode == "balanced":
            share: float = (size / self.largest) ** POWER
            return self.most * share
        if self.mode == "logarithmic":
            return self.most * math.log1p(size) / math.log1p(self.largest)
        return min(size * self.unit, self.most)


class Axes(NamedTuple):
    """The axes of space, of channels, and of vectors; `cross` is how thick vectors are, px."""

    space: Axis
    channels: Axis
    vector: Axis
    cross: tuple[float, float]


def sizes_of(
    graph: ModelGraph,
    own: Callable[[str], Sized],
    flat: Container[str] = (),
) -> dict[str, Solid]:
    """Size every node, by id; merges of several tensors become round glyphs.

    Args:
        graph: the model.
        own: the mode and its limits, for each node.
        flat: the nodes that are drawn without depth in any case.
    """
    dimensions = extents(graph)
    options = {node.id: own(node.id) for node in graph.nodes}
    distinct = {id(each): each for each in options.values()}
    axes = {key: _axes(dimensions, each) for key, each in distinct.items()}
    fan_in: dict[str, int] = {}
    for edge in graph.edges:
        fan_in[edge.target] = fan_in.get(edge.target, 0) + 1
    found = {}
    for node in graph.nodes:
        mine = options[node.id]
        solid = _solid(node, fan_in.get(node.id, 0), dimensions, axes[id(mine)], mine)
        found[node.id] = solid.flattened(flat=not mine.draw_volume or node.id in flat)
    return found


def is_plain(options: VolumeOptions) -> bool:
    """Say whether nobody asked for sizes, so that boxes may shrink into one row."""
    across = (options.min_xy, options.max_xy, options.scale_xy)
    along = (options.min_z, options.max_z, options.scale_z)
    has_limits = any(limit is not None for limit in (*across, *along))
    return options.sizing_mode == "balanced" and not has_limits


def extents(graph: ModelGraph) -> dict[str, Extent]:
    """Read the dimensions of the tensor that each node gives."""
    first = channels_first(graph)
    return {
        node.id: extent_of(shape_of(graph, node), channels_first=node.id in first)
        for node in graph.nodes
    }


def _axes(dimensions: Mapping[str, Extent], options: VolumeOptions) -> Axes:
    vector, high, deep, channels = (
        max((extent[index] or 0 for extent in dimensions.values()), default=0)
        for index in range(4)
    )
    cross = options.min_xy or (VECTOR_DEPTH if options.sizing_mode in CURVES else 20.0)
    width = options.min_z or (VECTOR_WIDTH if options.sizing_mode in CURVES else 20.0)
    along = _orientation(options) == "z"
    length = _axis(options, vector, along=along, usual=(SHORTEST, 0.8 * TALLEST))
    if options.sizing_mode == "capped":
        most = options.dimension_caps.general
        length = length._replace(most=most or max(options.max_z or 400, options.max_xy or 2000))
    return Axes(
        _axis(options, max(high, deep), along=False, usual=(SHORTEST, TALLEST)),
        _channels(options, channels),
        length,
        (cross, width),
    )


def _channels(options: VolumeOptions, largest: int) -> Axis:
    axis = _axis(options, largest, along=True, usual=(THINNEST, WIDEST))
    cap = options.dimension_caps.channels
    return axis._replace(most=cap) if options.sizing_mode == "capped" and cap else axis


def _axis(
    options: VolumeOptions, largest: int, *, along: bool, usual: tuple[float, float]
) -> Axis:
    """Set up an axis; `usual` are the limits of the modes of `CURVES`."""
    mode = options.sizing_mode
    least, most, scale = (
        (options.min_z, options.max_z, options.scale_z)
        if along
        else (options.min_xy, options.max_xy, options.scale_xy)
    )
    unit = scale if scale is not None else 1.5 if along else 4.0
    low, high = usual
    if mode in CURVES and scale is not None:
        high = min(largest * scale, math.inf if most is None else most)
    elif mode == "relative":
        unit, low, high = options.relative_base_size, 1.0, math.inf
    elif mode not in CURVES:
        low, high = 20.0, 400.0 if along else 2000.0
    if most is not None and (mode not in CURVES or scale is None):
        high = most
    return Axis(mode, unit, min(low, high) if least is None else least, high, largest)


def _solid(
    node: Node,
    inputs: int,
    dimensions: Mapping[str, Extent],
    axes: Axes,
    options: VolumeOptions,
) -> Solid:
    extent = dimensions[node.id]
    if is_merge(node, inputs):
        return Solid(GLYPH, GLYPH, glyph=GLYPHS[node.type])
    if extent.vector != 0:
        return _vector(axes, extent.vector, _orientation(options))
    high = axes.space.px(extent.high)
    deep = axes.cross[0] if extent.deep == 0 else axes.space.px(extent.deep)
    if options.sizing_mode == "capped" and (cap := options.dimension_caps.sequence):
        # Both shrink alike, so that a wide tensor stays wide.
        share = min(1.0, cap / max(high, deep))
        high, deep = high * share, deep * share
    return _box(axes.channels.px(extent.channels), high, deep)


def _orientation(options: VolumeOptions) -> str:
    if options.one_dim_orientation != "auto":
        return options.one_dim_orientation
    return "z" if options.sizing_mode in {"accurate", "capped"} else "y"


def _vector(axes: Axes, size: int | None, orientation: str) -> Solid:
    length, (cross, width) = axes.vector.px(size), axes.cross
    if orientation == "z":
        return _box(length, cross, cross)
    return _box(width, length, cross) if orientation == "y" else _box(width, cross, length)


def _box(width: float, height: float, depth: float) -> Solid:
    return Solid(width, height, depth * SLANT[0], depth * SLANT[1])
