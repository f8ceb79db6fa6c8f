"""A subclassed model: layers made in `__init__`, and connected in `call`."""

import keras
from keras import KerasTensor, layers


class Residual(layers.Layer):
    """A convolution with a connection around it."""

    def __init__(self, filters: int, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(filters, 3, padding="same", activation="relu")
        self.norm = layers.BatchNormalization()

    def call(self, x: KerasTensor) -> KerasTensor:
        return x + self.norm(self.conv(x))


class Net(keras.Model):
    """A classifier of images.

    Args:
        classes: how many classes are told apart.
    """

    def __init__(self, classes: int = 10) -> None:
        super().__init__(name="net")
        self.stem = layers.Conv2D(32, 3, padding="same")
        self.body = [Residual(32, name=f"residual{number}") for number in (1, 2, 3)]
        self.mean = layers.GlobalAveragePooling2D()
        self.head = layers.Dense(classes, activation="softmax")

    def call(self, x: KerasTensor) -> KerasTensor:
        x = self.stem(x)
        for residual in self.body:
            x = residual(x)
        return self.head(self.mean(x))
