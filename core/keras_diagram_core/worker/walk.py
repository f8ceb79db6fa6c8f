"""The way through the calls of a model, and into what is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from keras_diagram_core.graph import Endpoint, Node
from keras_diagram_core.worker import remarks
from keras_diagram_core.worker.arguments import functions_of
from keras_diagram_core.worker.boundary import (
    ABSENT,
    arguments_in,
    copied,
    given_to,
    mask_flows,
    output_specs,
    outputs_of,
    with_own_tensors,
)
from keras_diagram_core.worker.closed import Closed, Ends
from keras_diagram_core.worker.inside import (
    Depth,
    Insides,
    has_inside,
    keeps_reserve,
    lacks_weights,
    may_be_opened,
    wrapped_inside,
)
from keras_diagram_core.worker.lambdas import layers_run_by
from keras_diagram_core.worker.nodes import Flow, Flows, Nodes, Path
from keras_diagram_core.worker.notes import About
from keras_diagram_core.worker.records import Record, called_by_keras, places_of
from keras_diagram_core.worker.signatures import Signatures
from keras_diagram_core.worker.trace import UNNAMED, Trace


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

    def __init__(
        self,
        signatures: Signatures | None = None,
        insides: Insides | None = None,
        closed: Closed | None = None,
    ) -> None:
        """Start with nothing, or with what is known of the layers already.

        Args:
            signatures: those of the model's layers.
            insides: what was found in them.
            closed: where to keep what is inside of closed layers; it is not looked at if None.
        """
        self.signatures = signatures or Signatures()
        self.insides = insides or Insides(self.signatures)
        self.nodes = Nodes(self.signatures)
        self._closed = closed
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
                flows.update((id(tensor), ABSENT) for tensor in call.outputs)
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
                self.nodes.note(message, about=About(layer, name))
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
                about = About(idle.layer, idle.name)
                self.nodes.note(message, about=about, place=idle.place)
        for layer in self._opened:
            own = remarks.own_weights(layer, self.unplaced(layer))
            if own:
                self.nodes.note(own, about=About(layer, layer.name))
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
        self._look(call, flows)
        about = About(call.operation, place[1])
        if lacks_weights(call.operation):
            self.nodes.note(remarks.unbuilt(place[1]), self.nodes.last, about)
        if why and not (has_inside(call.operation) and called_by_keras(call.operation)):
            message = remarks.cannot_show(place[1], call.operation, why)
            self.nodes.note(message, self.nodes.last, about)
        elif layers := layers_run_by(call.operation):
            self.nodes.note(remarks.hidden(place[1], layers), self.nodes.last, about)
        elif functions_of(call):
            self.nodes.note(remarks.functions(place[1]), self.nodes.last, about)

    def _inside(
        self, call: Any, place: tuple[Path, str], flows: Flows, depth: Depth
    ) -> tuple[_Inside | None, str]:
        """Give what is inside an operation that is to be opened, or why it stays closed."""
        wrapped = wrapped_inside(call.operation)
        if wrapped is not None and depth.wants(wrapped):
            self._expanded.update(dict.fromkeys(depth.asked(wrapped), True))
        elif not depth.wants(call.operation):
            return None, ""
        return self.inside(call, place, flows)

    def inside(
        self, call: Any, place: tuple[Path, str], flows: Flows
    ) -> tuple[_Inside | None, str]:
        """Give what is inside an operation, or why it cannot be shown; no reason if nothing."""
        operation = call.operation
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
        for outer, mine in zip(call.outputs, outputs_of(call, inside.record), strict=True):
            if mine is None:  # made of constants alone
                flows[id(outer)] = Flow("", 0, outer)
            elif id(mine) in inside.flows:
                flows[id(outer)] = inside.flows[id(mine)]

    def _look(self, call: Any, flows: Flows) -> None:
        """Look inside a layer that stays closed, if nobody looked inside one like it."""
        if self._closed is None or not may_be_opened(call.operation):
            return
        node = self.nodes.newest
        if not self._closed.is_known(node):
            self._closed.add(node, *self._inside_apart(call, flows))

    def _inside_apart(self, call: Any, flows: Flows) -> tuple[Nodes, Ends, str]:
        """Return what is inside a call as a graph of its own, or why it cannot be shown."""
        walk = Walk(self.signatures, self.insides)
        mine, own = with_own_tensors(call, flows, walk.nodes)
        given = [own[id(tensor)] for tensor in mine.input_tensors]
        inside, why = walk.inside(mine, ((), call.operation.name), own)
        if inside is None:
            return walk.nodes, Ends([], []), why
        walk.calls(inside.record, (), inside.flows, Depth(0))
        made = [inside.flows.get(id(each)) for each in outputs_of(call, inside.record)]
        return walk.nodes, Ends(given, made), ""

    def _recorded(self, call: Any, flows: Flows) -> _Inside | None:
        record = self.insides.recorded(call.operation)
        if record is None:
            return None
        inside: Flows = {}
        for mine, theirs in zip(record.inputs, arguments_in(call, record), strict=False):
            if theirs is None:
                inside[id(mine)] = ABSENT
            elif id(theirs) in flows:
                inside[id(mine)] = flows[id(theirs)]
            elif not hasattr(theirs, "_keras_history"):
                inside[id(mine)] = Flow("", 0, mine)
        return _Inside(record, inside)

    def _traced(
        self, call: Any, place: tuple[Path, str], flows: Flows
    ) -> tuple[_Inside | None, str]:
        layer = call.operation
        trace = self.insides.traced(layer, *copied(call, flows))
        if trace.error is not None:
            return None, remarks.reason(trace.error)
        if len(trace.record.outputs) != places_of(call).total:
            return None, "its outputs change from call to call."
        if trace.is_empty:  # it hands on what it gets; a node tells more than none
            return None, ""
        given = given_to(call, flows)
        inside = self.enter(layer, trace, [flow for _, flow in given], (*place[0], place[1]))
        inside.update(mask_flows(given, trace, flows))
        return _Inside(trace.record, inside), ""


def _is_constant(flow: Flow | None) -> bool:
    return flow is not None and not flow.node and flow.spec is not None
