"""The names that people give to blocks, told from what is inside."""

from __future__ import annotations

from collections import Counter

from keras_diagram_core.graph import ModelGraph, Node
from keras_diagram_core.text import clean
from keras_diagram_core.theme import family_of
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.structure import Parallel, Series, units_of

INCEPTION_BRANCHES = 3


def block_title(graph: ModelGraph, units: UnitGraph, block: Block) -> str:
    """Name a block by its contents; by its layers' common scope, if that says more."""
    nodes = [
        graph.by_id[id_]
        for unit in units_of(Series(block.body))
        for id_ in units.units[unit].nodes
    ]
    scopes = {node.scope for node in nodes}
    if len(scopes) == 1 and (scope := scopes.pop()):
        return clean(scope[-1])
    return _by_contents(block, nodes)


def _by_contents(block: Block, nodes: list[Node]) -> str:
    families = Counter(family_of(node.type) for node in nodes)
    types = Counter(node.type for node in nodes)
    if families["attention"]:
        return "Transformer block" if families["dense"] else "Attention block"
    if families["pool"] and any("Transpose" in t or "UpSampling" in t for t in types):
        return "Encoder-decoder"
    if types["Concatenate"]:
        return "Inception block" if _width(block) >= INCEPTION_BRANCHES else "Dense layer"
    return _convolutional(nodes, types)


def _convolutional(nodes: list[Node], types: Counter[str]) -> str:
    """Name a block by its convolutions, and by whether it adds its input to its output."""
    kernels = [node.config.get("kernel_size") for node in nodes if family_of(node.type) == "conv"]
    residual = types["Add"] > 0
    if any(type_.startswith("Depthwise") for type_ in types):
        return "Inverted residual" if residual else "Depthwise block"
    if any(type_.startswith("Separable") for type_ in types):
        return "Separable block"
    if residual and kernels.count((1, 1)) >= 2:
        return "Bottleneck"
    return "Residual block" if residual else "Block"


def _width(block: Block) -> int:
    widths = [
        len([branch for branch in part.branches if branch.parts])
        for part in block.body
        if isinstance(part, Parallel)
    ]
    return max(widths, default=1)
