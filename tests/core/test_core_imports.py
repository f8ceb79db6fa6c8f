"""Importing costs nothing, and the walls between the parts hold."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import keras_diagram_core

ROOT = Path(__file__).parents[2]
HEAVY = {"keras", "tensorflow", "jax", "torch", "numpy", "PIL", "aggdraw", "fpdf", "fontTools"}
HOSTS = {"sphinx", "docutils", "mkdocs", "markdown"}


@cache
def imported_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return set(result.stdout.split())


@pytest.mark.parametrize(
    "package", ["keras_diagram_core", "sphinx_keras_diagram", "mkdocs_keras_diagram"]
)
def test_importing_a_package_imports_nothing_heavy(package):
    assert not imported_by(f"import {package}") & HEAVY


@pytest.mark.parametrize(
    "module", ["keras_diagram_core", "keras_diagram_core.cli", "keras_diagram_core.worker"]
)
def test_the_core_imports_no_host(module):
    assert not imported_by(f"import {module}") & (HOSTS | HEAVY)


def test_hosts_do_not_import_each_other():
    assert "mkdocs" not in imported_by("import sphinx_keras_diagram")
    assert "sphinx" not in imported_by("import mkdocs_keras_diagram.extension")


def test_drawing_svg_needs_no_drawing_library():
    statement = (
        "from keras_diagram_core.backends import paint;"
        "from keras_diagram_core.layout import lay_out;"
        "from keras_diagram_core.options import parse_options;"
        "from keras_diagram_core.graph import ModelGraph;"
        "g = ModelGraph(name='x', nodes=(), edges=(), inputs=(), outputs=());"
        "paint(lay_out(g, parse_options({})), 'svg')"
    )
    assert not imported_by(statement) & HEAVY


def test_walls():
    """The contracts of import-linter, as pyproject.toml states them."""
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command], cwd=ROOT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.keras
def test_public_names():
    """In a process of its own: one of the names needs Keras."""
    program = (
        "from keras_diagram_core.worker.backends import Backend; Backend('none');"  # quick
        "import keras_diagram_core as core; [getattr(core, name) for name in core.__all__]"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_all_public_names_are_listed_and_the_nearest_is_suggested():
    assert set(keras_diagram_core.__all__) <= set(dir(keras_diagram_core))
    with pytest.raises(AttributeError, match="Did you mean 'layered_view'"):
        _ = keras_diagram_core.layerd_view
    assert not hasattr(keras_diagram_core, "__wrapped__")
