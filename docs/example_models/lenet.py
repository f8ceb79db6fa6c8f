"""LeNet-5, a network that reads handwritten digits."""

import keras
from keras import layers


def build_lenet5(classes: int = 10) -> keras.Model:
    """The network of Y. LeCun et al., "Gradient-based learning applied to document recognition".

    Proceedings of the IEEE 86(11), 1998. As usual today, the second convolution sees all maps,
    pooling has no weights, and the output is a softmax.

    Args:
        classes: how many classes are told apart.
    """
    return keras.Sequential(
        [
            keras.Input((32, 32, 1), name="image"),
            layers.Conv2D(6, 5, activation="tanh", name="c1"),
            layers.AveragePooling2D(2, name="s2"),
            layers.Conv2D(16, 5, activation="tanh", name="c3"),
            layers.AveragePooling2D(2, name="s4"),
            layers.Flatten(name="flatten"),
            layers.Dense(120, activation="tanh", name="c5"),
            layers.Dense(84, activation="tanh", name="f6"),
            layers.Dense(classes, activation="softmax", name="output"),
        ],
        name="lenet5",
    )
