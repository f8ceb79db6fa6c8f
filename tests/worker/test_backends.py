"""The same model gives the same graph on every backend, and on none."""

import importlib.util
import json
import os
import shutil
import sys
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from keras_diagram_core import runner
from keras_diagram_core.errors import BuilderError, EnvironmentProblem
from keras_diagram_core.request import ModelRequest, canonical_json
from keras_diagram_core.worker import backends, frameworkless, supervisor
from keras_diagram_core.worker.backends import Backend, OtherBackendError

FRAMEWORKS = ("tensorflow", "jax", "torch")
INSTALLED = [name for name in FRAMEWORKS if importlib.util.find_spec(name)]
MISSING = [name for name in ("openvino", "jax", "torch") if not importlib.util.find_spec(name)]


def application(name):
    return ModelRequest(target=f"keras.applications:{name}", kwargs={"weights": None})


MODELS = {
    **{
        name: ModelRequest(target=f"models.tiny:build_{name}")
        for name in (
            *("mlp", "cnn", "residual", "two_inputs", "shared", "attention", "many_outputs"),
            *("nested", "nested_twice", "nested_resized", "nested_dict", "spaces", "wrapped"),
        )
    },
    "mixer": ModelRequest(target="models.symbolic:build_mixer"),
    "mixer_opened": ModelRequest(target="models.symbolic:build_mixer", depth="all"),
    "lambda": ModelRequest(target="models.symbolic:build_lambda"),
    "giant": ModelRequest(target="models.special:build_giant"),
    "from_value": ModelRequest(target="models.special:build_from_value"),
    "unet": ModelRequest(target="example_models.unet:build_unet"),
    "transformer": ModelRequest(target="example_models.transformer:build_classifier"),
}
LARGE = {
    "resnet50": application("ResNet50"),
    "efficientnet_b0": application("EfficientNetB0"),
}

ELSEWHERE = {
    "written_down": ModelRequest(target="models.special:build_written_down"),
    "arrays": ModelRequest(target="models.symbolic:build_arrays"),
    "computing": ModelRequest(target="models.symbolic:build_computing"),
    "foreign": ModelRequest(target="models.symbolic:build_foreign"),
}


@pytest.fixture(scope="module")
def run_on(project):
    """Extract models on a backend, and check that each is a graph or an error."""

    def run_on(backend, requests):
        chosen = msgspec.structs.replace(project, backend=backend)
        return dict(
            zip(requests, runner.extract(list(requests.values()), chosen, timeout=60), strict=True)
        )

    return run_on


@pytest.fixture(scope="module")
def without(run_on):
    return run_on("none", {**MODELS, **ELSEWHERE})


def drawn(extraction):
    assert extraction.error is None, f"{extraction.error}\n{extraction.error.details}"
    return canonical_json({**extraction.graph.to_dict(), "keras_version": ""}).decode()


# The factor of `Mixer` that is computed from a weight has a value without a backend alone.
COMPUTED = "/matmul"


def drawn_in_common(extractions, name):
    """Return a graph, without the signature of what is made of such a value."""
    graph = json.loads(drawn(extractions[name]))
    for node in chain(graph["nodes"], *(each["nodes"] for each in graph["insides"])):
        if name.startswith("mixer") and node["id"].endswith(COMPUTED):
            node["signature"] = ""
    return graph


def all_in_common(extractions, names):
    return {name: drawn_in_common(extractions, name) for name in names}


@pytest.mark.keras
@pytest.mark.parametrize("backend", INSTALLED)
def test_graphs_do_not_depend_on_the_backend(run_on, without, backend):
    found = run_on(backend, MODELS)
    assert all_in_common(found, MODELS) == all_in_common(without, MODELS)


@pytest.mark.proof
@pytest.mark.parametrize("backend", INSTALLED)
def test_large_graphs_do_not_depend_on_the_backend(run_on, backend):
    found, without = (run_on(each, LARGE) for each in (backend, "none"))
    assert all_in_common(found, LARGE) == all_in_common(without, LARGE)


@pytest.mark.keras
def test_shapes_are_inferred_without_computing(without):
    graph = without["mixer"].graph
    assert [node.id for node in graph.nodes] == ["sequence", "mixer", "add"]
    assert graph.by_id["mixer"].output_shapes == ((None, None, 13), (None, 7))
    assert graph.params == 8_000_000_000 + 4 + 28  # 32 GB, were they there


@pytest.mark.keras
def test_tensorflow_is_not_imported_where_it_is_not_used(without):
    assert "lstm" in without["written_down"].graph.by_id


@pytest.mark.keras
def test_array_before_a_symbolic_tensor_asks_the_tensor(without):
    assert without["arrays"].graph.by_id["shifted"].output_shapes == ((None, None, 6),)


