"""Which family a node belongs to: what it does, by its class and by what it wraps."""

from __future__ import annotations

import re
from functools import lru_cache

from keras_diagram_core.graph import Node

# The first pattern that a class name matches decides; names of user classes count as well.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (family, re.compile(pattern))
    for family, pattern in (
        ("io", r"^(InputLayer|ModelOutput)$"),
        ("attention", r"Attention"),
        ("pool", r"Pool"),
        ("recurrent", r"LSTM|GRU|RNN|Bidirectional|TimeDistributed"),
        ("conv", r"Conv"),
        ("norm", r"Norm"),
        ("embedding", r"Embedding"),
        ("merge", r"^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate|Dot|Divide)$"),
        ("dropout", r"Dropout|GaussianNoise|ActivityRegularization|StochasticDepth|DropPath"),
        (
            "activation",
            (
                r"^Activation$|LU\d*$|[EGei]lu\d*$|Soft(max|plus|sign)|Sigmoid|Swish|Tanh"
                r"|^Sparsemax$|^SparsePlus$|^Squareplus$|^(Soft|Hard)Shrink$|^Threshold$"
            ),
        ),
        ("dense", r"Dense|^MatMul$|^Matmul$|^Einsum$"),
        (
            "reshape",
            (
                r"^(Flatten|Reshape|Permute|RepeatVector|Masking|GetItem|Transpose|Squeeze|Stack|Split"
                r"|ExpandDims|Pad|BroadcastTo|Cast|Resizing)$|^Cropping|^ZeroPadding|^UpSampling"
            ),
        ),
    )
)


@lru_cache(maxsize=1024)
def family_of(type_: str) -> str:
    """Return the family of a class name; `other` for what nobody knows."""
    return next((family for family, pattern in _PATTERNS if pattern.search(type_)), "other")


def family(node: Node) -> str:
    """Return the family of a node: a wrapper has that of what it wraps.

    Where that is none that says something, what runs step by step is recurrent all the same.
    """
    own = family_of(node.type)
    if node.wrapped is None:
        return own
    inner = family(node.wrapped)
    if inner not in {"other", "merge", "io"}:
        return inner
    return own if own == "recurrent" else "other"
