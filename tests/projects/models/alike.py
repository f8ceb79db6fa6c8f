"""Pairs of layers that compute the same, and pairs that do not."""
import functools

import keras
import numpy as np
from keras import layers, ops


class Silent(layers.Layer):
    """Has no `get_config`."""

    def __init__(self, width=4, depth=1, **kwargs):
        super().__init__(**kwargs)
        self.inner = [layers.Dense(width) for _ in range(depth)]
        self.last = layers.Dense(4)

    def call(self, x):
        for layer in self.inner:
            x = layer(x)
        return self.last(x)


class Bag(layers.Layer):
    """Has whatever attributes it is given."""

    def __init__(self, name=None, **attributes):
        super().__init__(name=name)
        for key, value in attributes.items():
            setattr(self, key, value)

    def call(self, x):
        return x * 2


class Named(layers.Layer):
    """Has a configuration that holds names, seeds and ways to begin and to train."""

    def __init__(self, initializer="zeros", seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.kernel_initializer = keras.initializers.get(initializer)
        self.drop = layers.Dropout(0.5, seed=seed)
        self.generator = keras.random.SeedGenerator(seed)
        self.dense = layers.Dense(3, kernel_initializer=initializer, name=self.name + "_dense")

    def call(self, x):
        return self.dense(self.drop(x))


class Tied(layers.Layer):
    """Calls two layers, which may be one."""

    def __init__(self, shared, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4)
        self.second = self.first if shared else layers.Dense(4)
        self.third = layers.Dense(4) if shared else self.second

    def call(self, x):
        return self.third(self.second(self.first(x)))


class Child(layers.Layer):
    """Knows what it is part of."""

    def __init__(self, parent, **kwargs):
        super().__init__(**kwargs)
        self.__dict__["parent"] = parent

    def call(self, x):
        return x + 1


class Family(layers.Layer):
    """Consists of layers that know it."""

    def __init__(self, count=2, **kwargs):
        super().__init__(**kwargs)
        self.children = [Child(self) for _ in range(count)]

    def call(self, x):
        for child in self.children:
            x = child(x)
        return x


class Plain:
    def __init__(self, **attributes):
        vars(self).update(attributes)


class Secret:
    """Keeps its state to itself."""

    __slots__ = ()

    def __reduce__(self):
        return Secret, ()


def factory(number):
    class Made(layers.Layer):
        def call(self, x):
            return x * number

    return Made()


def functional(units=3, twice=False):
    given = keras.Input((4,))
    first = layers.Dense(4)
    x = first(given)
    x = (first if twice else layers.Dense(4))(x)
    return keras.Model(given, layers.Dense(units)(x))


def crossed(swap):
    given = keras.Input((4,))
    a, b = layers.Dense(4)(given), layers.Dense(4, use_bias=False)(given)
    return keras.Model(given, ops.subtract(b, a) if swap else ops.subtract(a, b))


def scaled(number):
    return lambda x: x * number


def frozen(layer):
    layer.trainable = False
    return layer


def _bag(first, second):
    return lambda: (Bag(data=first), Bag(data=second))


SECRET = Secret()

SAME = {
    "dense": lambda: (layers.Dense(3), layers.Dense(3)),
    "names": lambda: (layers.Dense(3, name="ape"), layers.Dense(3, name="bee")),
    "initializers": lambda: (
        layers.Dense(3, kernel_initializer="zeros", bias_initializer="ones"),
        layers.Dense(3, kernel_initializer=keras.initializers.RandomNormal(seed=3)),
    ),
    "regularizers": lambda: (
        layers.Dense(3, kernel_regularizer="l2", activity_regularizer="l1"),
        layers.Dense(3, kernel_constraint="non_neg"),
    ),
    "seeds": lambda: (Named(seed=1, name="named_a"), Named("ones", seed=2, name="named_b")),
    "dropout": lambda: (layers.Dropout(0.5, seed=1), layers.Dropout(0.5, seed=2)),
    "reshape": lambda: (layers.Reshape((2, 2)), layers.Reshape((2, 2))),
    "silent": lambda: (Silent(8, 2), Silent(8, 2)),
    "attention": lambda: (layers.MultiHeadAttention(2, 4), layers.MultiHeadAttention(2, 4)),
    "policy": lambda: (
        layers.Dense(3, dtype="float32"),
        layers.Dense(3, dtype=keras.DTypePolicy("float32")),
    ),
    "activation": lambda: (
        layers.Dense(3, activation="relu"),
        layers.Dense(3, activation=keras.activations.relu),
    ),
    "array": _bag(np.arange(3), np.arange(3)),
    "tensor": lambda: (Bag(data=ops.arange(3)), Bag(data=ops.arange(3))),
    "set": _bag({"a", "b", "c"}, {"c", "b", "a"}),
    "lambda": _bag(scaled(2), scaled(2)),
    "partial": _bag(functools.partial(max, 1), functools.partial(max, 1)),
    "object": _bag(Plain(a=1, b=[2]), Plain(b=[2], a=1)),
    "same_object": _bag(SECRET, SECRET),
    "nested": lambda: (
        Bag(data={"a": [layers.Dense(3), (layers.Dense(4),)]}),
        Bag(data={"a": [layers.Dense(3), (layers.Dense(4),)]}),
    ),
    "functional": lambda: (functional(), functional()),
    "sequential": lambda: (
        keras.Sequential([layers.Dense(3), layers.Dense(4)]),
        keras.Sequential([layers.Dense(3), layers.Dense(4)], name="other"),
    ),
    "family": lambda: (Family(), Family()),
    "children": lambda: tuple(Family().children),
    "tied": lambda: (Tied(True), Tied(True)),
    "frozen": lambda: (frozen(layers.Dense(3)), frozen(layers.Dense(3))),
}

DIFFERENT = {
    "class": lambda: (layers.Dropout(0.5), layers.GaussianDropout(0.5)),
    "units": lambda: (layers.Dense(3), layers.Dense(4)),
    "bias": lambda: (layers.Dense(3), layers.Dense(3, use_bias=False)),
    "rate": lambda: (layers.Dropout(0.5), layers.Dropout(0.25)),
    "activation": lambda: (
        layers.Dense(3, activation="relu"),
        layers.Dense(3, activation="gelu"),
    ),
    "approximate": lambda: (
        layers.Dense(3, activation=functools.partial(keras.activations.gelu, approximate=True)),
        layers.Dense(3, activation=functools.partial(keras.activations.gelu, approximate=False)),
    ),
    "epsilon": lambda: (
        layers.LayerNormalization(epsilon=1e-6),
        layers.LayerNormalization(epsilon=1e-5),
    ),
    "frozen": lambda: (layers.BatchNormalization(), frozen(layers.BatchNormalization())),
    "policy": lambda: (layers.Dense(3), layers.Dense(3, dtype="mixed_bfloat16")),
    "depth": lambda: (Silent(8, 1), Silent(8, 2)),
    "width": lambda: (Silent(8, 1), Silent(16, 1)),
    "heads": lambda: (layers.MultiHeadAttention(2, 4), layers.MultiHeadAttention(4, 2)),
    "number": _bag(1, 2),
    "kind_of_number": _bag(1, True),
    "word": _bag("same", "valid"),
    "missing": lambda: (Bag(data=1), Bag()),
    "list": _bag([1, 2], [2, 1]),
    "dictionary": _bag({"a": 1}, {"a": 2}),
    "set": _bag({"a", "b"}, {"a", "c"}),
    "array": _bag(np.arange(3), np.arange(3) + 1),
    "type_of_array": _bag(np.arange(3, dtype="int32"), np.arange(3, dtype="float32")),
    "tensor": lambda: (Bag(data=ops.arange(3)), Bag(data=ops.arange(4))),
    "function": _bag(ops.sin, ops.cos),
    "closure": _bag(scaled(2), scaled(3)),
    "code": _bag(lambda x: x + 1, lambda x: x - 1),
    "default": _bag(lambda x, y=1: x, lambda x, y=2: x),
    "partial": _bag(functools.partial(max, 1), functools.partial(max, 2)),
    "object": _bag(Plain(a=1), Plain(a=2)),
    "secret": lambda: (Bag(data=Secret()), Bag(data=Secret())),
    "nested": lambda: (
        Bag(data={"a": [layers.Dense(3), (layers.Dense(4),)]}),
        Bag(data={"a": [layers.Dense(3), (layers.Dense(5),)]}),
    ),
    "made": lambda: (factory(1), factory(2)),
    "functional": lambda: (functional(3), functional(5)),
    "twice": lambda: (functional(), functional(twice=True)),
    "crossed": lambda: (crossed(False), crossed(True)),
    "sequential": lambda: (
        keras.Sequential([layers.Dense(4), layers.ReLU()]),
        keras.Sequential([layers.ReLU(), layers.Dense(4)]),
    ),
    "family": lambda: (Family(2), Family(3)),
    "tied": lambda: (Tied(True), Tied(False)),
    "lambda": lambda: (layers.Lambda(scaled(2)), layers.Lambda(scaled(3))),
}


class Called(layers.Layer):
    """Takes more than a tensor."""

    def call(self, x, y=None, scale=1.0, training=None, causal=False, bias=None):
        return x * scale


CALLS = {
    "same": ({}, {}),
    "default": ({}, {"scale": 1.0, "causal": False, "y": None}),
    "number": ({"scale": 2.0}, {"scale": 3.0}),
    "training": ({}, {"training": True}),
    "causal": ({}, {"causal": True}),
    "array": ({"bias": np.zeros(3)}, {"bias": np.ones(3)}),
    "equal_array": ({"bias": np.zeros(3)}, {"bias": np.zeros(3)}),
    "word": ({"y": "a"}, {"y": "b"}),
}


def build_same():
    return _model(SAME)


def build_different():
    return _model(DIFFERENT)


def _model(cases):
    given = keras.Input((4,))
    sequence = keras.Input((5, 4))
    outputs = {}
    for case, make in cases.items():
        for side, layer in zip("ab", make(), strict=True):
            attends = isinstance(layer, layers.MultiHeadAttention)
            outputs[f"{case}.{side}"] = (
                layer(sequence, sequence) if attends else layer(given)
            )
    return keras.Model([given, sequence], outputs)


def build_calls():
    given = keras.Input((4,))
    called = Called()
    outputs = {
        f"{case}.{side}": called(given, **kwargs)
        for case, pair in CALLS.items()
        for side, kwargs in zip("ab", pair, strict=True)
    }
    return keras.Model(given, outputs)


class MyNet2D(keras.Model):
    def __init__(self, **kwargs):
        given = keras.Input((4,))
        super().__init__(given, layers.Dense(4)(given), **kwargs)


def build_named():
    x = given = keras.Input((4,))
    for model in (
        functional(4),
        functional(4),
        keras.Sequential([layers.Dense(4)]),
        keras.Sequential([layers.Dense(4)], name="sequential_body"),
        MyNet2D(),
        MyNet2D(),
        MyNet2D(name="encoder"),
        keras.Sequential([layers.Dense(4)], name="encoder_1"),
    ):
        x = model(x)
    return keras.Model(given, x)


def build_blocks():
    """Four blocks, of which the third is deeper."""
    x = given = keras.Input((4,))
    for depth in (1, 1, 2, 1):
        x = Silent(8, depth)(x)
    return keras.Model(given, x)


def build_several_shapes():
    """One layer, called on two shapes."""
    short, long = keras.Input((4,)), keras.Input((7, 4))
    layer = Child(None)
    block = Family(1)
    return keras.Model([short, long], [block(layer(short)), block(layer(long))])


class Split(layers.Layer):
    """Takes two tensors and gives three, of which one is its input."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left, self.right = layers.Dense(2, name="left"), layers.Dense(3, name="right")

    def call(self, x, context=None):
        return self.left(x), context, self.right(x + context)


def build_split():
    given, context = keras.Input((4,)), keras.Input((4,))
    return keras.Model([given, context], Split(name="split")(given, context=context))


class Twin(layers.Layer):
    """Uses whatever a layer can use: layers, weights, operations, and a layer of another's."""

    def __init__(self, shared, tag=0, **kwargs):
        super().__init__(**kwargs)
        self.tag = tag
        self.shared = shared
        self.inner = {"up": layers.Dense(8, activation="gelu"), "rest": [layers.Dense(4)]}
        self.block = Family(2)
        self.attention = layers.MultiHeadAttention(2, 2)
        self.idle = layers.Dense(4)
        self.scale = self.add_weight(shape=(4,))

    def build(self, shape):
        self.idle.build(shape)

    def call(self, x, mask=None):
        y = self.shared(self.attention(x, x, attention_mask=mask) * self.scale)
        for _ in range(2):
            y = self.inner["rest"][0](self.inner["up"](y))
        return self.block(ops.relu(x + y)), ops.ndim(x)


class Stack(keras.Model):
    """Two layers, each of which is called twice."""

    def __init__(self, tag, shared, **kwargs):
        super().__init__(**kwargs)
        self.parts = [Twin(shared, tag + index * bool(tag)) for index in range(2)]

    def call(self, x):
        for part in self.parts:
            x, _ = part(part(x)[0])
        return x


def build_twins(tags=(0, 0, 0)):
    """Equal stacks of equal layers; layers with another tag each are unequal, but alike."""
    x = given = keras.Input((5, 4))
    shared = layers.Dense(4, name="shared")
    for tag in tags:
        x = Stack(tag, shared)(x)
    return keras.Model(given, x)


class Wasteful(layers.Layer):
    """Has a weight and a layer that lead to nothing, and cannot always be followed."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.idle = layers.Dense(4)
        self.used = layers.Dense(4)
        self.lost = self.add_weight(shape=(3,))

    def build(self, shape):
        self.idle.build(shape)

    def call(self, x):
        return self.used(x) + ops.stop_gradient(self.lost.value[0])


class Torn(layers.Layer):
    """Cannot be followed: Python decides by the data."""

    def call(self, x):
        return x if ops.sum(x) > 0 else -x

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


def build_wasteful(count=3):
    x = given = keras.Input((4,))
    torn = Torn()
    for _ in range(count):
        x = Wasteful()(Torn()(torn(x)))
    return keras.Model(given, x)


def build_causal():
    given, mask = keras.Input((6, 5, 4), name="given"), keras.Input((6, 5, 5), name="mask")
    x = layers.MultiHeadAttention(2, 4, name="one")(given, given, use_causal_mask=True)
    x = layers.MultiHeadAttention(2, 4, name="two")(x, x, attention_mask=mask)
    return keras.Model([given, mask], ops.dot_product_attention(x, x, x, is_causal=True))
