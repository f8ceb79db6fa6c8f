"""What a model is called with, read from the markup: `input-shape` and `inputs`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec
import yaml
from msgspec import Meta, Struct

from keras_diagram_core.errors import RequestError

Size = Annotated[int, Meta(ge=1)] | None

_SHAPE_HINT = "Write a shape like [32, 32, 3], without the batch; null is unknown."
_INPUTS_HINT = "Write it like {tokens: {shape: [128], dtype: int32}}."


class InputSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tensor to call a model with: its shape without the batch dimension, None unknown."""

    shape: tuple[Size, ...]
    dtype: str = ""
    name: str = ""


def parse_inputs(shapes: Any, inputs: Any) -> tuple[InputSpec, ...]:
    """Read the options `input-shape` and `inputs`, of which one diagram has at most one.

    Args:
        shapes: a shape, a list of shapes, a mapping of names to shapes, or text of those.
        inputs: a mapping of names to `{shape, dtype}`, a list of those, or text.

    Raises:
        RequestError: what is neither.
    """
    if shapes is not None and inputs is not None:
        raise RequestError("A diagram has either input-shape or inputs.", hint="Remove one.")
    if shapes is not None:
        return _from_shapes(_plain(shapes, "input-shape"))
    return _from_inputs(_plain(inputs, "inputs")) if inputs is not None else ()


def _plain(value: Any, option: str) -> Any:
    """Read text as YAML, Python's brackets and bare lists of numbers included."""
    if not isinstance(value, str):
        return value
    text = value.strip().replace("(", "[").replace(")", "]").replace("None", "null")
    try:
        found = yaml.safe_load(text)
        return yaml.safe_load(f"[{text}]") if isinstance(found, (str, int)) else found
    except yaml.YAMLError:
        raise RequestError(f"The {option} cannot be '{value}'.", hint=_SHAPE_HINT) from None


def _from_shapes(value: Any) -> tuple[InputSpec, ...]:
    if isinstance(value, Mapping):
        return tuple(_spec({"name": name, "shape": shape}) for name, shape in value.items())
    if isinstance(value, (list, tuple)) and any(isinstance(part, (list, tuple)) for part in value):
        return tuple(_spec({"shape": shape}) for shape in value)
    return (_spec({"shape": value}),)


def _from_inputs(value: Any) -> tuple[InputSpec, ...]:
    if isinstance(value, Mapping) and "shape" not in value:
        named: Iterable[Any] = (_named(name, each) for name, each in value.items())
        return tuple(_spec(each) for each in named)
    several = value if isinstance(value, (list, tuple)) else [value]
    return tuple(_spec(each) for each in several)


def _named(name: Any, value: Any) -> Any:
    return {**value, "name": name} if isinstance(value, Mapping) else value


def _spec(value: Any) -> InputSpec:
    try:
        return msgspec.convert(value, InputSpec)
    except msgspec.ValidationError as error:
        hint = _SHAPE_HINT if "shape" in str(error) else _INPUTS_HINT
        raise RequestError(f"Not an input: {error}.", hint=hint) from None
