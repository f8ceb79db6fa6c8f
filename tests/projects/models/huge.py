"""Models whose weights would never fit, or with more layers than anyone would draw."""

import keras
from keras import layers, ops


class SwiGLU(layers.Layer):
    """The feed-forward part of a decoder block: a gate, and two projections around it."""

    def __init__(self, width, inner, **kwargs):
        super().__init__(**kwargs)
        self.gate = layers.Dense(inner, use_bias=False, activation="silu", name="gate")
        self.up = layers.Dense(inner, use_bias=False, name="up")
        self.down = layers.Dense(width, use_bias=False, name="down")

    def build(self, shape):
        self.gate.build(shape)
        self.up.build(shape)
        self.down.build((*shape[:-1], self.up.units))

    def call(self, x):
        return self.down(self.gate(x) * self.up(x))

    def compute_output_shape(self, shape):
        return shape


class DecoderBlock(layers.Layer):
    """Attention to what came before and feed-forward, each after a normalization."""

    def __init__(self, width, inner, heads, key_heads, **kwargs):
        super().__init__(**kwargs)
        self.norm_a = layers.RMSNormalization(name="norm_a")
        self.attention = layers.GroupQueryAttention(
            width // heads, heads, key_heads, use_bias=False, name="attention"
        )
        self.norm_b = layers.RMSNormalization(name="norm_b")
        self.feed = SwiGLU(width, inner, name="feed")

    def build(self, shape):
        self.norm_a.build(shape)
        self.attention.build(shape, shape)
        self.norm_b.build(shape)
        self.feed.build(shape)

    def call(self, x):
        y = self.norm_a(x)
        x = x + self.attention(y, y, use_causal_mask=True)
        return x + self.feed(self.norm_b(x))

    def compute_output_shape(self, shape):
        return shape


class Decoder(keras.Model):
    """A decoder of the size of Llama 3, 70 billion parameters."""

    def __init__(
        self, blocks=80, width=8192, inner=28_672, heads=64, key_heads=8, words=128_256, **kwargs
    ):
        super().__init__(**kwargs)
        self.words = layers.Embedding(words, width, name="words")
        self.blocks = [
            DecoderBlock(width, inner, heads, key_heads, name=f"block_{number}")
            for number in range(blocks)
        ]
        self.norm = layers.RMSNormalization(name="norm")
        self.head = layers.Dense(words, use_bias=False, name="head")

    def build(self, shape):
        self.words.build(shape)
        shape = (*shape, self.words.output_dim)
        for block in self.blocks:
            block.build(shape)
        self.norm.build(shape)
        self.head.build(shape)

    def call(self, tokens):
        x = self.words(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


def build_decoder(length=8192, **kwargs):
    """The same in the functional style."""
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    decoder = Decoder(**kwargs)
    return keras.Model(tokens, decoder.call(tokens), name="decoder")


def build_chain(length=10_000, subclassed=False):
    """A chain of layers with a skip at each tenth."""

    def run(inputs):
        x = skip = inputs
        for number, layer in enumerate(chain):
            x = layer(x)
            if number % 10 == 9:
                x = skip = ops.add(x, skip)
        return x

    chain = [layers.Activation("relu", name=f"layer_{number}") for number in range(length)]
    if not subclassed:
        inputs = keras.Input((4,), name="inputs")
        return keras.Model(inputs, run(inputs), name="chain")

    class Chain(keras.Model):
        def __init__(self):
            super().__init__(name="chain")
            self.chain = chain

        def call(self, inputs):
            return run(inputs)

    return Chain()
