"""What Keras runs with data, though its symbolic calls are stricter."""

import keras
from keras import layers, ops


def _tower(**kwargs):
    return keras.Sequential([layers.Dense(6, name="up"), layers.Dense(4, name="down")], **kwargs)


class Lazy(keras.Model):
    """Its Sequential is built within the first `call`, for it has a `build` of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.tower = _tower(name="tower")

    def build(self, input_shape):
        super().build(input_shape)

    def call(self, x):
        return self.tower(x)


class Eager(Lazy):
    """The same network without that `build`."""

    build = keras.Model.build


class SameWidth(Lazy):
    """The Sequential gives what it takes, so that its symbolic tensors look alike."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.head = layers.Dense(2, name="head")

    def call(self, x):
        return self.head(self.tower(x))


class Scaled(layers.Layer):
    """A layer that builds weights of its own, and nothing else before the call."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.tower = _tower(name="tower")

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(4,), name="scale")
        self.built = True

    def call(self, x):
        return self.tower(x) * self.scale


class Assembled(keras.Model):
    """Makes a functional model in its `call`, and calls it twice."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.inner = None

    def call(self, x):
        if self.inner is None:
            entry = keras.Input((4,))
            self.inner = keras.Model(entry, self.dense(entry), name="inner")
        return self.inner(self.inner(x))


def build_scaled():
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, Scaled(name="scaled")(inputs))


class Compared(keras.Model):
    """The user's own `==` and `in` are the tensor's."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")

    def call(self, x):
        return ops.where(x == 0, self.dense(x), x)


class Half(layers.Layer):
    """Gives None beside a tensor, as a layer with an optional cache does."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(3, name="dense")

    def call(self, x):
        return None, self.dense(x)


class Patches(layers.Layer):
    """Gives sizes and a dictionary beside a tensor."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.cut = layers.Conv2D(8, 4, strides=4, name="cut")
        self.flat = layers.Reshape((-1, 8), name="flat")

    def call(self, image):
        x = self.cut(image)
        return {"height": x.shape[1], "kind": "patches", "tokens": self.flat(x), "width": x.shape[2]}


class Beside(keras.Model):
    """Uses what the layers give beside tensors."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.patches = Patches(name="patches")
        self.half = Half(name="half")

    def call(self, image):
        found = self.patches(image)
        nothing, x = self.half(found["tokens"])
        assert nothing is None and found["kind"] == "patches"
        return ops.reshape(x, (-1, found["height"], found["width"], 3))


class Wrapped(layers.Layer):
    """Holds what gives None."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.half = Half(name="half")
        self.out = layers.Dense(2, name="out")

    def call(self, x):
        return self.out(self.half(x)[1])


def build_wrapped():
    inputs = keras.Input((5,), name="x")
    return keras.Model(inputs, Wrapped(name="wrapped")(inputs))


class Cached(layers.MultiHeadAttention):
    """`call` takes what the parent's `compute_output_spec` does not."""

    def call(self, query, value, key=None, cache=None, training=None):
        found = super().call(query, value, key, training=training)
        return found if cache is None else (found, cache)


class Decoder(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = Cached(2, 4, name="attention")
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, x):
        return self.norm(x + self.attention(x, x, cache=None))


def build_decoder():
    inputs = keras.Input((7, 8), name="x")
    return keras.Model(inputs, Decoder(name="second")(Decoder(name="first")(inputs)))


class Widened(layers.Dense):
    """Gives another shape than the layer that it is derived from."""

    def call(self, x):
        return ops.concatenate([super().call(x), x], axis=-1)


class Stated(layers.Dense):
    """Runs what takes no symbolic tensors: what is inherited on shapes has to do."""

    def call(self, x):
        return super().call(ops.convert_to_tensor(ops.convert_to_numpy(x)))


class Decoding(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = Cached(2, 4, name="attention")
        self.widened = Widened(3, name="widened")
        self.stated = Stated(5, name="stated")

    def call(self, x):
        found, _ = self.attention(x, x, cache=x)
        return self.stated(self.widened(found))


class Measuring(keras.Model):
    """Rank and size of a tensor are plain numbers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")

    def call(self, x):
        if ops.ndim(x) == 2:
            x = ops.expand_dims(x, 1)
        if ops.size(x[0]) > 5 and ops.shape(x)[-1] == 8:
            x = self.dense(x)
        return ops.reshape(x, (-1, ops.size(x[0])))


class ListOfOne(keras.Model):
    """Takes a list, though there is one input alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(2, name="dense")

    def call(self, inputs):
        return self.dense(inputs[0])


class Plain(ListOfOne):
    """Takes a tensor, and no list."""

    def call(self, inputs):
        return self.dense(inputs[:, 1:])


def build_lambdas(kind="closure"):
    """Functions that call layers of which Keras knows nothing."""
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="dense")], name="inner")
    functions = {
        "closure": lambda x: inner(inner(x)),
        "default": lambda x, part=inner: part(x),
        "model": inner,
        "global": lambda x: _called(x),
        "none": lambda x: ops.relu(x) + 1.0,
    }
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, layers.Lambda(functions[kind], name="run")(inputs))


GLOBAL = layers.Dense(3, name="shared")


def _called(x):
    return [GLOBAL(each) for each in (x, x)][0]


def build_each():
    """A model that is run step by step."""
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(2, name="dense")], name="inner")
    inputs = keras.Input((5, 4), name="x")
    return keras.Model(inputs, layers.TimeDistributed(inner, name="each")(inputs))


def build_weighted():
    """A product with a number goes into a layer that is opened."""
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, Scaled(name="scaled")(inputs * 2.0))
