"""DOT says all of the graph, whatever things are called, and Graphviz reads it."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import msgspec
import pytest
from core_graphs import NAMES, graphs, load_graph, small_graph
from hypothesis import example, given
from hypothesis import strategies as st

from keras_diagram_core import Project, RequestError, Settings, api, parse_request
from keras_diagram_core.dot import write_dot, write_subgraph
from keras_diagram_core.graph import Edge, ModelGraph, Node
from keras_diagram_core.options import DotOptions, parse_text_options
from keras_diagram_core.runner import Extraction
from keras_diagram_core.text import clean

EVERYTHING = DotOptions(show_dtype=True, show_layer_activations=True, show_trainable=True)
HARD = [
    "&",
    "<",
    ">",
    '"',
    "\\",
    "\\N",
    "&lt;",
    "a\nb",
    "\0",
    "",
    " ",
    "\ud800",
    "é漢🙂",
    "%22",
    "]]>",
    "a:b",
    "conv:n",
    "<b>bold</b>",
    "a\r\nb",
    "--> a",
    "{x|y}",
    "node",
    "'",
    "\u2028",
    "\u202eabc",
    '\\"',
]
needs_graphviz = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|<(?:[^<>]|<[^<>]*>)*>|->|[\w.]+|[{}\[\]=;])', re.DOTALL)


class Parsed(NamedTuple):
    """What a DOT text has: labels by node, edges, clusters and their depth."""

    labels: dict[str, list[str]]
    edges: Counter[tuple[str, str]]
    clusters: list[tuple[int, str]]


def tokens(text: str) -> list[str]:
    """Take a text apart; all of it must be tokens."""
    found, position = [], 0
    while match := TOKEN.match(text, position):
        found.append(match[1])
        position = match.end()
    assert not text[position:].strip()
    return found


def words(label: str) -> list[str]:
    """Read a label as the XML that it is, a line each, as Graphviz shows it."""
    root = ET.fromstring(f"<label>{label[1:-1]}</label>")
    lines = ["".join(part.itertext()) for part in root if part.tag != "BR"]
    shown = [line.replace("\\\\", "\0") for line in lines or [root.text or ""]]
    assert "\\" not in "".join(shown)
    return [line.replace("\0", "\\").replace("\xa0", "") for line in shown]


def parse(text: str) -> Parsed:
    """Read the part of the language that we write."""
    parsed, depth, statement = Parsed({}, Counter(), []), 0, []
    for token in tokens(text):
        if token == "{":
            parsed.clusters.append((depth, statement[-1]))
        if token in "{};":
            _statement(parsed, statement)
            depth += {"{": 1, "}": -1}.get(token, 0)
            statement = []
        else:
            statement.append(token)
    assert depth == 0
    assert not statement
    return parsed


def _statement(parsed: Parsed, statement: list[str]) -> None:
    if "->" in statement:
        parsed.edges[statement[0], statement[2]] += 1
    elif statement and statement[0].startswith('"'):
        parsed.labels[statement[0]] = words(statement[statement.index("label") + 2])


def assert_true(text: str, graph: ModelGraph) -> dict[str, list[str]]:
    """Hold a text to its graph: every node once, every edge; give the labels by node."""
    parsed = parse(text)
    ids = dict(zip(parsed.labels, order(graph), strict=True))
    edges = Counter({(ids[a], ids[b]): count for (a, b), count in parsed.edges.items()})
    assert edges == Counter((edge.source, edge.target) for edge in graph.edges)
    return {ids[name]: label for name, label in parsed.labels.items()}


def order(graph: ModelGraph) -> list[str]:
    """Give the ids as they are written with clusters: what is outside before what is inside."""

    def level(nodes: list[Node], depth: int) -> list[str]:
        inside: dict[str, list[Node]] = {}
        for node in nodes:
            if len(node.scope) > depth:
                inside.setdefault(node.scope[depth], []).append(node)
        here = [node.id for node in nodes if len(node.scope) == depth]
        return here + [id_ for group in inside.values() for id_ in level(group, depth + 1)]

    return level(list(graph.nodes), 0)


def graphviz(text: str, format: str = "svg") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["dot", f"-T{format}"], input=text.encode(), capture_output=True, check=False
    )


@st.composite
def hard_graphs(draw: st.DrawFn) -> ModelGraph:
    """Draw graphs in which ids, names, classes, roles and scopes may be any text."""
    graph = draw(graphs(most=6))
    text = st.sampled_from(HARD) | st.text(max_size=12)
    ids = {node.id: f"{draw(text)}{node.id}{draw(text)}" for node in graph.nodes}
    nodes = tuple(
        msgspec.structs.replace(
            node,
            id=ids[node.id],
            name=draw(text),
            type=draw(text),
            scope=tuple(draw(st.lists(text, max_size=2))),
            config={"activation": draw(text)},
        )
        for node in graph.nodes
    )
    edges = tuple(
        msgspec.structs.replace(
            edge, source=ids[edge.source], target=ids[edge.target], role=draw(text)
        )
        for edge in graph.edges
    )
    ends = {
        side: tuple(
            msgspec.structs.replace(end, node=ids[end.node]) for end in getattr(graph, side)
        )
        for side in ("inputs", "outputs")
    }
    return msgspec.structs.replace(graph, name=draw(text), nodes=nodes, edges=edges, **ends)


@pytest.mark.parametrize("name", NAMES)
def test_real_models_are_written_node_for_node_and_edge_for_edge(name):
    graph = load_graph(name)
    labels = assert_true(write_dot(graph, EVERYTHING), graph)
    for node in graph.nodes:
        assert labels[node.id][:2] == [clean(node.name), node.type]


@given(graph=hard_graphs(), clusters=st.booleans())
def test_any_name_gives_well_formed_text(graph, clusters):
    options = msgspec.structs.replace(EVERYTHING, clusters=clusters)
    text = write_dot(graph, options)
    assert text.encode()
    flat = (
        graph
        if clusters
        else msgspec.structs.replace(
            graph, nodes=tuple(msgspec.structs.replace(node, scope=()) for node in graph.nodes)
        )
    )
    labels = assert_true(text, flat)
    for node in graph.nodes:
        assert labels[node.id][0] == clean(node.name).replace("\xa0", "")


@needs_graphviz
@given(graph=hard_graphs())
@example(graph=small_graph(("]", [])))
def test_graphviz_takes_any_name(graph):
    result = graphviz(write_dot(graph, EVERYTHING))
    assert (result.returncode, result.stderr) == (0, b"")
    marks = re.findall(rb'class="(node|edge)"', result.stdout)
    assert marks.count(b"node") == len(graph.nodes)
    assert marks.count(b"edge") == len(graph.edges)


@needs_graphviz
def test_graphviz_shows_hard_names_as_they_are():
    node = Node(id="n", layer="n", name="\\N <&> \\G\\", type="T", module="")
    graph = ModelGraph(name="x", nodes=(node,), edges=(), inputs=(), outputs=())
    root = ET.fromstring(graphviz(write_dot(graph, DotOptions())).stdout)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["\\N <&> \\G\\", "T"]


@needs_graphviz
@pytest.mark.parametrize("rankdir", ["TB", "LR", "BT", "RL"])
@pytest.mark.parametrize("name", ["unet", "efficientnet_b0"])
def test_graphviz_of_today_and_of_2020_draws_what_crashes_with_ortho(name, rankdir):
    result = graphviz(write_dot(load_graph(name), DotOptions(rankdir=rankdir)))
    assert (result.returncode, result.stderr) == (0, b"")


def test_each_tensor_is_an_edge():
    nodes = tuple(Node(id=id_, layer=id_, name=id_, type="T", module="") for id_ in "ab")
    edges = tuple(
        Edge(source="a", target="b", target_index=index, role=role)
        for index, role in enumerate(("query", "key"))
    )
    graph = ModelGraph(name="x", nodes=nodes, edges=edges, inputs=(), outputs=())
    text = write_dot(graph, DotOptions())
    assert parse(text).edges == {('"a"', '"b"'): 2}
    assert ">query<" in text
    assert ">key<" in text


def test_ids_that_differ_stay_different():
    ids = ["a", 'a"', "a\\", 'a\\"', "a%", "a%00", "a\0", "%25"]
    nodes = tuple(Node(id=id_, layer=id_, name="x", type="T", module="") for id_ in ids)
    graph = ModelGraph(name="x", nodes=nodes, edges=(), inputs=(), outputs=())
    assert len(parse(write_dot(graph, DotOptions())).labels) == len(ids)


@pytest.mark.option("dot", "clusters")
def test_nested_models_are_clusters():
    graph = load_graph("tiny_nested")
    assert [depth for depth, _ in parse(write_dot(graph, DotOptions())).clusters] == [0, 1, 2]
    assert len(parse(write_dot(graph, DotOptions(clusters=False))).clusters) == 1


def test_a_subgraph_can_stand_in_another_graph():
    graph = load_graph("tiny_nested")
    text = f'digraph "all" {{ {write_subgraph(graph, DotOptions())} }}'
    assert parse(text).clusters[1] == (1, '"cluster:nested"')
    if shutil.which("dot"):
        assert graphviz(text).returncode == 0


@pytest.mark.option("dot", "show-shapes show-layer-names show-dtype show-layer-activations")
@pytest.mark.option("dot", "show-trainable type-ignore name-ignore index-ignore")
@pytest.mark.option("dot", "rankdir splines dpi")
@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("show-shapes", "false", "-26×26×32"),
        ("show-layer-names", "no", "-conv1"),
        ("show-dtype", "", "float32"),
        ("show-layer-activations", "yes", "activation relu"),
        ("show-trainable", "true", "trainable"),
        ("type-ignore", "Flatten", "-flatten"),
        ("name-ignore", "conv*", "-conv1"),
        ("index-ignore", "0, -1", "Not shown: 1 InputLayer, 1 Dense."),
        ("rankdir", "LR", "rankdir=LR"),
        ("splines", "ortho", "splines=ortho"),
        ("dpi", "150", "dpi=150"),
    ],
)
def test_every_option_shows(option, value, words):
    graph = load_graph("cnn")
    plain = write_dot(graph, DotOptions())
    other = write_dot(graph, parse_text_options("dot", {option: value}))
    more, less = (plain, other) if words.startswith("-") else (other, plain)
    word = words.removeprefix("-")
    assert word in more
    assert word not in re.sub('^  "[^"]*"', "", less, flags=re.MULTILINE).replace('-> "conv1"', "")


@pytest.mark.option("dot", "scope-ignore")
def test_a_hidden_scope_is_bridged():
    text = write_dot(load_graph("tiny_nested"), DotOptions(scope_ignore=("*",)))
    assert "subgraph" not in text
    assert "Not shown:" in text
    assert parse(text).edges


def test_a_pattern_that_matches_nothing_is_noted():
    graph = load_graph("cnn")
    assert api.draw(graph, DotOptions(type_ignore=("Dens",)), "dot").notes == (
        "type-ignore: nothing matches 'Dens'. Did you mean 'Dense'?",
    )


def test_frozen_weights_are_not_trainable():
    nodes = tuple(
        Node(
            id=f"n{count}", layer="", name="", type="", module="", params=3, trainable_params=count
        )
        for count in (0, 1)
    )
    graph = ModelGraph(name="x", nodes=nodes, edges=(), inputs=(), outputs=())
    labels = list(parse(write_dot(graph, EVERYTHING)).labels.values())
    assert [label[-1] for label in labels] == ["not trainable", "trainable"]


@pytest.mark.slow
def test_the_same_bytes_in_every_process():
    code = (
        "import sys; sys.path.insert(0, 'tests/core');"
        "from core_graphs import load_graph; from keras_diagram_core.dot import write_dot;"
        "from keras_diagram_core.options import DotOptions;"
        "sys.stdout.buffer.write(write_dot(load_graph('unet'), DotOptions()).encode())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {write_dot(load_graph("unet"), DotOptions()).encode()}


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def extract(requests: Any, *_args: Any, **_options: Any) -> list[Extraction]:
        return [Extraction(request=request, graph=load_graph("cnn")) for request in requests]

    monkeypatch.setattr(api, "extract", extract)


@pytest.mark.usefixtures("no_worker")
def test_render_gives_dot_and_the_cache_keeps_it(tmp_path):
    build = Settings(project=Project(base=str(tmp_path), search_path=()), cache=tmp_path / "cache")
    options = {"show-dtype": True, "rankdir": "LR"}
    artifact = api.render("a:b", options, format="dot", settings=build)
    assert artifact.media_type == "text/vnd.graphviz"
    assert artifact.file_name.endswith(".dot")
    assert artifact.data.startswith(b'digraph "cnn" {\n  graph [rankdir=LR ')
    kept = [path.read_bytes() for path in (tmp_path / "cache").glob("artifacts/*.dot")]
    assert kept == [artifact.data]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"view": "blocks"}, "it has no views"),
        ({"width": 300}, "The format 'dot' has no option 'width'. It belongs to the views auto"),
        ({"rankdr": "LR"}, "Did you mean 'rankdir'"),
        ({"rankdir": "XY"}, "TB | LR | BT | RL"),
    ],
)
def test_options_that_dot_has_not(options, message):
    with pytest.raises(RequestError, match=re.escape(message)):
        parse_request("a:b", options, "dot")


@pytest.mark.usefixtures("no_worker")
def test_pictures_and_text_need_options_of_their_own(tmp_path):
    build = Settings(project=Project(base=str(tmp_path), search_path=()))
    for wanted, format in (("svg", "dot"), ("dot", "svg")):
        request = parse_request("a:b", format=wanted)
        outcome = api.render_all([request], build, formats=[format]).outcomes[request.digest]
        assert isinstance(outcome.error, RequestError)
