"""The calls inside a model as Keras has recorded them, in one form for every kind of model.

The truth is in a functional model's `_nodes_by_depth`: one record for each call, with the
tensors that went in and came out. (`model.layers` misses operations such as `x + y`.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from keras_diagram_core.worker.lambdas import is_lambda


class Record(NamedTuple):
    """The calls inside a model or composite layer, in an order in which they can run.

    Attributes:
        inputs: symbolic tensors.
        outputs: symbolic tensors; None where one does not depend on an input.
        calls: Keras' records.
        input_names: what the model calls its inputs.
        output_names: what the model calls its outputs.
        names: what to call an operation, by its `id()`, where that is not its name.
        takes_dict: whether tensors are given by their keys.
        passing: the calls, by their `id()`, that hand on their tensor as it is: no nodes.
        constants: the places of outputs that are tensors, but made of constants alone.
    """

    inputs: Sequence[Any]
    outputs: Sequence[Any]
    calls: Sequence[Any]
    input_names: Sequence[str]
    output_names: Sequence[str]
    names: Mapping[int, str] = {}
    takes_dict: bool = False
    passing: frozenset[int] = frozenset()
    constants: frozenset[int] = frozenset()


def recorded(operation: Any) -> Record | None:
    """Give the records of a functional or built sequential model, None for all else."""
    functional = functional_of(operation)
    if functional is None:
        return None
    inputs = [tensor._keras_history.operation.name for tensor in functional.inputs]
    return Record(
        inputs=functional.inputs,
        outputs=functional.outputs,
        calls=list(_in_order(functional)),
        input_names=named_by_keys(functional._inputs_struct, inputs),
        output_names=named_by_keys(functional._outputs_struct, _output_names(functional)),
        takes_dict=isinstance(functional._inputs_struct, dict),
    )


def functional_of(operation: Any) -> Any:
    """Give the functional model that holds an operation's records, or None.

    A subclass of a functional model that has a `call` of its own does something else than
    what is recorded.
    """
    functional = getattr(operation, "_functional", None)
    if functional is None:
        functional = operation
    runs_records = hasattr(functional, "_nodes_by_depth") and called_by_keras(operation)
    return functional if runs_records else None


class Places(NamedTuple):
    """Which of the things that a call gives are tensors, and how many things it gives.

    A layer may give numbers or None beside tensors; Keras' record has the tensors alone.
    """

    tensors: Sequence[int]
    total: int


def keep_places(call: Any, places: Places) -> None:
    """Keep with Keras' record of a call where its tensors were."""
    vars(call)["_places"] = places


def places_of(call: Any) -> Places:
    """Return where the tensors of a call were among all that it gave."""
    count = len(call.outputs)
    found: Places = vars(call).get("_places", Places(range(count), count))
    return found


def is_layer(operation: Any) -> bool:
    """Say whether an operation is a layer of Keras, or of someone who derived it from one."""
    import keras

    return isinstance(operation, keras.Layer)


def unbuilt_inside(layer: Any) -> bool:
    """Say whether layers inside a layer still have to make their weights."""
    inner = layer._flatten_layers(include_self=False)
    return any(not each.built and not _has_default_build(each) for each in inner)


def _has_default_build(layer: Any) -> bool:
    return bool(getattr(type(layer).build, "_is_default", False))


def called_by_keras(operation: Any) -> bool:
    """Whether what happens in a call of an operation is written in Keras itself.

    A Lambda runs what the user wrote.
    """
    if is_lambda(operation):
        return False
    call = getattr(type(operation), "call", None)
    return str(getattr(call, "__module__", "")).startswith("keras.")


def named_by_keys(structure: Any, otherwise: Sequence[str]) -> list[str]:
    """Name the tensors of a structure that has keys or fields by their paths: `encoder.mask`."""
    import keras

    flatten = getattr(keras.tree, "flatten_with_path", None)  # missing before Keras 3.5
    if flatten is None:
        flat = len(keras.tree.flatten(structure))
        plain = isinstance(structure, dict) and flat == len(structure)
        return sorted(structure) if plain else list(otherwise)
    paths = [list(_keys(structure, path)) for path, _ in flatten(structure)]
    if not any(isinstance(key, str) for path in paths for key in path):
        return list(otherwise)
    return [".".join(map(str, path)) for path in paths]


def _keys(structure: Any, path: Sequence[Any]) -> Iterator[Any]:
    """Give the keys and places of a path; for a named tuple, its fields."""
    for key in path:
        yield structure._fields[key] if hasattr(structure, "_fields") else key
        structure = structure[key]


def _output_names(functional: Any) -> list[str]:
    """Give the names of the layers that the outputs come from."""
    names = getattr(functional, "output_names", None)  # a plain keras.Function has none
    found = names or [tensor._keras_history.operation.name for tensor in functional.outputs]
    return list(found)


def _in_order(functional: Any) -> Iterator[Any]:
    """Give the records of a model's calls in Keras' own order of execution."""
    rank = {id(operation): index for index, operation in enumerate(functional.operations)}

    def position(call: Any) -> tuple[int, int]:
        history = call.outputs[0]._keras_history if call.outputs else None
        return rank[id(call.operation)], history.node_index if history else 0

    for depth in sorted(functional._nodes_by_depth, reverse=True):
        yield from sorted(functional._nodes_by_depth[depth], key=position)
