"""Tiny models, one for each thing that an option can show."""

from typing import Any

import keras
from keras import KerasTensor, layers


def chain() -> keras.Model:
    """One convolution, pooling, and a classifier."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 3), name="image"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv"),
            layers.MaxPooling2D(name="pool"),
            layers.Dropout(0.2, name="dropout"),
            layers.GlobalAveragePooling2D(name="mean"),
            layers.Dense(10, activation="softmax", name="classes"),
        ],
        name="chain",
    )


def vectors() -> keras.Model:
    """Dense layers alone, each half as wide as the one before it."""
    return keras.Sequential(
        [
            keras.Input((16,), name="features"),
            layers.Dense(8, activation="relu", name="wide"),
            layers.Dense(4, activation="relu", name="narrow"),
            layers.Dense(2, activation="softmax", name="classes"),
        ],
        name="vectors",
    )


def maps() -> keras.Model:
    """A few feature maps, small enough to be seen."""
    return keras.Sequential(
        [
            keras.Input((16, 16, 1), name="image"),
            layers.Conv2D(5, 5, name="conv"),
            layers.MaxPooling2D(name="pool"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, activation="softmax", name="classes"),
        ],
        name="maps",
    )


def perceptron() -> keras.Model:
    """Three layers of neurons, the first of which is not trained."""
    return keras.Sequential(
        [
            keras.Input((4,), name="features"),
            layers.Dense(14, activation="relu", name="hidden", trainable=False),
            layers.Dense(3, activation="softmax", name="classes"),
        ],
        name="perceptron",
    )


def residual() -> keras.Model:
    """Two convolutions with a connection around them."""
    image = keras.Input((16, 16, 8), name="image")
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="conv_a")(image)
    x = layers.Conv2D(8, 3, padding="same", name="conv_b")(x)
    x = layers.Add(name="add")([x, image])
    return keras.Model(image, layers.GlobalAveragePooling2D(name="mean")(x), name="residual")


def repeated(times: int = 3) -> keras.Model:
    """The same block of a convolution and a normalization, several times.

    Args:
        times: how often it stands there.
    """
    image = x = keras.Input((16, 16, 8), name="image")
    for number in range(1, times + 1):
        x = layers.Conv2D(8, 3, padding="same", name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.ReLU(name=f"relu{number}")(x)
    label = layers.Dense(10, name="classes")(layers.GlobalAveragePooling2D(name="mean")(x))
    return keras.Model(image, label, name="repeated")


def branches() -> keras.Model:
    """Two inputs that are joined."""
    image, extra = keras.Input((8, 8, 3), name="image"), keras.Input((4,), name="extra")
    x = layers.Dense(8, name="pixels")(layers.Flatten(name="flatten")(image))
    y = layers.Dense(8, name="facts")(extra)
    label = layers.Dense(3, name="label")(layers.Concatenate(name="join")([x, y]))
    return keras.Model([image, extra], label, name="branches")


def twins() -> keras.Model:
    """Two networks in one model, with nothing between them."""
    left, right = keras.Input((8,), name="left"), keras.Input((6,), name="right")
    outputs = [layers.Dense(4, name="a")(left), layers.Dense(3, name="b")(right)]
    return keras.Model([left, right], outputs, name="twins")


def nested() -> keras.Model:
    """A model inside a model: an encoder with a head."""
    encoder = keras.Sequential(
        [
            keras.Input((16, 16, 3), name="pixels"),
            layers.Conv2D(8, 3, padding="same", name="conv"),
            layers.MaxPooling2D(name="pool"),
        ],
        name="encoder",
    )
    image = keras.Input((16, 16, 3), name="image")
    x = layers.Flatten(name="flatten")(encoder(image))
    return keras.Model(image, layers.Dense(4, name="head")(x), name="nested")


class Gate(layers.Layer):
    """A composite layer, which stays closed unless it is opened."""

    def __init__(self, units: int, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.value = layers.Dense(units, name="value")
        self.share = layers.Dense(units, activation="sigmoid", name="share")

    def call(self, x: KerasTensor) -> KerasTensor:
        return self.value(x) * self.share(x)


def gated() -> keras.Model:
    """A composite layer between others."""
    facts = keras.Input((8,), name="facts")
    x = Gate(8, name="gate")(facts)
    return keras.Model(facts, layers.Dense(2, name="head")(x), name="gated")


def crossed() -> keras.Model:
    """Layers that are neither in series nor in parallel, listed so that their edges cross."""
    start = keras.Input((8,), name="start")
    a, b, c, d = (layers.Dense(8, name=name)(start) for name in "abcd")
    sums = [layers.Add()(pair) for pair in ([c, d], [b, c], [a, b])]
    return keras.Model(start, layers.Concatenate(name="end")([*sums, start]), name="crossed")


class Classifier(keras.Model):
    """A subclassed model, which does not say what it is called with."""

    def __init__(self) -> None:
        super().__init__(name="classifier")
        self.conv = layers.Conv2D(16, 3, padding="same", activation="relu")
        self.mean = layers.GlobalAveragePooling2D()
        self.head = layers.Dense(10, activation="softmax")

    def call(self, x: KerasTensor) -> KerasTensor:
        return self.head(self.mean(self.conv(x)))


class Reader(keras.Model):
    """A subclassed model that takes whole numbers."""

    def __init__(self) -> None:
        super().__init__(name="reader")
        self.embedding = layers.Embedding(1000, 16)
        self.mean = layers.GlobalAveragePooling1D()
        self.head = layers.Dense(4, activation="softmax")

    def call(self, tokens: KerasTensor) -> KerasTensor:
        return self.head(self.mean(self.embedding(tokens)))


def size(layer: keras.layers.Layer, shape: Any) -> str:  # noqa: ARG001
    """Count the values of an output, for `top-label-callable`."""
    return f"{shape.h_dim * shape.w_dim * shape.c_dim} values"


def purpose(layer: keras.layers.Layer, shape: Any) -> str:  # noqa: ARG001
    """Say what a layer is for, for `bottom-label-callable`."""
    words = {"conv": "find edges", "pool": "shrink", "flatten": "line up", "classes": "decide"}
    return words.get(layer.name, layer.name)
