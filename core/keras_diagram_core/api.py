"""From requests to artifacts: the only module that names every stage."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from keras_diagram_core.artifact import Artifact, Format, format_named
from keras_diagram_core.backends import font_notes, paint
from keras_diagram_core.cache import Cache, artifact_key
from keras_diagram_core.describe import describe
from keras_diagram_core.dot import write_dot
from keras_diagram_core.errors import DiagramError, RequestError
from keras_diagram_core.files import files_named, images_of
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.manifest import Checker, Manifest, Project, find_module, source_digest
from keras_diagram_core.options import AllOptions, DotOptions
from keras_diagram_core.request import DiagramRequest, ModelRequest, parse_request
from keras_diagram_core.runner import Extraction, extract
from keras_diagram_core.transforms.hide import shown

Progress = Callable[[int, int, str], None]
"""Told (how many models are done, of how many, which target comes next)."""


class Settings(Struct, frozen=True, kw_only=True):
    """What holds for a whole build.

    Args:
        project: where the user's code is found.
        cache: the cache's folder, or None to keep nothing.
        timeout: seconds that one target may take, the first import of Keras included.
    """

    project: Project
    cache: Path | None = None
    timeout: float = 120.0

    @classmethod
    def here(
        cls, cache: Path | None = None, timeout: float = 120.0, backend: str = ""
    ) -> Settings:
        """Find code as a Python started in the current folder would."""
        base = os.getcwd()
        path = dict.fromkeys([base, *(os.path.abspath(entry) for entry in sys.path)])
        project = Project(base=base, search_path=tuple(path), backend=backend)
        return cls(project=project, cache=cache, timeout=timeout)


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one request: its pictures by format, or the error that prevented them.

    `sources` are the files that the picture was made from, absolute, for hosts that watch.
    """

    artifacts: dict[Format, Artifact] = {}
    error: DiagramError | None = None
    sources: tuple[str, ...] = ()


class Batch(Struct, frozen=True, kw_only=True):
    """The outcomes of a build by `DiagramRequest.digest`, and what they took.

    `extracted` counts models, `redrawn` and `cached` count pictures. `problem` says why
    nothing could be kept, where the cache cannot be written.
    """

    outcomes: dict[str, Outcome]
    extracted: int
    redrawn: int
    cached: int
    problem: str = ""

    @property
    def summary(self) -> str:
        """One line for the end of a build."""
        return f"extracted {self.extracted}, redrawn {self.redrawn}, from cache {self.cached}"


def render_all(
    requests: Iterable[DiagramRequest],
    settings: Settings,
    *,
    formats: Sequence[Format] = ("svg",),
    progress: Progress | None = None,
) -> Batch:
    """Render all diagrams of a build, each model extracted at most once.

    A diagram that fails does not stop the others: its outcome holds the error.

    Args:
        requests: in any order; equal ones are rendered once.
        settings: what holds for the whole build.
        formats: the pictures wanted of each.
        progress: called before each extraction, never when all comes from the cache.
    """
    build = _Build(requests, settings, formats)
    build.recall()
    build.extract(progress)
    return build.finish()


def render(
    target: Any,
    options: Mapping[str, Any] | None = None,
    *,
    format: str = "svg",
    settings: Settings | None = None,
) -> Artifact:
    """Render one diagram.

    Args:
        target: `package.module:attribute`, a saved model's file, or a live model.
        options: as in markup: `kwargs`, `depth`, `view` and the view's options.
        format: `svg`, `pdf`, `png`, `jpeg`, `webp`, `gif`, `tiff` or `dot`.
        settings: where the code is found; the current folder and `sys.path`, when absent.

    Raises:
        DiagramError: whatever went wrong.
    """
    wanted = format_named(format)
    if not isinstance(target, (str, os.PathLike)):
        return _render_live(target, options, wanted)
    request = parse_request(os.fspath(target), options, wanted)
    batch = render_all([request], settings or Settings.here(), formats=[wanted])
    outcome = batch.outcomes[request.digest]
    if outcome.error:
        raise outcome.error
    return outcome.artifacts[wanted]


