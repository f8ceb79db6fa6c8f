"""Looks: what a document may say of single layers, by name or class. A field declares a part.

A part that bears the name of an option of its view is that option, for one layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from keras_diagram_core.errors import RequestError, in_words
from keras_diagram_core.options.values import (
    Axis,
    Colour,
    File,
    Fit,
    Font,
    Function,
    Indices,
    Kind,
    Line,
    Pair,
    parse_mapping,
    read_parts,
)

ConnectorFill = Annotated[Colour, Meta(description="Colour of its edges.")]
ConnectorWidth = Annotated[
    Annotated[float, Meta(ge=0.2, le=12)] | None,
    Meta(description="How wide its edges are, in px."),
]
ShadeStep = Annotated[
    Annotated[float, Meta(ge=0, le=120)] | None,
    Meta(
        description="How much darker than the front of its box the top is, of 255, and twice as"
        " much the side."
    ),
]
ImageFile = Annotated[File, Meta(description="An image that it shows.")]
ImageFit = Annotated[Fit | None, Meta(description="How its image fits the face.")]
ImageAxis = Annotated[Axis | None, Meta(description="On which face of its box the image is.")]
ScaleImage = Annotated[
    Annotated[float, Meta(ge=0.1, le=20)] | None,
    Meta(description="How many times as long the sides of the face with the image are drawn."),
]
FontSize = Annotated[float, Meta(ge=4, le=40)] | None
Alpha = Annotated[int, Meta(ge=0, le=255)] | None
Room = Annotated[float, Meta(ge=0, le=40)] | None


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """How a layer looks; what is empty or None is as in all of the picture."""

    fill: Annotated[Colour, Meta(description="Colour of the faces.")] = ""
    outline: Annotated[Colour, Meta(description="Colour of the outlines.")] = ""


class LayeredLook(Look, frozen=True):
    """How a layer looks in `layered`."""

    shade_step: ShadeStep = None
    font: Annotated[Font, Meta(description="What its words are set in.")] = ""
    font_color: Annotated[Colour, Meta(description="Colour of its words.")] = ""
    text_vspacing: Annotated[
        Annotated[float, Meta(ge=0, le=60)] | None,
        Meta(description="The room between the lines of its text, in px."),
    ] = None
    spacing: Annotated[
        Annotated[float, Meta(ge=0, le=500)] | None,
        Meta(description="The room between its box and the next, in px."),
    ] = None
    scale_xy: Annotated[
        Annotated[float, Meta(ge=0.001, le=1000)] | None,
        Meta(description="How many px of height and depth a unit of its tensor gets."),
    ] = None
    scale_z: Annotated[
        Annotated[float, Meta(ge=0.001, le=1000)] | None,
        Meta(description="How many px along the flow a channel gets."),
    ] = None
    min_xy: Annotated[
        Annotated[float, Meta(ge=0, le=10_000)] | None,
        Meta(description="The least height and depth of its box, in px."),
    ] = None
    max_xy: Annotated[
        Annotated[float, Meta(ge=1, le=100_000)] | None,
        Meta(description="The greatest height and depth of its box, in px."),
    ] = None
    min_z: Annotated[
        Annotated[float, Meta(ge=0, le=10_000)] | None,
        Meta(description="The least extent of its box along the flow, in px."),
    ] = None
    max_z: Annotated[
        Annotated[float, Meta(ge=1, le=100_000)] | None,
        Meta(description="The greatest extent of its box along the flow, in px."),
    ] = None
    image: ImageFile = ""
    image_fit: ImageFit = None
    image_axis: ImageAxis = None
    scale_image: ScaleImage = None


class GraphLook(Look, frozen=True):
    """How a layer looks in `graph`; its edges are those that leave it."""

    connector_fill: ConnectorFill = ""
    connector_width: ConnectorWidth = None
    show_neurons: Annotated[
        bool | None, Meta(description="Draw a circle for each of its neurons.")
    ] = None
    ellipsize_after: Annotated[
        Annotated[int, Meta(ge=2, le=100)] | None,
        Meta(description="How many neurons it shows before an ellipsis."),
    ] = None
    node_size: Annotated[
        Annotated[int, Meta(ge=4, le=60)] | None,
        Meta(description="The diameter of its neurons, in px, and the measure of `box_scale`."),
    ] = None
    node_spacing: Annotated[
        Annotated[int, Meta(ge=0, le=100)] | None,
        Meta(description="The room between its neurons, in px."),
    ] = None
    layer_spacing: Annotated[
        Annotated[int, Meta(ge=0, le=400)] | None,
        Meta(description="The least room at both of its sides, in px."),
    ] = None
    box_scale: Annotated[
        Annotated[float, Meta(ge=0.1, le=40)] | None,
        Meta(description="How many times `node_size` its box is high, if words need no more."),
    ] = None
    image: ImageFile = ""
    image_fit: ImageFit = None
    image_indices: Annotated[
        Indices,
        Meta(description="Which neurons show the image, by place; all of them, if absent."),
    ] = ()
    circular_crop: Annotated[bool | None, Meta(description="Show its image round.")] = None


class FunctionalLook(Look, frozen=True):
    """How a layer looks in `functional`; its edges are those that leave it.

    What begins with `box` is of boxes in words, what begins with `collapse` of layers that
    stand for several.
    """

    draw_volume: Annotated[bool | None, Meta(description="Draw its box with depth.")] = None
    shade_step: ShadeStep = None
    connector_fill: ConnectorFill = ""
    connector_width: ConnectorWidth = None
    connector_arrow: Annotated[
        bool | None, Meta(description="Draw a head at the end of each edge that leaves it.")
    ] = None
    connector_padding: Annotated[
        Annotated[int, Meta(ge=0, le=40)] | None,
        Meta(description="What stays free between its box and all of its edges, in px."),
    ] = None
    box_text: Annotated[Line, Meta(description="What it is called.")] = ""
    box_text_callable: Annotated[
        Function,
        Meta(description="What it is called, if there is no `box_text`: by a function(layer)."),
    ] = ""
    box_text_enabled: Annotated[
        bool | None, Meta(description="Write into its box, wherever other words stand.")
    ] = None
    box_text_color: Annotated[Colour, Meta(description="Colour of the words in its box.")] = ""
    box_text_font: Annotated[Font, Meta(description="What the words in its box are set in.")] = ""
    box_text_font_size: Annotated[
        FontSize, Meta(description="Size of the words in its box, in px.")
    ] = None
    box_text_min_font_size: Annotated[
        FontSize, Meta(description="The least size that `box_text_autoshrink` takes, in px.")
    ] = None
    box_text_autoshrink: Annotated[
        bool | None, Meta(description="Set words smaller that do not fit `box_size`.")
    ] = None
    box_text_wrap: Annotated[
        Literal["words", "chars", "none"] | None,
        Meta(description="Where words that are wider than `box_size` are broken."),
    ] = None
    box_text_max_lines: Annotated[
        Annotated[int, Meta(ge=1, le=20)] | None,
        Meta(description="How many lines its box holds at most."),
    ] = None
    box_text_line_spacing: Annotated[
        Room, Meta(description="The room between the lines in its box, in px.")
    ] = None
    box_text_padding: Annotated[
        Pair, Meta(description="What stays free around the words in its box, in px.")
    ] = ()
    box_text_align: Annotated[
        Literal["left", "center", "right"] | None,
        Meta(description="Where in its box the words stand, from left to right."),
    ] = None
    box_text_valign: Annotated[
        Literal["top", "middle", "bottom"] | None,
        Meta(description="Where in its box the words stand, from top to bottom."),
    ] = None
    box_orientation: Annotated[
        Literal["horizontal", "vertical"] | None,
        Meta(description="How the words in its box run; `vertical` is upwards."),
    ] = None
    box_text_rotation: Annotated[
        Literal[0, 90, 180, 270] | None,
        Meta(
            description="How far the words in its box are turned to the left, in degrees, above"
            " `box_orientation`."
        ),
    ] = None
    box_size: Annotated[
        Pair, Meta(description="Width and height of its box, in px, whatever the words need.")
    ] = ()
    box_min_size: Annotated[
        Pair, Meta(description="The least width and height of its box, in px.")
    ] = ()
    box_fill: Annotated[Colour, Meta(description="Colour of its box, above `fill`.")] = ""
    box_outline: Annotated[
        Colour, Meta(description="Colour of the outline of its box, above `outline`.")
    ] = ""
    box_outline_width: Annotated[
        Annotated[float, Meta(ge=0.2, le=12)] | None,
        Meta(description="How wide the outline of its box is, in px."),
    ] = None
    collapse_badge_enabled: Annotated[
        bool | None, Meta(description="Write how often it repeats.")
    ] = None
    collapse_badge_fill: Annotated[
        Colour, Meta(description="Colour behind the number of repetitions.")
    ] = ""
    collapse_badge_outline: Annotated[
        Colour, Meta(description="Colour of the outline around the number of repetitions.")
    ] = ""
    collapse_badge_text_color: Annotated[
        Colour, Meta(description="Colour of the number of repetitions.")
    ] = ""
    collapse_badge_font: Annotated[
        Font, Meta(description="What the number of repetitions is set in.")
    ] = ""
    collapse_badge_font_size: Annotated[
        FontSize, Meta(description="Size of the number of repetitions, in px.")
    ] = None
    collapse_badge_padding: Annotated[
        Pair, Meta(description="What stays free around the number of repetitions, in px.")
    ] = ()
    collapse_annotation_enabled: Annotated[
        bool | None, Meta(description="Draw the arrow with two heads.")
    ] = None
    collapse_annotation_position: Annotated[
        Literal["above", "below"] | None,
        Meta(description="Where number and arrow stand, above what the rule says."),
    ] = None
    collapse_annotation_color: Annotated[
        Colour, Meta(description="Colour of the arrow, and of the number beside it.")
    ] = ""
    collapse_annotation_font: Annotated[
        Font, Meta(description="What the number beside the arrow of a block is set in.")
    ] = ""
    collapse_annotation_font_size: Annotated[
        FontSize, Meta(description="Size of the number beside the arrow of a block, in px.")
    ] = None
    collapse_annotation_width: Annotated[
        Annotated[float, Meta(ge=0.2, le=6)] | None,
        Meta(description="How wide the line of the arrow is, in px."),
    ] = None
    collapse_annotation_head_size: Annotated[
        Annotated[float, Meta(ge=1, le=20)] | None,
        Meta(description="How high and long the heads of the arrow are, in px."),
    ] = None
    collapse_annotation_offset: Annotated[
        Room, Meta(description="The room between box and arrow, in px.")
    ] = None
    image: ImageFile = ""
    image_fit: ImageFit = None
    image_axis: ImageAxis = None
    scale_image: ScaleImage = None


class LenetLook(Look, frozen=True):
    """How a layer looks in `lenet`; its edges are those that come to it."""

    line_width: Annotated[
        Annotated[float, Meta(ge=0.2, le=6)] | None,
        Meta(description="How wide the outlines of its maps are, in px."),
    ] = None
    shade_step: Annotated[
        Annotated[float, Meta(ge=0, le=120)] | None,
        Meta(description="How much darker than the map behind it each of its maps is, of 255."),
    ] = None
    map_spacing: Annotated[
        Annotated[int, Meta(ge=1, le=40)] | None,
        Meta(description="How far each of its maps is set off from the last, in px."),
    ] = None
    max_visual_channels: Annotated[
        Annotated[int, Meta(ge=1, le=64)] | None,
        Meta(description="How many maps it shows, if it has the most channels of all layers."),
    ] = None
    connector_fill: ConnectorFill = ""
    connector_width: ConnectorWidth = None
    patch_fill: Annotated[Colour, Meta(description="Colour of the patches of its window.")] = ""
    patch_outline: Annotated[
        Colour, Meta(description="Colour of the outline of these patches.")
    ] = ""
    patch_scale: Annotated[
        Annotated[float, Meta(ge=0.1, le=10)] | None,
        Meta(description="How much larger than it is its window is drawn."),
    ] = None
    patch_alpha: Annotated[
        Alpha, Meta(description="How opaque the patches on its maps are, of 255; `auto` is 255.")
    ] = None
    patch_fill_alpha: Annotated[Alpha, Meta(description="The same, above `patch_alpha`.")] = None
    patch_alpha_on_image: Annotated[
        Alpha, Meta(description="How opaque the patches on its image are, below both.")
    ] = None
    patch_fill_alpha_on_image: Annotated[
        Alpha, Meta(description="The same, above `patch_alpha_on_image`.")
    ] = None
    face_image: Annotated[File, Meta(description="An image on its map in front.")] = ""
    face_image_fit: Annotated[
        Fit | None, Meta(description="How the image fits the map; `auto` is `cover`.")
    ] = None
    face_image_alpha: Annotated[
        Alpha, Meta(description="How opaque the image is, of 255; `auto` is 255.")
    ] = None
    face_image_inset: Annotated[
        Annotated[float, Meta(ge=0, le=40)] | None,
        Meta(description="How far within the outline the image begins, in px; `auto` is 0.5."),
    ] = None


LOOKS: dict[str, type[Look]] = {
    "layered": LayeredLook,
    "graph": GraphLook,
    "functional": FunctionalLook,
    "lenet": LenetLook,
}
"""The looks of the views in which they have parts of their own."""


def _looks(kind: type[Look], value: Any) -> dict[str, dict[str, Any]]:
    """Read a mapping of names to looks; a colour alone is a fill."""
    mapping = parse_mapping(value, "{Conv2D: orange, Dense: {fill: teal, outline: black}}")
    return {str(name): _look(kind, name, mapping[name]) for name in sorted(mapping, key=str)}


def _look(kind: type[Look], name: Any, value: Any) -> dict[str, Any]:
    parts = value if isinstance(value, Mapping) else {"fill": value}
    for part in parts:
        field = str(part).replace("-", "_")
        views = [view for view, look in LOOKS.items() if field in look.__struct_fields__]
        if views and field not in kind.__struct_fields__:
            hint = f"It belongs to {in_words('view', views)}, in `styles`."
            raise RequestError(f"There is no '{part}' in 'look of {name}'.", hint=hint)
    return read_parts(kind, _spread(parts), f"look of {name}", "{fill: teal, outline: black}")


def _spread(parts: Mapping[Any, Any]) -> dict[Any, Any]:
    """Spread a `face_image` that says several things, like `{path: a.png, alpha: 200}`."""
    spread: dict[Any, Any] = {}
    for name, value in parts.items():
        if str(name).replace("-", "_") != "face_image" or not isinstance(value, Mapping):
            spread[name] = value
            continue
        for part, inner in value.items():
            is_file = part in {"path", "src", "file"}
            spread["face_image" if is_file else f"face_image_{part}"] = inner
    return spread


def _kind_of(look: type[Look]) -> Kind:
    return Kind("a mapping of names to colours or looks", partial(_looks, look))


Looks = Annotated[Mapping[str, Look], _kind_of(Look)]
LayeredLooks = Annotated[Mapping[str, LayeredLook], _kind_of(LayeredLook)]
GraphLooks = Annotated[Mapping[str, GraphLook], _kind_of(GraphLook)]
FunctionalLooks = Annotated[Mapping[str, FunctionalLook], _kind_of(FunctionalLook)]
LenetLooks = Annotated[Mapping[str, LenetLook], _kind_of(LenetLook)]
