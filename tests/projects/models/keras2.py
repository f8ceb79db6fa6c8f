"""Models of Keras 2, for where tf_keras is installed."""

import tensorflow as tf
import tf_keras as keras
from tf_keras import layers


def build_cnn():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="image"),
            layers.Conv2D(8, 3, strides=2, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10),
        ],
        name="cnn",
    )


def build_residual():
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(3, 3, padding="same", name="conv")(image)
    x = layers.BatchNormalization(name="norm")(x)
    x = tf.nn.relu(x + image)
    x = tf.reduce_mean(x[:, 1:], axis=(1, 2))
    return keras.Model(image, layers.Dense(2, name="head")(x), name="residual")


def build_shared():
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    encoder = layers.Dense(3, name="encoder")
    joined = layers.Concatenate(name="join")([encoder(left), encoder(right)])
    return keras.Model([left, right], joined, name="shared")


def build_nested():
    inner_in = keras.Input((4,), name="inner_in")
    inner = keras.Model(
        inner_in, layers.Add(name="add")([inner_in, layers.Dense(4, name="dense")(inner_in)]), name="block"
    )
    tower = keras.Sequential([layers.Dense(4, name="before"), inner], name="tower")
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    pair = layers.Multiply(name="both")([tower(left), tower(right)])
    return keras.Model([left, right], pair, name="nested")


def build_many():
    first, second = keras.Input((5, 4), name="first"), keras.Input((2,), name="second")
    whole, state, _ = layers.LSTM(2, return_state=True, name="lstm")(first)
    wrapped = layers.Bidirectional(layers.LSTM(3), name="both_ways")(first)
    outputs = {"score": layers.Add(name="sum")([state, second]), "code": wrapped, "all": whole}
    return keras.Model({"a": first, "b": second}, outputs, name="many")


def build_alike():
    x = given = keras.Input((4,), name="given")
    x = layers.Dense(4, activation="relu", kernel_initializer="zeros", name="first")(x) * 2.0
    x = layers.Dense(4, activation="relu", kernel_regularizer="l2", name="second")(x) * 2.0
    x = layers.Dense(4, activation="tanh", name="third")(x) * 3.0
    return keras.Model(given, x, name="alike")


class Subclassed(keras.Model):
    def call(self, x):
        return x


def build_unbuilt():
    return keras.Sequential([layers.Dense(3)])
