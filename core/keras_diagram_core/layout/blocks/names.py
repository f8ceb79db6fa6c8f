"""The names that people give to blocks, told from what is inside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from keras_diagram_core.families import family
from keras_diagram_core.graph import Fact, ModelGraph, Node
from keras_diagram_core.layout.words import size_text
from keras_diagram_core.text import clean
from keras_diagram_core.transforms.cells import Cell
from keras_diagram_core.transforms.equal import SIZES, differences
from keras_diagram_core.transforms.fold import Block
from keras_diagram_core.transforms.fuse import UnitGraph
from keras_diagram_core.transforms.repeats import CellRun, Cells
from keras_diagram_core.transforms.structure import Parallel, Series, units_of

INCEPTION_BRANCHES = 3


class CellWords(NamedTuple):
    """What is written on a cell: name, explanation, shape of its output, a size common to all."""

    title: str
    caption: str = ""
    shape: str = ""
    size: str = ""


def block_title(graph: ModelGraph, units: UnitGraph, block: Block) -> str:
    """Name a block by its layers' common scope, if there is one; else by its contents."""
    repeats = [
        [graph.by_id[id_] for unit in units_of(Series(parts)) for id_ in units.units[unit].nodes]
        for parts in block.repeats
    ]
    exit_ = units.units[list(units_of(Series(block.body)))[-1]].main
    return _by_scope(repeats) or _by_contents(block, repeats[0], graph.by_id[exit_].type)


_FACTS = {"rate": "dropout", "key_dim": "key size", "num_heads": "heads"}


def fold_title(
    graph: ModelGraph,
    units: UnitGraph,
    block: Block,
    written: Container[str] = SIZES,
    *,
    named: bool = True,
) -> str:
    """Say what a block is, if it is to be `named`, and in what its repetitions differ.

    What is `written` elsewhere is left out.
    """
    repeats = [list(units_of(Series(parts))) for parts in block.repeats]
    title = block_title(graph, units, block) if named else ""
    return ", ".join(filter(None, (title, variation(graph, units, repeats, written))))


def variation(
    graph: ModelGraph,
    units: UnitGraph,
    repeats: Iterable[Iterable[int]],
    written: Container[str] = SIZES,
) -> str:
    """Say in what repetitions of units differ: `dropout 0.1–0.3, heads 4–8`."""
    nodes = [
        [graph.by_id[id_] for unit in each for id_ in units.units[unit].nodes] for each in repeats
    ]
    return ", ".join(
        f"{_FACTS.get(name, name)} {_range(values)}"
        for name, values in differences(nodes).items()
        if name not in written
    )


def _range(values: Sequence[Fact]) -> str:
    numbers = [value for value in values if isinstance(value, (int, float))]
    return f"{min(numbers):.3g}–{max(numbers):.3g}"


def _by_scope(repeats: Sequence[Sequence[Node]]) -> str:
    """Give what the scopes of all repetitions have in common; nothing if they do not agree."""
    names = []
    for nodes in repeats:
        scopes = {node.scope for node in nodes}
        if len(scopes) > 1 or scopes == {()}:
            return ""
        names.append(scopes.pop()[-1])
    return clean(without_number(names))


_NUMBERS_IN_NAMES = (re.compile(r"[_\-. ]*\d+$"), re.compile(r"[_\-. ]*\d+"))


def without_number(names: Sequence[str]) -> str:
    """Give the common part of names that differ in numbers only: `block` for `block_1`, `block_2`.

    Equal names stay as they are; for others there is no such name, and the answer is empty.
    """
    if len(set(names)) == 1:
        return names[0]
    for number in _NUMBERS_IN_NAMES:
        bases = {number.sub("", name) for name in names}
        if len(bases) == 1:
            return bases.pop()
    return ""


def cells_words(
    graph: ModelGraph, units: UnitGraph, cells: Cells, *, shapes: bool
) -> list[CellWords]:
    """Say of each run of cells what it is, how large, what it takes and gives."""
    titles = [_cell_title(graph, units, run) for run in cells.runs]
    drawn = [index for index, run in enumerate(cells.runs) if run.like is None]
    alike: dict[str, dict[int, int]] = {}
    for index in drawn:
        same = alike.setdefault(titles[index], {})
        same[index] = len(same)
    words = []
    for index, run in enumerate(cells.runs):
        exemplar = index if run.like is None else run.like
        title = titles[exemplar]
        letter = f" {_letter(alike[title][exemplar])}" if len(alike[title]) > 1 else ""
        last = graph.by_id[units.units[run.repeats[-1].exit].nodes[-1]]
        shape = size_text(graph, last) if shapes else ""
        size = _cell_size(graph, units, run)
        differing = variation(graph, units, [cell.units for cell in run.repeats])
        caption = ", ".join(filter(None, (_cell_caption(run), differing)))
        words.append(CellWords(title + letter, caption, shape, size))
    return words


