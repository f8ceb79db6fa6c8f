"""Saved models and architectures: read the architecture, and leave the weights where they are.

Weights are not needed for a graph, and may be larger than the machine's memory. Code that a
file contains (a Python lambda) is never run. Python opens the files, never the HDF5 library
itself: so the manifest has them among its sources.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from keras_diagram_core.errors import DiagramError, ModelError, TargetError, did_you_mean
from keras_diagram_core.request import FILE_ENDINGS
from keras_diagram_core.worker import keras2
from keras_diagram_core.worker.failures import explain, message_of, one_line

_ZIP, _HDF5, _LFS = b"PK", b"\x89HDF", b"version https://git-lfs"
_TRUSTED = {"keras", "keras_cv", "keras_hub", "keras_nlp", "tf_keras", "builtins"}
"""The packages from which Keras itself takes the classes that a file names."""
_KERAS_2 = ("tf_keras.", "keras.src.engine.")
_BUILDER = "Target a function that loads it with keras.saving.load_model"
_UNKNOWN = re.compile(
    r"(?:Could not locate \w+|Unknown (?:\w+ )?\w+:?|activation function identifier:) '?([\w>]+)"
)


def load_file(path: str) -> Any:
    """Rebuild the model that a file describes, without its weights.

    Args:
        path: relative to the project's base, which is the worker's folder.

    Raises:
        DiagramError: whatever went wrong, explained.
    """
    try:
        return _load(path)
    except DiagramError:
        raise
    except RecursionError as error:
        raise ModelError(f"'{path}' is nested too deep to be read.") from error


def _load(path: str) -> Any:
    config, of_keras_2 = _read(path)
    if _has_lambda(config):
        raise ModelError(
            f"'{path}' contains a Python lambda, and code in a file is never run.",
            hint=f"{_BUILDER}(path, safe_mode=False), if you trust the file.",
        )
    if _has_nameless(config):
        raise ModelError(
            f"'{path}' contains '<lambda>': of a function, the file has the name alone.",
            hint=keras2.LOADING,
        )
    if name := _custom(config):
        raise _not_of_keras(path, name)
    try:
        return keras2.rebuild(config) if of_keras_2 else _rebuild(config)
    except BaseException as error:
        raise _problem(error, path, of_keras_2=of_keras_2) from error


def _rebuild(config: dict[str, Any]) -> Any:
    of_tf_keras = str(config.get("module")).startswith(_KERAS_2)
    keras: Any = importlib.import_module("tf_keras" if of_tf_keras else "keras")
    if "module" in config:
        return keras.saving.deserialize_keras_object(config)
    kind = keras.Sequential if config.get("class_name") == "Sequential" else keras.Model
    return kind.from_config(config["config"])


def _read(path: str) -> tuple[dict[str, Any], bool]:
    """Return what a file says of the architecture, and whether Keras 2 wrote it."""
    with _readable(path), open(path, "rb") as file:
        start = file.read(len(_LFS))
        file.seek(0)
        version = ""
        if start == _LFS:
            hint = "Fetch the file itself: git lfs pull."
            raise ModelError(f"'{path}' is a pointer of Git LFS, not a model.", hint=hint)
        if start.startswith(_ZIP):
            config = json.loads(zipfile.ZipFile(file).read("config.json"))
        elif start.startswith(_HDF5):
            config, version = _hdf5_config(file, path)
        elif path.lower().endswith(".json"):
            config = json.loads(file.read())
            _check_architecture(config, path)
            version = str(config.get("keras_version", ""))
        else:
            raise ValueError("it is neither a .keras archive nor HDF5")
        if not isinstance(config, dict) or not isinstance(config.get("config"), dict):
            raise ValueError("it has no description of the architecture")  # noqa: TRY004
        return {**config, "compile_config": None}, keras2.is_of_keras_2(config, version)


def _check_architecture(config: Any, path: str) -> None:
    """Make sure that JSON describes a model of Keras."""
    fields = config if isinstance(config, dict) else {}
    if "class_name" in fields:
        return
    if "schema" in fields and "nodes" in fields:
        message = f"'{path}' is a ModelGraph, which cannot be a target."
        raise ModelError(message, hint="Name the model that it was made of.")
    raise ModelError(
        f"'{path}' does not describe a Keras model: it has no `class_name`.",
        hint="Write what `model.to_json()` returns to the file.",
    )


def _hdf5_config(file: BinaryIO, path: str) -> tuple[Any, str]:
    """Return the architecture in an HDF5 file, and the version of the Keras that wrote it."""
    h5py: Any = importlib.import_module("h5py")
    with h5py.File(file, "r") as content:
        config = content.attrs.get("model_config")
        version = content.attrs.get("keras_version", "")
    if config is None:
        raise ModelError(
            f"'{path}' has weights only, without the architecture.",
            hint="Target the function that builds the model; or save all of it:"
            " model.save('model.keras').",
        )
    return json.loads(config), version.decode() if isinstance(version, bytes) else str(version)


@contextmanager
def _readable(path: str) -> Iterator[None]:
    try:
        yield
    except DiagramError:
        raise
    except FileNotFoundError:
        raise _no_file(path) from None
    except ModuleNotFoundError as error:
        raise explain(error, f"Reading '{path}'") from error
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        hint = "Save the whole model: model.save('model.keras')."
        message = f"'{path}' is not a saved Keras model: {one_line(error)}"
        raise ModelError(message, hint=hint) from error


def _no_file(path: str) -> TargetError:
    folder = os.path.dirname(path)
    try:
        names = [name for name in os.listdir(folder or os.curdir) if name.endswith(FILE_ENDINGS)]
    except OSError:
        names = []
    hint = did_you_mean(path, [os.path.join(folder, name) for name in names])
    default = "Write the path relative to the folder of conf.py or mkdocs.yml."
    return TargetError(f"There is no file '{path}'.", hint=hint or default)


def _has_lambda(config: Any) -> bool:
    """Look for serialised code, in the forms of Keras 3 and of Keras 2."""
    if isinstance(config, list):
        return any(map(_has_lambda, config))
    if not isinstance(config, dict):
        return False
    found = config.get("class_name") == "__lambda__" or any(
        key.endswith("_type") and value == "lambda" for key, value in config.items()
    )
    return found or any(map(_has_lambda, config.values()))


def _custom(config: Any) -> str:
    """Name a class or function that would have to be imported, which older Keras would do."""
    if isinstance(config, dict):
        root = str(config.get("module") or "keras").partition(".")[0]
        if "class_name" in config and root not in _TRUSTED:
            return str(config["class_name"])
        config = list(config.values())
    found = map(_custom, config) if isinstance(config, list) else iter(())
    return next(filter(None, found), "")


def _has_nameless(config: Any) -> bool:
    """Look for an activation that was a lambda when Keras 2 wrote the file."""
    if isinstance(config, (dict, list)):
        inner = config.values() if isinstance(config, dict) else config
        return any(map(_has_nameless, inner))
    return bool(config == "<lambda>")


def _problem(error: BaseException, path: str, *, of_keras_2: bool) -> DiagramError:
    found = _UNKNOWN.search(message_of(error))
    unknown = found[1] if found else ""
    if of_keras_2:
        return keras2.explained(explain(error, f"Loading '{path}'"), path, unknown)
    return _not_of_keras(path, unknown) if unknown else explain(error, f"Loading '{path}'")


def _not_of_keras(path: str, name: str) -> ModelError:
    return ModelError(
        f"'{path}' contains '{name}', which is not part of Keras.",
        hint=f"{_BUILDER}(path, custom_objects=...).",
    )
