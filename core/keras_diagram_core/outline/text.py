"""The outline as a text, a part a line; how to read it is in `docs/reference/outline.md`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from msgspec import Struct

from keras_diagram_core.graph import Fact
from keras_diagram_core.outline.outline import Block, Edge, Outline, Part, Unit, units_of

_CARRIED = "the repetition before"
_LISTED = 6


def as_text(outline: Outline) -> str:
    """Return an outline as an indented text."""
    return "\n".join(_Writer(outline).lines())


class _Line(Struct):
    """One line: what it says, and what is added once all lines are there."""

    depth: int
    text: str
    part: Part | None = None
    refs: list[str | _Mark] = []
    is_only: bool = False
    is_side: bool = False
    choices: list[list[str | _Mark]] = []
    marks: list[int] = []
    ends: list[str] = []


class _Mark(Struct, frozen=True):
    """What a unit gives after a repetition of what it is in; 0 is the last."""

    source: str
    after: int


class _Writer:
    """Writes one outline."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._into: dict[str, list[Edge]] = defaultdict(list)
        for edge in outline.edges:
            self._into[edge.target].append(edge)
        self._sides = {side.source: side.name for side in outline.sides}
        self._inputs = {each.id: each.name for each in outline.inputs}
        self._lines: list[_Line] = []
        self._at: dict[str, _Line] = {}
        self._folds: dict[str, _Line] = {}
        self._used: list[tuple[_Mark, str]] = []

    def lines(self) -> list[str]:
        """Return the lines."""
        outline = self._outline
        self._lines.append(_Line(0, outline.title))
        for each in outline.inputs:
            size = "×".join("?" if n is None else str(n) for n in each.shape)
            name = f"input {each.name}".strip() + (f": {size}" if size else "")
            line = _Line(1, name + " (side)" * (each.id in self._sides))
            self._lines.append(line)
            self._at[each.id] = line
        only = set(self._inputs) if len(self._inputs) == 1 else set()
        self._parts(outline.parts, 1, only)
        self._add_outputs()
        numbers = self._numbered()
        return [_written(line, numbers) for line in self._lines]

    def _parts(self, parts: Sequence[Part], depth: int, taken: Collection[str]) -> None:
        """Write parts in series; the first one takes what the block around them takes."""
        above = set(taken)
        for part in parts:
            self._part(part, depth, above, taken)
            above = gives(part) | (above if part.only else set())

    def _part(
        self, part: Part, depth: int, above: Collection[str], taken: Collection[str]
    ) -> None:
        """Write a part; `above` comes from the line above, `taken` is what its block takes."""
        if isinstance(part, Unit):
            self._unit(part, depth, above, taken)
            return
        sides = [self._sides[id_] for id_ in gives(part) if id_ in self._sides and part.times > 1]
        line = self._line(depth, part, ", ".join(sides))
        inner = set(above)
        if part.is_sideways:
            inner |= self._entries(line, part, above)
        elif part.times > 1:
            inner.add(_CARRIED)
        if part.times > 1:
            for unit in units_of(part):
                self._folds.setdefault(unit.id, line)
        if not part.is_parallel:
            self._parts(part.parts, depth + 1, inner)
            return
        for branch in part.parts:
            self._part(branch, depth + 1, inner, inner)

    def _line(self, depth: int, part: Part, name: str) -> _Line:
        """Begin a line, with the name of the side value that a part gives, or of the part."""
        is_side = name in self._sides.values()
        line = _Line(
            depth, f"{name}: {_title(part)}" if name else _title(part), part, is_side=is_side
        )
        self._lines.append(line)
        return line

    def _unit(
        self, unit: Unit, depth: int, above: Collection[str], taken: Collection[str]
    ) -> None:
        is_folded = unit.id in self._folds
        line = self._line(
            depth, unit, unit.name if is_folded else self._sides.get(unit.id, unit.name)
        )
        self._at[unit.id] = line
        if unit.times > 1:
            self._folds.setdefault(unit.id, line)
            above = {*above, _CARRIED}
        slots: dict[int, list[Edge]] = defaultdict(list)
        for edge in self._into[unit.id]:
            slots[edge.slot].append(edge)
        takes = False
        for edges in slots.values():
            refs = list(dict.fromkeys(self._ref(edge, above, taken, unit.id) for edge in edges))
            takes = takes or "" in refs
            if "" in refs:
                continue
            if len(refs) > 1:
                line.choices.append([ref for ref in refs if ref != "input"])
            elif refs[0] not in line.refs:
                line.refs.append(refs[0])
        only_sides = all(ref in self._sides.values() for ref in line.refs)
        line.is_only = not takes and bool(line.refs) and not only_sides

    def _ref(
        self, edge: Edge, above: Collection[str], taken: Collection[str], target: str
    ) -> str | _Mark:
        """Return how a line says where a tensor comes from: empty if from above."""
        source = _CARRIED if edge.is_carried else edge.source
        if source in above:
            return ""
        fold = self._folds.get(edge.source)
        if edge.source in self._sides and (fold is None or self._folds.get(target) is not fold):
            return self._sides[edge.source]
        if edge.source in self._inputs and len(self._inputs) > 1:
            return self._inputs[edge.source]
        if source in taken:
            return "input"
        mark = _Mark(edge.source, edge.after)
        self._used.append((mark, target))
        return mark

    def _entries(self, line: _Line, part: Block, above: Collection[str]) -> set[str]:
        """Say what blocks side by side take, if each takes something of its own, and return it."""
        first = next(units_of(part))
        edges = [edge for edge in self._into[first.id] if not edge.is_carried]
        refs = [self._ref(edge, above, above, first.id) for edge in edges]
        if len(set(refs)) < 2 or "" in refs or any(len(edge.turns) != 1 for edge in edges):
            return set()
        line.refs, line.is_only = refs, True
        return {edge.source for edge in edges}

    def _add_outputs(self) -> None:
        for output in self._outline.outputs:
            line = self._at.get(output.source)
            fold = self._folds.get(output.source)
            if fold and fold.part and not fold.part.is_sideways:
                line = fold
            if line is None:
                continue
            after = f" after {output.after}" * bool(output.after and line is fold)
            line.ends.append(output.name + after)

    def _numbered(self) -> dict[_Mark, int]:
        """Put a number on each line that others refer to, from top to bottom."""
        place = {id(line): number for number, line in enumerate(self._lines)}
        lines: dict[_Mark, _Line] = {}
        for mark, target in self._used:
            fold = self._folds.get(mark.source)
            is_inside = fold is not None and self._folds.get(target) is fold
            lines[mark] = fold if fold and not is_inside else self._at[mark.source]
        order = sorted(lines, key=lambda mark: (place[id(lines[mark])], mark.after or len(place)))
        for number, mark in enumerate(order, 1):
            lines[mark].marks.append(number)
        return {mark: number for number, mark in enumerate(order, 1)}


