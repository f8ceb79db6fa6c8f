"""Layers whose output shapes only a call can tell."""

import keras
import numpy as np
from keras import layers, ops


class Mixer(layers.Layer):
    """Calculates with shapes, weights and random numbers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dense(4)
        self.seeds = keras.random.SeedGenerator(7)

    def build(self, shape):
        self.scale = self.add_weight(shape=(4,), name="scale")
        self.table = self.add_weight(
            shape=(2_000_000_000, 4), initializer="random_normal", name="table"
        )

    def call(self, x):
        batch, length = ops.shape(x)[0], ops.shape(x)[1]
        y = ops.reshape(x, (batch * length, x.shape[-1]))
        y = ops.reshape(self.inner(y), (batch, length, 4))
        y = self.scale * y + ops.arange(4, dtype="float32")
        y = y - keras.random.normal(ops.shape(y), seed=self.seeds)
        y = y @ ops.transpose(self.table)[:, :7]
        return ops.concatenate([y, x], axis=-1), ops.sum(y, axis=1)


def build_mixer():
    """The operations inside `Mixer` must not count in the name of the last one."""
    sequence = keras.Input((None, 6), name="sequence")
    mixed, total = Mixer(name="mixer")(sequence)
    return keras.Model(sequence, [mixed + 1.0, total], name="mixer")


def build_lambda():
    sequence = keras.Input((None, 6), name="sequence")
    half = layers.Lambda(lambda x: ops.softmax(x[:, :, :3]) * 2, name="half")(sequence)
    return keras.Model(sequence, half, name="halves")


def build_arrays():
    sequence = keras.Input((None, 6), name="sequence")
    shifted = layers.Lambda(lambda x: np.arange(6.0) * x + np.ones((1, 6)), name="shifted")
    return keras.Model(sequence, shifted(sequence), name="arrays")


def build_computing():
    """Computes on the way, which takes a backend."""
    kernel = ops.conv(np.ones((1, 8, 8, 3), "float32"), np.ones((3, 3, 3, 2), "float32"))
    return keras.Sequential([keras.Input((kernel.shape[1],)), layers.Dense(2)])


def build_foreign():
    """Hands a symbolic tensor to NumPy."""
    image = keras.Input((3,))
    return keras.Model(image, np.asarray(image))