def _render_live(model: Any, options: Mapping[str, Any] | None, format: Format) -> Artifact:
    """Render a model of this process."""
    request = parse_request("live:model", options, format)
    return draw(_read_live(model, request.model), request.options, format)


def _read_live(model: Any, request: ModelRequest) -> ModelGraph:
    if request.kwargs:
        raise RequestError(
            "A live model takes no kwargs: it is built already.", hint="Remove them."
        )
    # By name: who renders what is named imports no Keras.
    live = importlib.import_module("keras_diagram_core.worker.live")
    named = msgspec.structs.replace(request, target=str(getattr(model, "name", "")))
    graph: ModelGraph = live.read_live(model, named)
    return graph


def inspect(
    target: Any,
    options: Mapping[str, Any] | None = None,
    *,
    settings: Settings | None = None,
) -> ModelGraph:
    """Return one model's graph.

    Args:
        target: `package.module:attribute`, a saved model's file, or a live model.
        options: as in markup: `kwargs`, `depth`, `input-shape` and the like.
        settings: where the code is found; the current folder and `sys.path`, when absent.

    Raises:
        DiagramError: whatever went wrong.
    """
    if not isinstance(target, (str, os.PathLike)):
        return _read_live(target, parse_request("live:model", options).model)
    settings = settings or Settings.here()
    model = parse_request(os.fspath(target), options).model
    [found] = extract([model], settings.project, timeout=settings.timeout)
    if found.graph is None:
        raise found.error or DiagramError("The worker gave no reason.")
    return found.graph


class _Model(Struct, frozen=True, kw_only=True):
    """What is known of one model: its graph's digest, and the graph once it is needed."""

    digest: str
    graph: ModelGraph | None = None
    manifest: Manifest | None = None


class _Build:
    """One batch on its way: what was asked for, and what is known by now."""

    def __init__(
        self, requests: Iterable[DiagramRequest], settings: Settings, formats: Sequence[Format]
    ) -> None:
        self.requests = {request.digest: request for request in requests}
        self.settings = settings
        self.formats = formats
        self.cache = Cache(settings.cache, settings.project.backend)
        self.checker = Checker(settings.project)
        self.models: dict[str, _Model] = {}
        self.errors: dict[str, DiagramError] = {}
        self.pictures: dict[str, Artifact] = {}
        self.extracted = self.redrawn = self.cached = 0

    def recall(self) -> None:
        """Take from the cache what still holds: pictures, or else the graphs to draw from."""
        for model in self._model_requests():
            entry = self.cache.entry(model)
            if entry and self.checker.is_current(entry.manifest):
                self.models[model.digest] = _Model(digest=entry.graph, manifest=entry.manifest)
        for request in self.requests.values():
            self._recall_pictures(request)

    def extract(self, progress: Progress | None) -> None:
        """Have the worker extract every model that is not known."""
        missing = [model for model in self._model_requests() if model.digest not in self.models]
        if not missing:
            return
        settings = self.settings
        for found in extract(
            missing, settings.project, timeout=settings.timeout, progress=progress
        ):
            self._learn(found)

    def finish(self) -> Batch:
        """Draw what is missing, and give the outcomes."""
        outcomes = {name: self._outcome(request) for name, request in self.requests.items()}
        return Batch(
            outcomes=outcomes,
            extracted=self.extracted,
            redrawn=self.redrawn,
            cached=self.cached,
            problem=self.cache.problem,
        )

    def _model_requests(self) -> list[ModelRequest]:
        models = {request.model.digest: request.model for request in self.requests.values()}
        return list(models.values())

    def _recall_pictures(self, request: DiagramRequest) -> None:
        model = self.models.get(request.model.digest)
        if model is None:
            return
        for format in self.formats:
            key = self._key(model, request.options, format)
            if picture := self.cache.artifact(key, format):
                self.pictures[key] = picture
            elif (graph := model.graph or self.cache.graph(model.digest)) is None:
                del self.models[request.model.digest]
                return
            else:
                model = msgspec.structs.replace(model, graph=graph)
                self.models[request.model.digest] = model

    def _learn(self, found: Extraction) -> None:
        name = found.request.digest
        if found.graph is None:
            self.errors[name] = found.error or DiagramError("The worker gave no reason.")
            return
        self.extracted += 1
        self.models[name] = _Model(
            digest=found.graph.digest, graph=found.graph, manifest=found.manifest
        )
        if found.manifest:
            self.cache.keep_graph(found.request, found.graph, found.manifest)

    def _outcome(self, request: DiagramRequest) -> Outcome:
        name = request.model.digest
        if name in self.errors:
            return Outcome(error=self.errors[name], sources=self._failed_sources(request))
        model = self.models[name]
        try:
            artifacts = {
                format: self._picture(model, request.options, format) for format in self.formats
            }
        except RequestError as error:
            files = map(self.settings.project.locate, files_named(request.options))
            return Outcome(error=error, sources=tuple(files))
        except Exception as error:  # noqa: BLE001  (one odd model must not cost the whole build)
            return Outcome(error=_our_fault(request, error))
        project = self.settings.project
        sources = model.manifest.sources if model.manifest else ()
        paths = [source.path for source in sources if source.digest]
        paths += files_named(request.options)
        return Outcome(artifacts=artifacts, sources=tuple(map(project.locate, paths)))

    def _failed_sources(self, request: DiagramRequest) -> tuple[str, ...]:
        """Return where to look for the mend of a model that could not be extracted."""
        project, target = self.settings.project, request.model.target
        with suppress(Exception):  # the error is told, with or without them
            if request.model.is_file:
                return (project.locate(target),)
            if path := find_module(target.partition(":")[0], project.search_path):
                return (path,)
        return ()

    def _key(self, model: _Model, options: AllOptions, format: Format) -> str:
        digests = [self.checker.digest(path) for path in files_named(options)]
        return artifact_key(model.digest, options, format, digests)

    def _picture(self, model: _Model, options: AllOptions, format: Format) -> Artifact:
        key = self._key(model, options, format)
        picture = self.pictures.get(key) or self.cache.artifact(key, format)
        if picture:
            self.cached += 1
            return picture
        graph = model.graph or self.cache.graph(model.digest)
        if graph is None:
            raise DiagramError("The cache lost the graph while it was in use.")
        picture = draw(graph, options, format, self.settings.project.base)
        self.redrawn += 1
        self.cache.keep_artifact(picture)
        return picture


