"""Sequences: recurrent, convolutional and attention networks."""

from __future__ import annotations

import keras
from keras import layers, ops


def lstm_stack():
    """A stack of LSTMs for text classification."""
    tokens = keras.Input((200,), dtype="int32", name="tokens")
    x = layers.Embedding(20000, 128)(tokens)
    x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
    x = layers.Bidirectional(layers.LSTM(64))(x)
    return keras.Model(tokens, layers.Dense(1, activation="sigmoid")(x), name="sentiment")


def seq2seq_lstm():
    """Sutskever et al. 2014, as the keras.io example: the states go from encoder to decoder."""
    source = keras.Input((None, 71), name="encoder_inputs")
    _, h, c = layers.LSTM(256, return_state=True, name="encoder")(source)
    target = keras.Input((None, 93), name="decoder_inputs")
    decoder = layers.LSTM(256, return_sequences=True, return_state=True, name="decoder")
    x, _, _ = decoder(target, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(93, activation="softmax")(x), name="seq2seq")


def bahdanau():
    """Bahdanau et al. 2015: a recurrent encoder, a decoder with attention."""
    source = keras.Input((40,), dtype="int32", name="source")
    target = keras.Input((40,), dtype="int32", name="target")
    encoded = layers.Bidirectional(layers.GRU(256, return_sequences=True), name="encoder")(
        layers.Embedding(8000, 256, name="source_embedding")(source)
    )
    x = layers.Embedding(8000, 256, name="target_embedding")(target)
    x = layers.GRU(512, return_sequences=True, name="decoder")(x)
    context = layers.AdditiveAttention(name="attention")([x, encoded])
    x = layers.Concatenate()([x, context])
    x = layers.Dense(512, activation="tanh")(x)
    return keras.Model([source, target], layers.Dense(8000, name="logits")(x), name="bahdanau")


def crnn():
    """Shi et al. 2015: convolutions, two bidirectional LSTMs, CTC outside of the model."""
    image = keras.Input((200, 50, 1), name="image")
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="Conv1")(image)
    x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="Conv2")(x)
    x = layers.MaxPooling2D(name="pool2")(x)
    x = layers.Reshape((50, 12 * 64), name="reshape")(x)
    x = layers.Dropout(0.2)(layers.Dense(64, activation="relu", name="dense1")(x))
    x = layers.Bidirectional(layers.LSTM(128, return_sequences=True, dropout=0.25))(x)
    x = layers.Bidirectional(layers.LSTM(64, return_sequences=True, dropout=0.25))(x)
    return keras.Model(image, layers.Dense(81, activation="softmax", name="dense2")(x), name="ocr")


def deepspeech2():
    """Amodei et al. 2016, as the keras.io example on automatic speech recognition."""
    spectrogram = keras.Input((None, 193), name="input")
    x = layers.Reshape((-1, 193, 1), name="expand_dim")(spectrogram)
    x = layers.Conv2D(32, (11, 41), (2, 2), "same", use_bias=False, name="conv_1")(x)
    x = layers.ReLU(name="conv_1_relu")(layers.BatchNormalization(name="conv_1_bn")(x))
    x = layers.Conv2D(32, (11, 21), (1, 2), "same", use_bias=False, name="conv_2")(x)
    x = layers.ReLU(name="conv_2_relu")(layers.BatchNormalization(name="conv_2_bn")(x))
    x = layers.Reshape((-1, x.shape[-2] * x.shape[-1]))(x)
    for index in range(1, 6):
        recurrent = layers.GRU(512, return_sequences=True, name=f"gru_{index}")
        x = layers.Bidirectional(recurrent, name=f"bidirectional_{index}")(x)
        if index < 5:
            x = layers.Dropout(0.5)(x)
    x = layers.ReLU(name="dense_1_relu")(layers.Dense(1024, name="dense_1")(x))
    x = layers.Dense(41, activation="softmax")(layers.Dropout(0.5)(x))
    return keras.Model(spectrogram, x, name="DeepSpeech_2")


def text_cnn():
    """Kim 2014: convolutions of three widths side by side."""
    tokens = keras.Input((100,), dtype="int32", name="tokens")
    x = layers.Embedding(20000, 128)(tokens)
    pooled = [
        layers.GlobalMaxPooling1D()(layers.Conv1D(100, size, activation="relu")(x))
        for size in (3, 4, 5)
    ]
    x = layers.Dropout(0.5)(layers.Concatenate()(pooled))
    return keras.Model(tokens, layers.Dense(1, activation="sigmoid")(x), name="text_cnn")


