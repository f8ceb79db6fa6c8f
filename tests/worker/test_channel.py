"""Whatever a target does to the process costs its own diagram, and no other."""

import os
import sys

import pytest

from keras_diagram_core.errors import BuilderError
from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes and descriptors")


def intruder(name, **kwargs):
    return ModelRequest(target=f"models.intruders:{name}", kwargs=kwargs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("intruders")


@pytest.fixture(scope="module")
def batch(run_on, folder):
    requests = {
        "first": intruder("tells_process"),
        "fork": intruder("forks_and_returns"),
        "after_fork": intruder("tells_process"),
        "daemon": intruder("leaves_daemon", pid_file=str(folder / "daemon")),
        "after_daemon": intruder("tells_process"),
        "garbage": intruder("writes_everywhere"),
        "after_garbage": intruder("tells_process"),
        "false_reply": intruder("writes_without_end"),
        "after_false_reply": intruder("tells_process"),
        "closed": intruder("closes_all"),
        "reopened": intruder("reopens_all", folder=str(folder)),
        "streams": intruder("closes_standard_streams"),
        "after_streams": intruder("tells_process"),
        "builtin": intruder("replaces_builtin"),
        "after_builtin": intruder("tells_process"),
        "left": intruder("leaves_for_daemon"),
        "killed": intruder("is_killed"),
        "silent": intruder("has_silent_error"),
        "long": intruder("has_long_error"),
        "odd": intruder("has_odd_error"),
        "deep": intruder("tells_process", nested=_nested(100_000)),
        "last": intruder("tells_process"),
    }
    return run_on("", requests)


def _nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


EXPECTED = {
    "fork": "ValueError: asked by the fork",
    "daemon": "ValueError: left a daemon",
    "garbage": "wrote to the pipe by which the worker answers",
    "false_reply": "wrote to the pipe by which the worker answers",
    "closed": "closed the pipe by which the worker answers",
    "reopened": "closed the pipe by which the worker answers",
    "streams": "ValueError: closed the streams",
    "builtin": "ValueError: replaced a builtin",
    "left": "ended the worker process: exit status 0",
    "killed": "ended the worker process: SIGKILL",
    "silent": "SilentError: its message cannot be made (RuntimeError)",
    "long": "ValueError: xxx",
    "odd": "ValueError: a�b red � �reversed �",
    "deep": "cannot be written as JSON: RecursionError",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_intruder_is_told_what_it_did(batch, name):
    assert EXPECTED[name] in batch.error(name).message


def test_out_of_memory_is_not_a_guess_about_everything(batch):
    hints = {name: batch.error(name).hint for name in EXPECTED}
    assert [name for name, hint in hints.items() if "memory" in hint] == ["killed"]


@pytest.mark.parametrize(
    "name", ["fork", "daemon", "garbage", "false_reply", "streams", "builtin"]
)
def test_next_target_is_answered_for_itself(batch, name):
    error = batch.error(f"after_{name}")
    assert type(error) is BuilderError
    assert "ValueError: process " in error.message


def test_ordinary_failure_keeps_the_process(batch):
    assert batch.error("first").message == batch.error("after_fork").message


@pytest.mark.parametrize("name", ["streams", "builtin"])
def test_process_that_is_not_as_it_was_is_not_asked_again(batch, name):
    before, after = (
        {"streams": "after_false_reply", "builtin": "after_streams"}[name],
        f"after_{name}",
    )
    assert batch.error(before).message != batch.error(after).message


@pytest.mark.skipif(sys.platform != "linux", reason="what has left the group")
def test_nothing_is_left_of_what_was_forked(batch, folder):
    batch.error("daemon")
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "daemon").read_text()), 0)


def test_reply_is_not_written_to_files_of_the_code(batch, folder):
    batch.error("reopened")
    files = list(folder.glob("[0-9]*"))
    assert len(files) == 40
    assert not any(file.read_bytes() for file in files)


def test_messages_are_bounded_and_plain(batch):
    for name in EXPECTED:
        error = batch.error(name)
        text = f"{error}\n{error.details}"
        assert len(text) < 100_000
        assert text.replace("\n", "").replace("\t", "").isprintable()
    assert "[9,8" in batch.error("long").traceback
    assert batch.error("odd").output == "red �bell �2J"


@pytest.mark.keras
def test_other_keras_is_not_left_to_the_next_target(run):
    names = ["removes_keras", "patches_class", "adds_to_class", "replaces_class", "forks"]
    names.append("forbids_import")
    requests = {}
    for name in names:
        requests[name] = f"models.vandals:{name}"
        requests[f"after_{name}"] = "models.vandals:build"
    batch = run(requests)
    for name in names:
        graph = batch.graph(f"after_{name}")
        assert graph.by_id["dense"].output_shapes == ((None, 1),)
        assert [node.type for node in graph.nodes] == ["InputLayer", "Dense"]
    assert batch.graph("forks").by_id["dense"].output_shapes == ((None, 4),)
    assert batch.graph("forbids_import").by_id["dense"].output_shapes == ((None, 2),)
