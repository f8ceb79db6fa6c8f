"""Models with spacers, and functions that write on layers."""

import keras

from keras_diagram_core import SpacingDummyLayer


def spaced():
    model = keras.Sequential(name="spaced")
    model.add(keras.Input((8, 8, 3), name="image"))
    model.add(keras.layers.Conv2D(4, 3, name="conv"))
    model.add(SpacingDummyLayer(spacing=70))
    model.add(SpacingDummyLayer(spacing=30))
    model.add(keras.layers.Dropout(0.1, name="drop"))
    model.add(keras.layers.Flatten(name="flat"))
    model.add(keras.layers.Dense(2, name="classes"))
    model.add(SpacingDummyLayer())
    return model


def describe(index, layer):
    return f"{index}\n{layer.name}", bool(index % 2)


def one_fails(index, layer):
    if layer.name == "flat":
        raise KeyError("no text")
    return layer.name, False


def one_exits(index, layer):
    raise SystemExit(3)


def no_text(*_):
    return 7


def top(layer, shape):
    return None if shape.kind == "vector" else f"{shape.h_dim}x{shape.w_dim}x{shape.c_dim}"


def bottom(layer, shape):
    return f"{layer.name}\n{shape.c_dim}"


def boxed(layer):
    return layer.name.upper()


nothing = 3
