"""The way through the calls of a model, and into what is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from keras_diagram_core.graph import Endpoint, Node
from keras_diagram_core.worker import remarks
from keras_diagram_core.worker.arguments import functions_of
from keras_diagram_core.worker.eager import output_spec
from keras_diagram_core.worker.inside import (
    Depth,
    Insides,
    has_inside,
    keeps_reserve,
    lacks_weights,
    wrapped_inside,
)
from keras_diagram_core.worker.nodes import Flow, Flows, Nodes, Path
from keras_diagram_core.worker.records import Record, called_by_keras, places_of
from keras_diagram_core.worker.signatures import Signatures
from keras_diagram_core.worker.symbolic import symbolic_constant, symbolic_tensors
from keras_diagram_core.worker.trace import UNNAMED, Trace

_ABSENT = Flow("", 0, None)


class _Inside(NamedTuple):
    record: Record
    flows: Flows


class _Idle(NamedTuple):
    """What is opened and does not call all of its layers, and where a note of that belongs."""

    layer: Any
    trace: Trace
    name: str
    place: int


class Walk:
    """One way through a model, from which its graph results."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.signatures = Signatures()
        self.nodes = Nodes(self.signatures)
        self.insides = Insides()
        self._opened: list[Any] = []
        self._idle: list[_Idle] = []
        self._expanded: dict[str, bool] = {}

    def inputs(self, tensors: Iterable[Any], specs: Iterable[Any], flows: Flows) -> None:
        """Add the inputs that a model declares, used or not."""
        for tensor, spec in zip(tensors, specs, strict=True):
            history = tensor._keras_history
            call = history.operation._inbound_nodes[history.node_index]
            if id(tensor) not in flows:
                flows.update(self.nodes.add(call, ((), call.operation.name), [], [spec]))

    def calls(self, record: Record, scope: Path, flows: Flows, depth: Depth) -> None:
        """Add the calls inside something whose inputs' flows are known."""
        for call in record.calls:
            sources = [flows.get(id(tensor)) for tensor in call.input_tensors]
            if call.is_input or None in sources:
                continue  # it cannot be computed: Keras passes over it too
            known = [source for source in sources if source is not None]
            if all(source.spec is None for source in known):
                flows.update((id(tensor), _ABSENT) for tensor in call.outputs)
                continue
            if id(call) in record.passing:
                flows[id(call.outputs[0])] = known[0]
                continue
            name = record.names.get(id(call.operation), call.operation.name)
            self._call(call, (scope, name), known, flows, depth)

    def enter(self, layer: Any, trace: Trace, sources: Sequence[Flow], scope: Path) -> Flows:
        """Say where the tensors inside a layer come from, and what is left out there."""
        flows: Flows = {id(tensor): Flow("", 0, tensor) for tensor in trace.loose}
        for source, group in zip(sources, trace.given, strict=True):
            flows.update((id(tensor), source._replace(spec=tensor)) for tensor in group)
        self._opened.append(layer)
        if not called_by_keras(layer):
            name = "/".join(scope) or layer.name
            if not keeps_reserve(layer):
                self._idle.append(_Idle(layer, trace, name, len(self.nodes.notes)))
            for message in remarks.left_out(trace, name):
                self.nodes.note(message)
        return flows

    def outputs(self, record: Record, name: str, flows: Flows) -> tuple[Endpoint, ...]:
        """Say where a model's outputs are found in the graph, and which are not."""
        constant = [
            f"'{key}'" if key != UNNAMED else f"number {place + 1}"
            for place, (tensor, key) in enumerate(
                zip(record.outputs, record.output_names, strict=True)
            )
            if place in record.constants or _is_constant(flows.get(id(tensor)))
        ]
        if constant:
            self.nodes.note(remarks.constant_outputs(name, constant))
        return self.endpoints(record.outputs, record.output_names, flows)

    def endpoints(
        self, tensors: Iterable[Any], names: Sequence[str], flows: Flows
    ) -> tuple[Endpoint, ...]:
        """Say where a model's tensors are found in the graph."""
        found = [
            (flows.get(id(tensor)), name) for tensor, name in zip(tensors, names, strict=True)
        ]
        return tuple(
            Endpoint(node=flow.node, index=flow.output, name=name)
            for flow, name in found
            if flow is not None and flow.node
        )

    def finish(self, expand: Iterable[str]) -> tuple[Node, ...]:
        """Give the nodes, and say which weights are in none, and what was not expanded."""
        nodes = self.nodes.finish()
        for idle in reversed(self._idle):
            unused = [each for each in idle.trace.uncalled if not self._is_used(each)]
            if unused:
                message = remarks.uncalled(idle.trace, idle.layer, idle.name, unused)
                self.nodes.note(message, place=idle.place)
        for layer in self._opened:
            own = remarks.own_weights(layer, self.unplaced(layer))
            if own:
                self.nodes.note(own)
        for name in sorted(expand):
            if not self._expanded.get(name):
                self.nodes.note(remarks.not_expanded(name, nodes, met=name in self._expanded))
        return nodes

    def unplaced(self, layer: Any) -> list[Any]:
        """Give the weights of a layer that no node shows."""
        return [weight for weight in layer.weights if not self.nodes.shows(weight)]

    def _is_used(self, layer: Any) -> bool:
        """Say whether a layer is called elsewhere, or its weights are used without it."""
        return self.nodes.has(layer) or any(map(self.nodes.shows, layer.weights))

    def _call(
        self, call: Any, place: tuple[Path, str], sources: list[Flow], flows: Flows, depth: Depth
    ) -> None:
        """Add a call, or what is inside it."""
        inside, why = self._inside(call, place, flows, depth)
        for name in depth.asked(call.operation):
            told = inside is not None or bool(why)
            self._expanded[name] = told or self._expanded.get(name, False)
        if inside is not None:
            self._open(call, place, inside, flows, depth)
            return
        flows.update(self.nodes.add(call, place, sources, output_specs(call, flows)))
        if lacks_weights(call.operation):
            self.nodes.note(remarks.unbuilt(place[1]), self.nodes.last)
        if why:
            message = remarks.cannot_show(place[1], call.operation, why)
            self.nodes.note(message, self.nodes.last)
        elif functions_of(call):
            self.nodes.note(remarks.functions(place[1]), self.nodes.last)

    def _inside(
        self, call: Any, place: tuple[Path, str], flows: Flows, depth: Depth
    ) -> tuple[_Inside | None, str]:
        """Give what is inside an operation that is to be opened, or why it stays closed."""
        operation = call.operation
        if not depth.wants(operation):
            return None, ""
        if not has_inside(operation):
            wrapped = wrapped_inside(operation)
            return None, remarks.wraps(wrapped) if wrapped is not None else ""
        inside = self._recorded(call, flows)
        return (inside, "") if inside is not None else self._traced(call, place, flows)

    def _open(
        self, call: Any, place: tuple[Path, str], inside: _Inside, flows: Flows, depth: Depth
    ) -> None:
        """Add the calls inside an operation, and bridge its boundary."""
        scope = self.nodes.enter(call.operation, place)
        self.calls(inside.record, scope, inside.flows, depth.below)
        for outer, index in zip(call.outputs, places_of(call).tensors, strict=True):
            mine = inside.record.outputs[index]
            if mine is None:  # made of constants alone
                flows[id(outer)] = Flow("", 0, outer)
            elif id(mine) in inside.flows:
                flows[id(outer)] = inside.flows[id(mine)]

    def _recorded(self, call: Any, flows: Flows) -> _Inside | None:
        record = self.insides.recorded(call.operation)
        if record is None:
            return None
        inside: Flows = {}
        for mine, theirs in zip(record.inputs, _arguments(call, record), strict=False):
            if theirs is None:
                inside[id(mine)] = _ABSENT
            elif id(theirs) in flows:
                inside[id(mine)] = flows[id(theirs)]
            elif not hasattr(theirs, "_keras_history"):
                inside[id(mine)] = Flow("", 0, mine)
        return _Inside(record, inside)

    def _traced(
        self, call: Any, place: tuple[Path, str], flows: Flows
    ) -> tuple[_Inside | None, str]:
        layer = call.operation
        trace = self.insides.traced(layer, *_copied(call, flows))
        if trace.error is not None:
            return None, "" if called_by_keras(layer) else remarks.reason(trace.error)
        if len(trace.record.outputs) != places_of(call).total:
            return None, "its outputs change from call to call."
        if trace.is_empty:  # it hands on what it gets; a node tells more than none
            return None, ""
        given = _given(call, flows)
        inside = self.enter(layer, trace, [flow for _, flow in given], (*place[0], place[1]))
        inside.update(_mask_flows(given, trace, flows))
        return _Inside(trace.record, inside), ""


def _is_constant(flow: Flow | None) -> bool:
    return flow is not None and not flow.node and flow.spec is not None


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


def _arguments(call: Any, record: Record) -> list[Any]:
    """Give the tensors that a nested model was called with, in the order of its inputs."""
    import keras

    args, kwargs = call.arguments.args, call.arguments.kwargs
    given = args[0] if args else kwargs.get("inputs")
    if isinstance(given, dict) and not record.takes_dict:
        return [given.get(tensor.name) for tensor in record.inputs]
    flat: list[Any] = keras.tree.flatten(given)
    return flat


def _given(call: Any, flows: Flows) -> list[tuple[Any, Flow]]:
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


def _mask_flows(given: Iterable[tuple[Any, Flow]], trace: Trace, flows: Flows) -> Flows:
    """Say where masks come from that are made by operations in the graph."""
    found: Flows = {}
    for (tensor, _), group in zip(given, trace.given, strict=True):
        source = flows.get(id(getattr(tensor, "_keras_mask", None)))
        if source is not None:
            found.update((id(mask), source) for mask in group[2:])
    return found


def _copied(call: Any, flows: Flows) -> tuple[tuple[Any, ...], dict[str, Any]]:
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