def draw(graph: ModelGraph, options: AllOptions, format: Format, base: str = "") -> Artifact:
    """Draw a graph, or write it as text.

    Args:
        graph: the model.
        options: how.
        format: what is made.
        base: the folder to which files are relative; the current one, when empty.

    Raises:
        RequestError: the options are not those of the format, a font or image cannot be read,
            or there would be too many pixels.
    """
    paths = {file: os.path.join(base, os.path.expanduser(file)) for file in files_named(options)}
    digests = [source_digest(path) for path in paths.values()]
    key = artifact_key(graph.digest, options, format, digests)
    graph = graph.canonical  # so that equal keys mean equal bytes
    if isinstance(options, DotOptions) and format == "dot":
        rest = shown(graph, options)
        notes = tuple(note.message for note in rest.notes)
        data, alt = write_dot(graph, options).encode("utf-8"), describe(rest)
        return Artifact(key=key, format=format, width=0, height=0, alt=alt, notes=notes, data=data)
    if isinstance(options, DotOptions) or format == "dot":
        hint = "Give `parse_request` the format."
        raise RequestError(f"The options are not those of the format '{format}'.", hint=hint)
    scene = lay_out(graph, options, images_of(options, format, base))
    font = options.font or None
    silent = font_notes(scene, format, font=font, files=paths)
    return Artifact(
        key=key,
        format=format,
        width=scene.width,
        height=scene.height,
        alt=scene.description,
        notes=(*scene.notes, *silent),
        data=paint(scene, format, font=font, files=paths, dpi=options.dpi),
    )


def _our_fault(request: DiagramRequest, error: Exception) -> DiagramError:
    return DiagramError(
        f"The model of '{request.model.title}' could not be drawn:"
        f" {type(error).__name__}: {error}.",
        hint="This is a defect of sphinx-keras-diagram; please report it.",
        traceback="".join(traceback.format_exception(error)),
    )
