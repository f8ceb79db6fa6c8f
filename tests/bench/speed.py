"""Compare drawing times within one run: with plot_model, with visualkeras, with model size.

    python tests/bench/speed.py

Needs Keras with a backend, Graphviz' `dot` and the packages of the group `bench`. What is
timed of ours is transforms, layout and SVG, from the ModelGraph in memory.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
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


def main() -> None:
    """Print all comparisons."""
    import keras  # noqa: PLC0415  (seconds, and not before there is something to print)

    for name in ("ResNet50", "InceptionV3", "DenseNet121"):
        keras.utils.clear_session()
        model = getattr(keras.applications, name)(weights=None)
        graph = extract_graph(model, ModelRequest(target="bench"), keras.__version__)
        ours = shortest(lambda graph=graph: draw(graph))
        theirs = shortest(lambda model=model: plot(keras, model))
        print(f"{name:12} ours {ours:7.3f} s  plot_model {theirs:7.3f} s  x {theirs / ours:.0f}")
        if name == "ResNet50":
            compare_with_visualkeras(model, graph, ours)
    for title, same in (("a chain that folds", True), ("a chain that does not", False)):
        for view in ("blocks", "functional"):
            small, large = (time_chain(size, view, same=same) for size in (100, 10_000))
            growth = f"n^{math.log(large / small, 100):.2f}"
            print(f"{title}, {view}: 100 nodes {small:.3f} s, 10,000 {large:.3f} s: {growth}")


def time_chain(size: int, view: str, *, same: bool) -> float:
    """Time the drawing of a chain of blocks."""
    graph = chain(size, same=same)
    return shortest(lambda: draw(graph, view))


def draw(graph: ModelGraph, view: str = "auto") -> bytes:
    """Draw with the view's default options."""
    return paint(lay_out(graph, parse_options({"view": view})), "svg")


def plot(keras: Any, model: Any) -> None:
    """Draw with Keras' own tool; straight lines, since its default crashes many Graphvizes."""
    with tempfile.TemporaryDirectory() as folder:
        keras.utils.plot_model(model, to_file=f"{folder}/model.svg", splines="polyline")


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


def chain(size: int, *, same: bool) -> ModelGraph:
    """Make a chain of residual blocks, all the same or each with other settings."""
    nodes: list[Node] = []
    edges: list[Edge] = []

    def add(type_: str, *sources: str, **config: Any) -> str:
        id_ = f"n{len(nodes)}"
        shape = ((None, 32, 32, 64),)
        names = {"id": id_, "layer": id_, "name": id_, "type": type_}
        nodes.append(Node(**names, module="", output_shapes=shape, config=config))
        edges.extend(
            Edge(source=source, target=id_, target_index=index)
            for index, source in enumerate(sources)
        )
        return id_

    x = add("InputLayer")
    for block in count():
        if len(nodes) >= size:
            break
        filters = 64 if same else 64 + block
        y = add("Conv2D", x, filters=filters, kernel_size=(3, 3))
        y = add("Activation", add("BatchNormalization", y), activation="relu")
        x = add("Add", add("Conv2D", y, filters=filters, kernel_size=(1, 1)), x)
    ends = (Endpoint(node="n0"),), (Endpoint(node=x),)
    return ModelGraph(
        name="chain", nodes=tuple(nodes), edges=tuple(edges), inputs=ends[0], outputs=ends[1]
    )


if __name__ == "__main__":
    main()
