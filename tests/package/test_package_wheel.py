"""The built wheel, installed where neither Keras nor a host is, and then Keras alone."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(UV is None, reason="uv builds and installs the wheel"),
]


def run(*command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT / "docs", check=check, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """A new environment that has only the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("env")
    run(UV, "venv", "--quiet", "--python", sys.executable, folder)
    path = folder / "bin" / "python"
    run(UV, "pip", "install", "--quiet", "--python", path, wheel)
    return path


def test_what_is_in_the_wheel(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "keras_diagram_core",
        "mkdocs_keras_diagram",
        "sphinx_keras_diagram",
    }
    assert sum(name.endswith("/py.typed") for name in names) == 3
    assert "keras_diagram_core/backends/fonts/DejaVuSans.ttf" in names


def test_without_hosts_the_core_imports_and_without_keras_it_says_so(python):
    run(python, "-c", "import keras_diagram_core, mkdocs_keras_diagram, sphinx_keras_diagram")
    command = python.with_name("keras-diagram")
    result = run(command, "render", "example_models.cnn:build_cnn", check=False)
    assert result.returncode == 1
    assert "Keras is not installed" in result.stderr


def test_keras_alone_is_enough_for_models_of_keras_layers(python):
    """No backend is installed: the graph is read without one."""
    run(UV, "pip", "install", "--quiet", "--python", python, "keras")
    command = python.with_name("keras-diagram")
    drawn = run(command, "render", "example_models.cnn:build_cnn")
    assert "34,826 parameters" in drawn.stdout
    asked = run(
        command, "inspect", "example_models.cnn:build_cnn", "--backend", "jax", check=False
    )
    assert asked.returncode == 1
    assert "jax" in asked.stderr
