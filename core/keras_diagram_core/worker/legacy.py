"""Models of Keras 2 (tf_keras), read from its own records into the same ModelGraph.

Keras 2 has other records than Keras 3: calls of layers only, with TensorFlow's functions
wrapped as layers (`TFOpLambda`). Composite layers stay closed and subclassed models are
refused, for it cannot call them symbolically and look inside. It cannot defer its weights
either: they are allocated, so a model has to fit into memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from keras_diagram_core.characters import fit_line
from keras_diagram_core.errors import ModelError
from keras_diagram_core.graph import Edge, Endpoint, Fact, ModelGraph, Node, Note, Scope
from keras_diagram_core.macs import multiply_accumulates
from keras_diagram_core.request import ModelRequest, digest
from keras_diagram_core.worker.facts import around, config_of, count, shape_of
from keras_diagram_core.worker.nodes import Path, Reading, is_named, path_of, unique_path
from keras_diagram_core.worker.parts import counts
from keras_diagram_core.worker.remarks import not_expanded

_PACKAGE = "tf_keras"
_DIGITS = 16
_TYPES = {
    "concat": "Concatenate",
    "getitem": "GetItem",
    "floordiv": "FloorDivide",
    "pow": "Power",
    "reduce_max": "Max",
    "reduce_mean": "Mean",
    "reduce_min": "Min",
    "reduce_prod": "Prod",
    "reduce_sum": "Sum",
    "truediv": "Divide",
}
"""What Keras 3 calls the functions of TensorFlow that it has another word for."""

_PLACES = {"engine": "layers"}
"""Where the public classes of a folder of Keras 2 are, if not under its name."""


def is_legacy(value: Any, kind: str = "Model") -> bool:
    """Say whether a value is a model (or a `Layer`) of Keras 2."""
    keras = sys.modules.get(_PACKAGE)
    if keras is None or not hasattr(keras, "Model"):
        return False
    base = keras.layers.Layer if kind == "Layer" else getattr(keras, kind)
    return isinstance(value, base)


def forget_legacy() -> None:
    """Start the counters of Keras 2's names again."""
    keras = sys.modules.get(_PACKAGE)
    if keras is not None and hasattr(keras, "backend"):
        keras.backend.clear_session()


def check_legacy(model: Any, sentence: str) -> None:
    """Make sure that a model of Keras 2 has a graph.

    Args:
        model: a model of Keras 2.
        sentence: the begin of the message, like "'pkg:build' returned".

    Raises:
        ModelError: it is subclassed, or not built.
    """
    if _has_records(model):
        return
    if is_legacy(model, "Sequential"):
        hint = "Give its first layer an input_shape, or call build() with one."
        raise ModelError(f"{sentence} a Sequential model that is not built.", hint=hint)
    raise ModelError(
        f"{sentence} a subclassed model of Keras 2 (tf_keras), which records no graph.",
        hint="Build it with the functional API, or with Keras 3.",
    )


def extract_legacy(model: Any, request: ModelRequest) -> Reading:
    """Read the graph of a functional or sequential model of Keras 2.

    Args:
        model: a model that `check_legacy` accepts.
        request: how many levels of nested models are opened, and which in any case.
    """
    walk = _Walk(frozenset(request.expand))
    flows: _Flows = {}
    walk.inputs(model, flows)
    levels = None if request.depth in {None, "all"} else int(request.depth or 0)
    walk.calls(model, (), flows, levels)
    unopened = [name for name in request.expand if name not in walk.expanded]
    graph = ModelGraph(
        name=model.name,
        type=type(model).__name__,
        keras_version=sys.modules[_PACKAGE].__version__,
        nodes=tuple(walk.nodes),
        edges=tuple(walk.edges),
        scopes=tuple(walk.scopes),
        inputs=_endpoints(model._nested_inputs, model.input_names, flows),
        outputs=_endpoints(model._nested_outputs, model.output_names, flows),
        notes=tuple(
            Note(message=not_expanded(name, walk.nodes, met=name in walk.met)) for name in unopened
        ),
    )
    return Reading(graph, walk.operations)


