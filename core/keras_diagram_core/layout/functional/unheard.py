"""Unheard: what looks say that boxes do not show, and notes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import asdict, replace

from keras_diagram_core.graph import ModelGraph, Node, Note
from keras_diagram_core.layout.functional.boxes import FunctionalLooks
from keras_diagram_core.options.looks import FunctionalLook
from keras_diagram_core.transforms.collapse import Collapsed

_PLAIN = FunctionalLook()
# What these parts begin with, and what they are for.
_IN_WORDS = "box_"
_OF_REPEATS = "collapse_"


def shared_styles(
    graph: ModelGraph, looks: FunctionalLooks, found: Collapsed
) -> dict[str, FunctionalLook]:
    """Give `styles` without what only some of the layers say that a box stands for.

    What a look says of the repetitions stays: it is for the box.
    """
    styles = dict(looks.options.styles)
    for unit, repeat in found.repeats.items():
        nodes = [graph.by_id[id_] for id_ in found.units.units[unit].nodes]
        length = sum(len(first.nodes) for first in repeat.first)
        own = [_apart(looks.of(node.id)) for node in nodes]
        bodies = {tuple(own[start : start + length]) for start in range(0, len(own), length)}
        if len(bodies) > 1:
            named = {label for node in nodes for label in node.labels if label in styles}
            styles |= {name: _of_repeats(styles[name]) for name in named}
    return styles


def unheard(
    graph: ModelGraph,
    looks: FunctionalLooks,
    found: Collapsed,
    styles: Mapping[str, FunctionalLook],
) -> Iterator[Note]:
    """Say which parts of looks are for nothing; `styles` are those that are drawn."""
    repeats = [graph.by_id[found.units.units[unit].main] for unit in found.repeats]
    standing = _labels(repeats)
    there = _labels(graph.nodes)
    for name, look in looks.options.styles.items():
        if look != styles.get(name):
            what = "it is drawn as one with layers that look different, by `collapse-rules`"
            yield Note(message=f"styles: the look of '{name}' is left out: {what}.")
        if name not in there:
            continue
        parts = _given(look, _IN_WORDS)
        if parts and not looks.options.simple_text_visualization:
            yield _idle(name, parts, "it is for `simple-text-visualization`")
        parts = _given(look, _OF_REPEATS)
        if parts and name not in standing:
            yield _idle(name, parts, "no box is called so that stands for several layers")


def _idle(name: str, parts: Iterable[str], why: str) -> Note:
    listed = ", ".join(f"`{part.replace('_', '-')}`" for part in parts)
    return Note(message=f"styles: {listed} of '{name}' does nothing: {why}.")


def _labels(nodes: Iterable[Node]) -> set[str]:
    return {label for node in nodes for label in (node.type, *node.labels)}


def _given(look: FunctionalLook, prefix: str) -> list[str]:
    """List the parts with a prefix that a look says."""
    usual = asdict(_PLAIN)
    return [
        part
        for part, value in asdict(look).items()
        if part.startswith(prefix) and value != usual[part]
    ]


def _of_repeats(look: FunctionalLook) -> FunctionalLook:
    return replace(_PLAIN, **{part: getattr(look, part) for part in _given(look, _OF_REPEATS)})


def _apart(look: FunctionalLook) -> FunctionalLook:
    """Give a look without what it says of repetitions."""
    return replace(look, **{part: getattr(_PLAIN, part) for part in _given(look, _OF_REPEATS)})
