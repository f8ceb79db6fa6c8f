"""The LeNet view, from graph to Scene."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.blocks.names import block_title, fold_title
from keras_diagram_core.layout.images import NO_IMAGES, Images, Pictures
from keras_diagram_core.layout.legend import Extras
from keras_diagram_core.layout.lenet.aligned import cells, chains, floors, torn
from keras_diagram_core.layout.lenet.paint import (
    hints,
    labels,
    mark,
    patch_paints,
    rays,
    roof,
    seen_through,
    to_outline,
)
from keras_diagram_core.layout.lenet.sights import End, Sight, sight, spot
from keras_diagram_core.layout.lenet.stacks import GAP, Drawn, LenetLooks, ranged, stacks
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.network.cells import Drawing, Route
from keras_diagram_core.layout.network.engine import Engine, links_of, steps
from keras_diagram_core.layout.network.page import MARGIN, connector, frames
from keras_diagram_core.layout.network.plots import PAD
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.page import finished
from keras_diagram_core.layout.points import px
from keras_diagram_core.options import LenetOptions
from keras_diagram_core.options.looks import LenetLook
from keras_diagram_core.scene import Connector, Item, Label, Scene
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.fuse import UnitGraph, fuse

# How much smaller than the options say maps and spaces are drawn, for the sake of one row or
# of a sensible height, px.
SQUEEZE = ((1.0, 1.0), (0.85, 0.9), (0.7, 0.8), (0.6, 0.7), (0.5, 0.6))
SENSIBLE = 760.0
# Of more units than this, no trial is needed to see that they have to be small.
MANY = 300
# A network that even so gets taller than this, px, is drawn without words, if that
# makes it lower by this factor.
TALL = 2400.0
WORTH = 1.5
# A folded block often ends in other rows than an unfolded one; that settles after a few passes.
PASSES = 3


class _Picture(NamedTuple):
    """Units as they will be drawn, where, and how far below and above words are clear of lines."""

    drawn: Sequence[Drawn]
    drawing: Drawing
    floors: Sequence[float]
    roofs: Sequence[float]
    groups: Sequence[Sequence[int]]


def lay_out_lenet(graph: ModelGraph, options: LenetOptions, images: Images = NO_IMAGES) -> Scene:
    """Lay a model out as stacks of feature maps and bars of neurons, in rows of the page's width.

    What belongs to a layer (normalization, activation, dropout) is named below it; branches stand
    in rows of their own, and repetitions of deep models are folded.
    """
    looks = Looks(graph, options, LenetLook())
    units = fuse(graph, linear_order(graph), apart=looks.by_node)
    picture = _picture(graph, units, looks, Pictures(graph, looks, images))
    items = _Painted(graph, units, looks, picture).items()
    if options.legend:
        items += hints(picture.drawn, items, options)
    scene = finished(graph, looks, "lenet", items, MARGIN, Extras(images=images))
    return msgspec.structs.replace(
        scene,
        paints=scene.paints | patch_paints(options),
        items=tuple(seen_through(scene.items, looks)),
    )


def _picture(
    graph: ModelGraph, units: UnitGraph, looks: LenetLooks, pictures: Pictures
) -> _Picture:
    """Place everything, as large as one row allows, or else a sensible height without folds."""
    options = looks.options
    engine = Engine(graph, units, partial(_title, graph, units), steps(options.max_height))
    room = options.width - 2.0 * MARGIN
    sizes = SQUEEZE if len(units.units) <= MANY else SQUEEZE[-1:]
    tries = (stacks(graph, units, looks, (squeeze, room), pictures) for squeeze in sizes)
    if options.direction == "down" and (down := _downwards(engine, tries, options)):
        return down
    tries = (stacks(graph, units, looks, (squeeze, room), pictures) for squeeze in sizes)
    found: list[_Picture] = []
    for drawn in tries:
        found.append(_placed(engine, drawn, room))
        if found[-1].drawing.rows == 1:
            return found[-1]
    sensible = [picture for picture in found if picture.drawing.height <= SENSIBLE]
    whole = [picture for picture in sensible if not picture.drawing.folds]
    chosen = next(iter(whole or sensible), found[-1])
    if chosen.drawing.height <= TALL:
        return chosen
    bare = _placed(engine, [unit.bare() for unit in chosen.drawn], room)
    return bare if bare.drawing.height < chosen.drawing.height / WORTH else chosen


def _downwards(
    engine: Engine, tries: Iterable[Sequence[Drawn]], options: LenetOptions
) -> _Picture | None:
    """Place everything from top to bottom, if that fits the width; arrows join it."""
    room = options.width - 2.0 * MARGIN
    best: _Picture | None = None
    for units in tries:
        found = _upright(engine, [unit._replace(turned=True) for unit in units], room)
        if found:
            best = found
            if best.drawing.height <= options.max_height:
                break
    return best


def _upright(engine: Engine, drawn: Sequence[Drawn], room: float) -> _Picture | None:
    """Place units from top to bottom, and again with the words of what folds stand for.

    There is no such picture if those words do not fit the width, or if other folds come of them.
    """
    alone = [[unit] for unit in range(len(drawn))]
    labelled = list(drawn)
    for _ in range(PASSES):
        drawing = engine.draw_down([unit.lying_cell() for unit in labelled], room)
        if drawing is None:
            return None
        last, labelled = labelled, ranged(drawn, drawing.folds, room)
        if labelled == last:
            return _Picture(last, drawing, [0.0] * len(drawn), [0.0] * len(drawn), alone)
    return None


def _title(graph: ModelGraph, units: UnitGraph, block: Block) -> str:
    """Name a folded block, unless its name says nothing."""
    says_nothing = block_title(graph, units, block) == "Block"
    return fold_title(graph, units, block, named=not says_nothing)


def _placed(engine: Engine, drawn: Sequence[Drawn], room: float) -> _Picture:
    """Place units, and again with what that tells: where rows end, and what folds stand for."""
    runs = chains(drawn, sorted(engine.links))
    groups = alone = [[unit] for unit in range(len(drawn))]
    roofs = floors(drawn, alone, engine.links)
    labelled = list(drawn)
    for _ in range(PASSES):
        lowest = floors(labelled, groups, engine.links)
        drawing = engine.draw(cells(labelled, lowest), room, GAP)
        picture = _Picture(labelled, drawing, lowest, roofs, groups)
        groups = torn(runs, drawing.places)
        labelled = ranged(drawn, drawing.folds, room)
        if (labelled, groups) == (picture.drawn, picture.groups):
            break
    return picture


class _Painted:
    """One placed model as items."""

    def __init__(
        self, graph: ModelGraph, units: UnitGraph, looks: LenetLooks, picture: _Picture
    ) -> None:
        self._graph = graph
        self._units = units
        self._looks, self._options = looks, looks.options
        self._picture = picture
        self._links = links_of(units)
        self._group = {unit: n for n, group in enumerate(picture.groups) for unit in group}
        # Every second layer has its patches higher, so that those of neighbours do not meet.
        self._turn = {unit: n for group in picture.groups for n, unit in enumerate(group)}
        self._ends = {
            unit: End(picture.drawn[unit], (x + MARGIN, y + MARGIN))
            for unit, (x, y) in picture.drawing.places.items()
        }

    def items(self) -> list[Item]:
        """Give lines, stacks, patches with their rays, and words, from the bottom to the top."""
        drawing, origin = self._picture.drawing, (MARGIN,) * 2
        units = self._units.units
        sights = [(route, self._sight(route)) for route in drawing.routes]
        seen = [(route, found) for route, found in sights if found]
        items: list[Item] = list(frames(drawing, self._units, origin))
        items += [self._line(route) for route, found in sights if not found and self._shown(route)]
        items += [mark(self._graph, units[unit], end) for unit, end in self._ends.items()]
        for route, found in seen:
            items += rays(route.edge, found, self._ends[route.target].drawn.family, self._options)
        return [*items, *self._words(seen)]

    def _words(self, seen: Sequence[tuple[Route, Sight]]) -> Iterator[Label]:
        beside: dict[int, list[Sight]] = defaultdict(list)
        for route, found in seen:
            beside[route.source].append(found)
            beside[route.target].append(found)
        for unit, end in self._ends.items():
            above = max(roof(end, beside[unit]), self._picture.roofs[unit])
            yield from labels(self._units.units[unit], end, self._picture.floors[unit], above)

    def _shown(self, route: Route) -> bool:
        return self._options.draw_connections or not route.straight

    def _line(self, route: Route) -> Connector:
        """Draw an edge as a line with an arrow."""
        line = connector(route, (MARGIN,) * 2)
        source, target = self._ends.get(route.source), self._ends.get(route.target)
        points = to_outline(line.points, source, target)
        return msgspec.structs.replace(line, points=tuple((px(x), px(y)) for x, y in points))

    def _sight(self, route: Route) -> Sight | None:
        """Show what the target looks at, if the two are neighbours with nothing between."""
        source, target = self._ends.get(route.source), self._ends.get(route.target)
        alone = len(self._links[route.source, route.target]) == 1 if source and target else False
        if not (source and target and alone and route.straight):
            return None
        if self._group[route.source] != self._group[route.target]:
            return None
        cells = [end.drawn.cell().width / 2 for end in (source, target)]
        if target.place[0] - source.place[0] - sum(cells) > GAP + PAD + 1:
            return None
        node = self._graph.by_id[self._units.units[route.target].main]
        place = spot(self._turn[route.target], self._options.seed)
        found = sight(node, source, target, place, self._looks.own(node.id).patch_scale)
        return found if found and (self._options.draw_patches or not found.patches) else None
