"""Content-addressed store in two tiers: graphs (costly to get) and artifacts (cheap to redraw).

    manifests/<model request>.json    what the graph was made from, and the graph's digest
    graphs/<graph>.json               ModelGraphs by content
    artifacts/<picture>.svg           pictures by graph, options and drawing code
    artifacts/<picture>.svg.json      their size, alt text and check sum

Reading never fails: an entry that is absent, damaged, of another version or not ours is a
miss. Writing never fails either: `Cache.problem` says why nothing could be kept. An entry
appears whole or not at all (temporary file, then rename), so builds may share one cache.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from keras_diagram_core import graph, manifest
from keras_diagram_core.artifact import Artifact, Format
from keras_diagram_core.errors import GraphFormatError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Manifest
from keras_diagram_core.options import AllOptions
from keras_diagram_core.request import ModelRequest, canonical_json, digest

_PACKAGE = Path(__file__).parent
_EXTRACTING = ("worker", "graph.py", "macs.py", "formulas.py", "samples.py")
_DRAWING = (
    *("graph.py", "transforms", "layout", "describe.py", "dot.py"),
    *("scene.py", "text.py", "theme.py", "colours.py", "backends"),
)
_STALE_SECONDS = 3600.0

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)

T = TypeVar("T")


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is remembered of one extraction: the graph's digest, and what it was made from."""

    graph: str
    manifest: Manifest


