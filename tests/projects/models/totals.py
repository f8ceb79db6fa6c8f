"""Models whose totals must not depend on how far they are opened."""

import keras
from keras import layers

from models.composite import TransformerBlock


def _attention(make, *shapes, **call):
    """Call an attention layer on an input for each shape."""
    inputs = [keras.Input(shape) for shape in shapes]
    return keras.Model(inputs, make(*inputs, **call))


def build_attention(**config):
    """A query of length 5, values of length 6 and another width."""
    scores = config.pop("return_attention_scores", False)
    layer = layers.MultiHeadAttention(2, 4, **config)
    return _attention(layer, (5, 8), (6, 7), return_attention_scores=scores)


def build_attention_with_key():
    """Query, value and key of three widths."""
    layer = layers.MultiHeadAttention(2, 4, value_dim=3, use_bias=False)
    return _attention(layer, (5, 8), (6, 7), (6, 9))


def build_attention_along(axes):
    """Two axes of positions besides the batch, of which some are attended to."""
    layer = layers.MultiHeadAttention(2, 4, attention_axes=axes)
    shapes = {(1,): (6, 3, 8), (2,): (5, 6, 8), (-2,): (5, 6, 8)}
    return _attention(
        layer, (5, 3, 8), shapes.get(tuple(axes), (6, 4, 8)), return_attention_scores=True
    )


def build_grouped(**config):
    """Four heads of queries for two of keys."""
    return _attention(layers.GroupQueryAttention(4, 4, 2, **config), (5, 8), (6, 8))


def build_blocks():
    """Transformer blocks of a known length, one in a nested model and one shared."""
    inner = keras.Input((6, 8), name="rows")
    nested = keras.Model(inner, TransformerBlock(name="block_b")(inner), name="nested")
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    x = layers.Embedding(50, 8, name="embedding")(tokens)
    block = TransformerBlock(name="block_a")
    x = nested(block(block(x)))
    x = layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), name="project")(x)
    return keras.Model(tokens, layers.Dense(3, name="head")(x), name="blocks")


def build_quantized(mode):
    """A transformer's layers with fewer bits."""
    x = keras.Input((6, 8), name="x")
    y = layers.MultiHeadAttention(2, 4, name="attention")(x, x)
    y = layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), name="project")(y)
    model = keras.Model(x, layers.Dense(3, name="head")(y), name="quantized")
    model.quantize(mode)
    return model


def build_mixed():
    """Half precision, with a head in full."""
    keras.mixed_precision.set_global_policy("mixed_float16")
    x = keras.Input((6, 8), name="x")
    y = layers.MultiHeadAttention(2, 4, name="attention")(x, x)
    y = layers.LSTM(3, name="lstm")(y)
    return keras.Model(x, layers.Dense(2, dtype="float32", name="head")(y), name="mixed")


def build_ragged():
    """Rows of any length."""
    x = keras.Input((None,), dtype="int32", ragged=True, name="x")
    y = layers.Embedding(10, 4, name="embedding")(x)
    y = layers.GlobalAveragePooling1D(name="average")(y)
    return keras.Model(x, layers.Dense(2, name="head")(y), name="ragged")


def build_wrappers():
    """Wrappers in wrappers, and around layers that differ."""
    x = keras.Input((4, 5, 8), name="x")
    rows = layers.Reshape((20, 8), name="rows")(x)
    both = layers.Bidirectional(layers.LSTM(3, return_sequences=True))
    other = layers.GRU(4, go_backwards=True)
    cells = [layers.LSTMCell(3), layers.GRUCell(4)]
    states = layers.Bidirectional(
        layers.LSTM(3, return_state=True),
        backward_layer=layers.LSTM(4, go_backwards=True, return_state=True),
        merge_mode=None,
        name="states",
    )
    outputs = [
        *states(rows),
        layers.TimeDistributed(both, name="each_both")(x),
        layers.TimeDistributed(layers.SpectralNormalization(layers.Conv1D(3, 2)), name="norm")(x),
        layers.TimeDistributed(layers.TimeDistributed(layers.Dense(2)), name="twice")(x),
        layers.SpectralNormalization(layers.Dense(6), name="spectral")(x),
        layers.Bidirectional(layers.RNN(layers.LSTMCell(3)), name="cell")(rows),
        layers.Bidirectional(layers.LSTM(3), backward_layer=other, name="differ")(rows),
        layers.RNN(cells, name="cells")(rows),
    ]
    return keras.Model(x, outputs, name="wrappers")
