"""Measure every picture: all of keras.applications and the example models, 720 px wide.

    python tests/bench/layout_report.py [NAME]...

Prints a line for each model with what `legibility.measure` counts, and the bends of unfolded
graphs beside those of ELK's network-simplex placement. Ends with status 1 if a picture breaks
a rule.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "core"))

from legibility import Measures, measure  # noqa: E402  (a folder of tests, not a package)

from keras_diagram_core import ModelRequest, Project  # noqa: E402
from keras_diagram_core.graph import Edge, Endpoint, ModelGraph, Node  # noqa: E402
from keras_diagram_core.layout import lay_out  # noqa: E402
from keras_diagram_core.options import parse_options  # noqa: E402
from keras_diagram_core.runner import extract  # noqa: E402

APPLICATIONS = (
    *("ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtSmall", "ConvNeXtTiny", "ConvNeXtXLarge"),
    *("DenseNet121", "DenseNet169", "DenseNet201"),
    *(f"EfficientNetB{number}" for number in range(8)),
    *("EfficientNetV2B0", "EfficientNetV2B1", "EfficientNetV2B2", "EfficientNetV2B3"),
    *("EfficientNetV2L", "EfficientNetV2M", "EfficientNetV2S"),
    *("InceptionResNetV2", "InceptionV3", "MobileNet", "MobileNetV2"),
    *("MobileNetV3Large", "MobileNetV3Small", "NASNetLarge", "NASNetMobile"),
    *("ResNet50", "ResNet50V2", "ResNet101", "ResNet101V2", "ResNet152", "ResNet152V2"),
    *("VGG16", "VGG19", "Xception"),
)
EXAMPLES = (
    *("cnn:build_cnn", "unet:build_unet", "transformer:build_classifier"),
    *("transformer:build_translator", "multimodal:build_question_answering"),
    *("vision:vgg16", "vision:resnet50"),
)
# Corners that ELK's layered algorithm with network-simplex placement draws.
ELK = {"unet": 16, "transformer": 26, "resnet50": 80, "effnet": 100}
ELK |= {"densenet121": 232, "inceptionv3": 260}
HIGHEST = 2400
# The NASNets are not series-parallel.
MOST_CROSSINGS = {"NASNetLarge": 100, "NASNetMobile": 100}
HIGHEST_OF = {"ResNet50": 1600, "EfficientNetB0": 1600, "InceptionV3": 1600}


def main(names: list[str]) -> int:
    """Print both tables; give the exit status."""
    bad = 0
    print(f"{'model':24}{'nodes':>6}{'width':>7}{'height':>8}{'text':>6}  problems")
    for name, graph in _graphs(names):
        found = measure(lay_out(graph, parse_options({})), graph)
        problems = list(_problems(name, found))
        bad += bool(problems)
        sizes = f"{found.width:7.0f}{found.height:8.0f}{found.smallest_text:6.1f}"
        print(f"{name:24}{len(graph.nodes):6}{sizes}  {', '.join(problems) or '-'}")
    if not names:
        bad += _compare_bends()
    return min(bad, 1)


def _graphs(names: list[str]) -> Iterator[tuple[str, ModelGraph]]:
    targets = {name: f"keras.applications:{name}" for name in APPLICATIONS}
    targets |= {name.partition(":")[0]: f"example_models.{name}" for name in EXAMPLES[:3]}
    chosen = {name: target for name, target in targets.items() if not names or name in names}
    requests = [
        ModelRequest(target=target, kwargs={"weights": None} if "keras." in target else {})
        for target in chosen.values()
    ]
    docs = str(ROOT / "docs")
    path = (docs, *map(os.path.abspath, sys.path))
    project = Project(base=docs, search_path=path, backend="none")
    for name, found in zip(chosen, extract(requests, project, timeout=300), strict=True):
        if found.graph is None:
            raise SystemExit(f"{name}: {found.error}")
        yield name, found.graph


def _problems(name: str, found: Measures) -> Iterator[str]:
    highest = HIGHEST_OF.get(name, HIGHEST)
    if found.width > 720:
        yield f"{found.width:.0f} px wide"
    if found.height > highest:
        yield f"higher than {highest} px"
    if found.smallest_text < 9:
        yield f"text of {found.smallest_text} px"
    if found.crossings > MOST_CROSSINGS.get(name, 0):
        yield f"{found.crossings} crossings"
    counted = found._asdict()
    for what in Measures._fields[3:10]:
        if counted[what]:
            yield f"{counted[what]} {what.replace('_', ' ')}"


def _compare_bends() -> int:
    """Lay out the unfolded graphs on which engines were compared; count who bends more."""
    worse = 0
    data = json.loads((ROOT / "tests" / "data" / "layout-graphs.json").read_text("utf-8"))
    print(f"\n{'unfolded graph':24}{'bends':>7}{'ELK':>6}{'crossings':>11}")
    for name, elk in ELK.items():
        graph = _plain_graph(name, data[name])
        options = parse_options({"view": "blocks", "detail": "all", "direction": "down"})
        found = measure(lay_out(graph, options), graph)
        worse += found.bends > elk or found.crossings > 0
        print(f"{name:24}{found.bends:7}{elk:6}{found.crossings:11}")
    return worse


def _plain_graph(name: str, document: dict[str, list[dict[str, str]]]) -> ModelGraph:
    nodes = tuple(
        Node(id=f"n{index}", layer=f"n{index}", name=node["name"], type=node["type"], module="")
        for index, node in enumerate(document["nodes"])
    )
    edges = tuple(
        Edge(source=f"n{source}", target=f"n{target}", target_index=index)
        for index, (source, target) in enumerate(document["edges"])
    )
    ends = (Endpoint(node="n0"),), (Endpoint(node=nodes[-1].id),)
    return ModelGraph(name=name, nodes=nodes, edges=edges, inputs=ends[0], outputs=ends[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
