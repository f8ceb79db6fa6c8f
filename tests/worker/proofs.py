"""Proofs on many models, in one process that imports Keras; `test_random_models.py` starts it.

Graphs are compared up to the numbers in ids. The term of a node says what it is and, in
order, which output of which term flows into it; two graphs are the same if they have the
same terms as nodes and edges, each as often.
"""

import json
import sys
import time
import traceback
from collections import Counter
from importlib import import_module
from pathlib import Path

import keras
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from keras import layers, ops
from profiles import load_profile

from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.request import ModelRequest, canonical_json
from keras_diagram_core.worker.extract import extract_graph
from keras_diagram_core.worker.state import clean_process
from keras_diagram_core.worker.weightless import building

load_profile()  # before `given` looks at it

WIDTH = 4
UNARY = {
    "relu": ops.relu,
    "minus": lambda x: -x,
    "double": lambda x: 2.0 * x,
    "less": lambda x: x - 1.0,
}
BINARY = {
    "plus": lambda x, y: x + y,
    "times": lambda x, y: x * y,
    "maximum": ops.maximum,
}
MERGES = {"add": layers.Add, "average": layers.Average, "multiply": layers.Multiply}


def step(kinds):
    """One step of a random program: what is done, and to which tensors."""
    place = st.integers(0, 30)
    return st.tuples(st.sampled_from(kinds), place, place, place)


FLAT = ("dense", "again", "unary", "binary", "merge", "swap", "norm")


def programs(kinds, sizes):
    return st.fixed_dictionaries(
        {
            "inputs": st.integers(1, 3),
            "steps": st.lists(step(kinds), min_size=1, max_size=sizes),
            "outputs": st.lists(st.integers(0, 30), min_size=1, max_size=3),
        }
    )


INNER = programs(FLAT, 5)
PROGRAMS = st.tuples(programs((*FLAT, "nested", "nested"), 12), INNER, INNER)


class Network:
    """A random program, as layers and what to do with them."""

    def __init__(self, program, inner=()):
        self.program = program
        self.nested = [Network(each).functional(f"inner_{n}") for n, each in enumerate(inner)]
        count = len(program["steps"])
        self.dense = [layers.Dense(WIDTH, name=f"dense_{n}") for n in range(count)]
        self.norm = [layers.LayerNormalization(name=f"norm_{n}") for n in range(count)]
        names = list(MERGES.values())
        self.merge = [names[n % len(names)](name=f"merge_{n}") for n in range(count)]

    def run(self, inputs):
        """Do what the program says, and give its outputs."""
        tensors = list(inputs)
        for number, (kind, *places) in enumerate(self.program["steps"]):
            given = [tensors[place % len(tensors)] for place in places]
            tensors += self.step(kind, number, places, given)
        made = tensors[len(inputs) :]
        places = dict.fromkeys(place % len(made) for place in self.program["outputs"])
        return [made[place] for place in places]

    def step(self, kind, number, places, given):
        """Do one step, and give what comes of it."""
        x, y, _ = given
        steps = {
            "dense": lambda: self.dense[number](x),
            "again": lambda: self.dense[places[1] % (number + 1)](x),
            "norm": lambda: self.norm[number](x),
            "unary": lambda: list(UNARY.values())[places[1] % len(UNARY)](x),
            "binary": lambda: list(BINARY.values())[places[2] % len(BINARY)](x, y),
            "merge": lambda: self.merge[number](given),
            "swap": lambda: ops.concatenate(ops.split(x, 2, axis=-1)[::-1], axis=-1),
            "nested": lambda: self.call_nested(places[2], given),
        }
        made = steps[kind]()
        return made if isinstance(made, list) else [made]

    def call_nested(self, place, given):
        inner = self.nested[place % len(self.nested)]
        return inner(given[: len(inner.inputs)])

    def functional(self, name):
        inputs = [
            keras.Input((WIDTH,), name=f"{name}_in_{n}") for n in range(self.program["inputs"])
        ]
        return keras.Model(inputs, self.run(inputs), name=name)

    def subclassed(self):
        network = self

        class Net(keras.Model):
            def __init__(self):
                super().__init__(name="net")
                self.parts = [*network.dense, *network.norm, *network.merge, *network.nested]

            def call(self, *inputs):
                return network.run(inputs)

        return Net()


