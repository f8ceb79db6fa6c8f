"""Details: how much of a model a view draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from keras_diagram_core.options import FoldingOptions, LayeredOptions
from keras_diagram_core.transforms.fold import Likeness

# A picture that fits a screen need not be folded, px.
SCREEN = 560.0

Drawn = TypeVar("Drawn")


class Detail(NamedTuple):
    """How much is drawn: whether units are fused, and which neighbours are folded."""

    fusing: bool
    likeness: Likeness


DETAILS = {
    "all": Detail(fusing=False, likeness="none"),
    "units": Detail(fusing=True, likeness="none"),
    "blocks": Detail(fusing=True, likeness="equal"),
    "stages": Detail(fusing=True, likeness="scaled"),
}


def finest(
    options: FoldingOptions | LayeredOptions,
    draw: Callable[[Detail], Drawn],
    height: Callable[[Drawn], float],
    unfolded: Sequence[str] = ("units",),
    screen: float = SCREEN,
) -> Drawn:
    """Draw the detail that is asked for, or the finest that keeps to a sensible height.

    If none does, the lowest is taken. Stages that come out higher than blocks are drawn as
    those: columns break only between blocks.

    Args:
        options: what is asked for.
        draw: draws one detail.
        height: says how high a drawing is, px.
        unfolded: the details without folds, of which one is taken that fits a screen.
        screen: the height of a screen, px.
    """
    if options.detail == "stages":
        return min((draw(DETAILS[detail]) for detail in ("blocks", "stages")), key=height)
    if options.detail != "auto":
        return draw(DETAILS[options.detail])
    screen = min(screen, options.max_height)
    most = dict.fromkeys(unfolded, screen) | {"blocks": options.max_height, "stages": math.inf}
    tried: list[Drawn] = []
    for detail, limit in most.items():
        tried.append(draw(DETAILS[detail]))
        if height(tried[-1]) <= limit < math.inf:
            return tried[-1]
    return min(tried, key=height)
