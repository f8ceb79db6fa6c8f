"""Every way to depend on something: a change is seen, and without one nothing is extracted.

All ways are one project, whose targets share a worker in each build, as those of a site do.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from ways import AFTER, BEFORE, Way
from ways_of_files import FILES
from ways_of_modules import MODULES
from ways_of_surroundings import LAST, STEADY, SURROUNDINGS

from keras_diagram_core import DiagramRequest, Project, Settings, api, parse_request, render_all

pytestmark = pytest.mark.keras

NET = """
import keras

def net(number):
    layers = [keras.layers.Dense(3, name=f"dense_{index}") for index in range(number)]
    return keras.Sequential([keras.Input((4,)), *layers])
"""
HEAD = """
import os, sys
from pathlib import Path
from net import net

HERE = Path(__file__).parent / "{name}"
{head}

def build(path=""):
{code}
"""

WAYS = {way.name: way for way in [*FILES, *MODULES, *SURROUNDINGS, *LAST]}
STEADY_WAYS = {way.name: way for way in STEADY}


class Site:
    """A project with many ways, and its builds."""

    def __init__(self, base: Path, ways: Iterable[Way]) -> None:
        """Write the project."""
        self.ways = list(ways)
        self.base = base
        path = (str(base / "first"), str(base), *sys.path)
        project = Project(base=str(base), search_path=path, backend="none")
        self.settings = Settings(project=project, cache=base / ".cache")
        (base / "first").mkdir()
        (base / "net.py").write_text(NET)
        for way in self.ways:
            code = textwrap.indent(way.code.strip(), "    ") or "    pass"
            source = HEAD.format(name=way.name, head=way.head, code=code)
            (base / f"w_{way.name}.py").write_text(source)
            way.write(base / way.name, BEFORE)

    def change(self) -> None:
        """Change everything that is depended on."""
        for way in self.ways:
            way.write(self.base / way.name, AFTER)

    def build(self) -> Build:
        """Build all."""
        requests = {way.name: _request(way) for way in self.ways}
        with mock.patch.object(api, "extract", wraps=api.extract) as extract:
            batch = render_all(requests.values(), self.settings, formats=("dot",))
        asked = [request for call in extract.mock_calls for request in call.args[0]]
        numbers: dict[str, int | str] = {}
        for name, request in requests.items():
            outcome = batch.outcomes[request.digest]
            numbers[name] = str(outcome.error)
            if not outcome.error:
                layers = re.findall(rb"dense_\d+", outcome.artifacts["dot"].data)
                numbers[name] = len(set(layers))
        extracted = {name for name, request in requests.items() if request.model in asked}
        return Build(numbers, extracted)


@dataclass(frozen=True)
class Build:
    """The number of layers, or the error, by the name of a way; and which were extracted."""

    numbers: dict[str, int | str]
    extracted: set[str]


def _request(way: Way) -> DiagramRequest:
    more = dict(way.more)
    target = more.pop("target", "" if "code" in more else f"w_{way.name}:build")
    return parse_request(target, more, "dot")


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Build]]:
    """Builds of all ways: new, with nothing changed, with everything changed, and once more."""
    with mock.patch.dict(os.environ):
        last = {way.name for way in LAST}
        ways = [way for way in WAYS.values() if way.name not in last]
        site = Site(tmp_path_factory.mktemp("ways"), [*ways, *STEADY, *LAST])
        found = [site.build(), site.build()]
        site.change()
        yield [*found, site.build(), site.build()]


@pytest.mark.parametrize("name", WAYS)
def test_a_change_is_seen(builds: list[Build], name: str) -> None:
    way = WAYS[name]
    new, same, changed, again = builds
    assert (new.numbers[name], name in new.extracted) == (BEFORE, True)
    assert (same.numbers[name], name in same.extracted) == (BEFORE, False)
    assert name in changed.extracted
    if way.after is None:
        assert isinstance(changed.numbers[name], str)
    else:
        assert changed.numbers[name] == way.after
        assert (again.numbers[name], name in again.extracted) == (way.after, False)


@pytest.mark.parametrize("name", STEADY_WAYS)
def test_nothing_else_is_a_change(builds: list[Build], name: str) -> None:
    found = [(build.numbers[name], name in build.extracted) for build in builds]
    assert found == [(BEFORE, True), (BEFORE, False), (BEFORE, False), (BEFORE, False)]
