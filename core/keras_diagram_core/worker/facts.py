"""The few facts about a layer or operation that pictures show, as plain data."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable
from numbers import Complex
from typing import Any

from keras_diagram_core.graph import Fact, Shape
from keras_diagram_core.worker.settings import settings_of
from keras_diagram_core.worker.values import plain_value

FACTS = (
    "filters",
    "units",
    "kernel_size",
    "strides",
    "padding",
    "cropping",
    "dilation_rate",
    "groups",
    "depth_multiplier",
    "rate",
    "pool_size",
    "size",
    "interpolation",
    "num_heads",
    "key_dim",
    "head_dim",
    "num_query_heads",
    "num_key_value_heads",
    "input_dim",
    "output_dim",
    "axis",
    "axes",
    "equation",
    "subscripts",
    "target_shape",
    "data_format",
    "return_sequences",
    "return_state",
    "dims",
    "n",
    "x_min",
    "x_max",
    "newshape",
    "repeats",
    "pad_width",
)


def public_module(operation: Any) -> str:
    """Give the module that people import a class from: keras.layers, not keras.src.layers.core."""
    module: str = type(operation).__module__
    inside = module.removeprefix("keras.src.")
    return module if inside == module else f"keras.{inside.partition('.')[0]}"


def shape_of(tensor: Any) -> Shape:
    """Give a tensor's shape, batch included."""
    return tuple(None if size is None else int(size) for size in tensor.shape)


def count(weights: Iterable[Any]) -> int:
    """Count the numbers in some variables, from their shapes alone."""
    return sum(math.prod(weight.shape) for weight in weights)


def config_of(operation: Any) -> dict[str, Fact]:
    """Read the facts that an operation has; a wrapper shows those of the layer it wraps too."""
    config = {name: fact for name in FACTS if (fact := _plain(_read(operation, name))) is not None}
    config |= {**_unusual(operation, config), **_exceptions(operation)}
    activation = _activation_name(_read(operation, "activation"))
    if activation and activation != "linear":
        config["activation"] = activation
    wrapped = _wrapped(operation)
    if wrapped is None:
        return config
    backward = _read(operation, "backward_layer")
    found = around(config, wrapped, config_of(wrapped))
    if backward is None:
        return found
    return _both(found, around(config, backward, config_of(backward)))


def around(config: dict[str, Fact], wrapped: Any, inner: dict[str, Fact]) -> dict[str, Fact]:
    """Add to the facts of a wrapper those of the layer inside, and its class.

    If that wraps a layer too, the classes are a chain: `Bidirectional(LSTM)`.
    """
    name = type(wrapped).__name__
    chain = f"{name}({inner['wraps']})" if "wraps" in inner else name
    return {**inner, **config, "wraps": chain}


def _both(forward: dict[str, Fact], backward: dict[str, Fact]) -> dict[str, Fact]:
    """Return what is true of both directions; layers that differ are both named.

    That one of them goes backwards is what `Bidirectional` says already.
    """
    forward, backward = (
        {name: fact for name, fact in facts.items() if name != "go_backwards"}
        for facts in (forward, backward)
    )
    if forward == backward:
        return forward
    shared = {name: fact for name, fact in forward.items() if backward.get(name) == fact}
    return {**shared, "wraps": f"{forward['wraps']}, {backward['wraps']}"}


def _exceptions(operation: Any) -> dict[str, Fact]:
    """Read what is worth telling only where it is not as usual."""
    usual = {
        "optional": False,
        "sparse": False,
        "ragged": False,
        "use_gate": False,
        "negative_slope": 0.0,
        "attention_axes": (1,),
        "value_dim": _read(operation, "key_dim"),
    }
    found = {name: _plain(_read(operation, name)) for name in usual}
    if found["use_gate"] is None:  # MultiHeadAttention keeps it to itself
        found["use_gate"] = _plain(_read(operation, "_use_gate"))
    facts = {
        name: fact for name, fact in found.items() if fact is not None and fact != usual[name]
    }
    if _read(operation, "is_causal") is True:  # as the operation calls it
        facts["use_causal_mask"] = True
    mode = _quantization(operation)
    return {**facts, "quantization": mode} if mode else facts


def _unusual(operation: Any, known: Container[str]) -> dict[str, Fact]:
    """Read what else a layer of Keras was told, but for what it does by itself."""
    if public_module(operation) != "keras.layers":
        return {}
    facts: dict[str, Fact] = {}
    for name, usual in settings_of(type(operation)).items():  # type: ignore[arg-type]
        value = _read(operation, name)
        value = _read(operation, f"_{name}") if value is None else value  # kept to itself
        fact = _activation_name(value) if name.endswith("activation") else _plain(value)
        if name not in known and fact is not None and fact != _plain(usual):
            facts[name] = fact
    return facts


def _quantization(operation: Any) -> str:
    """Name how an operation is quantized; Keras' layers of layers are by their parts."""
    composite = public_module(operation) == "keras.layers"
    parts = operation._flatten_layers() if composite else [operation]
    modes = {_read(part, "quantization_mode") for part in parts} - {None}
    mode = modes.pop() if len(modes) == 1 else ""
    return mode if isinstance(mode, str) else ""


def _wrapped(operation: Any) -> Any:
    """Give the layer inside a TimeDistributed, a Bidirectional and the like, or an RNN's cell."""
    if not public_module(operation).startswith("keras."):
        return None
    inner = _read(operation, "forward_layer") or _read(operation, "layer")
    if type(operation).__name__ == "RNN":
        inner = _read(operation, "cell")
    return inner if hasattr(inner, "_inbound_nodes") else None


def _read(operation: Any, name: str) -> Any:
    try:
        return getattr(operation, name, None)
    except Exception:  # noqa: BLE001  (a property of the user's layer may raise anything)
        return None


def _plain(value: Any) -> Fact | None:
    """Give a simple value, a flat tuple of whole numbers and words, or nothing."""
    if value is None:  # most of them
        return None
    if isinstance(value, (tuple, list)):
        return _plain_tuple(value)
    plain = plain_value(value)
    is_known = not isinstance(value, Complex) or isinstance(plain, (int, float))
    return plain if is_known else None


def _plain_tuple(value: Iterable[Any]) -> tuple[int | str | None, ...] | None:
    """Flatten ((1, 2), (3, 4)), which is how paddings are kept, to (1, 2, 3, 4)."""
    items: list[int | str | None] = []
    for item in value:
        if isinstance(item, (tuple, list)):
            inner = _plain_tuple(item)
            if inner is None:
                return None
            items.extend(inner)
            continue
        plain = plain_value(item)
        if isinstance(plain, float) or (plain is None and item is not None):
            return None
        items.append(int(plain) if isinstance(plain, bool) else plain)
    return tuple(items)


def _activation_name(activation: Any) -> str:
    """Name an activation, whether it is a word, a function or a layer."""
    if activation is None or isinstance(activation, str):
        return activation or ""
    function = getattr(activation, "func", activation)  # of a partial
    name: str = getattr(function, "__name__", None) or type(activation).__name__
    return name.strip("<>")
