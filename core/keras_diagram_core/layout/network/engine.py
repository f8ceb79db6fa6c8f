"""The engine: a network's cells and edges as a drawing, the best way that fits the width."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cache

from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout.merging import merge
from keras_diagram_core.layout.network.cells import USUAL, Cell, Drawing, Setting
from keras_diagram_core.layout.network.crowns import apart, crowned, headed
from keras_diagram_core.layout.network.groups import Group, fits, groups
from keras_diagram_core.layout.network.loose import roomier, with_loose_frames
from keras_diagram_core.layout.network.mesh import draw_ranks
from keras_diagram_core.layout.network.plots import (
    LOOSE_STANDING,
    STANDING,
    Framing,
    Ruler,
    is_tree,
)
from keras_diagram_core.layout.network.scopes import Scopes
from keras_diagram_core.layout.network.tree import Pen, draw_tree
from keras_diagram_core.transforms.fold import (
    Block,
    Item,
    Likeness,
    fold,
    fold_within,
    unfolded_where_varied,
)
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.structure import structure

Steps = Sequence[tuple[Likeness, float]]
"""What is folded, and how high a picture may get before more is, px."""

# A picture that is no higher than this need not be folded, px.
SENSIBLE = 640.0
# Heights of columns that a picture from top to bottom may have, px.
HEIGHTS = (480.0, 640.0, 800.0, 1000.0, 1300.0, 1700.0, 2300.0, 3200.0, 1e6)
# Where a frame has its words beside what flows down, px.
SIDE_HEADER = 44.0


def steps(max_height: float, sensible: float = SENSIBLE) -> Steps:
    """Fold more and more, to keep to a height; nothing as long as it is `sensible`, px."""
    return (("none", min(sensible, max_height)), ("equal", max_height), ("scaled", 0.0))


class Engine:
    """Draws one network, as often as a view wants to try other cells.

    Networks in series and parallel are drawn as the tree that they are, folded where they get
    too high otherwise; all others, and what does not fit, by ranks - also where the outputs of a
    unit would leave as one line.
    """

    def __init__(
        self,
        graph: ModelGraph,
        units: UnitGraph,
        title: Callable[[Block], str],
        steps: Steps,
        setting: Setting = USUAL,
    ) -> None:
        """Find the structure of a unit graph; `title` names a folded block."""
        self._setting = setting
        self._steps = steps
        self.links = links_of(units)
        self._arrivals = Counter(target for _, target, _ in units.edges)
        self._title = title
        self.scopes = Scopes(graph, units) if setting.clusters else Scopes.none()
        root = structure(units)
        self._is_tree = is_tree(root)

        @cache
        def items(likeness: Likeness, *, titled: bool) -> tuple[Item, ...]:
            folding = fold_within if setting.clusters else fold
            found = apart(folding(graph, units, root, likeness), setting.stages)
            return tuple(found if titled else unfolded_where_varied(graph, units, found))

        self._items = items

    def draw(self, cells: Sequence[Cell], room: float, gap: float = 0.0) -> Drawing:
        """Place and connect all units in at most `room` px of width.

        Columns are `gap` px apart, unless the setting says how far.
        """
        setting = self._setting.or_gap(gap)
        framing = Framing(self.scopes)

        def draw(cells: Sequence[Cell]) -> Drawing:
            ruler = Ruler(cells, self._arrivals, self._title, setting, framing)
            return self._drawn(ruler, cells, room, titled=True)

        return crowned(cells, self.links, setting.stages, setting.gap, draw)

    def draw_down(self, cells: Sequence[Cell], room: float) -> Drawing | None:
        """Place all units from top to bottom, in the lowest columns that fit the width, if any.

        Cells are as for `draw`; the whole drawing is turned.
        """
        cells = headed(cells, self.links, self._setting.stages)
        framing = Framing(self.scopes, SIDE_HEADER, STANDING, LOOSE_STANDING)
        ruler = Ruler(cells, self._arrivals, lambda _: "", self._setting, framing)
        for height in HEIGHTS:
            drawing = self._drawn(ruler, cells, height, titled=False)
            if drawing.height <= room:
                return drawing.turned()
        return None

    def _drawn(self, ruler: Ruler, cells: Sequence[Cell], room: float, *, titled: bool) -> Drawing:
        tried: list[Drawing] = []
        for likeness, sensible in self._steps if self._is_tree else ():
            plots = groups(self._items(likeness, titled=titled), ruler, room)
            if not fits(plots, room, ruler.framing.rim):
                continue
            drawing = self._tree(plots, cells, ruler, room)
            if merge((route.edge, route.points) for route in drawing.routes):
                continue
            tried.append(drawing)
            if drawing.height <= sensible:
                return drawing
        if not tried:
            return self._by_ranks(ruler, cells, room)
        return min(tried, key=lambda drawing: drawing.height)

    def _by_ranks(self, ruler: Ruler, cells: Sequence[Cell], room: float) -> Drawing:
        rim = ruler.framing.loose
        wide = roomier(cells, self.scopes, rim, room)
        drawing = draw_ranks(wide, self.links, room, self._setting)
        return with_loose_frames(drawing, cells, self.scopes, rim, room)

    def _tree(
        self, plots: Sequence[Group], cells: Sequence[Cell], ruler: Ruler, room: float
    ) -> Drawing:
        setting = self._setting._replace(gap=ruler.gap)
        framing = ruler.framing
        drawing = draw_tree(plots, Pen(cells, self.links, setting, framing.rim), room)
        return with_loose_frames(drawing, cells, self.scopes, framing.loose, room)


def links_of(units: UnitGraph) -> dict[tuple[int, int], list[Edge]]:
    """Gather the edges of a unit graph by their two ends, in the order of the inputs."""
    links: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for source, target, edge in units.edges:
        links[source, target].append(edge)
    return {
        pair: sorted(edges, key=lambda edge: (edge.target_index, edge))
        for pair, edges in links.items()
    }
