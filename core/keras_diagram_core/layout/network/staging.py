"""Staging: the backgrounds of stages behind a drawing, and their names where there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from msgspec.structs import astuple, replace

from keras_diagram_core.graph import Note
from keras_diagram_core.layout.lines import Line, line
from keras_diagram_core.layout.network.cells import Drawing, UnitStages
from keras_diagram_core.layout.network.crowns import CROWN, INSET, SIDE, areas, linked, margins
from keras_diagram_core.layout.points import px
from keras_diagram_core.layout.regions import Shelf, regions
from keras_diagram_core.layout.stages import Stages, background
from keras_diagram_core.options import FunctionalOptions, GraphOptions
from keras_diagram_core.scene import Bounds, Connector, Frame, Item, Label, Mark, Point, Text
from keras_diagram_core.transforms.fuse import UnitGraph

BASE = 12.0
# What stays free between a name and an edge that crosses the background, px.
CLEAR = 3.0
# The narrowest room in which a part of a name is written, px.
NARROWEST = 24.0


Grouping = TypeVar("Grouping", FunctionalOptions, GraphOptions)


class Ground(NamedTuple):
    """A background: how far it reaches, its stage, and the nodes that stand on it."""

    bounds: Bounds
    stage: int
    nodes: tuple[str, ...]


def inside(options: Grouping) -> tuple[Grouping, float]:
    """Give the options for what backgrounds stand around, and how far it is inset, px."""
    if not options.layered_groups:
        return options, 0.0
    return replace(options, width=options.width - round(2 * INSET)), INSET


def unit_stages(units: UnitGraph, stages: Stages) -> UnitStages:
    """Give the stage of each unit: that of its main node."""
    if not stages.titles:
        return UnitStages()
    widths = [title.width for title in stages.titles]
    return UnitStages([stages.of.get(unit.main, -1) for unit in units.units], widths)


def grounds(drawing: Drawing, units: UnitGraph, stages: Stages, origin: Point) -> Iterator[Ground]:
    """Give the backgrounds of a drawing that stands at `origin`."""
    of_units = unit_stages(units, stages)
    if not of_units.of:
        return
    owned = areas(drawing, of_units)
    _, space = margins(drawing)
    for region in regions([each.area for each in owned], linked(owned, drawing)):
        (x, y), (left, top, right, bottom) = origin, astuple(region.bounds)
        # Above a name there is room enough.
        top += space if stages.titles[region.stage].text else 0.0
        members = (unit for place in region.members for unit in owned[place].units)
        nodes = tuple(id_ for unit in members for id_ in units.units[unit].nodes)
        bounds = Bounds(left + x, top + y, right + x, bottom + y)
        yield Ground(bounds, region.stage, nodes)


def without_crossing(drawing: Drawing, found: Sequence[Ground], origin: Point) -> Drawing:
    """Leave out frames of opened models whose borders would cross those of backgrounds."""
    kept = []
    for cluster in drawing.clusters:
        left, top, right, bottom = astuple(cluster.bounds)
        x, y = origin
        frame = Bounds(left + x, top + y, right + x, bottom + y)
        others = (ground.bounds for ground in found)
        if not any(_cross(frame, other) for other in others):
            kept.append(cluster)
    return drawing._replace(clusters=kept)


def _cross(one: Bounds, other: Bounds) -> bool:
    return one.overlaps(other) and not one.contains(other) and not other.contains(one)


def staged(
    items: Sequence[Item], found: Sequence[Ground], stages: Stages
) -> tuple[list[Item], list[Note]]:
    """Put backgrounds behind a drawing, and names on them; say which stages cannot be shown."""
    if not stages.titles:
        return list(items), []
    behind = [
        Frame(nodes=ground.nodes, shapes=(background(ground.stage, ground.bounds),))
        for ground in found
    ]
    titles = list(_titles(found, _Taken(items), stages))
    frames = [item for item in items if isinstance(item, Frame)]
    above = [
        frame.bounds
        for frame in frames
        if any(ground.bounds.contains(frame.bounds) for ground in found)
    ]
    others = (item for item in items if not isinstance(item, Frame))
    inked = [_inked(item, stages, above) for item in others]
    named = {title.stage for title in titles}
    notes = list(_notes(stages, {ground.stage for ground in found}, named))
    # What is within something else is painted later.
    layers = sorted([*behind, *frames], key=_area, reverse=True)
    return [*layers, *inked, *(title.label for title in titles)], notes


def _area(frame: Frame) -> float:
    bounds = frame.bounds
    return (bounds.right - bounds.left) * (bounds.bottom - bounds.top)


def _inked(item: Item, stages: Stages, frames: Sequence[Bounds]) -> Item:
    """Have words stand out from the background, unless a frame lies between."""
    if not isinstance(item, Label) or any(bounds.contains(item.bounds) for bounds in frames):
        return item
    return stages.inked(item)


def _notes(stages: Stages, shown: set[int], named: set[int]) -> Iterator[Note]:
    for number in sorted(set(stages.of.values())):
        name = stages.titles[number].text
        if number not in shown:
            subject = f"the layers of '{name}'" if name else f"the layers of group {number + 1}"
            message = f"layered-groups: {subject} are drawn within the boxes of others."
            yield Note(message=message)
        elif name and number not in named:
            yield Note(message=f"layered-groups: there is no room for the name '{name}'.")


class _Title(NamedTuple):
    stage: int
    label: Label


def _titles(found: Sequence[Ground], taken: _Taken, stages: Stages) -> Iterator[_Title]:
    """Name each region that has room for it; if none of a stage has, cut the name in one."""
    named = set()
    for ground in found:
        title = stages.titles[ground.stage]
        spans = _free(ground.bounds, taken)
        fitting = next((span for span in spans if span[1] - span[0] >= title.width), None)
        if title.text and fitting:
            named.add(ground.stage)
            yield _title(ground, title, fitting[0])
    for stage in sorted({ground.stage for ground in found} - named):
        title = stages.titles[stage]
        rooms = [
            (right - left, left, number)
            for number, ground in enumerate(found)
            if ground.stage == stage
            for left, right in _free(ground.bounds, taken)
        ]
        width, left, number = max(rooms, default=(0.0, 0.0, 0))
        if title.text and width >= NARROWEST:
            cut = line(title.text, title.size, bold=title.bold, fill=title.fill, most=width)
            yield _title(found[number], cut, left)


def _title(ground: Ground, title: Line, x: float) -> _Title:
    base = px(ground.bounds.top + BASE)
    text = Text(px(x), base, title.text, title.size, title.width, fill=title.fill, bold=title.bold)
    return _Title(ground.stage, Label(role="title", shapes=(text,)))


def _free(bounds: Bounds, taken: _Taken) -> list[tuple[float, float]]:
    """List the free spans along the upper border of a background, from the left.

    Names stand above all that is drawn there; only edges may come between.
    """
    left, right = bounds.left + SIDE, bounds.right - SIDE
    strip = Bounds(left, bounds.top + 2, right, bounds.top + CROWN - 1)
    # A frame around all of the background is behind it.
    borders = (frame for frame in taken.frames.within(strip) if not frame.contains(strip))
    if taken.things.within(strip) or any(borders):
        return []
    ends = [(left, left)]
    for other in sorted(taken.edges.within(strip), key=lambda each: each.left):
        ends.append((other.left - CLEAR, max(other.right + CLEAR, ends[-1][1])))
    ends.append((right, right))
    return [(start, end) for (_, start), (end, _) in pairwise(ends) if end > start]


class _Taken:
    """What no name may cover: boxes, words and frames, and each part of each edge."""

    def __init__(self, items: Sequence[Item]) -> None:
        lines: list[Bounds] = []
        things: list[Bounds] = []
        frames: list[Bounds] = []
        for item in items:
            match item:
                case Connector(points=points):
                    lines += (_around_line(*ends) for ends in pairwise(points))
                case Label(role=role, shapes=shapes):
                    found = lines if role == "synapses" else things
                    found += (shape.bounds for shape in shapes)
                case Mark():
                    things.append(item.bounds)
                case Frame():
                    frames.append(item.bounds)
        self.edges, self.things, self.frames = Shelf(lines), Shelf(things), Shelf(frames)


def _around_line(start: Point, end: Point) -> Bounds:
    (left, right), (top, bottom) = (sorted(ends) for ends in zip(start, end, strict=True))
    return Bounds(left - 1, top - 1, right + 1, bottom + 1)
