"""The kinds of values that options have: how people write them, and what they are then."""

from __future__ import annotations

import base64
import io
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from keras_diagram_core.colours import parse_colour
from keras_diagram_core.errors import RequestError, did_you_mean
from keras_diagram_core.plain import load_yaml

T = TypeVar("T")


TEXTS = ("name", "type", "shape", "name_shape")
"""What can be written on layers without a function."""

FONT_ENDINGS = (".ttf", ".otf", ".ttc")

INLINE = "data:"
"""How an image begins that is given itself, not as a file."""


TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
"""What `package.module:attribute` looks like, white space taken out."""


class Kind(NamedTuple):
    """A kind of value, beside a type in `Annotated`: what it takes, in words, and how to read it.

    `read` may raise a RequestError of its own.
    """

    words: str
    read: Callable[[Any], Any]


def is_font_file(value: str) -> bool:
    """Say whether a font is given as a file, not as the name of a family."""
    return value.lower().endswith(FONT_ENDINGS)


def is_file(type_: Any) -> bool:
    """Say whether values of a type are images: paths, or addresses that hold the data."""
    return _kind(type_) is _FILE


def is_font(type_: Any) -> bool:
    """Say whether values of a type are fonts: names of families, or paths."""
    return _kind(type_) is _FONT


def read_value(name: str, value: Any, type_: Any) -> Any:
    """Read the value of an option: as text, as markup has it, or typed, as YAML has it.

    Raises:
        RequestError: where it is not of the type.
    """
    try:
        return msgspec.convert(_plain(value, type_), type_, strict=isinstance(value, bool))
    except RequestError as error:
        raise RequestError(f"{name}: {error.message}", hint=error.hint) from None
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
    return next(meta.description for meta in _declared(type_, Meta) if meta.description)


