"""What the views know in which a box stands for the size of a tensor."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from keras_diagram_core.options.base import IMAGE_FIT, LayeredGroups, ViewOptions
from keras_diagram_core.options.parts import Caps, LegendOfLogos, Limits, Logos, LogosLegend
from keras_diagram_core.options.values import Axis, Fit, Words


class VolumeOptions(ViewOptions, frozen=True, kw_only=True):
    """How large boxes are, what is written on them, and which of them are a stage."""

    one_dim_orientation: Annotated[
        Literal["auto", "x", "y", "z"],
        Meta(
            description="Where the length of a vector lies: in the depth (`x`), upright (`y`), or"
            " along the flow (`z`), as channels do; `auto` is `z` in `accurate` and `capped`, else"
            " `y`."
        ),
    ] = "auto"
    sizing_mode: Annotated[
        Literal["balanced", "accurate", "capped", "logarithmic", "relative"],
        Meta(
            description="How large boxes are. `accurate`: `scale-xy` and `scale-z` px per unit of"
            " the tensor. `capped`: the same up to `dimension-caps`. `relative`:"
            " `relative-base-size` px per unit of any dimension. `logarithmic` and `balanced`:"
            " by the logarithm, or a root, of the share in the largest tensor. Rows are broken at"
            " `width`; what is too large for it, or for `max-height`, makes all boxes smaller in"
            " proportion."
        ),
    ] = "balanced"
    min_xy: Annotated[
        Annotated[float, Meta(ge=0, le=10_000)] | None,
        Meta(
            description="The least height and depth of a box, in px, before the page is fitted:"
            " `auto` is 20, in `relative` 1, in `balanced` and `logarithmic` 14.",
        ),
    ] = None
    max_xy: Annotated[
        Annotated[float, Meta(ge=1, le=100_000)] | None,
        Meta(
            description="The greatest height and depth of a box, in px: `auto` is 2000, in"
            " `relative` any, in `balanced` and `logarithmic` 104.",
        ),
    ] = None
    scale_xy: Annotated[
        Annotated[float, Meta(ge=0.001, le=1000)] | None,
        Meta(
            description="How many px of height and depth a unit gets: `auto` is 4. In `balanced`"
            " and `logarithmic`, a unit of the largest tensor; not for `relative`.",
        ),
    ] = None
    min_z: Annotated[
        Annotated[float, Meta(ge=0, le=10_000)] | None,
        Meta(
            description="As `min-xy`, of channels, which lie along the flow: `auto` is 20, in"
            " `relative` 1, in `balanced` and `logarithmic` 4 (in `functional` 7).",
        ),
    ] = None
    max_z: Annotated[
        Annotated[float, Meta(ge=1, le=100_000)] | None,
        Meta(
            description="As `max-xy`, of channels: `auto` is 400, in `relative` any, in `balanced`"
            " and `logarithmic` 22.",
        ),
    ] = None
    scale_z: Annotated[
        Annotated[float, Meta(ge=0.001, le=1000)] | None,
        Meta(description="As `scale-xy`, of channels: `auto` is 1.5."),
    ] = None
    dimension_caps: Annotated[
        Limits,
        Meta(
            description="In `capped`, the most px of `channels`, of `sequence` (height and depth,"
            " which keep their ratio) and of vectors (`general`)."
        ),
    ] = Caps()
    relative_base_size: Annotated[
        float, Meta(ge=0.001, le=1000, description="In `relative`, how many px a unit gets.")
    ] = 20.0
    shade_step: Annotated[
        Annotated[float, Meta(ge=0, le=120)] | None,
        Meta(
            description="How much darker than the front of a box its top is, of 255, and twice as"
            " much its side; `auto` is what suits the colours.",
        ),
    ] = None
    text_callable: Annotated[
        Words,
        Meta(
            description="What is written on each box, in place of all else: its layer's `name`,"
            " `type`, `shape`, `name_shape`, or what a function(index, layer) returns: (text,"
            " whether it stands above). A box of several layers has the text of the main one."
        ),
    ] = ""
    text_vspacing: Annotated[
        float, Meta(ge=0, le=60, description="The room between the lines of a text, in px.")
    ] = 2.0
    layered_groups: LayeredGroups = ()
    image_fit: Annotated[Fit, Meta(description=IMAGE_FIT)] = "fill"
    image_axis: Annotated[
        Axis,
        Meta(
            description="On which face images are: the front (`z`), the top (`y`) or the side"
            " (`x`); a flat box has only a front."
        ),
    ] = "z"
    logo_groups: Annotated[
        Logos,
        Meta(
            description="Logos on layers, each a mapping: `file`, `layers` (names and classes) or"
            " `indices` (places), `name`, `axis`, `corner`, `padding`, and `size`: a share of the"
            " shorter side of the face, or `[width, height]` in px."
        ),
    ] = ()
    logos_legend: Annotated[
        LegendOfLogos,
        Meta(
            description="Name the logos below the picture; a mapping says how many px of"
            " `padding` are above them, and of `spacing` between."
        ),
    ] = LogosLegend()