def terms_of_graph(graph, label):
    """The nodes, edges and outputs of a graph, by terms."""
    into = {}
    for edge in graph.edges:
        into.setdefault(edge.target, []).append(edge)
    terms = {}
    for node in graph.nodes:
        given = sorted(into.get(node.id, []), key=lambda edge: edge.target_index)
        terms[node.id] = hash((label(node), *((terms[e.source], e.source_index) for e in given)))
    edges = Counter(
        (terms[e.source], e.source_index, terms[e.target], e.target_index) for e in graph.edges
    )
    outputs = [(terms[end.node], end.index) for end in graph.outputs]
    return Counter(terms.values()), edges, outputs


class Records:
    """The same of a functional model, by an own way back from the outputs."""

    def __init__(self, model):
        self.terms, self.edges, self.operations = {}, Counter(), set()
        self.found = {}
        ends = [*model.inputs, *model.outputs]
        found = [self.source(tensor, (), {}) for tensor in ends][len(model.inputs) :]
        self.outputs = [(self.terms[key], index) for key, index in found]

    def source(self, tensor, path, given):
        """The call, opened all the way, that a tensor comes from, and its place there."""
        if id(tensor) in given:
            return given[id(tensor)]
        if (path, id(tensor)) not in self.found:
            self.found[path, id(tensor)] = self.look(tensor, path, given)
        return self.found[path, id(tensor)]

    def look(self, tensor, path, given):
        operation, node_index, index = tensor._keras_history
        call = operation._inbound_nodes[node_index]
        sources = [self.source(each, path, given) for each in call.input_tensors]
        key = (*path, (id(operation), node_index))
        model = getattr(operation, "_functional", None) or operation  # of a Sequential
        if hasattr(model, "_nodes_by_depth"):
            bridge = {id(mine): src for mine, src in zip(model.inputs, sources, strict=True)}
            inner = (*path, (operation.name, node_index))
            return [self.source(each, inner, bridge) for each in model.outputs][index]
        if key not in self.terms:
            scope = tuple(name for name, _ in path)
            label = (scope, operation.name, type(operation).__name__)
            into = [(self.terms[source], place) for source, place in sources]
            self.terms[key] = hash((label, *into))
            self.operations.add(id(operation))
            self.edges.update(
                (*source, self.terms[key], place) for place, source in enumerate(into)
            )
        return key, index


def extract(build, **request):
    """Extract as the worker does."""
    with clean_process(), building(weightless=True):
        model = build()
        return model, extract_graph(
            model, ModelRequest(target="proofs:build", **request), ""
        ).graph


def label_with_scope(node):
    return tuple(name.partition("@")[0] for name in node.scope), node.name, node.type


@given(PROGRAMS)
def functional_models_equal_keras_records(programs):
    """Nodes, edges, outputs and the layers behind them, edge for edge."""
    program, *inner = programs
    model, graph = extract(lambda: Network(program, inner).functional("net"))
    records = Records(model)
    nodes, edges, outputs = terms_of_graph(graph, label_with_scope)
    assert nodes == Counter(records.terms.values())
    assert edges == records.edges
    assert outputs == records.outputs
    assert len({node.layer for node in graph.nodes}) == len(records.operations)
    assert not graph.notes


@given(PROGRAMS)
def subclassed_models_equal_functional_ones(programs):
    """The same network, written with a `call`."""
    program, *inner = programs
    specs = tuple(InputSpec(shape=(WIDTH,)) for _ in range(program["inputs"]))
    _, functional = extract(lambda: Network(program, inner).functional("net"))
    _, graph = extract(lambda: Network(program, inner).subclassed(), inputs=specs)

    def label(node):
        # The number of an input tells them apart.
        number = node.name[-1] if node.type == "InputLayer" and specs[1:] else ""
        return node.type, number, node.input_shapes, node.output_shapes, node.params, node.macs

    assert terms_of_graph(graph, label) == terms_of_graph(functional, label)
    assert Counter(map(len, calls(graph))) == Counter(map(len, calls(functional)))


def calls(graph):
    """The calls of each layer."""
    found = {}
    for node in graph.nodes:
        found.setdefault(node.layer, []).append(node.id)
    return found.values()


