"""What a model or layer with a `call` of its own is called with, as symbolic tensors."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from keras_diagram_core.errors import ModelError, did_you_mean
from keras_diagram_core.graph import Shape
from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.worker.records import Record

_NOT_INPUTS = {"training", "mask"}
_CONFIG_KEYS = ("input_shape", "batch_input_shape", "batch_shape", "build_input_shape")


class Leaf(NamedTuple):
    """One tensor to come: its shape with the batch, and what is known of the rest."""

    shape: Shape
    dtype: str = ""
    name: str = ""


class InputError(ModelError):
    """What a model is called with is not known, or may not be what it takes."""


class Given(NamedTuple):
    """The arguments of a call, with leaves or symbolic tensors in it."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def tensors(self) -> list[Any]:
        """The leaves or tensors, in Keras' order."""
        return list(_leaves(self))


def ways_to_call(layer: Any, specs: Sequence[InputSpec]) -> list[Given]:
    """Give the ways in which a layer can be called with what was asked for, or what it knows.

    Raises:
        InputError: where neither says anything, or `call` does not take what was asked for.
    """
    if specs:
        return list(_from_specs(layer, specs))
    known = _known(layer)
    if known is None:
        raise InputError(
            f"The input shape of '{layer.name}' ({type(layer).__name__}) is not known.",
            hint="Give it without the batch, for example `input-shape: [32, 32, 3]`.",
        )
    return [known]


def input_hint(specs: Sequence[InputSpec]) -> str:
    """Say what to do where a model fails, perhaps due to what it was called with."""
    if not specs:
        return "If that is due to the shape or type of its input, give them as `inputs`."
    for shape in (spec.shape for spec in specs):
        if len(shape) > 1 and shape[0] is None:
            return f"The shape begins with null; leave out the batch: `{_markup(shape[1:])}`."
    shapes = " and ".join(f"`{_markup(spec.shape)}`" for spec in specs)
    ranks = " and ".join(str(len(spec.shape) + 1) for spec in specs)
    return f"It was called with {shapes}: {ranks} dimensions with the batch. Does it take others?"


def _markup(shape: Shape) -> str:
    return f"[{', '.join('null' if size is None else str(size) for size in shape)}]"


def made_symbolic(given: Given, layer: Any, numbers: frozenset[int]) -> Given:
    """Put symbolic inputs in the place of leaves.

    Args:
        given: the arguments with leaves.
        layer: what is called with them.
        numbers: which of the leaves are whole numbers, by their place.
    """
    import keras

    floats = str(getattr(layer, "input_dtype", "") or keras.config.floatx())
    made: list[Any] = []
    for place, (leaf, name) in enumerate(zip(given.tensors, _names(given, layer), strict=True)):
        dtype = leaf.dtype or ("int32" if place in numbers else floats)
        made.append(keras.Input(batch_shape=leaf.shape, dtype=dtype, name=name))
    tensors = iter(made)
    args = tuple(_replaced(value, tensors) for value in given.args)
    kwargs = {name: _replaced(given.kwargs[name], tensors) for name in sorted(given.kwargs)}
    if "training" in _parameters(layer):
        kwargs["training"] = False
    return Given(args, kwargs)


def resized(record: Record, specs: Sequence[InputSpec], model: Any) -> list[Any]:
    """Give the inputs of a functional model, in the shapes that were asked for.

    They are asked for by order, by the names of their layers, or by their keys.

    Raises:
        InputError: where the model does not take them.
    """
    inputs = record.inputs
    if not specs:
        return list(inputs)
    named = {spec.name: spec for spec in specs if spec.name and not spec.name.isdecimal()}
    both = [{key, tensor.name} for key, tensor in zip(record.input_names, inputs, strict=True)]
    found = [next((named[name] for name in names if name in named), None) for names in both]
    ordered = [spec for spec in (found if named else specs) if spec is not None]
    if len(ordered) != len(inputs) or len(specs) != len(inputs):
        raise _takes_others(f"'{model.name}'", named, record.input_names)
    return [_resized(*pair, model) for pair in zip(inputs, ordered, strict=True)]


