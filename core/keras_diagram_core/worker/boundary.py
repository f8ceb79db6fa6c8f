"""What crosses the boundary of something that is opened: its tensors, inside and outside."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any

from keras_diagram_core.worker.arguments import roles_of
from keras_diagram_core.worker.eager import output_spec
from keras_diagram_core.worker.nodes import Flow, Flows, Nodes
from keras_diagram_core.worker.records import Record, places_of
from keras_diagram_core.worker.symbolic import symbolic_constant, symbolic_tensors
from keras_diagram_core.worker.trace import Trace

ABSENT = Flow("", 0, None)
"""Where an optional input comes from that is not given."""


def output_specs(call: Any, flows: Flows) -> list[Any]:
    """Give the outputs' shapes and types in this call.

    They are what Keras recorded, unless a nested model was called on another shape than it
    was built for, as backbones without a fixed image size are: then Keras works them out.
    """
    specs = {id(tensor): flows[id(tensor)].spec for tensor in call.input_tensors}
    if all(_same_shape(specs[id(tensor)], tensor) for tensor in call.input_tensors):
        return list(call.outputs)
    try:
        return _computed_specs(call, specs)
    except Exception:  # noqa: BLE001  (a layer that cannot tell: what was recorded is true too)
        return list(call.outputs)


def _same_shape(spec: Any, tensor: Any) -> bool:
    return spec is not None and bool(spec.shape == tensor.shape)


def _computed_specs(call: Any, specs: dict[int, Any]) -> list[Any]:
    import keras

    fresh = {
        key: None if spec is None else keras.KerasTensor(spec.shape, spec.dtype)
        for key, spec in specs.items()
    }
    args, kwargs = call.arguments.fill_in(fresh)
    made = symbolic_tensors(output_spec(call.operation, *args, **kwargs))
    return made if len(made) == len(call.outputs) else list(call.outputs)


def arguments_in(call: Any, record: Record) -> list[Any]:
    """Give the tensors that a nested model was called with, in the order of its inputs."""
    import keras

    args, kwargs = call.arguments.args, call.arguments.kwargs
    given = args[0] if args else kwargs.get("inputs")
    if isinstance(given, dict) and not record.takes_dict:
        return [given.get(tensor.name) for tensor in record.inputs]
    flat: list[Any] = keras.tree.flatten(given)
    return flat


def given_to(call: Any, flows: Flows) -> list[tuple[Any, Flow]]:
    """Give the tensors and constants that a layer was called with, and where they come from."""
    import keras

    found = [
        (value, flows.get(id(value)) or Flow("", 0, value))
        for value in keras.tree.flatten((call.arguments.args, call.arguments.kwargs))
        if isinstance(_symbolic(value), keras.KerasTensor)
    ]
    return [(value, flow) for value, flow in found if flow.spec is not None]


def _symbolic(value: Any) -> Any:
    import keras

    return value if isinstance(value, keras.Variable) else symbolic_constant(value)


def mask_flows(given: Iterable[tuple[Any, Flow]], trace: Trace, flows: Flows) -> Flows:
    """Say where masks come from that are made by operations in the graph."""
    found: Flows = {}
    for (tensor, _), group in zip(given, trace.given, strict=True):
        source = flows.get(id(getattr(tensor, "_keras_mask", None)))
        if source is not None:
            found.update((id(mask), source) for mask in group[2:])
    return found


def copied(call: Any, flows: Flows) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Give the arguments of a call with fresh symbolic tensors, in the shapes of this call."""
    import keras

    made: dict[int, Any] = {}

    def copy(value: Any) -> Any:
        if not isinstance(value, keras.KerasTensor):
            return _symbolic(value)
        if id(value) not in made:
            made[id(value)] = _fresh(value, flows[id(value)].spec)
        return made[id(value)]

    args, kwargs = keras.tree.map_structure(copy, (call.arguments.args, call.arguments.kwargs))
    return tuple(args), kwargs


def _fresh(tensor: Any, spec: Any) -> Any:
    """Make a symbolic tensor that has no history, but the mask that Keras hands on with it."""
    import keras

    if spec is None:
        return None
    fresh = keras.KerasTensor(spec.shape, spec.dtype, sparse=spec.sparse)
    mask = getattr(tensor, "_keras_mask", None)
    if mask is not None:
        fresh._keras_mask = keras.KerasTensor(mask.shape, mask.dtype)
    return fresh


def with_own_tensors(call: Any, flows: Flows, nodes: Nodes) -> tuple[Any, Flows]:
    """Return a call with a tensor of its own for each that it takes, and where these come from.

    They come from inputs that are added for them, so that what is inside is the same for all
    calls, whichever of their tensors are one.
    """
    import keras

    roles = iter(roles_of(call))
    found: Flows = {}

    def own(value: Any) -> Any:
        if not isinstance(value, keras.KerasTensor):
            return value
        role, flow = next(roles), flows[id(value)]
        fresh = value if flow.spec is None else _fresh(value, flow.spec)
        found[id(fresh)] = flow._replace(spec=fresh) if flow.spec is not None else flow
        if flow.node:
            found[id(fresh)] = nodes.add_input(role or "input", fresh)
        return fresh

    mine = copy(call)
    args, kwargs = keras.tree.map_structure(own, (call.arguments.args, call.arguments.kwargs))
    mine.arguments = type(call.arguments)(*args, **kwargs)
    return mine, found


def outputs_of(call: Any, record: Record) -> list[Any]:
    """Return the tensors inside that stand for the outputs of a call."""
    return [record.outputs[index] for index in places_of(call).tensors]
