"""Graphs are proved on random models and on Keras' own, in one process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

pytestmark = pytest.mark.keras

PROOFS = Path(__file__).with_name("proofs.py")

START = """
import runpy, sys
from keras_diagram_core.worker.backends import Backend

backend = sys.argv.pop(1)
del sys.argv[0]
Backend(backend)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Choose the backend before Keras is imported."""

COMPUTED = ["shapes_equal_those_of_real_calls"]
"""They need values, so a real backend."""

SYMBOLIC = [
    "functional_models_equal_keras_records",
    "subclassed_models_equal_functional_ones",
    "chosen_applications_equal_keras_records",
    "graphs_do_not_depend_on_what_was_before",
]
"""They need none."""

COMPLETE = ["applications_equal_keras_records"]
"""All applications, for the proof."""


@pytest.fixture(scope="module")
def on_tensorflow():
    return proven(COMPUTED, "tensorflow")


@pytest.fixture(scope="module")
def of_backend(backend):
    return proven(SYMBOLIC, backend)


def proven(names, backend):
    """Run proofs in a process of their own, and give what came of each."""
    path = [str(PROOFS.parents[1]), os.environ.get("PYTHONPATH", "")]
    environ = {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "HYPOTHESIS_PROFILE": settings.get_current_profile_name(),
    }
    run = subprocess.run(
        [sys.executable, "-c", START, backend, str(PROOFS), *names],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("proof", SYMBOLIC)
def test_proof_holds(of_backend, proof):
    assert not of_backend[proof]["problem"], of_backend[proof]["problem"]


@pytest.mark.proof
@pytest.mark.parametrize("proof", COMPLETE)
def test_proof_of_all_holds(backend, proof):
    found = proven([proof], backend)
    assert not found[proof]["problem"], found[proof]["problem"]


@pytest.mark.parametrize("proof", COMPUTED)
def test_proof_that_computes_holds(on_tensorflow, proof):
    assert not on_tensorflow[proof]["problem"], on_tensorflow[proof]["problem"]
