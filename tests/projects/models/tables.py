"""Models whose tables are compared word for word."""

import keras
import numpy as np
from keras import layers, ops


def build_dictionary():
    """Inputs and outputs by names; one input is optional, and one is of no use."""
    inputs = {
        "picture": keras.Input((32, 32, 3), name="image"),
        "meta": keras.Input((5,), name="meta"),
        "spare": keras.Input((2,), name="spare"),
        "more": keras.Input((4,), name="more", optional=True),
    }
    x = layers.Conv2D(8, 3, name="conv")(inputs["picture"])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    y = layers.Dense(8, name="fc")(inputs["meta"])
    z = layers.Concatenate(name="join")([x, y])
    outputs = {"label": layers.Dense(10, name="head")(z), "features": z}
    return keras.Model(inputs, outputs, name="dictionary")


def build_translator():
    """An encoder gives its states to a decoder; both share an embedding."""
    source = keras.Input((7,), dtype="int32", name="source")
    target = keras.Input((9,), dtype="int32", name="target")
    embedding = layers.Embedding(100, 16, name="embedding")
    encoder = layers.LSTM(32, return_state=True, name="encoder")
    decoder = layers.LSTM(32, return_sequences=True, name="decoder")
    _, *states = encoder(embedding(source))
    x = decoder(embedding(target), initial_state=states)
    outputs = layers.Dense(100, activation="softmax", name="words")(x)
    return keras.Model([source, target], outputs, name="translator")


def build_attention():
    """Query, value and key, and the scores as a second output."""
    query, value, key = (
        keras.Input((length, 8), name=name) for name, length in [("q", 5), ("v", 6), ("k", 6)]
    )
    outputs = layers.MultiHeadAttention(2, 4, name="attention")(
        query, value, key=key, return_attention_scores=True
    )
    return keras.Model([query, value, key], outputs, name="attention")


def build_operations():
    """Operations with numbers, arrays, slices, and one output of several."""
    x = keras.Input((6, 4), name="x")
    y = (2.5 * x + np.ones((6, 4), "float32"))[:, 1:3, 0]
    y = layers.Lambda(lambda t: t - 1, name="minus")(y)
    _, second = ops.split(x, 2, axis=1)
    z = ops.clip(ops.matmul(x, np.ones((4, 3), "float32")), 0, 6)
    w = ops.concatenate([x, np.zeros((1, 6, 4), "float32")], axis=-1)
    return keras.Model(x, [y, second, ops.transpose(z, (0, 2, 1)), w], name="operations")


def build_nested():
    """A model in a model, called twice; nobody takes its second output."""
    rows = keras.Input((6, 8), name="rows")
    y = layers.Dense(8, name="dense")(rows)
    inner = keras.Model(rows, [y + rows, layers.Flatten(name="flat")(y)], name="inner")
    x = keras.Input((6, 8), name="x")
    return keras.Model(x, inner(inner(x)[0])[0], name="outer")


LONG = "encoder_" + "very_" * 37 + "long_"


def build_long_names():
    """Names of 200 characters, and many inputs."""
    inputs = [keras.Input((4,), name=f"{LONG}input_{number}") for number in range(9)]
    x = layers.Add(name=f"{LONG}sum")(inputs)
    return keras.Model(inputs, layers.Dense(4, name=f"{LONG}dense")(x), name=LONG)