def _resized(tensor: Any, spec: InputSpec, model: Any) -> Any:
    import keras

    shape = (tensor.shape[0], *spec.shape)
    fits = len(shape) == len(tensor.shape) and all(
        size in (None, given) for size, given in zip(tensor.shape, shape, strict=True)
    )
    if not fits:
        known = f"'{tensor.name}' of '{model.name}' has the shape {tensor.shape[1:]}"
        hint = input_hint([spec]) if spec.shape[:1] == (None,) else ""
        raise InputError(f"{known}, not {spec.shape}.", hint=hint)
    return keras.KerasTensor(shape, spec.dtype or tensor.dtype)


def _from_specs(layer: Any, specs: Sequence[InputSpec]) -> Iterator[Given]:
    names = ["" if spec.name.isdecimal() else spec.name for spec in specs]
    pairs = zip(specs, names, strict=True)
    leaves = [Leaf((None, *spec.shape), spec.dtype, name) for spec, name in pairs]
    named = {spec.name: leaf for spec, leaf in zip(specs, leaves, strict=True)}
    takes = _takes(layer)
    if "" not in named:
        yield from _by_name(layer, _nested(named), takes)
        if len(leaves) == 1 and len(takes.required) <= 1:
            yield Given((leaves[0],), {})
    elif len(takes.required) <= len(leaves) <= takes.places:
        yield Given(tuple(leaves), {})
    elif len(takes.required) <= 1 <= takes.places:
        yield Given((leaves,), {})
    else:
        raise _takes_others(_call_of(layer), {}, takes.names)


def _by_name(layer: Any, tree: Any, takes: _Takes) -> Iterator[Given]:
    """Call with names of parameters, or with one dictionary or list."""
    names = set(tree) if isinstance(tree, Mapping) else set()
    known = bool(names) and names <= _parameters(layer).keys()
    fits = bool(names) and takes.required <= names and (known or takes.more)
    if fits:
        yield Given((), tree)
    if fits and (known or not takes.places):
        return
    several = known or (len(takes.names) > 1 and not names.isdisjoint(takes.names))
    if several or len(takes.required) > 1 or not takes.places:
        raise _takes_others(_call_of(layer), names, takes.names)
    yield Given((tree,), {})


def _nested(named: Mapping[str, Leaf]) -> Any:
    """Make the structure that the names tell: `context.tokens` is in a dictionary `context`."""
    inside: dict[str, dict[str, Leaf]] = {}
    for name, leaf in named.items():
        first, _, rest = name.partition(".")
        inside.setdefault(first, {})[rest] = leaf
    made = {
        name: found[""] if found.keys() == {""} else _nested(found)
        for name, found in inside.items()
    }
    if all(name.isdecimal() for name in made):
        return [made[name] for name in sorted(made, key=int)]
    return made


def _takes_others(what: str, given: Iterable[str], names: Sequence[str]) -> ModelError:
    """Make the error that says what something takes."""
    wrong = sorted(set(given).difference(names))
    missing = "" if not wrong else f", but no '{wrong[0]}'"
    count = f"{len(names)} inputs: {', '.join(names)}" if len(names) > 1 else "".join(names)
    hint = did_you_mean(wrong[0], names) if wrong else ""
    return ModelError(f"{what} takes {count or 'no input'}{missing}.", hint=hint)


def _call_of(layer: Any) -> str:
    return f"`call` of '{type(layer).__name__}'"


def _parameters(layer: Any) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(layer.call).parameters


class _Takes(NamedTuple):
    """What a `call` takes.

    Attributes:
        names: its parameters, in their order.
        required: those that have to be given.
        places: how many arguments can be given without their name.
        more: whether it takes arguments of any name.
    """

    names: list[str]
    required: set[str]
    places: float
    more: bool


def _takes(layer: Any) -> _Takes:
    inputs = [each for name, each in _parameters(layer).items() if name not in _NOT_INPUTS]
    kinds = [each.kind for each in inputs]
    single = [each for each in inputs if each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}]
    places = sum(each.kind is not each.KEYWORD_ONLY for each in single)
    return _Takes(
        names=[each.name for each in single],
        required={each.name for each in single if each.default is each.empty},
        places=math.inf if inspect.Parameter.VAR_POSITIONAL in kinds else places,
        more=inspect.Parameter.VAR_KEYWORD in kinds,
    )


