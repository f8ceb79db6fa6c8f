"""Manifests: what a graph was made from, and whether it still holds."""

import hashlib
import json
from pathlib import Path

import msgspec
import pytest

from keras_diagram_core.manifest import Checker, Module, Source
from keras_diagram_core.request import ModelRequest

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    (folder / "changing.txt").write_text("7")
    return folder


@pytest.fixture(scope="module")
def batch(run, folder, tmp_path_factory):
    made = tmp_path_factory.mktemp("made")  # of each backend

    def request(name, **kwargs):
        return ModelRequest(target=f"models.reading.builders:{name}", kwargs=kwargs)

    return run(
        {
            "recipe": request("from_recipe"),
            "late": request("with_late_import"),
            "own_file": request("through_own_file", folder=str(made)),
            "changing": request("from_changing_file", path=str(folder / "changing.txt")),
            "keras_only": ModelRequest(
                target="keras.applications:MobileNetV2", kwargs={"weights": None}
            ),
            "fallback": ModelRequest(target="models.special:build_from_value"),
        }
    )


def paths(batch, name):
    return {source.path for source in batch[name].manifest.sources}


def test_code_and_data_are_sources(batch):
    assert paths(batch, "recipe") == {
        "models/tiny.py",
        "models/reading/__init__.py",
        "models/reading/builders.py",
        "models/reading/recipes",
        "models/reading/recipes/local.json",
        "models/reading/recipes/small.json",
        "~/.keras/keras.json",
    }


def test_digests_are_of_the_contents(batch, project):
    data = Path(project.base, "models/reading/recipes/small.json").read_bytes()
    sources = batch["recipe"].manifest.sources
    expected = Source("models/reading/recipes/small.json", hashlib.sha256(data).hexdigest())
    assert expected in sources


def test_file_that_was_looked_for_in_vain_has_no_digest(batch):
    assert Source("models/reading/recipes/local.json", "") in batch["recipe"].manifest.sources


def test_listed_folder_counts_by_its_names(batch):
    found = {source.path: source.digest for source in batch["recipe"].manifest.sources}
    assert found["models/reading/recipes"].startswith("names:")


def test_modules_are_attributed_to_the_target_that_imports_them(batch):
    late = Module("models.reading.late", ("models/reading/late.py",), ("models/reading",))
    assert late in batch["late"].manifest.modules
    assert late not in batch["recipe"].manifest.modules
    assert late not in batch["own_file"].manifest.modules
    assert Module("models", ("models",)) in batch["late"].manifest.modules


def test_installed_packages_count_by_version(batch):
    names = {dist.name: dist.version for dist in batch["keras_only"].manifest.distributions}
    assert {"keras", "numpy"} <= set(names)
    assert names["keras"] == batch.graph("keras_only").keras_version
    assert not any("keras-diagram" in name for name in names)
    assert paths(batch, "keras_only") == {"~/.keras/keras.json"}


def test_files_that_the_builder_made_do_not_count(batch):
    assert not [path for path in paths(batch, "own_file") if "made" in path]


def test_graph_of_a_changing_file_is_used_but_not_kept(batch):
    assert batch["changing"].manifest is None
    assert batch.graph("changing").by_id["hidden"].config["units"] == 7


def test_second_build_with_weights_has_a_manifest_too(batch):
    assert "models/special.py" in paths(batch, "fallback")


@pytest.mark.parametrize("name", ["recipe", "late", "own_file", "keras_only"])
def test_manifest_holds_while_nothing_changes(batch, project, name):
    # A build has the whole search path; the worker was given the user's part of it.
    assert Checker(project).is_current(batch[name].manifest)


def test_manifest_is_plain_data(batch):
    manifest = batch["recipe"].manifest
    assert msgspec.convert(json.loads(msgspec.json.encode(manifest)), type(manifest)) == manifest


def test_manifest_is_portable(batch, project):
    for name in ("recipe", "late", "keras_only"):
        assert project.base not in str(batch[name].manifest)
