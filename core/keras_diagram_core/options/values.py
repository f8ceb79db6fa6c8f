"""The kinds of values that options have: how people write them, and what they are then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, get_args

import msgspec
import yaml
from msgspec import Meta, Struct

from keras_diagram_core.colours import parse_colour
from keras_diagram_core.errors import RequestError, did_you_mean


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """The colours of a layer; empty ones are those of the theme."""

    fill: str = ""
    outline: str = ""


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

    layers: tuple[str, ...] = ()
    indices: tuple[int, ...] = ()
    name: str = ""
    fill: str = ""
    outline: str = ""


TEXTS = ("name", "type", "shape", "name_shape")
"""What can be written on layers without a function."""

Names = Annotated[tuple[str, ...], Meta(extra={"kind": "names"})]
Indices = Annotated[tuple[int, ...], Meta(extra={"kind": "indices"})]
Colour = Annotated[str, Meta(extra={"kind": "colour"})]
Looks = Annotated[dict[str, Look], Meta(extra={"kind": "looks"})]
Limits = Annotated[Caps, Meta(extra={"kind": "caps"})]
Stages = Annotated[tuple[Stage, ...], Meta(extra={"kind": "stages"})]
Words = Annotated[str, Meta(extra={"kind": "words"})]
Rules = Annotated[tuple[CollapseRule, ...], Meta(extra={"kind": "rules"})]
Font = Annotated[str, Meta(extra={"kind": "font"})]

FONT_ENDINGS = (".ttf", ".otf", ".ttc")


def is_font_file(value: str) -> bool:
    """Say whether a font is given as a file, not as the name of a family."""
    return value.lower().endswith(FONT_ENDINGS)


class _Kind(NamedTuple):
    """A kind of value: what it takes, in words, and how it is read."""

    words: str
    read: Callable[[Any], Any]


def read_value(name: str, value: Any, type_: Any) -> Any:
    """Read the value of an option: as text, as markup has it, or typed, as YAML has it.

    Raises:
        RequestError: where it is not of the type.
    """
    try:
        return msgspec.convert(_plain(value, type_), type_, strict=isinstance(value, bool))
    except msgspec.ValidationError:
        raise RequestError(
            f"The option '{name}' cannot be '{value}'.", hint=f"It takes {type_name(type_)}."
        ) from None


def type_name(type_: Any) -> str:
    """Say what an option takes."""
    if kind := _kind(type_):
        return kind.words
    base = _base(type_)
    if choices := get_args(base):
        return " | ".join(str(choice) for choice in choices)
    return _TYPES.get(base, getattr(base, "__name__", "")) + "".join(_limits(type_))


def description(type_: Any) -> str:
    """Give the help text of an option."""
    return next(meta.description for meta in _metas(type_) if meta.description)


def as_markup(value: Any) -> str:
    """Write a default value as one would in markup."""
    if value is None:
        return "auto"
    if value in ((), {}, "", Caps()):
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse_mapping(value: Any, example: str) -> dict[Any, Any]:
    """Read a mapping: as it is, or written as YAML or JSON.

    Raises:
        RequestError: where it is none; `example` shows how to write one.
    """
    if isinstance(value, str):
        value = _yaml(value)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RequestError(f"'{value}' is not a mapping.", hint=f"Write it like {example}.")
    return dict(value)


def _yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise RequestError(f"This is neither YAML nor JSON: {problem}.") from None


def _plain(value: Any, type_: Any) -> Any:
    """Read the ways in which people write true and false, and the `px` behind a number."""
    if kind := _kind(type_):
        return kind.read(value)
    if _is_optional(type_) and (value is None or str(value).strip() == "auto"):
        return None
    if _base(type_) is bool:
        return _WORDS.get("" if value is None else str(value).strip().lower(), value)
    if _base(type_) in {int, float} and isinstance(value, str):
        return value.strip().removesuffix("px").strip()
    return value


def _words(value: Any) -> str:
    """Read one of `TEXTS`, or the target of a function."""
    text = "" if value in (None, "none") else "".join(str(value).split())
    if text and text not in TEXTS and not TARGET.fullmatch(text):
        known = ", ".join(TEXTS)
        hint = did_you_mean(text, TEXTS) or f"It takes {known}, or a function: pkg.mod:function."
        raise RequestError(f"The text cannot be '{value}'.", hint=hint)
    return text


def _caps(value: Any) -> dict[str, Any]:
    caps = parse_mapping(value, "{channels: 100, sequence: 300}")
    _check_parts(caps, Caps, "dimension-caps")
    return caps


def _stages(value: Any) -> list[dict[str, Any]]:
    """Read a list of mappings: as it is, or written as YAML or JSON."""
    example = "[{layers: [conv1, conv2], name: stem}]"
    if isinstance(value, str):
        value = parse_mapping(f"stages: {value}", example)["stages"]
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise RequestError(f"'{value}' is not a list.", hint=f"Write it like {example}.")
    return [_stage(parse_mapping(each, example), example) for each in value]


def _stage(parts: dict[Any, Any], example: str) -> dict[str, Any]:
    _check_parts(parts, Stage, "layered-groups")
    if not (parts.get("layers") or parts.get("indices")):
        raise RequestError("A group has no layers.", hint=f"Write it like {example}.")
    lists = {field: _listed(parts.get(field)) for field in ("layers", "indices")}
    colours = {field: _colour(parts.get(field)) for field in ("fill", "outline")}
    return {**lists, **colours, "name": str(parts.get("name") or "")}


def _check_parts(parts: Mapping[Any, Any], kind: type[Struct], option: str) -> None:
    """Make sure that a mapping has the fields of a kind only."""
    for part in parts:
        if part not in kind.__struct_fields__:
            known = f"It has: {', '.join(kind.__struct_fields__)}."
            hint = did_you_mean(str(part), kind.__struct_fields__) or known
            raise RequestError(f"There is no '{part}' in '{option}'.", hint=hint)


def _listed(value: Any) -> Any:
    """Read a list, or what is separated by commas; equal lists have one order."""
    parts = value.strip().strip("[]").split(",") if isinstance(value, str) else value
    parts = [] if parts is None else parts if isinstance(parts, (list, tuple, set)) else [parts]
    plain = [part.strip("\"' ") if isinstance(part, str) else part for part in parts]
    return sorted((part for part in plain if part != ""), key=str)


def _colour(value: Any) -> str:
    return "" if value is None or value == "" else parse_colour(value).hex


def _font(value: Any) -> str:
    """Read the path of a font file, or a family's name: what CSS can quote without care.

    From Python, it may be what Pillow's `ImageFont.truetype` gives: that has a path.
    """
    given = getattr(value, "path", value)
    text = "" if given is None else str(given).strip().strip("\"'")
    if not text or is_font_file(text) or _FAMILY.fullmatch(text):
        return text
    hint = "Write a family like 'Source Sans 3', or the path of a .ttf, .otf or .ttc file."
    raise RequestError(f"'{text}' is not a font.", hint=hint)


def _looks(value: Any) -> dict[str, dict[str, str]]:
    """Read a mapping of names to colours; a colour alone is a fill."""
    mapping = parse_mapping(value, "{Conv2D: orange, Dense: {fill: teal, outline: black}}")
    return {str(name): _look(name, mapping[name]) for name in sorted(mapping, key=str)}


def _look(name: Any, value: Any) -> dict[str, str]:
    parts = value if isinstance(value, Mapping) else {"fill": value}
    for part in parts:
        if part not in Look.__struct_fields__:
            hint = did_you_mean(str(part), Look.__struct_fields__) or "It has: fill, outline."
            raise RequestError(f"The look of '{name}' has no '{part}'.", hint=hint)
    return {part: parse_colour(colour).hex for part, colour in sorted(parts.items())}


def _rules(value: Any) -> list[dict[str, Any]]:
    """Read rules for what is drawn once: a list of mappings, or text that says such a list."""
    rules = _yaml(value) if isinstance(value, str) else value
    rules = [rules] if isinstance(rules, Mapping) else rules or []
    if not isinstance(rules, (list, tuple)):
        raise RequestError(f"'{value}' is not a list of rules.", hint=f"Write it like {_RULE}.")
    return [_rule(number, rule) for number, rule in enumerate(rules, 1)]


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

_FAMILY = re.compile(r"\w[\w .+-]*")
_WORDS = {"": True, "yes": True, "on": True, "true": True}
_WORDS |= {"no": False, "off": False, "false": False}
TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
"""What `package.module:attribute` looks like, white space taken out."""

_TYPES = {bool: "true | false", int: "a whole number", float: "a number"}
_KINDS = {
    "names": _Kind("names, separated by commas; `*` stands for anything", _listed),
    "indices": _Kind("whole numbers, separated by commas", _listed),
    "colour": _Kind("a colour", _colour),
    "looks": _Kind("a mapping of names to colours", _looks),
    "caps": _Kind("a mapping of channels, sequence, general to px", _caps),
    "stages": _Kind("a list of {layers, indices, name, fill, outline}", _stages),
    "words": _Kind(f"{' | '.join(TEXTS)} | package.module:function", _words),
    "rules": _Kind("a list of rules", _rules),
    "font": _Kind("the name of a font family, or a .ttf, .otf or .ttc file", _font),
}


def _metas(type_: Any) -> Iterator[Meta]:
    """Give what is declared of a type, and of the type that it is where it is not None."""
    for each in (type_, _given(type_)):
        yield from (meta for meta in getattr(each, "__metadata__", ()) if isinstance(meta, Meta))
        if each is _given(type_):
            return


def _kind(type_: Any) -> _Kind | None:
    return next((_KINDS[meta.extra["kind"]] for meta in _metas(type_) if meta.extra), None)


def _base(type_: Any) -> Any:
    return _bare(_given(type_))


def _bare(type_: Any) -> Any:
    return get_args(type_)[0] if hasattr(type_, "__metadata__") else type_


def _given(type_: Any) -> Any:
    """Give the type of a value that may be None, where it is not."""
    if not _is_optional(type_):
        return type_
    return next(part for part in get_args(_bare(type_)) if part is not NoneType)


def _is_optional(type_: Any) -> bool:
    return NoneType in get_args(_bare(type_))


def _limits(type_: Any) -> Iterator[str]:
    for meta in _metas(type_):
        if meta.ge is not None:
            yield f" from {meta.ge}"
        if meta.le is not None:
            yield f" to {meta.le}"
