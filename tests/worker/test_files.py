"""Saved models are drawn as they were, without their weights and without their code."""

import json
import zipfile

import h5py
import msgspec
import pytest

from keras_diagram_core.errors import BuilderError, ModelError, TargetError
from keras_diagram_core.manifest import source_digest
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.runner import extract
from keras_diagram_core.worker import keras2

pytestmark = pytest.mark.keras

SAVED = {
    "plain.keras": "build_plain",
    "old.keras": "build_old",
    "folder/old.h5": "build_old",
    "stack.keras": "build_sequential",
    "stack.hdf5": "build_sequential",
    "plain.json": "build_plain",
    "stack.json": "build_sequential",
    "lambda.keras": "build_lambda",
    "lambda.h5": "build_lambda",
    "custom.keras": "build_custom",
    "custom.h5": "build_custom",
}
DRAWN = [path for path in SAVED if not path.startswith(("lambda", "custom"))]

INPUT = {
    "class_name": "InputLayer",
    "config": {
        "batch_input_shape": [None, 8, 3],
        "dtype": "float32",
        "ragged": False,
        "name": "x",
    },
}


def of_keras_2(kind, **config):
    """Describe a model of one layer as Keras 2 does."""
    layer = {"class_name": kind, "config": {"name": "layer", "trainable": True, **config}}
    return {"class_name": "Sequential", "config": {"name": "old", "layers": [INPUT, layer]}}


# Each has what Keras 3 dropped, at its default.
GRU = {"class_name": "GRU", "config": {"name": "gru", "units": 3, "time_major": False}}
OLD = {
    "gru.h5": (
        of_keras_2("GRU", units=4, time_major=False, implementation=2),
        4 * 3 * (3 + 4 + 2),
    ),
    "groups.h5": (of_keras_2("DepthwiseConv1D", kernel_size=[3], groups=1), 3 * 3 + 3),
    "separable.json": (
        of_keras_2("SeparableConv1D", filters=2, kernel_size=[3], groups=1, kernel_initializer={}),
        3 * 3 + 3 * 2 + 2,
    ),
    "spatial.json": (of_keras_2("SpatialDropout1D", rate=0.5, noise_shape=None), 0),
    "both.json": (of_keras_2("Bidirectional", layer=GRU), 2 * 3 * 3 * (3 + 3 + 2)),
}
OLD_WRONG = {
    "nameless.h5": of_keras_2("Conv1D", filters=2, kernel_size=[3], activation="<lambda>"),
    "named.h5": of_keras_2("Dense", units=2, activation="my_swish"),
    "class.json": of_keras_2("MyLayer"),
    "changed.json": of_keras_2("GRU", units=4, time_major=3, my_argument=1),
}

JSON = {
    "graph.json": '{"schema": 2, "name": "m", "nodes": []}',
    "list.json": "[1]",
    "broken.json": "{",
    "deep.json": "[" * 100_000,
}