class _Flow(NamedTuple):
    """Where a tensor really comes from, and the tensor there."""

    node: str
    output: int
    tensor: Any


_Flows = dict[int, _Flow]
"""By the id() of the symbolic tensors in the records; the model keeps those alive."""


class _Walk:
    """The nodes and edges found so far."""

    def __init__(self, expand: frozenset[str]) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.scopes: list[Scope] = []
        self.operations: dict[str, Any] = {}
        self.met: set[str] = set()
        self.expanded: set[str] = set()
        self._expand = expand
        self._ids: set[str] = set()
        self._paths: set[str] = set()
        self._opened: dict[int, str] = {}
        self._layers: dict[int, str] = {}

    def inputs(self, model: Any, flows: _Flows) -> None:
        """Add the inputs that a model declares, used or not."""
        for tensor in model.inputs:
            layer, index, _ = tensor._keras_history
            self._add(layer._inbound_nodes[index], (), [], flows)

    def calls(self, model: Any, scope: Path, flows: _Flows, levels: int | None) -> None:
        """Add the calls inside a model whose inputs' flows are known."""
        for call in _in_order(model):
            sources = [flows.get(id(tensor)) for tensor in call.keras_inputs]
            known = [source for source in sources if source is not None]
            if call.is_input or len(known) < len(sources):
                continue
            if self._opens(call.layer, levels):
                self._open(call, scope, flows, levels)
            else:
                self._add(call, scope, known, flows)

    def _opens(self, layer: Any, levels: int | None) -> bool:
        names = self._expand & {layer.name, type(layer).__name__}
        opens = _has_records(layer) and (levels != 0 or bool(names))
        self.met |= names
        self.expanded |= names if opens else set()
        return opens

    def _open(self, call: Any, scope: Path, flows: _Flows, levels: int | None) -> None:
        """Add the calls inside a nested model, and bridge its boundary."""
        inner = call.layer
        given = zip(inner.inputs, _arguments(call, inner), strict=False)
        inside = {id(mine): flows[id(theirs)] for mine, theirs in given if id(theirs) in flows}
        self.calls(inner, self._enter(inner, scope), inside, levels and levels - 1)
        for outer, mine in zip(_flat(call.outputs), inner.outputs, strict=True):
            if id(mine) in inside:
                flows[id(outer)] = inside[id(mine)]

    def _add(self, call: Any, scope: Path, sources: Sequence[_Flow], flows: _Flows) -> None:
        outputs = _flat(call.outputs)
        id_ = unique_path(path_of(scope, fit_line(call.layer.name)), self._ids)
        layer = self._layers.setdefault(id(call.layer), id_)
        node = Node(
            id=id_,
            layer=layer,
            scope=scope,
            input_shapes=tuple(shape_of(source.tensor) for source in sources),
            output_shapes=tuple(map(shape_of, outputs)),
            output_dtypes=tuple(tensor.dtype.name for tensor in outputs),
            dtype=outputs[0].dtype.name if outputs else "",
            **_facts(call.layer),
            signature=_signature(call),
        )
        self.operations[id_] = call.layer
        self.nodes.append(replace(node, macs=multiply_accumulates(node)))
        self.edges.extend(
            Edge(source=source.node, target=id_, source_index=source.output, target_index=index)
            for index, source in enumerate(sources)
        )
        for index, tensor in enumerate(outputs):
            flows[id(tensor)] = _Flow(id_, index, tensor)

    def _enter(self, model: Any, above: Path) -> Path:
        """Enter a nested model; its second call at the same place gets a scope of its own."""
        name = fit_line(model.name)
        base = path_of(above, name)
        path = unique_path(base, self._paths)
        scope = Scope(
            path=(*above, name + path.removeprefix(base)),
            layer=self._opened.setdefault(id(model), path),
            name=name,
            type=_type(model),
            module=_module(model),
            is_named=is_named(model),
        )
        self.scopes.append(scope)
        return scope.path


