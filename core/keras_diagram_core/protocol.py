"""What runner and worker say to each other: one JSON document per line.

The first line to the worker is a `manifest.Project`; each line after it is a
`request.ModelRequest`, and the worker answers each with one `Reply`.
"""

from __future__ import annotations

from msgspec import Struct

from keras_diagram_core.errors import ERRORS, BuilderError, DiagramError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Manifest


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
        error = ERRORS.get(self.subtype, BuilderError)
        return error(self.message, hint=self.hint, traceback=self.traceback, output=output)


class Reply(Struct, frozen=True, kw_only=True):
    """What became of one request: a graph, with its manifest where that is sure, or a failure.

    `elsewhere` says that the target wants another Keras backend than this process has: ask a
    new one. The first reply of a process never says so.
    """

    graph: ModelGraph | None = None
    manifest: Manifest | None = None
    failure: Failure | None = None
    elsewhere: bool = False
