"""Whatever a layer is called with is written as plain data, or left out."""

import pytest

pytestmark = pytest.mark.keras

LONG = "x" * 199 + "…" + "x" * 200
TAKEN = {
    "float64": 2.5,
    "float16": 2.5,
    "longdouble": 2.5,
    "int64": 2,
    "uint64": 2**64 - 1,
    "bool": True,
    "bfloat16": 2.5,
    "float8": 2.0,
    "array": 2.5,
    "vector": "3",
    "complex": "(1+2j)",
    "complex128": "(1+2j)",
    "complex_array": "(1+2j)",
    "nan": "nan",
    "nan_array": "nan",
    "infinity": "-inf",
    "huge": 2.0**70,
    "endless": "number of 16,610 bits",
    "enum": "LEFT",
    "int_enum": 2,
    "word": "up",
    "bytes": "up",
    "word_array": "up",
    "dtype": "float32",
    "dtype_class": "float32",
    "duration": "3 days",
    "date": "scalar",
    "surrogate": "a�b",
    "long": LONG,
    "tuple": (1, 2, "a"),
    "floats": "1.5, 2.5",
    "gap": "1, None",
    "nested": "(0, 1), (2, 3)",
    "slice": "1:",
    "index": ":2, ..., None, 4",
    "many": "5000",
    "function": None,
}
KEPT = {"float64": 2.5, "int_enum": 2, "bfloat16": 2.5, "tuple": (1, 2, "a"), "long": LONG}
KEPT |= {"nan": None, "vector": None, "function": None, "nested": (0, 1, 2, 3), "bool": True}


@pytest.fixture(scope="module")
def batch(run):
    return run({name: f"models.constants:build_{name}" for name in ("taken", "kept", "scaled")})


@pytest.mark.parametrize("name", TAKEN)
def test_argument_is_written(batch, name):
    written = batch.graph("taken").by_id[name].config.get("value")
    assert (written, type(written)) == (TAKEN[name], type(TAKEN[name]))


@pytest.mark.parametrize("name", KEPT)
def test_attribute_is_written(batch, name):
    written = batch.graph("kept").by_id[name].config.get("rate")
    assert (written, type(written)) == (KEPT[name], type(KEPT[name]))


def test_numpy_scalars_of_ordinary_code_are_written(batch):
    nodes = batch.graph("scaled").by_id
    assert nodes["true_divide"].config == {"x2": 8.0}
    assert nodes["leaky_relu"].config["negative_slope"] == 0.2
    assert (nodes["clip"].config["x_min"], nodes["clip"].config["x_max"]) == (-1.0, 1.0)
    assert nodes["softmax"].config["axis"] == -1
