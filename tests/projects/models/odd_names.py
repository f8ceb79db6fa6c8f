"""Models with names, texts and arguments that no page, XML or TeX file can have."""

import keras
from keras import layers

NAMES = (
    "bell\x07 and nul\x00",
    "escape \x1b[31mred\x1b[0m",
    "two\nlines\tand a tab",
    "]]> & <b> \"quoted\" 'too' --> %",
    "surrogate \ud800 alone",
    "no character \ufffe \uffff \U0001ffff",
    "right \u202eto left \u2066isolated",
    "c1 \x9b2J \x85 \u2028 next",
    "$\\math_{x}^2 \\input{secret} # ~",
    "é 模型 \N{GREEK SMALL LETTER ALPHA} 🙂",
    "one\x01",
    "one\x02",
    "long" * 25_000,
)


class Takes(keras.Operation):
    """Is called with arguments of any name."""

    def call(self, x, **kwargs):
        return x

    def compute_output_spec(self, x, **kwargs):
        return keras.KerasTensor(x.shape, x.dtype)


def build():
    """Have every name in all places: of layers, classes, models, arguments, inputs, outputs."""
    x = inputs = keras.Input((4,), name="in \x00 put")
    for name in NAMES:
        allowed = name.replace("\0", "").encode("utf-8", "ignore").decode()
        kind = type(f"Kind {allowed}", (layers.Dense,), {"__module__": f"module {name}"})
        x = kind(4, name=name)(x)
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="d\x01")], name="in\x01ner")
    x = inner(inner(x))
    x = Takes(name="takes\x03")(x, **{"key \x04\ud800": "value \x05\ud800", "y" * 9000: "z" * 9000})
    named = {"out \x06": x, "other \u202e": layers.Add(name="sum\x0b")([x, x])}
    return keras.Model({"in \x00 put": inputs}, named, name="model \x08 ]]> \ud800" + "m" * 9000)


def write(index, layer):
    """Write what the layer is called on it, and more."""
    return f"{layer.name}\n\x07{index}", bool(index % 2)


def fails():
    """Quote such a name in a message."""
    raise ValueError(NAMES[-1] + NAMES[0])
