"""Paint: decided rows and routes as the items of a Scene."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.layered.boxes import curve
from keras_diagram_core.layout.layered.geometry import MARGIN, Frame, Geometry
from keras_diagram_core.layout.layered.lanes import LANE, PORT, Plan, Way
from keras_diagram_core.layout.layered.rows import Framed, Row, Spot, Staged
from keras_diagram_core.layout.layered.strips import Link, Network, Tensor
from keras_diagram_core.layout.lines import Line
from keras_diagram_core.layout.marks import block_nodes, shared_sign, unit_mark
from keras_diagram_core.layout.stages import Stages
from keras_diagram_core.layout.words import has_shared_sign
from keras_diagram_core.scene import Connector, Item, Label, Mark, Point, Shape
from keras_diagram_core.scene import Frame as Container
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.fuse import UnitGraph

ROW_SPACE = 16.0
PARALLEL = 5.0


class Sheet(NamedTuple):
    """Everything in its place, along and across the flow."""

    units: UnitGraph
    network: Network
    rows: Sequence[Row]
    routes: Plan
    geometry: Geometry
    titles: Sequence[Line] = ()  # of groups
    funnels: bool = False

    @property
    def width(self) -> float:
        """How wide the drawing is, px."""
        return self.geometry.point(self._along, self._across)[0]

    @property
    def height(self) -> float:
        """How high the drawing is, px."""
        return self.geometry.point(self._along, self._across)[1]

    @property
    def _along(self) -> float:
        return max((row.width for row in self.rows), default=0.0) + LANE * self.routes.tracks

    @property
    def _across(self) -> float:
        return list(frames_of(self))[-1].bottom - MARGIN if self.rows else 0.0


class Painter:
    """Turns a sheet into the items of a Scene."""

    def __init__(self, graph: ModelGraph, sheet: Sheet, stages: Stages) -> None:
        """Look up where everything is."""
        self._graph = graph
        self._stages = stages
        self._sheet = sheet
        self._rows, self._routes, self._geometry = sheet.rows, sheet.routes, sheet.geometry
        self._frames = list(frames_of(sheet))
        self._edge = MARGIN + max((row.width for row in sheet.rows), default=0.0)
        self._unit = {unit.main: unit for unit in sheet.network.units}
        self._spots = {
            spot.id: (number, spot) for number, row in enumerate(sheet.rows) for spot in row.spots
        }
        self._ports = _ports(sheet.routes, self._spots)
        self._fans = Counter((way.link.source, way.link.target) for way in sheet.routes.ways)

    def items(self) -> Iterator[Item]:
        """Draw groups, frames, boxes, edges and labels, in this order."""
        for number, row in enumerate(self._rows):
            for staged in row.stages:
                yield from self._stage(number, staged)
            for framed in row.frames:
                yield from self._container(number, framed)
        if self._sheet.funnels:
            yield from self._funnels()
        for number, spot in self._spots.values():
            yield self._mark(number, spot)
        for way in self._routes.ways:
            yield self._connector(way)
        for row, frame in zip(self._rows, self._frames, strict=True):
            for caption in row.captions:
                yield self._stages.inked(self._geometry.caption(caption, frame))

    def _stage(self, number: int, staged: Staged) -> Iterator[Item]:
        title = self._sheet.titles[staged.stage]
        box, label = self._geometry.staged(staged, title, self._frames[number])
        spots = self._rows[number].spots[staged.first : staged.last]
        nodes = tuple(id_ for spot in spots for id_ in self._unit[spot.id].nodes)
        yield Container(nodes=nodes, shapes=(box,))
        if label:
            yield label

    def _funnels(self) -> Iterator[Label]:
        """Join neighbours that an edge joins; glyphs have no size to start from."""
        for way in self._routes.ways:
            number, source = self._spots[way.link.source]
            target = self._spots[way.link.target][1]
            if way.straight and not (way.parallel or source.solid.glyph or target.solid.glyph):
                shapes = self._geometry.funnel(source, target, self._frames[number].axis)
                ends = (source.id, target.id)
                yield Label(nodes=ends, role="funnel", shapes=tuple(shapes))

    def _container(self, number: int, framed: Framed) -> Iterator[Item]:
        frame, block = self._frames[number], framed.fold.block
        start = frame.top + LANE * (self._routes.lanes[number] - self._inner(number, framed))
        box, title = self._geometry.framed(framed, start, frame)
        nodes = block_nodes(self._sheet.units, block)
        yield Container(nodes=nodes, repeat=len(block.repeats), shapes=(box,))
        yield title

    def _inner(self, number: int, framed: Framed) -> int:
        """Count the lanes above a frame's boxes that lead nowhere else."""
        spots = self._rows[number].spots
        inside = {spot.id for spot in spots[framed.first : framed.last]}
        near = inside | {spot.id for spot in spots[max(framed.first - 1, 0) : framed.first]}
        lanes: dict[str, list[Way]] = defaultdict(list)
        for way in self._routes.ways:
            lanes[way.link.source].append(way)
        found = [0]
        for source in near:
            if all(way.straight or way.link.target in inside for way in lanes[source]):
                found += [(way.target_lane or 0) + 1 for way in lanes[source] if not way.straight]
        return max(found)

    def _mark(self, number: int, spot: Spot) -> Mark:
        unit = self._unit[spot.id]
        node = self._graph.by_id[unit.main]
        members = [self._graph.by_id[id_] for id_ in unit.nodes]
        axis = self._frames[number].axis
        colours = [family(node), *(family(each) for each in members if each is not node)]
        shapes: list[Shape] = [*self._geometry.solid(spot, colours, axis)]
        if any(has_shared_sign(self._graph, each) for each in members):
            shapes += shared_sign(*self._geometry.sign(spot, axis))
        alike = self._sheet.network.alike.get(spot.id, ())
        return unit_mark(self._graph, unit, family(node), shapes, alike)

    def _connector(self, way: Way) -> Connector:
        points = self._straight(way) if way.straight else self._bent(way)
        return Connector(
            source=way.link.edge.source,
            target=way.link.edge.target,
            role=clean(way.link.edge.role),
            points=tuple(self._geometry.point(*point) for point in points),
        )

    def _straight(self, way: Way) -> list[Point]:
        number, source = self._spots[way.link.source]
        target = self._spots[way.link.target][1]
        # Parallel edges lie in the order of the target's inputs, from the top.
        count = self._fans[way.link.source, way.link.target]
        shift = (way.parallel - (count - 1) / 2) * PARALLEL
        y = self._frames[number].axis + shift
        start = MARGIN + source.right - curve(source.solid, shift)
        return [(start, y), (MARGIN + target.left + curve(target.solid, shift), y)]

    def _bent(self, way: Way) -> list[Point]:
        head = self._head(way)
        row, target = self._spots[way.link.target]
        port = self._ports.ends[way.link]
        lane = self._lane(row, way.target_lane)
        return [*head, (head[-1][0], lane), (port, lane), (port, self._roof(row, target, port))]

    def _head(self, way: Way) -> list[Point]:
        """The way from the source's box to where it turns into the target's lane."""
        row, source = self._spots[way.link.source]
        track = self._edge + LANE * ((way.track or 0) + 1)
        if way.source_lane is None:
            side = self._ports.sides[way.link.tensor]
            x = MARGIN + source.right - curve(source.solid, side)
            y = self._frames[row].axis + side
            return [(x, y), (track, y)]
        stem = self._ports.stems[way.link.tensor]
        start = (stem, self._roof(row, source, stem))
        if way.track is None:
            return [start]
        lane = self._lane(row, way.source_lane)
        return [start, (stem, lane), (track, lane)]

    def _roof(self, row: int, spot: Spot, x: float) -> float:
        """Where a line from the lanes meets a box."""
        top = self._frames[row].axis - spot.solid.rise / 2
        return top + self._geometry.roof(spot, x - MARGIN)

    def _lane(self, row: int, lane: int | None) -> float:
        return self._frames[row].top + LANE * (self._routes.lanes[row] - (lane or 0) - 0.5)


