"""Defaults: what a site sets for all its diagrams, for those of one view, and as named themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from msgspec import Struct

from keras_diagram_core.errors import RequestError, did_you_mean
from keras_diagram_core.options import DEFAULT_VIEW, VIEWS, Theme, option_specs
from keras_diagram_core.plain import check_plain
from keras_diagram_core.request import MODEL_OPTIONS, option_names, parse_request

ONE_DIAGRAM_ONLY = frozenset({"kwargs", "input-shape", "inputs", "code"})
_THEMES = get_args(Theme)


class Defaults(Struct, frozen=True, kw_only=True):
    """The options of a site, by hyphenated name.

    Args:
        options: for all diagrams; under the name of a view, a mapping for those of this view.
        themes: named sets of options, which a diagram asks for by `theme: NAME`.
    """

    options: Mapping[str, Any] = {}
    themes: Mapping[str, Mapping[str, Any]] = {}

    def under(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """Put a diagram's own options on top: of its theme, its view's options, and the common.

        What its view does not know is left out of the others.

        Raises:
            RequestError: there is no such theme.
        """
        common = {name: value for name, value in self.options.items() if name not in VIEWS}
        theme = str(own.get("theme", common.get("theme", _THEMES[0])))
        named = self._theme(theme)
        view = str({**common, **named, **own}.get("view", DEFAULT_VIEW))
        known = {"view", *(spec.name for spec in MODEL_OPTIONS)}
        known |= {spec.name for spec in option_specs(view)} if view in VIEWS else set()
        below = {**common, **self.options.get(view, {}), **named}
        chosen = {name: value for name, value in below.items() if name in known} | dict(own)
        if theme not in _THEMES:
            chosen["theme"] = named.get("theme", _THEMES[0])
        return chosen

    def _theme(self, name: str) -> Mapping[str, Any]:
        if name in _THEMES:
            return {}
        if name not in self.themes:
            known = (*_THEMES, *self.themes)
            hint = did_you_mean(name, known) or f"There is: {', '.join(known)}."
            raise RequestError(f"There is no theme '{name}'.", hint=hint)
        return self.themes[name]


def check_default(name: str, value: Any, view: str = "") -> None:
    """Check one option that a site sets for all diagrams, or for those of a view.

    Raises:
        RequestError: a name that nobody knows, a value that cannot be, or an option that belongs
            to a single diagram.
    """
    check_plain(value, f"The option '{name}' cannot be read")
    if name in VIEWS:
        _check_set(value, f"The defaults of the view '{name}'", view=name)
        return
    if name in ONE_DIAGRAM_ONLY:
        raise RequestError(f"The option '{name}' cannot be set for all diagrams.")
    if name not in option_names():
        raise RequestError(
            f"There is no option '{name}'.", hint=did_you_mean(name, option_names())
        )
    if name == "theme" and value not in _THEMES:
        return  # one of the site's own; which, `Defaults` knows
    views = [view] if view else [view for view in VIEWS if name in _names_of(view)]
    _check_value(name, value, views or [DEFAULT_VIEW])


def check_theme(name: str, options: Any) -> None:
    """Check a named set of options.

    Raises:
        RequestError: the name is taken, or an option is not as it should be.
    """
    if name in _THEMES:
        raise RequestError(f"The theme '{name}' is there already.", hint="Choose another name.")
    _check_set(options, f"The theme '{name}'")


def _check_set(options: Any, owner: str, view: str = "") -> None:
    if not isinstance(options, Mapping):
        raise RequestError(f"{owner} must be a mapping of options.")
    for name, value in options.items():
        if view and name in option_names() - _names_of(view):
            raise RequestError(
                f"{owner} cannot set '{name}'.", hint="The view has no such option."
            )
        check_default(name, value, view)


def _check_value(name: str, value: Any, views: Sequence[str]) -> None:
    """Make sure that one of the views takes a value."""
    errors = []
    for view in views:
        try:
            parse_request("any:model", {"view": view, name: value})
        except RequestError as error:
            errors.append(error)
        else:
            return
    raise errors[0]


def _names_of(view: str) -> set[str]:
    return {spec.name for spec in option_specs(view)}
