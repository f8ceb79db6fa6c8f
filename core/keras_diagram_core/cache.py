"""Content-addressed store in two tiers: graphs (costly to get) and artifacts (cheap to redraw).

    manifests/<model request>.json    what the graph was made from, and the graph's digest
    graphs/<graph>.json               ModelGraphs by content
    artifacts/<picture>.svg           pictures by graph, options and code
    artifacts/<picture>.svg.json      their size, alt text and notes

Each JSON document stands beside a check sum, which covers the picture, too. Reading never fails:
an entry that is absent, damaged, of another version or not ours is a miss. Writing never fails
either: `Cache.problem` says why nothing could be kept. An entry appears whole or not at all
(temporary file, then rename), so builds may share one cache.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from keras_diagram_core.artifact import Artifact, Format
from keras_diagram_core.depends import paths_of
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.harmless import is_harmless
from keras_diagram_core.manifest import Manifest, installed_version
from keras_diagram_core.options import AllOptions
from keras_diagram_core.request import ModelRequest, canonical_json, digest

_PACKAGE = Path(__file__).parent
_PAINTERS = ("Pillow", "aggdraw", "fonttools", "fpdf2")
_STALE_SECONDS = 3600.0
_LARGEST = 1 << 28
"""How many bytes a file may have, so that a damaged one does not fill the memory."""

T = TypeVar("T")


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is remembered of one extraction: the graph's digest, and what it was made from."""

    graph: str
    manifest: Manifest


class _ArtifactFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An artifact without its bytes."""

    width: float
    height: float
    alt: str
    notes: tuple[str, ...] = ()


class _Sealed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document, and the check sum of its bytes and of the picture that it is about."""

    content: msgspec.Raw
    sha256: str


def artifact_key(
    graph_digest: str, options: AllOptions, format: Format, files: Sequence[str] = ()
) -> str:
    """Name a picture by all that decides its bytes: graph, options, format, our code, files.

    `files` are the digests of the fonts and of the images that the options name.
    """
    painters = [] if format in {"svg", "dot"} else list(map(installed_version, _PAINTERS))
    parts = [graph_digest, options, files, format, _code_digest(), painters]
    return digest(canonical_json(parts))


@cache
def _code_digest() -> str:
    """Hash this package, so that an upgrade never shows what an older version read or drew.

    All of it: a list of the modules that matter would one day lack one.
    """
    hasher = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            hasher.update(path.relative_to(_PACKAGE).as_posix().encode())
            hasher.update(path.read_bytes())
    return hasher.hexdigest()


def _entry_key(request: ModelRequest, backend: str) -> str:
    surroundings = [
        _code_digest(),
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
        """Return what was remembered of a model, without checking that it still holds."""
        data = self._read(f"manifests/{_entry_key(request, self._backend)}.json")
        entry = _unsealed(data, partial(msgspec.json.decode, type=Entry))
        # To follow a pattern can take long: only those that the page names are.
        patterns = {pattern.path for pattern in entry.manifest.patterns} if entry else set()
        return entry if patterns <= set(paths_of(request.depends)) else None

    def graph(self, graph_digest: str) -> ModelGraph | None:
        """Return a graph; one whose content is not what its name says is a miss."""

        def read(content: msgspec.Raw) -> ModelGraph | None:
            found = ModelGraph.from_dict(msgspec.json.decode(content))
            return found if found.digest == graph_digest else None

        return _unsealed(self._read(f"graphs/{graph_digest}.json"), read)

    def artifact(self, key: str, format: Format) -> Artifact | None:
        """Return a picture; one with other bytes or facts than were kept is a miss."""
        name = f"artifacts/{key}.{format}"
        data = self._read(name)
        if data is None or (format == "svg" and not is_harmless(data)):
            return None
        read = partial(msgspec.json.decode, type=_ArtifactFacts)
        facts = _unsealed(self._read(f"{name}.json"), read, data)
        if facts is None:
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
        self._write(f"graphs/{graph.digest}.json", _sealed(graph))
        entry = Entry(graph=graph.digest, manifest=manifest)
        self._write(f"manifests/{_entry_key(request, self._backend)}.json", _sealed(entry))

    def keep_artifact(self, artifact: Artifact) -> None:
        """Remember a picture; its bytes first, then the facts that vouch for them."""
        name = f"artifacts/{artifact.key}.{artifact.format}"
        facts = _ArtifactFacts(
            width=artifact.width,
            height=artifact.height,
            alt=artifact.alt,
            notes=artifact.notes,
        )
        self._write(name, artifact.data)
        self._write(f"{name}.json", _sealed(facts, artifact.data))

    def _read(self, name: str) -> bytes | None:
        if self._folder is None:
            return None
        path = self._folder / name
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
                return None
            return path.read_bytes()
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
    """Write a file in one step, with the rights that the umask leaves."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sweep(folder: Path) -> None:
    oldest = time.time() - _STALE_SECONDS
    for path in folder.glob("*/.*.tmp"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except OSError:  # another build was faster
            continue


def _sealed(content: Struct, picture: bytes = b"") -> bytes:
    """Write a document beside its check sum."""
    data = canonical_json(content)
    return msgspec.json.encode(_Sealed(content=msgspec.Raw(data), sha256=_sum(data, picture)))


def _unsealed(
    data: bytes | None, read: Callable[[msgspec.Raw], T | None], picture: bytes = b""
) -> T | None:
    """Read a document, unless it is damaged."""
    try:
        sealed = msgspec.json.decode(data or b"", type=_Sealed)
        is_whole = _sum(bytes(sealed.content), picture) == sealed.sha256
        return read(sealed.content) if is_whole else None
    except Exception:  # noqa: BLE001  (nobody knows what a damaged file makes a decoder raise)
        return None


def _sum(content: bytes, picture: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(content).digest() + picture).hexdigest()
