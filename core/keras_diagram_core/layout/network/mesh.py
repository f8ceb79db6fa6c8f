"""Place and route a network by ranks, in bands of the page's width."""

from __future__ import annotations

from collections.abc import Sequence

from keras_diagram_core.layout.intervals import pack
from keras_diagram_core.layout.network.bands import (
    BAND_GAP,
    CLEAR,
    LANE,
    MARGIN_SHARE,
    PITCH,
    Band,
    Channel,
    split,
)
from keras_diagram_core.layout.network.cells import (
    USUAL,
    Cell,
    Drawing,
    Links,
    Route,
    Setting,
    Tensor,
    dent,
)
from keras_diagram_core.layout.network.channels import Nets
from keras_diagram_core.layout.network.ranks import SPACE, Columns, columns
from keras_diagram_core.layout.points import px, tidy
from keras_diagram_core.scene import Point

ATTEMPTS = 8
# How far columns are apart at least, if nobody asks for more, px.
GAP = 14.0


def draw_ranks(
    cells: Sequence[Cell], links: Links, room: float, setting: Setting = USUAL
) -> Drawing:
    """Lay any network out in columns, the columns in bands of at most `room` px.

    Args:
        cells: the room that each unit takes.
        links: the edges by their two units, the source's index always the lower one.
        room: the width of the picture. A cell may take up to 0.4 of it.
        setting: how far apart columns, cells and lanes are.
    """
    pairs = sorted(links)
    laid = columns(cells, pairs, setting)
    targets: dict[int, list[int]] = {}
    for source, target in pairs:
        targets.setdefault(source, []).append(target)
    reserve = 0.0
    for attempt in range(ATTEMPTS):
        # Bands of one column each are the last resort, and always fit.
        most = room - reserve if attempt + 1 < ATTEMPTS else 0.0
        sheet = _Sheet(laid, cells, links, split(laid, cells, targets, most), room, setting)
        if sheet.width <= room:
            break
        reserve += sheet.width - room + 4
    return sheet.drawing()


