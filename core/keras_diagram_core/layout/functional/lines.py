"""Lines: edges as a document wants them - with or without heads, clear of boxes, with dots."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from keras_diagram_core.layout.functional.boxes import Drawn
from keras_diagram_core.layout.network.cells import Route
from keras_diagram_core.layout.network.page import connector
from keras_diagram_core.layout.points import px
from keras_diagram_core.options import FunctionalOptions
from keras_diagram_core.scene import Circle, Connector, Label, Point

DOT = 2.0
LARGEST_DOT = 4.0


def line(
    route: Route,
    origin: Point,
    drawn: Sequence[Drawn],
    ends: tuple[FunctionalOptions, FunctionalOptions],
) -> Connector:
    """Draw an edge; `origin` is where the drawing stands on the page.

    `ends` are the options of the layer that it leaves, and of the one that it comes to.
    """
    drawn_line = connector(route, origin)
    leaving, coming = (own.connector_padding for own in ends)
    if not ends[0].connector_arrow:
        drawn_line = replace(drawn_line, arrow=0.0)
    if not (leaving or coming):
        return drawn_line
    source = drawn[route.source]
    points = list(drawn_line.points)
    if points[0][1] == points[1][1] and not source.upright:
        # What leaves a box with depth begins behind its side.
        points[0] = _moved(points[0], points[1], source.solid.right, 1)
    share = 4 if len(points) == 2 else 2
    points[0], points[-1] = (
        _moved(points[0], points[1], leaving, share),
        _moved(points[-1], points[-2], coming, share),
    )
    return replace(drawn_line, points=tuple(points))


def turns(route: Route, origin: Point, options: FunctionalOptions) -> Iterator[Label]:
    """Draw a dot at each corner of an edge."""
    radius = min(0.3 * options.virtual_node_size, LARGEST_DOT) or DOT
    dots = tuple(
        Circle(px(x + origin[0]), px(y + origin[1]), radius, "edge") for x, y in route.points[1:-1]
    )
    if dots:
        yield Label(nodes=(route.edge.source, route.edge.target), role="turn", shapes=dots)


def _moved(point: Point, other: Point, distance: float, share: int) -> Point:
    """Move an end towards the next corner, by at most that share of the way."""
    length = math.dist(point, other)
    way = min(distance, length / share) / length if length else 0.0
    return px(point[0] + (other[0] - point[0]) * way), px(point[1] + (other[1] - point[1]) * way)
