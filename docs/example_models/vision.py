"""Well-known networks, straight from Keras; a picture needs no weights."""

import keras


def vgg16() -> keras.Model:
    """VGG16: a long chain of convolutions."""
    return keras.applications.VGG16(weights=None)


def resnet50() -> keras.Model:
    """ResNet50: sixteen bottlenecks with residual connections."""
    return keras.applications.ResNet50(weights=None)
