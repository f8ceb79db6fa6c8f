"""Read a fence's body: which diagram, and how the page shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from keras_diagram_core import (
    DEFAULT_VIEW,
    VIEWS,
    Defaults,
    DiagramRequest,
    MarkupError,
    RequestError,
    check_default,
    check_theme,
    did_you_mean,
    load_yaml,
    option_names,
    parse_request,
)
from mkdocs_keras_diagram.fences import Fence

ALIGNMENTS = ("left", "center", "right")

_SUBJECT_KEYS = ("target", "code")
_DISPLAY_WIDTH = re.compile(r"\d+(\.\d+)?(%|em|rem|ch|vw)")
_ID = re.compile(r"\S+")


@dataclass(frozen=True)
class Figure:
    """How the page shows a picture.

    `width` is a CSS length, or nothing; `source` is the code to be shown above the picture.
    """

    caption: str = ""
    alt: str = ""
    name: str = ""
    classes: str = field(default="", metadata={"key": "class"})
    align: str = "center"
    width: str = ""
    source: str = field(default="", metadata={"key": "show-source"})


_FIGURE_KEYS = tuple(field.metadata.get("key", field.name) for field in fields(Figure))


@dataclass(frozen=True)
class Markup:
    """One fence, understood."""

    request: DiagramRequest
    figure: Figure


class BodyError(RequestError):
    """A fence's body that is not YAML; `line` counts from the body's first line, which is 0."""

    def __init__(self, message: str, *, hint: str = "", line: int = 0) -> None:
        """Keep the line, so that the page's line can be told."""
        super().__init__(message, hint=hint)
        self.line = line


def parse_markup(
    fence: Fence, defaults: Defaults | None = None, locate: Callable[[str], str] = str
) -> Markup:
    """Read one fence.

    Args:
        fence: its body is a target, or a YAML mapping with a target or code.
        defaults: what the site sets; what a diagram's view does not know is passed over.
        locate: takes a path in the fence, gives it relative to the project.

    Raises:
        RequestError: anything that is not understood, with what to write instead.
    """
    if fence.surplus:
        hint = "Options are lines of their own between the fences, like 'view: layered'."
        raise RequestError(f"'{fence.surplus}' cannot stand behind the fence's name.", hint=hint)
    options = _read_yaml(fence.body)
    figure = _take_figure(options)
    target = options.pop("target", None)
    chosen = (defaults or Defaults()).under(options)
    request = parse_request("" if target is None else str(target), chosen)
    request = request.located(locate, options)
    return Markup(request=request, figure=figure)


def read_defaults(options: Mapping[str, Any], themes: Mapping[str, Any]) -> Defaults:
    """Check what a site sets, when its build starts.

    Raises:
        RequestError: an option that no view knows, or a value that is wrong.
    """
    site = Defaults(options=_spelt(options), themes=_spelt(themes))
    for name, value in site.options.items():
        check_default(name, value)
    for name, value in site.themes.items():
        check_theme(name, value)
    site.under({})
    return site


def _spelt(options: Mapping[str, Any]) -> dict[str, Any]:
    """Spell names as the core does, those inside of sets of options, too."""
    return {
        hyphenated(name): {hyphenated(key): part for key, part in value.items()}
        if isinstance(value, Mapping) and hyphenated(name) not in option_names()
        else value
        for name, value in options.items()
    }


def hyphenated(name: object) -> str:
    """Spell an option's name as the core does."""
    return str(name).strip().replace("_", "-")


def _read_yaml(body: str) -> dict[str, Any]:
    try:
        content = load_yaml(body, "The fence's body is not YAML")
    except MarkupError as error:
        raise BodyError(error.message, hint=error.hint, line=error.line) from None
    if content is None or isinstance(content, str):
        return {"target": content}
    if not isinstance(content, dict):
        hint = "Write a target, or 'target: package.module:attribute' and options, one per line."
        raise BodyError("The fence holds neither a target nor options.", hint=hint)
    options = {hyphenated(name): value for name, value in content.items()}
    _check_names(options)
    return options


def _check_names(options: Mapping[str, Any]) -> None:
    """Refuse what neither we nor the view knows; a wrong view is left to the core to name."""
    view = str(options.get("view", DEFAULT_VIEW))
    known = {*_SUBJECT_KEYS, *_FIGURE_KEYS, *option_names()}
    if view not in VIEWS:
        return
    for name in options:
        if name not in known:
            hint = did_you_mean(name, known) or f"It knows: {', '.join(sorted(known))}."
            raise RequestError(f"A diagram has no option '{name}'.", hint=hint)


def _take_figure(options: dict[str, Any]) -> Figure:
    """Move what concerns the page out of the options."""
    return Figure(
        caption=_take_text(options, "caption"),
        alt=_take_text(options, "alt"),
        name=_take_name(options),
        classes=_take_classes(options),
        align=_take_align(options),
        width=_take_width(options),
        source=_take_source(options),
    )


def _take_source(options: dict[str, Any]) -> str:
    """Take the code to show, and make sure that it is text; it also stays in the options."""
    code = options.get("code")
    if code is not None and not isinstance(code, str):
        raise RequestError("The code is not text.", hint="Write 'code: |', and the code below it.")
    shown = options.pop("show-source", False)
    if shown not in (None, True, False):
        raise RequestError("The option 'show-source' takes true or false.")
    if shown is False:
        return ""
    if not code:
        raise RequestError(
            "There is no source to show: the diagram has a target.",
            hint="Remove show-source; it is for code that stands in the page itself.",
        )
    return code.rstrip()


def _take_text(options: dict[str, Any], key: str) -> str:
    value = options.pop(key, None)
    if value is None or isinstance(value, str | int | float):
        return "" if value is None else str(value).strip()
    raise RequestError(f"The option '{key}' takes text.", hint="Put it between quotes.")


def _take_name(options: dict[str, Any]) -> str:
    name = _take_text(options, "name")
    if name and not _ID.fullmatch(name):
        raise RequestError(f"The name '{name}' cannot be linked to.", hint="Leave out spaces.")
    return name


def _take_classes(options: dict[str, Any]) -> str:
    value = options.get("class")
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        options["class"] = " ".join(value)
    return _take_text(options, "class")


def _take_align(options: dict[str, Any]) -> str:
    align = _take_text(options, "align") or "center"
    if align not in ALIGNMENTS:
        hint = did_you_mean(align, ALIGNMENTS) or f"It takes {' | '.join(ALIGNMENTS)}."
        raise RequestError(f"The option 'align' cannot be '{align}'.", hint=hint)
    return align


def _take_width(options: dict[str, Any]) -> str:
    """Take the width if it is relative to the page; a number of px is the picture's own."""
    value = "".join(str(options.get("width", "")).split())
    if not _DISPLAY_WIDTH.fullmatch(value):
        return ""
    del options["width"]
    return value
