"""What an operation was called with: the roles of its tensors, and the rest as facts."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from keras_diagram_core.graph import Fact

_NUMBERED = re.compile(r"[a-z]+\d+")
_ATTENTION = ("query", "value", "key")
_UNREMARKABLE = {"training", "mask"}


class Argument(NamedTuple):
    """One argument of a call, under the name of the parameter that took it."""

    name: str
    value: Any


def arguments_of(call: Any) -> list[Argument]:
    """Give the arguments of a call in the order in which Keras lists its tensors."""
    args, kwargs = call.arguments.args, call.arguments.kwargs
    names = _positional_names(call.operation, len(args))
    keyed = [Argument(name, kwargs[name]) for name in sorted(kwargs)]
    return [*map(Argument, names, args), *keyed]


def roles_of(call: Any) -> list[str]:
    """Say what the operation calls each of its tensors, where it tells several apart.

    These are the names of its parameters, or of the keys in one dictionary. `x1` and `x2`
    say no more than the order of the tensors, which is there anyway.
    """
    tensors = call.input_tensors
    if len(tensors) < 2:
        return [""] * len(tensors)
    found = [(argument, _flat_tensors(argument.value)) for argument in arguments_of(call)]
    given = [(argument, inside) for argument, inside in found if inside]
    if sum(len(inside) for _, inside in given) < len(tensors):  # functions take more from around
        return [""] * len(tensors)
    if len({argument.name for argument, _ in given}) == 1:
        return _roles_in_one(call.operation, given[0][0].value, len(tensors))
    return [_telling(argument.name) for argument, inside in given for _ in inside]


def constants_of(call: Any) -> dict[str, Fact]:
    """Give what else went into a call: numbers as they are, arrays and weights as shapes."""
    args, kwargs = call.arguments.args, call.arguments.kwargs
    if len(args) == 1 and not kwargs and any(args[0] is each for each in call.input_tensors):
        return {}  # as most calls
    named = [(name, _constant(value)) for name, value in arguments_of(call)]
    return {name: fact for name, fact in named if fact is not None and name not in _UNREMARKABLE}


def variables_of(call: Any) -> list[Any]:
    """Give the weights that went into a call as its arguments, as in `x * self.scale`."""
    import keras

    flat = keras.tree.flatten((call.arguments.args, call.arguments.kwargs))
    return [value for value in flat if isinstance(value, keras.Variable)]


def functions_of(call: Any) -> list[Any]:
    """Give the functions that an operation was made or called with, as `ops.cond` is."""
    import keras

    if isinstance(call.operation, keras.Layer):
        return []
    flat = keras.tree.flatten((call.arguments.args, call.arguments.kwargs))
    return [value for value in (*flat, *vars(call.operation).values()) if inspect.isroutine(value)]


def closed_over(call: Any) -> list[Any]:
    """Give the symbolic tensors that the functions of a call take from around them."""
    given = {id(tensor) for tensor in call.input_tensors}
    found: dict[int, Any] = {}
    seen: set[int] = set()
    todo = functions_of(call)
    while todo:
        function = todo.pop(0)
        if id(function) in seen:
            continue
        seen.add(id(function))
        around = _around(function)
        found.update((id(value), value) for value in _flat_tensors(around))
        todo += [value for value in _leaves(around) if inspect.isroutine(value)]
    return [tensor for key, tensor in found.items() if key not in given]


def _around(function: Any) -> list[Any]:
    """Give what a function has from where it was written: its closure and its defaults."""
    try:
        cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    except ValueError:  # a variable that has no value yet
        cells = []
    return [*cells, *(getattr(function, "__defaults__", None) or ())]


def _positional_names(operation: Any, count: int) -> list[str]:
    if not count:
        return []
    parameters = list(inspect.signature(operation.call).parameters.values())
    names = [parameter.name for parameter in parameters]
    for index, parameter in enumerate(parameters):
        if parameter.kind is parameter.VAR_POSITIONAL:
            names[index:] = [parameter.name] * count
    return (names + [""] * count)[:count]


def _roles_in_one(operation: Any, value: Any, count: int) -> list[str]:
    """Tell apart the tensors in a single argument."""
    import keras

    if isinstance(operation, keras.layers.Attention) and count <= len(_ATTENTION):
        return list(_ATTENTION[:count])
    if isinstance(value, dict) and len(value) == count:
        return sorted(map(str, value))
    return [""] * count


def _telling(name: str) -> str:
    return "" if _NUMBERED.fullmatch(name) else name


def _flat_tensors(value: Any) -> list[Any]:
    import keras

    if isinstance(value, keras.KerasTensor):
        return [value]
    return [item for item in keras.tree.flatten(value) if isinstance(item, keras.KerasTensor)]


def _constant(value: Any) -> Fact | None:
    if isinstance(value, (list, dict)) and _flat_tensors(value):
        return _texts(_leaves(value))
    if isinstance(value, tuple) and _flat_tensors(value):
        return _texts(value)
    return _fact(value)


def _leaves(value: Any) -> list[Any]:
    import keras

    flat: list[Any] = keras.tree.flatten(value)
    return flat


def _texts(values: Iterable[Any]) -> str | None:
    """Describe the arrays among tensors."""
    facts = [_array(value) for value in values if not _flat_tensors(value)]
    return ", ".join(str(fact) for fact in facts if fact is not None) or None


def _fact(value: Any) -> Fact | None:
    if value is None or value is False:
        return None
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, slice) or value is Ellipsis:
        return _index(value)
    if isinstance(value, (tuple, list)):
        return _sequence(value)
    return _array(value)


def _sequence(values: Sequence[Any]) -> Fact | None:
    if all(isinstance(value, (int, str)) for value in values):
        return tuple(values)
    if any(isinstance(value, slice) or value is Ellipsis for value in values):
        return ", ".join(map(_index, values))
    return None


def _index(value: Any) -> str:
    """Write an index as in Python: `1:`, `::2`, `...`."""
    if value is Ellipsis:
        return "..."
    if not isinstance(value, slice):
        return str(value)
    start, stop, step = (
        "" if part is None else part for part in (value.start, value.stop, value.step)
    )
    return f"{start}:{stop}" if step == "" else f"{start}:{stop}:{step}"


def _array(value: Any) -> Fact | None:
    """Describe an array or tensor by its shape, and a single number by its value."""
    import keras

    shape = getattr(value, "shape", None)
    if isinstance(value, keras.KerasTensor) or shape is None:
        return None
    try:
        sizes = tuple(shape)
        return "×".join("?" if size is None else str(size) for size in sizes) or _number(value)
    except (TypeError, ValueError):  # a tensor whose rank is unknown
        return None


def _number(value: Any) -> Fact:
    """Give the value of an array without dimensions, where it has one already."""
    try:
        number = value.item() if hasattr(value, "item") else value.numpy().item()
    except Exception:  # noqa: BLE001  (a symbolic tensor of a backend, or an untouched weight)
        return "scalar"
    return number if isinstance(number, (bool, int)) else float(number)
