"""Bands: columns of cells in rows of the page's width, and the room that edges need there.

Between two columns is a channel with a track for each tensor that turns there. What does not
lead to the next column runs in a lane above its band, and from band to band down a track at
the right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from keras_diagram_core.layout.network.cells import Cell, Tensor
from keras_diagram_core.layout.network.ranks import Columns
from keras_diagram_core.layout.network.wrap import wrap

CLEAR = 6.0
PITCH = 6.0
LANE = 7.0
BAND_GAP = 18.0
# The shares of the width that one channel, and the margin, may take.
CHANNEL_SHARE = 0.12
MARGIN_SHARE = 0.2
# What it costs to break a row where one more tensor leads across, in rows left empty.
CUT = 0.5


class Channel(NamedTuple):
    """The tracks between two columns: of tensors that leave one, and that come to the other."""

    out: dict[Tensor, int]
    into: dict[Tensor, int]

    @property
    def tracks(self) -> int:
        """How many tracks there are."""
        return len(self.out) + len(self.into)

    def width(self, room: float) -> float:
        """How wide the channel is in a picture of that width, px."""
        return 2 * CLEAR + max(self.pitch(room) * (self.tracks - 1), 2.0)

    def pitch(self, room: float) -> float:
        """How far two tracks are apart, px."""
        return min(PITCH, CHANNEL_SHARE * room / max(self.tracks, 1))


class Band(NamedTuple):
    """Columns from `first` to before `last`: one row of the picture."""

    first: int
    last: int


def split(
    laid: Columns, cells: Sequence[Cell], targets: Mapping[int, Sequence[int]], room: float
) -> list[Band]:
    """Break the columns into bands of at most `room` px."""
    widths = [
        max(cells[unit].before for unit in units)
        + max(cells[unit].after for unit in units)
        + _estimate(laid, units, targets, room)
        for units in laid.members
    ]
    return [Band(row.start, row.stop) for row in wrap(widths, 0.0, room, _cuts(laid, targets))]


def _cuts(laid: Columns, targets: Mapping[int, Sequence[int]]) -> list[float]:
    """Say what a break before each column costs: as many lines as tensors lead across it."""
    change = [0] * (len(laid.members) + 1)
    for source, ends in targets.items():
        change[laid.column[source] + 1] += 1
        change[max(laid.column[end] for end in ends) + 1] -= 1
    return [CUT * max(count - 1, 0) for count in accumulate(change)]


def _estimate(
    laid: Columns, units: Sequence[int], targets: Mapping[int, Sequence[int]], room: float
) -> float:
    """Guess the room for the channels of a column before it is known where bands break."""
    turning = sum(bool(targets.get(unit)) for unit in units)
    turning = turning if len(units) > 1 else 0
    long = any(laid.column[t] - laid.column[u] > 1 for u in units for t in targets.get(u, ()))
    return 2 * CLEAR + min(PITCH * (turning + 2 * long), CHANNEL_SHARE * room)
