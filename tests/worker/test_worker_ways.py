"""Every way to depend on something: a change is seen, and without one nothing is extracted.

All ways are one project, whose targets share a worker in each build, as those of a site do.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
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

CHOSEN = (
    # Files: opened, through links, looked for, of a library, models, pages.
    *("open", "os_open", "mapped", "relative", "base", "thread", "link", "link_to_folder"),
    *("own_link", "linecache", "linecache_again", "beside_a_temporary_file"),
    "folder_named_site_packages",
    *("appears", "disappears", "exists", "is_dir", "glob_in_folders", "yaml", "zip", "database"),
    *("load_mapped", "hdf5_opened", "saved_keras", "saved_h5", "page"),
    # Modules: imported, run, put before others, not there, in archives, resources, folders.
    *("module", "relative_of_parent", "import_module", "lazy_attribute", "by_file", "run_path"),
    *("module_cached", "by_file_cached", "removed_and_shadowed", "into_package"),
    *("source", "shadowed", "shadowed_by_compiled_code", "shadowed_by_extension", "deleted"),
    *("emptied_package", "namespace", "namespace_portion", "iter_modules", "optional"),
    *("optional_in_a_library_call", "optional_in_a_thread", "find_spec"),
    *("path_inserted_and_shadowed", "zipped_module", "resource_files", "resource_get_data"),
    *("listdir", "scandir", "path_rglob"),
    # What is named by the author, the environment, libraries.
    *("depends_on_file", "depends_on_absent_file", "depends_on_new_match"),
    *("depends_on_lost_match", "depends_on_variable", "variable", "getenvb", "variable_set"),
    *("expandvars", "variable_in_thread", "version", "plugin", "plugin_shadowed"),
    *(way.name for way in LAST),
    # What is no change.
    *("library", "listed_by_a_library", "distribution", "cached_code", "written", "renamed"),
    *("generated", "folder_made", "temporary_folder", "temporary_file_looked_for", "log"),
    *("all_variables", "variable_set_before", "variables_gone_through"),
    *("variable_of_the_library", "system"),
)
"""One way of each kind, which `make test` goes; `make proof` goes them all."""


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
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Build]]:
    """Build many ways: new, with nothing changed, with everything changed, and once more."""

    @cache
    def built(which: str) -> list[Build]:
        last = {way.name for way in LAST}
        ways = [way for way in WAYS.values() if way.name not in last]
        chosen = [way for way in [*ways, *STEADY, *LAST] if which == "all" or way.name in CHOSEN]
        with mock.patch.dict(os.environ):
            site = Site(tmp_path_factory.mktemp("ways"), chosen)
            found = [site.build(), site.build()]
            site.change()
            return [*found, site.build(), site.build()]

    return built


def _of_tier(ways: Iterable[str]) -> list[Any]:
    """Give the ways of `make test`, and those of `make proof`, with what is built there."""
    chosen = [pytest.param("chosen", name) for name in ways if name in CHOSEN]
    return [*chosen, *(pytest.param("all", name, marks=pytest.mark.proof) for name in ways)]


def test_what_is_chosen_is_there() -> None:
    assert {*CHOSEN} <= {*WAYS, *STEADY_WAYS}


@pytest.mark.parametrize(("which", "name"), _of_tier(WAYS))
def test_a_change_is_seen(built: Callable[[str], list[Build]], which: str, name: str) -> None:
    way = WAYS[name]
    new, same, changed, again = built(which)
    assert (new.numbers[name], name in new.extracted) == (BEFORE, True)
    assert (same.numbers[name], name in same.extracted) == (BEFORE, False)
    assert name in changed.extracted
    if way.after is None:
        assert isinstance(changed.numbers[name], str)
    else:
        assert changed.numbers[name] == way.after
        assert (again.numbers[name], name in again.extracted) == (way.after, False)


@pytest.mark.parametrize(("which", "name"), _of_tier(STEADY_WAYS))
def test_nothing_else_is_a_change(
    built: Callable[[str], list[Build]], which: str, name: str
) -> None:
    found = [(build.numbers[name], name in build.extracted) for build in built(which)]
    assert found == [(BEFORE, True), (BEFORE, False), (BEFORE, False), (BEFORE, False)]
