"""Words on and about marks: short names, names of inputs and outputs, tooltips."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from keras_diagram_core.describe import class_name, count_text, shape_text
from keras_diagram_core.graph import Fact, ModelGraph, Node, Note, Shape
from keras_diagram_core.options import DotOptions, GraphOptions, VolumeOptions
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.fuse import Unit

_NUMBER = re.compile(r"(_?\d+)+$")

# Names that Keras and the reading of models make up for what has none, numbers left out.
_MADE_UP = {"input", "inputs", "inputlayer", "kerastensor", "args"}
_MADE_UP |= {"output", "outputs", "model", "functional", "sequential"}


def has_shared_sign(graph: ModelGraph, node: Node) -> bool:
    """Say whether a picture shows that a node's layer is shared: only weights are worth it."""
    return bool(node.params) and node.layer in graph.shared_layers


def named(graph: ModelGraph, unit: Unit, words: str, *, layer_names: bool = False) -> str:
    """Say what a unit is, and which of several inputs or outputs of the model, if it has a name.

    Args:
        graph: the model.
        unit: what is drawn as one.
        words: what it does. The name of an input stands in their place, that of an output behind.
        layer_names: whether the name of its layer stands in their place; if people chose that
            one, it is all that is said.
    """
    main, last = graph.by_id[unit.main], graph.by_id[unit.nodes[-1]]
    if layer_names:
        words = clean(main.name)
        if _is_given(main.name, main):
            return words
    taken = next((end.name for end in graph.inputs if end.node == main.id), None)
    if taken is not None and len(graph.model.inputs) > 1:
        return next((clean(name) for name in (taken, main.name) if _is_given(name, main)), words)
    ends = [end.name for end in graph.outputs if end.node == last.id]
    given = [clean(name) for name in ends if _is_given(name, last)]
    several = len(graph.model.outputs) > 1
    return f"{words} → {', '.join(given)}" if several and given else words


def _is_given(name: str, node: Node) -> bool:
    """Say whether people chose a name: made up ones tell the class, and a number."""
    plain, type_ = (_NUMBER.sub("", word).replace("_", "").lower() for word in (name, node.type))
    return plain not in {"", type_, *_MADE_UP}


def asked_for(node: Node, options: GraphOptions | DotOptions) -> Iterator[str]:
    """Give what is written about a node only where one asks for it."""
    if options.show_layer_activations and "activation" in node.config:
        yield clean(f"activation {node.config['activation']}")
    if options.show_dtype and node.dtype:
        yield clean(", ".join(dict.fromkeys(node.output_dtypes)) or node.dtype)
    if options.show_trainable and node.params:
        yield "trainable" if node.trainable_params else "not trainable"


class Wording(NamedTuple):
    """What the author wants on a unit: its lines, and whether they stand above it."""

    lines: tuple[str, ...] = ()
    above: bool = False


def wording(graph: ModelGraph, unit: Unit, options: VolumeOptions) -> Wording:
    """Give the text of a unit's main layer, or the first that there is in the unit."""
    down = options.direction == "down"  # beside a column, there is one place for words
    for id_ in (unit.main, *unit.nodes):
        node = graph.by_id[id_]
        is_built_in = options.text_callable in _BUILT_IN
        text = _BUILT_IN[options.text_callable](graph, node) if is_built_in else node.text
        if lines := tuple(filter(None, map(clean, text.splitlines()))):
            return Wording(lines, not is_built_in and node.text_above and not down)
    return Wording()


def unwritten(graph: ModelGraph, units: Iterable[Unit], options: VolumeOptions) -> list[Note]:
    """Say how many texts of the author's are not drawn, as boxes stand for several layers.

    Args:
        graph: the model.
        units: all boxes.
        options: what labels say.
    """
    if not options.text_callable or options.text_callable in _BUILT_IN:
        return []
    texts = {node.id for node in graph.nodes if node.text}
    lost = len(texts) - sum(not texts.isdisjoint(unit.nodes) for unit in units)
    if not lost:
        return []
    layers = "layer is" if lost == 1 else "layers are"
    message = f"text-callable: the texts of {lost} {layers} not drawn, as boxes stand for several."
    return [Note(message=f"{message} In `layered`, `detail: all` draws every layer.")]


def shape_of(graph: ModelGraph, node: Node) -> Shape:
    """Give the shape of a node's first output, of one sample; that of a number if it has none."""
    return graph.without_batch(node.output_shapes[0]) if node.output_shapes else ()


def size_text(graph: ModelGraph, node: Node, alike: Iterable[Node] = ()) -> str:
    """Write the shapes of a node's outputs, if it has any; ranges, if those of others differ.

    Equal shapes that follow each other are counted: `20, 10 (× 4)`.
    """
    others = list(alike)
    texts = [
        shape_text(
            graph.without_batch(shape),
            *(
                graph.without_batch(other.output_shapes[index])
                for other in others
                if index < len(other.output_shapes)
            ),
        )
        for index, shape in enumerate(node.output_shapes)
    ]
    counts = ((text, len(list(same))) for text, same in itertools.groupby(texts))
    return ", ".join(f"{text} (× {count})" if count > 1 else text for text, count in counts)


_BUILT_IN: dict[str, Callable[[ModelGraph, Node], str]] = {
    "name": lambda _, node: node.name,
    "type": lambda _, node: node.type,
    "shape": size_text,
    "name_shape": lambda graph, node: f"{node.name}\n{size_text(graph, node)}",
}


def tooltip(graph: ModelGraph, node: Node) -> str:
    """Tell all the facts of a node, a line each."""
    calls = graph.calls[node.layer]
    shapes = ", ".join(map(shape_text, map(graph.without_batch, node.output_shapes)))
    lines = [f"{'/'.join((*node.scope, node.name))} · {class_name(node)}"]
    if calls > 1:
        lines.append(f"shared: called {calls} times")
    if shapes:
        lines.append(f"{shapes} {node.dtype}".strip())
    if node.params:
        frozen = "" if node.trainable_params else ", not trainable"
        lines.append(f"{count_text(node.params)} parameters{frozen}")
    if node.macs:
        lines.append(f"{count_text(node.macs)} MACs")
    facts = (
        f"{name} {_fact_text(value)}" for name, value in node.config.items() if name != "wraps"
    )
    return "\n".join(clean(line) for line in (*lines, ", ".join(facts)) if line)


def _fact_text(value: Fact) -> str:
    if isinstance(value, tuple):
        return "×".join(str(part) for part in value)
    return str(value)
