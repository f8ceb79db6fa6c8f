"""The options of the directive, sorted by who understands them: the core or the page.

The page's options are those of docutils' figures and images. `width` is both: a number of
pixels is the core's, as it decides how the picture is laid out; any other length says only
how large the finished picture is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docutils.parsers.rst import directives

from keras_diagram_core import (
    VIEWS,
    Defaults,
    RequestError,
    check_default,
    did_you_mean,
    option_names,
)

Converter = Callable[[Any], Any]


def _one_of(*words: str) -> Converter:
    return lambda text: directives.choice(text, words)


def _switch(text: str | None) -> bool:
    """Read a flag; its name alone switches it on."""
    on, off = ("true", "yes", "on"), ("false", "no", "off")
    return directives.choice(text or on[0], (*on, *off)) in on


def _figure_width(text: str) -> str:
    return text if text == "image" else directives.length_or_percentage_or_unitless(text, "px")


# As docutils' own figures have them; importing those would import Pillow.
PAGE_OPTIONS: dict[str, Converter] = {
    "align": _one_of("left", "center", "right"),
    "alt": directives.unchanged_required,
    "caption": directives.unchanged_required,
    "class": directives.class_option,
    "figclass": directives.class_option,
    "figwidth": _figure_width,
    "height": directives.length_or_unitless,
    "loading": _one_of("embed", "link", "lazy"),
    "name": directives.unchanged_required,
    "scale": directives.percentage,
    "show-source": _switch,
    "target": directives.unchanged_required,
    "width": directives.length_or_percentage_or_unitless,
}
_TAKES = {
    "figwidth": "It takes `image`, or a length like 300px or 80%.",
    "height": "It takes a length like 300px or 20em.",
    "scale": "It takes a percentage like 50.",
    "width": "It takes a whole number of px, or a length like 80% or 30em.",
}
ONE_DIAGRAM_ONLY = frozenset({"alt", "caption", "name"})

_PIXELS = re.compile(r"\d*(px)?")


class AnyName(dict[str, Converter]):
    """An `option_spec` that takes every name.

    docutils and MyST refuse an unknown option before a directive runs, in words of their own;
    so that the nearest name can be suggested, all of them are let through as text.
    """

    def __missing__(self, name: str) -> Converter:
        """Take an unknown option as it stands."""
        return directives.unchanged


@dataclass(frozen=True)
class Sorted:
    """The options of one diagram: the core's, and the page's, all as written."""

    core: dict[str, Any] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)


def known_names() -> frozenset[str]:
    """Give the name of every option that some view of the directive takes."""
    return option_names() | PAGE_OPTIONS.keys()


def sort_options(own: Mapping[str, Any], defaults: Defaults) -> Sorted:
    """Sort a directive's options, on top of those that conf.py sets.

    Raises:
        RequestError: a name that nobody knows; the nearest one is suggested.
    """
    mine = _sort(own)
    for_views = {name: value for name, value in defaults.options.items() if name in VIEWS}
    common = _sort(
        {
            name: value
            for name, value in defaults.options.items()
            if name not in own and name not in for_views
        }
    )
    site = Defaults(options=common.core | for_views, themes=defaults.themes)
    return Sorted(core=site.under(mine.core), page=common.page | mine.page)


def read_page_options(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the page's options as docutils does for figures and images.

    Raises:
        RequestError: a value that docutils refuses.
    """
    return {name: _convert(name, value) for name, value in raw.items()}


def check_page_default(name: str, value: Any) -> None:
    """Check one option that conf.py sets for all diagrams.

    Raises:
        RequestError: a name that nobody knows, a value that cannot be, or an option that
            belongs to a single diagram.
    """
    if name in ONE_DIAGRAM_ONLY:
        raise RequestError(f"The option '{name}' cannot be set for all diagrams.")
    if name in VIEWS:
        check_default(name, value)
        return
    options = _sort({name: value})
    read_page_options(options.page)
    for own, core in options.core.items():
        check_default(own, core)


def _sort(options: Mapping[str, Any]) -> Sorted:
    result, known = Sorted(), known_names()
    for name, value in options.items():
        if name not in known:
            hint = did_you_mean(name, known)
            raise RequestError(f"There is no option '{name}'.", hint=hint)
        pixels = name == "width" and _PIXELS.fullmatch(str(value).strip())
        page = name in PAGE_OPTIONS and not pixels
        (result.page if page else result.core)[name] = value
    return result


def _convert(name: str, value: Any) -> Any:
    text = "" if value is None else str(value).strip()
    try:
        return PAGE_OPTIONS[name](text or None)
    except (ValueError, TypeError, AttributeError) as error:
        # docutils' converters stumble over a missing value in their own ways.
        why = f"({' '.join(str(error).split())})" if text else "(a value is missing)"
        hint = _TAKES.get(name, why)
        raise RequestError(f"The option '{name}' cannot be '{text}'.", hint=hint) from None
