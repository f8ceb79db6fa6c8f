"""One worker process: a project's set-up, then one request after the other."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec.structs import replace

from keras_diagram_core.characters import fit_data
from keras_diagram_core.errors import DiagramError, ModelError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Project
from keras_diagram_core.protocol import Failure, Question, Reply, decode_project
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.transforms.hide import SPACER
from keras_diagram_core.transforms.spacers import without_spacers
from keras_diagram_core.worker.backends import Backend, OtherBackendError
from keras_diagram_core.worker.bytecode import keep_users_folders_clean
from keras_diagram_core.worker.channel import Channel
from keras_diagram_core.worker.extract import extract_graph
from keras_diagram_core.worker.failures import one_line, user_traceback
from keras_diagram_core.worker.legacy import extract_legacy, is_legacy
from keras_diagram_core.worker.libraries import Libraries
from keras_diagram_core.worker.nodes import Reading
from keras_diagram_core.worker.reads import Recorder
from keras_diagram_core.worker.state import clean_process
from keras_diagram_core.worker.supervisor import die_with_parent
from keras_diagram_core.worker.targets import load_function, load_model
from keras_diagram_core.worker.texts import Writer, with_texts
from keras_diagram_core.worker.weightless import building, needs_weights, once_imported


def main() -> None:
    """Answer requests until there are no more."""
    die_with_parent()
    channel = Channel()
    lines = channel.lines()
    project = decode_project(next(lines))
    set_up(project)
    recorder = Recorder(project)
    sys.addaudithook(recorder)
    backend = Backend(project.backend)
    libraries = Libraries()
    for line in lines:
        question = msgspec.json.decode(line, type=Question)
        with once_imported(libraries.remember):
            reply = answer(question, recorder, backend)
        if libraries.have_changed() or not channel.is_intact:
            reply = replace(reply, is_last=True)
        channel.send(reply)
        backend.is_settled = True


def set_up(project: Project) -> None:
    """Make the process look like the one that builds the documentation."""
    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=False)
    keep_users_folders_clean()
    os.chdir(project.base)
    rest = [path for path in sys.path if path not in project.search_path]
    sys.path[:] = [*project.search_path, *rest]
    sys.argv[:] = ["keras-diagram"]


def answer(question: Question, recorder: Recorder, backend: Backend) -> Reply:
    """Extract one model; whatever fails becomes data."""
    number, request = question.number, question.model
    try:
        backend.check()
        return replace(_attempts(request, recorder, backend), number=number)
    except OtherBackendError:
        return Reply(number=number, elsewhere=True)
    except DiagramError as error:
        failure = Failure.of(backend.explained(error, _subject(request)))
        return Reply(number=number, failure=failure)
    except BaseException as error:  # noqa: BLE001  (what cleans up may meet anything)
        return Reply(number=number, failure=Failure.of(_unforeseen(request, error)), is_last=True)


def _attempts(request: ModelRequest, recorder: Recorder, backend: Backend) -> Reply:
    try:
        return _attempt(request, recorder, backend, weightless=True)
    except DiagramError as error:
        if not needs_weights(error):
            raise
    return _attempt(request, recorder, backend, weightless=False)


def _attempt(
    request: ModelRequest, recorder: Recorder, backend: Backend, *, weightless: bool
) -> Reply:
    with clean_process(), backend.kept(), recorder.watching(), building(weightless=weightless):
        model = load_model(request)
        graph = read_graph(model, request)
    # By now `sys.path` is the build's again, as it is for whoever checks the manifest.
    manifest = recorder.manifest(request.depends)
    notes = (*graph.notes, *recorder.notes(request.depends))
    graph = msgspec.structs.replace(graph, notes=notes)
    return Reply(graph=graph, manifest=manifest)


def _unforeseen(request: ModelRequest, error: BaseException) -> DiagramError:
    return DiagramError(
        f"'{request.title}' was not extracted: {one_line(error)}",
        hint="Please report it, with the code.",
        traceback=user_traceback(error),
    )


def _subject(request: ModelRequest) -> str:
    return f"'{request.target}'" if request.target else "The code in the page"


def read_graph(
    model: Any, request: ModelRequest, writers: Mapping[str, Writer] = MappingProxyType({})
) -> ModelGraph:
    """Read the graph of a model of any Keras; whatever fails is explained.

    Args:
        model: a model or layer.
        request: what of it is wanted, and whether something is written on layers.
        writers: the functions that do so, by the name of their text, where the request's targets
            do not name them.

    Raises:
        DiagramError: nothing can be found out about it.
    """
    graph, layers = _read(model, request)
    spacers = {id_: layer for id_, layer in layers.items() if type(layer).__name__ == SPACER}
    rooms = {id_: float(getattr(layer, "spacing", 0)) for id_, layer in spacers.items()}
    graph = without_spacers(graph, rooms)
    for source in (*filter(None, [request.texts]), *request.labels):
        function = writers.get(source.name) or load_function(source.target)
        graph = with_texts(graph, layers, source, function)
    return _with_fit_texts(graph)


def _with_fit_texts(graph: ModelGraph) -> ModelGraph:
    """Clean what layers, classes, arguments and authors brought; the ids are clean already."""
    plain = graph.to_dict()
    fit = fit_data(plain)
    return graph if fit == plain else msgspec.convert(fit, ModelGraph)


def _read(model: Any, request: ModelRequest) -> Reading:
    try:
        if is_legacy(model):
            return extract_legacy(model, request)
        import keras

        return extract_graph(model, request, keras.__version__)
    except DiagramError:
        raise
    except Exception as error:
        raise ModelError(
            f"The graph of '{request.title}' could not be read: {one_line(error)}",
            hint="Please report it, with the model.",
            traceback=user_traceback(error),
        ) from error
