"""Builders that leave another Keras behind."""

import os
import sys

import keras


def build(units=1):
    """Build something whose size tells it from others."""
    inputs = keras.Input((8,))
    return keras.Model(inputs, keras.layers.Dense(units, name="dense")(inputs), name="plain")


def forks():
    """Give a model, twice."""
    os.fork()
    return build(4)


def removes_keras():
    """Fail with Keras gone."""
    del sys.modules["keras"]
    raise ValueError("removed Keras")


def patches_class():
    """Give a model of a class that then does something else."""
    keras.layers.Dense.compute_output_shape = lambda self, shape: (None, 99)
    keras.layers.Dense.call = lambda self, x: keras.ops.zeros((1, 99))
    return build(2)


def adds_to_class():
    """Put a method before the one that a class inherits."""
    keras.layers.Dense.__call__ = lambda self, x: x
    return build(2)


def replaces_class():
    """Put another class in the place of one."""
    keras.layers.Dense = keras.layers.Flatten
    raise ValueError("replaced a class")


def forbids_import():
    """Give a model where a module of Keras may not be imported."""
    sys.modules["keras.nowhere"] = None
    return build(2)
