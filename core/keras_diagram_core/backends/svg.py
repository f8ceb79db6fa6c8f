"""SVG: text and shapes with stable class names and data attributes (a public contract).

There are no ids, scripts, links or external references, so any number of pictures can stand
in one page. Colours are custom properties `--kd-<paint>`: the picture sets them for light
and dark, and a page's stylesheet may set them otherwise. Presentation attributes repeat the
light colours for renderers without custom properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from keras_diagram_core.backends.lines import arrow_head, shortened, toward
from keras_diagram_core.scene import (
    Box,
    Circle,
    Connector,
    Frame,
    Item,
    Label,
    Mark,
    Paint,
    Point,
    Polygon,
    Scene,
    Shape,
    Stroke,
    Text,
)

FONTS = "Inter,Segoe UI,Roboto,Helvetica Neue,Arial,DejaVu Sans,Liberation Sans,sans-serif"
GENERIC_FAMILIES = frozenset({"serif", "sans-serif", "monospace", "cursive", "system-ui"})

# Where a page says itself that it is dark or light: Furo, PyData, Material for MkDocs.
_PAGE_IS_LIGHT = "[data-theme=light] .kd,[data-md-color-scheme=default] .kd"
_PAGE_IS_DARK = "[data-theme=dark] .kd,[data-md-color-scheme=slate] .kd"


def paint_svg(scene: Scene, family: str = "") -> bytes:
    """Write a Scene as an SVG document in UTF-8, the same bytes for equal Scenes.

    Args:
        scene: the drawing.
        family: the font family that is tried first.
    """
    width, height = number(scene.width), number(scene.height)
    theme = "" if scene.theme == "auto" else f" kd-theme-{scene.theme}"
    family = re.sub(r"[^\w .+-]", "", family)  # what CSS can quote without care
    theme += f" {_font_class(family)}" if family else ""
    write = _Writer(scene)
    items = [line for item in scene.items for line in write.item(item)]
    background = write.colours("background")
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kd kd-view-{scene.view}{theme}"'
        f' role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    )
    lines = [
        root,
        f"<title>{escape(scene.title)}</title>",
        f"<desc>{escape(scene.description)}</desc>",
        f"<style>{_style(scene, write.used, family)}</style>",
        f'<rect width="{width}" height="{height}"{background}/>',
        *items,
        "</svg>\n",
    ]
    return "\n".join(lines).encode("utf-8")


def _style(scene: Scene, used: set[str], family: str) -> str:
    """Set the paints that are used for light and dark, and apply them by class.

    The picture's own values are private (`--kd0-`), and only used where the page does not set
    the public property, so that a page's stylesheet wins without any trick.
    """
    paints = {name: scene.paints[name] for name in sorted(used)}
    rules = [f".kd{{font-family:{FONTS};max-width:100%;height:auto}}", *_schemes(scene, paints)]
    if family:
        # By a class of its own: the rules of a picture hold for all pictures in the page.
        first = family if family.lower() in GENERIC_FAMILIES else f'"{family}"'
        rules.append(f".kd.{_font_class(family)}{{font-family:{first},{FONTS}}}")
    for name in paints:
        value = f"var(--kd-{name},var(--kd0-{name}))"
        rules.append(f".kd-f-{name}{{fill:{value}}}.kd-s-{name}{{stroke:{value}}}")
    return "".join(rules)


def _font_class(family: str) -> str:
    return "kd-font-" + re.sub(r"\W+", "-", family.lower()).strip("-")


def _schemes(scene: Scene, paints: Mapping[str, Paint]) -> Iterator[str]:
    light = "".join(f"--kd0-{name}:{paint.light};" for name, paint in paints.items())
    dark = "".join(f"--kd0-{name}:{paint.dark};" for name, paint in paints.items())
    if scene.theme != "auto":
        # Repeated, to weigh more than the rules of other pictures in the page.
        own = f".kd-theme-{scene.theme}" * 3
        yield f"{own}{{{light if scene.theme == 'light' else dark}}}"
        return
    through = "--kd0-background:transparent;"
    yield f".kd{{{light}}}"
    yield f"@media screen and (prefers-color-scheme:dark){{.kd{{{dark}}}}}"
    # Furo's third state: the page follows the system, as the picture does.
    yield f"[data-theme=auto] .kd{{{through}}}"
    yield f"{_PAGE_IS_LIGHT}{{{light}{through}}}"
    yield f"{_PAGE_IS_DARK}{{{dark}{through}}}"


class _Writer:
    """Writes items as lines of markup, and notes which paints they use."""

    def __init__(self, scene: Scene) -> None:
        self.used: set[str] = set()
        self._dark = scene.theme == "dark"
        self._paints = scene.paints

    def item(self, item: Item) -> Iterator[str]:
        if isinstance(item, Connector):
            yield from self._connector(item)
            return
        yield f"<g {self._group(item)}>"
        if isinstance(item, Mark) and item.tooltip:
            yield f"<title>{escape(item.tooltip)}</title>"
        for shape in item.shapes:
            yield self._shape(shape)
        yield "</g>"

    def _group(self, item: Mark | Label | Frame) -> str:
        if isinstance(item, Frame):
            return f'class="kd-group" data-kd-repeat="{item.repeat}" data-kd-nodes="{_ids(item)}"'
        if isinstance(item, Mark):
            shared = f' data-kd-shared="{escape(item.shared)}"' if item.shared else ""
            return (
                f'class="kd-node kd-{item.family}" data-kd-node="{_ids(item)}"'
                f' data-kd-type="{escape(item.type)}"{shared}'
            )
        owner = f' data-kd-label="{_ids(item)}"' if item.nodes else ""
        return f'class="kd-{item.role}"{owner}'

    def _connector(self, item: Connector) -> Iterator[str]:
        ends = f'data-kd-source="{escape(item.source)}" data-kd-target="{escape(item.target)}"'
        title = ""
        if item.role:
            ends += f' data-kd-role="{escape(item.role)}"'
            title = f"<title>{escape(item.role)}</title>"
        colours = self.colours("", item.line, item.width, role="kd-edge")
        body = rounded(shortened(item.points, item.arrow), item.radius)
        path = f'<path{colours} {ends} d="{body}"'
        yield f"{path}>{title}</path>" if title else f"{path}/>"
        if item.arrow:
            head = "L".join(_pair(point) for point in arrow_head(item.points, item.arrow))
            yield f'<path{self.colours(item.line)} d="M{head}Z"/>'

    def _shape(self, shape: Shape) -> str:
        match shape:
            case Polygon():
                corners = "L".join(_pair(point) for point in shape.points)
                return f'<path{self.colours(shape.fill, shape.line)} d="M{corners}Z"/>'
            case Stroke():
                points = "L".join(_pair(point) for point in shape.points)
                return f'<path{self.colours("", shape.line, shape.width)} d="M{points}"/>'
            case Box():
                return (
                    f'<rect x="{number(shape.left)}" y="{number(shape.top)}"'
                    f' width="{number(shape.width)}" height="{number(shape.height)}"'
                    f' rx="{number(shape.radius)}"{self.colours(shape.fill, shape.line)}/>'
                )
            case Circle():
                return (
                    f'<circle cx="{number(shape.x)}" cy="{number(shape.y)}"'
                    f' r="{number(shape.radius)}"{self.colours(shape.fill, shape.line)}/>'
                )
            case Text():
                return self._text(shape)

    def _text(self, text: Text) -> str:
        anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
        weight = ' font-weight="600"' if text.bold else ""
        return (
            f'<text x="{number(text.x)}" y="{number(text.y)}" font-size="{number(text.size)}"'
            f"{anchor}{weight}{self.colours(text.fill)}>{escape(text.text)}</text>"
        )

    def colours(self, fill: str, line: str = "", width: float = 1.0, role: str = "") -> str:
        """Write class names for custom properties, and plain colours for lesser renderers."""
        self.used.update(name for name in (fill, line) if name)
        names = [role, f"kd-f-{fill}" if fill else "", f"kd-s-{line}" if line else ""]
        classes = " ".join(filter(None, names))
        attributes = f' class="{classes}" fill="{self._plain(fill)}"'
        if line:
            attributes += f' stroke="{self._plain(line)}" stroke-linejoin="round"'
        if line and width != 1:
            attributes += f' stroke-width="{number(width)}"'
        return attributes

    def _plain(self, name: str) -> str:
        if not name:
            return "none"
        return self._paints[name].dark if self._dark else self._paints[name].light


def _ids(item: Mark | Label | Frame) -> str:
    return escape(" ".join(item.nodes))


def rounded(points: Sequence[Point], radius: float) -> str:
    """Write a line through the points as path data, its corners rounded."""
    if not radius:
        return "M" + "L".join(_pair(point) for point in points)
    parts = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        first, second = toward(corner, before, radius), toward(corner, after, radius)
        parts.append(f"L{_pair(first)}Q{_pair(corner)} {_pair(second)}")
    return "".join(parts) + f"L{_pair(points[-1])}"


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def number(value: float) -> str:
    """Write a length in px with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
