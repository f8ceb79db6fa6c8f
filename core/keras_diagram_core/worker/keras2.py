"""Files that Keras 2 wrote: what Keras 3 dropped of it, and what tf_keras alone can rebuild."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from typing import Any

from keras_diagram_core.errors import DiagramError, ModelError

_ANY = object()
_DROPPED: dict[str, Any] = {
    "adjustment": None,
    "causal": False,
    "fused": _ANY,
    "groups": 1,
    "implementation": _ANY,
    "input_length": _ANY,
    "kernel_constraint": _ANY,
    "kernel_initializer": _ANY,
    "kernel_regularizer": _ANY,
    "key_shape": _ANY,
    "noise_shape": None,
    "query_shape": _ANY,
    "renorm": False,
    "renorm_clipping": None,
    "renorm_momentum": _ANY,
    "rng_type": _ANY,
    "softmax_robust_masking": False,
    "time_major": False,
    "unroll": False,
    "value_shape": _ANY,
    "virtual_batch_size": None,
}
"""Arguments of Keras 2's layers that some layer of Keras 3 does not take, and their defaults.

Any value may go of those that change nothing in a picture: how weights begin, which of two equal
implementations runs.
"""

_WITHIN = {"layer", "backward_layer", "cell"}
_WRAPPED = {"ClassMethod", "InstanceMethod", "InstanceProperty", "SlicingOpLambda"}
_ONLY_KERAS_2 = {
    *("TFOpLambda", "TensorFlowOpLayer", "AddLoss", "AddMetric", *_WRAPPED),
    *("LocallyConnected1D", "LocallyConnected2D", "ThresholdedReLU", "RandomHeight"),
    *("RandomWidth", "DenseFeatures", "CuDNNGRU", "CuDNNLSTM", "SyncBatchNormalization"),
}
_INSTALL = "Install tf_keras in the environment that builds the documentation: it is used then."
LOADING = (
    "Target a function that builds the model, or one that loads it with"
    " tf_keras.models.load_model(path, custom_objects=...)."
)


def is_of_keras_2(config: dict[str, Any], version: str) -> bool:
    """Whether a file's description of a model is one of Keras 2.

    Args:
        config: the description.
        version: that of the Keras which wrote it, if the file says it.
    """
    return "module" not in config and not version.startswith("3.")


def is_installed() -> bool:
    """Whether there is a Keras 2 beside Keras 3."""
    return importlib.util.find_spec("tf_keras") is not None


def rebuild(config: dict[str, Any]) -> Any:
    """Return the model that a description of Keras 2 is of: of Keras 3 if it can be, else of 2."""
    try:
        return _of_keras_3(without_dropped(config))
    except Exception:
        if not is_installed():
            raise
        models: Any = importlib.import_module("tf_keras.models")
        return models.model_from_config(config)


def _of_keras_3(config: dict[str, Any]) -> Any:
    keras: Any = importlib.import_module("keras")
    # The older form: the classes inside are known by their names alone.
    kind = keras.Sequential if config.get("class_name") == "Sequential" else keras.Model
    return kind.from_config(config["config"])


def without_dropped(config: Any) -> Any:
    """Return a description without the arguments that Keras 3 dropped, where they say nothing."""
    if isinstance(config, list):
        return [without_dropped(each) for each in config]
    if not isinstance(config, dict):
        return config
    found = {name: without_dropped(value) for name, value in config.items()}
    layers: Any = importlib.import_module("keras").layers
    kind, own = getattr(layers, str(config.get("class_name")), None), found.get("config")
    if isinstance(kind, type) and isinstance(own, dict):
        found["config"] = {
            name: _located(value) if name in _WITHIN else value
            for name, value in _taken(kind, own).items()
        }
    return found


def _located(inner: Any) -> Any:
    """Say of a layer within a wrapper where its class is, which Keras 3 wants to know there."""
    if not isinstance(inner, dict) or "class_name" not in inner:
        return inner
    return {"module": "keras.layers", "registered_name": None, **inner}


def _taken(kind: type, arguments: dict[str, Any]) -> dict[str, Any]:
    """Leave out of some arguments what a layer does not take, and what says nothing."""
    known = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    takes_more = any(each.kind is each.VAR_KEYWORD for each in known.values())
    dropped = _DROPPED if takes_more else {**_DROPPED, "trainable": _ANY}
    return {
        name: value
        for name, value in arguments.items()
        if name in known or name not in dropped or dropped[name] not in (_ANY, value)
    }


def explained(error: DiagramError, path: str, unknown: str) -> DiagramError:
    """Say what to do about a file of Keras 2 that could not be rebuilt.

    Args:
        error: how that failed.
        path: the file.
        unknown: the class or function that nobody knew, if that is why.
    """
    if unknown in _ONLY_KERAS_2 and not is_installed():
        message = f"'{path}' contains '{unknown}', which Keras 3 has no longer."
        return ModelError(message, hint=_INSTALL)
    if unknown:
        message = f"'{path}' contains '{unknown}', which is not part of Keras."
        return ModelError(message, hint=LOADING)
    if not error.hint:
        error.hint = LOADING if is_installed() else f"Keras 2 wrote it. {_INSTALL}"
    return error
