"""Everything that can go wrong with a diagram, as one tree of exceptions.

    DiagramError                  catch this one to catch them all; itself: a defect of ours
    ├── RequestError              the markup: target grammar, options, kwargs
    │   └── MarkupError           text that is not YAML, with the line
    ├── TargetError               no such module or attribute, or it does not take the kwargs
    ├── EnvironmentProblem        Keras, its backend or another package is not installed
    ├── BuilderError              the user's code raised, exited, crashed or hung
    ├── ModelError                the code ran, but gave nothing that can be drawn
    └── GraphFormatError          a ModelGraph, Outline or Scene that is not valid

Each class has a `subtype`, a stable machine name: hosts use it as the subtype of their
warnings, so that users can silence one kind.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import ClassVar

from keras_diagram_core.characters import fit_message, fit_report


class DiagramError(Exception):
    """A diagram that cannot be drawn: what is wrong, and what to do about it."""

    subtype: ClassVar[str] = "diagram"

    def __init__(
        self, message: str, *, hint: str = "", traceback: str = "", output: str = ""
    ) -> None:
        """Keep the parts of the message apart, so that each host can set them its own way.

        All may quote what the user's code said: they are made fit for a page and a terminal.

        Args:
            message: what is wrong, one sentence.
            hint: what to do about it, one sentence, or nothing.
            traceback: the user's own traceback, where the user's code raised.
            output: what the user's code printed.
        """
        self.message = fit_message(message)
        self.hint = fit_message(hint)
        self.traceback = fit_report(traceback)
        self.output = fit_report(output)
        super().__init__(self.message)

    def __str__(self) -> str:
        """Give message and hint, as one line."""
        return " ".join(part for part in (self.message, self.hint) if part)

    @property
    def details(self) -> str:
        """The traceback and the captured output as text of several lines, or nothing."""
        parts = [self.traceback.rstrip()]
        if self.output.strip():
            parts.append("Output of the code:\n" + self.output.rstrip())
        return "\n\n".join(part for part in parts if part)


class RequestError(DiagramError):
    """The markup cannot be understood."""

    subtype = "request"


class MarkupError(RequestError):
    """Text that is not YAML; `line` counts from its first line, which is 0."""

    def __init__(self, message: str, *, hint: str = "", line: int = 0) -> None:
        """Keep the line, for hosts that know where the text begins."""
        super().__init__(message, hint=hint)
        self.line = line


class TargetError(DiagramError):
    """The target does not exist, or does not take these arguments."""

    subtype = "target"


class EnvironmentProblem(DiagramError):  # noqa: N818  (EnvironmentError is a builtin)
    """Something that the target needs is not installed."""

    subtype = "environment"


class BuilderError(DiagramError):
    """The user's code raised, exited, crashed or hung."""

    subtype = "builder"


class ModelError(DiagramError):
    """The user's code returned nothing that can be drawn."""

    subtype = "model"


class GraphFormatError(DiagramError):
    """A document does not have the shape of a ModelGraph, an Outline or a Scene."""

    subtype = "format"


ERRORS: dict[str, type[DiagramError]] = {
    error.subtype: error
    for error in (
        RequestError,
        TargetError,
        EnvironmentProblem,
        BuilderError,
        ModelError,
        GraphFormatError,
    )
}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the known name that is nearest to a misspelt one, as a sentence, or nothing."""
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else ""


def in_words(noun: str, names: Sequence[str]) -> str:
    """List names behind what they are: `the view auto`, `the views auto, layered and blocks`."""
    if len(names) == 1:
        return f"the {noun} {names[0]}"
    return f"the {noun}s {', '.join(names[:-1])} and {names[-1]}"
