"""A first convolutional network, for images of handwritten digits."""

import keras
from keras import layers


def build_cnn(classes: int = 10) -> keras.Model:
    """Two convolutions with pooling, then a classifier.

    Args:
        classes: how many classes are told apart.
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="image"),
            layers.Conv2D(32, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(name="pool1"),
            layers.Conv2D(64, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(classes, activation="softmax", name="classes"),
        ],
        name="cnn",
    )
