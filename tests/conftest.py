"""What the tests of the hosts share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from keras_diagram_core import ModelGraph, ModelRequest, api
from keras_diagram_core.manifest import Manifest
from keras_diagram_core.runner import Extraction

GRAPHS = Path(__file__).parent / "graphs"


@pytest.fixture
def frozen_worker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A worker without Keras, where `m:NAME` is a committed graph; gives what it was asked for."""
    asked: list[str] = []

    def extract(requests: Sequence[ModelRequest], *_: Any, **__: Any) -> Iterator[Extraction]:
        for request in requests:
            asked.append(request.target)
            name = request.target.partition(":")[2]
            data = json.loads((GRAPHS / f"{name}.json").read_text("utf-8"))
            graph = ModelGraph.from_dict(data)
            yield Extraction(request=request, graph=graph, manifest=Manifest())

    monkeypatch.setattr(api, "extract", extract)
    return asked
