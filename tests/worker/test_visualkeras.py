"""The tests of live models, in a process of their own: others prove that Keras is not imported."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.keras
def test_scripts_for_visualkeras():
    """Each test is in `visualkeras_scripts.py`."""
    path = Path(__file__).parent / "visualkeras_scripts.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    assert " passed" in result.stdout
