"""The tests of live models, in a process of their own: others prove that Keras is not imported."""

import subprocess
import sys
from pathlib import Path

import pytest

FILES = ("visualkeras_scripts.py", "ancestor_scripts.py")


@pytest.mark.keras
def test_scripts():
    """Each test is in one of the files."""
    paths = [Path(__file__).parent / name for name in FILES]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    assert " passed" in result.stdout
    assert " skipped" not in result.stdout
