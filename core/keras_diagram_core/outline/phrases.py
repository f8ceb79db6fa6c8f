"""Phrases: what a node does, the way people write it in a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import Fact, Node
from keras_diagram_core.text import clean

_SHORT = {
    "InputLayer": "input",
    "ModelOutput": "output",
    "BatchNormalization": "batch norm",
    "LayerNormalization": "layer norm",
    "GroupNormalization": "group norm",
    "MultiHeadAttention": "attention",
    "GroupedQueryAttention": "attention",
    "Concatenate": "concat",
    "GetItem": "slice",
    "RepeatVector": "repeat",
    "Rescaling": "rescale",
}
_STEMS = (
    (re.compile(r"^GlobalAverageP"), "global avg pool"),
    (re.compile(r"^GlobalMaxP"), "global max pool"),
    (re.compile(r"^AverageP"), "avg pool"),
    (re.compile(r"^MaxP"), "max pool"),
    (re.compile(r"^SeparableConv"), "sep. conv"),
    (re.compile(r"^DepthwiseConv"), "dw conv"),
    (re.compile(r"^Conv\dDTranspose"), "up-conv"),
    (re.compile(r"^Conv\dD$"), "conv"),
    (re.compile(r"^UpSampling"), "upsample"),
    (re.compile(r"^ZeroPadding"), "pad"),
    (re.compile(r"^Cropping"), "crop"),
    (re.compile(r"Dropout"), "dropout"),
)
_PLAIN = {"Dense", "Flatten", "Reshape", "Permute", "Embedding", "Add", "Subtract", "Multiply"}
_PLAIN |= {"Average", "Maximum", "Minimum", "Dot", "Softmax", "Attention"}

_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")

_WRAPPERS = {
    "Bidirectional": "bidirectional {}",
    "SpectralNormalization": "{}, spectral norm",
    "TimeDistributed": "{} per step",
}


class Phrase(NamedTuple):
    """The parts of what is said of a node; `more` is what tells it from others of its name."""

    name: str
    window: str = ""
    stride: str = ""
    suffix: str = ""
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it: `conv 3×3 /2, dilation 2`."""
        words = " ".join(filter(None, (self.name, self.window, self.stride, self.suffix)))
        return ", ".join((words, *self.more))

    def sized(self, size: str) -> str:
        """Say it with a number of filters or units: `3×3 conv, 64 /2`, `conv k8, 64`."""
        is_first = "conv" in self.name and "×" in self.window
        words = (self.window, self.name) if is_first else (self.name, self.window)
        name = " ".join(filter(None, (*words, self.suffix)))
        if is_first or not self.stride:
            head = f"{name}, {size}" if size else name
            head = " ".join(filter(None, (head, self.stride)))
        else:
            head = ", ".join(filter(None, (f"{name} {self.stride}", size)))
        return ", ".join((head, *self.more))


def phrase(node: Node) -> Phrase:
    """Say what a node does."""
    if node.type in _WRAPPERS and node.wrapped:
        return _wrapped(phrase(node.wrapped), _WRAPPERS[node.type], node)
    if function := function_name(node):
        return Phrase(function)
    stem = next((name for pattern, name in _STEMS if pattern.search(node.type)), None)
    plain = node.type.lower() if node.type in _PLAIN else node.type
    name = clean(stem or _SHORT.get(node.type, plain))
    return Phrase(name, _window(node, name), _stride(node, name), more=tuple(_more(node, name)))


def short_name(node: Node) -> str:
    """Say what a node does in a few words, like `conv 3×3 /2`."""
    return phrase(node).text


def function_name(node: Node) -> str:
    """Name the activation function that is all that a node does, like `leaky_relu`; else empty."""
    if node.type == "Activation":
        return clean(str(node.config.get("activation", "activation")))
    if node.module == "keras.ops" and family(node) == "activation":
        return _INSIDE.sub("_", node.type).lower()
    return ""


def _wrapped(inner: Phrase, pattern: str, node: Node) -> Phrase:
    before, after = pattern.split("{}")
    if after.startswith(","):
        return inner._replace(name=before + inner.name, more=(*inner.more, after[2:]))
    mode = node.config.get("merge_mode", "concat")
    more = (*inner.more, str(mode)) if mode != "concat" else inner.more
    suffix = " ".join(filter(None, (inner.suffix, after.strip())))
    return inner._replace(name=before + inner.name, suffix=suffix, more=more)


def _window(node: Node, name: str) -> str:
    """Write what a convolution or pooling looks at: `3×3`, `k8`; a usual one needs no words."""
    if "conv" in name:
        return _size(node.config.get("kernel_size"))
    window = node.config.get("pool_size", node.config.get("size"))
    if not isinstance(window, tuple) or not (set(window) - {2} or _stride(node, name)):
        return ""
    return _size(window)


def _size(window: Fact | None) -> str:
    if not isinstance(window, tuple):
        return ""
    return f"k{window[0]}" if len(window) == 1 else "×".join(map(str, window))


def _stride(node: Node, name: str) -> str:
    """Write by how much a window moves, if that is not as usual: for pooling, by its size."""
    strides = node.config.get("strides")
    if not isinstance(strides, tuple) or "Transpose" in node.type:
        return ""
    usual = (1,) * len(strides) if "conv" in name else node.config.get("pool_size", strides)
    largest = max((n for n in strides if isinstance(n, int)), default=1)
    return f"/{largest}" if strides != usual else ""


def _more(node: Node, name: str) -> Iterator[str]:
    """Say what tells a layer from others of its name and window."""
    facts = node.config
    dilation = facts.get("dilation_rate")
    rates = set(dilation) if isinstance(dilation, tuple) else set()
    if "conv" in name and rates - {1}:
        same = len(rates) == 1
        yield f"dilation {rates.pop() if same else _size(dilation)}"
    for fact, unit in (("groups", "{} groups"), ("depth_multiplier", "multiplier {}")):
        number = facts.get(fact)
        if "conv" in name and isinstance(number, int) and number > 1:
            yield unit.format(number)
    if facts.get("padding") == "causal" or facts.get("use_causal_mask") is True:
        yield "causal"
    if facts.get("interpolation", "nearest") != "nearest":
        yield clean(str(facts["interpolation"]))
    if facts.get("go_backwards") is True:
        yield "backwards"
