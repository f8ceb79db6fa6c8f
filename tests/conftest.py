"""What all tests share: profiles, tiers, and a worker for those of the hosts."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from profiles import load_profile
from tiers import nothing_heavy, tier_of

from keras_diagram_core import ModelGraph, ModelRequest, api
from keras_diagram_core.manifest import Manifest
from keras_diagram_core.runner import Extraction

GRAPHS = Path(__file__).parent / "graphs"

_IMPORTS = pytest.StashKey[Path]()

load_profile()


def pytest_configure(config: pytest.Config) -> None:
    """Have a place where processes write down what they import."""
    folder = TemporaryDirectory(prefix="imports-")
    config.add_cleanup(folder.cleanup)
    config.stash[_IMPORTS] = Path(folder.name, "imports.txt")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put each test into its tier, by its markers and parameters."""
    for item in items:
        call = getattr(item, "callspec", None)
        markers = [mark.name for mark in item.iter_markers()]
        item.add_marker(tier_of(markers, call.params.values() if call else ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Prepare a fast test without anything heavy, too."""
    yield from _guarded(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Run a fast test without anything heavy."""
    yield from _guarded(item)


def _guarded(item: pytest.Item) -> Generator[None, None, None]:
    if item.get_closest_marker("fast") is None:
        return (yield)
    with nothing_heavy(item.config.stash[_IMPORTS]):
        return (yield)


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