def gives(part: Part) -> set[str]:
    """Return the units that give what a part gives."""
    if isinstance(part, Unit):
        return {part.id}
    if part.is_parallel:
        return {unit for branch in part.parts for unit in gives(branch)}
    found = gives(part.parts[-1])
    if part.parts[-1].only and len(part.parts) > 1:
        found |= gives(part.parts[-2])
    return found


def _title(part: Part) -> str:
    text = part.text if isinstance(part, Unit) else part.title
    if part.times == 1:
        return text
    if part.is_shared:
        return f"{text}, shared x {part.times}"
    return f"{text} x {part.times}" + ", side by side" * part.is_sideways


def _written(line: _Line, numbers: dict[_Mark, int]) -> str:
    def name(ref: str | _Mark) -> str:
        return ref if isinstance(ref, str) else f"#{numbers[ref]}"

    text = "  " * line.depth + line.text
    if line.refs:
        text += (" <= " if line.is_only else " <- ") + ", ".join(map(name, line.refs))
    text += "".join("; <- " + ", ".join(map(name, refs)) for refs in line.choices)
    if line.part:
        text += "".join(f"; {note}" for note in _notes(line.part))
    text += " (side)" * line.is_side
    after = {number: mark.after for mark, number in numbers.items()}
    for number in line.marks:
        is_fold = line.part is not None and line.part.times > 1
        text += f" #{number}" + f" after {after[number]}" * bool(after[number] and is_fold)
    if not line.ends:
        return text
    if isinstance(line.part, Unit):
        return f"{text} -> output {', '.join(filter(None, line.ends))}".rstrip()
    return text + "".join(f" -> output {end}".rstrip() for end in line.ends)


def _notes(part: Part) -> list[str]:
    """Say in what repetitions differ, and which of them have a part."""
    notes = []
    for name, values in part.varies.items():
        if all(isinstance(value, bool) for value in values):
            notes.append(
                f"{name} only in {_turns([n for n, there in enumerate(values, 1) if there])}"
            )
        else:
            notes.append(f"{name}: {_listed([value for value in values if value is not None])}")
    if part.only:
        notes.append(f"only in {_turns(part.only)}")
    return notes


def _turns(turns: Sequence[int]) -> str:
    """Write which repetitions are meant: `1, 3`, `2–5`."""
    if len(turns) > 3 and turns[-1] - turns[0] == len(turns) - 1:
        return f"{turns[0]}–{turns[-1]}"
    return ", ".join(map(str, turns))


def _listed(values: Sequence[Fact]) -> str:
    """Write values: up to six, a range if they grow, or the few that are not as the others."""
    most = max(values, key=values.count)
    if len(values) > _LISTED and values.count(most) >= len(values) - 2:
        others = [
            f"{_fact(value)} in {turn}" for turn, value in enumerate(values, 1) if value != most
        ]
        return ", ".join([*others, f"else {_fact(most)}"])
    numbers = [value for value in values if isinstance(value, int | float)]
    is_monotone = numbers in (sorted(numbers), sorted(numbers, reverse=True))
    if len(values) > _LISTED and is_monotone and len(numbers) == len(values):
        return f"{_fact(values[0])}–{_fact(values[-1])}"
    return ", ".join(map(_fact, values))


def _fact(value: Fact) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
