"""Measure how legible a Scene is, and how true to its graph."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.scene import Bounds, Connector, Frame, Label, Mark, Scene, Text


class Measures(NamedTuple):
    """What is counted of one picture; all but sizes, `crossings` and `bends` should be 0."""

    width: float
    height: float
    smallest_text: float
    overlapping_marks: int
    overlapping_texts: int
    texts_outside: int
    edges_through_marks: int
    uncovered_nodes: int
    missing_edges: int
    invented_edges: int
    crossings: int
    bends: int


class Shelf:
    """Things by their bounds, found again by height, so that large pictures stay quick."""

    STEP = 25.0

    def __init__(self) -> None:
        """Start empty."""
        self._shelves: dict[int, list[tuple[object, Bounds]]] = defaultdict(list)

    def add(self, thing: object, bounds: Bounds) -> None:
        """Put a thing where its bounds are."""
        for shelf in self._reach(bounds):
            self._shelves[shelf].append((thing, bounds))

    def overlapping(self, bounds: Bounds, tolerance: float) -> list[object]:
        """Find what overlaps by more than `tolerance` px."""
        near = (entry for shelf in self._reach(bounds) for entry in self._shelves[shelf])
        return [thing for thing, other in near if bounds.overlaps(other, tolerance)]

    def _reach(self, bounds: Bounds) -> range:
        return range(int(bounds.top // self.STEP), int(bounds.bottom // self.STEP) + 1)


def segments(connector: Connector) -> list[Bounds]:
    """Give the straight parts of a connector, a little wider than a line."""
    return [
        Bounds(min(x0, x1) - 0.1, min(y0, y1) - 0.1, max(x0, x1) + 0.1, max(y0, y1) + 0.1)
        for (x0, y0), (x1, y1) in pairwise(connector.points)
    ]


def texts_of(scene: Scene) -> Iterator[tuple[Mark | None, Text]]:
    """List all texts, with the mark that they stand in."""
    for item in scene.items:
        if isinstance(item, (Mark, Label)):
            owner = item if isinstance(item, Mark) else None
            yield from ((owner, shape) for shape in item.shapes if isinstance(shape, Text))


def measure(scene: Scene, graph: ModelGraph) -> Measures:
    """Count everything."""
    marks, texts = Shelf(), Shelf()
    counts: Counter[str] = Counter()
    for mark in scene.marks:
        counts["marks"] += bool(marks.overlapping(mark.bounds, 0.01))
        marks.add(mark, mark.bounds)
    sizes = []
    for owner, text in texts_of(scene):
        if len(text.text) > 1:
            sizes.append(text.size)
        outside = owner is not None and not owner.bounds.contains(text.bounds, 1.0)
        counts["outside"] += outside and len(text.text) > 1
        foreign = [mark for mark in marks.overlapping(text.bounds, 0.01) if mark is not owner]
        counts["texts"] += bool(foreign or texts.overlapping(text.bounds, 1.0))
        texts.add(text, text.bounds)
    for connector in scene.connectors:
        own = {connector.source, connector.target}
        for part in segments(connector):
            crossed = (mark for mark in marks.overlapping(part, 0.3) if isinstance(mark, Mark))
            counts["through"] += any(not own & set(mark.nodes) for mark in crossed)
    uncovered, missing, invented = _truth(scene, graph)
    return Measures(
        scene.width,
        scene.height,
        min(sizes, default=0.0),
        counts["marks"],
        counts["texts"],
        counts["outside"],
        counts["through"],
        uncovered,
        missing,
        invented,
        _crossings(scene),
        _bends(scene),
    )


def _truth(scene: Scene, graph: ModelGraph) -> tuple[int, int, int]:
    """Count nodes that are not drawn exactly once, and edges that are lost or invented."""
    drawn = Counter(id_ for mark in scene.marks for id_ in mark.nodes)
    folded = {id_ for frame in scene.frames if frame.repeat > 1 for id_ in frame.nodes}
    wrong = sum(
        drawn[node.id] > 1 or not (drawn[node.id] or node.id in folded) for node in graph.nodes
    )
    lines = Counter((edge.source, edge.target) for edge in scene.connectors)
    real = Counter((edge.source, edge.target) for edge in graph.edges)
    home = {id_: mark.nodes for mark in scene.marks for id_ in mark.nodes}
    closed = {frame.nodes for frame in scene.frames if frame.repeat > 1} & set(home.values())
    missing = 0
    for source, target in real - lines:
        ends = home.get(source), home.get(target)
        # What both ends of are drawn must be drawn, but between boxes for several repetitions.
        folded_away = folded & {source, target} and (None in ends or closed & set(ends))
        again = any(_is_repeated(frame, source, target) for frame in scene.frames)
        missing += not (ends[0] == ends[1] is not None or folded_away or again)
    return wrong, missing, (lines - real).total()


def _is_repeated(frame: Frame, source: str, target: str) -> bool:
    """Say whether an edge is one of those that a fold does without.

    It is inside a repetition after the first, or does not enter the first or leave the last.
    """
    size = len(frame.nodes) // frame.repeat
    place = {id_: number // size for number, id_ in enumerate(frame.nodes)}
    begin, end = place.get(source), place.get(target)
    if frame.repeat == 1 or (begin is None and end is None):
        return False
    if begin is None:
        return end > 0
    if end is None:
        return begin < frame.repeat - 1
    return begin != end or begin > 0


def _bends(scene: Scene) -> int:
    """Count the corners of all edges."""
    return sum(max(len(connector.points) - 2, 0) for connector in scene.connectors)


def _crossings(scene: Scene) -> int:
    """Count the points where edges of different sources and targets cross."""
    level: list[tuple[float, float, float, Connector]] = []
    upright: list[tuple[float, float, float, Connector]] = []
    for connector in scene.connectors:
        for (x0, y0), (x1, y1) in pairwise(connector.points):
            if y0 == y1:
                level.append((y0, min(x0, x1), max(x0, x1), connector))
            else:
                upright.append((x0, min(y0, y1), max(y0, y1), connector))
    found = set()
    for y, left, right, one in level:
        for x, top, bottom, other in upright:
            apart = one.source != other.source and one.target != other.target
            if apart and left < x < right and top < y < bottom:
                found.add((x, y))
    return len(found)
