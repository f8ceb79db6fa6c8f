"""The scripts of `make bench` and `make layout-report` run, if only on something tiny."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.keras

FOLDER = Path(__file__).parent


@pytest.mark.parametrize(
    ("script", "arguments", "last"),
    [
        ("site", ["--tiny"], "from the cache / figures: "),
        ("extraction", ["--tiny", "--no-hub"], "peak "),
        pytest.param("extraction", ["--tiny"], "peak ", marks=pytest.mark.proof),
        ("speed", ["--tiny"], "a mesh, graph: "),
        ("layout_report", ["cnn"], "cnn "),
    ],
)
def test_script_prints_its_figures(script, arguments, last):
    command = [sys.executable, FOLDER / f"{script}.py", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1].startswith(last)


def test_every_script_is_run_here():
    scripts = {path.stem for path in FOLDER.glob("*.py")} - {"test_bench_scripts"}
    [mark] = test_script_prints_its_figures.pytestmark
    assert scripts == {getattr(each, "values", each)[0] for each in mark.args[1]}
