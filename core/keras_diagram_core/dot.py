"""DOT: a ModelGraph as text for Graphviz. Every node and every edge; nothing is folded.

The language: https://graphviz.org/doc/info/lang.html. Labels are its "HTML-like" ones
(https://graphviz.org/doc/info/shapes.html#html), which are XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from keras_diagram_core.describe import class_name, shape_text, what_is_hidden
from keras_diagram_core.families import family
from keras_diagram_core.graph import Edge, ModelGraph, Node, Shape
from keras_diagram_core.layout.words import asked_for
from keras_diagram_core.options import DotOptions
from keras_diagram_core.text import clean
from keras_diagram_core.theme import FAMILIES, PAGE_PAINTS
from keras_diagram_core.transforms.hide import shown

FONT = "Helvetica,Arial,sans-serif"
SMALL = 9
RANKDIRS = {"down": "TB", "right": "LR", "up": "BT", "left": "RL"}
"""What Graphviz calls the directions of pictures."""

# Graphviz 2.43 takes a bracket before a tag for a part of what ends CDATA.
_ENTITIES = {"]": "&#93;"}
_SPACE = "&#160;"  # Graphviz refuses empty elements
_UNSAFE = re.compile("[\x00-\x1f\x7f%\ud800-\udfff]")
_INK, _MUTED, _EDGE, _GROUP, _GROUP_LINE = (
    PAGE_PAINTS[name].light for name in ("ink", "muted", "edge", "group", "group-line")
)


def write_dot(graph: ModelGraph, options: DotOptions) -> str:
    """Write a model as a graph of its own, without what is to be hidden."""
    rest = shown(graph, options)
    lines = [
        f"digraph {_quoted(graph.name)} {{",
        *_indented(_graph_attributes(options)),
        *_indented(_remark(what_is_hidden(rest))),
        *_indented(_statements(rest, options)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def write_subgraph(graph: ModelGraph, options: DotOptions) -> str:
    """Write a model as a cluster, to be put into the text of another graph."""
    name = _quoted(f"cluster:{graph.name}")
    inside = [*_frame(graph.name), *_defaults(), *_statements(graph, options)]
    return "\n".join([f"subgraph {name} {{", *_indented(inside), "}"]) + "\n"


def _graph_attributes(options: DotOptions) -> Iterator[str]:
    resolution = f" dpi={options.dpi}" if options.dpi else ""
    how = f"rankdir={options.rankdir} splines={options.splines}{resolution}"
    yield f"graph [{how} nodesep=0.3 ranksep=0.35 pad=0.15];"
    yield from _defaults()


def _defaults() -> Iterator[str]:
    font = f'fontname="{FONT}" fontcolor="{_INK}"'
    yield f"graph [{font} fontsize=10];"
    yield f'node [{font} fontsize=11 shape=box style="rounded,filled" margin="0.16,0.07"];'
    yield f'edge [{font} fontsize={SMALL} color="{_EDGE}" arrowsize=0.7];'


def _remark(text: str) -> Iterator[str]:
    """Write a line below the picture."""
    if text:
        yield f"graph [label={_quoted(text)} labeljust=l];"


def _statements(graph: ModelGraph, options: DotOptions) -> Iterator[str]:
    yield from _nodes(graph, graph.nodes, options)
    yield from map(_edge, graph.edges)


def _nodes(
    graph: ModelGraph, nodes: Iterable[Node], options: DotOptions, level: int = 0
) -> Iterator[str]:
    """Write nodes, those of a deeper scope in clusters."""
    inside: dict[str, list[Node]] = {}
    for node in nodes:
        if len(node.scope) > level and options.clusters:
            inside.setdefault(node.scope[level], []).append(node)
        else:
            yield _node(graph, node, options)
    for name, members in inside.items():
        path = "/".join(map(_encoded, members[0].scope[: level + 1]))
        yield f'subgraph "{_escaped(f"cluster:{path}")}" {{'
        yield from _indented(_frame(name))
        yield from _indented(_nodes(graph, members, options, level + 1))
        yield "}"


def _frame(name: str) -> Iterator[str]:
    yield f'graph [style="rounded,filled" color="{_GROUP_LINE}" fillcolor="{_GROUP}"];'
    yield f"graph [label=<{_text(name)}> labeljust=l];"


def _node(graph: ModelGraph, node: Node, options: DotOptions) -> str:
    _, fill, line = FAMILIES[family(node)]
    label = "<BR/>".join(_label(graph, node, options))
    return f'{_quoted(node.id)} [label=<{label}> fillcolor="{fill.light}" color="{line.light}"];'


def _label(graph: ModelGraph, node: Node, options: DotOptions) -> Iterator[str]:
    type_ = class_name(node)
    yield f"<B>{_text(node.name if options.show_layer_names else type_)}</B>"
    details = [
        type_ if options.show_layer_names else "",
        _shapes(graph, node) if options.show_shapes else "",
        *asked_for(node, options),
    ]
    for detail in filter(None, details):
        yield f'<FONT POINT-SIZE="{SMALL}" COLOR="{_MUTED}">{_text(detail)}</FONT>'


def _shapes(graph: ModelGraph, node: Node) -> str:
    """Write what goes in and what comes out: `28×28×1 → 26×26×32`."""
    both = (node.input_shapes, node.output_shapes)
    return " → ".join(_listed(graph, shapes) for shapes in both if shapes)


def _listed(graph: ModelGraph, shapes: Sequence[Shape]) -> str:
    return ", ".join(map(shape_text, map(graph.without_batch, shapes)))


def _edge(edge: Edge) -> str:
    label = f' [label=<<FONT COLOR="{_MUTED}">{_text(edge.role)}</FONT>>]' if edge.role else ""
    return f"{_quoted(edge.source)} -> {_quoted(edge.target)}{label};"


def _text(text: str) -> str:
    """Write text in a label: XML, in which Graphviz replaces what follows a backslash."""
    return escape(clean(text), _ENTITIES).replace("\\", "\\\\") or _SPACE


def _quoted(text: str) -> str:
    """Write a name as a quoted ID, different names differently."""
    return f'"{_escaped(_encoded(text))}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _encoded(text: str) -> str:
    """Write what no text file should hold as in a URL: `%0A`."""
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
