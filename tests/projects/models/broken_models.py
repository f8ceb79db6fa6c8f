"""Builders that return something of Keras that cannot be drawn, or fail inside Keras."""

import keras
from keras import layers

from models.tiny import build_mlp

a_layer = layers.Dense(3)


class Subclassed(keras.Model):
    """A model whose graph Keras does not record."""

    def __init__(self, units=3):
        super().__init__()
        self.dense = layers.Dense(units)

    def call(self, x):
        return self.dense(x)


class Convolutional(keras.Model):
    """A model that takes images, and refuses all else."""

    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(4, 3)

    def call(self, x):
        return self.conv(x)


def returns_pair():
    """Return the model with something else."""
    return {"epochs": 3}, build_mlp()


def returns_unbuilt():
    """Leave the input shape open."""
    return keras.Sequential([layers.Dense(3), layers.Dense(2)])


def returns_empty():
    """Return a Sequential model with nothing in it."""
    return keras.Sequential()


def shapes_clash():
    """Fail inside Keras."""
    left, right = keras.Input((3,)), keras.Input((4,))
    return layers.Add()([left, right])


def wants_weights():
    """Ask for trained weights from a file that is not there."""
    raise Exception("URL fetch failure on https://example.org/weights.h5: None -- no network")