def _known(layer: Any) -> Given | None:
    """Find out what a layer was built for, or says that it takes."""
    shapes = getattr(layer, "_build_shapes_dict", None) or {}
    shapes = {name: shape for name, shape in shapes.items() if _is_structure(shape)}
    if len(shapes) > 1:
        return Given(
            (), {name.removesuffix("_shape"): _from_shape(shape) for name, shape in shapes.items()}
        )
    if hasattr(layer, "_inputs_struct"):
        return Given((_from_tensors(layer._inputs_struct),), {})
    for shape in (*shapes.values(), *_declared(layer)):
        if _is_structure(shape):
            return Given((_from_shape(shape),), {})
    return None


def _declared(layer: Any) -> Iterator[Any]:
    """Give what may be shapes, the surest first."""
    yield _try(lambda: layer.input_shape)
    yield _try(lambda: layer.input_spec.shape)
    config = _try(layer.get_config) or {}
    yield from (config.get(key) for key in _CONFIG_KEYS)
    defaults = _try(
        lambda: [each.default for each in inspect.signature(layer.build).parameters.values()]
    )
    yield from defaults or ()


def _try(function: Any) -> Any:
    try:
        return function()
    except Exception:  # noqa: BLE001  (properties and configurations of the user may raise anything)
        return None


def _is_shape(value: Any) -> bool:
    sequence = isinstance(value, (tuple, list)) and len(value) > 0
    return sequence and all(size is None or isinstance(size, int) for size in value)


def _is_structure(value: Any) -> bool:
    """Say whether a value is a shape, or several of them."""
    if _is_shape(value):
        return True
    if isinstance(value, Mapping):
        return bool(value) and all(map(_is_structure, value.values()))
    return isinstance(value, (tuple, list)) and bool(value) and all(map(_is_structure, value))


def _from_shape(value: Any) -> Any:
    if _is_shape(value):
        return Leaf((None, *value[1:]))
    if isinstance(value, Mapping):
        return {name: _from_shape(inner) for name, inner in value.items()}
    return [_from_shape(inner) for inner in value]


def _from_tensors(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _from_tensors(inner) for name, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_from_tensors(inner) for inner in value]
    # The layer's name: the tensor has one of its own only where the user gave it.
    return Leaf(tuple(value.shape), str(value.dtype), value._keras_history.operation.name)


def _leaves(value: Any) -> Iterator[Any]:
    """Give the leaves of a structure, dictionaries in the order of their keys, as Keras does."""
    if isinstance(value, Mapping):
        for name in sorted(value):
            yield from _leaves(value[name])
    elif isinstance(value, (tuple, list)) and not isinstance(value, Leaf):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, Leaf) or hasattr(value, "_keras_history"):
        yield value


def _replaced(value: Any, tensors: Iterator[Any]) -> Any:
    if isinstance(value, Leaf):
        return next(tensors)
    if isinstance(value, Mapping):
        new = {name: _replaced(value[name], tensors) for name in sorted(value)}
        return {name: new[name] for name in value}
    return [_replaced(inner, tensors) for inner in value]


def _names(given: Given, layer: Any) -> list[str]:
    """Name the inputs by what is said, else by parameter, key and place: `inputs.left.0`."""
    named = [*zip(_places(layer, len(given.args)), given.args, strict=False)]
    named += sorted(given.kwargs.items())
    single = len(named) == 1 and isinstance(named[0][1], Mapping)
    return [
        leaf.name or path
        for name, value in named
        for path, leaf in _paths("" if single else name, value)
    ]


def _places(layer: Any, count: int) -> list[str]:
    """Name the positional arguments by their parameters, those of `*inputs` by number too."""
    names: list[str] = []
    for name, parameter in _parameters(layer).items():
        if parameter.kind is parameter.VAR_POSITIONAL and count > 1:
            names += [f"{name}.{place}" for place in range(count)]
        elif name not in _NOT_INPUTS:
            names.append(name)
    return names


def _paths(path: str, value: Any) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, Leaf):
        yield path, value
        return
    keys: Any = sorted(value) if isinstance(value, Mapping) else range(len(value))
    for key in keys:
        yield from _paths(f"{path}.{key}".lstrip("."), value[key])
