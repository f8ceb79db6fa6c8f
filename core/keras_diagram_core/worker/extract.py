"""From a Keras model to a ModelGraph, read from Keras' own records of the calls.

The truth is in a functional model's `_nodes_by_depth`: one record for each call, with the
tensors that went in and came out. (`model.layers` misses operations such as `x + y`.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.worker.facts import config_of, count, public_module, shape_of

Scope = tuple[str, ...]


def extract_graph(model: Any, depth: int | None, keras_version: str) -> ModelGraph:
    """Read the graph of a functional or sequential model.

    Args:
        model: a model that is built.
        depth: how many levels of nested models are opened; all, when None.
        keras_version: to be written down.
    """
    functional = opened(model)
    walk = _Walk()
    flows: _Flows = {}
    walk.inputs(functional, flows)
    walk.calls(functional, (), flows, depth)
    return ModelGraph(
        name=model.name,
        type=type(model).__name__,
        keras_version=keras_version,
        nodes=tuple(walk.nodes),
        edges=tuple(walk.edges),
        inputs=_endpoints(flows, functional.inputs, _input_names(functional)),
        outputs=_endpoints(flows, functional.outputs, _output_names(functional)),
    )


def opened(operation: Any) -> Any:
    """Give the functional model that holds the records of a model, or None if there are none."""
    functional = getattr(operation, "_functional", None)
    if functional is None:
        functional = operation
    return functional if hasattr(functional, "_nodes_by_depth") else None


class _Flow(NamedTuple):
    """Where a tensor really comes from, and its shape and type in this very call."""

    node: str
    output: int
    spec: Any


_Flows = dict[int, _Flow]
"""By the id() of the symbolic tensors in Keras' records; Keras keeps those alive."""


class _Walk:
    """The nodes and edges found so far."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self._ids: set[str] = set()
        self._scopes: set[str] = set()
        self._layers: dict[int, str] = {}

    def inputs(self, functional: Any, flows: _Flows) -> None:
        """Add the inputs that a model declares, used or not."""
        for call in _in_order(functional):
            if call.is_input:
                self._add(call, (), [], list(call.outputs), flows)

    def calls(self, functional: Any, scope: Scope, flows: _Flows, depth: int | None) -> None:
        """Add the calls of a model whose inputs' flows are known."""
        for call in _in_order(functional):
            sources = [flows.get(id(tensor)) for tensor in call.input_tensors]
            if call.is_input or None in sources:
                continue  # an optional input that was not given, as Keras itself does
            known = [source for source in sources if source is not None]
            inner = opened(call.operation) if depth != 0 else None
            if inner is None:
                self._add(call, scope, known, _output_specs(call, flows), flows)
            else:
                self._open(call, inner, scope, flows, None if depth is None else depth - 1)

    def _open(self, call: Any, inner: Any, scope: Scope, flows: _Flows, depth: int | None) -> None:
        """Add the calls inside a nested model, and bridge its boundary."""
        given = zip(inner.inputs, _arguments(call, inner), strict=False)
        inside = {id(mine): flows[id(theirs)] for mine, theirs in given if id(theirs) in flows}
        self.calls(inner, self._scope(scope, call.operation.name), inside, depth)
        for outer, mine in zip(call.outputs, inner.outputs, strict=True):
            if id(mine) in inside:
                flows[id(outer)] = inside[id(mine)]

    def _add(
        self, call: Any, scope: Scope, sources: Sequence[_Flow], specs: list[Any], flows: _Flows
    ) -> None:
        node = self._node(call.operation, scope, [source.spec for source in sources], specs)
        self.nodes.append(node)
        self.edges.extend(
            Edge(
                source=source.node, target=node.id, source_index=source.output, target_index=index
            )
            for index, source in enumerate(sources)
        )
        for index, (tensor, spec) in enumerate(zip(call.outputs, specs, strict=True)):
            flows[id(tensor)] = _Flow(node.id, index, spec)

    def _node(self, operation: Any, scope: Scope, given: list[Any], made: list[Any]) -> Node:
        id_ = _unique("/".join((*scope, operation.name)), self._ids)
        return Node(
            id=id_,
            layer=self._layers.setdefault(id(operation), id_),
            name=operation.name,
            type=type(operation).__name__,
            module=public_module(operation),
            scope=scope,
            input_shapes=tuple(map(shape_of, given)),
            output_shapes=tuple(map(shape_of, made)),
            dtype=str(made[0].dtype) if made else "",
            params=count(getattr(operation, "weights", ())),
            trainable_params=count(getattr(operation, "trainable_weights", ())),
            config=config_of(operation),
        )

    def _scope(self, scope: Scope, name: str) -> Scope:
        """Enter a nested model; its second call at the same place gets a scope of its own."""
        path = _unique("/".join((*scope, name)), self._scopes)
        number = path.rpartition("/")[2].removeprefix(_without_space(name))
        return (*scope, name + number)


