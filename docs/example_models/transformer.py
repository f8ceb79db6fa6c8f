"""A transformer encoder that sorts texts into classes."""

import keras
from keras import KerasTensor, layers


def build_classifier(
    vocabulary: int = 20_000,
    length: int = 128,
    width: int = 64,
    heads: int = 4,
    blocks: int = 3,
    classes: int = 5,
) -> keras.Model:
    """Embed the tokens, run them through encoder blocks, and classify their mean.

    Args:
        vocabulary: how many different tokens there are.
        length: how many tokens a text has.
        width: size of the vector that stands for a token.
        heads: attention heads per block.
        blocks: how many encoder blocks follow each other.
        classes: how many classes are told apart.
    """
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    x = layers.Embedding(vocabulary, width, name="embedding")(tokens)
    for block in range(1, blocks + 1):
        x = _encoder_block(x, width, heads, f"block{block}")
    x = layers.GlobalAveragePooling1D(name="mean")(x)
    label = layers.Dense(classes, activation="softmax", name="label")(x)
    return keras.Model(tokens, label, name="classifier")


def _encoder_block(x: KerasTensor, width: int, heads: int, name: str) -> KerasTensor:
    """Attention, then a small perceptron, each with a residual connection around it."""
    a = layers.LayerNormalization(name=f"{name}_norm_a")(x)
    a = layers.MultiHeadAttention(heads, width // heads, name=f"{name}_attention")(a, a)
    x = x + a
    b = layers.LayerNormalization(name=f"{name}_norm_b")(x)
    b = layers.Dense(4 * width, activation="gelu", name=f"{name}_expand")(b)
    b = layers.Dense(width, name=f"{name}_project")(b)
    return x + b
