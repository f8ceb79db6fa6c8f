"""A small documentation project that tests write, build with Sphinx and look at."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from keras_diagram_core import (
    Artifact,
    Batch,
    DiagramError,
    DiagramRequest,
    Format,
    Outcome,
    Settings,
)

CONF = """\
extensions = ["sphinx_keras_diagram", "myst_parser"]
project = "Site"
numfig = True
html_theme = "basic"
exclude_patterns = ["_*"]
"""
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
    "kJggg=="
)


@dataclass(frozen=True)
class Result:
    """What a build has left."""

    outdir: Path
    status: int
    output: str
    warnings: str
    app: Sphinx
    written: set[str]
    """The pages that were written, by docname."""

    @property
    def warning_lines(self) -> list[str]:
        """The first line of each warning."""
        return [line for line in self.warnings.splitlines() if "WARNING: " in line]

    def page(self, name: str = "index.html") -> str:
        """Read an output file."""
        return (self.outdir / name).read_text(encoding="utf-8")


@dataclass
class Site:
    """A project's folder."""

    folder: Path

    def write(self, **files: str) -> Site:
        """Write source files: `index_rst="..."` is index.rst."""
        for name, text in files.items():
            stem, _, ending = name.rpartition("_")
            (self.folder / f"{stem}.{ending}").write_text(dedent(text), encoding="utf-8")
        return self

    def configure(self, more: str = "") -> Site:
        """Write conf.py."""
        (self.folder / "conf.py").write_text(CONF + dedent(more), encoding="utf-8")
        return self

    def build(self, builder: str = "html", *, jobs: int = 1, strict: bool = False) -> Result:
        """Build with Sphinx, in this process; the doctrees are shared by all builders."""
        output, warnings = io.StringIO(), io.StringIO()
        outdir = self.folder / "_build" / builder
        path, written = sys.path[:], set[str]()
        try:
            with patch_docutils(self.folder), docutils_namespace():
                app = Sphinx(
                    self.folder,
                    self.folder,
                    outdir,
                    self.folder / "_build" / "doctrees",
                    builder,
                    status=output,
                    warning=warnings,
                    warningiserror=strict,
                    parallel=jobs,
                )
                app.connect("doctree-resolved", lambda *args: written.add(args[-1]))
                app.build()
        finally:
            sys.path[:] = path
        clean = re.compile(r"\x1b\[[0-9;]*[mK]")
        return Result(
            outdir=outdir,
            status=app.statuscode,
            output=clean.sub("", output.getvalue()),
            warnings=clean.sub("", warnings.getvalue()),
            app=app,
            written=written,
        )


@dataclass
class FakeCore:
    """Stands in for `render_all`: what a host sees of the core, and what the host asked for."""

    versions: dict[str, int] = field(default_factory=dict)
    errors: dict[str, DiagramError] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    batches: list[list[DiagramRequest]] = field(default_factory=list)
    settings: Settings | None = None
    problem: str = ""

    def render_all(
        self,
        requests: Iterable[DiagramRequest],
        settings: Settings,
        *,
        formats: Sequence[Format] = ("svg",),
        progress: Any = None,
    ) -> Batch:
        """Give a picture that depends on the request and on the model's version."""
        self.batches.append(list(requests))
        self.settings = settings
        unique = {request.digest: request for request in self.batches[-1]}
        for done, request in enumerate(unique.values()):
            progress(done, len(unique), request.model.target)
        outcomes = {digest: self._outcome(request, formats) for digest, request in unique.items()}
        return Batch(
            outcomes=outcomes, extracted=0, redrawn=0, cached=len(unique), problem=self.problem
        )

    def _outcome(self, request: DiagramRequest, formats: Sequence[Format]) -> Outcome:
        target = request.model.target
        if target in self.errors:
            return Outcome(error=self.errors[target])
        return Outcome(artifacts={kind: self._draw(request, kind) for kind in formats})

    def _draw(self, request: DiagramRequest, kind: Format) -> Artifact:
        target = request.model.target
        seed = f"{request.digest} {self.versions.get(target, 1)} {kind}"
        key = hashlib.sha256(seed.encode()).hexdigest()[:32]
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="kd kd-view-layered" role="img"'
            f' viewBox="0 0 400 100" width="400" height="100"><title>{target}</title>'
            f"<desc>A fake.</desc><style>.kd{{}}</style><text>{key} hiddenword</text></svg>\n"
        )
        return Artifact(
            key=key,
            format=kind,
            width=400,
            height=100,
            alt=f"The model {target}, in words.",
            notes=self.notes.get(target, ()),
            data=svg.encode() if kind == "svg" else PNG,
        )
