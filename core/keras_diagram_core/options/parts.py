"""Options that consist of parts: groups, rules, limits. A field declares a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from keras_diagram_core.errors import RequestError
from keras_diagram_core.options.values import (
    Axis,
    Colour,
    Corner,
    File,
    Indices,
    Kind,
    Names,
    Size,
    parse_list,
    parse_mapping,
    read_parts,
    read_value,
)


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


class Logo(Struct, frozen=True, forbid_unknown_fields=True):
    """A small image on a face of some layers, like the sign of who made them.

    `layers` are patterns of names and classes, `indices` places of layers. `size` is a share of
    the shorter side of the face, or width and height in px; `padding` stays free at the corner.
    """

    file: File
    layers: Names = ()
    indices: Indices = ()
    name: str = ""
    axis: Axis = "z"
    size: Size = (0.5,)
    corner: Corner = "top-right"
    padding: Annotated[float, Meta(ge=0, le=200)] = 0.0


class LogosLegend(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the legend names logos; `padding` px above them, `spacing` px more between."""

    shown: bool = False
    padding: Annotated[float, Meta(ge=0, le=200)] = 0.0
    spacing: Annotated[float, Meta(ge=0, le=200)] = 0.0


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


def _logos(value: Any) -> list[dict[str, Any]]:
    example = "[{file: logo.png, layers: [conv1], name: Ours}]"
    return [_logo(each, example) for each in parse_list(value, example)]


def _logo(value: Any, example: str) -> dict[str, Any]:
    parts = read_parts(Logo, value, "logo-groups", example)
    if not parts.get("file"):
        raise RequestError("A logo has no file.", hint=f"Write it like {example}.")
    if not (parts.get("layers") or parts.get("indices")):
        raise RequestError("A logo has no layers.", hint=f"Write it like {example}.")
    return parts


def _logos_legend(value: Any) -> dict[str, Any]:
    """Read true or false, or a mapping, which says yes."""
    if isinstance(value, str) and ":" in value:
        value = parse_mapping(value, "{padding: 4, spacing: 10}")
    if isinstance(value, Mapping):
        return {"shown": True} | read_parts(LogosLegend, value, "logos-legend", "{spacing: 10}")
    return {"shown": read_value("logos-legend", value, bool)}


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


Limits = Annotated[Caps, Kind("a mapping of channels, sequence, general to px", _caps)]
Stages = Annotated[
    tuple[Stage, ...], Kind("a list of {layers, indices, name, fill, outline}", _stages)
]
Logos = Annotated[
    tuple[Logo, ...],
    Kind("a list of {file, layers, indices, name, axis, size, corner, padding}", _logos),
]
LegendOfLogos = Annotated[
    LogosLegend, Kind("true | false | a mapping of padding, spacing to px", _logos_legend)
]
Rules = Annotated[tuple[CollapseRule, ...], Kind("a list of rules", _rules)]
