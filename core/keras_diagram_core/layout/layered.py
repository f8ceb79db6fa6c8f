"""The layered view: boxes sized by their tensors, in the order of the data's flow.

The passes, one after the other: order, sizes, runs (labels), rows (positions), lanes
(routes), and the painting of what they decided into a Scene.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout.lanes import LANE, PORT, Plan, Way, plan
from keras_diagram_core.layout.marks import (
    LABEL_TOP,
    MARGIN,
    TIER,
    Frame,
    caption_label,
    px,
    shared_sign,
    sign_below,
    solid_shapes,
    unit_mark,
)
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.rows import Row, Spot, wrap
from keras_diagram_core.layout.runs import Run, runs
from keras_diagram_core.layout.solids import Solid, solids
from keras_diagram_core.layout.words import family, has_shared_sign
from keras_diagram_core.options import LayeredOptions
from keras_diagram_core.scene import Connector, Item, Mark, Point, Scene, Shape
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.fuse import Unit

ROW_SPACE = 16.0
PARALLEL = 5.0
# A model that needs a little more than one row gets smaller boxes instead.
SQUEEZE = (1.0, 0.9, 0.8, 0.72)


def lay_out_layered(graph: ModelGraph, options: LayeredOptions) -> Scene:
    """Lay a model out as boxes in rows that fit the width of `options`."""
    line = runs(graph, linear_order(graph), options)
    sizes = _with_ports(graph, solids(graph, volume=options.draw_volume))
    rows, routes = _arrange(graph, line, sizes, options.width - 2 * MARGIN)
    return _Painter(graph, options, rows, routes).scene()


def _arrange(
    graph: ModelGraph, line: Sequence[Run], sizes: Mapping[str, Solid], room: float
) -> tuple[list[Row], Plan]:
    """Position boxes and route edges: in one row if boxes may shrink to fit it, or in several."""
    for scale in SQUEEZE:
        smaller = {id_: solid.scaled(scale) for id_, solid in sizes.items()}
        rows = wrap(graph, line, smaller, room)
        if len(rows) <= 1:
            return rows, plan(graph, rows)
    reserve = 0.0
    while True:
        rows = wrap(graph, line, sizes, room - reserve)
        routes = plan(graph, rows)
        needed = LANE * (routes.tracks + 1) if routes.tracks else 0.0
        # Tracks take room from the rows, and shorter rows may need more tracks.
        if needed <= reserve or needed > room / 2:
            return rows, routes
        reserve = needed


def _with_ports(graph: ModelGraph, sizes: dict[str, Solid]) -> dict[str, Solid]:
    """Widen boxes of many inputs, so that each has a port of its own."""
    inputs: dict[str, int] = defaultdict(int)
    for edge in graph.edges:
        inputs[edge.target] += 1
    return {
        id_: solid
        if solid.glyph or inputs[id_] < 2
        else solid._replace(width=max(solid.width, PORT * (inputs[id_] + 1)))
        for id_, solid in sizes.items()
    }


class _Painter:
    """Turns decided rows and ways into the items of a Scene."""

    def __init__(
        self, graph: ModelGraph, options: LayeredOptions, rows: Sequence[Row], routes: Plan
    ) -> None:
        self._graph = graph
        self._options = options
        self._rows = rows
        self._routes = routes
        self._frames = list(_frames(rows, routes.lanes))
        self._edge = MARGIN + max((row.width for row in rows), default=0.0)
        self._spots = {
            spot.id: (number, spot) for number, row in enumerate(rows) for spot in row.spots
        }
        self._ports = _ports(routes, self._spots)
        self._fans = Counter((way.edge.source, way.edge.target) for way in routes.ways)

    def scene(self) -> Scene:
        items: list[Item] = [self._mark(*place) for place in self._spots.values()]
        items += [self._connector(way) for way in self._routes.ways]
        items += [
            caption_label(caption, frame)
            for row, frame in zip(self._rows, self._frames, strict=True)
            for caption in row.captions
        ]
        return finished(self._graph, self._options, "layered", items, MARGIN)

    def _mark(self, number: int, spot: Spot) -> Mark:
        node = self._graph.by_id[spot.id]
        axis = self._frames[number].axis
        shapes: list[Shape] = [*solid_shapes(spot, family(node), axis)]
        if has_shared_sign(self._graph, node):
            shapes += shared_sign(*sign_below(spot, axis))
        return unit_mark(self._graph, Unit(node.id, (node.id,)), family(node), shapes)

    def _connector(self, way: Way) -> Connector:
        points = self._straight(way) if way.straight else self._bent(way)
        return Connector(
            source=way.edge.source,
            target=way.edge.target,
            role=clean(way.edge.role),
            points=tuple((px(x), px(y)) for x, y in points),
        )

    def _straight(self, way: Way) -> list[Point]:
        number, source = self._spots[way.edge.source]
        target = self._spots[way.edge.target][1]
        # Parallel edges lie in the order of the target's inputs, from the top.
        count = self._fans[way.edge.source, way.edge.target]
        shift = (way.parallel - (count - 1) / 2) * PARALLEL
        y = self._frames[number].axis + shift
        start = MARGIN + source.right - _curve(source.solid, shift)
        return [(start, y), (MARGIN + target.left + _curve(target.solid, shift), y)]

    def _bent(self, way: Way) -> list[Point]:
        head = self._head(way)
        row, target = self._spots[way.edge.target]
        port = self._ports.ends[way.edge]
        lane = self._lane(row, way.target_lane)
        return [*head, (head[-1][0], lane), (port, lane), (port, self._roof(row, target, port))]

    def _head(self, way: Way) -> list[Point]:
        """The way from the source's box to where it turns into the target's lane."""
        row, source = self._spots[way.edge.source]
        track = self._edge + LANE * ((way.track or 0) + 1)
        if way.source_lane is None:
            axis = self._frames[row].axis
            return [(MARGIN + source.right, axis), (track, axis)]
        stem = self._ports.stems[source.id]
        start = (stem, self._roof(row, source, stem))
        if way.track is None:
            return [start]
        lane = self._lane(row, way.source_lane)
        return [start, (stem, lane), (track, lane)]

    def _roof(self, row: int, spot: Spot, x: float) -> float:
        """Where a line from above meets a box: the middle of its top face."""
        top = self._frames[row].axis - spot.solid.rise / 2
        return top + spot.solid.up / 2 + _curve(spot.solid, x - MARGIN - spot.middle)

    def _lane(self, row: int, lane: int | None) -> float:
        return self._frames[row].top + LANE * (self._routes.lanes[row] - (lane or 0) - 0.5)


def _frames(rows: Sequence[Row], lanes: Sequence[int]) -> Iterator[Frame]:
    top = MARGIN
    for row, count in zip(rows, lanes, strict=True):
        rise = max(spot.solid.rise for spot in row.spots)
        roof = top + LANE * count + (LANE / 2 if count else 0)
        floor = roof + rise
        bottom = floor + (LABEL_TOP + TIER * row.tiers if row.tiers else 0)
        yield Frame(top, roof + rise / 2, floor, bottom)
        top = bottom + ROW_SPACE


class _Ports(NamedTuple):
    """Where edges meet the tops of boxes, px: their ends by edge, their stems by source."""

    ends: dict[Edge, float]
    stems: dict[str, float]


def _ports(routes: Plan, spots: Mapping[str, tuple[int, Spot]]) -> _Ports:
    """Share out the tops so that nested edges do not cross at their ends.

    From left to right: what comes from the left, inner lanes first; the stem of what leaves;
    what comes from the right, outer lanes first.
    """
    users: dict[str, list[tuple[tuple[int, int], Edge | None]]] = defaultdict(list)
    stems: set[str] = set()
    for way in routes.ways:
        if way.straight:
            continue
        lane = way.target_lane or 0
        side = (0, lane) if way.track is None else (2, -lane)
        users[way.edge.target].append((side, way.edge))
        if way.source_lane is not None and way.edge.source not in stems:
            stems.add(way.edge.source)
            users[way.edge.source].append(((1, 0), None))
    ports = _Ports({}, {})
    for id_, mine in users.items():
        spot = spots[id_][1]
        pitch = min(PORT, (spot.solid.advance - PORT) / max(len(mine) - 1, 1))
        for index, (_, edge) in enumerate(sorted(mine, key=lambda user: user[0])):
            x = MARGIN + spot.middle + pitch * (index - (len(mine) - 1) / 2)
            if edge is None:
                ports.stems[id_] = x
            else:
                ports.ends[edge] = x
    return ports


def _curve(solid: Solid, offset: float) -> float:
    """How far a round glyph's outline lies inside its square, `offset` px from its middle."""
    if not solid.glyph:
        return 0.0
    radius = solid.height / 2
    return radius - math.sqrt(max(radius**2 - offset**2, 0.0))