class _ArtifactFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An artifact without its bytes, and their check sum."""

    width: float
    height: float
    alt: str
    notes: tuple[str, ...] = ()
    sha256: str


def artifact_key(
    graph_digest: str, options: AllOptions, format: Format, files: Sequence[str] = ()
) -> str:
    """Name a picture by all that decides its bytes: graph, options, format, our code, files.

    `files` are the digests of the fonts and of the images that the options name.
    """
    parts = [graph_digest, options, files, format, _code_digest(_DRAWING)]
    return digest(canonical_json(parts))


@functools.cache
def _code_digest(parts: tuple[str, ...]) -> str:
    """Hash our own source, so that an upgrade never shows what an older version drew."""
    hasher = hashlib.sha256()
    for part in parts:
        root = _PACKAGE / part
        for path in sorted(root.rglob("*.py")) if root.is_dir() else [root]:
            hasher.update(path.relative_to(_PACKAGE).as_posix().encode())
            hasher.update(path.read_bytes())
    return hasher.hexdigest()


def _entry_key(request: ModelRequest, backend: str) -> str:
    surroundings = [
        graph.SCHEMA,
        manifest.SCHEMA,
        _code_digest(_EXTRACTING),
        list(sys.version_info[:2]),
        backend or os.environ.get("KERAS_BACKEND", ""),
        os.environ.get("TF_USE_LEGACY_KERAS", ""),
    ]
    return digest(canonical_json([request, surroundings]))


class Cache:
    """One folder of entries, or none at all: then every look-up is a miss."""

    def __init__(self, folder: Path | None, backend: str = "") -> None:
        """Name the folder, made when the first entry is kept, and the Keras backend in use."""
        self._folder = folder
        self._backend = backend
        self._ready = False
        self.problem = ""

    def entry(self, request: ModelRequest) -> Entry | None:
        """Recall what was remembered of a model, without checking that it still holds."""
        data = self._read(f"manifests/{_entry_key(request, self._backend)}.json")
        return _decode(data, Entry)

    def graph(self, graph_digest: str) -> ModelGraph | None:
        """Recall a graph; one whose content is not what its name says is a miss."""
        data = self._read(f"graphs/{graph_digest}.json")
        try:
            found = ModelGraph.from_dict(msgspec.json.decode(data or b""))
        except (*_UNREADABLE, GraphFormatError):
            return None
        return found if found.digest == graph_digest else None

    def artifact(self, key: str, format: Format) -> Artifact | None:
        """Recall a picture; one with other bytes than were kept is a miss."""
        name = f"artifacts/{key}.{format}"
        facts = _decode(self._read(f"{name}.json"), _ArtifactFacts)
        data = self._read(name) if facts else None
        if facts is None or data is None or hashlib.sha256(data).hexdigest() != facts.sha256:
            return None
        if format == "svg" and not is_harmless(data):
            return None
        return Artifact(
            key=key,
            format=format,
            width=facts.width,
            height=facts.height,
            alt=facts.alt,
            notes=facts.notes,
            data=data,
        )

    def keep_graph(self, request: ModelRequest, graph: ModelGraph, manifest: Manifest) -> None:
        """Remember a graph and what it was made from; the graph first, then what names it."""
        self._write(f"graphs/{graph.digest}.json", canonical_json(graph))
        entry = Entry(graph=graph.digest, manifest=manifest)
        self._write(f"manifests/{_entry_key(request, self._backend)}.json", canonical_json(entry))

    def keep_artifact(self, artifact: Artifact) -> None:
        """Remember a picture; its bytes first, then the facts that vouch for them."""
        name = f"artifacts/{artifact.key}.{artifact.format}"
        facts = _ArtifactFacts(
            width=artifact.width,
            height=artifact.height,
            alt=artifact.alt,
            notes=artifact.notes,
            sha256=hashlib.sha256(artifact.data).hexdigest(),
        )
        self._write(name, artifact.data)
        self._write(f"{name}.json", canonical_json(facts))

    def _read(self, name: str) -> bytes | None:
        if self._folder is None:
            return None
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None

    def _write(self, name: str, data: bytes) -> None:
        """Put an entry in place in one step; after the first failure, do not try again."""
        if self._folder is None or self.problem:
            return
        try:
            self._prepare(self._folder)
            _replace(self._folder / name, data)
        except OSError as error:
            self.problem = f"the cache {self._folder} cannot be written: {error}"

    def _prepare(self, folder: Path) -> None:
        """Make the folder, hide it from git and backups, and sweep what killed builds left."""
        if self._ready:
            return
        for part in ("manifests", "graphs", "artifacts"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        for name, text in (
            (".gitignore", "*\n"),
            ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
        ):
            if not (folder / name).exists():
                _replace(folder / name, text.encode())
        _sweep(folder)
        self._ready = True


def _replace(path: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sweep(folder: Path) -> None:
    oldest = time.time() - _STALE_SECONDS
    for path in folder.glob("*/.*.tmp"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except OSError:  # another build was faster
            continue


def _decode(data: bytes | None, type_: type[T]) -> T | None:
    try:
        return msgspec.json.decode(data or b"", type=type_)
    except _UNREADABLE:
        return None


_OUR_TAGS = rb"svg|title|desc|style|g|path|rect|circle|text|defs|image|use|clipPath"
# Images hold their data, and all else refers to what is in the picture.
_OUR_LINKS = (
    rb"use href=\"#kd-[\w-]+\"(?:(?!href)[^>])*>"
    rb"|image id=\"kd-[\w-]+\" width=\"[\d.]+\" height=\"[\d.]+\" preserveAspectRatio=\"none\""
    rb" href=\"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]*\"/>"
)
_FOREIGN = re.compile(
    rb"<(?!/?(?:" + _OUR_TAGS + rb")[\s>/])"
    rb"|<[^>]*[\s\"'](?:on\w+|xlink:href)\s*="
    rb"|<(?!(?:" + _OUR_LINKS + rb"))(?:(?:image|use)\b|[^>]*[\s\"']href\s*=)"
    rb"|@import|url\((?!#kd-)"
)


def is_harmless(svg: bytes) -> bool:
    """Say whether an SVG has only what we draw: no script, handler, link or foreign element.

    Pages take cached SVG in as it is, and a cache may have passed through other hands.
    """
    return _FOREIGN.search(svg) is None
