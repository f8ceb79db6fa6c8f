"""Models with a `call` of their own, and the same networks in the functional style."""

import keras
from keras import layers, ops


class Perceptron(keras.Model):
    """The simplest: two layers, one after the other."""

    def __init__(self, units=8, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(units, activation="relu", name="hidden")
        self.classes = layers.Dense(2, name="classes")

    def call(self, inputs):
        return self.classes(self.hidden(inputs))


def build_built():
    """Say the shape with `build`."""
    model = Perceptron(name="perceptron")
    model.build((None, 4))
    return model


def build_called():
    """Say the shape by calling the model on data."""
    model = Perceptron(name="perceptron")
    model(ops.ones((3, 4)))
    return model


def build_functional():
    """The same network as `Perceptron`."""
    inputs = keras.Input((4,), name="inputs")
    x = layers.Dense(8, activation="relu", name="hidden")(inputs)
    return keras.Model(inputs, layers.Dense(2, name="classes")(x), name="perceptron")


class Residual(keras.Model):
    """Operators, operations, a layer called twice, constants, an unused layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(4, 3, padding="same", name="conv")
        self.norm = layers.BatchNormalization(name="norm")
        self.drop = layers.Dropout(0.5, name="drop")
        self.forgotten = layers.Dense(3, name="forgotten")
        self.in_vain = layers.Dense(3, name="in_vain")

    def call(self, image, training=None):
        x = self.norm(self.conv(image), training=training)
        x = self.conv(ops.relu(x)) + image
        self.in_vain(x)
        return self.drop(2.0 * x, training=training)


def build_functional_residual():
    """The same network as `Residual`."""
    conv = layers.Conv2D(4, 3, padding="same", name="conv")
    image = keras.Input((8, 8, 4), name="image")
    x = layers.BatchNormalization(name="norm")(conv(image))
    x = conv(ops.relu(x)) + image
    return keras.Model(image, layers.Dropout(0.5, name="drop")(2.0 * x), name="residual")


class Scaled(keras.Model):
    """Weights of its own, on either side of an operator."""

    def build(self, input_shape):
        width = input_shape[-1]
        self.scale = self.add_weight(shape=(width,), name="scale")
        self.shift = self.add_weight(shape=(width,), name="shift", trainable=False)

    def call(self, x):
        return self.scale * x + self.shift


class Classifier(keras.Model):
    """Tokens, positions made from constants, a class token of the size of the batch, a mask."""

    def __init__(self, length=10, width=8, **kwargs):
        super().__init__(**kwargs)
        self.length, self.width = length, width
        self.tokens = layers.Embedding(100, width, name="tokens")
        self.positions = layers.Embedding(length, width, name="positions")
        self.attention = layers.MultiHeadAttention(2, 4, name="attention")
        self.head = layers.Dense(3, name="head")

    def build(self, input_shape):
        self.token = self.add_weight(shape=(1, 1, self.width), name="token")

    def call(self, ids):
        x = self.tokens(ids) + self.positions(ops.arange(self.length))
        batch = ops.shape(x)[0]
        first = ops.broadcast_to(self.token, (batch, 1, self.width))
        x = ops.concatenate([first, x], axis=1)
        x = x + self.attention(x, x)
        x = ops.reshape(x, (batch, -1, 2, self.width // 2))
        return self.head(x[:, 0])


class TwoTowers(keras.Model):
    """Several arguments, by position and by name, and a dictionary of outputs."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(4, name="left_tower")
        self.right = layers.Dense(4, name="right_tower")
        self.dot = layers.Dot(-1, name="dot")

    def call(self, query, document, training=None):
        left, right = self.left(query), self.right(document)
        return {"score": self.dot([left, right]), "vectors": (left, right), "step": 3}


class FromList(keras.Model):
    """One list of inputs."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.join = layers.Concatenate(name="join")

    def call(self, inputs):
        left, right = inputs
        return self.join([left, right])


class FromDict(keras.Model):
    """One dictionary of inputs, one of them nested."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.join = layers.Concatenate(name="join")

    def call(self, batch):
        return self.join([batch["left"], batch["right"]])


class Optional(keras.Model):
    """An argument that need not be given."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.extra = layers.Dense(4, name="extra")

    def call(self, x, context=None):
        x = self.dense(x)
        return x if context is None else x + self.extra(context)


class Stem(keras.Model):
    """A part of `Mixed`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(4, 3, padding="same", name="conv")

    def call(self, x):
        return ops.relu(self.conv(x)) + x


def _body():
    inputs = keras.Input((None, None, 4), name="body_in")
    stem = Stem(name="stem")
    x = stem(layers.Conv2D(4, 1, name="before")(inputs))
    return keras.Model(inputs, stem(x), name="body")


class Mixed(keras.Model):
    """A functional model in a subclassed one, which has a subclassed one inside, twice called."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.body = _body()
        self.tail = keras.Sequential(
            [layers.Flatten(name="flat"), layers.Dense(2, name="out")], name="tail"
        )

    def call(self, image):
        return self.tail(self.body(image))


def build_functional_with_subclassed():
    """A subclassed model called twice in a functional one."""
    left, right = keras.Input((6, 6, 4), name="left"), keras.Input((6, 6, 4), name="right")
    stem = Stem(name="stem")
    return keras.Model([left, right], layers.Add(name="sum")([stem(left), stem(right)]), name="twins")


class Overridden(keras.Model):
    """Built like a functional model, but with a `call` that does more."""

    def __init__(self, **kwargs):
        inputs = keras.Input((4,), name="x")
        super().__init__(inputs, layers.Dense(4, name="y")(inputs), **kwargs)

    def call(self, inputs, training=None, mask=None):
        return ops.tanh(super().call(inputs, training=training, mask=mask))


class DataDependent(keras.Model):
    """Python decides by the data what happens next."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.second = layers.Dense(4, name="second")

    def call(self, inputs):
        x = self.first(inputs)
        y = ops.relu(x)
        if ops.sum(y) > 0:
            return self.second(y)
        return y


class Hopeless(keras.Model):
    """Nothing happens before the failure."""

    def call(self, inputs):
        if ops.sum(inputs.numpy()) > 0:
            return inputs
        return 2 * inputs


class Raw(keras.Model):
    """NumPy, which cannot be followed, inside a model that is nested."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")

    def call(self, x):
        import tensorflow as tf

        return tf.nn.relu(self.dense(x))


def build_with_raw():
    """A nested model that cannot be opened."""
    inputs = keras.Input((3,), name="x")
    return keras.Model(inputs, layers.Dense(2, name="head")(Raw(name="raw")(inputs)), name="with_raw")


class Branches(keras.Model):
    """Functions of the user that an operation calls."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.yes = layers.Dense(4, name="yes")
        self.no = layers.Dense(4, name="no")

    def call(self, x):
        return ops.cond(ops.sum(x) > 0, lambda: self.yes(x), lambda: self.no(x))


class Nothing(keras.Model):
    """Returns nothing."""

    def call(self, x):
        ops.relu(x)


def build_sequential():
    """A Sequential model of unknown shape, with whole numbers as inputs."""
    return keras.Sequential(
        [layers.Embedding(10, 4, name="tokens"), layers.LSTM(3, name="lstm")], name="reader"
    )
