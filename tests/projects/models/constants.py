"""Calls with constants of every type that Keras takes, and of some that it passes on."""

import enum

import keras
import ml_dtypes
import numpy as np
from keras import ops


class Side(enum.Enum):
    LEFT = "l"


class Size(enum.IntEnum):
    TWO = 2


class Takes(keras.Operation):
    """Is called with a value of any type."""

    def call(self, x, value):
        return x

    def compute_output_spec(self, x, value):
        return keras.KerasTensor(x.shape, x.dtype)


class Keeps(keras.layers.Layer):
    """Has a value of any type as an attribute that pictures show."""

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, x):
        return x


VALUES = {
    "float64": np.float64(2.5),
    "float16": np.float16(2.5),
    "longdouble": np.longdouble(2.5),
    "int64": np.int64(2),
    "uint64": np.uint64(2**64 - 1),
    "bool": np.bool_(True),
    "bfloat16": ml_dtypes.bfloat16(2.5),
    "float8": ml_dtypes.float8_e4m3fn(2),
    "array": np.array(2.5),
    "vector": np.zeros(3),
    "complex": 1 + 2j,
    "complex128": np.complex128(1 + 2j),
    "complex_array": np.array(1 + 2j),
    "nan": float("nan"),
    "nan_array": np.array(np.nan),
    "infinity": np.float32("-inf"),
    "huge": 2**70,
    "endless": 10**5000,
    "enum": Side.LEFT,
    "int_enum": Size.TWO,
    "word": np.str_("up"),
    "bytes": b"up",
    "word_array": np.array("up"),
    "dtype": np.dtype("float32"),
    "dtype_class": np.float32,
    "duration": np.timedelta64(3, "D"),
    "date": np.datetime64("2020-01-01"),
    "surrogate": "a\ud800b",
    "long": "x" * 100_000,
    "tuple": (np.int64(1), Size.TWO, np.str_("a")),
    "floats": (np.float32(1.5), 2.5),
    "gap": (1, None),
    "nested": ((0, 1), (np.int64(2), 3)),
    "slice": slice(np.int64(1), None),
    "index": (slice(None, np.int64(2)), Ellipsis, None, np.arange(4)),
    "many": tuple(range(5000)),
    "function": len,
}


def build_taken():
    """Give each value to an operation of its name."""
    x = inputs = keras.Input((4,))
    for name, value in VALUES.items():
        x = Takes(name=name)(x, value)
    return keras.Model(inputs, x)


def build_kept():
    """Let each value be an attribute of a layer of its name."""
    x = inputs = keras.Input((4,))
    for name, value in VALUES.items():
        x = Keeps(value, name=name)(x)
    return keras.Model(inputs, x)


def build_scaled():
    """Attention as people write it: NumPy's root is a `numpy.float64`."""
    query, key = keras.Input((16, 64)), keras.Input((16, 64))
    scores = ops.matmul(query, ops.transpose(key, (0, 2, 1))) / np.sqrt(64)
    scores = ops.leaky_relu(scores, negative_slope=np.float64(0.2))
    scores = ops.clip(scores, np.float64(-1), np.float32(1))
    return keras.Model([query, key], ops.softmax(scores, axis=np.int64(-1)))
