"""Folds: what a box says that is drawn once for several which differ in size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keras_diagram_core.describe import range_text
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.functional.boxes import Drawn, channels_of, space_text
from keras_diagram_core.layout.functional.wording import SIZE
from keras_diagram_core.layout.sizes import extents
from keras_diagram_core.layout.solids import Extent
from keras_diagram_core.text import text_width
from keras_diagram_core.transforms.fold import Block, counterparts
from keras_diagram_core.transforms.fuse import UnitGraph


def with_ranges(
    graph: ModelGraph, units: UnitGraph, drawn: Sequence[Drawn], folds: Iterable[Block]
) -> list[Drawn]:
    """Write ranges where the sizes of repetitions differ, or nothing where they have no room."""
    boxes, dimensions = list(drawn), extents(graph)
    for unit, alike in counterparts(folds).items():
        ends = [dimensions[units.units[index].nodes[-1]] for index in alike]
        boxes[unit] = _ranged(boxes[unit], ends)
    return boxes


def _ranged(box: Drawn, ends: Sequence[Extent]) -> Drawn:
    head = range_text([channels_of(end) for end in ends])
    if box.head in {"", head}:
        head = box.head
    elif text_width(head, SIZE) > _room(box):
        head = ""
    is_same = len({space_text(end) for end in ends}) == 1
    return box._replace(head=head, size=box.size if is_same else "")


def _room(box: Drawn) -> float:
    """Say how wide the words above a box may be: as the box's room; beside it, as they were."""
    return text_width(box.head, SIZE) if box.upright else box.cell().width
