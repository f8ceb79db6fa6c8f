"""What goes wrong in the user's code comes back as an error that helps."""

import os
import time
from pathlib import Path

import pytest

from keras_diagram_core.errors import (
    BuilderError,
    EnvironmentProblem,
    ModelError,
    TargetError,
)
from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.runner import extract

PATIENCE = 8
"""Seconds that a target may take which never comes back; a worker starts in a part of that."""


def broken(name, **kwargs):
    return ModelRequest(target=f"models.broken:{name}", kwargs=kwargs)


WITHOUT_KERAS = {
    "no_module": "nowhere.models:build",
    "misspelt_package": "exampel_models.cnn:build_cnn",
    "misspelt_module": "models.tinny:build_mlp",
    "not_a_package": "models.broken.deeper:build",
    "no_attribute": broken("rasies"),
    "no_deeper_attribute": broken("raises.deeper"),
    "not_callable": broken("number"),
    "unknown_argument": broken("takes", units=3, activatoin="relu"),
    "missing_argument": broken("takes"),
    "type_error_inside": broken("type_error_inside"),
    "raises": broken("raises"),
    "exits": broken("exits"),
    "interrupts": broken("interrupts"),
    "out_of_memory": broken("out_of_memory"),
    "recurses": broken("recurses"),
    "needs_package": broken("needs_package"),
    "none": broken("returns_none"),
    "number": broken("returns_number"),
    "reads_stdin": broken("reads_stdin"),
    "noisy": broken("noisy"),
    "leaves_process": broken("leaves_process"),
    "after_leaving": broken("raises"),
    "aborts": broken("aborts"),
    "import_raises": "models.broken_import:build",
    "import_exits": "models.broken_exit:build",
    "import_syntax": "models.broken_syntax:build",
    "import_missing": "models.broken_missing:build",
    "no_backend": "models.broken_no_backend:build",
    "no_keras": "models.broken_no_keras:build",
}

WITH_KERAS = {
    "after_no_keras": "models.tiny:build_mlp",
    "layer": "models.broken_models:a_layer",
    "pair": "models.broken_models:returns_pair",
    "unbuilt": "models.broken_models:returns_unbuilt",
    "empty": "models.broken_models:returns_empty",
    "subclassed": "models.broken_models:Subclassed",
    "batched": ModelRequest(
        target="models.broken_models:Convolutional",
        inputs=(InputSpec(shape=(None, 32, 32, 3)),),
    ),
    "flat": ModelRequest(
        target="models.broken_models:Convolutional", inputs=(InputSpec(shape=(32, 32)),)
    ),
    "shapes_clash": "models.broken_models:shapes_clash",
    "wants_weights": "models.broken_models:wants_weights",
    "kwargs_for_model": ModelRequest(target="models.tiny:ready_model", kwargs={"units": 3}),
    "messy": ModelRequest(target="models.special:build_messy", kwargs={"folder": os.sep}),
    "tidy": "models.special:build_tidy",
}


@pytest.fixture(scope="module")
def batch(run_on):
    return run_on("", {**WITHOUT_KERAS, **WITH_KERAS})


EXPECTED = {
    "no_module": (TargetError, "no module 'nowhere'", "sys.path"),
    "misspelt_package": (TargetError, "'exampel_models'", "Did you mean 'example_models'?"),
    "misspelt_module": (TargetError, "'models.tinny'", "Did you mean 'models.tiny'?"),
    "not_a_package": (TargetError, "'models.broken.deeper'", ""),
    "no_attribute": (TargetError, "no attribute 'rasies'", "Did you mean 'raises'?"),
    "no_deeper_attribute": (TargetError, "'raises' has no attribute 'deeper'", ""),
    "not_callable": (TargetError, "is an int", "builds one"),
    "unknown_argument": (TargetError, "'activatoin'", "Did you mean 'activation'?"),
    "missing_argument": (TargetError, "'units'", "It takes units, activation."),
    "type_error_inside": (BuilderError, "TypeError: object of type 'int' has no len().", ""),
    "raises": (BuilderError, "ValueError: the recipe is wrong.", ""),
    "exits": (BuilderError, "ended the program: SystemExit: 3", "Return the model"),
    "interrupts": (BuilderError, "ended the program: KeyboardInterrupt", ""),
    "out_of_memory": (BuilderError, "MemoryError", "smaller model"),
    "recurses": (BuilderError, "RecursionError", "calls itself"),
    "needs_package": (EnvironmentProblem, "'a_package_that_nobody_has'", "Install it"),
    "none": (ModelError, "returned nothing", "return model"),
    "number": (ModelError, "returned a float", "keras.Input"),
    "reads_stdin": (BuilderError, "EOFError", ""),
    "noisy": (BuilderError, "ValueError: after the noise", ""),
    "leaves_process": (BuilderError, "exit status 7", ""),
    "after_leaving": (BuilderError, "ValueError: the recipe is wrong.", ""),
    "import_raises": (BuilderError, "Importing 'models.broken_import' failed: RuntimeError", ""),
    "import_exits": (BuilderError, "SystemExit: usage: train.py DATA", "__main__"),
    "import_syntax": (BuilderError, "SyntaxError", ""),
    "import_missing": (EnvironmentProblem, "imported in broken_missing.py, line 1", "Install it"),
    "no_backend": (EnvironmentProblem, "no backend: 'torch'", "KERAS_BACKEND"),
    "no_keras": (EnvironmentProblem, "Keras is not installed.", "Install keras and a backend"),
}

