"""Where diagrams are used: recorded while pages are read, in the build environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from keras_diagram_core import DiagramRequest, Project

_ATTRIBUTE = "keras_diagram_uses"
_CONFDIR = "keras_diagram_confdir"


@dataclass(frozen=True)
class Use:
    """A request, and where it stands, as `file:line`."""

    request: DiagramRequest
    location: str


def uses_by_page(env: BuildEnvironment) -> dict[str, list[Use]]:
    """Give the uses of each page that has any, by the page's docname."""
    if not hasattr(env, _ATTRIBUTE):
        setattr(env, _ATTRIBUTE, {})
    uses: dict[str, list[Use]] = getattr(env, _ATTRIBUTE)
    return uses


def all_uses(env: BuildEnvironment) -> Iterator[Use]:
    """Give the uses of all pages, in an order that does not depend on how they were read."""
    for _, uses in sorted(uses_by_page(env).items()):
        yield from uses


def record(env: BuildEnvironment, use: Use) -> None:
    """Note a use in the page that is being read."""
    uses_by_page(env).setdefault(env.docname, []).append(use)


def connect(app: Sphinx) -> None:
    """Keep the record true when pages are read again, removed, or read in other processes."""
    app.connect("env-before-read-docs", _note_confdir)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)


def page_path(env: BuildEnvironment, path: str) -> str:
    """Return the path of a file relative to conf.py, as a page that is being read has it.

    As for Sphinx' own images, it is relative to the page, or to the source folder after a `/`.
    """
    return Project(getattr(env, _CONFDIR), ()).portable(env.relfn2path(path)[1])


def _note_confdir(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:  # noqa: ARG001
    setattr(env, _CONFDIR, os.path.realpath(app.confdir))


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:  # noqa: ARG001
    uses_by_page(env).pop(docname, None)


def _merge(
    app: Sphinx,  # noqa: ARG001
    env: BuildEnvironment,
    docnames: Iterable[str],
    other: BuildEnvironment,
) -> None:
    theirs = uses_by_page(other)
    uses_by_page(env).update({name: theirs[name] for name in docnames if name in theirs})
