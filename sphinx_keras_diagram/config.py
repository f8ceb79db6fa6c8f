"""The configuration values: each `keras_diagram_*` value is declared once, as a field."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any, Literal

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from keras_diagram_core import Defaults, RequestError, check_theme, parse_depends
from sphinx_keras_diagram.options import check_page_default

logger = logging.getLogger(__name__)

PREFIX = "keras_diagram_"

Check = Callable[[Any], tuple[Any, list[str]]]
"""Takes a value of the right type; gives what of it can be used, and what is wrong with it."""


@dataclass(frozen=True)
class Declaration:
    """What Sphinx is told about a value, and how the value is checked."""

    types: frozenset[type]
    description: str
    rebuild: Literal["", "env"] = ""
    check: Check = lambda value: (value, [])

    def as_metadata(self) -> dict[str, Declaration]:
        """Attach the declaration to a field."""
        return {"declaration": self}


def _positive(value: float) -> tuple[float, list[str]]:
    if value > 0:
        return value, []
    return HostConfig.timeout, [f"a positive number of seconds is expected, not {value}."]


def _checked_depends(value: Any) -> tuple[tuple[str, ...], list[str]]:
    try:
        return parse_depends(value), []
    except RequestError as error:
        return (), [str(error)]


def _checked(check: Callable[[str, Any], None]) -> Check:
    """Check what a mapping has one by one, and keep the good."""

    def check_all(value: dict[Any, Any]) -> tuple[dict[str, Any], list[str]]:
        good: dict[str, Any] = {}
        problems: list[str] = []
        for name, part in value.items():
            try:
                check(str(name), part)
            except RequestError as error:
                problems.append(str(error))
            else:
                good[str(name)] = part
        return good, problems

    return check_all


@dataclass(frozen=True)
class HostConfig:
    """The values of conf.py, checked."""

    cache: str | None = field(
        default=".cache/keras_diagram",
        metadata=Declaration(
            types=frozenset({str, NoneType}),
            description="Folder of the cache, relative to conf.py; empty: keep nothing.",
        ).as_metadata(),
    )
    timeout: float = field(
        default=120,
        metadata=Declaration(
            types=frozenset({int, float}),
            description="Seconds that one model may take, the import of Keras included.",
            check=_positive,
        ).as_metadata(),
    )
    backend: str = field(
        default="",
        metadata=Declaration(
            types=frozenset({str}),
            description="Keras backend to extract with; empty: Keras' own choice, none: without.",
        ).as_metadata(),
    )
    depends: list[str] | tuple[str, ...] = field(
        default_factory=list,
        metadata=Declaration(
            types=frozenset({list, tuple}),
            description="Files, patterns and env:NAME that all models are made from, relative to"
            " conf.py.",
            rebuild="env",  # directives record requests with these in them
            check=_checked_depends,
        ).as_metadata(),
    )
    default_options: dict[str, Any] = field(
        default_factory=dict,
        metadata=Declaration(
            types=frozenset({dict}),
            description="Options of every diagram that does not set them itself; under the name"
            " of a view, a mapping of those of its diagrams.",
            rebuild="env",  # directives record requests with these options in them
            check=_checked(check_page_default),
        ).as_metadata(),
    )
    themes: dict[str, Any] = field(
        default_factory=dict,
        metadata=Declaration(
            types=frozenset({dict}),
            description="Named sets of options, which a diagram asks for by its theme.",
            rebuild="env",
            check=_checked(check_theme),
        ).as_metadata(),
    )

    @property
    def defaults(self) -> Defaults:
        """What holds for diagrams that do not say otherwise."""
        return Defaults(options=self.default_options, themes=self.themes)

    def cache_folder(self, confdir: Path) -> Path | None:
        """Give the absolute folder of the cache, or None where nothing is kept."""
        return confdir / self.cache if self.cache else None


def read_config(config: Config) -> tuple[HostConfig, list[str]]:
    """Read the values of conf.py, and say what is wrong with them.

    A value that cannot be used is replaced here and not in `config`: Sphinx would take an
    assignment for a changed configuration, and read every page again.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, declaration in _declarations():
        value = config[PREFIX + name]
        if type(value) not in declaration.types:
            continue  # Sphinx itself warns about types
        values[name], found = declaration.check(value)
        problems += [f"{PREFIX}{name}: {problem}" for problem in found]
    return HostConfig(**values), problems


def connect(app: Sphinx) -> None:
    """Register the values, and have them checked once per build."""
    defaults = HostConfig()
    for name, declaration in _declarations():
        app.add_config_value(
            PREFIX + name,
            getattr(defaults, name),
            declaration.rebuild,
            declaration.types,
            declaration.description,
        )
    app.connect("builder-inited", _report_problems)


def _declarations() -> Iterator[tuple[str, Declaration]]:
    for declared in dataclasses.fields(HostConfig):
        yield declared.name, declared.metadata["declaration"]


def _report_problems(app: Sphinx) -> None:
    _, problems = read_config(app.config)
    for problem in problems:
        logger.warning(problem, type="keras_diagram", subtype="config")
