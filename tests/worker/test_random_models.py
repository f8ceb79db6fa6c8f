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


@pytest.fixture(scope="module")
def proofs():
    path = [str(PROOFS.parents[1]), os.environ.get("PYTHONPATH", "")]
    environ = {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "HYPOTHESIS_PROFILE": settings.get_current_profile_name(),
    }
    run = subprocess.run(
        [sys.executable, str(PROOFS)], env=environ, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "proof",
    [
        "functional_models_equal_keras_records",
        "subclassed_models_equal_functional_ones",
        "applications_equal_keras_records",
        "graphs_do_not_depend_on_what_was_before",
        "shapes_equal_those_of_real_calls",
    ],
)
def test_proof_holds(proofs, proof):
    assert not proofs[proof]["problem"], proofs[proof]["problem"]
