"""Small models, one for each shape of graph."""

import sys

import keras
from keras import layers


def build_mlp(units=8):
    """Two dense layers, as a Sequential model."""
    return keras.Sequential(
        [
            keras.Input((4,), name="features"),
            layers.Dense(units, activation="relu", name="hidden"),
            layers.Dense(2, activation="softmax", name="classes"),
        ],
        name="mlp",
    )


def build_cnn():
    """Convolution, pooling, dense: names are Keras' own."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        name="cnn",
    )


def build_residual():
    """A skip whose addition is a Python operator, not a layer."""
    inputs = keras.Input((16, 16, 4), name="image")
    x = layers.Conv2D(4, 3, padding="same", name="conv_a")(inputs)
    x = layers.BatchNormalization(name="norm_a")(x)
    x = layers.ReLU(name="relu_a")(x)
    x = layers.Conv2D(4, 3, padding="same", name="conv_b")(x)
    y = keras.ops.relu(x + inputs)
    outputs = layers.GlobalAveragePooling2D(name="pool")(y)
    return keras.Model(inputs, outputs, name="residual")


def build_two_inputs():
    """Two inputs of different rank, two outputs with names."""
    image = keras.Input((8, 8, 3), name="image")
    extra = keras.Input((5,), name="extra")
    x = layers.Flatten(name="flatten")(image)
    x = layers.Concatenate(name="join")([x, extra])
    x = layers.Dense(6, activation="relu", name="trunk")(x)
    score = layers.Dense(1, name="score_head")(x)
    label = layers.Dense(3, activation="softmax", name="label_head")(x)
    return keras.Model([image, extra], {"score": score, "label": label}, name="two_inputs")


def build_shared():
    """One dense layer called for both twins."""
    left = keras.Input((4,), name="left")
    right = keras.Input((4,), name="right")
    encoder = layers.Dense(3, activation="tanh", name="encoder")
    distance = layers.Subtract(name="distance")([encoder(left), encoder(right)])
    return keras.Model([left, right], distance, name="shared")


def build_nested():
    """A functional model inside a sequential one inside a functional one."""
    inner_in = keras.Input((8,), name="inner_in")
    inner_x = layers.Dense(8, activation="relu", name="inner_dense")(inner_in)
    inner = keras.Model(inner_in, layers.add([inner_in, inner_x], name="inner_add"), name="block")
    middle = keras.Sequential(
        [keras.Input((8,)), layers.Dense(8, name="before"), inner], name="stage"
    )
    inputs = keras.Input((8,), name="outer_in")
    outputs = layers.Dense(1, name="head")(middle(inputs))
    return keras.Model(inputs, outputs, name="nested")


def build_nested_twice():
    """The same nested model called twice, so that its weights are shared."""
    tower = keras.Sequential(
        [keras.Input((6,)), layers.Dense(5, name="dense"), layers.LayerNormalization(name="norm")],
        name="tower",
    )
    left = keras.Input((6,), name="left")
    right = keras.Input((6,), name="right")
    joined = layers.Concatenate(name="join")([tower(left), tower(right)])
    return keras.Model([left, right], joined, name="nested_twice")


def build_attention():
    """Self-attention: one tensor flows into the same layer twice."""
    inputs = keras.Input((10, 16), name="tokens")
    attended = layers.MultiHeadAttention(2, 8, name="attention")(inputs, inputs)
    return keras.Model(inputs, inputs + attended, name="attention")


def build_many_outputs():
    """A layer with several outputs, of which the first is not used."""
    inputs = keras.Input((7, 3), name="series")
    _, state_h, state_c = layers.LSTM(4, return_state=True, name="lstm")(inputs)
    return keras.Model(inputs, layers.Concatenate(name="join")([state_h, state_c]), name="states")


def build_unused_input():
    """An input that is declared and not used."""
    used = keras.Input((3,), name="used")
    unused = keras.Input((3,), name="unused")
    return keras.Model([used, unused], layers.Dense(1, name="head")(used), name="unused_input")


def build_nested_resized():
    """A nested model that was built for any size, called on a fixed one."""
    anything = keras.Input((None, None, 3), name="anything")
    backbone = keras.Model(
        anything, layers.Conv2D(4, 3, strides=2, padding="same", name="conv")(anything), name="body"
    )
    image = keras.Input((32, 48, 3), name="image")
    return keras.Model(image, layers.Flatten(name="flat")(backbone(image)), name="resized")


def build_nested_dict():
    """A nested model with named inputs and outputs, called with its inputs by name."""
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    left, right = layers.Dense(4, name="left")(a), layers.Dense(4, name="right")(b)
    inner = keras.Model({"b": b, "a": a}, {"y": right, "x": left}, name="inner")
    first, second = keras.Input((2,), name="first"), keras.Input((3,), name="second")
    outs = inner({"a": first, "b": second})
    return keras.Model({"first": first, "second": second}, outs, name="nested_dict")


def build_spaces():
    """A layer whose name has spaces."""
    inputs = keras.Input((2,), name="the input")
    return keras.Model(inputs, layers.Dense(1, name="my  dense")(inputs), name="with spaces")


def build_chain(length=10_000):
    """A very deep chain, for which Keras needs many frames."""
    sys.setrecursionlimit(10 * length + 1000)
    inputs = x = keras.Input((1,))
    for _ in range(length):
        x = layers.Identity()(x)
    return keras.Model(inputs, x, name="chain")


def build_wrapped():
    """Wrappers, padding by sides, an activation given as a layer."""
    inputs = keras.Input((None, 12, 12, 3), name="frames")
    x = layers.TimeDistributed(layers.ZeroPadding2D(((1, 2), (3, 4))), name="pad")(inputs)
    x = layers.TimeDistributed(layers.Conv2D(2, 3, activation=layers.LeakyReLU()), name="conv")(x)
    x = layers.TimeDistributed(layers.Flatten(), name="flat")(x)
    x = layers.Bidirectional(layers.LSTM(4), name="lstm")(x)
    return keras.Model(inputs, x, name="wrapped")


ready_model = build_mlp()


class Zoo:
    """Something with attributes."""

    @staticmethod
    def build(units=4):
        """Build from inside a class."""
        return build_mlp(units)


class Perceptron(keras.Model):
    """A class that describes itself with the functional API."""

    def __init__(self, units=3, **kwargs):
        inputs = keras.Input((4,), name="x")
        super().__init__(inputs, layers.Dense(units, name="y")(inputs), **kwargs)
