"""Transformers: one that sorts texts into classes, and one that translates."""

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


def build_translator(
    words: int = 37_000, width: int = 512, heads: int = 8, blocks: int = 6
) -> keras.Model:
    """The network of A. Vaswani et al., "Attention is all you need" (2017), without positions.

    Args:
        words: how many different tokens both languages have together.
        width: size of the vector that stands for a token.
        heads: attention heads per block.
        blocks: how many blocks the encoder has, and the decoder.
    """
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    embedding = layers.Embedding(words, width, name="embedding")
    x = embedding(source)
    for _ in range(blocks):
        x = _attend(x, x, width, heads)
        x = _feed_forward(x, width)
    y = embedding(target)
    for _ in range(blocks):
        y = _attend(y, y, width, heads, causal=True)
        y = _attend(y, x, width, heads)
        y = _feed_forward(y, width)
    following = layers.Dense(words, activation="softmax", name="next_token")(y)
    return keras.Model([source, target], following, name="translator")


def _attend(
    x: KerasTensor, to: KerasTensor, width: int, heads: int, *, causal: bool = False
) -> KerasTensor:
    attention = layers.MultiHeadAttention(heads, width // heads, dropout=0.1)
    return layers.LayerNormalization()(x + attention(x, to, use_causal_mask=causal))


def _feed_forward(x: KerasTensor, width: int) -> KerasTensor:
    inner = layers.Dense(4 * width, activation="relu")(x)
    return layers.LayerNormalization()(x + layers.Dense(width)(inner))