EXPECTED_WITH_KERAS = {
    "layer": (ModelError, "input shape of 'dense' (Dense) is not known", "input-shape"),
    "pair": (ModelError, "returned a tuple", "item 1"),
    "unbuilt": (ModelError, "input shape is unknown", "keras.Input"),
    "empty": (ModelError, "without layers", "Add layers"),
    "subclassed": (ModelError, "input shape of 'subclassed' (Subclassed)", "[32, 32, 3]"),
    "batched": (
        ModelError,
        "`call` of 'Convolutional' cannot be followed",
        "The shape begins with null; leave out the batch: `[32, 32, 3]`.",
    ),
    "flat": (ModelError, "cannot be followed", "`[32, 32]`: 3 dimensions with the batch"),
    "shapes_clash": (BuilderError, "ValueError: Inputs have incompatible shapes.", ""),
    "wants_weights": (BuilderError, "URL fetch failure", "weights: null"),
    "kwargs_for_model": (TargetError, "is a model", "Remove the kwargs"),
}


@pytest.mark.keras
@pytest.mark.parametrize("name", [*EXPECTED, *EXPECTED_WITH_KERAS])
def test_failure_is_explained(batch, name):
    error_type, message, hint = {**EXPECTED, **EXPECTED_WITH_KERAS}[name]
    error = batch.error(name)
    assert type(error) is error_type
    assert message in error.message
    assert hint in error.hint
    assert error.message.endswith((".", "…"))
    assert "\n" not in error.message


@pytest.mark.keras
def test_what_follows_a_failure_is_not_harmed(batch):
    assert batch.graph("after_no_keras").name == "mlp"


@pytest.mark.keras
def test_mess_is_tidied_up(batch):
    batch.graph("messy")
    batch.graph("tidy")


@pytest.mark.keras
@pytest.mark.parametrize("name", ["raises", "recurses", "import_syntax", "shapes_clash"])
def test_traceback_has_only_the_users_frames(batch, name):
    traceback = batch.error(name).traceback
    assert "keras_diagram_core" not in traceback
    assert "site-packages" not in traceback
    assert "importlib" not in traceback
    assert str(Path("models", "broken")) in traceback


@pytest.mark.keras
def test_traceback_tells_the_cause(batch):
    traceback = batch.error("raises").traceback
    assert "KeyError: 'missing'" in traceback
    assert "direct cause" in traceback
    assert "in _inner" in traceback


@pytest.mark.keras
def test_whatever_the_code_prints_is_kept_apart_by_target(batch):
    assert batch.error("noisy").output.splitlines() == [
        "from Python",
        "from the descriptor",
        "from C",
    ]
    assert batch.error("leaves_process").output == "about to leave"
    assert batch.error("after_leaving").output == ""


@pytest.mark.keras
def test_remarks_of_tensorflow_are_not_the_codes_output(batch):
    assert batch.error("layer").output == ""


@pytest.mark.keras
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_crash_names_its_signal_and_place(batch):
    error = batch.error("aborts")
    assert type(error) is BuilderError
    assert "SIGABRT" in error.message
    assert "broken.py" in error.output
    assert "about to abort" in error.output


@pytest.mark.slow
def test_target_that_hangs_is_ended_and_the_rest_goes_on(run_on):
    started = time.monotonic()
    batch = run_on("", {"hangs": broken("sleeps"), "next": broken("raises")}, timeout=PATIENCE)
    error = batch.error("hangs")
    assert type(error) is BuilderError
    assert f"within {PATIENCE} seconds" in error.message
    assert "timeout" in error.hint
    assert "good night" in error.output
    assert "the recipe is wrong" in batch.error("next").message
    assert time.monotonic() - started < 60


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_what_a_target_has_started_is_ended_with_it(run_on, tmp_path):
    pid_file = tmp_path / "pid"
    run_on(
        "", {"hangs": broken("starts_child_and_sleeps", pid_file=str(pid_file))}, timeout=PATIENCE
    )
    assert _is_gone(int(pid_file.read_text()))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_place_where_a_target_hangs_is_told(run_on):
    output = run_on("", {"hangs": broken("sleeps")}, timeout=PATIENCE).error("hangs").output
    assert "broken.py" in output
    assert "in sleeps" in output


@pytest.mark.slow
def test_closing_the_iterator_ends_the_worker(project, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    extractions = extract([broken("raises"), broken("sleeps")], project, timeout=60)
    assert next(extractions).error
    extractions.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_interrupt_ends_the_worker(project):
    def interrupt(done, _total, _target):
        if done:
            raise KeyboardInterrupt

    extractions = extract(
        [broken("raises"), broken("sleeps")], project, timeout=60, progress=interrupt
    )
    with pytest.raises(KeyboardInterrupt):
        list(extractions)


def test_nothing_is_started_for_nothing(project):
    assert not list(extract([], project, timeout=1))


def _is_gone(pid):
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and ") Z " in status.read_text():
            return True  # ended, though nobody has asked for its status
        time.sleep(0.05)
    return False
