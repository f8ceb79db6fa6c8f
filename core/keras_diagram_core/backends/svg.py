"""SVG: text and shapes with stable class names and data attributes (a public contract).

There are no scripts, links or external references, and no ids but those of images, which are
made from the picture's content. So any number of pictures can stand in one page; of equal ones
with images, `Artifact.inline` tells the copies apart.

Colours are custom properties `--kd-<paint>`: the picture sets them for light and dark, and a
page's stylesheet may set them otherwise. Presentation attributes repeat the light colours for
renderers without custom properties.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape as escape_markup

import msgspec

from keras_diagram_core.backends.lines import arrow_head, shortened, toward
from keras_diagram_core.backends.stylesheet import Use, font_class, own_classes, rules
from keras_diagram_core.characters import clean_text
from keras_diagram_core.scene import (
    Box,
    Circle,
    Connector,
    Frame,
    Image,
    Item,
    Label,
    Mark,
    Picture,
    Point,
    Polygon,
    Scene,
    Shape,
    Stroke,
    Text,
)


def paint_svg(scene: Scene, families: Mapping[str, str]) -> bytes:
    """Write a Scene as an SVG document in UTF-8, the same bytes for equal Scenes.

    Args:
        scene: the drawing.
        families: which font family is tried first, by the names that texts have for fonts; that
            of the picture has an empty name.
    """
    width, height = number(scene.width), number(scene.height)
    # What CSS can quote without care.
    known = {name: re.sub(r"[^\w .+-]", "", family) for name, family in families.items()}
    write = _Writer(scene, known)
    items = [line for item in scene.items for line in write.item(item)]
    background = write.colours("background")
    classes = " ".join(
        ["kd", f"kd-view-{scene.view}", *own_classes(scene, write.used, known.get("", ""))]
    )
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}"'
        f' role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    )
    lines = [
        root,
        f"<title>{escape(scene.title)}</title>",
        f"<desc>{escape(scene.description)}</desc>",
        f"<style>{rules(scene, write.used, known)}</style>",
        *write.definitions(),
        f'<rect width="{width}" height="{height}"{background}/>',
        *items,
        "</svg>\n",
    ]
    return "\n".join(lines).encode("utf-8")


class _Writer:
    """Writes items as lines of markup, and notes which paints they use."""

    def __init__(self, scene: Scene, families: Mapping[str, str]) -> None:
        self.used: set[Use] = set()
        self._families = families
        self._images = scene.images
        self._prefix = _prefix(scene) if scene.images else ""
        self._clips: list[str] = []
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
                return f'<path{self._painted(shape)} d="M{corners}Z"/>'
            case Stroke():
                points = "L".join(_pair(point) for point in shape.points)
                return f'<path{self.colours("", shape.line, shape.width)} d="M{points}"/>'
            case Box():
                return (
                    f'<rect x="{number(shape.left)}" y="{number(shape.top)}"'
                    f' width="{number(shape.width)}" height="{number(shape.height)}"'
                    f' rx="{number(shape.radius)}"{self._painted(shape)}'
                    f"{_opacity(shape.opacity, 'fill-opacity')}/>"
                )
            case Circle():
                return (
                    f'<circle cx="{number(shape.x)}" cy="{number(shape.y)}"'
                    f' r="{number(shape.radius)}"{self._painted(shape)}/>'
                )
            case Text():
                return self._text(shape)
            case Picture():
                return self._picture(shape)

    def definitions(self) -> Iterator[str]:
        """Give each image once, for all that show it, and what cuts them."""
        if self._images:
            yield "<defs>"
            for name, image in self._images.items():
                yield (
                    f'<image id="{self._prefix}-{name}" width="{number(image.width)}"'
                    f' height="{number(image.height)}" preserveAspectRatio="none"'
                    f' href="{_address(image)}"/>'
                )
            yield from self._clips
            yield "</defs>"

    def _picture(self, picture: Picture) -> str:
        image = self._images[picture.image]
        (x0, y0), (x1, y1), (x2, y2) = picture.corners
        across = (x1 - x0) / image.width, (y1 - y0) / image.width
        down = (x2 - x0) / image.height, (y2 - y0) / image.height
        matrix = " ".join(f"{value:.6g}" for value in (*across, *down, x0, y0))
        use = (
            f'<use href="#{self._prefix}-{picture.image}" transform="matrix({matrix})"'
            f"{_opacity(picture.opacity)}/>"
        )
        if not picture.clip:
            return use
        name = f"{self._prefix}-clip-{len(self._clips) + 1}"
        corners = "L".join(_pair(point) for point in picture.clip)
        self._clips.append(f'<clipPath id="{name}"><path d="M{corners}Z"/></clipPath>')
        return f'<g clip-path="url(#{name})">{use}</g>'

    def _painted(self, shape: Polygon | Box | Circle) -> str:
        return self.colours(shape.fill, shape.line, shape.line_width)

    def _text(self, text: Text) -> str:
        anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
        weight = ' font-weight="600"' if text.bold else ""
        x, y = number(text.x), number(text.y)
        family = self._families.get(text.font, "") if text.font else ""
        role = font_class(family) if family else ""
        turn = f' transform="rotate({-text.turn} {x} {y})"' if text.turn else ""
        return (
            f'<text x="{x}" y="{y}" font-size="{number(text.size)}"{turn}'
            f"{anchor}{weight}{self.colours(text.fill, role=role)}>{escape(text.text)}</text>"
        )

    def colours(self, fill: str, line: str = "", width: float = 1.0, role: str = "") -> str:
        """Write class names for custom properties, and plain colours for lesser renderers."""
        uses = [Use(*use) for use in (("fill", fill), ("stroke", line)) if use[1]]
        self.used.update(uses)
        classes = " ".join(filter(None, [role, *(use.css_class for use in uses)]))
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


def _prefix(scene: Scene) -> str:
    """Begin the ids of a picture so that no other picture has the same."""
    return "kd-" + hashlib.sha256(msgspec.json.encode(scene)).hexdigest()[:12]


def _address(image: Image) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"


def _opacity(value: float, name: str = "opacity") -> str:
    return f' {name}="{number(value)}"' if value < 1 else ""


def escape(text: str) -> str:
    """Return text for an element or attribute; a document with a control character is no XML."""
    return escape_markup(clean_text(text))


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
