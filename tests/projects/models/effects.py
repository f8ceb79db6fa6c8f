"""Models whose `call` asks for values, has effects or gives functions to operations."""

from typing import Any, NamedTuple

import keras
from keras import layers, ops


class _Two(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(3, name="first")
        self.second = layers.Dense(3, name="second")


class Compares(_Two):
    """Goes on by a comparison that Keras' symbolic tensors would answer by identity."""

    def call(self, x):
        y = self.first(x)
        if ops.sum(y) == 0:
            return self.second(y)
        return y * 2


class LooksUp(_Two):
    """Asks whether a tensor is in a list of others."""

    def call(self, x):
        y, z = self.first(x), self.second(x)
        return z if z in [y] else y


class Swallows(_Two):
    """Makes the best of a refusal."""

    def call(self, x):
        y = self.first(x)
        try:
            if ops.sum(y) > 0:
                y = self.second(y)
        except TypeError:
            y = y * 3
        return y + 1


class Converts(_Two):
    """Asks for a number, and takes another one where there is none."""

    def call(self, x):
        y = self.first(x)
        try:
            factor = float(ops.sum(y))
        except ValueError:
            factor = 1.0
        return self.second(y * factor)


class MasksZeros(_Two):
    """Compares element by element."""

    def call(self, x):
        return self.first(x) * ops.cast(x == 0, "float32") + ops.cast(x != 1, "float32")


class Autoencoder(keras.Model):
    """Adds a loss before the decoder."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.Dense(4, name="encoder")
        self.decoder = layers.Dense(4, name="decoder")
        self.sizes = keras.metrics.Mean(name="sizes")

    def build(self, shape):
        self.calls = self.add_weight(shape=(), name="calls", trainable=False)
        self.mean = self.add_weight(shape=(4,), name="mean", trainable=False)
        super().build(shape)

    def call(self, x):
        code = self.encoder(x)
        self.calls.assign_add(1.0)
        self.mean.assign(0.9 * self.mean + 0.1 * ops.mean(code, axis=0))
        self.sizes.update_state(ops.sum(code))
        self.add_loss(ops.mean(ops.square(code)))
        return self.decoder(code)


class Chooses(_Two):
    """Functions that take tensors from around them."""

    def call(self, x):
        y, z = self.first(x), self.second(x)

        def double():
            return y * 2

        return ops.cond(ops.sum(x) > 0, lambda: double(), lambda z=z: z)  # noqa: PLW0108


class Repeats(_Two):
    """A loop that takes a tensor from around it."""

    def call(self, x):
        y = self.first(x)
        zero = ops.zeros((), "int32")
        return ops.while_loop(lambda i, _: i < 3, lambda i, v: (i + 1, v + y), (zero, x))[1]


class Counts(_Two):
    """A loop that starts with a number, and a layer that is called in its body alone."""

    def call(self, x):
        y = self.first(x)
        return ops.while_loop(lambda i, _: i < 3, lambda i, v: (i + 1, self.second(v)), (0, y))[1]


class Indexes(_Two):
    """Indexes with what is no tuple, and asks whether a tensor is there."""

    def call(self, x):
        y = self.first(x)
        if y != None:  # noqa: E711
            y = y[None][0]
        return y[...] + self.second(x)[:]


class Sized(_Two):
    """Makes constants of the size of its batch, and indexes with it."""

    def call(self, x):
        batch = ops.shape(x)[0]
        return self.first(x)[: batch * 1] + ops.zeros((batch, 3))


class Windows(_Two):
    """Merges an axis into the batch; has positions, which have no batch."""

    def call(self, x):
        y = self.first(ops.reshape(x, (-1, 3)))
        return ops.reshape(y, (-1, 4, 3)) + self.second(self.first(ops.ones((4, 3))))[None]


def build_failing():
    """A layer of Keras refuses its input."""
    return layers.Conv1D(2, 3)(keras.Input((2, 4)))


class Abstract(_Two):
    """Has layers and no `call`."""


class Holds(layers.Layer):
    """Calls a layer that others call too."""

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, x):
        return self.inner(x) * 2.0


def build_holding():
    """A layer that is called as such, and in another that stays closed."""
    x = keras.Input((4,), name="x")
    inner = layers.Dense(4, name="inner")
    return keras.Model(x, Holds(inner, name="holds")(inner(x)), name="holding")


class Passes(keras.Model):
    """Has a nested model that returns its input too."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        x = keras.Input((3,), name="given")
        outputs = {"made": layers.Dense(3, name="made")(x), "raw": x}
        self.inner = keras.Model(x, outputs, name="inner")

    def call(self, x):
        found = self.inner(x)
        return found["made"], found["raw"]


class Masked(layers.Layer):
    """Takes a mask."""

    def call(self, x, mask=None):
        return ops.where(mask, x, 0.0)


class Causal(keras.Model):
    """Gives a layer a mask that is made of constants."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.masked = Masked(name="masked")

    def call(self, x):
        return self.masked(x, mask=ops.arange(3) > 1)


class Scale(layers.Layer):
    """A layer made of an operation and a weight."""

    def build(self, shape):
        self.factor = self.add_weight(shape=(shape[-1],), name="factor")

    def call(self, x):
        return x * self.factor


class Weighs(layers.Layer):
    """What is computed from a weight stands on the left of a tensor."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")

    def call(self, x):
        return (1.0 + self.scale) * x


