"""Stages: which nodes are in the groups that a document asks for, and how these are painted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from keras_diagram_core.graph import ModelGraph, Note
from keras_diagram_core.layout.lines import TITLE_SIZE, line
from keras_diagram_core.layout.looks import paint_of
from keras_diagram_core.layout.members import members
from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.layout.points import px
from keras_diagram_core.options import Stage
from keras_diagram_core.scene import Bounds, Box, Label, Paint, Text
from keras_diagram_core.theme import PAGE_PAINTS, ink_on, mix


class Stages:
    """The groups of one picture.

    Attributes:
        of: the number of the group that each node is in; a node is in the first that has it.
        titles: what the groups are called, measured.
        paints: the colours of their backgrounds, and of words on those.
        notes: what matches nothing.
    """

    def __init__(self, graph: ModelGraph, stages: Sequence[Stage]) -> None:
        """Find the nodes of each group."""
        self.of: dict[str, int] = {}
        self.notes: list[Note] = []
        self._filled = {number for number, stage in enumerate(stages) if stage.fill}
        for number, stage in enumerate(stages):
            found, notes = members(graph, stage, "layered-groups")
            self.notes += notes
            for id_ in found:
                self.of.setdefault(id_, number)
        self._take_in_operations(graph)
        self.titles = [
            line(stage.name, TITLE_SIZE, bold=True, fill=f"stage-{number + 1}-ink")
            for number, stage in enumerate(stages)
        ]
        self.paints = dict(_paints(stages))

    def _take_in_operations(self, graph: ModelGraph) -> None:
        """Put operations that nobody named, as in `x + a`, where all that they take is."""
        sources: dict[str, list[str]] = {}
        for edge in graph.edges:
            sources.setdefault(edge.target, []).append(edge.source)
        for id_ in linear_order(graph):
            homes = {self.of.get(source) for source in sources.get(id_, ())}
            if graph.by_id[id_].module == "keras.ops" and len(homes) == 1 and None not in homes:
                self.of.setdefault(id_, next(number for number in homes if number is not None))

    def inked(self, label: Label) -> Label:
        """Have words stand out from the background of their group."""
        found = next((self.of[id_] for id_ in label.nodes if id_ in self.of), None)
        if found not in self._filled:
            return label
        ink = f"stage-{found + 1}-ink"
        shapes = (replace(s, fill=ink) if isinstance(s, Text) else s for s in label.shapes)
        return replace(label, shapes=tuple(shapes))


def background(stage: int, bounds: Bounds) -> Box:
    """Draw what lies behind a group."""
    left, top = px(bounds.left), px(bounds.top)
    size = px(bounds.right - left), px(bounds.bottom - top)
    paint = f"stage-{stage + 1}"
    return Box(left, top, *size, f"{paint}-fill", f"{paint}-line", radius=6)


def _paints(stages: Sequence[Stage]) -> Iterator[tuple[str, Paint]]:
    for number, stage in enumerate(stages, 1):
        fill = paint_of(stage.fill) if stage.fill else PAGE_PAINTS["group"]
        border = PAGE_PAINTS["group-line"]
        if stage.outline:
            border = paint_of(stage.outline)
        elif stage.fill:
            border = Paint(mix(fill.light, "#000000", 0.25), mix(fill.dark, "#ffffff", 0.25))
        ink = ink_on(fill) if stage.fill else PAGE_PAINTS["ink"]
        yield f"stage-{number}-fill", fill
        yield f"stage-{number}-line", border
        yield f"stage-{number}-ink", ink
