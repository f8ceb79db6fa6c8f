"""The worker and all that it has started end with the build, however that ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="subreapers and /proc")

PROJECTS = Path(__file__).parents[1] / "projects"
TARGET = "models.intruders:sleeps_with_company"
HOST = f"""\
import signal, sys
from keras_diagram_core.manifest import Project
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.runner import extract

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # what `nohup` starts ignores it
request = ModelRequest(target="{TARGET}", kwargs={{"pid_file": sys.argv[1]}})
project = Project(base={str(PROJECTS)!r}, search_path=({str(PROJECTS)!r},))
list(extract([request], project, timeout=600))
"""
COMMAND = f"""\
import json, signal, sys
from keras_diagram_core.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
kwargs = json.dumps({{"pid_file": sys.argv[1]}})
sys.exit(main(["render", "{TARGET}", "--kwargs", kwargs, "--timeout", "600"]))
"""
PATIENCE = 60
"""Seconds after which something will not happen any more, however busy the machine."""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start a build whose target hangs; gives it, and the ids of the processes behind it."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    started = []

    def start(script):
        pid_file = tmp_path / "pids"
        command = [sys.executable, "-c", script, str(pid_file)]
        build = subprocess.Popen(command, cwd=PROJECTS, stderr=subprocess.PIPE, text=True)
        started.append(build)
        _wait_until(pid_file.exists)
        return build, [int(pid) for pid in pid_file.read_text().split()]

    yield start
    for build in started:
        build.kill()
        build.communicate()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_nothing_outlives_a_build_that_is_ended(start, name):
    build, processes = start(HOST)
    build.send_signal(getattr(signal, name))
    build.wait(PATIENCE)
    _wait_until(lambda: not any(map(_runs, processes)))


def test_interrupted_command_says_so_in_one_line(start):
    build, processes = start(COMMAND)
    build.send_signal(signal.SIGINT)
    _, errors = build.communicate(timeout=PATIENCE)
    assert (build.returncode, errors) == (130, "keras-diagram: Interrupted.\n")
    _wait_until(lambda: not any(map(_runs, processes)))


def test_worker_does_not_outlive_its_supervisor(start):
    build, (worker, *others) = start(HOST)
    os.kill(_parent(worker), signal.SIGKILL)
    _wait_until(lambda: not _runs(worker))
    _, errors = build.communicate(timeout=PATIENCE)
    assert (build.returncode, errors) == (0, "")
    for process in others:
        os.kill(process, signal.SIGKILL)


def _wait_until(happened):
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def _runs(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _parent(process):
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
