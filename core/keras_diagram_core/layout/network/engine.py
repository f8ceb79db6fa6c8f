"""The engine: a network's cells and edges as a drawing, the best way that fits the width."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cache

from keras_diagram_core.graph import Edge, ModelGraph
from keras_diagram_core.layout.network.cells import Cell, Drawing
from keras_diagram_core.layout.network.mesh import draw_ranks
from keras_diagram_core.layout.network.plots import GAP, HEADER, Ruler, is_tree
from keras_diagram_core.layout.network.tree import Pen, draw_tree, fits, groups
from keras_diagram_core.transforms.fold import Block, Item, Likeness, fold
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.structure import structure

# How high a picture may get before more of it is folded, px.
SENSIBLE: tuple[tuple[Likeness, float], ...] = (("none", 640), ("equal", 1400), ("scaled", 1e9))


class Engine:
    """Draws one network, as often as a view wants to try other cells.

    Networks in series and parallel are drawn as the tree that they are, folded where they get
    too high otherwise; all others, and what does not fit, by ranks.
    """

    def __init__(
        self,
        graph: ModelGraph,
        units: UnitGraph,
        title: Callable[[Block], str],
        header: float = HEADER,
    ) -> None:
        """Find the structure of a unit graph; `title` names a folded block, in a `header`."""
        self._header = header
        self.links = links_of(units)
        self._arrivals = Counter(target for _, target, _ in units.edges)
        self._title = title
        root = structure(units)
        self._is_tree = is_tree(root)

        @cache
        def items(likeness: Likeness) -> tuple[Item, ...]:
            return fold(graph, units, root, likeness)

        self._items = items

    def draw(self, cells: Sequence[Cell], room: float, gap: float = GAP) -> Drawing:
        """Place and connect all units in at most `room` px of width, `gap` px apart."""
        best: Drawing | None = None
        for likeness, sensible in SENSIBLE if self._is_tree else ():
            ruler = Ruler(cells, self._arrivals, self._title, gap, self._header)
            plots = groups(self._items(likeness), ruler)
            if fits(plots, room):
                best = draw_tree(plots, Pen(cells, self.links, gap), room)
                if best.height <= sensible:
                    break
        return best or draw_ranks(cells, self.links, room)


def links_of(units: UnitGraph) -> dict[tuple[int, int], list[Edge]]:
    """Gather the edges of a unit graph by their two ends, in the order of the inputs."""
    links: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for source, target, edge in units.edges:
        links[source, target].append(edge)
    return {
        pair: sorted(edges, key=lambda edge: (edge.target_index, edge))
        for pair, edges in links.items()
    }
