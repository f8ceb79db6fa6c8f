"""Saved models are drawn as they were, without their weights and without their code."""

import zipfile

import h5py
import msgspec
import pytest

from keras_diagram_core.errors import ModelError, TargetError
from keras_diagram_core.manifest import source_digest
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.runner import extract

pytestmark = pytest.mark.keras

SAVED = {
    "plain.keras": "build_plain",
    "old.keras": "build_old",
    "folder/old.h5": "build_old",
    "stack.keras": "build_sequential",
    "stack.hdf5": "build_sequential",
    "lambda.keras": "build_lambda",
    "lambda.h5": "build_lambda",
    "custom.keras": "build_custom",
    "custom.h5": "build_custom",
}
DRAWN = [path for path in SAVED if not path.startswith(("lambda", "custom"))]

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
    with zipfile.ZipFile(folder / "empty.keras", "w") as archive:
        archive.writestr("other.txt", "")
    with h5py.File(folder / "weights.h5", "w") as file:
        file["kernel"] = [1.0]
    return folder


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
    others = [*WRONG, "empty.keras", "weights.h5", "palin.keras", "nowhere/model.keras"]
    loading = [ModelRequest(target=path) for path in [*SAVED, *others]]
    by_hand = [
        ModelRequest(target="models.saving:load", kwargs={"path": f"{name}.keras"})
        for name in ("custom", "lambda")
    ]
    bare = msgspec.structs.replace(project, base=str(folder), backend="none")
    found = extract([*saving, *loading, *by_hand], bare, timeout=60)
    return {
        request.target + str(request.kwargs.get("path", "")): extraction
        for request, extraction in zip([*saving, *loading, *by_hand], found, strict=True)
    }


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


@pytest.mark.parametrize("name", ["custom", "lambda"])
def test_function_may_load_what_a_file_alone_may_not(batch, name):
    loaded = batch[f"models.saving:load{name}.keras"]
    assert loaded.error is None, loaded.error
    assert loaded.graph == batch[f"models.saving:build_and_save{name}.keras"].graph
