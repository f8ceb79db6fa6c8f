"""Logos: small images on faces of the layers that a document names, and in the legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Note
from keras_diagram_core.layout.faces import Face, face_of, picture
from keras_diagram_core.layout.images import EDGE, Images, faces, is_sign, name_of
from keras_diagram_core.layout.members import members
from keras_diagram_core.layout.points import px
from keras_diagram_core.options import (
    FunctionalOptions,
    LayeredOptions,
    Logo,
    LogosLegend,
    ViewOptions,
)
from keras_diagram_core.options.values import INLINE
from keras_diagram_core.scene import Image, Item, Label, Mark, Picture, Point, Text
from keras_diagram_core.text import clean, elide, text_width

# What is smaller than this cannot be seen, px.
SMALLEST = 5.0
# The side of a logo in the legend, the size of its words, its lines and spaces, px.
SIGN = 15.0
SIZE = 10.5
LINE = 20.0
SPACE = 16.0


class Drawn(NamedTuple):
    """A logo, and the name of its image in the Scene."""

    logo: Logo
    name: str
    image: Image


class Logos:
    """The logos of one picture.

    Attributes:
        drawn: all of them, in the order in which they were given.
        notes: what matches nothing.
    """

    def __init__(self, graph: ModelGraph, options: ViewOptions, images: Images) -> None:
        """Find the layers of each logo."""
        self.drawn: list[Drawn] = []
        self.notes: list[Note] = []
        self._legend = LogosLegend()
        self._of: dict[str, list[int]] = {}
        if not isinstance(options, (LayeredOptions, FunctionalOptions)):
            return
        self._legend = options.logos_legend
        for number, logo in enumerate(options.logo_groups):
            self.drawn.append(Drawn(logo, name_of(logo.file, images), images[logo.file]))
            found, notes = members(graph, logo, "logo-groups")
            self.notes += notes
            for id_ in dict.fromkeys(found):
                self._of.setdefault(id_, []).append(number)

    def on(self, mark: Mark) -> Iterator[tuple[str, Drawn]]:
        """Give the logos of what a mark stands for, each once, with the node that has it."""
        seen: set[int] = set()
        for id_ in mark.nodes:
            yield from ((id_, self.drawn[n]) for n in self._of.get(id_, ()) if n not in seen)
            seen.update(self._of.get(id_, ()))

    def named(self, place: Point, room: float) -> list[Label]:
        """Name them in lines of at most `room` px, from `place` (left, top) downwards."""
        labels: list[Label] = []
        left, y = place[0], place[1] + self._legend.padding
        x = left
        for drawn in self.drawn if self._legend.shown else ():
            text = elide(clean(_title(drawn.logo)), room - SIGN - 6, SIZE)
            width = SIGN + 6 + text_width(text, SIZE)
            if x > left and x + width > left + room:
                x, y = left, y + LINE
            labels.append(_named(drawn, text, x, y))
            x += width + SPACE + self._legend.spacing
        return labels


def _named(drawn: Drawn, text: str, x: float, y: float) -> Label:
    sign = Face((x, y), (SIGN, 0.0), (0.0, SIGN))
    words = Text(px(x + SIGN + 6), px(y + SIGN - 3.5), text, SIZE, text_width(text, SIZE))
    return Label(role="logo", shapes=(picture(sign, drawn.name, drawn.image, "contain"), words))


def with_logos(
    items: Sequence[Item], graph: ModelGraph, logos: Logos
) -> tuple[list[Item], list[Note]]:
    """Put logos on marks, which are painted by family, over images; say which nobody can see."""
    done: list[Item] = []
    signs: Counter[str] = Counter()
    tiny: Counter[str] = Counter()
    for item in items:
        if not isinstance(item, Mark):
            done.append(item)
            continue
        mark = item
        for id_, drawn in logos.on(item):
            if is_sign(mark):
                signs[_title(drawn.logo)] += 1
            else:
                mark, small = _adorned(mark, family(graph.by_id[id_]), drawn)
                tiny[_title(drawn.logo)] += small
        done.append(mark)
    return done, list(_problems(signs, tiny))


def _problems(signs: Counter[str], tiny: Counter[str]) -> Iterator[Note]:
    for title, count in signs.items():
        where = "a layer" if count == 1 else f"{count} layers"
        message = f"logo-groups: '{title}' is for {where} drawn as a sign, which shows no logo."
        yield Note(message=message)
    for title, count in (+tiny).items():
        where = "a layer" if count == 1 else f"{count} layers"
        hint = "Make the boxes larger, or choose another `axis` or `size`."
        yield Note(message=f"logo-groups: '{title}' can hardly be seen on {where}. {hint}")


def _title(logo: Logo) -> str:
    """Name a logo: as the document does, or by its file."""
    return logo.name or ("logo" if logo.file.startswith(INLINE) else PurePath(logo.file).stem)


def _adorned(mark: Mark, paint: str, drawn: Drawn) -> tuple[Mark, bool]:
    """Put a logo on a face, and say whether it is too small."""
    logo, shapes = drawn.logo, list(mark.shapes)
    known = (getattr(shape, "fill", "").rpartition("-")[0] for shape in shapes)
    found = (faces(shapes, name, logo.axis) for name in dict.fromkeys((paint, *known)))
    number = next((places[-1] for places in found if places), None)
    face = None if number is None else face_of(shapes[number])
    if number is None or face is None:
        return mark, False
    place = _place(face.within(EDGE), logo, drawn.image)
    over = number + 1
    while over < len(shapes) and isinstance(shapes[over], Picture):
        over += 1
    shapes.insert(over, picture(place, drawn.name, drawn.image, "contain"))
    return replace(mark, shapes=tuple(shapes)), min(place.width, place.height) < SMALLEST


def _place(face: Face, logo: Logo, image: Image) -> Face:
    """Give a logo its part of a face: never more than there is."""
    ratio = image.width / image.height
    if len(logo.size) == 1:
        width = min(face.width, face.height) * logo.size[0]
        height = width / ratio
    else:
        width = min(logo.size[0], logo.size[1] * ratio)
        height = width / ratio
    room = (max(side - logo.padding, side / 10) for side in (face.width, face.height))
    share = min(1.0, *(most / side for most, side in zip(room, (width, height), strict=True)))
    across, down = width * share / face.width, height * share / face.height
    pads = logo.padding / face.width, logo.padding / face.height
    left, top = _corner(logo.corner, (across, down), pads)
    return face.part(left, top, across, down)


def _corner(
    corner: str, size: tuple[float, float], pads: tuple[float, float]
) -> tuple[float, ...]:
    """Say where a part of a size begins, in shares of the face's sides."""
    if corner == "center":
        return tuple((1 - extent) / 2 for extent in size)
    far = ("right" in corner, "bottom" in corner)
    return tuple(
        max(1 - extent - pad, 0.0) if is_far else min(pad, 1 - extent)
        for is_far, extent, pad in zip(far, size, pads, strict=True)
    )
