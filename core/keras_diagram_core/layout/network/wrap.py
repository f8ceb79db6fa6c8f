"""Wrap: groups of widths into rows of the page's width."""

from __future__ import annotations

import math
from collections.abc import Sequence

LAST_ROW = 0.5


def wrap(
    widths: Sequence[float], gap: float, room: float, tears: Sequence[float] = ()
) -> list[range]:
    """Break groups into rows of at most `room` px, as few and as evenly filled as possible.

    `tears` says what a break before each group costs, in rows left empty.

    The breaks are the cheapest of all, found by dynamic programming as in D. E. Knuth and
    M. F. Plass, "Breaking paragraphs into lines" (Software: Practice and Experience, 1981).
    A group that is too wide for any row stands alone.
    """
    row_cost = 4 * room**2
    cheapest = [0.0] + [math.inf] * len(widths)
    breaks = [0] * (len(widths) + 1)
    for start in range(len(widths)):
        used = -gap
        for end in range(start + 1, len(widths) + 1):
            used += gap + widths[end - 1]
            if used > room and end > start + 1:
                break
            slack = max(room - used, 0.0) * (LAST_ROW if end == len(widths) else 1)
            cost = cheapest[start] + row_cost + slack**2
            cost += tears[start] * room**2 if tears else 0.0
            if cost < cheapest[end]:
                cheapest[end], breaks[end] = cost, start
    rows: list[range] = []
    end = len(widths)
    while end:
        rows.append(range(breaks[end], end))
        end = breaks[end]
    return rows[::-1]