@pytest.mark.keras
def test_computing_without_a_framework_names_what_to_install(without):
    error = without["computing"].error
    assert isinstance(error, EnvironmentProblem)
    assert error.message == (
        "'models.symbolic:build_computing' needs a real Keras backend,"
        " and Keras runs without any here."
    )
    assert INSTALLED[0] in error.hint
    assert "symbolic.py" in error.traceback


@pytest.mark.keras
def test_foreign_function_without_a_framework_gets_a_hint(without):
    error = without["foreign"].error
    assert isinstance(error, BuilderError)
    assert error.hint.startswith("Keras runs without a backend here. If that is why")


WORKER = """
import json, os, sys
first = True
sys.stdin.readline()
for line in sys.stdin:
    failure = {"subtype": "builder", "message": str(os.getpid())}
    reply = {"failure": failure} if first else {"elsewhere": True}
    print(json.dumps(reply | {"number": json.loads(line)["number"]}), flush=True)
    first = False
"""


def test_target_that_wants_another_backend_gets_a_process_of_its_own(
    project, monkeypatch, tmp_path
):
    (tmp_path / "__main__.py").write_text(WORKER)
    shutil.copy(Path(supervisor.__file__), tmp_path)
    monkeypatch.setattr(runner, "_WORKER", tmp_path)
    requests = [ModelRequest(target=f"models:build{number}") for number in range(3)]
    found = list(runner.extract(requests, project, timeout=10))
    assert [extraction.request for extraction in found] == requests
    assert len({extraction.error.message for extraction in found}) == 3


@pytest.mark.parametrize(
    ("backend", "message", "hint"),
    [
        ("jaxx", "Keras has no backend 'jaxx'.", "Did you mean 'jax'?"),
        ("mxnet", "Keras has no backend 'mxnet'.", "There are tensorflow,"),
        *((name, f"The Keras backend '{name}' is not installed.", "'none'") for name in MISSING),
    ],
)
def test_wrong_backend_is_told(run_on, backend, message, hint):
    [found] = run_on(backend, {"mlp": ModelRequest(target="models.tiny:build_mlp")}).values()
    assert isinstance(found.error, EnvironmentProblem)
    assert found.error.message == message
    assert hint in found.error.hint


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with some packages and settings, and whether Keras is started without any."""

    def machine(*packages, settings=None):
        for name in ("KERAS_BACKEND", "TF_USE_LEGACY_KERAS"):
            monkeypatch.setenv(name, "")  # so that it is put back, even if it was not there
            monkeypatch.delenv(name)
        monkeypatch.setenv("KERAS_HOME", str(tmp_path))
        if settings is not None:
            (tmp_path / "keras.json").write_text(settings)
        monkeypatch.setattr(backends, "_is_package", packages.__contains__)
        monkeypatch.setattr(frameworkless, "start", lambda: started.append(True))
        return started

    started: list[bool] = []
    return machine


def test_keras_runs_without_a_framework_where_there_is_none(machine):
    started = machine("scipy", settings='{"backend": "tensorflow"}')
    Backend("")
    assert started
    assert "KERAS_BACKEND" not in os.environ


@pytest.mark.parametrize("package", FRAMEWORKS)
def test_framework_that_is_there_is_left_to_keras(machine, package):
    started = machine(package)
    Backend("")
    assert not started
    assert "KERAS_BACKEND" not in os.environ


def test_choice_of_the_users_is_left_to_keras_even_if_it_cannot_work(machine, monkeypatch):
    started = machine()
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    Backend("")
    assert not started


def test_configured_backend_overrides_the_users_choice(machine, monkeypatch):
    machine("tensorflow", "jax")
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    backend = Backend("jax")
    backend.check()
    assert os.environ["KERAS_BACKEND"] == "jax"


@pytest.fixture
def running(monkeypatch):
    """A process in which Keras runs on TensorFlow."""
    keras = SimpleNamespace(backend=SimpleNamespace(backend=lambda: "tensorflow"))
    monkeypatch.setitem(sys.modules, "keras", keras)


def leave(backend, wanted=None):
    with backend.kept():
        if wanted:
            os.environ["KERAS_BACKEND"] = wanted
        raise BuilderError("It failed.")


@pytest.mark.parametrize(
    ("configured", "settled", "wanted", "settings", "error"),
    [
        ("", True, None, None, BuilderError),
        ("", True, "tensorflow", None, BuilderError),
        ("", True, "jax", None, OtherBackendError),
        ("", True, None, '{"backend": "jax"}', OtherBackendError),
        ("", True, None, "not JSON", BuilderError),
        ("", False, "jax", None, BuilderError),
        ("tensorflow", True, "jax", None, BuilderError),
    ],
)
@pytest.mark.usefixtures("running")
def test_only_a_process_with_the_same_backend_answers(
    machine, configured, settled, wanted, settings, error
):
    machine("tensorflow", "jax", settings=settings)
    backend = Backend(configured)
    backend.is_settled = settled
    with pytest.raises(error):
        leave(backend, wanted)
