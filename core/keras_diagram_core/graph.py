"""ModelGraph: one model as plain, versioned data, and nothing of Keras.

A *node* is one call of a layer or operation; an *edge* is one tensor that flows. The JSON
form is a public contract (`keras-diagram inspect --json`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from keras_diagram_core.characters import fit_data
from keras_diagram_core.errors import GraphFormatError
from keras_diagram_core.request import canonical_json, digest

SCHEMA = 2

INSIDE = "inside"
"""How the ids of nodes begin that are inside of closed layers, before the key."""

Shape = tuple[int | None, ...]
"""Batch included; None where a dimension is unknown."""

Fact = bool | int | float | str | tuple[int | str | None, ...]


class Node(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One call of a layer or operation.

    `id` is unique, has no white space and is built from scope and name; both are of a bounded
    length and have no control characters (`characters.py`). A second call of a
    shared layer is another node with the same `layer`. `scope` is the path of the enclosing
    models and composite layers. `params` counts the layer's weights, whichever call this is:
    sums over a model go by `layer`. `macs` counts the multiply-accumulate operations of this
    call for one sample, None where no formula is known or a dimension is not. `config` holds
    the few facts that pictures show. `text` is what the author has a function write on it, in
    lines, and `text_above` says where; `texts` are those that have a name. `room` is what the
    layered view leaves free before it, px. `signature` is equal for calls that compute the same
    but for the values of their weights, and empty where nobody knows (a graph made by hand).
    """

    id: str
    layer: str
    name: str
    type: str
    module: str
    scope: tuple[str, ...] = ()
    input_shapes: tuple[Shape, ...] = ()
    output_shapes: tuple[Shape, ...] = ()
    dtype: str = ""
    output_dtypes: tuple[str, ...] = ()
    params: int = 0
    trainable_params: int = 0
    macs: int | None = None
    config: dict[str, Fact] = {}
    signature: str = ""
    text: str = ""
    text_above: bool = False
    texts: dict[str, str] = {}
    room: float = 0.0

    @property
    def labels(self) -> tuple[str, ...]:
        """The names that a document may call it by: its own, and that with its scope, if any."""
        return tuple(dict.fromkeys((self.name, "/".join((*self.scope, self.name)))))

    @property
    def wrapped(self) -> Node | None:
        """The layer that a wrapper calls, as a node of its own, None if this is no wrapper.

        `wraps` names a chain, as in `TimeDistributed` with `Bidirectional(LSTM)`.
        """
        chain = self.config.get("wraps")
        if not isinstance(chain, str):
            return None
        inner, _, rest = chain.partition("(")
        config = {name: fact for name, fact in self.config.items() if name != "wraps"}
        if rest:
            config["wraps"] = rest.removesuffix(")")
        return msgspec.structs.replace(self, type=inner, config=config)


def batch_of(inputs: Iterable[Node]) -> int | None:
    """Give the size of the batch, by the first input that has a shape; None is unknown."""
    return next((shape[0] for node in inputs for shape in node.output_shapes if shape), None)


class Edge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, order=True):
    """One tensor that flows: output `source_index` of a node into input `target_index`.

    `role` is what the target calls that input, where it tells several apart: `query`, `key`.
    """

    source: str
    target: str
    source_index: int = 0
    target_index: int = 0
    role: str = ""


class Endpoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tensor that the model takes or gives: output `index` of `node`, under `name`."""

    node: str
    index: int = 0
    name: str = ""


class Scope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One call of a model or composite layer that is opened.

    `path` is the `scope` of the nodes in it. `layer` is the same for each call of a shared one:
    the path of its first call, joined by slashes. `is_named` tells whether a person named it;
    else the name is Keras' own, as `functional_3`.
    """

    path: tuple[str, ...]
    layer: str
    name: str
    type: str
    module: str
    is_named: bool = False


