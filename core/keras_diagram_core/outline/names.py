"""Names: which of them a person wrote, and what several have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import takewhile

from keras_diagram_core.graph import Node

_NUMBERED = re.compile(r"(\d+)([a-z]?)(?=[_\-./])")
_TOKENS = re.compile(r"[_\-./]")


def is_automatic(node: Node) -> bool:
    """Whether Keras chose the name of a node: its class in snake case, and a number."""
    return re.fullmatch(rf"{re.escape(_snake(node.type))}(_\d+)?(@\d+)?", node.name) is not None


def numbered_prefixes(name: str) -> list[str]:
    """Return the prefixes of a name that end with a number, as `block2` and `block2a`."""
    found = []
    for match in _NUMBERED.finditer(name):
        if match[2]:
            found.append(name[: match.end(1)])
        found.append(name[: match.end()])
    return found


def plain_prefix(one: str, other: str) -> str:
    """Return the words that two names begin with, if they have no number and are no operation."""
    shared = []
    for a, b in zip(tokens(one)[:-1], tokens(other)[:-1], strict=False):
        if a != b:
            break
        shared.append(a)
    if (
        not shared
        or any(re.search(r"\d", word) for word in shared)
        or OPERATIONS.issuperset(shared)
    ):
        return ""
    return one[: one.index(shared[-1], len("_".join(shared[:-1]))) + len(shared[-1])]


OPERATIONS = frozenset(
    {
        "conv",
        "conv1d",
        "conv2d",
        "dense",
        "fc",
        "bn",
        "batch",
        "norm",
        "relu",
        "act",
        "activation",
        "add",
        "pool",
        "max",
        "avg",
    }
    | {
        "average",
        "global",
        "up",
        "concat",
        "dropout",
        "layer",
        "embedding",
        "embeddings",
        "pad",
        "dw",
        "pw",
        "linear",
        "output",
    }
)
"""Words of names that say what a layer does, and not of what it is a part."""


def tokens(name: str) -> list[str]:
    """Return the words of a name."""
    return [token for token in _TOKENS.split(name) if token]


def common_stem(names: Iterable[str]) -> str:
    """Return what names that differ in a number have in common."""
    stem = _beginning([without_call(name) for name in names])
    return re.sub(r"\d+$", "", stem).rstrip("_-. ")


def common_words(names: Collection[str]) -> str:
    """Return the words that several names begin with."""
    if len(names) < 2:
        return ""
    stem = _beginning(names)
    cut = max(stem.rfind(mark) for mark in "_-./")
    return stem[: cut + 1] if cut > 0 and not re.search(r"\d", stem[:cut]) else ""


def without_call(name: str) -> str:
    """Return the name of a scope without the number of its call: `tower` for `tower@2`."""
    return name.partition("@")[0]


def _snake(class_name: str) -> str:
    """Return what Keras calls a layer of a class (`keras.src.utils.naming.to_snake_case`)."""
    name = re.sub(r"\W+", "", class_name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _beginning(names: Iterable[str]) -> str:
    """Return the characters that all names begin with."""
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*names, strict=False))
    return "".join(column[0] for column in columns)
