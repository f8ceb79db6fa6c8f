"""The options of each view: every option is declared once, in the module of its view.

A field of a view's class is the whole declaration: its name (spelt `with-hyphens` in
markup), its type, its default, its limits and its help text. Directive options, YAML keys,
command-line settings, checks and the reference page are derived from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from keras_diagram_core.errors import RequestError, did_you_mean, in_words
from keras_diagram_core.options.base import (
    AutoOptions,
    BlocksOptions,
    FoldingOptions,
    Theme,
    ViewOptions,
)
from keras_diagram_core.options.functional import FunctionalOptions
from keras_diagram_core.options.graph import GraphOptions
from keras_diagram_core.options.layered import LayeredOptions
from keras_diagram_core.options.lenet import LenetOptions
from keras_diagram_core.options.looks import LOOKS, Look
from keras_diagram_core.options.parts import Caps, CollapseRule, Logo, LogosLegend, Stage
from keras_diagram_core.options.texts import DotOptions
from keras_diagram_core.options.values import (
    as_markup,
    description,
    fields_of,
    read_value,
    type_name,
)
from keras_diagram_core.options.volumes import VolumeOptions

__all__ = [
    "DEFAULT_VIEW",
    "LOOKS",
    "TEXTS",
    "VIEWS",
    "AllOptions",
    "AutoOptions",
    "BlocksOptions",
    "Caps",
    "CollapseRule",
    "DotOptions",
    "FoldingOptions",
    "FunctionalOptions",
    "GraphOptions",
    "LayeredOptions",
    "LenetOptions",
    "Logo",
    "LogosLegend",
    "Look",
    "OptionSpec",
    "Options",
    "Stage",
    "Theme",
    "ViewOptions",
    "VolumeOptions",
    "option_specs",
    "parse_options",
    "parse_text_options",
]

T = TypeVar("T", bound=Struct)

Options = (
    AutoOptions | LayeredOptions | BlocksOptions | FunctionalOptions | GraphOptions | LenetOptions
)
"""What a drawing can be asked for."""

AllOptions = Options | DotOptions
"""What a request may carry."""

TEXTS: dict[str, type[DotOptions]] = {"dot": DotOptions}
"""The formats that are not drawn but written from the graph, each with options of its own."""

VIEWS: dict[str, type[Options]] = {
    "auto": AutoOptions,
    "layered": LayeredOptions,
    "blocks": BlocksOptions,
    "functional": FunctionalOptions,
    "graph": GraphOptions,
    "lenet": LenetOptions,
}
DEFAULT_VIEW = "auto"


class OptionSpec(Struct, frozen=True):
    """One option as hosts and reference pages need it."""

    name: str
    type: str
    default: str
    help: str


@cache
def option_specs(view: str) -> tuple[OptionSpec, ...]:
    """List the options of one view, or of a format in `TEXTS`, in the order of declaration."""
    return tuple(
        OptionSpec(
            name=field.encode_name,
            type=type_name(field.type),
            default=as_markup({} if field.default is msgspec.NODEFAULT else field.default),
            help=description(field.type),
        )
        for field in fields_of((VIEWS | TEXTS)[view])
    )


def parse_options(raw: Mapping[str, Any]) -> Options:
    """Turn markup's option names and values into the options of one view.

    Args:
        raw: `view` (optional) and options by hyphenated name; values as text, as reStructuredText
            and command lines give them, or typed, as YAML does. Empty text and None switch on.

    Raises:
        RequestError: an unknown view or option (the nearest name is suggested), a wrong value.
    """
    view = str(raw.get("view", DEFAULT_VIEW))
    if view not in VIEWS:
        known = ", ".join(VIEWS)
        hint = did_you_mean(view, VIEWS) or f"There is: {known}."
        raise RequestError(f"There is no view '{view}'.", hint=hint)
    own = {name: value for name, value in raw.items() if name != "view"}
    return _parsed(own, VIEWS[view], f"The view '{view}'")


def parse_text_options(format: str, raw: Mapping[str, Any]) -> DotOptions:
    """Turn option names and values into the options of a format in `TEXTS`, as `parse_options`.

    Raises:
        RequestError: an unknown option, a wrong value, or a view: such a format has none.
    """
    if "view" in raw:
        hint = "Remove the view, or choose another format."
        raise RequestError(f"The format '{format}' is not drawn: it has no views.", hint=hint)
    return _parsed(raw, TEXTS[format], f"The format '{format}'")


def _parsed(raw: Mapping[str, Any], kind: type[T], owner: str) -> T:
    """Check and convert options by name; `owner` has them, in messages."""
    types = {field.encode_name: field.type for field in fields_of(kind)}
    values: dict[str, Any] = {"view": kind.__struct_config__.tag}
    for name, value in raw.items():
        if name not in types:
            hint = (
                _views_with(name) or did_you_mean(name, types) or did_you_mean(name, _all_names())
            )
            raise RequestError(f"{owner} has no option '{name}'.", hint=hint)
        values[name] = read_value(name, value, types[name])
    return msgspec.convert(values, kind)


def _all_names() -> set[str]:
    return {spec.name for view in VIEWS for spec in option_specs(view)}


def _views_with(name: str) -> str:
    """Name the views that have an option."""
    views = [view for view in VIEWS if any(spec.name == name for spec in option_specs(view))]
    return f"It belongs to {in_words('view', views)}." if views else ""
