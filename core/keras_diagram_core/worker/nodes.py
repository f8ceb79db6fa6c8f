"""The nodes, edges and notes of a graph that is being read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from keras_diagram_core.characters import LONGEST_ID, fit_line
from keras_diagram_core.graph import Edge, ModelGraph, Node, Note, Scope
from keras_diagram_core.macs import multiply_accumulates
from keras_diagram_core.samples import for_one_sample
from keras_diagram_core.worker.arguments import constants_of, roles_of, variables_of
from keras_diagram_core.worker.facts import config_of, count, public_module, shape_of
from keras_diagram_core.worker.notes import About, Notes
from keras_diagram_core.worker.signatures import Signatures

Path = tuple[str, ...]


class Flow(NamedTuple):
    """Where a tensor really comes from, and its shape and type in this very call.

    A constant has no node; an optional input that was not given has no spec either.
    """

    node: str
    output: int
    spec: Any


Flows = dict[int, Flow]
"""By the id() of the symbolic tensors in Keras' records, which someone keeps alive."""


class Reading(NamedTuple):
    """What was read of a model: its graph, and the layer or operation of each node by id."""

    graph: ModelGraph
    operations: dict[str, Any]


class Nodes:
    """The nodes, edges and notes found so far, and the operation of each node by id."""

    def __init__(self, signatures: Signatures) -> None:
        """Start with nothing.

        Args:
            signatures: those of the model's layers.
        """
        self.edges: list[Edge] = []
        self.scopes: list[Scope] = []
        self.notes = Notes()
        self.operations: dict[str, Any] = {}
        self._nodes: list[Node] = []
        self._signatures = signatures
        self._ids: set[str] = set()
        self._paths: set[str] = set()
        self._layers: dict[int, str] = {}
        self._opened: dict[int, str] = {}
        self._weights: dict[int, Any] = {}
        self._variables: dict[int, list[Any]] = {}

    def add(
        self, call: Any, place: tuple[Path, str], sources: Sequence[Flow], specs: Sequence[Any]
    ) -> dict[int, Flow]:
        """Add a call, with the edges to it.

        Args:
            call: Keras' record of the call.
            place: the scope that it is in, and what it is called there.
            sources: where its tensors come from; none for an input.
            specs: the shapes and types of its outputs.

        Returns:
            Where its outputs come from.
        """
        roles = roles_of(call) if sources else []
        given = [pair for pair in zip(sources, roles, strict=True) if pair[0].node]
        node = self._node(call, place, [source.spec for source, _ in given], specs)
        for index, (source, role) in enumerate(given):
            ends = {"source": source.node, "target": node.id, "role": role}
            self.edges.append(Edge(**ends, source_index=source.output, target_index=index))
        pairs = enumerate(zip(call.outputs, specs, strict=True))
        return {id(tensor): Flow(node.id, index, spec) for index, (tensor, spec) in pairs}

    def add_input(self, name: str, spec: Any) -> Flow:
        """Add an input that no layer stands for, and return where its tensor comes from."""
        name = fit_line(name)
        id_ = unique_path(path_of((), name), self._ids)
        dtype = str(spec.dtype)
        node = Node(
            id=id_,
            layer=id_,
            name=name,
            type="InputLayer",
            module="keras.layers",
            output_shapes=(shape_of(spec),),
            output_dtypes=(dtype,),
            dtype=dtype,
            macs=0,
        )
        self._nodes.append(node)
        return Flow(id_, 0, spec)

    @property
    def last(self) -> str:
        """The id of the node that was added last."""
        return self._nodes[-1].id if self._nodes else ""

    @property
    def newest(self) -> Node:
        """The node that was added last."""
        return self._nodes[-1]

    def note(
        self, message: str, node: str = "", about: About | None = None, place: int | None = None
    ) -> None:
        """Say what the graph cannot show.

        Args:
            message: in one sentence.
            node: the node where that is.
            about: the layer that it is about.
            place: where among the notes, if not last.
        """
        self.notes.add(Note(message=message, node=node), about, place)

    def enter(self, operation: Any, place: tuple[Path, str]) -> Path:
        """Enter something; its second call at the same place gets a scope of its own."""
        above, name = place[0], fit_line(place[1])
        base = path_of(above, name)
        path = unique_path(base, self._paths)
        scope = Scope(
            path=(*above, name + path.removeprefix(base)),
            layer=self._opened.setdefault(id(operation), path),
            name=name,
            type=type(operation).__name__,
            module=public_module(operation),
            is_named=is_named(operation),
        )
        self.scopes.append(scope)
        return scope.path

    def finish(self) -> tuple[Node, ...]:
        """Give the nodes; weights that are used without their layer count where they enter."""
        for index, variables in self._variables.items():
            fresh = {id(each): each for each in variables if not self.shows(each)}
            self._weights |= fresh
            self._nodes[index] = _with_weights(self._nodes[index], list(fresh.values()))
        return tuple(for_one_sample(self._nodes, self.edges))

    def shows(self, weight: Any) -> bool:
        """Say whether a weight is counted in some node."""
        return id(weight) in self._weights

    def has(self, layer: Any) -> bool:
        """Say whether a call of a layer, or of one inside it, is a node."""
        return any(id(each) in self._layers for each in layer._flatten_layers())

    @property
    def weights(self) -> list[Any]:
        """All weights that are counted in some node, each once."""
        return list(self._weights.values())

    def _node(
        self, call: Any, place: tuple[Path, str], given: Sequence[Any], made: Sequence[Any]
    ) -> Node:
        operation, scope, name = call.operation, place[0], fit_line(place[1])
        id_ = unique_path(path_of(scope, name), self._ids)
        weights = getattr(operation, "weights", ())
        dtypes = tuple(str(spec.dtype) for spec in made)
        node = Node(
            id=id_,
            layer=self._layers.setdefault(id(operation), id_),
            name=name,
            type=type(operation).__name__,
            module=public_module(operation),
            scope=scope,
            input_shapes=tuple(map(shape_of, given)),
            output_shapes=tuple(map(shape_of, made)),
            dtype=dtypes[0] if dtypes else "",
            output_dtypes=dtypes,
            params=count(weights),
            trainable_params=count(getattr(operation, "trainable_weights", ())),
            config={**constants_of(call), **config_of(operation)},
            signature=self._signatures.of_call(call),
        )
        self.operations[id_] = operation
        self._weights.update((id(weight), weight) for weight in weights)
        if variables := variables_of(call):
            self._variables[len(self._nodes)] = variables
        self._nodes.append(replace(node, macs=multiply_accumulates(node)))
        return node


def is_named(operation: Any) -> bool:
    """Whether a person named a layer or model; else Keras did, by class and number."""
    automatic = re.sub(r"_\d+$", "", operation.name).replace("_", "")
    classes = {re.sub(r"\W|_", "", kind.__name__).lower() for kind in type(operation).__mro__}
    return automatic not in classes


def _with_weights(node: Node, weights: Sequence[Any]) -> Node:
    trainable = count(weight for weight in weights if weight.trainable)
    return replace(
        node,
        params=node.params + count(weights),
        trainable_params=node.trainable_params + trainable,
    )


def path_of(scope: Path, name: str) -> str:
    """Return the path of something in a scope, without white space, and of a bounded length."""
    return re.sub(r"\s+", "_", "/".join((*scope, name)))[:LONGEST_ID]


def unique_path(path: str, taken: set[str]) -> str:
    """Return a path that was not taken yet, and take it: `x`, `x@2`, `x@3`."""
    candidate, number = path, 1
    while candidate in taken or not candidate:
        number += 1
        candidate = f"{path}@{number}"
    taken.add(candidate)
    return candidate
