"""Alignment: neighbours in a row have their words on one line, clear of what joins them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from keras_diagram_core.layout.lenet.stacks import SIZE, Drawn
from keras_diagram_core.layout.network.cells import Cell, Links
from keras_diagram_core.scene import Point

Groups = Sequence[Sequence[int]]


def chains(drawn: Sequence[Drawn], pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Gather units that follow each other with nothing beside them; glyphs stand alone."""
    leaving = Counter(source for source, _ in pairs)
    coming = Counter(target for _, target in pairs)
    follower = {
        source: target
        for source, target in pairs
        if leaving[source] == coming[target] == 1
        and not (drawn[source].glyph or drawn[target].glyph)
    }
    inner = set(follower.values())
    found = []
    for unit in range(len(drawn)):
        if unit in inner:
            continue
        chain = [unit]
        while chain[-1] in follower:
            chain.append(follower[chain[-1]])
        found.append(chain)
    return found


def torn(groups: Groups, places: Mapping[int, Point]) -> list[list[int]]:
    """Split chains where a row of the picture ends; what is not drawn stands alone."""
    found: list[list[int]] = []
    for group in groups:
        last: float | None = None
        for unit in group:
            height = places[unit][1] if unit in places else None
            if height is not None and height == last:
                found[-1].append(unit)
            else:
                found.append([unit])
            last = height
    return found


def floors(drawn: Sequence[Drawn], groups: Groups, links: Links) -> list[float]:
    """Say how far from its axis each unit's words begin: clear of the highest of its group.

    Lines to a unit that takes several spread over its height, and so they leave their sources.
    """
    found = [0.0] * len(drawn)
    for group in groups:
        highest = max(drawn[unit].height / 2 for unit in group)
        for unit in group:
            found[unit] = highest
    coming = Counter(target for (_, target), edges in links.items() for _ in edges)
    for source, target in links:
        if coming[target] > 1:
            found[source] = max(found[source], drawn[target].height / 2)
    return found


def cells(drawn: Sequence[Drawn], lowest: Sequence[float]) -> list[Cell]:
    """Give the room that each unit takes, with the words that far from its axis."""
    return [
        unit.cell()._replace(
            up=floor + (unit.above + SIZE if unit.head else 0.0),
            down=floor + unit.label_height,
        )
        for unit, floor in zip(drawn, lowest, strict=True)
    ]
