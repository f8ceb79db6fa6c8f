"""What a builder is told that nobody can see, and what is the machine's and not the model's."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from keras_diagram_core.manifest import Project, Source, Variable
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.runner import Extraction, extract

pytestmark = pytest.mark.keras

HEAD = """
import ctypes.util, multiprocessing, os, platform, subprocess, uuid
import keras
import helper
import installed

def net():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])

"""
BUILDERS = {
    "run": "subprocess.run(['true'], check=True)",
    "system": "os.system('true')",
    "popen": "os.popen('true').close()",
    "forked": "os.waitpid(os.fork() or os._exit(0), 0)",
    "pool": "multiprocessing.get_context('fork').Pool(1).terminate()",
    "other_module": "helper.run()",
    "nothing": "pass",
    "of_the_machine": "platform.processor(); ctypes.util.find_library('c'); uuid.getnode()",
    "of_a_package": "installed.run()",
    "hosts": "open('/etc/hosts').read()",
    "hosts_by_package": "installed.read('/etc/hosts')",
    "hosts_at_import": "import installed_reader",
    "memory": "open('/proc/meminfo').read()",
    "variable_of_a_package": "installed.variable('OF_PACKAGE'); os.environ.get('OF_PROJECT')",
}
STARTING = {
    **dict.fromkeys(("run", "system", "popen", "forked", "pool"), "builders.py"),
    "other_module": "helper.py",
}
INSTALLED = """
import os, subprocess

def run():
    subprocess.run(["true"], check=True)

def read(path):
    return open(path).read()

def variable(name):
    return os.environ.get(name)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Builders, and a package that is installed beside them."""
    base = tmp_path_factory.mktemp("notices")
    site = base / "lib" / "site-packages"
    (site / "installed-1.dist-info").mkdir(parents=True)
    (site / "installed.py").write_text(INSTALLED)
    (site / "installed_reader.py").write_text("import installed\ninstalled.read('/etc/hosts')")
    (base / "helper.py").write_text(
        "import subprocess\n\ndef run():\n    subprocess.run('true')\n"
    )
    code = HEAD
    for name, body in BUILDERS.items():
        code += f"def {name}():\n{textwrap.indent(body, '    ')}\n    return net()\n\n"
    (base / "builders.py").write_text(code)
    return Project(base=str(base), search_path=(str(base), str(site)), backend="none")


@pytest.fixture(scope="module")
def found(project: Project) -> dict[str, Extraction]:
    """What became of each builder, once alone and once with `depends`."""
    return {
        name: extraction
        for depends in ((), ("env:SIZE",))
        for name, extraction in run(project, BUILDERS, depends).items()
    }


def run(project: Project, names: Sequence[str], depends: tuple[str, ...]) -> dict[str, Extraction]:
    requests = [ModelRequest(target=f"builders:{name}", depends=depends) for name in names]
    done = extract(requests, project, timeout=120)
    return {f"{name}{'+' * len(depends)}": each for name, each in zip(names, done, strict=True)}


def notes(extraction: Extraction) -> list[str]:
    assert extraction.graph, extraction.error
    return [note.message for note in extraction.graph.notes]


def paths(extraction: Extraction) -> set[str]:
    assert extraction.manifest
    return {source.path for source in extraction.manifest.sources}


@pytest.mark.parametrize("name", BUILDERS)
def test_a_process_of_the_projects_is_noted(found: dict[str, Extraction], name: str) -> None:
    """Not one that a package starts, or Python to get to know the machine."""
    messages = notes(found[name])
    assert len(messages) == (name in STARTING)
    for message in messages:
        assert message.startswith(f"{STARTING[name]} (line ")
        assert message.endswith(
            "starts a process, whose files are not noticed when they change: "
            "name them in `depends`."
        )
    assert not notes(found[f"{name}+"])


def test_files_of_the_machine_count_where_the_project_asks_for_them(
    found: dict[str, Extraction],
) -> None:
    assert "/etc/hosts" in paths(found["hosts"]) & paths(found["hosts_by_package"])
    assert "/etc/hosts" not in paths(found["hosts_at_import"]) | paths(found["nothing"])
    assert not [path for path in paths(found["memory"]) if "proc" in path]


def test_variables_that_a_package_reads_do_not_count(found: dict[str, Extraction]) -> None:
    manifest = found["variable_of_a_package"].manifest
    assert manifest
    assert manifest.variables == (Variable("OF_PROJECT", ""),)
    plain = found["nothing+"].manifest
    assert plain
    assert plain.variables == (Variable("SIZE", ""),)


def test_values_of_variables_are_not_written_down(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_PROJECT", "a secret word")
    manifest = run(project, ["variable_of_a_package"], ())["variable_of_a_package"].manifest
    assert manifest
    assert "OF_PROJECT" in str(manifest)
    assert "secret" not in str(manifest)


def test_entries_that_match_nothing_are_noted_and_remembered(project: Project) -> None:
    base = Path(project.base)
    (base / "data").mkdir()
    (base / "data/there.txt").write_text("1")
    depends = ("data/*.txt", "data/none.csv", "env:SIZE")
    ((_, extraction),) = run(project, ["nothing"], depends).items()
    assert notes(extraction) == ["`depends` names 'data/none.csv', which matches no file."]
    manifest = extraction.manifest
    assert manifest
    assert [pattern.path for pattern in manifest.patterns] == ["data/*.txt", "data/none.csv"]
    assert [s.path for s in manifest.sources if s.path.startswith("data")] == ["data/there.txt"]
    assert isinstance(manifest.patterns[0], Source)
