"""Runs: neighbours that say the same thing share one label, like `3 × conv 3×3`."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.layout.apart import Phrases
from keras_diagram_core.layout.lines import TEXT_SIZE, WIDEST_TEXT, Line, line
from keras_diagram_core.layout.looks import Looks
from keras_diagram_core.layout.words import named, size_text, wording
from keras_diagram_core.options import LayeredOptions
from keras_diagram_core.options.looks import LayeredLook
from keras_diagram_core.transforms.fuse import Unit

NAME_SIZE = 10.0
SHAPE_SIZE = 9.0
BETWEEN = 2.0
_SILENT = frozenset({"norm", "activation", "dropout"})


class Run(NamedTuple):
    """Neighbouring nodes under one label of no, one or several lines.

    The label speaks of the first node, of the last of `speakers`, and of all between. One that
    the author wrote keeps its lines, and may stand `above`. `stage` counts the groups that were
    asked for, -1 is none; `room` is left free before the run, `between` between its lines, px.
    The label is set in `font`, if that is not empty.
    """

    nodes: tuple[str, ...]
    speakers: int = 1
    lines: tuple[Line, ...] = ()
    stacked: bool = False
    above: bool = False
    stage: int = -1
    room: float = 0.0
    between: float = BETWEEN
    font: str = ""

    @property
    def label_width(self) -> float:
        """How wide the label is, px; 0 without one."""
        return max((line.width for line in self.lines), default=0.0)

    @property
    def label_height(self) -> float:
        """How high the label is, px; 0 without one."""
        rows = sum(line.size + self.between for line in self.lines)
        return rows - self.between if self.lines else 0.0


class _Saying(NamedTuple):
    """What the label of one node says; an empty one lets the node pass in silence."""

    lines: tuple[str, ...] = ()
    written: bool = False
    above: bool = False


_SILENCE = _Saying()
LayeredLooks = Looks[LayeredOptions, LayeredLook]


def runs(
    phrases: Phrases,
    units: Sequence[Unit],
    linked: Container[tuple[str, str]],
    looks: LayeredLooks,
    stages: Mapping[str, int],
    alike: Mapping[str, Sequence[Unit]],
) -> list[Run]:
    """Split a line of units into runs, in order.

    A unit with nothing new to say (an activation that keeps its input's shape) has no label
    of its own and belongs to the run before it.

    Args:
        phrases: what is said of the nodes of the model.
        units: what stands side by side.
        linked: the edges between units.
        looks: what labels say, and how they look; a run has one look.
        stages: the group that each node is in; a run is in one.
        alike: the further units that a box stands for.
    """
    groups: list[_Group] = []
    previous = ""
    for unit in units:
        saying = _saying(phrases, unit, looks.options, alike.get(unit.main, ()))
        room = sum(phrases.graph.by_id[id_].room for id_ in unit.nodes)
        stage = stages.get(unit.main, -1)
        joins = (previous, unit.main) in linked and not room and groups[-1].stage == stage
        joins = joins and _words_of(looks, previous) == _words_of(looks, unit.main)
        if joins and (saying == _SILENCE or (saying == groups[-1].saying and not saying.written)):
            groups[-1].add(unit.main, saying)
        else:
            between, font = looks.own(unit.main).text_vspacing, looks.of(unit.main).font
            empty = Run((), stage=stage, room=room, between=between, font=font)
            groups.append(_Group(unit.main, saying, empty))
        previous = unit.main
    return [group.run() for group in groups]


def _words_of(looks: LayeredLooks, id_: str) -> tuple[float, str, str]:
    """Say how the words of a node look."""
    look = looks.of(id_)
    return looks.own(id_).text_vspacing, look.font_color, look.font


class _Group:
    """A run in the making."""

    def __init__(self, first: str, saying: _Saying, empty: Run) -> None:
        self.saying = saying
        self.stage = empty.stage
        self._empty = empty
        self._nodes = [first]
        self._count = self._speakers = 1

    def add(self, id_: str, saying: _Saying) -> None:
        self._nodes.append(id_)
        if saying != _SILENCE:
            self._count += 1
            self._speakers = len(self._nodes)

    def run(self) -> Run:
        nodes, (_, written, above) = tuple(self._nodes), self.saying
        lines = tuple(self._written() if written else self._said())
        return self._empty._replace(
            nodes=nodes, speakers=self._speakers, lines=lines, stacked=written, above=above
        )

    def _written(self) -> list[Line]:
        return [line(text, TEXT_SIZE, most=WIDEST_TEXT) for text in self.saying.lines]

    def _said(self) -> list[Line]:
        if not self.saying.lines:
            return []
        times = f"{self._count} × " if self._count > 1 else ""
        name, shape = self.saying.lines
        lines = []
        if name:
            lines.append(line(times + name, NAME_SIZE, bold=True))
        if shape:
            lines.append(line(shape, SHAPE_SIZE, fill="muted"))
        return lines


def _saying(
    phrases: Phrases, unit: Unit, options: LayeredOptions, alike: Iterable[Unit]
) -> _Saying:
    graph = phrases.graph
    node, last = graph.by_id[unit.main], graph.by_id[unit.nodes[-1]]
    if options.text_callable:
        lines, above = wording(graph, unit, options)
        return _Saying(lines, written=True, above=above)
    others = (graph.by_id[other.nodes[-1]] for other in alike)
    shape = size_text(graph, last, others) if options.show_shapes else ""
    words = phrases.of(node).text
    name = named(graph, unit, words, layer_names=options.show_layer_names)
    keeps_shape = node.output_shapes[:1] == node.input_shapes[:1]
    merges = family(node) == "merge" and len(node.input_shapes) > 1
    speaks = options.show_layer_names or name != words or bool(phrases.told(node))
    if not speaks and keeps_shape and (merges or family(node) in _SILENT):
        return _SILENCE
    return _Saying((name, shape))
