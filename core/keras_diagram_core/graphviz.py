"""Dot: a model as DOT, and what Graphviz makes of it, where that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import msgspec

from keras_diagram_core.dot import write_dot, write_subgraph
from keras_diagram_core.errors import DiagramError, EnvironmentProblem
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.options import DotOptions

_TEXT = {"dot", "gv", "raw"}
# With a resolution, Graphviz gives these a size that does not fit what is drawn in them.
_VECTOR = {"svg", "pdf", "ps", "eps"}
_SECONDS = 120.0


class Dot:
    """A model as a graph of Graphviz. `str()` gives the text; pictures need Graphviz' `dot`."""

    def __init__(self, graph: ModelGraph, options: DotOptions, *, subgraph: bool = False) -> None:
        """Keep what is to be written.

        Args:
            graph: the model.
            options: what is written of it.
            subgraph: whether the text is a cluster, to be put into that of another graph.
        """
        self.graph = graph
        self.options = options
        self.subgraph = subgraph

    def __str__(self) -> str:
        """Give the text."""
        return self.to_string()

    def to_string(self) -> str:
        """Give the text."""
        write = write_subgraph if self.subgraph else write_dot
        return write(self.graph, self.options)

    def write(self, path: str | os.PathLike[str], format: str = "") -> None:
        """Write the text (`dot`, `gv`), or a picture; the format is the ending, if not given.

        Raises:
            EnvironmentProblem: a picture, and Graphviz is not installed.
        """
        format = format or os.path.splitext(path)[1].removeprefix(".").lower() or "dot"
        data = self.to_string().encode("utf-8") if format in _TEXT else self.create(format)
        Path(path).write_bytes(data)

    def write_png(self, path: str | os.PathLike[str]) -> None:
        """Write a PNG file with Graphviz."""
        self.write(path, "png")

    def write_svg(self, path: str | os.PathLike[str]) -> None:
        """Write an SVG file with Graphviz."""
        self.write(path, "svg")

    def write_pdf(self, path: str | os.PathLike[str]) -> None:
        """Write a PDF file with Graphviz."""
        self.write(path, "pdf")

    def create(self, format: str = "png") -> bytes:
        """Have Graphviz draw the model, in any format that it knows.

        Raises:
            EnvironmentProblem: Graphviz is not installed.
            DiagramError: it failed.
        """
        program = shutil.which("dot")
        if program is None:
            raise EnvironmentProblem(
                "Graphviz is not installed: there is no program 'dot'.",
                hint="Install it (package 'graphviz' of most systems, https://graphviz.org), or"
                " use `plot_model`, which draws without it.",
            )
        options = self.options
        if format in _VECTOR:
            options = msgspec.structs.replace(options, dpi=0)
        text = write_dot(self.graph, options).encode("utf-8")
        return _run([program, f"-T{format}"], text, options)


def _run(command: list[str], text: bytes, options: DotOptions) -> bytes:
    try:
        result = subprocess.run(  # noqa: S603  (the program that the user has installed)
            command, input=text, capture_output=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise _failed(f"it took more than {_SECONDS:.0f} seconds", options) from None
    if result.returncode:
        said = result.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _failed(said[-1] if said else f"exit status {result.returncode}", options)
    return result.stdout


def _failed(reason: str, options: DotOptions) -> DiagramError:
    hint = "Versions before 7 crash with splines='ortho' on some models: try 'spline'."
    return DiagramError(
        f"Graphviz failed: {reason.rstrip('.')}.", hint=hint if options.splines == "ortho" else ""
    )
