"""Outline: what a model means, as plain, versioned data.

It is a tree of parts, from which texts about a model's structure are made. The JSON form is a
public contract (`keras-diagram outline --json`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from keras_diagram_core.errors import GraphFormatError
from keras_diagram_core.graph import Fact

SCHEMA = 1

Values = tuple[Fact | None, ...]
"""What differs between repetitions, one value for each; None where there is none."""


class Unit(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="unit"
):
    """A main operation and what belongs to it, in the order in which they run.

    Attributes:
        id: unique in the outline.
        text: what it does, as people write it: `3×3 conv, 64 + batch norm + relu`.
        name: what its author calls it, where a unit beside it would read the same.
        nodes: the ids of its nodes, once for each repetition of all that it is in; nothing
            where a repetition does not have it.
        times: how often it repeats in a row, or side by side.
        is_sideways: whether the repetitions are side by side.
        is_shared: whether they are calls of one layer.
        varies: in what the repetitions differ: a setting, or whether a part of it is there.
        only: the repetitions of the block around it that have it, from 1; all of them, if empty.
    """

    id: str
    text: str
    name: str = ""
    nodes: tuple[tuple[str, ...], ...]
    times: int = 1
    is_sideways: bool = False
    is_shared: bool = False
    varies: dict[str, Values] = {}
    only: tuple[int, ...] = ()


class Block(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="block"
):
    """Parts that people see as one thing.

    Attributes:
        id: unique in the outline.
        title: what it is called.
        parts: what is in it: in series, each taking what the one before gives, if no edge says
            otherwise; side by side, if it `is_parallel`.
        border: what makes it a block: `scope`, `named`, `level`, `region`, `branch`, `row` or
            `parallel`.
        times: how often it repeats; further attributes as of a unit.
    """

    id: str
    title: str
    parts: tuple[Unit | Block, ...]
    border: str
    times: int = 1
    is_sideways: bool = False
    is_shared: bool = False
    varies: dict[str, Values] = {}
    only: tuple[int, ...] = ()

    @property
    def is_parallel(self) -> bool:
        """Whether its parts are side by side."""
        return self.border == "parallel"


Part = Unit | Block


class Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the model takes: a name if a person chose one, and the shape of one sample."""

    id: str
    name: str = ""
    shape: tuple[int | None, ...] = ()


class Edge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tensor that flows from a unit or input to a unit.

    Attributes:
        source: the id of the unit or input that gives it.
        target: the id of the unit that takes it.
        slot: as which of its inputs.
        turns: in which repetitions of the target, from 1; in all, if empty.
        after: after which repetition of what the source is in, if not after the last; 0 else.
        is_carried: whether it comes from the repetition before of what both are in.
        role: what the target calls it.
    """

    source: str
    target: str
    slot: int = 0
    turns: tuple[int, ...] = ()
    after: int = 0
    is_carried: bool = False
    role: str = ""


class Side(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tensor that enters many places of a chain, its name, and what gives it."""

    name: str
    source: str


class Output(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the model gives, and after which repetition; 0 is the last."""

    source: str
    name: str = ""
    after: int = 0


class Outline(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model as its parts; `title` is the name of the model."""

    schema: int = SCHEMA
    title: str
    inputs: tuple[Input, ...]
    parts: tuple[Part, ...]
    edges: tuple[Edge, ...]
    sides: tuple[Side, ...] = ()
    outputs: tuple[Output, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the outline as the plain data of its JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: Any) -> Outline:
        """Read plain data strictly.

        Raises:
            GraphFormatError: with the path of what is wrong, like `$.parts[3].title`.
        """
        found = data.get("schema") if isinstance(data, dict) else None
        if isinstance(found, int) and found != SCHEMA:
            hint = f"This version reads schema {SCHEMA}."
            raise GraphFormatError(f"The outline has schema {found}.", hint=hint)
        try:
            outline = msgspec.convert(data, cls)
        except msgspec.ValidationError as error:
            raise GraphFormatError(f"Not an outline: {error}.") from None
        except RecursionError:
            raise GraphFormatError("Not an outline: it is nested without end.") from None
        _check_ids(outline)
        return outline


def units_of(*parts: Part) -> Iterator[Unit]:
    """Yield all units in some parts, in the order of the tree."""
    for part in parts:
        if isinstance(part, Unit):
            yield part
        else:
            yield from units_of(*part.parts)


def blocks_of(*parts: Part) -> Iterator[Block]:
    """Yield all blocks in some parts, outer before inner."""
    for part in parts:
        if isinstance(part, Block):
            yield part
            yield from blocks_of(*part.parts)


def _check_ids(outline: Outline) -> None:
    """Make sure that ids are unique and that nothing dangles."""
    givers = [end.id for end in outline.inputs]
    givers += [unit.id for unit in units_of(*outline.parts)]
    ids = [*givers, *(block.id for block in blocks_of(*outline.parts))]
    if len(set(ids)) < len(ids):
        twice = next(id_ for id_ in ids if ids.count(id_) > 1)
        raise GraphFormatError(f"Not an outline: '{twice}' is not a unique id.")
    known = set(givers)
    for field, ends in (
        ("edges", [end for edge in outline.edges for end in (edge.source, edge.target)]),
        ("sides", [side.source for side in outline.sides]),
        ("outputs", [output.source for output in outline.outputs]),
    ):
        for end in ends:
            if end not in known:
                raise GraphFormatError(f"Not an outline: no unit '{end}' - at `$.{field}`.")
