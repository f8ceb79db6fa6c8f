"""Compare drawing times within one run: with plot_model, with visualkeras, with model size.

    python tests/bench/speed.py [--tiny]

Needs Keras with a backend, Graphviz' `dot` and the packages of the group `bench`. What is
timed of ours is transforms, layout and SVG, from the ModelGraph in memory. With `--tiny`, only
small graphs are drawn, and nothing is compared with other tools: that tells whether it works.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from keras_diagram_core.backends import paint
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker.extract import extract_graph

REPEATS = 3
SIZES = (100, 1_000, 10_000)
TINY = (10, 20, 40)


def main(*, tiny: bool) -> None:
    """Print all comparisons."""
    if not tiny:
        compare_with_others()
    sizes = TINY if tiny else SIZES
    for title, graph_of in GRAPHS.items():
        for view in ("blocks", "layered", "functional", "graph"):
            times = [time_graph(graph_of(size), view) for size in sizes]
            shown = ", ".join(
                f"{size:,} nodes {taken:.3f} s" for size, taken in zip(sizes, times, strict=True)
            )
            whole, last = (math.log(times[2] / times[i], sizes[2] / sizes[i]) for i in (0, 1))
            print(f"{title}, {view}: {shown}: n^{whole:.2f}, from {sizes[1]:,} n^{last:.2f}")


def compare_with_others() -> None:
    """Print the times of real models beside those of other tools."""
    import keras  # noqa: PLC0415  (seconds, and not before there is something to print)

    for name in ("ResNet50", "InceptionV3", "DenseNet121"):
        keras.utils.clear_session()
        model = getattr(keras.applications, name)(weights=None)
        graph = extract_graph(model, ModelRequest(target="bench"), keras.__version__).graph
        ours = shortest(lambda graph=graph: draw(graph))
        theirs = shortest(lambda model=model: plot(keras, model))
        print(f"{name:12} ours {ours:7.3f} s  plot_model {theirs:7.3f} s  x {theirs / ours:.0f}")
        if name == "ResNet50":
            compare_with_visualkeras(model, graph, ours)


def time_graph(graph: ModelGraph, view: str) -> float:
    """Time the drawing of a graph."""
    return shortest(lambda: draw(graph, view))


def draw(graph: ModelGraph, view: str = "auto") -> bytes:
    """Draw with the view's default options."""
    return paint(lay_out(graph, parse_options({"view": view})), "svg")


def plot(keras: Any, model: Any) -> None:
    """Draw with Keras' own tool, with its defaults."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.svg")
        keras.utils.plot_model(model, to_file=str(path))
        if not path.stat().st_size:
            raise RuntimeError("Graphviz has drawn nothing.")


def compare_with_visualkeras(model: Any, graph: ModelGraph, ours: float) -> None:
    """Compare with the layered view of the newest visualkeras that runs on Keras 3."""
    import visualkeras  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.png")
        theirs = shortest(lambda: visualkeras.layered_view(model, to_file=str(path)))
        image = visualkeras.layered_view(model)
    scene = lay_out(graph, parse_options({}))
    pixels = image.width * image.height / (scene.width * scene.height)
    print(f"             visualkeras {theirs:.3f} s  x {theirs / ours:.0f}, pixels x {pixels:.0f}")


def shortest(action: Callable[[], object]) -> float:
    """Time an action: the shortest of a few runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return min(times)


class Builder:
    """Adds layers one after the other."""

    def __init__(self) -> None:
        """Start with an input."""
        self._edges: list[Edge] = []
        self.nodes: list[Node] = []
        self.add("InputLayer")

    def add(self, type_: str, *sources: str, **config: Any) -> str:
        """Add a layer; give its id."""
        id_ = f"n{len(self.nodes)}"
        names = {"id": id_, "layer": id_, "name": id_, "type": type_}
        shape = ((None, 32, 32, 64),)
        self.nodes.append(Node(**names, module="", output_shapes=shape, config=config))
        self._edges.extend(
            Edge(source=source, target=id_, target_index=index)
            for index, source in enumerate(sources)
        )
        return id_

    def graph(self) -> ModelGraph:
        """Give what was built."""
        nodes, edges = tuple(self.nodes), tuple(self._edges)
        ends = (Endpoint(node="n0"),), (Endpoint(node=nodes[-1].id),)
        return ModelGraph(name="bench", nodes=nodes, edges=edges, inputs=ends[0], outputs=ends[1])


def chain(size: int, *, same: bool) -> ModelGraph:
    """Make a chain of residual blocks, all the same or each with other settings."""
    built = Builder()
    x = "n0"
    for block in count():
        if len(built.nodes) >= size:
            break
        filters = 64 if same else 64 + block
        y = built.add("Conv2D", x, filters=filters, kernel_size=(3, 3))
        y = built.add("Activation", built.add("BatchNormalization", y), activation="relu")
        y = built.add("Conv2D", y, filters=filters, kernel_size=(1, 1))
        x = built.add("Add", y, x)
    return built.graph()


def mesh(size: int) -> ModelGraph:
    """Make a graph that is not series-parallel: each layer takes two before it."""
    built = Builder()
    for number in range(1, size):
        sources = dict.fromkeys((f"n{number - 1}", f"n{max(number - 3, 0)}"))
        built.add("Conv2D" if number % 3 else "Add", *sources, filters=64 + number % 7)
    return built.graph()


GRAPHS: dict[str, Callable[[int], ModelGraph]] = {
    "a chain that folds": partial(chain, same=True),
    "a chain that does not": partial(chain, same=False),
    "a mesh": mesh,
}

if __name__ == "__main__":
    main(tiny="--tiny" in sys.argv)