def as_markup(value: Any) -> str:
    """Write a default value as one would in markup."""
    if value is None:
        return "auto"
    if value in ((), {}, "") or isinstance(value, Struct):
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def fields_of(kind: type[Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return the fields of a class; reading them takes msgspec milliseconds."""
    return msgspec.structs.fields(kind)


def read_parts(kind: type[Struct], value: Any, owner: str, example: str) -> dict[str, Any]:
    """Read a mapping of the fields of a kind, each as its type says.

    Args:
        kind: what it describes; its fields may be written with hyphens.
        value: the mapping, or YAML or JSON that says it.
        owner: what has the fields, in messages.
        example: how to write one.

    Raises:
        RequestError: no mapping, a field that there is not, or a wrong value.
    """
    types = {field.name: field.type for field in fields_of(kind)}
    parts: dict[str, Any] = {}
    for given, part in parse_mapping(value, example).items():
        name = str(given).replace("-", "_")
        if name not in types:
            hint = did_you_mean(name, types) or f"It has: {', '.join(types)}."
            raise RequestError(f"There is no '{given}' in '{owner}'.", hint=hint)
        parts[name] = read_value(f"{owner}: {name}", part, types[name])
    return parts


def parse_list(value: Any, example: str) -> list[Any]:
    """Read a list: as it is, or written as YAML or JSON; a mapping is a list of one.

    Raises:
        RequestError: where it is none; `example` shows how to write one.
    """
    value = parse_yaml(value) if isinstance(value, str) else value
    value = [value] if isinstance(value, Mapping) else value or []
    if not isinstance(value, (list, tuple)):
        raise RequestError(f"'{value}' is not a list.", hint=f"Write it like {example}.")
    return list(value)


def parse_mapping(value: Any, example: str) -> dict[Any, Any]:
    """Read a mapping: as it is, or written as YAML or JSON.

    Raises:
        RequestError: where it is none; `example` shows how to write one.
    """
    if isinstance(value, str):
        value = parse_yaml(value)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RequestError(f"'{value}' is not a mapping.", hint=f"Write it like {example}.")
    return dict(value)


def parse_yaml(text: str, subject: str = "This is") -> Any:
    """Return what YAML or JSON says, also between quotes; messages begin with the subject.

    Raises:
        RequestError: where it is neither.
    """
    complaint = f"{subject} neither YAML nor JSON"
    value = load_yaml(text, complaint)
    return load_yaml(value, complaint) if isinstance(value, str) else value


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


def _function(value: Any) -> str:
    """Read the target of a function."""
    text = "" if value in (None, "none") else "".join(str(value).split())
    if text and not TARGET.fullmatch(text):
        hint = "Write it as package.module:function."
        raise RequestError(f"'{value}' is not the target of a function.", hint=hint)
    return text


def _listed(value: Any) -> Any:
    """Read a list, or what is separated by commas; equal lists have one order."""
    parts = value.strip().strip("[]").split(",") if isinstance(value, str) else value
    parts = [] if parts is None else parts if isinstance(parts, (list, tuple, set)) else [parts]
    plain = [part.strip("\"' ") if isinstance(part, str) else part for part in parts]
    return sorted((part for part in plain if part != ""), key=str)


def _colour(value: Any) -> str:
    if value is None:
        hint = "In YAML, # begins a comment: put colours that begin with it between quotes."
        raise RequestError("There is no colour.", hint=hint)
    text = value.strip().strip("\"'") if isinstance(value, str) else value
    return "" if text == "" else parse_colour(text).hex


def _line(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def _pair(value: Any) -> tuple[float, ...]:
    """Read a width and a height, or one number that is both."""
    given = parse_yaml(value) if isinstance(value, str) else value
    pair = given if isinstance(given, (list, tuple)) else () if given is None else (given, given)
    try:
        sizes: tuple[float, ...] = msgspec.convert(pair, tuple[_Side, ...])
    except msgspec.ValidationError:
        sizes = (0.0,)
    if len(sizes) not in {0, 2}:
        hint = "Write it like 40 or [60, 24]."
        raise RequestError(f"'{value}' is no size in px.", hint=hint)
    return sizes


def _font(value: Any) -> str:
    """Read the path of a font file, or a family's name: what CSS can quote without care."""
    text = "" if value is None else str(value).strip().strip("\"'")
    if not text or _FAMILY.fullmatch(text) or (is_font_file(text) and "\0" not in text):
        return text
    hint = "Write a family like 'Source Sans 3', or the path of a .ttf, .otf or .ttc file."
    raise RequestError(f"'{text}' is not a font.", hint=hint)


_Side = Annotated[float, Meta(ge=0, le=1000)]


def _file(value: Any) -> str:
    """Read the path of an image, or an image of Pillow, which becomes an address with its data."""
    if hasattr(value, "save") and hasattr(value, "getbands"):
        buffer = io.BytesIO()
        value.save(buffer, "PNG")
        return f"{INLINE}image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    text = os.fspath(value).strip() if isinstance(value, (str, os.PathLike)) else value
    if not isinstance(text, str) or "\0" in text:
        raise RequestError(f"'{value}' is not an image.", hint="Write the path of its file.")
    if _ADDRESS.match(text):
        hint = "Save it beside your documents, and write its path."
        raise RequestError(f"The image '{text}' is not a file.", hint=hint)
    return text


def _size(value: Any) -> list[float]:
    """Read a share, or a width and a height."""
    parts = value.strip("[]() ").split(",") if isinstance(value, str) else value
    parts = list(parts) if isinstance(parts, (list, tuple)) else [parts]
    try:
        sizes = [float(part) for part in parts]
    except (TypeError, ValueError, OverflowError):
        sizes = []
    if len(sizes) not in {1, 2} or not all(0 < size < math.inf for size in sizes):
        hint = "Write a share of the face, like 0.5, or width and height in px, like [20, 16]."
        raise RequestError(f"The size cannot be '{value}'.", hint=hint)
    return sizes


_ADDRESS = re.compile(r"\w{2,}://")
_FAMILY = re.compile(r"\w[\w .+-]*")
_WORDS = {"": True, "yes": True, "on": True, "true": True}
_WORDS |= {"no": False, "off": False, "false": False}
_TYPES = {bool: "true | false", int: "a whole number", float: "a number"}
Names = Annotated[
    tuple[str, ...], Kind("names, separated by commas; `*` stands for anything", _listed)
]
Indices = Annotated[tuple[int, ...], Kind("whole numbers, separated by commas", _listed)]
Colour = Annotated[str, Kind("a colour", _colour)]
Line = Annotated[str, Kind("a text", _line)]
Pair = Annotated[tuple[float, ...], Kind("a number of px, or two: [width, height]", _pair)]
Words = Annotated[str, Kind(f"{' | '.join(TEXTS)} | package.module:function", _words)]
Function = Annotated[str, Kind("package.module:function", _function)]
_FILE = Kind("the path of an image, relative to the document", _file)
File = Annotated[str, _FILE]
Fit = Literal["fill", "contain", "cover", "match_aspect"]
Axis = Literal["x", "y", "z"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right", "center"]
Size = Annotated[tuple[float, ...], Kind("a share of the face, or [width, height] in px", _size)]
_FONT = Kind("the name of a font family, or a .ttf, .otf or .ttc file", _font)
Font = Annotated[str, _FONT]


def _declared(type_: Any, kind: type[T]) -> Iterator[T]:
    """Give what is declared of a type, and of the type that it is where it is not None."""
    for each in (type_, _given(type_)):
        yield from (meta for meta in getattr(each, "__metadata__", ()) if isinstance(meta, kind))
        if each is _given(type_):
            return


def _kind(type_: Any) -> Kind | None:
    return next(_declared(type_, Kind), None)


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
    for meta in _declared(type_, Meta):
        if meta.ge is not None:
            yield f" from {meta.ge}"
        if meta.le is not None:
            yield f" to {meta.le}"
