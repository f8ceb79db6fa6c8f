"""Files that options name: found, and replaced, wherever `File` or `Font` is declared."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct

from keras_diagram_core.options.values import INLINE, fields_of, is_file, is_font, is_font_file

T = TypeVar("T", bound=Struct)

Locate = Callable[[str], str]
"""Takes a path as a document writes it, gives it relative to the project."""

_Test = Callable[[Any], bool]


def files_of(options: Struct) -> tuple[str, ...]:
    """List the images that options name, or hold themselves, each once, sorted."""
    return _values(options, is_file)


def font_files_of(options: Struct) -> tuple[str, ...]:
    """List the font files that options name, each once, sorted."""
    return tuple(filter(is_font_file, _values(options, is_font)))


def located(options: T, locate: Locate, names: Container[str]) -> T:
    """Give options with other paths of files, in the options of these hyphenated names."""

    def change(path: str) -> str:
        return path if not path or path.startswith(INLINE) else locate(path)

    changes = {
        field.name: _walk(field.type, getattr(options, field.name), is_file, change)
        for field in fields_of(type(options))
        if field.encode_name in names
    }
    return msgspec.structs.replace(options, **changes)


def _values(options: Struct, chosen: _Test) -> tuple[str, ...]:
    """List the values in options that are of the types that a test chooses."""
    found: set[str] = set()

    def note(value: str) -> str:
        found.add(value)
        return value

    _walk(type(options), options, chosen, note)
    return tuple(sorted(found - {""}))


def _walk(type_: Any, value: Any, chosen: _Test, change: Callable[[str], str]) -> Any:
    """Rebuild a value, what is of the chosen types changed."""
    if chosen(type_):
        return change(value)
    if isinstance(value, Struct):
        parts = {
            each.name: _walk(each.type, getattr(value, each.name), chosen, change)
            for each in fields_of(type(value))
        }
        return msgspec.structs.replace(value, **parts)
    inner = _parts(type_)
    if isinstance(value, Mapping):
        return {name: _walk(inner, part, chosen, change) for name, part in value.items()}
    if isinstance(value, tuple):
        return tuple(_walk(inner, part, chosen, change) for part in value)
    return value


def _parts(type_: Any) -> Any:
    """Give the type of the values of a mapping, or of the parts of a tuple."""
    bare = get_args(type_)[0] if hasattr(type_, "__metadata__") else type_
    arguments = get_args(bare)
    if not arguments:
        return None
    return arguments[1] if get_origin(bare) is Mapping else arguments[0]
