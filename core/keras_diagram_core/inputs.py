"""What a model is called with, read from the markup: `input-shape` and `inputs`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from keras_diagram_core.errors import RequestError
from keras_diagram_core.plain import load_yaml

Size = Annotated[int, Meta(ge=1, le=2**31 - 1)] | None

_SHAPE_HINT = "Write a shape like [32, 32, 3], without the batch; null is unknown."
_INPUTS_HINT = "Write it like {tokens: {shape: [128], dtype: int32}}."


class InputSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tensor to call a model with: its shape without the batch dimension, None unknown.

    The name of one in a structure is its path: `context.tokens`, `pair.0`. In a list of one it is
    `0`; lists of several have no names, as they may be several arguments, too.
    """

    shape: Annotated[tuple[Size, ...], Meta(max_length=64)]  # NumPy takes no more
    dtype: str = ""
    name: str = ""


def parse_inputs(shapes: Any, inputs: Any) -> tuple[InputSpec, ...]:
    """Read the options `input-shape` and `inputs`, of which one diagram has at most one.

    Args:
        shapes: a shape, a list of shapes, a mapping of names to shapes, or text of those.
        inputs: a mapping of names to `{shape, dtype}`, a list of those, or text. Both
            mappings may be nested.

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
    complaint = f"The {option} cannot be read"
    try:
        found = load_yaml(text, complaint)
        return load_yaml(f"[{text}]", complaint) if isinstance(found, (str, int)) else found
    except RequestError as error:
        raise RequestError(error.message, hint=_SHAPE_HINT) from None


def _from_shapes(value: Any) -> tuple[InputSpec, ...]:
    if isinstance(value, Mapping):
        found = _paths("", value, lambda each: not _has_inside(each))
        return tuple(_spec({"name": name, "shape": shape}) for name, shape in found)
    if _has_inside(value):
        return _listed({"shape": shape} for shape in value)
    return (_spec({"shape": value}),)


def _has_inside(value: Any) -> bool:
    """Say whether a value is several shapes and not one."""
    if isinstance(value, Mapping):
        return True
    parts = value if isinstance(value, (list, tuple)) else ()
    return any(isinstance(part, (list, tuple, Mapping)) for part in parts)


def _from_inputs(value: Any) -> tuple[InputSpec, ...]:
    if isinstance(value, Mapping) and not _is_input(value):
        return tuple(_spec(_named(*found)) for found in _paths("", value, _is_input))
    if isinstance(value, (list, tuple)):
        return _listed(value)
    return (_spec(value),)


def _listed(values: Iterable[Any]) -> tuple[InputSpec, ...]:
    """Read a list; one of a single input says by its name that it is a list."""
    found = tuple(map(_spec, values))
    only = found[0] if len(found) == 1 else None
    return (replace(only, name="0"),) if only is not None and not only.name else found


def _is_input(value: Any) -> bool:
    """Say whether a value stands for one tensor, and is no mapping or list of others."""
    if isinstance(value, Mapping):
        return "shape" in value and not isinstance(value["shape"], Mapping)
    return not isinstance(value, (list, tuple))


def _paths(path: str, value: Any, is_leaf: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    """Give what is in a structure, with its path: keys and places, with dots between."""
    if is_leaf(value):
        yield path, value
        return
    for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
        yield from _paths(f"{path}.{key}" if path else str(key), inner, is_leaf)


def _named(name: str, value: Any) -> Any:
    return {**value, "name": name} if isinstance(value, Mapping) else value


def _spec(value: Any) -> InputSpec:
    try:
        return msgspec.convert(value, InputSpec)
    except msgspec.ValidationError as error:
        hint = _SHAPE_HINT if "shape" in str(error) else _INPUTS_HINT
        raise RequestError(f"Not an input: {error}.", hint=hint) from None
