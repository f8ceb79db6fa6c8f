"""Layers that are made of layers."""

import keras
from keras import layers, ops


class FeedForward(layers.Layer):
    """Two dense layers."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.up = layers.Dense(2 * width, activation="gelu", name="up")
        self.down = layers.Dense(width, name="down")

    def call(self, x):
        return self.down(self.up(x))


class TransformerBlock(layers.Layer):
    """Attention and feed-forward, each with a skip; the weights are made when it is called."""

    def __init__(self, width=8, heads=2, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(heads, width // heads, name="attention")
        self.norm_a = layers.LayerNormalization(name="norm_a")
        self.norm_b = layers.LayerNormalization(name="norm_b")
        self.feed = FeedForward(width, name="feed")

    def call(self, x, causal=False, mask=None):
        x = self.norm_a(x + self.attention(x, x, use_causal_mask=causal))
        return self.norm_b(x + self.feed(x))


def build_transformer():
    """Two blocks, of which the second is causal."""
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = layers.Embedding(50, 8, mask_zero=True, name="embedding")(tokens)
    x = TransformerBlock(name="block_a")(x)
    x = TransformerBlock(name="block_b")(x, causal=True)
    return keras.Model(tokens, layers.Dense(3, name="head")(x), name="transformer")


def build_shared_block():
    """One block, called twice."""
    x = keras.Input((5, 8), name="x")
    block = TransformerBlock(name="block")
    return keras.Model(x, block(block(x)), name="shared_block")


class Masked(layers.Layer):
    """Uses the mask that Keras hands on with its input."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.supports_masking = True

    def call(self, x, mask=None):
        x = self.dense(x)
        return x if mask is None else x * ops.cast(mask, x.dtype)[..., None]


def build_masked():
    """A mask that is made by one layer and used in another."""
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    x = layers.Embedding(50, 8, mask_zero=True, name="embedding")(tokens)
    return keras.Model(tokens, Masked(name="masked")(x), name="masked")