WRONG = {
    "text.keras": b"no model",
    "lfs.keras": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    "cut.h5": b"\x89HDF\r\n\x1a\n" + bytes(40),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    (folder / "folder").mkdir()
    for name, data in WRONG.items():
        (folder / name).write_bytes(data)
    old = {name: config for name, (config, _) in OLD.items()}
    for name, config in (old | OLD_WRONG).items():
        write_old(folder / name, config)
    for name, text in JSON.items():
        (folder / name).write_text(text)
    with zipfile.ZipFile(folder / "empty.keras", "w") as archive:
        archive.writestr("other.txt", "")
    with h5py.File(folder / "weights.h5", "w") as file:
        file["kernel"] = [1.0]
    return folder


def unsigned(graph):
    """Leave out signatures, which compare the calls of one graph alone."""
    return [msgspec.structs.replace(node, signature="") for node in graph.nodes]


def write_old(path, config):
    if path.suffix == ".json":
        path.write_text(json.dumps({**config, "keras_version": "2.15.0"}))
        return
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["model_config"] = json.dumps(config)


@pytest.fixture(scope="module")
def batch(project, folder):
    """First the models as they are saved, then the files."""
    saving = [
        ModelRequest(
            target="models.saving:build_and_save",
            kwargs={"builder": builder, "path": path, "compile": True},
        )
        for path, builder in SAVED.items()
    ]
    others = [
        *WRONG,
        *OLD,
        *OLD_WRONG,
        *JSON,
        "empty.keras",
        "weights.h5",
        "palin.keras",
        "nowhere/model.keras",
    ]
    loading = [ModelRequest(target=path) for path in [*SAVED, *others]]
    by_hand = [
        ModelRequest(target="models.saving:load", kwargs={"path": f"{name}.keras"})
        for name in ("custom", "lambda")
    ]
    tells = ModelRequest(target="models.intruders:tells_process")
    again, last = (msgspec.structs.replace(tells, depth=depth) for depth in (0, 1))
    replaces = ModelRequest(target="models.intruders:replaces_class_of_keras")
    bare = msgspec.structs.replace(project, base=str(folder), backend="none")
    requests = [*saving, tells, *loading, *by_hand, again, replaces, last]
    names = {id(tells): "before", id(again): "after", id(replaces): "replaced", id(last): "last"}
    return {
        names.get(id(each.request), title(each.request)): each
        for each in extract(requests, bare, timeout=60)
    }


def title(request):
    return request.target + str(request.kwargs.get("path", ""))


@pytest.mark.parametrize("path", DRAWN)
def test_file_gives_the_graph_of_the_model(batch, path):
    saved, loaded = batch[f"models.saving:build_and_save{path}"], batch[path]
    assert loaded.error is None, f"{loaded.error}\n{loaded.error.details}"
    assert loaded.graph == saved.graph


def test_file_is_a_source_of_the_graph(batch, folder):
    for path in DRAWN:
        digests = {source.path: source.digest for source in batch[path].manifest.sources}
        assert digests[path] == source_digest(str(folder / path))


@pytest.mark.parametrize(
    ("path", "kind", "message", "hint"),
    [
        ("lambda.keras", ModelError, "contains a Python lambda", "safe_mode=False"),
        ("lambda.h5", ModelError, "contains a Python lambda", "safe_mode=False"),
        ("custom.keras", ModelError, "contains 'Scale'", "custom_objects"),
        ("custom.h5", ModelError, "contains 'Scale'", "custom_objects"),
        ("text.keras", ModelError, "is not a saved Keras model", "model.save"),
        ("lfs.keras", ModelError, "a pointer of Git LFS", "git lfs pull"),
        ("cut.h5", ModelError, "is not a saved Keras model", "model.save"),
        ("empty.keras", ModelError, "is not a saved Keras model", "model.save"),
        ("weights.h5", ModelError, "weights only", "model.save"),
        ("nameless.h5", ModelError, "of a function, the file has the name alone", "tf_keras"),
        ("named.h5", ModelError, "contains 'my_swish'", "tf_keras.models.load_model"),
        ("class.json", ModelError, "contains 'MyLayer'", "tf_keras.models.load_model"),
        ("changed.json", BuilderError, "my_argument", "tf_keras"),
        ("graph.json", ModelError, "is a ModelGraph", "Name the model"),
        ("list.json", ModelError, "has no `class_name`", "model.to_json()"),
        ("broken.json", ModelError, "is not a saved Keras model", "model.save"),
        ("deep.json", ModelError, "is nested too deep", ""),
        ("palin.keras", TargetError, "There is no file", "Did you mean 'plain.keras'?"),
        ("nowhere/model.keras", TargetError, "There is no file", "relative to the folder"),
    ],
)
def test_what_cannot_be_loaded_is_explained(batch, path, kind, message, hint):
    error = batch[path].error
    assert type(error) is kind
    assert message in error.message
    assert path in error.message
    assert hint in error.hint


@pytest.mark.parametrize("path", OLD)
def test_what_keras_3_dropped_is_left_out_where_it_says_nothing(batch, path):
    found = batch[path]
    assert found.error is None, f"{found.error}\n{found.error.details}"
    (node,) = [node for node in found.graph.nodes if node.type != "InputLayer"]
    assert node.name == "layer" if path != "both.json" else node.type == "Bidirectional"
    assert found.graph.params == OLD[path][1]
    assert found.graph.keras_version.startswith("3.")


def test_without_tf_keras_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(keras2, "is_installed", lambda: False)
    failed = BuilderError("Loading 'a.h5' failed.")
    error = keras2.explained(failed, "a.h5", "TFOpLambda")
    assert error.message == "'a.h5' contains 'TFOpLambda', which Keras 3 has no longer."
    assert error.hint.startswith("Install tf_keras")
    assert "Install tf_keras" in keras2.explained(failed, "a.h5", "").hint


@pytest.mark.parametrize("name", ["custom", "lambda"])
def test_function_may_load_what_a_file_alone_may_not(batch, name):
    loaded = batch[f"models.saving:load{name}.keras"]
    assert loaded.error is None, loaded.error
    saved = batch[f"models.saving:build_and_save{name}.keras"]
    assert unsigned(loaded.graph) == unsigned(saved.graph)
    assert loaded.graph.edges == saved.graph.edges


def test_files_leave_the_process_to_others(batch):
    """A second import of Keras takes seconds."""
    before, after = (batch[name].error.message for name in ("before", "after"))
    assert "process" in before
    assert before == after


def test_another_class_in_the_place_of_what_files_need_costs_the_process(batch):
    assert "replaced a class of Keras" in batch["replaced"].error.message
    assert batch["after"].error.message != batch["last"].error.message