def frames_of(sheet: Sheet) -> Iterator[Frame]:
    """Put the rows one after the other, across the flow."""
    top = MARGIN
    for row, count in zip(sheet.rows, sheet.routes.lanes, strict=True):
        rise = max(spot.solid.rise for spot in row.spots)
        start, top = top, top + sheet.geometry.crown(row)
        roof = top + LANE * count + (LANE / 2 if count or row.frames else 0)
        floor = roof + rise
        bottom = floor + sheet.geometry.reach(row)
        yield Frame(start, top, roof + rise / 2, floor, bottom)
        top = bottom + ROW_SPACE


class _Ports(NamedTuple):
    """Where edges meet boxes, px: their ends by edge, and the stems of what leaves the top.

    `sides` are the heights of what leaves the side of the last box of a row, from its axis.
    """

    ends: dict[Link, float]
    stems: dict[Tensor, float]
    sides: dict[Tensor, float]


def _ports(routes: Plan, spots: Mapping[str, tuple[int, Spot]]) -> _Ports:
    """Share out the tops so that nested edges do not cross at their ends.

    From left to right: what comes from the left, inner lanes first; the stem of what leaves;
    what comes from the right, outer lanes first.
    """
    users: dict[str, list[tuple[tuple[int, int], Link | Tensor]]] = defaultdict(list)
    stems: set[Tensor] = set()
    for way in routes.ways:
        if way.straight:
            continue
        lane = way.target_lane or 0
        side = (0, lane) if way.track is None else (2, -lane)
        users[way.link.target].append((side, way.link))
        tensor = way.link.tensor
        if way.source_lane is not None and tensor not in stems:
            stems.add(tensor)
            users[way.link.source].append(((1, -way.source_lane), tensor))
    ports = _Ports({}, {}, _sides(routes))
    for id_, mine in users.items():
        spot = spots[id_][1]
        pitch = min(PORT, max(spot.solid.advance - PORT, 0.0) / max(len(mine) - 1, 1))
        for index, (_, user) in enumerate(sorted(mine, key=lambda user: user[0])):
            x = MARGIN + spot.middle + pitch * (index - (len(mine) - 1) / 2)
            if isinstance(user, Link):
                ports.ends[user] = x
            else:
                ports.stems[user] = x
    return ports


def _sides(routes: Plan) -> dict[Tensor, float]:
    """Spread the tensors that leave the last box of a row over its side; the outermost first."""
    tracks: dict[str, dict[Tensor, int]] = defaultdict(dict)
    for way in routes.ways:
        if way.track is not None and way.source_lane is None:
            tracks[way.link.source][way.link.tensor] = way.track
    return {
        tensor: (number - (len(mine) - 1) / 2) * PARALLEL
        for mine in tracks.values()
        for number, tensor in enumerate(sorted(mine, key=lambda tensor: -mine[tensor]))
    }
