"""Images: which layers show one, on which face of their boxes, and how large that is then."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node, Note
from keras_diagram_core.layout.dress import AnyLooks
from keras_diagram_core.layout.faces import Face, face_of, picture
from keras_diagram_core.layout.solids import Solid
from keras_diagram_core.options import (
    FunctionalOptions,
    GraphOptions,
    LayeredOptions,
    LenetOptions,
    Look,
    ViewOptions,
)
from keras_diagram_core.options.looks import (
    FunctionalLook,
    GraphLook,
    LayeredLook,
    LenetLook,
)
from keras_diagram_core.scene import (
    Box,
    Circle,
    Image,
    Item,
    Mark,
    Picture,
    Shape,
    Text,
)

Images = Mapping[str, Image]
"""The images that options name, by path."""

NO_IMAGES: Images = {}

# What shows of the outline around an image, px.
EDGE = 0.5
# How many layers a note names.
MOST_NAMES = 3
# The ends of the names of paints, as patterns, by the axis that leads out of a face.
PARTS = {"z": r"fill|map\d+", "y": "top", "x": "side"}


class Shown(NamedTuple):
    """An image that a layer shows, and how; sizes in px.

    Attributes:
        name: what the image is called in the Scene.
        places: which neurons show it; all, if empty.
    """

    name: str
    image: Image
    fit: str
    axis: str = "z"
    scale: float = 1.0
    opacity: float = 1.0
    inset: float = EDGE
    crop: bool = False
    places: tuple[int, ...] = ()

    @property
    def ratio(self) -> float:
        """How wide the image is by its height."""
        return self.image.width / self.image.height


class Pictures:
    """The images of one picture: which nodes show what."""

    def __init__(self, graph: ModelGraph, looks: AnyLooks, images: Images) -> None:
        """Find who shows what."""
        self._of: dict[str, Shown] = {}
        for node in graph.nodes if images else ():
            if shown := _shown(looks.of(node.id), looks.own(node.id), images):
                self._of[node.id] = shown

    def of(self, node: Node) -> Shown | None:
        """Give what a node shows."""
        return self._of.get(node.id)

    def by_family(self, nodes: Iterable[Node]) -> dict[str, Shown]:
        """Give what faces show by the families that views paint them with."""
        found: dict[str, Shown] = {}
        for node in nodes:
            if shown := self.of(node):
                found.setdefault(family(node), shown)
        return found


def name_of(file: str, images: Images) -> str:
    """Name an image of the options in the Scene."""
    return f"image-{sorted(images).index(file) + 1}"


def used(items: Iterable[Item], images: Images) -> dict[str, Image]:
    """Give the images that items show, by name."""
    shapes = (shape for item in items for shape in getattr(item, "shapes", ()))
    seen = {shape.image for shape in shapes if isinstance(shape, Picture)}
    named = {name_of(file, images): images[file] for file in images}
    return {name: image for name, image in sorted(named.items()) if name in seen}


def unshown(items: Iterable[Item], graph: ModelGraph, pictures: Pictures) -> list[Note]:
    """Say which images are nowhere: layers without a face of their own, and signs, show none."""
    names = [
        node.name
        for item in items
        if isinstance(item, Mark)
        for node in map(graph.by_id.__getitem__, item.nodes)
        if (shown := pictures.of(node)) and not _shows(item, shown)
    ]
    if not names:
        return []
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    listed = ", ".join(f"'{name}'" for name in names[:MOST_NAMES])
    return [Note(message=f"styles: no image is shown on {listed}{more}: no face is theirs.")]


def _shows(mark: Mark, shown: Shown) -> bool:
    return any(isinstance(s, Picture) and s.image == shown.name for s in mark.shapes)


def _shown(look: Look, options: ViewOptions, images: Images) -> Shown | None:
    """Read what a look says of images; `options` are those of its layer."""
    match look, options:
        case LenetLook(), LenetOptions() if look.face_image:
            alpha, inset = look.face_image_alpha, look.face_image_inset
            return Shown(
                name_of(look.face_image, images),
                images[look.face_image],
                look.face_image_fit or "cover",
                opacity=1.0 if alpha is None else alpha / 255,
                inset=EDGE if inset is None else inset,
            )
        case GraphLook(), GraphOptions() if look.image:
            shown = Shown(name_of(look.image, images), images[look.image], options.image_fit)
            return shown._replace(crop=options.circular_crop, places=look.image_indices)
        case ((LayeredLook() | FunctionalLook()), (LayeredOptions() | FunctionalOptions())) if (
            look.image
        ):
            fit, axis = options.image_fit, options.image_axis
            name, scale = name_of(look.image, images), look.scale_image or 1.0
            return Shown(name, images[look.image], fit, axis, scale)
    return None


def sized(solid: Solid, shown: Shown | None, most: tuple[float, float], *, lying: bool) -> Solid:
    """Give a box the size that its image asks for.

    Args:
        solid: the box.
        shown: its image, if it has one.
        most: the width and height that it may have at most, px.
        lying: whether it will be turned, so that its width becomes its height.
    """
    if shown is None or solid.glyph or (shown.fit != "match_aspect" and shown.scale == 1.0):
        return solid
    if lying:
        turned = sized(_turned(solid), shown, (most[1], most[0]), lying=False)
        return _turned(turned)
    axis = shown.axis if solid.right or solid.up else "z"
    larger = _scaled(_matched(solid, shown, axis), axis, shown.scale)
    share = min(1.0, most[0] / larger.advance, most[1] / larger.rise)
    return larger.scaled(share, thinnest=1.0)


def _turned(solid: Solid) -> Solid:
    """Exchange width and height; the depth leads where it did."""
    return solid._replace(width=solid.height, height=solid.width)


def _matched(solid: Solid, shown: Shown, axis: str) -> Solid:
    """Give the face with the image its ratio."""
    width, height, ratio = solid.width, solid.height, shown.ratio
    if shown.fit != "match_aspect":
        return solid
    if axis == "z":
        return solid._replace(width=max(width, height * ratio), height=max(height, width / ratio))
    depth = math.hypot(solid.right, solid.up)
    share = (width / ratio if axis == "y" else height * ratio) / depth
    return solid._replace(right=solid.right * share, up=solid.up * share)


def _scaled(solid: Solid, axis: str, scale: float) -> Solid:
    """Scale the sides of the face that an axis leads out of."""
    width, height, depth = (1.0 if side == axis else scale for side in "xyz")
    return solid._replace(
        width=solid.width * width,
        height=solid.height * height,
        right=solid.right * depth,
        up=solid.up * depth,
    )


def illustrated(items: Sequence[Item], graph: ModelGraph, pictures: Pictures) -> list[Item]:
    """Put images on the faces of marks, which are painted by family."""

    def illustrate(item: Item) -> Item:
        if not isinstance(item, Mark) or is_sign(item):
            return item
        by_family = pictures.by_family(map(graph.by_id.__getitem__, item.nodes))
        return replace(item, shapes=tuple(_with_pictures(item.shapes, by_family)))

    return list(map(illustrate, items))


def swatch(box: Box, shown: Shown) -> Picture:
    """Show an image in small, in a legend."""
    face = Face((box.left, box.top), (box.width, 0.0), (0.0, box.height))
    return picture(face.within(EDGE), shown.name, shown.image, "cover")


def is_sign(mark: Mark) -> bool:
    """Say whether a mark is a circle with a sign in it."""
    kinds = {type(shape) for shape in mark.shapes}
    return {Circle, Text} <= kinds and Box not in kinds


def faces(shapes: Sequence[Shape], paint: str, axis: str) -> list[int]:
    """List which shapes are faces that a paint's axis leads out of; of stacked boxes, the first.

    What has no such face has a front. Maps of a stack may be shaded by number.
    """
    for part in (PARTS[axis], PARTS["z"]):
        name = re.compile(rf"{re.escape(paint)}-({part})")
        fills = [getattr(shape, "fill", "") for shape in shapes]
        found = [number for number, fill in enumerate(fills) if name.fullmatch(fill)]
        if found:
            return found[-1:] if isinstance(shapes[found[0]], Box) else found
    return []


def _with_pictures(shapes: Sequence[Shape], by_family: Mapping[str, Shown]) -> Iterator[Shape]:
    """Put each picture right over its face, so that what covers the face covers it."""
    over: dict[int, Shown] = {}
    for name, shown in by_family.items():
        found = faces(shapes, name, shown.axis)
        rings = [number for number in found if isinstance(shapes[number], Circle)]
        chosen = {rings[place] for place in shown.places if -len(rings) <= place < len(rings)}
        over |= {n: shown for n in found if not shown.places or not rings or n in chosen}
    for number, shape in enumerate(shapes):
        yield shape
        face = face_of(shape)
        if number in over and face:
            yield _picture(over[number], face.within(over[number].inset), shape)


def _picture(shown: Shown, face: Face, shape: Shape) -> Picture:
    crop = shown.crop or isinstance(shape, Circle)
    return picture(face, shown.name, shown.image, shown.fit, crop=crop, opacity=shown.opacity)