class Undecided(layers.Layer):
    """Cannot be followed: Python decides by the data."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")

    def call(self, x):
        x = self.dense(x)
        return x if ops.sum(x) > 0 else -x

    def compute_output_spec(self, x):
        return keras.KerasTensor((*x.shape[:-1], 4), x.dtype)


def build_undecided():
    """A layer that cannot be opened."""
    x = keras.Input((3,), name="x")
    return keras.Model(x, Undecided(name="undecided")(x), name="with_undecided")


class Gate(layers.Layer):
    """Nothing inside but weights and operations."""

    def build(self, input_shape):
        self.weight = self.add_weight(shape=(input_shape[-1],), name="weight")

    def call(self, x):
        return x * ops.sigmoid(self.weight)


ready_attention = layers.MultiHeadAttention(2, 4, name="ready_attention")
ready_dense = layers.Dense(3, name="ready_dense")


def build_attentions():
    """Layers with several inputs, each of which has a role."""
    query, value = keras.Input((5, 8), name="query"), keras.Input((7, 8), name="value")
    key = keras.Input((7, 8), name="key")
    state = keras.Input((4,), name="state")
    a = layers.MultiHeadAttention(2, 4, name="mha")(query, value, key=key)
    b = layers.Attention(name="dot")([query, value, key])
    c = layers.AdditiveAttention(name="add")([query, value])
    d = layers.GroupQueryAttention(4, 2, 1, name="gqa")(query, value)
    e = layers.GRU(4, name="gru")(query, initial_state=state)
    total = layers.Add(name="sum")([a, b, c, d])
    return keras.Model([query, value, key, state], [total, e], name="attentions")


class Double(keras.Operation):
    """An operation of the user."""

    def __init__(self, factor=2, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return x * self.factor

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


def build_operations():
    """Operators, constants, slices, Lambda, and operations of the user."""
    import numpy as np

    x = keras.Input((6, 4), name="x")
    y = ops.multiply(x, 2.5) + np.ones((6, 4), "float32")
    y = y[:, 1:3, 0]
    y = Double(name="double")(y)
    y = layers.Lambda(lambda t: t - 1, name="minus")(y)
    z = ops.matmul(x, np.ones((4, 3), "float32"))
    return keras.Model(x, [y, z, ops.split(x, 2, axis=1)[1]], name="operations")


class Merge(layers.Layer):
    """A second input that need not be there."""

    def call(self, x, y=None):
        return x if y is None else ops.concatenate([x, y])

    def compute_output_spec(self, x, y=None):
        width = x.shape[-1] + (0 if y is None else y.shape[-1])
        return keras.KerasTensor((*x.shape[:-1], width), x.dtype)


def build_optional(given=True):
    """An optional input of a nested model, given or not."""
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b", optional=True)
    inner = keras.Model([a, b], Merge(name="merge")(a, b), name="inner")
    if not given:
        x = keras.Input((3,), name="x")
        return keras.Model(x, inner([x, None]), name="optional")
    return inner


def build_names():
    """Nested inputs and outputs."""
    left, right = keras.Input((2,), name="left"), keras.Input((2,), name="right")
    image = keras.Input((3,), name="image")
    inputs = {"image": image, "pair": [left, right]}
    total = layers.Add(name="sum")([left, right])
    outputs = {"pair": {"sum": total, "left": left}, "image": layers.Dense(2, name="dense")(image)}
    return keras.Model(inputs, outputs, name="names")


def build_mixed(policy="mixed_float16"):
    """Half precision inside, and a composite layer that casts its input."""
    keras.mixed_precision.set_global_policy(policy)
    x = keras.Input((5, 8), name="x")
    block = TransformerBlock(name="block")(x)
    return keras.Model(x, layers.Dense(2, dtype="float32", name="head")(block), name="mixed")


def build_quantized():
    """Eight bits for the weights of dense layers."""
    x = keras.Input((8,), name="x")
    model = keras.Model(x, layers.Dense(4, name="dense")(x), name="quantized")
    model.quantize("int8")
    return model


def build_convolutions(layout="channels_first"):
    """Every kind of convolution, sizes unknown."""
    keras.config.set_image_data_format(layout)
    image = keras.Input((3, None, None) if layout == "channels_first" else (None, None, 3), name="image")
    x = layers.Conv2D(8, 3, padding="same", name="conv")(image)
    x = layers.DepthwiseConv2D(3, padding="same", name="depthwise")(x)
    x = layers.SeparableConv2D(8, 3, padding="same", name="separable")(x)
    x = layers.Conv2DTranspose(4, 2, strides=2, name="transposed")(x)
    series, volume = keras.Input((3, 16), name="series"), keras.Input((2, 8, 8, 8), name="volume")
    y = layers.Conv1D(4, 3, name="conv1d")(series)
    z = layers.Conv3D(4, 3, name="conv3d")(volume)
    return keras.Model([image, series, volume], [x, y, z], name="convolutions")


def build_around_activation():
    """A layer of Keras with a layer as its activation has nothing inside."""
    x = keras.Input((4,), name="x")
    y = layers.Dense(3, activation=layers.LeakyReLU(), name="dense")(x)
    y = layers.Reshape((3, 1), name="column")(y)
    y = layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="both")(y)
    y = layers.TimeDistributed(layers.Dense(2), name="each")(y)
    return keras.Model(x, y, name="around")


class Cell(layers.Layer):
    """A recurrent cell without a `build`, made of layers."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.state_size = units
        self.new = layers.Dense(units, name="new")
        self.old = layers.Dense(units, use_bias=False, name="old")

    def call(self, x, states):
        made = ops.tanh(self.new(x) + self.old(states[0]))
        return made, [made]


class StubbornCell(Cell):
    """A cell that cannot be called on symbolic tensors."""

    def call(self, x, states):
        if float(ops.sum(x)) > 0:
            return x, states
        return super().call(x, states)


def build_cells():
    """Recurrent layers with such cells, one and several."""
    x = keras.Input((5, 3), name="x")
    y = layers.RNN(Cell(8, name="cell"), return_sequences=True, name="one")(x)
    cells = [Cell(6, name="first"), Cell(4, name="second")]
    return keras.Model(x, layers.RNN(cells, name="stacked")(y), name="cells")


def build_stubborn():
    """Nobody knows the weights of this one."""
    x = keras.Input((5, 3), name="x")
    return keras.Model(x, layers.RNN(StubbornCell(8), name="rnn")(x), name="stubborn")


class Recurrent(keras.Model):
    """Such a cell in a subclassed model that computes with sizes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rnn = layers.RNN(Cell(8, name="cell"), return_sequences=True, name="rnn")

    def call(self, x):
        return ops.reshape(self.rnn(x), (ops.shape(x)[0] * 5, 8))
