"""U-Net: an encoder, a decoder, and skips between them that keep the detail."""

import keras
from keras import KerasTensor, layers


def build_unet(size: int = 128, classes: int = 1, base: int = 32) -> keras.Model:
    """Segment an image with a U-Net of four levels.

    Args:
        size: height and width of the image, a multiple of 16.
        classes: how many masks come out; one is a foreground mask.
        base: filters of the first level; each level below has twice as many.
    """
    image = keras.Input((size, size, 3), name="image")
    x = image
    skips = []
    for level in range(1, 5):
        x = _double_conv(x, base * 2 ** (level - 1), f"down{level}")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"down{level}_pool")(x)
    x = _double_conv(x, base * 16, "bottom")
    for level in range(4, 0, -1):
        x = _up(x, skips.pop(), base * 2 ** (level - 1), f"up{level}")
    activation = "sigmoid" if classes == 1 else "softmax"
    mask = layers.Conv2D(classes, 1, activation=activation, name="mask")(x)
    return keras.Model(image, mask, name="unet")


def _double_conv(x: KerasTensor, filters: int, name: str) -> KerasTensor:
    """Two convolutions that keep the size."""
    for step in ("a", "b"):
        x = layers.Conv2D(
            filters, 3, padding="same", activation="relu", name=f"{name}_conv_{step}"
        )(x)
    return x


def _up(x: KerasTensor, skip: KerasTensor, filters: int, name: str) -> KerasTensor:
    """Double the size, join what the encoder saw at this size, and convolve."""
    x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"{name}_upsample")(x)
    x = layers.Concatenate(name=f"{name}_join")([x, skip])
    return _double_conv(x, filters, name)