class _Sheet:
    """One way to break the columns, with all positions."""

    def __init__(
        self,
        laid: Columns,
        cells: Sequence[Cell],
        links: Links,
        bands: Sequence[Band],
        room: float,
        setting: Setting,
    ) -> None:
        self._setting = setting
        self._lane_room = setting.lane or LANE
        self._laid = laid
        self._cells = cells
        self._links = links
        self._bands = bands
        self._nets = Nets(laid, cells, links, bands)
        self._track: dict[Tensor, float] = {}
        self._entry: dict[tuple[Tensor, int], float] = {}
        self._middle = [0.0] * len(laid.members)
        self._right = max((self._set_band(band, room) for band in bands), default=0.0)
        self._margin, count = pack(self._margin_spans())
        self._margin_pitch = min(PITCH, MARGIN_SHARE * room / max(count, 1))
        self.width = self._right + self._margin_pitch * count
        self._lane_of: dict[tuple[int, Tensor], int] = {}
        self._axes: list[float] = []
        self._roofs: list[float] = []
        self._height = self._set_heights()

    def drawing(self) -> Drawing:
        """Give all places and routes."""
        places = {unit: self._place(unit) for unit in range(len(self._cells))}
        routes = []
        for (source, target), edges in sorted(self._links.items()):
            ports = {key: iter(ports) for key, ports in self._nets.ports[target].items()}
            for edge in edges:
                tensor = Tensor(source, edge.source_index)
                points = tidy(self._route(tensor, target, next(ports[tensor])))
                routes.append(Route(source, target, edge, points))
        rows = len(self._bands)
        size = px(self.width), px(self._height)
        rooms = {unit: self._cells[unit].room(place) for unit, place in places.items()}
        gaps = self._setting.gap or GAP, self._setting.row or SPACE
        return Drawing(places, routes, (), *size, rows, by_ranks=True, rooms=rooms, gaps=gaps)

    def _set_band(self, band: Band, room: float) -> float:
        """Set the columns of a band side by side; give where it ends."""
        first = self._nets.first_channel(band.first)
        x = self._set_channel(first, band.first - 1, 0.0, room) if first.tracks else 0.0
        for column in range(band.first, band.last):
            mine = [self._cells[unit] for unit in self._laid.members[column]]
            before = max(cell.before for cell in mine)
            self._middle[column] = x + before
            x += before + max(cell.after for cell in mine)
            channel = self._nets.channel(column)
            if column + 1 < band.last:
                x = max(self._set_channel(channel, column, x, room), x + self._setting.gap)
            elif channel.tracks:
                x = self._set_channel(channel, column, x, room)
        return x

    def _set_channel(self, channel: Channel, column: int, x: float, room: float) -> float:
        pitch = channel.pitch(room)
        for tensor, track in channel.out.items():
            self._track[tensor] = x + CLEAR + pitch * track
        for tensor, track in channel.into.items():
            self._entry[tensor, column + 1] = x + CLEAR + pitch * track
        return x + channel.width(room)

    def _margin_spans(self) -> dict[Tensor, tuple[float, float]]:
        return {
            tensor: (
                self._nets.band(tensor.unit),
                max(self._nets.band(target) for target in net.away),
            )
            for tensor, net in self._nets.by_tensor.items()
            if net.away
        }

    def _margin_x(self, tensor: Tensor) -> float:
        return self._right + self._margin_pitch * (self._margin[tensor] + 0.5)

    def _set_heights(self) -> float:
        """Set the bands below each other, each below its lanes; give where the last ends."""
        spans = self._lane_spans()
        y, gap = 0.0, self._setting.between_rows(BAND_GAP)
        for number, band in enumerate(self._bands):
            units = [u for c in range(*band) for u in self._laid.members[c]]
            lanes, count = pack(spans[number])
            self._lane_of |= {(number, tensor): lane for tensor, lane in lanes.items()}
            self._roofs.append(y + self._lane_room * count)
            up = max(self._cells[unit].up - self._laid.y[unit] for unit in units)
            down = max(self._cells[unit].down + self._laid.y[unit] for unit in units)
            self._axes.append(self._roofs[-1] + up + (2 if count else 0))
            y = self._axes[-1] + down + gap
        return max(y - gap, 0.0)

    def _lane_spans(self) -> list[dict[Tensor, tuple[float, float]]]:
        """Say from where to where the lanes of each band run, by tensor."""
        stops: list[dict[Tensor, list[float]]] = [{} for _ in self._bands]
        for (tensor, column), x in self._entry.items():
            band, home = self._nets.band_of[column], self._nets.band(tensor.unit)
            start = self._track[tensor] if band == home else self.width
            stops[band].setdefault(tensor, [start]).append(x)
        for tensor, net in self._nets.by_tensor.items():
            home = self._nets.band(tensor.unit)
            if net.away and self._laid.column[tensor.unit] not in self._nets.ends:
                stops[home].setdefault(tensor, []).extend((self._track[tensor], self.width))
        return [{key: (min(xs), max(xs)) for key, xs in band.items()} for band in stops]

    def _place(self, unit: int) -> Point:
        axis = self._axes[self._nets.band(unit)]
        return px(self._middle[self._laid.column[unit]]), px(axis + self._laid.y[unit])

    def _lane(self, band: int, tensor: Tensor) -> float:
        return self._roofs[band] - self._lane_room * (self._lane_of[band, tensor] + 0.5)

    def _route(self, tensor: Tensor, target: int, port: float) -> list[Point]:
        source, nets = tensor.unit, self._nets
        (x, y), cell = self._place(source), self._cells[source]
        tx, ty = self._place(target)
        end = (tx - self._cells[target].half + dent(self._cells[target], port), ty + port)
        home, there = nets.band(source), nets.band(target)
        exit_ = nets.exits[tensor]
        start = (x + cell.half - dent(cell, exit_), y + exit_)
        if target in nets.by_tensor[tensor].near:
            if nets.is_direct(tensor, target):
                return [(x + cell.half - dent(cell, end[1] - y), end[1]), end]
            track = self._track[tensor]
            return [start, (track, start[1]), (track, end[1]), end]
        points = [start]
        if self._laid.column[source] not in nets.ends:
            track, lane = self._track[tensor], self._lane(home, tensor)
            points += [(track, start[1]), (track, lane)]
        if home != there:
            margin, lane = self._margin_x(tensor), self._lane(there, tensor)
            points += [(margin, points[-1][1]), (margin, lane)]
        entry = self._entry[tensor, self._laid.column[target]]
        return [*points, (entry, points[-1][1]), (entry, end[1]), end]