def wavenet(stacks=3, layers_per_stack=10, channels=32):
    """van den Oord et al. 2016: gated dilated convolutions, the sum of all skips."""
    wave = keras.Input((None, 1), name="waveform")
    x = layers.Conv1D(channels, 2, padding="causal")(wave)
    skips = []
    for _ in range(stacks):
        for index in range(layers_per_stack):
            rate = 2**index
            f = layers.Conv1D(channels, 2, padding="causal", dilation_rate=rate, activation="tanh")(x)
            g = layers.Conv1D(channels, 2, padding="causal", dilation_rate=rate, activation="sigmoid")(x)
            z = layers.Multiply()([f, g])
            skips.append(layers.Conv1D(128, 1)(z))
            x = layers.Add()([layers.Conv1D(channels, 1)(z), x])
    x = layers.ReLU()(layers.Add()(skips))
    x = layers.Conv1D(256, 1)(layers.Conv1D(128, 1, activation="relu")(x))
    return keras.Model(wave, layers.Softmax()(x), name="wavenet")


def tcn(filters=64):
    """Bai et al. 2018: residual blocks with dilations 1, 2, 4 ... 64."""
    sequence = x = keras.Input((512, 8), name="sequence")
    for index in range(7):
        y = x
        for _ in range(2):
            y = layers.Conv1D(filters, 3, padding="causal", dilation_rate=2**index, activation="relu")(y)
            y = layers.SpatialDropout1D(0.1)(y)
        if x.shape[-1] != filters:
            x = layers.Conv1D(filters, 1)(x)
        x = layers.ReLU()(layers.Add()([x, y]))
    return keras.Model(sequence, layers.Dense(1)(x[:, -1]), name="tcn")


def n_beats(stacks=3, blocks=3):
    """Oreshkin et al. 2020: backcasts are subtracted, forecasts are added."""
    series = residual = keras.Input((35,), name="series")
    forecast = None
    for _ in range(stacks):
        for _ in range(blocks):
            x = residual
            for _ in range(4):
                x = layers.Dense(256, activation="relu")(x)
            backcast = layers.Dense(35)(x)
            part = layers.Dense(7)(x)
            residual = layers.Subtract()([residual, backcast])
            forecast = part if forecast is None else layers.Add()([forecast, part])
    return keras.Model(series, forecast, name="n_beats")


def lstnet():
    """Lai et al. 2018: convolution, recurrent layer, skip to a linear part."""
    series = keras.Input((168, 8), name="series")
    c = layers.Dropout(0.2)(layers.Conv1D(100, 6, activation="relu")(series))
    r = layers.Dropout(0.2)(layers.GRU(100)(c))
    s = layers.Reshape((6, 27, 100))(layers.Cropping1D((1, 0))(c))
    s = layers.Permute((2, 1, 3))(s)
    s = layers.TimeDistributed(layers.GRU(5))(s)
    s = layers.Flatten()(layers.Permute((2, 1))(s))
    neural = layers.Dense(8)(layers.Concatenate()([r, s]))
    linear = layers.Permute((2, 1))(layers.Cropping1D((144, 0))(series))
    linear = layers.Reshape((8,))(layers.Dense(1)(linear))
    return keras.Model(series, layers.Add(name="forecast")([neural, linear]), name="lstnet")


