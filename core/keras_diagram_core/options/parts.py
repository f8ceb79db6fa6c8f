"""Options that consist of parts: looks, groups, rules, limits. A field declares a part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from keras_diagram_core.errors import RequestError, in_words
from keras_diagram_core.options.values import (
    Colour,
    Indices,
    Kind,
    Names,
    parse_list,
    parse_mapping,
    read_parts,
)


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """How a layer looks; what is empty or None is as in all of the picture."""

    fill: Annotated[Colour, Meta(description="Colour of the faces.")] = ""
    outline: Annotated[Colour, Meta(description="Colour of the outlines.")] = ""


class LayeredLook(Look, frozen=True):
    """How a layer looks in `layered`."""


class GraphLook(Look, frozen=True):
    """How a layer looks in `graph`."""


class FunctionalLook(Look, frozen=True):
    """How a layer looks in `functional`."""


class LenetLook(Look, frozen=True):
    """How a layer looks in `lenet`."""


LOOKS: dict[str, type[Look]] = {
    "layered": LayeredLook,
    "graph": GraphLook,
    "functional": FunctionalLook,
    "lenet": LenetLook,
}
"""The looks of the views in which they have parts of their own."""


class CollapseRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What is drawn once: `repeat_count` layers, or blocks of layers, one after the other.

    `selector` names classes or layers; a rule of the kind `layer` has one. The annotation is
    `label`, or `3x` for three.
    """

    kind: Literal["layer", "block"]
    selector: tuple[str, ...]
    repeat_count: Annotated[int, Meta(ge=2)]
    label: str = ""
    annotation_position: Literal["above", "below"] = "above"


class Caps(Struct, frozen=True, forbid_unknown_fields=True):
    """The most that a box may measure along its channels, its space, or as a vector, in px."""

    channels: float | None = None
    sequence: float | None = None
    general: float | None = None


class Stage(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a model that has a name: which layers, and the colours of its background.

    `layers` are patterns of names and classes, `indices` places of layers.
    """

    layers: Names = ()
    indices: Indices = ()
    name: str = ""
    fill: Colour = ""
    outline: Colour = ""


def _looks(kind: type[Look], value: Any) -> dict[str, dict[str, Any]]:
    """Read a mapping of names to looks; a colour alone is a fill."""
    mapping = parse_mapping(value, "{Conv2D: orange, Dense: {fill: teal, outline: black}}")
    return {str(name): _look(kind, name, mapping[name]) for name in sorted(mapping, key=str)}


def _look(kind: type[Look], name: Any, value: Any) -> dict[str, Any]:
    parts = value if isinstance(value, Mapping) else {"fill": value}
    for part in parts:
        field = str(part).replace("-", "_")
        views = [view for view, look in LOOKS.items() if field in look.__struct_fields__]
        if views and field not in kind.__struct_fields__:
            hint = f"It belongs to {in_words('view', views)}, in `styles`."
            raise RequestError(f"There is no '{part}' in 'look of {name}'.", hint=hint)
    return read_parts(kind, parts, f"look of {name}", "{fill: teal, outline: black}")


def _caps(value: Any) -> dict[str, Any]:
    return read_parts(Caps, value, "dimension-caps", "{channels: 100, sequence: 300}")


def _stages(value: Any) -> list[dict[str, Any]]:
    example = "[{layers: [conv1, conv2], name: stem}]"
    return [_stage(each, example) for each in parse_list(value, example)]


def _stage(value: Any, example: str) -> dict[str, Any]:
    parts = read_parts(Stage, value, "layered-groups", example)
    if not (parts.get("layers") or parts.get("indices")):
        raise RequestError("A group has no layers.", hint=f"Write it like {example}.")
    return parts


def _rules(value: Any) -> list[dict[str, Any]]:
    """Read rules for what is drawn once."""
    return [_rule(number, rule) for number, rule in enumerate(parse_list(value, _RULE), 1)]


def _rule(number: int, value: Any) -> dict[str, Any]:
    rule = parse_mapping(value, _RULE)
    selector = rule.get("selector")
    rule["selector"] = [selector] if isinstance(selector, str) else selector
    try:
        checked = msgspec.convert(rule, CollapseRule)
    except msgspec.ValidationError as error:
        raise RequestError(
            f"Rule {number} for what is drawn once: {error}.", hint=f"Write it like {_RULE}."
        ) from None
    if (checked.kind == "layer") != (len(checked.selector) == 1):
        hint = "The kind `layer` takes one name, the kind `block` two or more."
        raise RequestError(f"Rule {number} selects {len(checked.selector)} layers.", hint=hint)
    plain: dict[str, Any] = msgspec.to_builtins(checked)
    return plain


_RULE = "{kind: layer, selector: Conv2D, repeat_count: 2}"


def _kind_of(look: type[Look]) -> Kind:
    return Kind("a mapping of names to colours or looks", partial(_looks, look))


Looks = Annotated[Mapping[str, Look], _kind_of(Look)]
LayeredLooks = Annotated[Mapping[str, LayeredLook], _kind_of(LayeredLook)]
GraphLooks = Annotated[Mapping[str, GraphLook], _kind_of(GraphLook)]
FunctionalLooks = Annotated[Mapping[str, FunctionalLook], _kind_of(FunctionalLook)]
LenetLooks = Annotated[Mapping[str, LenetLook], _kind_of(LenetLook)]
Limits = Annotated[Caps, Kind("a mapping of channels, sequence, general to px", _caps)]
Stages = Annotated[
    tuple[Stage, ...], Kind("a list of {layers, indices, name, fill, outline}", _stages)
]
Rules = Annotated[tuple[CollapseRule, ...], Kind("a list of rules", _rules)]