class Same(layers.Layer):
    """Does nothing."""

    def call(self, x):
        return x


class Raw(layers.Layer):
    """Calls a framework, which cannot be followed."""

    def call(self, x):
        import tensorflow as tf

        return tf.nn.relu(x)


def build_reluctant():
    """Layers of which some can be opened and some cannot."""
    x = keras.Input((7, 4), name="x")
    y = Raw(name="raw")(Same(name="same")(Scale(name="scale")(x)))
    steps = keras.Sequential([layers.Dense(3), layers.ReLU()], name="steps")
    y = layers.TimeDistributed(steps, name="each")(y)
    return keras.Model(x, layers.Dense(2, name="out")(y), name="reluctant")


class Unnamed(keras.Model):
    """A functional model with a `call` of its own and an input without a name."""

    def __init__(self, **kwargs):
        inputs = keras.Input((4,))
        super().__init__(inputs, layers.Dense(4, name="y")(inputs), **kwargs)

    def call(self, inputs, training=None, mask=None):
        return ops.tanh(super().call(inputs, training=training, mask=mask))


class Constant(_Two):
    """Gives tensors that depend on no input, and what is no tensor."""

    def call(self, x):
        return {"y": self.first(x), "const": ops.ones(3), "depth": 2, "nothing": None}


class Constants(_Two):
    """The same without names."""

    def call(self, x):
        return self.first(x), ops.ones(3), self.second(x), ops.zeros((1, 2))


def build_constant():
    """A functional model that gives what a nested one makes of constants."""
    x = keras.Input((3,), name="x")
    made, constant, *_ = Constants(name="inner")(x)
    return keras.Model(x, [made, constant], name="outer")


class Assigns(keras.Model):
    """Gives its weights new values, as Keras' own layers do, in `call` and before."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.noise = layers.GaussianNoise(0.1, name="noise")
        self.table = Table(name="table")
        self.seeds = keras.random.SeedGenerator(1)

    def build(self, shape):
        self.count = self.add_weight(shape=(), name="count", trainable=False)
        self.flag = self.add_weight(shape=(), name="flag", trainable=False)
        self.start = self.add_weight(shape=(), name="start", trainable=False)
        self.start.assign(3.0)

    def call(self, x):
        self.count.assign_add(1)
        self.flag.assign(ops.ones(()))
        random = keras.random.normal((3,), seed=self.seeds)
        return self.table(self.noise(x, training=True)) + random


class Table(layers.Layer):
    """A weight that gets its value when the layer is built."""

    def build(self, shape):
        self.values = self.add_weight(shape=(3,), name="values", trainable=False)
        self.values.assign(ops.arange(3, dtype="float32"))

    def call(self, x):
        return x + self.values


class Head(layers.Layer):
    """Uses the weights of a layer that it does not call, and has one more."""

    def __init__(self, embedding, **kwargs):
        super().__init__(**kwargs)
        self.embedding = embedding
        self.spare = layers.Dense(2, name="spare")

    def call(self, x):
        return ops.matmul(x, ops.transpose(self.embedding.embeddings))


class Tied(keras.Model):
    """Reads and writes tokens with one table."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.tokens = layers.Embedding(60, 4, name="tokens")
        self.head = Head(self.tokens, name="head")

    def call(self, x):
        return self.head(self.tokens(x))


class Nested(_Two):
    """One dictionary with a dictionary and a list in it."""

    def call(self, inputs):
        context = inputs["ctx"]
        left, right = context["pair"]
        return self.first(inputs["x"]) + self.second(context["a"]) + left * right


class NestedArgument(_Two):
    """A dictionary beside another argument, and a mask that need not be there."""

    def call(self, x, ctx, mask=None):
        y = self.first(x) + self.second(ctx["a"])
        return y if mask is None else y * mask


class Anything(_Two):
    """Takes tensors by any name."""

    def call(self, **inputs):
        return self.first(inputs["left"]) + self.second(inputs["right"])


def build_nested_functional():
    """A functional model whose inputs are nested."""
    given = {"x": keras.Input((None,), name="one"), "ctx": {"a": keras.Input((3,), name="two")}}
    return keras.Model(given, layers.Add(name="sum")([given["x"], given["ctx"]["a"]]), name="n")


class Drops(_Two):
    """Calculates with a size that is not known before it asks for a value."""

    def call(self, x):
        y = self.first(x)
        size = ops.shape(y)[0] * 3
        y = keras.random.dropout(y, 0.5)
        return ops.reshape(y, (size,))


class Reshapes(_Two):
    """Makes operations with sizes that are not known."""

    def call(self, x):
        batch = ops.shape(x)[0]
        y = ops.reshape(self.first(x), (batch, 3, -1))
        return ops.repeat(y, batch, axis=1)


class Clips(_Two):
    """Activations with and without limits."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.plain = layers.ReLU(name="plain")
        self.leaky = layers.LeakyReLU(0.25, name="leaky")

    def call(self, x):
        return self.leaky(ops.clip(self.plain(self.first(x)), None, 6.0))


class Found(NamedTuple):
    """What `Fields` gives."""

    logits: Any
    states: Any


class Fields(_Two):
    """Returns a named tuple."""

    def call(self, x):
        y = self.first(x)
        return Found(self.second(y), {"last": y})
