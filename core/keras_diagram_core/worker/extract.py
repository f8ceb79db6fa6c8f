"""From a Keras model or layer to a ModelGraph."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from keras_diagram_core.errors import ModelError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker import remarks
from keras_diagram_core.worker.closed import Closed
from keras_diagram_core.worker.facts import count
from keras_diagram_core.worker.failures import user_traceback
from keras_diagram_core.worker.given import (
    Given,
    InputError,
    input_hint,
    made_symbolic,
    resized,
    ways_to_call,
)
from keras_diagram_core.worker.inside import Depth, Insides, feeds_numbers, has_inside, is_model
from keras_diagram_core.worker.nodes import Flows, Reading
from keras_diagram_core.worker.records import Record, called_by_keras, recorded
from keras_diagram_core.worker.symbolic import calm, is_weightless
from keras_diagram_core.worker.trace import Trace
from keras_diagram_core.worker.walk import Walk
from keras_diagram_core.worker.weightless import needs_weights

_NO_CALL = "Let the target be one of the models that it is made of."


def extract_graph(target: Any, request: ModelRequest, keras_version: str) -> Reading:
    """Read the graph of a model or layer.

    Args:
        target: a model or layer of Keras; built, or not.
        request: what to call it with, and how much of it to open.
        keras_version: to be written down.

    Raises:
        DiagramError: where nothing can be found out about the target.
    """
    closed = Closed()
    walk, flows = Walk(closed=closed), Flows()
    depth = Depth(request.depth, frozenset(request.expand))
    record = recorded(target)
    if record is not None:
        walk.inputs(record.inputs, resized(record, request.inputs, target), flows)
        found = dict(flows)  # what returns an input takes its place in there
        walk.calls(record, (), found, depth)
    else:
        record, found = _followed(target, request, walk, flows, depth)
    outputs = walk.outputs(record, target.name, found)
    nodes = walk.finish(request.expand)
    unplaced = walk.unplaced(target)
    graph = ModelGraph(
        name=target.name,
        type=type(target).__name__,
        keras_version=keras_version,
        nodes=nodes,
        edges=tuple(walk.nodes.edges),
        inputs=walk.endpoints(record.inputs, record.input_names, flows),
        outputs=outputs,
        notes=tuple(walk.nodes.notes.merged()),
        scopes=tuple(walk.nodes.scopes),
        insides=tuple(closed.insides()),
        unplaced_params=count(unplaced),
        unplaced_trainable_params=count(weight for weight in unplaced if weight.trainable),
    )
    weights = [*walk.nodes.weights, *unplaced]
    trainable = count(weight for weight in weights if weight.trainable)
    graph = replace(
        graph,
        repeated_params=graph.params - count(weights),
        repeated_trainable_params=graph.trainable_params - trainable,
    )
    return Reading(graph, walk.nodes.operations)


def _followed(
    target: Any, request: ModelRequest, walk: Walk, flows: Flows, depth: Depth
) -> tuple[Record, Flows]:
    """Read the graph of what has a `call` of its own, with the target itself as the root.

    Returns:
        Its calls, and where its tensors come from in the end.
    """
    given, trace = _best(target, ways_to_call(target, request.inputs), walk.insides)
    walk.inputs(given.tensors, given.tensors, flows)
    if not is_model(target) and _is_opaque(target, trace):
        hint = input_hint(request.inputs)
        record, inside = _closed(target, given, walk, dict(flows), hint)
        if trace.error is not None and not called_by_keras(target):
            why = remarks.reason(trace.error)
            walk.nodes.note(remarks.cannot_show(target.name, target, why), walk.nodes.last)
        return record, inside
    _check(target, trace, input_hint(request.inputs))
    inside = walk.enter(target, trace, [flows[id(tensor)] for tensor in given.tensors], ())
    walk.calls(trace.record, (), inside, depth)
    if trace.error is not None:
        walk.nodes.note(remarks.stopped(target, trace.error), walk.nodes.last)
    return trace.record, inside


def _is_opaque(layer: Any, trace: Trace) -> bool:
    """Say whether a layer is best shown as one node."""
    if trace.is_empty or not has_inside(layer):  # asked now that it is built
        return True
    return trace.error is not None and called_by_keras(layer)


def _best(target: Any, ways: list[Given], insides: Insides) -> tuple[Given, Trace]:
    """Follow the `call` in one way of calling it after the other, until one gets to its end.

    The first counts, as code that takes `inputs[0]` of a list can take that of a tensor, too. If
    none gets to the end, it is the one that gets furthest.
    """
    tries = []
    for way in ways:
        given, trace = _try(target, way, insides)
        if trace.error is None and trace.record.calls:
            return given, trace
        tries.append((given, trace))
    return max(tries, key=lambda tried: (tried[1].error is None, len(tried[1].record.calls)))


def _try(target: Any, way: Given, insides: Insides) -> tuple[Given, Trace]:
    given = made_symbolic(way, target, frozenset())
    trace = insides.traced(target, *given)
    numbers = frozenset(
        place
        for place, leaf in enumerate(way.tensors)
        if not leaf.dtype and feeds_numbers(trace, place, insides)
    )
    if not numbers:
        return given, trace
    given = made_symbolic(way, target, numbers)
    return given, insides.traced(target, *given)


def _check(target: Any, trace: Trace, hint: str) -> None:
    """Make sure that something was recovered."""
    error, kind = trace.error, type(target).__name__
    hopeless = not trace.record.calls or isinstance(error, RecursionError)
    if error is not None and (hopeless or _wants_weights(error)):
        abstract = isinstance(error, NotImplementedError)
        raise (ModelError if abstract else InputError)(
            f"`call` of '{kind}' cannot be followed: {_reason(error)}.",
            hint=_NO_CALL if abstract else hint,
            traceback=user_traceback(error),
        ) from error
    if error is None and not any(output is not None for output in trace.record.outputs):
        raise ModelError(
            f"No output of '{target.name}' ({kind}) depends on its inputs.",
            hint="Does its `call` end with `return`?",
        )


def _reason(error: Exception) -> str:
    return remarks.reason(error).removesuffix(".") + remarks.place(error)


def _wants_weights(error: Exception) -> bool:
    """Say whether it would go better with weights, and that was not tried yet."""
    return needs_weights(error) and is_weightless()


def _closed(
    target: Any, given: Given, walk: Walk, flows: Flows, hint: str
) -> tuple[Record, Flows]:
    """Read what has nothing inside as one node."""
    inputs, error = given.tensors, None
    with calm():
        try:
            target(*given.args, **given.kwargs)
        except Exception as raised:  # noqa: BLE001  (the user's code may raise anything)
            error = raised
    if error is not None:
        raise InputError(
            f"'{target.name}' ({type(target).__name__}) cannot be called: {_reason(error)}.",
            hint=hint,
            traceback=user_traceback(error),
        ) from error
    call = target._inbound_nodes[-1]
    names = [target.name] * len(call.outputs)
    record = Record(inputs, call.outputs, [call], [tensor.name for tensor in inputs], names)
    walk.calls(record, (), flows, Depth(0))
    return record, flows
