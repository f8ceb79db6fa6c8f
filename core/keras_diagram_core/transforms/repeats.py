"""Repeats: cells of a mesh that follow each other, are the same and are wired the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

from msgspec import Struct

from keras_diagram_core.transforms.cells import Cell

Inputs = Mapping[int, Sequence[int]]
"""The units that each unit uses, in the order of its inputs."""


class CellRun(Struct, frozen=True):
    """A cell, `len(repeats)` times one after the other; the first is the exemplar.

    `like` is the place of an earlier run whose exemplar looks the same but for channel counts;
    None if there is none. `reach` says how many cells back a repetition looks for its inputs.
    """

    repeats: tuple[Cell, ...]
    like: int | None = None
    reach: int = 1


class Cells(Struct, frozen=True):
    """The cells of a mesh in an order in which they can run, folded where they repeat."""

    runs: tuple[CellRun, ...]


def form(cell: Cell, inputs: Inputs, signature: Callable[[int], Hashable]) -> Hashable:
    """Tell a cell apart by its units and by the edges between them."""
    place = {unit: number for number, unit in enumerate(cell.units)}
    place |= {unit: -1 - number for number, unit in enumerate(cell.sources)}
    return tuple(
        (signature(unit), *(place[source] for source in inputs.get(unit, ())))
        for unit in cell.units
    )


def mesh_form(
    cells: Sequence[Cell], inputs: Inputs, signature: Callable[[int], Hashable]
) -> tuple[Hashable, ...]:
    """Tell a mesh apart by its cells and by which of them use which."""
    place = {cell.exit: number for number, cell in enumerate(cells)}
    return tuple(
        (form(cell, inputs, signature), *(place.get(source, -1) for source in cell.sources))
        for cell in cells
    )


def unfolded(cells: Sequence[Cell]) -> Cells:
    """Take each cell by itself."""
    return Cells(tuple(CellRun((cell,)) for cell in cells))


def fold_cells(
    cells: Sequence[Cell],
    inputs: Inputs,
    same: Callable[[int], Hashable],
    alike: Callable[[int], Hashable],
) -> Cells:
    """Fold cells that repeat, and find those that have been there before; single units stay.

    Args:
        cells: in an order in which they can run.
        inputs: of all units.
        same: tells apart units that a fold must not mix.
        alike: tells apart units of cells that do not look alike.
    """
    wiring = _Wiring(cells)
    forms = [form(cell, inputs, same) for cell in cells]
    runs: list[CellRun] = []
    known: dict[Hashable, int] = {}
    start = 0
    while start < len(cells):
        end = start + 1
        is_large = len(cells[start].units) > 1
        while (
            is_large
            and end < len(cells)
            and forms[end] == forms[start]
            and wiring.goes_on(start, end)
        ):
            end += 1
        look = form(cells[start], inputs, alike)
        like = known.setdefault(look, len(runs)) if is_large else len(runs)
        repeats = tuple(cells[start:end])
        reach = wiring.reach(start) if len(repeats) > 1 else 1
        runs.append(CellRun(repeats, like if like < len(runs) else None, reach))
        start = end
    return Cells(tuple(runs))


class _Wiring:
    """Which cells use which."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._place = {cell.exit: number for number, cell in enumerate(cells)}

    def goes_on(self, start: int, end: int) -> bool:
        """Say whether a run of cells can be told by its first one, with one more at its end."""
        steps = self._steps(start, start + 1)
        return self._steps(end - 1, end) == steps and None not in steps

    def reach(self, start: int) -> int:
        """Say how many cells back the repetitions of a run look."""
        return self._far(start, self._steps(start, start + 1))

    def _steps(self, number: int, following: int) -> tuple[int | None, ...]:
        """Say how far each source moves on from one cell to the next: 0, 1 or anyhow."""
        pairs = zip(self._cells[number].sources, self._cells[following].sources, strict=True)
        return tuple(self._step(one, other) for one, other in pairs)

    def _step(self, one: int, other: int) -> int | None:
        if one == other:
            return 0
        moved = self._place.get(other, -1) - self._place.get(one, -1)
        return 1 if moved == 1 else None

    def _far(self, start: int, steps: Sequence[int | None]) -> int:
        sources = zip(self._cells[start].sources, steps, strict=True)
        return max((start - self._place.get(s, -1) for s, step in sources if step), default=0)
