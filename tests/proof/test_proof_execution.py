"""Edges of graphs are those that tensors take when the networks run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("execute.py")


def executed(family):
    """Run a family of networks in a process of its own; give what came of each, by name."""
    environ = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    command = [sys.executable, "-W", "ignore", str(SCRIPT), family]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return {each["name"]: each for each in found}


@pytest.mark.parametrize(
    ("family", "least"),
    [
        pytest.param("chosen", 24, marks=pytest.mark.keras),
        pytest.param("projects", 65, marks=pytest.mark.proof),
        pytest.param("random", 80, marks=pytest.mark.proof),
        pytest.param("applications", 40, marks=pytest.mark.proof),
        pytest.param("hub", 80, marks=pytest.mark.proof),
    ],
)
def test_networks_run_as_they_are_drawn(family, least):
    """And of 100 graphs that are wrong in one place, each is found out, for each network."""
    found = executed(family)
    assert len(found) >= least
    assert not {name: each["problems"] for name, each in found.items() if each["problems"]}
    assert all(each["nodes"] for each in found.values())
