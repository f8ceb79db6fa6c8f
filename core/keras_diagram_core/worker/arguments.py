"""What an operation was called with: the roles of its tensors, and the rest as facts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from keras_diagram_core.graph import Fact
from keras_diagram_core.worker.values import plain_value

_NUMBERED = re.compile(r"[a-z]+\d+")
_ATTENTION = ("query", "value", "key")
_UNREMARKABLE = {"training", "mask"}
_MOST_ITEMS = 64


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


def parameters_of(operation: Any) -> Sequence[inspect.Parameter]:
    """Return the parameters of an operation's `call`."""
    function = getattr(operation.call, "__func__", None)
    return _parameters(operation.call) if function is None else _parameters(function)[1:]


@lru_cache(maxsize=1024)
def _parameters(function: Any) -> Sequence[inspect.Parameter]:
    return tuple(inspect.signature(function).parameters.values())


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
    parameters = parameters_of(operation)
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
    facts = [_fact(value) for value in values if _array(value)]
    return ", ".join(str(fact) for fact in facts if fact is not None) or None


def _fact(value: Any) -> Fact | None:
    if value is None:
        return None
    if isinstance(value, slice) or value is Ellipsis:
        return _text(value)
    if isinstance(value, (tuple, list)):
        return _sequence(value)
    plain = plain_value(value)
    if plain is False:
        return None
    return _array(value) if plain is None else plain


def _sequence(values: Sequence[Any]) -> Fact | None:
    """Give whole numbers and words as they are, other short sequences as text."""
    if len(values) > _MOST_ITEMS:
        return str(len(values))  # as an array of that many numbers
    plain = [plain_value(value) for value in values]
    if all(isinstance(item, (int, str)) for item in plain):
        return tuple(item for item in plain if isinstance(item, (int, str)))
    texts = [_text(value) for value in values]
    return ", ".join(text for text in texts if text) if all(texts) else None


def _text(value: Any) -> str:
    """Write a part of an index, or of a sequence, as in Python: `1:`, `::2`, `...`, `(0, 1)`."""
    if value is None or value is Ellipsis:
        return "..." if value is Ellipsis else "None"
    if isinstance(value, slice):
        parts = ["" if part is None else _text(part) or "?" for part in _parts(value)]
        return ":".join(parts[: 3 if parts[2] else 2])
    if isinstance(value, (tuple, list)):
        texts = [_text(item) for item in value[:_MOST_ITEMS]]
        return f"({', '.join(texts)})" if all(texts) else ""
    plain = plain_value(value)
    return str(_array(value) or "") if plain is None else str(plain)


def _parts(value: slice) -> tuple[Any, Any, Any]:
    return value.start, value.stop, value.step


def _array(value: Any) -> str | None:
    """Describe an array or tensor by its shape."""
    import keras

    shape = getattr(value, "shape", None)
    if isinstance(value, keras.KerasTensor) or shape is None:
        return None
    try:
        return "×".join("?" if size is None else str(size) for size in tuple(shape)) or "scalar"
    except (TypeError, ValueError):  # a tensor whose rank is unknown
        return None