class GatedResidualNetwork(layers.Layer):
    """The unit of the temporal fusion transformer, as the keras.io examples write it."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.elu_dense = layers.Dense(units, activation="elu")
        self.linear_dense = layers.Dense(units)
        self.dropout = layers.Dropout(0.1)
        self.gate = layers.Dense(units, activation="sigmoid")
        self.value = layers.Dense(units)
        self.layer_norm = layers.LayerNormalization()
        self.project = layers.Dense(units)

    def call(self, inputs):
        x = self.dropout(self.linear_dense(self.elu_dense(inputs)))
        if inputs.shape[-1] != self.units:
            inputs = self.project(inputs)
        return self.layer_norm(inputs + self.gate(x) * self.value(x))


def grn_classifier():
    """The keras.io example on structured data: one gated unit per feature, a selection."""
    names = [f"feature_{index}" for index in range(13)]
    inputs = {name: keras.Input((1,), name=name) for name in names}
    encoded = [layers.Dense(16)(inputs[name]) for name in names]
    weights = GatedResidualNetwork(16)(layers.Concatenate()(encoded))
    weights = layers.Reshape((13, 1))(layers.Dense(13, activation="softmax")(weights))
    units = [layers.Reshape((1, 16))(GatedResidualNetwork(16)(feature)) for feature in encoded]
    x = layers.Concatenate(axis=1)(units)
    x = layers.Dot(axes=1)([weights, x])
    x = layers.Dense(1, activation="sigmoid")(layers.Flatten()(x))
    return keras.Model(inputs, x, name="variable_selection")


class TransformerBlock(layers.Layer):
    """The encoder layer of the keras.io examples."""

    def __init__(self, embed_dim, num_heads, ff_dim, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.att = layers.MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim)
        self.ffn = keras.Sequential([layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.layernorm1 = layers.LayerNormalization(epsilon=1e-6)
        self.layernorm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout1 = layers.Dropout(rate)
        self.dropout2 = layers.Dropout(rate)

    def call(self, inputs, training=None):
        attended = self.dropout1(self.att(inputs, inputs), training=training)
        x = self.layernorm1(inputs + attended)
        return self.layernorm2(x + self.dropout2(self.ffn(x), training=training))


class TokenAndPositionEmbedding(layers.Layer):
    """The embedding of the keras.io examples."""

    def __init__(self, maxlen, vocab_size, embed_dim, **kwargs):
        super().__init__(**kwargs)
        self.token_emb = layers.Embedding(vocab_size, embed_dim)
        self.pos_emb = layers.Embedding(maxlen, embed_dim)

    def call(self, x):
        return self.token_emb(x) + self.pos_emb(ops.arange(0, x.shape[-1]))


def text_transformer(blocks=1):
    """The keras.io example on text classification."""
    tokens = keras.Input((200,))
    x = TokenAndPositionEmbedding(200, 20000, 32)(tokens)
    for _ in range(blocks):
        x = TransformerBlock(32, 2, 32)(x)
    x = layers.Dropout(0.1)(layers.GlobalAveragePooling1D()(x))
    x = layers.Dropout(0.1)(layers.Dense(20, activation="relu")(x))
    return keras.Model(tokens, layers.Dense(2, activation="softmax")(x), name="text_transformer")


def text_transformer6():
    """The same, six layers deep."""
    return text_transformer(blocks=6)


def gpt2_functional(depth=12):
    """Radford et al. 2019 in functional style; names like `b3_attn`."""
    tokens = keras.Input((1024,), dtype="int32", name="tokens")
    x = TokenAndPositionEmbedding(1024, 50257, 768, name="embedding")(tokens)
    for index in range(depth):
        y = layers.LayerNormalization(name=f"b{index}_ln1")(x)
        y = layers.MultiHeadAttention(12, 64, name=f"b{index}_attn")(y, y, use_causal_mask=True)
        x = layers.Add(name=f"b{index}_add1")([x, y])
        y = layers.LayerNormalization(name=f"b{index}_ln2")(x)
        y = layers.Dense(3072, activation="gelu", name=f"b{index}_fc1")(y)
        y = layers.Dropout(0.1, name=f"b{index}_drop")(layers.Dense(768, name=f"b{index}_fc2")(y))
        x = layers.Add(name=f"b{index}_add2")([x, y])
    x = layers.LayerNormalization(name="ln_f")(x)
    return keras.Model(tokens, layers.Dense(50257, name="logits")(x), name="gpt2")


def transformer(depth=6, dim=512):
    """Vaswani et al. 2017: encoder and decoder, six layers each, written with plain layers."""

    def embed(tokens, name):
        return TokenAndPositionEmbedding(512, 32000, dim, name=name)(tokens)

    def attend(x, memory, causal=False):
        y = layers.MultiHeadAttention(8, 64, dropout=0.1)(x, memory, use_causal_mask=causal)
        return layers.LayerNormalization()(layers.Add()([x, y]))

    def feed_forward(x):
        y = layers.Dense(dim)(layers.Dense(4 * dim, activation="relu")(x))
        return layers.LayerNormalization()(layers.Add()([x, layers.Dropout(0.1)(y)]))

    source = keras.Input((512,), dtype="int32", name="source")
    memory = embed(source, "source_embedding")
    for _ in range(depth):
        memory = feed_forward(attend(memory, memory))
    target = keras.Input((512,), dtype="int32", name="target")
    x = embed(target, "target_embedding")
    for _ in range(depth):
        x = attend(x, x, causal=True)
        x = feed_forward(attend(x, memory))
    logits = layers.Dense(32000, name="logits")(x)
    return keras.Model([source, target], logits, name="transformer")


class DecoderLayer(layers.Layer):
    """A decoder layer of the TensorFlow tutorial on translation."""

    def __init__(self, dim, heads, units, **kwargs):
        super().__init__(**kwargs)
        self.causal_self_attention = layers.MultiHeadAttention(heads, dim)
        self.cross_attention = layers.MultiHeadAttention(heads, dim)
        self.ffn = keras.Sequential(
            [layers.Dense(units, activation="relu"), layers.Dense(dim), layers.Dropout(0.1)]
        )
        self.norm1, self.norm2, self.norm3 = (layers.LayerNormalization() for _ in range(3))

    def call(self, x, context):
        x = self.norm1(x + self.causal_self_attention(x, x, use_causal_mask=True))
        x = self.norm2(x + self.cross_attention(x, context))
        return self.norm3(x + self.ffn(x))


class Translator(keras.Model):
    """The TensorFlow tutorial's transformer: a subclassed model made of layers of its own."""

    def __init__(self, depth=4, dim=128, heads=8, units=512):
        super().__init__(name="translator")
        self.source_embedding = TokenAndPositionEmbedding(128, 7765, dim)
        self.target_embedding = TokenAndPositionEmbedding(128, 7010, dim)
        self.encoder = [TransformerBlock(dim, heads, units) for _ in range(depth)]
        self.decoder = [DecoderLayer(dim, heads, units) for _ in range(depth)]
        self.final_layer = layers.Dense(7010)

    def call(self, inputs):
        context, x = inputs
        context = self.source_embedding(context)
        for layer in self.encoder:
            context = layer(context)
        x = self.target_embedding(x)
        for layer in self.decoder:
            x = layer(x, context)
        return self.final_layer(x)