def _facts(layer: Any) -> dict[str, Any]:
    return {
        "name": fit_line(layer.name),
        "type": _type(layer),
        "module": _module(layer),
        "params": count(layer.weights),
        "trainable_params": count(layer.trainable_weights),
        "config": _config(layer),
    }


def _signature(call: Any) -> str:
    """Return the digest of what a call of Keras 2's own layers depends on, else nothing."""
    layer = call.layer
    if not type(layer).__module__.startswith(f"{_PACKAGE}."):
        return ""
    weights = [
        [list(weight.shape), str(weight.dtype), weight.trainable] for weight in layer.weights
    ]
    try:
        arguments = _relevant([call.call_args, call.call_kwargs])
        told = [_module(layer), _type(layer), _relevant(layer.get_config()), weights, arguments]
        return digest(json.dumps(told, sort_keys=True).encode())[:_DIGITS]
    except Exception:  # noqa: BLE001  (what is no JSON cannot be compared)
        return ""


def _relevant(value: Any) -> Any:
    """Return plain data without what does not count, and a word in place of each tensor."""
    if isinstance(value, Mapping):
        return {key: _relevant(each) for key, each in value.items() if counts(str(key))}
    if isinstance(value, (list, tuple)):
        return [_relevant(each) for each in value]
    if isinstance(value, slice) or value is Ellipsis:
        return repr(value)
    return "tensor" if hasattr(value, "_keras_history") else value


def _type(layer: Any) -> str:
    """Name a layer's class, and of a wrapped function of TensorFlow the function."""
    function = str(getattr(layer, "symbol", "")).rpartition(".")[2]
    if not function:
        return type(layer).__name__
    camel = "".join(part[:1].upper() + part[1:] for part in function.split("_"))
    return _TYPES.get(function, camel)


def _module(layer: Any) -> str:
    """Give the module that people import a class from: tf_keras.layers."""
    if getattr(layer, "symbol", ""):
        return "tensorflow"
    module: str = type(layer).__module__
    inside = module.removeprefix(f"{_PACKAGE}.src.")
    if inside == module:
        return module
    place = inside.partition(".")[0]
    return f"{_PACKAGE}.{'models' if is_legacy(layer) else _PLACES.get(place, place)}"


def _config(layer: Any) -> dict[str, Fact]:
    """Read the facts of a layer; a wrapper shows those of the layer it wraps too."""
    own = config_of(layer)
    wrapped = getattr(layer, "forward_layer", None) or getattr(layer, "layer", None)
    if not is_legacy(wrapped, "Layer"):
        return own
    return around(own, wrapped, _config(wrapped))


def _has_records(layer: Any) -> bool:
    return bool(is_legacy(layer) and getattr(layer, "_is_graph_network", False))


def _in_order(model: Any) -> Iterator[Any]:
    """Give the records of a model's calls in Keras' own order of execution."""
    for depth in sorted(model._nodes_by_depth, reverse=True):
        yield from model._nodes_by_depth[depth]


def _arguments(call: Any, inner: Any) -> list[Any]:
    """Give the tensors that a nested model was called with, in the order of its inputs."""
    given = call.call_args[0] if call.call_args else call.call_kwargs.get("inputs")
    if isinstance(given, dict) and not isinstance(inner._nested_inputs, dict):
        return [given.get(name) for name in inner.input_names]
    return _flat(given)


def _flat(structure: Any) -> list[Any]:
    flat: list[Any] = sys.modules["tensorflow"].nest.flatten(structure)
    return flat


def _endpoints(structure: Any, names: Iterable[str], flows: _Flows) -> tuple[Endpoint, ...]:
    """Say where a model's tensors are found; those of a dictionary are named by its keys."""
    if isinstance(structure, dict):
        names = sorted(structure)
    found = [flows[id(tensor)] for tensor in _flat(structure)]
    return tuple(
        Endpoint(node=flow.node, index=flow.output, name=name)
        for flow, name in zip(found, names, strict=True)
    )
