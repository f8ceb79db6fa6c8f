"""Models that are saved to a file, and given back."""

import pathlib

import keras
from keras import layers


def build_plain():
    image = keras.Input((16, 16, 3), name="image")
    x = layers.Conv2D(4, 3, activation="relu", name="conv")(image)
    x = x + keras.ops.relu(x)
    x = layers.Flatten(name="flat")(x)
    tower = keras.Sequential([layers.Dense(8, name="hidden"), layers.ReLU(name="relu")], name="tower")
    return keras.Model(image, layers.Dense(2, name="head")(tower(x)), name="plain")


def build_old():
    """A model whose operations the older file format can describe."""
    left, right = keras.Input((8,), name="left"), keras.Input((8,), name="right")
    tower = keras.Sequential([layers.Dense(4, name="hidden"), layers.ReLU(name="relu")], name="tower")
    join = layers.Concatenate(name="join")([tower(left), tower(right)])
    return keras.Model([left, right], layers.Dense(2, name="head")(join), name="old")


def build_sequential():
    return keras.Sequential(
        [keras.Input((8,)), layers.Dense(4), layers.Dense(2, activation="softmax")], name="stack"
    )


def build_lambda():
    return keras.Sequential([keras.Input((8,)), layers.Lambda(lambda x: x * 2)], name="lambda")


class Scale(layers.Layer):
    def call(self, x):
        return x * 2


def build_custom():
    return keras.Sequential([keras.Input((8,)), Scale(), layers.Dense(2)], name="custom")


def build_and_save(builder, path, compile=False):
    model = globals()[builder]()
    if compile:
        model.compile("adam", "mse", metrics=["mae"])
    if path.endswith(".json"):
        pathlib.Path(path).write_text(model.to_json())
    else:
        model.save(path)
    return model


def load(path):
    """What people write who need more than a file's name."""
    return keras.saving.load_model(path, custom_objects={"Scale": Scale}, safe_mode=False)
