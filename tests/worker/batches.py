"""The extractions of many targets by one worker, for tests."""

from pathlib import Path
from typing import Any

from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Project
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.runner import Extraction, extract

TESTS = Path(__file__).parents[1]
PROJECTS = TESTS / "projects"


class Batch:
    """The extractions of one batch, by the name that the test gave the request."""

    def __init__(self, requests: dict[str, ModelRequest], project: Project, timeout: float):
        self.progress: list[tuple[int, int, str]] = []
        found = extract(
            list(requests.values()),
            project,
            timeout=timeout,
            progress=lambda *args: self.progress.append(args),
        )
        self.extractions = dict(zip(requests, found, strict=True))

    def __getitem__(self, name: str) -> Extraction:
        return self.extractions[name]

    def graph(self, name: str) -> ModelGraph:
        extraction = self[name]
        assert extraction.error is None, f"{extraction.error}\n{extraction.error.details}"
        assert extraction.graph is not None
        # Whatever was extracted can be written and read.
        assert ModelGraph.from_dict(extraction.graph.to_dict()) == extraction.graph
        return extraction.graph

    def error(self, name: str) -> Any:
        extraction = self[name]
        assert extraction.graph is None
        assert extraction.manifest is None
        assert extraction.error is not None, f"{name} did not fail"
        return extraction.error
