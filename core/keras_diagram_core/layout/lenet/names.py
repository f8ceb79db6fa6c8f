"""Names: what a unit is, in the words that captions of figures use."""

from __future__ import annotations

import re

from keras_diagram_core.describe import class_name
from keras_diagram_core.graph import Node
from keras_diagram_core.outline.phrases import function_name, short_name
from keras_diagram_core.text import clean

_STEMS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"^InputLayer$", "Input"),
        (r"^GlobalAverageP", "Global average pooling"),
        (r"^GlobalMaxP", "Global max pooling"),
        (r"^AveragePooling", "Average pooling"),
        (r"^MaxPooling", "Max pooling"),
        (r"^SeparableConv", "Separable convolution"),
        (r"^DepthwiseConv", "Depthwise convolution"),
        (r"^Conv\dDTranspose$", "Transposed convolution"),
        (r"^Conv\dD$", "Convolution"),
        (r"^UpSampling", "Upsampling"),
        (r"^ZeroPadding", "Zero padding"),
        (r"^Cropping", "Cropping"),
        (r"^BatchNormalization$", "Batch normalization"),
        (r"^LayerNormalization$", "Layer normalization"),
        (r"^GroupNormalization$", "Group normalization"),
        (r"^(MultiHead|GroupedQuery)Attention$", "Attention"),
        (r"^GetItem$", "Slice"),
        (r"^RepeatVector$", "Repeat"),
    )
)
_WRAPPERS = {
    "Bidirectional": "Bidirectional {}",
    "SpectralNormalization": "{}, spectral norm",
    "TimeDistributed": "{} per step",
}


def long_name(node: Node) -> str:
    """Say what a node does, like `Convolution 3×3` or `Max pooling 2×2`."""
    if node.type in _WRAPPERS and node.wrapped is not None:
        return clean(_WRAPPERS[node.type].format(long_name(node.wrapped)))
    if function := function_name(node):
        return function
    name = _stem(node.type)
    if name == node.type:
        return clean(class_name(node))
    return clean(" ".join(filter(None, (name, window_text(node), _stride(node)))))


def _stem(type_: str) -> str:
    return next((name for pattern, name in _STEMS if pattern.search(type_)), type_)


def window(node: Node) -> tuple[int, ...]:
    """Give the size of the window that a node moves over its input, in space; () without one."""
    for fact in ("kernel_size", "pool_size", "size"):
        found = node.config.get(fact)
        if isinstance(found, int) and not isinstance(found, bool):
            return (found,)
        if isinstance(found, tuple) and all(isinstance(size, int) for size in found):
            return tuple(size for size in found if isinstance(size, int))
    return ()


def window_text(node: Node) -> str:
    """Write the window, like `3×3`."""
    return "×".join(map(str, window(node)))


def _stride(node: Node) -> str:
    """Write the stride where it is neither 1 nor the window's size."""
    strides = node.config.get("strides")
    sizes = strides if isinstance(strides, tuple) else (strides,)
    largest = max((size for size in sizes if isinstance(size, int)), default=1)
    usual = 1 if "kernel_size" in node.config else max(window(node), default=1)
    return f"/{largest}" if largest not in (1, usual) and "Transpose" not in node.type else ""


def details(main: Node, members: list[Node]) -> str:
    """List what else a unit does, in order: what was fused into it, and its own activation."""
    words = [_activation(main) if node.id == main.id else short_name(node) for node in members]
    return clean(", ".join(dict.fromkeys(filter(None, words))))


def _activation(node: Node) -> str:
    return "" if node.type == "Activation" else str(node.config.get("activation", ""))