class Inside(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is inside closed layers that have the same signature and input shapes, one level deep.

    `of` are the ids of the nodes that it is the inside of. Its own nodes have the ids
    `inside:<key>/<id>`. `inputs` and `outputs` are in the order of the tensors of the closed node.
    Where the layer cannot be opened, `reason` says why, and there are no nodes.
    """

    key: str
    of: tuple[str, ...]
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    inputs: tuple[Endpoint, ...] = ()
    outputs: tuple[Endpoint, ...] = ()
    reason: str = ""


class Note(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the graph cannot show, in one sentence, and the node that it is about, if one.

    One that `is_for_authors` tells of the build: it is a warning there, and not on the picture.
    """

    message: str
    node: str = ""
    is_for_authors: bool = False


class ModelGraph(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A model: nodes in an order in which they can run, and the edges between them.

    `unplaced_params` counts the weights that the model has and no node shows, as those of a
    layer that is never called. `repeated_params` counts the weights that several layers show, as
    those of an embedding and a closed layer that holds it, each time but the first.
    """

    schema: int = SCHEMA
    name: str
    type: str = "Model"
    keras_version: str = ""
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    inputs: tuple[Endpoint, ...]
    outputs: tuple[Endpoint, ...]
    notes: tuple[Note, ...] = ()
    scopes: tuple[Scope, ...] = ()
    insides: tuple[Inside, ...] = ()
    unplaced_params: int = 0
    unplaced_trainable_params: int = 0
    repeated_params: int = 0
    repeated_trainable_params: int = 0

    @property
    def model(self) -> ModelGraph:
        """The whole model, where this graph is but a part of it."""
        return self

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by their ids."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def batch(self) -> int | None:
        """The size of the batch that the whole model takes, None if it takes any."""
        return batch_of(self.model.by_id[end.node] for end in self.model.inputs)

    def without_batch(self, shape: Shape) -> Shape:
        """Give what a shape is for one sample.

        Its first axis stays where it is not the batch, as in what is made of constants alone.
        """
        return shape[1:] if shape[:1] == (self.batch,) else shape

    @property
    def params(self) -> int:
        """All weights of the model, each counted once."""
        placed = {node.layer: node.params for node in self.nodes}
        return self.unplaced_params + sum(placed.values()) - self.repeated_params

    @property
    def trainable_params(self) -> int:
        """The weights that training changes, each counted once."""
        placed = {node.layer: node.trainable_params for node in self.nodes}
        shown = sum(placed.values()) - self.repeated_trainable_params
        return self.unplaced_trainable_params + shown

    @property
    def macs(self) -> int | None:
        """The multiply-accumulate operations of one sample, where any are known."""
        known = [node.macs for node in self.nodes if node.macs is not None]
        return sum(known) if known else None

    @cached_property
    def calls(self) -> Mapping[str, int]:
        """How often the whole model calls each layer."""
        return Counter(node.layer for node in self.model.nodes)

    @cached_property
    def shared_layers(self) -> frozenset[str]:
        """The layers that are called more than once."""
        return frozenset(layer for layer, count in self.calls.items() if count > 1)

    @cached_property
    def digest(self) -> str:
        """Name the graph by what can be drawn of it: the Keras version does not count."""
        return digest(canonical_json(msgspec.structs.replace(self, keras_version="")))

    @cached_property
    def canonical(self) -> ModelGraph:
        """What can be drawn of the graph, as it is when it is read from its JSON.

        Graphs of equal digests are equal then, and the facts of a node are in one order.
        """
        drawn = msgspec.structs.replace(self, keras_version="")
        return ModelGraph.from_dict(msgspec.json.decode(canonical_json(drawn)))

    def to_dict(self) -> dict[str, Any]:
        """Give the graph as the plain data of its JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: Any) -> ModelGraph:
        """Read plain data strictly, but for characters that no text can have: they are replaced.

        Raises:
            GraphFormatError: with the path of what is wrong, like `$.nodes[3].params`.
        """
        found = data.get("schema") if isinstance(data, dict) else None
        if isinstance(found, int) and found != SCHEMA:
            hint = f"This version reads schema {SCHEMA}."
            raise GraphFormatError(f"The graph has schema {found}.", hint=hint)
        try:
            graph = msgspec.convert(fit_data(data), cls)
        except msgspec.ValidationError as error:
            raise GraphFormatError(f"Not a ModelGraph: {error}.") from None
        except RecursionError:
            raise GraphFormatError("Not a ModelGraph: it is nested without end.") from None
        _check_references(graph)
        return graph


class PartialGraph(ModelGraph, frozen=True, kw_only=True, dict=True):
    """What is drawn of a model of which some nodes are hidden."""

    model: ModelGraph

    @property
    def hidden(self) -> tuple[Node, ...]:
        """The nodes that are not drawn."""
        return tuple(node for node in self.model.nodes if node.id not in self.by_id)


def _check_references(graph: ModelGraph) -> None:
    """Make sure that ids are unique, that edges run forward and that nothing dangles."""
    known = _check_flow(graph, "")
    for index, note in enumerate(graph.notes):
        if note.node:
            _check_id(note.node, known, f"notes[{index}].node")
    paths: set[tuple[str, ...]] = set()
    for index, scope in enumerate(graph.scopes):
        if not scope.path or scope.path in paths:
            raise _wrong(f"the path {list(scope.path)} is not unique", f"scopes[{index}].path")
        paths.add(scope.path)
    keys: set[str] = set()
    for index, inside in enumerate(graph.insides):
        if not inside.key or inside.key in keys:
            raise _wrong(f"'{inside.key}' is not a unique key", f"insides[{index}].key")
        keys.add(inside.key)
        for place, id_ in enumerate(inside.of):
            _check_id(id_, known, f"insides[{index}].of[{place}]")
        _check_flow(inside, f"insides[{index}].", f"{INSIDE}:{inside.key}/")


def _check_flow(graph: ModelGraph | Inside, path: str, prefix: str = "") -> Container[str]:
    """Check nodes, edges and endpoints, and return the ids of the nodes."""
    position: dict[str, int] = {}
    for index, node in enumerate(graph.nodes):
        known = node.id in position or not node.id or node.id.split() != [node.id]
        if known or not node.id.startswith(prefix):
            start = f" that begins with '{prefix}'" if prefix else ""
            what = f"'{node.id}' is not a unique id without white space{start}"
            raise _wrong(what, f"{path}nodes[{index}].id")
        position[node.id] = index
    for index, edge in enumerate(graph.edges):
        _check_id(edge.source, position, f"{path}edges[{index}].source")
        _check_id(edge.target, position, f"{path}edges[{index}].target")
        if position[edge.source] >= position[edge.target]:
            what = f"'{edge.source}' does not come before '{edge.target}'"
            raise _wrong(what, f"{path}edges[{index}]")
    for field, endpoints in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        for index, endpoint in enumerate(endpoints):
            _check_id(endpoint.node, position, f"{path}{field}[{index}].node")
    return position


def _check_id(id_: str, known: Container[str], path: str) -> None:
    if id_ not in known:
        raise _wrong(f"no node '{id_}'", path)


def _wrong(what: str, path: str) -> GraphFormatError:
    return GraphFormatError(f"Not a ModelGraph: {what} - at `$.{path}`.")