def _letter(number: int) -> str:
    """Count A to Z, then A1 and so on."""
    return chr(ord("A") + number % 26) + str(number // 26 or "")


_NUMBERS = {2: "two", 3: "three", 4: "four"}
_WORD = re.compile(r"[a-z]{3,}")


def _cell_caption(run: CellRun) -> str:
    before = _NUMBERS.get(run.reach, run.reach)
    wiring = f"each takes the {before} before it" if len(run.repeats) > 1 < run.reach else ""
    earlier = "as drawn earlier" if run.like is not None else ""
    return ", ".join(filter(None, (earlier, wiring)))


def _cell_size(graph: ModelGraph, units: UnitGraph, run: CellRun) -> str:
    common = common_filters(graph, units, run)
    nodes = _nodes(graph, units, run.repeats)
    others = any(node.config.get("filters", common) != common for node in nodes)
    return f"{common} filters{' unless noted' * others}" if common else ""


def _nodes(graph: ModelGraph, units: UnitGraph, cells: Sequence[Cell]) -> list[Node]:
    return [
        graph.by_id[id_]
        for cell in cells
        for unit in cell.units
        for id_ in units.units[unit].nodes
    ]


def common_filters(graph: ModelGraph, units: UnitGraph, run: CellRun) -> int | None:
    """Give the number of filters that most convolutions of a run have, None without any."""
    counts = Counter(
        node.config["filters"]
        for node in _nodes(graph, units, run.repeats)
        if "filters" in node.config
    )
    for most, times in counts.most_common(1):
        if isinstance(most, int) and 2 * times > max(counts.total(), 2):
            return most
    return None


def _cell_title(graph: ModelGraph, units: UnitGraph, run: CellRun) -> str:
    """Name a cell by its scope, or by a word of its exit's name that most of its layers share."""
    repeats = [_nodes(graph, units, [cell]) for cell in run.repeats]
    if name := _by_scope(repeats):
        return name
    nodes = repeats[0]
    families = {family(node) for node in nodes}
    if "attention" in families:
        return _attentive(families)
    last = graph.by_id[units.units[run.repeats[0].exit].main]
    for match in _WORD.finditer(last.name.lower()):
        word = match[0]
        if 2 * sum(word in node.name.lower() for node in nodes) > len(nodes):
            kind = "" if word in {"cell", "block"} else " cell"
            return word.capitalize() + kind
    return "Cell"


def _by_contents(block: Block, nodes: list[Node], exit_: str) -> str:
    """Name a block by its layers, its branches, and the type that its output comes from."""
    families = Counter(family(node) for node in nodes)
    types = Counter(node.type for node in nodes)
    if families["attention"]:
        return _attentive(families)
    if families["pool"] and any("Transpose" in t or "UpSampling" in t for t in types):
        return "Encoder-decoder"
    if exit_ == "Multiply" and families["pool"]:
        return "Squeeze-excitation"
    if types["Concatenate"] and (name := _concatenating(block, exit_)):
        return name
    return _convolutional(nodes, types)


def _concatenating(block: Block, exit_: str) -> str:
    if exit_ != "Concatenate":
        return "Inception-ResNet block" if _skips(block) else ""
    if _width(block) >= INCEPTION_BRANCHES:
        return "Inception block"
    return "Dense layer" if _skips(block) else ""


def _attentive(families: Container[str]) -> str:
    return "Transformer block" if "dense" in families else "Attention block"


def _convolutional(nodes: list[Node], types: Counter[str]) -> str:
    """Name a block by its convolutions, and by whether it adds its input to its output."""
    kernels = [node.config.get("kernel_size") for node in nodes if family(node) == "conv"]
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


def _skips(block: Block) -> bool:
    """Say whether the input reaches a later layer unchanged."""
    parallels = (part for part in block.body if isinstance(part, Parallel))
    return any(not branch.parts for part in parallels for branch in part.branches)
