"""From exceptions to messages for people: what is wrong, and what to do about it."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from traceback import FrameSummary, StackSummary, TracebackException, extract_tb

from keras_diagram_core.errors import BuilderError, DiagramError, EnvironmentProblem
from keras_diagram_core.worker.callers import Owner, owner

_OWN = str(Path(__file__).parents[1]) + os.sep
_BACKENDS = {"tensorflow", "jax", "torch", "openvino"}
_MACHINERY = (_OWN, str(Path(importlib.__file__).parent) + os.sep, "<frozen ")
_FRAMES = 30
_FOREIGN_FRAMES = 3
_LINE = 200
_FOREIGN = re.compile(r"KerasTensor cannot be used as input to an? (\w+) function")
_KERAS_QUOTES = re.compile(r"(?:Exception|Error) encountered:")
_KERAS_SAYS = re.compile(r"\AException encountered when calling .*\n\s*|\x1b\[\d*m")


def explain(error: BaseException, doing: str) -> DiagramError:
    """Say in one sentence why the user's code failed, with the traceback in its own frames.

    Args:
        error: what the code raised.
        doing: what was going on, as the subject of a sentence.
    """
    if isinstance(error, ModuleNotFoundError) and (problem := _missing(error, doing)):
        return problem
    ends = isinstance(error, (SystemExit, KeyboardInterrupt))
    verb = "ended the program" if ends else "failed"
    return BuilderError(
        f"{doing} {verb}: {one_line(error)}", hint=_hint(error), traceback=user_traceback(error)
    )


def message_of(error: BaseException) -> str:
    """Return an exception's message, also where its class fails to make one."""
    try:
        return str(error)
    except Exception as failure:  # noqa: BLE001  (it is the user's code)
        return f"its message cannot be made ({type(failure).__name__})"


def one_line(error: BaseException) -> str:
    """Return an exception's type and the first line of its message, not of Keras' about it."""
    message = _KERAS_SAYS.sub("", message_of(error)).strip()
    text = _cause(message).partition("\n")[0].strip()
    if foreign := _FOREIGN.search(message):
        text = _taking_none(foreign[1], error)
    text = _shortened(text)
    sentence = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return sentence if sentence.endswith((".", "!", "?", "…")) else sentence + "."


def _cause(message: str) -> str:
    """Leave out what Keras says of where an exception was raised: the reason stands behind it."""
    return _KERAS_QUOTES.split(message)[-1].strip() or message


def _shortened(text: str) -> str:
    """Leave the begin and the end of a long line: the end often says why."""
    half = _LINE // 2
    return text if len(text) <= _LINE else f"{text[: half - 2].rstrip()} … {text[-half:].lstrip()}"


def _taking_none(framework: str, error: BaseException) -> str:
    """Say which functions take no symbolic tensors."""
    inside = f"{os.sep}keras{os.sep}src{os.sep}random{os.sep}"
    if any(inside in frame.filename for frame in extract_tb(error.__traceback__)):
        return "keras.random takes no symbolic tensors; layers such as Dropout do"
    return f"{framework}'s functions take no symbolic tensors; those of keras.ops do"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an exception, what led to it, what led to that, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def where(error: BaseException) -> tuple[str, int | None] | None:
    """Give the file and line of the user's code in which an error was raised, if in any."""
    own = list(filter(_is_users, extract_tb(error.__traceback__)))
    return (own[-1].filename, own[-1].lineno) if own else None


def user_traceback(error: BaseException) -> str:
    """Format an exception and what led to it, without the frames that tell nothing."""
    trace = TracebackException.from_exception(error)
    seen: set[int] = set()
    todo: list[TracebackException | None] = [trace]
    while todo:
        part = todo.pop()
        if part is not None and id(part) not in seen:
            seen.add(id(part))
            _trim(part.stack)
            todo += [part.__cause__, part.__context__, *(part.exceptions or ())]
    return "".join(trace.format()).rstrip()


def _trim(stack: StackSummary) -> None:
    """Leave what tells something: the user's frames, or else the last of a library's."""
    foreign = [frame for frame in stack if not frame.filename.startswith(_MACHINERY)]
    own = list(filter(_is_users, foreign))
    stack[:] = own[-_FRAMES:] or foreign[-_FOREIGN_FRAMES:]


def _is_users(frame: FrameSummary) -> bool:
    return owner(frame.filename) is Owner.PROJECT


def _missing(error: ModuleNotFoundError, doing: str) -> DiagramError | None:
    """Explain a package that is not installed; None where it is a module that has moved."""
    package = (error.name or "").partition(".")[0]
    if not package or package in sys.modules:
        return None
    if package == "keras":
        hint = "Install keras and a backend in the environment that builds the documentation."
        return EnvironmentProblem("Keras is not installed.", hint=hint)
    if package in _BACKENDS and _raised_in_keras(error):
        return EnvironmentProblem(
            f"Keras has no backend: '{package}' is not installed.",
            hint=f"Install {package}, or set KERAS_BACKEND to the backend that is installed.",
        )
    trace = user_traceback(error)
    return EnvironmentProblem(
        f"{doing} needs the package '{package}', which is not installed{_importer(error)}.",
        hint="Install it in the environment that builds the documentation.",
        traceback=trace,
    )


def _raised_in_keras(error: BaseException) -> bool:
    inside = f"{os.sep}keras{os.sep}"
    frames = TracebackException.from_exception(error).stack
    files = [frame.filename for frame in frames if not frame.filename.startswith("<frozen ")]
    return bool(files) and inside in files[-1]


def _importer(error: BaseException) -> str:
    """Say which of the user's files wants the package."""
    frames = TracebackException.from_exception(error).stack
    places = list(filter(_is_users, frames))
    if not places:
        return ""
    return f" (imported in {Path(places[-1].filename).name}, line {places[-1].lineno})"


def _hint(error: BaseException) -> str:
    match error:
        case MemoryError():
            return "The builder needs more memory than there is: build a smaller model to show."
        case RecursionError():
            return "The code calls itself without end, or the model is deeper than Keras can go."
        case SystemExit() | KeyboardInterrupt():
            return "Return the model, and guard scripts with `if __name__ == '__main__':`."
    if "URL fetch failure" in message_of(error):
        return "A picture needs no trained weights: pass weights: null in the kwargs."
    return ""