def conformer(depth=4, dim=144):
    """Gulati et al. 2020: half feed forward, attention, convolution, half feed forward."""

    def half(x):
        y = layers.Dense(4 * dim, activation="swish")(layers.LayerNormalization()(x))
        y = layers.Dropout(0.1)(layers.Dense(dim)(layers.Dropout(0.1)(y)))
        return layers.Add()([x, layers.Rescaling(0.5)(y)])

    def convolve(x):
        y = layers.Conv1D(2 * dim, 1)(layers.LayerNormalization()(x))
        a, b = ops.split(y, 2, axis=-1)
        y = layers.Multiply()([a, layers.Activation("sigmoid")(b)])
        y = layers.BatchNormalization()(layers.DepthwiseConv1D(31, padding="same")(y))
        y = layers.Conv1D(dim, 1)(layers.Activation("swish")(y))
        return layers.Add()([x, layers.Dropout(0.1)(y)])

    spectrogram = keras.Input((400, 80), name="spectrogram")
    x = spectrogram
    for _ in range(2):
        x = layers.Conv1D(dim, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Dropout(0.1)(layers.Dense(dim)(x))
    for _ in range(depth):
        x = half(x)
        y = layers.LayerNormalization()(x)
        x = layers.Add()([x, layers.MultiHeadAttention(4, 36, dropout=0.1)(y, y)])
        x = layers.LayerNormalization()(half(convolve(x)))
    return keras.Model(spectrogram, layers.Dense(256, name="tokens")(x), name="conformer")


class RWKVBlock(layers.Layer):
    """Peng et al. 2023: time mix and channel mix, the recurrence left out of the picture."""

    def __init__(self, dim, **kwargs):
        super().__init__(**kwargs)
        self.ln1, self.ln2 = layers.LayerNormalization(), layers.LayerNormalization()
        self.receptance, self.key, self.value = (layers.Dense(dim, use_bias=False) for _ in range(3))
        self.output_projection = layers.Dense(dim, use_bias=False)
        self.channel_key = layers.Dense(4 * dim, use_bias=False)
        self.channel_receptance = layers.Dense(dim, use_bias=False)
        self.channel_value = layers.Dense(dim, use_bias=False)

    def call(self, x):
        y = self.ln1(x)
        weights = ops.exp(self.key(y))
        mixed = ops.cumsum(weights * self.value(y), axis=1) / ops.cumsum(weights, axis=1)
        x = x + self.output_projection(ops.sigmoid(self.receptance(y)) * mixed)
        y = self.ln2(x)
        k = ops.square(ops.relu(self.channel_key(y)))
        return x + ops.sigmoid(self.channel_receptance(y)) * self.channel_value(k)


def rwkv(depth=12, dim=768):
    """RWKV-4 169M, its blocks as layers."""
    tokens = keras.Input((1024,), dtype="int32", name="tokens")
    x = layers.LayerNormalization(name="ln0")(layers.Embedding(50277, dim, name="embedding")(tokens))
    for index in range(depth):
        x = RWKVBlock(dim, name=f"block{index}")(x)
    x = layers.LayerNormalization(name="ln_out")(x)
    return keras.Model(tokens, layers.Dense(50277, use_bias=False, name="head")(x), name="rwkv")
