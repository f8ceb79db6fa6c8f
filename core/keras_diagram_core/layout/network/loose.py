"""Loose frames: around opened models that happen to stand together where nothing kept room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from keras_diagram_core.layout.network.cells import Cell, Cluster, Drawing
from keras_diagram_core.layout.network.plots import Rim
from keras_diagram_core.layout.network.scopes import Path, Scopes, all_units
from keras_diagram_core.layout.points import px
from keras_diagram_core.scene import Bounds, Point, around

# What a cell may have of the page, or edges find no room beside it.
SHARE = 0.38
# The least room for a name, px.
NAME = 40.0


def roomier(cells: Sequence[Cell], scopes: Scopes, rim: Rim, room: float) -> list[Cell]:
    """Give cells that have room for the frames around them, if pages of that room have it."""
    grown = (_grown(cell, rim, len(scopes.path(unit))) for unit, cell in enumerate(cells))
    pairs = zip(cells, grown, strict=True)
    return [wide if wide.width <= SHARE * room else cell for cell, wide in pairs]


def _grown(cell: Cell, rim: Rim, frames: int) -> Cell:
    return cell._replace(
        width=cell.width + 2 * max(rim.start, rim.end) * frames,
        up=cell.up + rim.above * frames,
        down=cell.down + rim.below * frames,
    )


def with_loose_frames(
    drawing: Drawing, cells: Sequence[Cell], scopes: Scopes, rim: Rim, room: float
) -> Drawing:
    """Frame what has no frame yet, if nothing else would be inside, and the page has the room."""
    framed = {cluster.path for cluster in drawing.clusters}
    bare = [path for path in scopes.seen(drawing.places) if path not in framed]
    if not bare:
        return drawing
    sheet = _Sheet(drawing, cells, scopes, rim)
    for path in reversed(bare):
        if frame := sheet.frame(path):
            sheet.frames.append((frame, set(scopes.members(path))))
            sheet.found.append(Cluster(path, frame))
    if not sheet.found:
        return drawing
    fitted = _fitted(drawing._replace(clusters=(*drawing.clusters, *sheet.found)))
    return fitted if fitted.width <= room else drawing


class _Sheet:
    """What stands where, and which frames there are already."""

    def __init__(self, drawing: Drawing, cells: Sequence[Cell], scopes: Scopes, rim: Rim) -> None:
        self._boxes = {unit: cells[unit].room(place) for unit, place in drawing.places.items()}
        self._routes = drawing.routes
        self._scopes = scopes
        self._rim = rim
        self.found: list[Cluster] = []
        self.frames: list[tuple[Bounds, set[int]]] = [
            *((fold.bounds, set(all_units(fold.block))) for fold in drawing.folds),
            *((each.bounds, set(scopes.members(each.path))) for each in drawing.clusters),
        ]

    def frame(self, path: Path) -> Bounds | None:
        """Give the frame around a scope, if it can have one."""
        members = set(self._scopes.members(path))
        drawn = members & self._boxes.keys()
        if not self._scopes.is_whole(path) or not self._holds_folds(members, drawn):
            return None
        within = [bounds for bounds, units in self.frames if units <= members]
        inside = chain(within, (self._boxes[unit] for unit in drawn), self._ways(members))
        frame = _around(inside, self._rim)
        strangers = (box for unit, box in self._boxes.items() if unit not in members)
        if any(frame.overlaps(box, 0.0) for box in strangers) or self._is_entered(frame, members):
            return None
        if not self._can_be_named(frame):
            return None
        others = (bounds for bounds, units in self.frames if not units <= members)
        return frame if all(_apart(frame, other) for other in others) else None

    def _is_entered(self, frame: Bounds, members: set[int]) -> bool:
        """Say whether an edge enters a frame that has both its ends outside."""
        return any(
            frame.overlaps(_extent(part), 0.0)
            for route in self._routes
            if members.isdisjoint((route.source, route.target))
            for part in pairwise(route.points)
        )

    def _can_be_named(self, frame: Bounds) -> bool:
        """Say whether no edge runs all along where the name stands."""
        if self._rim.wide:
            strip = Bounds(frame.left, frame.top, frame.right, frame.top + self._rim.above)
        else:
            strip = Bounds(frame.left, frame.top, frame.left + self._rim.start, frame.bottom)
        longest = max(strip.right - strip.left, strip.bottom - strip.top) - NAME
        parts = (part for route in self._routes for part in pairwise(route.points))
        return all(_shared(part, strip) <= longest for part in parts)

    def _holds_folds(self, members: set[int], drawn: set[int]) -> bool:
        """Say whether what is not drawn of a scope is in folds that are all in the scope."""
        missing = members - drawn
        folded = [units for _, units in self.frames if units <= members]
        return missing <= set().union(*folded)

    def _ways(self, members: set[int]) -> Iterator[Bounds]:
        """Give the extents of the edges within a scope."""
        for route in self._routes:
            if route.source in members and route.target in members:
                yield _extent(route.points)


def _shared(part: tuple[Point, Point], strip: Bounds) -> float:
    """Say how much of a line is in a strip, px."""
    (x0, y0), (x1, y1) = part
    wide = min(max(x0, x1), strip.right) - max(min(x0, x1), strip.left)
    high = min(max(y0, y1), strip.bottom) - max(min(y0, y1), strip.top)
    return max(wide, high) if min(wide, high) >= 0 else 0.0


def _apart(frame: Bounds, other: Bounds) -> bool:
    """Say whether two frames do not touch, or the first is within the other."""
    return other.contains(frame, 0.0) or not frame.overlaps(other, 0.0)


def _around(parts: Iterator[Bounds], rim: Rim) -> Bounds:
    hull = around(parts)
    return Bounds(
        px(hull.left - rim.start),
        px(hull.top - rim.above),
        px(hull.right + rim.end),
        px(hull.bottom + rim.below),
    )


def _extent(points: Sequence[Point]) -> Bounds:
    xs, ys = zip(*points, strict=True)
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def _fitted(drawing: Drawing) -> Drawing:
    """Move a drawing so that its frames, too, begin at (0, 0)."""
    hull = around(cluster.bounds for cluster in drawing.clusters)
    right, down = max(-hull.left, 0.0), max(-hull.top, 0.0)
    width, height = max(drawing.width, hull.right), max(drawing.height, hull.bottom)
    return drawing.moved(right, down)._replace(width=width + right, height=height + down)
