"""Looks: what the document says of single layers, put over what holds for all of the picture.

Layouts ask for the options of a layer (`own`) and for its look (`of`). They paint by family;
`dress.py` paints anew what has a look, so that layouts need not know of its colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from msgspec.structs import replace

from keras_diagram_core.colours import parse_colour
from keras_diagram_core.describe import class_name
from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Node, Note
from keras_diagram_core.options import Look, ViewOptions
from keras_diagram_core.scene import Paint
from keras_diagram_core.theme import (
    FAMILIES,
    PAGE_PAINTS,
    READABLE,
    VISIBLE,
    contrast,
    derived_paints,
    family_paints,
    ink_on,
    mix,
)

AnyView = TypeVar("AnyView", bound=ViewOptions)
AnyLook = TypeVar("AnyLook", bound=Look)

_FACES = ("fill", "top", "side", "line", "ink")
# The paints that have a colour of their own in a look, by the part that says it.
_COLOURS = {
    "connector_fill": "edge",
    "patch_fill": "patch",
    "patch_outline": "patchline",
    "font_color": "ink",
    "box_text_color": "ink",
    "collapse_badge_fill": "badge",
    "collapse_badge_outline": "badgeline",
    "collapse_badge_text_color": "number",
    "collapse_annotation_color": "arrow",
}


class Looks(Generic[AnyView, AnyLook]):
    """Which nodes have a look of their own, and the paints that these looks need.

    Attributes:
        options: what holds for all of the picture.
        is_plain: whether no node has a look of its own.
        paints: by name, as `family_paints` gives them for families; `-ink` is that of words.
    """

    def __init__(self, graph: ModelGraph, options: AnyView, plain: AnyLook) -> None:
        """Find the look of each node: that of its name stands above that of its class.

        Args:
            graph: the model.
            options: those of the view.
            plain: the look that says nothing.
        """
        self.options = options
        self._plain = plain
        self._of: dict[str, AnyLook] = {}
        self._own: dict[str, AnyView] = {}
        self._names: dict[str, str] = {}
        known: dict[tuple[Look, str], tuple[str, AnyView]] = {}
        palettes: list[dict[str, Paint]] = []
        for node in graph.nodes:
            look = _merged(plain, _chosen(node, options))
            if look == plain:
                continue
            kind = (look, family(node))
            if kind not in known:
                own = _over(options, _given(look))
                parts = _paints(look, own, family(node))
                if parts not in palettes:
                    palettes.append(parts)
                known[kind] = f"look-{palettes.index(parts) + 1}", own
            self._of[node.id] = look
            self._names[node.id], self._own[node.id] = known[kind]
        self.is_plain = not self._of
        self.paints = {
            f"look-{number}-{part}": paint
            for number, parts in enumerate(palettes, 1)
            for part, paint in parts.items()
        }

    @property
    def by_node(self) -> Mapping[str, AnyLook]:
        """The looks of the nodes that have one of their own, by id."""
        return self._of

    def of(self, id_: str) -> AnyLook:
        """Give the look of a node; it says nothing if the node has none of its own."""
        return self._of.get(id_, self._plain)

    def own(self, id_: str) -> AnyView:
        """Give the options as they hold for one node."""
        return self._own.get(id_, self.options)

    def shared(self, ids: Sequence[str]) -> AnyView:
        """Give the options as they hold for nodes that are drawn as one; the first counts most."""
        given: dict[str, Any] = {}
        for id_ in reversed(() if self.is_plain else ids):
            given |= _given(self.of(id_))
        return _over(self.options, given)

    def paint(self, ids: Iterable[str], part: str) -> str:
        """Name the paint for a part in the first look of some nodes that has one, or nothing."""
        names = (f"{self._names[id_]}-{part}" for id_ in ids if id_ in self._names)
        return next((name for name in names if name in self.paints), "")

    def key(self, node: Node) -> str:
        """Name the look of a node in which it has colours of its own; empty if it has none."""
        return self.paint([node.id], "fill").removesuffix("-fill")

    def label(self, node: Node) -> str:
        """Say in a legend what colours or image of a node are for: its name, or its class."""
        named = (label for label in node.labels if _is_seen(self.options.styles.get(label)))
        return next(named, "") or class_name(node)


def unmatched(graph: ModelGraph, rest: ModelGraph, options: ViewOptions) -> Iterator[Note]:
    """Say which colours are for nothing in the model, or in the `rest` that is not hidden."""
    classes = {node.type for node in graph.nodes}
    known = classes | {label for node in graph.nodes for label in node.labels}
    for option, looks, labels in (
        ("color-map", options.color_map, classes),
        ("styles", options.styles, known),
    ):
        for name in looks:
            if name not in labels:
                hint = did_you_mean(name, labels)
                yield Note(message=f"{option}: nothing is called '{name}'. {hint}".strip())
    shown = {name for node in rest.nodes for name in (node.type, *node.labels)}
    for name in options.styles:
        if name in known and name not in shown:
            yield Note(message=f"styles: '{name}' is hidden.")


def page_theme(options: ViewOptions) -> Literal["auto", "light", "dark"]:
    """Choose the theme that goes with the background, unless one is asked for."""
    if options.theme != "auto" or not options.background_fill:
        return options.theme
    background = paint_of(options.background_fill).light
    is_dark = contrast("#ffffff", background) > contrast("#000000", background)
    return "dark" if is_dark else "light"


def page_paints(options: ViewOptions) -> dict[str, Paint]:
    """Return the paints of the page: those of the theme, or what is asked for."""
    paints = dict(PAGE_PAINTS)
    if options.background_fill:
        paints |= _on_background(paint_of(options.background_fill))
    if options.font_color:
        paints["ink"] = paint_of(options.font_color)
        paints["muted"] = _muted(paints["ink"], paints["background"])
    if options.connector_fill:
        paints["edge"] = paint_of(options.connector_fill)
    return paints


def paint_of(value: str) -> Paint:
    """Give one colour for light and dark pages: it is what the author chose."""
    colour, page = parse_colour(value), PAGE_PAINTS["background"]
    return Paint(colour.over(page.light), colour.over(page.dark))


def _on_background(page: Paint) -> dict[str, Paint]:
    """Return a background and what stands on it: as in the theme, where that stands out."""
    ink = _visible(PAGE_PAINTS["ink"], page, READABLE, ink_on(page))
    muted = _visible(PAGE_PAINTS["muted"], page, READABLE, _muted(ink, page))
    edge = _visible(PAGE_PAINTS["edge"], page, VISIBLE, muted)
    return {"background": page, "ink": ink, "muted": muted, "edge": edge}


def _visible(paint: Paint, page: Paint, least: float, other: Paint) -> Paint:
    """Return a paint, or another one where its contrast to the page is too low."""
    light = paint if contrast(paint.light, page.light) >= least else other
    dark = paint if contrast(paint.dark, page.dark) >= least else other
    return Paint(light.light, dark.dark)


def shaded(paints: Mapping[str, Paint], step: float | None) -> dict[str, Paint]:
    """Make the tops of boxes so much darker than their fronts, of 255, and the sides twice.

    Looks are shaded already.
    """
    if step is None:
        return dict(paints)
    return {
        name: paint if name.startswith("look-") else _shade(paints, name, step)
        for name, paint in paints.items()
    }


def _shade(paints: Mapping[str, Paint], name: str, step: float) -> Paint:
    family, _, face = name.rpartition("-")
    front = paints.get(f"{family}-fill")
    if front is None or face not in {"top", "side"}:
        return paints[name]
    return darker(front, step if face == "top" else 2 * step)


def darker(paint: Paint, step: float) -> Paint:
    """Make a paint so much darker, of 255."""
    share = min(step / 255, 1.0)
    return Paint(mix(paint.light, "#000000", share), mix(paint.dark, "#000000", share))


def _chosen(node: Node, options: ViewOptions) -> Iterator[Look]:
    """Give the looks that are meant for a node, the most general first."""
    for looks in (options.color_map, options.styles):
        if node.type in looks:
            yield looks[node.type]
    yield from (options.styles[label] for label in node.labels if label in options.styles)


def _is_seen(look: Look | None) -> bool:
    """Say whether a legend shows a look."""
    return any(getattr(look, part, "") for part in ("fill", "outline", "image", "face_image"))


def _merged(plain: AnyLook, looks: Iterable[Look]) -> AnyLook:
    merged = plain
    for look in looks:
        merged = replace(merged, **_given(look))
    return merged


def _given(look: Look) -> dict[str, Any]:
    """Give the parts of a look that are not left to the picture."""
    parts = {part: getattr(look, part) for part in look.__struct_fields__}
    return {part: value for part, value in parts.items() if value not in ("", None, ())}


def _over(options: AnyView, given: Mapping[str, Any]) -> AnyView:
    """Put the parts of a look that are options over those of the picture."""
    own = {part: value for part, value in given.items() if hasattr(options, part)}
    return replace(options, **own) if own else options


def _paints(look: Look, own: ViewOptions, family_name: str) -> dict[str, Paint]:
    """Give the paints of a look; what it does not say comes from the family or the fill."""
    paints: dict[str, Paint] = {}
    in_words = getattr(own, "simple_text_visualization", False)
    fill = (getattr(look, "box_fill", "") if in_words else "") or look.fill
    outline = (getattr(look, "box_outline", "") if in_words else "") or look.outline
    if fill or outline:
        paints = _faces(fill, outline, family_name)
    front = paints.get("fill", FAMILIES[family_name].fill)
    step = getattr(own, "shade_step", getattr(look, "shade_step", None))
    if step is not None:
        paints |= {"top": darker(front, step), "side": darker(front, 2 * step)}
        paints |= {f"map{number}": darker(front, step * number) for number in range(1, 65)}
    for part, paint in _COLOURS.items():
        if colour := getattr(look, part, ""):
            paints[paint] = paint_of(colour)
    if getattr(look, "font_color", ""):
        paints["word"] = paints["ink"]
        paints["muted"] = _muted(paints["ink"], PAGE_PAINTS["background"])
    return paints


def _faces(fill_colour: str, outline: str, family_name: str) -> dict[str, Paint]:
    """Give the paints of all faces, their outline, and of words on them."""
    if fill_colour:
        fill = paint_of(fill_colour)
        paints = {"fill": fill, **derived_paints(fill)}
    else:
        own = family_paints(family_name)
        paints = {part: own[f"{family_name}-{part}"] for part in _FACES}
    return paints | ({"line": paint_of(outline)} if outline else {})


def _muted(ink: Paint, page: Paint) -> Paint:
    """Let words that matter less be closer to the page, as long as they are read well."""
    return Paint(_nearer(ink.light, page.light), _nearer(ink.dark, page.dark))


def _nearer(ink: str, page: str) -> str:
    shades = (mix(ink, page, share) for share in (0.3, 0.2, 0.1))
    return next((shade for shade in shades if contrast(shade, page) >= READABLE), ink)
