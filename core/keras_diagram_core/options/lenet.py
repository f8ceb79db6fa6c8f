"""The options of the LeNet view."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from keras_diagram_core.options.base import STYLES, ViewOptions
from keras_diagram_core.options.looks import LenetLooks
from keras_diagram_core.options.values import Colour, Function


class LenetOptions(ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="lenet"):
    """Stacks of feature maps and bars of neurons, with what each layer looks at."""

    styles: Annotated[LenetLooks, STYLES] = field(default_factory=dict)
    min_xy: Annotated[
        int, Meta(ge=6, le=200, description="The side of the smallest feature map, in px.")
    ] = 20
    max_xy: Annotated[
        int,
        Meta(
            ge=20,
            le=1000,
            description="The longest side that a feature map may have, in px; all are drawn"
            " smaller where the model would not fit into a few rows.",
        ),
    ] = 120
    scale_xy: Annotated[
        float,
        Meta(
            ge=0.1,
            le=40,
            description="How many px a pixel of the largest feature map gets; `max-xy` limits it.",
        ),
    ] = 4.0
    layer_spacing: Annotated[
        int, Meta(ge=10, le=200, description="The least room between two layers, in px.")
    ] = 40
    map_spacing: Annotated[
        int,
        Meta(
            ge=1, le=40, description="How far each map of a stack is set off from the last, in px."
        ),
    ] = 4
    max_visual_channels: Annotated[
        int, Meta(ge=1, le=64, description="How many maps the layer with most channels shows.")
    ] = 12
    draw_connections: Annotated[
        bool,
        Meta(
            description="Draw lines between neighbours; `false` leaves those that lead round"
            " others or to another row."
        ),
    ] = True
    draw_patches: Annotated[
        bool,
        Meta(description="Draw what one value of a layer is made from, as a patch on its input."),
    ] = True
    patch_scale: Annotated[
        float, Meta(ge=0.1, le=10, description="How much larger than they are patches are drawn.")
    ] = 1.0
    top_label: Annotated[
        bool, Meta(description="Write `channels@height×width` above each layer.")
    ] = True
    bottom_label: Annotated[bool, Meta(description="Write below each layer what it is.")] = True
    top_label_padding: Annotated[
        int, Meta(ge=0, le=60, description="How far above a layer its words stand, in px.")
    ] = 5
    bottom_label_padding: Annotated[
        int, Meta(ge=0, le=60, description="How far below a layer its words stand, in px.")
    ] = 5
    top_label_callable: Annotated[
        Function,
        Meta(
            description="What stands above each layer instead, in a line: what a"
            " function(layer, shape) returns. `shape` has the numbers `h_dim`, `w_dim` and"
            " `c_dim`, and `kind`: `spatial`, or `vector`, whose height and width are 1. What is"
            " not known is 1."
        ),
    ] = ""
    bottom_label_callable: Annotated[
        Function,
        Meta(description="What stands below instead, as `top-label-callable`; in lines."),
    ] = ""
    patch_fill: Annotated[
        Colour, Meta(description="Colour of patches; that of the layer that looks, if absent.")
    ] = ""
    patch_outline: Annotated[Colour, Meta(description="Colour of the outline of patches.")] = ""
    seed: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="Moves patches in their maps, another way for each number; 0: in the"
            " middle.",
        ),
    ] = 0
    patch_alpha_on_image: Annotated[
        int,
        Meta(ge=0, le=255, description="How opaque patches are that lie on an image, of 255."),
    ] = 140
