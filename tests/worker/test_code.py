"""Code in the page leaves a model, or a message that helps."""

import msgspec
import pytest

from keras_diagram_core.errors import BuilderError, EnvironmentProblem, ModelError
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.runner import extract

pytestmark = pytest.mark.keras

DENSE = "keras.Sequential([keras.Input((8,)), keras.layers.Dense(3)], name='page')"

CODES = {
    "plain": f"import keras\nmodel = {DENSE}",
    "imports": "from models.tiny import build_cnn\n\nmodel = build_cnn()",
    "classes": """
import dataclasses, sys, keras

@dataclasses.dataclass
class Sizes:
    units: "int" = 3

class Head(keras.layers.Dense):
    pass

assert __name__ != "__main__"
assert sys.modules[Head.__module__].Head is Head
model = keras.Sequential([keras.Input((8,)), Head(Sizes().units)])
""",
    "leaves": f"import keras\nleft_over = model = {DENSE}",
    "finds_nothing_left": "model = left_over",
    "misspelt": f"import keras\nmodle = {DENSE}",
    "empty": "pass",
    "number": "model = 3",
    "raises": "def deeper():\n    return 1 / 0\n\n\nmodel = deeper()\n",
    "in_keras": "import keras\n\nkeras.layers.Reshape((3,))(keras.Input((8,)))\n",
    "syntax": "model = (1,\n",
    "missing": "import nowhere_to_be_found\n",
    "exits": "raise SystemExit(3)",
}


@pytest.fixture(scope="module")
def batch(project):
    requests = [ModelRequest(target="", code=code) for code in CODES.values()]
    bare = msgspec.structs.replace(project, backend="none")
    return dict(zip(CODES, extract(requests, bare, timeout=60), strict=True))


def graph(batch, name):
    assert batch[name].error is None, batch[name].error
    return batch[name].graph


def test_variable_model_is_drawn(batch):
    assert [node.id for node in graph(batch, "plain").nodes] == ["input_layer", "dense"]
    assert graph(batch, "plain").name == "page"


def test_what_the_code_imports_is_in_the_manifest(batch):
    assert graph(batch, "imports").name == "cnn"
    manifest = batch["imports"].manifest
    assert "models/tiny.py" in {source.path for source in manifest.sources}
    assert "models.tiny" in {module.name for module in manifest.modules}
    assert not any("page" in source.path for source in manifest.sources)


def test_code_is_a_module_of_its_own(batch):
    assert graph(batch, "classes").nodes[1].type == "Head"
    assert graph(batch, "leaves").name == "page"
    assert "NameError" in batch["finds_nothing_left"].error.message


@pytest.mark.parametrize(
    ("name", "kind", "message", "hint"),
    [
        ("misspelt", ModelError, "leaves no variable 'model'", "Did you mean 'modle'?"),
        ("empty", ModelError, "leaves no variable 'model'", "End it with `model = ...`."),
        ("number", ModelError, "The code in the page left an int", ""),
        ("raises", BuilderError, "The code in the page failed: ZeroDivisionError", ""),
        ("in_keras", BuilderError, "The code in the page failed: ValueError", ""),
        ("syntax", BuilderError, "The code in the page failed: SyntaxError", ""),
        ("missing", EnvironmentProblem, "needs the package 'nowhere_to_be_found'", ""),
        ("exits", BuilderError, "The code in the page ended the program", ""),
    ],
)
def test_failures_are_explained(batch, name, kind, message, hint):
    error = batch[name].error
    assert type(error) is kind
    assert message in error.message
    assert hint in error.hint


def test_traceback_shows_the_lines_of_the_code(batch):
    lines = batch["raises"].error.traceback.splitlines()
    assert '  File "<code in the page>", line 2, in deeper' in lines
    assert "    return 1 / 0" in lines
    assert '"<code in the page>", line 3' in batch["in_keras"].error.traceback
    assert "line 1" in batch["syntax"].error.traceback


def test_missing_package_is_placed(batch):
    assert "(imported in <code in the page>, line 1)" in batch["missing"].error.message