def _unique(path: str, taken: set[str]) -> str:
    """Make a path without white space that is not taken yet: `x`, `x@2`, `x@3`."""
    base = candidate = _without_space(path)
    number = 1
    while candidate in taken or not candidate:
        number += 1
        candidate = f"{base}@{number}"
    taken.add(candidate)
    return candidate


def _without_space(text: str) -> str:
    return re.sub(r"\s+", "_", text)


def _in_order(functional: Any) -> Iterator[Any]:
    """Give the records of a model's calls in Keras' own order of execution."""
    rank = {id(operation): index for index, operation in enumerate(functional.operations)}

    def position(call: Any) -> tuple[int, int]:
        history = call.outputs[0]._keras_history if call.outputs else None
        return rank[id(call.operation)], history.node_index if history else 0

    for depth in sorted(functional._nodes_by_depth, reverse=True):
        yield from sorted(functional._nodes_by_depth[depth], key=position)


def _arguments(call: Any, inner: Any) -> list[Any]:
    """Give the tensors that a nested model was called with, in the order of its inputs."""
    import keras

    args, kwargs = call.arguments.args, call.arguments.kwargs
    given = args[0] if args else kwargs.get("inputs")
    if isinstance(given, dict) and not isinstance(inner._inputs_struct, dict):
        return [given.get(tensor.name) for tensor in inner.inputs]
    flat: list[Any] = keras.tree.flatten(given)
    return flat


def _output_specs(call: Any, flows: _Flows) -> list[Any]:
    """Give the outputs' shapes and types in this call.

    They are what Keras recorded, unless a nested model was called on another shape than it
    was built for, as backbones without a fixed image size are: then Keras works them out.
    """
    specs = {id(tensor): flows[id(tensor)].spec for tensor in call.input_tensors}
    if all(specs[id(tensor)].shape == tensor.shape for tensor in call.input_tensors):
        return list(call.outputs)
    try:
        return _computed_specs(call, specs)
    except Exception:  # noqa: BLE001  (a layer that cannot tell: what was recorded is true too)
        return list(call.outputs)


def _computed_specs(call: Any, specs: dict[int, Any]) -> list[Any]:
    import keras

    fresh = {key: keras.KerasTensor(spec.shape, spec.dtype) for key, spec in specs.items()}
    args, kwargs = call.arguments.fill_in(fresh)
    made: list[Any] = keras.tree.flatten(call.operation.compute_output_spec(*args, **kwargs))
    return made if len(made) == len(call.outputs) else list(call.outputs)


def _endpoints(
    flows: _Flows, tensors: Iterable[Any], names: Sequence[str]
) -> tuple[Endpoint, ...]:
    """Say where a model's tensors are found in the graph."""
    found = [(flows[id(tensor)], name) for tensor, name in zip(tensors, names, strict=True)]
    return tuple(Endpoint(node=flow.node, index=flow.output, name=name) for flow, name in found)


def _input_names(functional: Any) -> list[str]:
    names = [tensor._keras_history.operation.name for tensor in functional.inputs]
    return _keys(functional._inputs_struct) or names


def _output_names(functional: Any) -> list[str]:
    return _keys(functional._outputs_struct) or list(functional.output_names)


def _keys(structure: Any) -> list[str]:
    """Name the tensors of a dictionary by its keys, in the order in which Keras flattens it."""
    import keras

    flatten = getattr(keras.tree, "flatten_with_path", None)  # missing before Keras 3.5
    if not isinstance(structure, dict) or flatten is None:
        return []
    return [".".join(map(str, path)) for path, _ in flatten(structure)]
