"""Functions that build models, where people write them; and pairs of inputs and outputs."""

import keras
from keras import layers


def pair(units=2):
    inputs = keras.Input((4,), name="x")
    return inputs, layers.Dense(units, name="dense")(inputs)


def pair_of_lists():
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    return [[one, two], {"sum": layers.Add(name="add")([one, two])}]


def misfit():
    """The outputs do not come from the inputs."""
    return keras.Input((4,)), pair()[1]


def three():
    return (*pair(), None)


class Net(keras.Model):
    def __init__(self, units=3):
        super().__init__(name="net")
        self.dense = layers.Dense(units, name="dense")

    def call(self, x):
        return self.dense(x)

    def build_graph(self, size=4):
        x = keras.Input((size,), name="x")
        return keras.Model(x, self.call(x))

    @classmethod
    def make(cls, units=3):
        return cls(units).build_graph()

    @staticmethod
    def plain(units=3):
        return Net.make(units)

    def loose():
        return Net.make(1)

    @property
    def graph(self):
        return self.build_graph()


NET = Net(5)
PAIR = pair(7)
