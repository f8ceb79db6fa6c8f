"""The corpus: real networks as committed graphs, and for each what its author would draw.

`python tests/networks/corpus.py [NAME]...` writes the graphs anew. Nothing writes the expected
outlines, which people wrote by hand: they are an answer key, and README.md says how to read them.
"""

from __future__ import annotations

import ast
import lzma
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Project
from keras_diagram_core.request import ModelRequest, canonical_json
from keras_diagram_core.runner import extract

FOLDER = Path(__file__).parent
GRAPHS = FOLDER / "graphs"
OUTLINES = FOLDER / "outlines"
MODULES = ("applications", "vision", "dense", "detection", "sequences", "parts", "hub")
HELPERS = {"conv_bn", "double_conv", "vae_encoder"}
"""What builders share, and no network."""


def targets() -> dict[str, str]:
    """Return the target of each network of the corpus by its name."""
    return {
        name: f"builders.{module}:{name}"
        for module in MODULES
        for name in _functions(FOLDER / "builders" / f"{module}.py")
    }


def _functions(path: Path) -> Iterator[str]:
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        name = getattr(statement, "name", "_")
        if isinstance(statement, ast.FunctionDef) and name[0] != "_" and name not in HELPERS:
            yield name


def names() -> list[str]:
    """Return the names of all committed graphs, sorted."""
    return sorted(path.name.removesuffix(".json.xz") for path in GRAPHS.glob("*.json.xz"))


def load(name: str) -> ModelGraph:
    """Return the committed graph of a network."""
    data = lzma.decompress((GRAPHS / f"{name}.json.xz").read_bytes())
    return ModelGraph.from_dict(msgspec.json.decode(data))


def expected(name: str) -> str:
    """Return the outline that the author of a network would draw."""
    return (OUTLINES / f"{name}.txt").read_text(encoding="utf-8")


def numbered(text: str) -> str:
    """Return an outline with its marks numbered from top to bottom, whatever they are called."""
    marks: dict[str, str] = {}
    for found in re.finditer(r"(?<!<- )(?<!<= )(?<!, )#(\w+)", text):
        marks.setdefault(found[1], str(len(marks) + 1))
    return re.sub(r"#(\w+)", lambda found: f"#{marks.get(found[1], found[1])}", text)


def write_graphs(chosen: list[str]) -> None:
    """Extract and write the graphs of these networks, or all."""
    known = targets()
    chosen = chosen or list(known)
    project = Project(base=str(FOLDER.parents[1]), search_path=(str(FOLDER),))
    requests = [ModelRequest(target=known[name]) for name in chosen]
    failed = []
    for name, extraction in zip(chosen, extract(requests, project, timeout=300), strict=True):
        if extraction.graph is None:
            failed.append(f"{name}: {extraction.error}")
            continue
        data = canonical_json(extraction.graph.to_dict())
        (GRAPHS / f"{name}.json.xz").write_bytes(lzma.compress(data, preset=9))
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    write_graphs(sys.argv[1:])