CHOSEN = (
    "ConvNeXtTiny",
    "DenseNet121",
    "InceptionV3",
    "MobileNetV3Small",
    "NASNetMobile",
    "VGG16",
)


def chosen_applications_equal_keras_records():
    """Some, of families that have little in common."""
    equal_records({name: getattr(keras.applications, name) for name in CHOSEN})


def applications_equal_keras_records():
    """All 40 of them."""
    builders = {
        name: builder
        for name, builder in vars(keras.applications).items()
        if callable(builder) and name[0].isupper()
    }
    assert len(builders) == 40, sorted(builders)
    equal_records(builders)


def equal_records(builders):
    """Compare nodes, edges, and parameters."""
    for name, builder in builders.items():
        model, graph = extract(lambda builder=builder: builder(weights=None))
        records = Records(model)
        nodes, edges, outputs = terms_of_graph(graph, label_with_scope)
        assert nodes == Counter(records.terms.values()), name
        assert edges == records.edges, name
        assert outputs == records.outputs, name
        assert graph.params == model.count_params(), name
        assert not graph.notes, name


def graphs_do_not_depend_on_what_was_before():
    """Extracted again, in another order, with other models between."""
    composite, subclassed = map(import_module, ("models.composite", "models.subclassed"))
    four, ten = (InputSpec(shape=(8, 8, 4)),), (InputSpec(shape=(10,)),)
    targets = [
        (composite.build_transformer, {"depth": "all"}),
        (subclassed.Residual, {"inputs": four}),
        (subclassed.Classifier, {"inputs": ten, "depth": "all"}),
        (composite.build_shared_block, {"depth": 1}),
        (subclassed.build_functional_with_subclassed, {}),
    ]

    def encoded(target):
        return canonical_json(extract(target[0], **target[1])[1])

    first = [encoded(target) for target in targets]
    assert [encoded(target) for target in reversed(targets)] == first[::-1]


def shapes_equal_those_of_real_calls():
    """Of layers whose shapes Keras does not tell, or tells wrong; and parameters."""
    totals = import_module("models.totals")
    builders = [
        totals.build_attention,
        lambda: totals.build_attention(return_attention_scores=True, dropout=0.1),
        lambda: totals.build_attention(value_dim=3, use_gate=True, return_attention_scores=True),
        lambda: totals.build_attention(output_shape=(3, 7), return_attention_scores=True),
        totals.build_attention_with_key,
        *(lambda axes=axes: totals.build_attention_along(axes) for axes in [(1,), (-2,), (1, 2)]),
        lambda: totals.build_grouped(use_gate=True),
        totals.build_blocks,
        totals.build_mixed,
        totals.build_wrappers,
        *(lambda mode=mode: totals.build_quantized(mode) for mode in ("int8", "int4", "float8")),
    ]
    for build in builders:
        model = build()
        arrays = [np.ones((2, *tensor.shape[1:]), tensor.dtype) for tensor in model.inputs]
        made = keras.tree.flatten(model(arrays if len(arrays) > 1 else arrays[0]))
        for depth in (0, "all"):
            _, graph = extract(build, depth=depth)
            found = [graph.by_id[end.node].output_shapes[end.index] for end in graph.outputs]
            real = [tuple(each.shape[1:]) for each in made]
            assert [shape[1:] for shape in found] == real, (found, real)
            assert graph.params == model.count_params()


PROOFS = (
    functional_models_equal_keras_records,
    subclassed_models_equal_functional_ones,
    chosen_applications_equal_keras_records,
    applications_equal_keras_records,
    graphs_do_not_depend_on_what_was_before,
    shapes_equal_those_of_real_calls,
)


def main(names):
    """Run the proofs, and print what came of each: nothing, or a traceback."""
    sys.setrecursionlimit(20_000)  # the way back is recursive
    sys.path.insert(0, str(Path(__file__).parents[1] / "projects"))
    found = {}
    for proof in PROOFS:
        if names and proof.__name__ not in names:
            continue
        start, problem = time.perf_counter(), ""
        try:
            proof()
        except Exception:  # noqa: BLE001  (it is reported)
            problem = traceback.format_exc()
        found[proof.__name__] = {"problem": problem, "seconds": time.perf_counter() - start}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
