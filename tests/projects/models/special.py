"""Builders that ask something special of the worker."""

import os
import sys
import warnings
from pathlib import Path

import keras
import numpy as np
from keras import layers

from models.tiny import build_mlp


def build_giant():
    """Describe a model of more than 10^11 weights, which nobody could allocate."""
    inputs = keras.Input((100_000,), name="x")
    x = layers.Dense(1_000_000, name="wide")(inputs)
    return keras.Model(inputs, layers.Dense(10, name="narrow")(x), name="giant")


def build_giant_after_clearing():
    """Clear the session first, as many scripts do."""
    keras.backend.clear_session()
    return build_giant()


class Scale(layers.Layer):
    """A layer that makes its variable from a value."""

    def __init__(self, value, **kwargs):
        super().__init__(**kwargs)
        self.scale = keras.Variable(np.array(value, "float32"))

    def call(self, x):
        return x * self.scale


def build_from_value():
    """Use a layer that cannot be built without its value."""
    inputs = keras.Input((3,), name="x")
    return keras.Model(inputs, Scale([1, 2, 3], name="scale")(inputs), name="from_value")


def build_messy(folder):
    """Leave the process in a mess."""
    os.chdir(folder)
    os.environ["MODELS_MESS"] = "yes"
    os.environ.pop("HOME", None)
    sys.path.insert(0, folder)
    sys.argv.append("--mess")
    warnings.simplefilter("error")
    sys.stdout = None
    keras.mixed_precision.set_global_policy("mixed_float16")
    keras.config.set_image_data_format("channels_first")
    return build_mlp()


def build_tidy():
    """Fail where any mess is left."""
    mess = {
        "cwd": os.getcwd(),
        "environ": "MODELS_MESS" in os.environ or "HOME" not in os.environ,
        "argv": sys.argv[1:],
        "stdout": sys.stdout is None,
        "policy": keras.mixed_precision.dtype_policy().name,
        "layout": keras.config.image_data_format(),
    }
    if "models.special" not in sys.modules or mess != {
        "cwd": str(Path(__file__).parents[1]),
        "environ": False,
        "argv": [],
        "stdout": False,
        "policy": "float32",
        "layout": "channels_last",
    }:
        raise RuntimeError(str(mess))
    warnings.warn("this is an error only in a mess", stacklevel=1)
    return build_mlp()


def build_set():
    """Build in the order of a set of words."""
    inputs = x = keras.Input((3,), name="x")
    for word in {"alpha", "beta", "gamma", "delta", "epsilon"}:
        x = layers.Dense(3, name=word)(x)
    return keras.Model(inputs, x, name="from_set")


def build_written_down():
    """Use a layer whose configuration Keras writes down; no framework is imported for that."""
    inputs = keras.Input((5, 3), name="x")
    outputs = layers.Bidirectional(layers.LSTM(2), name="lstm")(inputs)
    assert "tensorflow" not in sys.modules
    return keras.Model(inputs, outputs, name="written_down")
