"""What runner and worker say to each other: one JSON document per line.

The first line to the worker is a `manifest.Project`; each line after it is a `Question`, and the
worker answers each with one `Reply` that has its number. Whatever else comes back ends the worker.
"""

from __future__ import annotations

import json

import msgspec
from msgspec import Struct

from keras_diagram_core.errors import ERRORS, DiagramError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Manifest, Project
from keras_diagram_core.request import ModelRequest

CHANNEL_LOST = 74
"""The exit status of a worker whose code has closed the way to answer (EX_IOERR)."""


def encode_project(project: Project) -> bytes:
    """Return a project as JSON; its paths need not be Unicode, as msgspec's texts have to be."""
    return json.dumps(msgspec.to_builtins(project)).encode()


def decode_project(line: bytes) -> Project:
    """Return the project that `encode_project` wrote."""
    return msgspec.convert(json.loads(line), Project)


class Question(Struct, frozen=True, kw_only=True):
    """A request for a model, and its number among those that this worker gets, from 1."""

    number: int
    model: ModelRequest


class Failure(Struct, frozen=True, kw_only=True):
    """A `DiagramError` as data."""

    subtype: str
    message: str
    hint: str = ""
    traceback: str = ""

    @classmethod
    def of(cls, error: DiagramError) -> Failure:
        """Write an error down."""
        return cls(
            subtype=error.subtype,
            message=error.message,
            hint=error.hint,
            traceback=error.traceback,
        )

    def to_error(self, output: str) -> DiagramError:
        """Give the error back, with what the code had printed."""
        error = ERRORS.get(self.subtype, DiagramError)
        return error(self.message, hint=self.hint, traceback=self.traceback, output=output)


class Reply(Struct, frozen=True, kw_only=True):
    """What became of one request: a graph, with its manifest where that is sure, or a failure.

    `elsewhere` says that the target wants another Keras backend than this process has: ask a
    new one. The first reply of a process never says so. `is_last` says that the target has changed
    what later ones would need: let the process end.
    """

    number: int = 0
    graph: ModelGraph | None = None
    manifest: Manifest | None = None
    failure: Failure | None = None
    elsewhere: bool = False
    is_last: bool = False
