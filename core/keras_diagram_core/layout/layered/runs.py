"""Runs: neighbours that say the same thing share one label, like `3 × conv 3×3`."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout.words import family, short_name, size_text
from keras_diagram_core.options import LayeredOptions
from keras_diagram_core.text import clean, elide, text_width
from keras_diagram_core.transforms.fuse import Unit

NAME_SIZE = 10.0
SHAPE_SIZE = 9.0
TITLE_SIZE = 9.5
WIDEST_LABEL = 124.0
_SILENT = frozenset({"norm", "activation", "dropout"})


class Line(NamedTuple):
    """One line of a label, measured."""

    text: str
    width: float


class Run(NamedTuple):
    """Neighbouring nodes under one label of no, one or two lines.

    The label speaks of the first node, of the last of `speakers`, and of all between.
    """

    nodes: tuple[str, ...]
    speakers: int = 1
    name: Line | None = None
    shape: Line | None = None

    @property
    def label_width(self) -> float:
        """How wide the label is, px; 0 without one."""
        return max((line.width for line in (self.name, self.shape) if line), default=0.0)


class _Saying(NamedTuple):
    """What the label of one node says; an empty one lets the node pass in silence."""

    name: str = ""
    shape: str = ""


_SILENCE = _Saying()


def runs(
    graph: ModelGraph,
    units: Sequence[Unit],
    linked: Container[tuple[str, str]],
    options: LayeredOptions,
) -> list[Run]:
    """Split a line of units into runs, in order; `linked` has the edges between them.

    A unit with nothing new to say (an activation that keeps its input's shape) has no label
    of its own and belongs to the run before it.
    """
    groups: list[_Group] = []
    previous = ""
    for unit in units:
        saying = _saying(graph, unit, options)
        joins = (previous, unit.main) in linked and saying in (_SILENCE, groups[-1].saying)
        if joins:
            groups[-1].add(unit.main, saying)
        else:
            groups.append(_Group(unit.main, saying))
        previous = unit.main
    return [group.run() for group in groups]


class _Group:
    """A run in the making."""

    def __init__(self, first: str, saying: _Saying) -> None:
        self.saying = saying
        self._nodes = [first]
        self._count = self._speakers = 1

    def add(self, id_: str, saying: _Saying) -> None:
        self._nodes.append(id_)
        if saying != _SILENCE:
            self._count += 1
            self._speakers = len(self._nodes)

    def run(self) -> Run:
        times = f"{self._count} × " if self._count > 1 else ""
        name, shape = self.saying
        return Run(
            tuple(self._nodes),
            self._speakers,
            line(times + name, NAME_SIZE, bold=True) if name else None,
            line(shape, SHAPE_SIZE) if shape else None,
        )


def _saying(graph: ModelGraph, unit: Unit, options: LayeredOptions) -> _Saying:
    node, last = graph.by_id[unit.main], graph.by_id[unit.nodes[-1]]
    shape = size_text(graph, last) if options.show_shapes else ""
    if options.show_layer_names:
        return _Saying(clean(node.name), shape)
    keeps_shape = node.output_shapes[:1] == node.input_shapes[:1]
    merges = family(node) == "merge" and len(node.input_shapes) > 1
    if keeps_shape and (merges or family(node) in _SILENT):
        return _SILENCE
    return _Saying(short_name(node), shape)


def line(text: str, size: float, *, bold: bool = False) -> Line:
    """Measure a line of text, cut if it is too long."""
    fitting = elide(text, WIDEST_LABEL, size, bold=bold)
    return Line(fitting, text_width(fitting, size, bold=bold))
