"""One worker process: a project's set-up, then one request after the other."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from typing import Any, BinaryIO

import msgspec

from keras_diagram_core.errors import DiagramError, ModelError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Project
from keras_diagram_core.protocol import Failure, Reply
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker.extract import extract_graph
from keras_diagram_core.worker.failures import one_line, user_traceback
from keras_diagram_core.worker.reads import Recorder
from keras_diagram_core.worker.state import clean_process
from keras_diagram_core.worker.targets import load_model
from keras_diagram_core.worker.weightless import building, needs_weights


def main() -> None:
    """Answer requests until there are no more."""
    requests, replies = claim_streams()
    project = msgspec.json.decode(requests.readline(), type=Project)
    set_up(project)
    recorder = Recorder(project)
    sys.addaudithook(recorder)
    for line in requests:
        reply = answer(msgspec.json.decode(line, type=ModelRequest), recorder)
        replies.write(msgspec.json.encode(reply) + b"\n")
        replies.flush()


def claim_streams() -> tuple[BinaryIO, BinaryIO]:
    """Take stdin and stdout for ourselves; user code gets an empty stdin, and writes to stderr."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        # By line, so that what was printed before a crash is kept, in its order.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    return requests, replies


def set_up(project: Project) -> None:
    """Make the process look like the one that builds the documentation."""
    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=False)
    os.chdir(project.base)
    rest = [path for path in sys.path if path not in project.search_path]
    sys.path[:] = [*project.search_path, *rest]
    sys.argv[:] = ["keras-diagram"]


def answer(request: ModelRequest, recorder: Recorder) -> Reply:
    """Extract one model; whatever fails becomes data."""
    try:
        try:
            return _attempt(request, recorder, weightless=True)
        except DiagramError as error:
            if not needs_weights(error):
                raise
        return _attempt(request, recorder, weightless=False)
    except DiagramError as error:
        return Reply(failure=Failure.of(error))


def _attempt(request: ModelRequest, recorder: Recorder, *, weightless: bool) -> Reply:
    with clean_process():
        with recorder.watching(), building(weightless=weightless):
            model = load_model(request.target, request.kwargs)
            graph = _read_graph(model, request)
        return Reply(graph=graph, manifest=recorder.manifest())


def _read_graph(model: Any, request: ModelRequest) -> ModelGraph:
    import keras

    try:
        return extract_graph(model, request.depth, keras.__version__)
    except Exception as error:
        raise ModelError(
            f"The graph of '{request.target}' could not be read: {one_line(error)}",
            hint="Please report it, with the model.",
            traceback=user_traceback(error),
        ) from error
