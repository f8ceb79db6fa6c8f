"""The limits of the house: no file and no function is longer than one can keep in mind."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("core", "sphinx_keras_diagram", "mkdocs_plugin", "docs/_ext")
FUNCTION, FILE, TEST_FILE = 50, 400, 600
LONGER = {"plot_model"}  # the documentation of its arguments is that of Keras' signature


def files(*folders):
    """Python files by their names; projects of tests are what users write."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    names = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}
    return {name: text for name, text in names.items() if "tests/projects/" not in name}


def long_functions(code):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, kinds) and node.end_lineno - node.lineno >= FUNCTION:
            yield node.name


@pytest.mark.parametrize(("folders", "most"), [(CODE, FILE), (("tests",), TEST_FILE)])
def test_files_are_short(folders, most):
    lengths = {name: len(text.splitlines()) for name, text in files(*folders).items()}
    assert lengths
    assert not {name: length for name, length in lengths.items() if length > most}


def test_functions_are_short():
    found = {
        (name, function)
        for name, text in files(*CODE, "tests").items()
        for function in long_functions(text)
        if function not in LONGER
    }
    assert not found


def test_tests_have_the_profile_of_the_suite():
    """No deadline and no number of examples of their own."""
    words = ("deadline=", "max_examples=", "HealthCheck")
    found = {name for name, text in files("tests").items() if any(word in text for word in words)}
    assert found == {"tests/profiles.py", "tests/core/test_core_house.py"}
