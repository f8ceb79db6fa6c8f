"""The kinds of values that options have: how people write them, and what they are then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple, get_args

import msgspec
import yaml
from msgspec import Meta, Struct

from keras_diagram_core.colours import parse_colour
from keras_diagram_core.errors import RequestError, did_you_mean


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """The colours of a layer; empty ones are those of the theme."""

    fill: str = ""
    outline: str = ""


Names = Annotated[tuple[str, ...], Meta(extra={"kind": "names"})]
Indices = Annotated[tuple[int, ...], Meta(extra={"kind": "indices"})]
Colour = Annotated[str, Meta(extra={"kind": "colour"})]
Looks = Annotated[dict[str, Look], Meta(extra={"kind": "looks"})]


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
    if value in ((), {}, ""):
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse_mapping(value: Any, example: str) -> dict[Any, Any]:
    """Read a mapping: as it is, or written as YAML or JSON.

    Raises:
        RequestError: where it is none; `example` shows how to write one.
    """
    if isinstance(value, str):
        try:
            value = yaml.safe_load(value)
        except yaml.YAMLError as error:
            problem = " ".join(str(error).split())
            raise RequestError(f"This is neither YAML nor JSON: {problem}.") from None
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RequestError(f"'{value}' is not a mapping.", hint=f"Write it like {example}.")
    return dict(value)


def _plain(value: Any, type_: Any) -> Any:
    """Read the ways in which people write true and false, and the `px` behind a number."""
    if kind := _kind(type_):
        return kind.read(value)
    if _base(type_) is bool:
        return _WORDS.get("" if value is None else str(value).strip().lower(), value)
    if _base(type_) in {int, float} and isinstance(value, str):
        return value.strip().removesuffix("px").strip()
    return value


def _listed(value: Any) -> Any:
    """Read a list, or what is separated by commas; equal lists have one order."""
    parts = value.strip().strip("[]").split(",") if isinstance(value, str) else value
    parts = [] if parts is None else parts if isinstance(parts, (list, tuple, set)) else [parts]
    plain = [part.strip("\"' ") if isinstance(part, str) else part for part in parts]
    return sorted((part for part in plain if part != ""), key=str)


def _colour(value: Any) -> str:
    return "" if value is None or value == "" else parse_colour(value).hex


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


_WORDS = {"": True, "yes": True, "on": True, "true": True}
_WORDS |= {"no": False, "off": False, "false": False}
_TYPES = {bool: "true | false", int: "a whole number", float: "a number"}
_KINDS = {
    "names": _Kind("names, separated by commas; `*` stands for anything", _listed),
    "indices": _Kind("whole numbers, separated by commas", _listed),
    "colour": _Kind("a colour", _colour),
    "looks": _Kind("a mapping of names to colours", _looks),
}


def _metas(type_: Any) -> Iterator[Meta]:
    return (meta for meta in getattr(type_, "__metadata__", ()) if isinstance(meta, Meta))


def _kind(type_: Any) -> _Kind | None:
    return next((_KINDS[meta.extra["kind"]] for meta in _metas(type_) if meta.extra), None)


def _base(type_: Any) -> Any:
    return get_args(type_)[0] if hasattr(type_, "__metadata__") else type_


def _limits(type_: Any) -> Iterator[str]:
    for meta in _metas(type_):
        if meta.ge is not None:
            yield f" from {meta.ge}"
        if meta.le is not None:
            yield f" to {meta.le}"
