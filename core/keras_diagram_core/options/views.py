"""The options of each view: a field is the whole declaration."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from keras_diagram_core.options.values import Colour, Indices, Looks, Names

Theme = Literal["auto", "light", "dark"]

# The format `dot` has these, too.
ShowDtype = Annotated[bool, Meta(description="Write the data types of outputs.")]
ShowLayerActivations = Annotated[
    bool, Meta(description="Write the activation of layers that have one, if not `linear`.")
]
ShowTrainable = Annotated[
    bool, Meta(description="Write whether training changes a layer's weights, where it has some.")
]
TypeIgnore = Annotated[
    Names, Meta(description="Classes of layers that are not drawn, like `Dropout`.")
]
NameIgnore = Annotated[
    Names, Meta(description="Names of layers that are not drawn; with scope, like `top/fc*`.")
]
ScopeIgnore = Annotated[
    Names, Meta(description="Nested models and composite layers that are not drawn, if opened.")
]
IndexIgnore = Annotated[
    Indices,
    Meta(description="Layers that are not drawn, by place: 0 is the first, -1 the last."),
]


class ViewOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What every view knows."""

    width: Annotated[
        int, Meta(ge=240, le=10_000, description="Widest that the picture may get, in px.")
    ] = 720
    theme: Annotated[
        Theme,
        Meta(description="Colours: `auto` follows the page (SVG; raster pictures are light)."),
    ] = "auto"
    direction: Annotated[
        Literal["auto", "right", "down"],
        Meta(
            description="Where the data flows: in rows to the right, or downwards; `auto` is what"
            " suits the view."
        ),
    ] = "auto"
    max_height: Annotated[
        int,
        Meta(
            ge=200,
            le=100_000,
            description="The height that the picture should keep to, in px: more is folded then.",
        ),
    ] = 1500
    legend: Annotated[
        bool, Meta(description="Name the colours and sum up the model below the picture.")
    ] = True
    show_shapes: Annotated[
        bool, Meta(description="Write output shapes, without the batch dimension.")
    ] = True
    show_layer_names: Annotated[
        bool, Meta(description="Label layers with their names instead of what they are.")
    ] = False
    type_ignore: TypeIgnore = ()
    name_ignore: NameIgnore = ()
    scope_ignore: ScopeIgnore = ()
    index_ignore: IndexIgnore = ()
    color_map: Annotated[
        Looks,
        Meta(description="Colours of classes, like `{Conv2D: orange, Dense: {outline: '#137'}}`."),
    ] = {}
    styles: Annotated[
        Looks, Meta(description="The same by name of layer or class; it stands above `color-map`.")
    ] = {}
    background_fill: Annotated[
        Colour, Meta(description="Colour behind the picture; its theme follows.")
    ] = ""
    font_color: Annotated[Colour, Meta(description="Colour of words.")] = ""
    connector_fill: Annotated[Colour, Meta(description="Colour of edges.")] = ""
    connector_width: Annotated[
        float, Meta(ge=0.2, le=12, description="How wide edges are, in px.")
    ] = 1.2
    padding: Annotated[
        int, Meta(ge=0, le=200, description="What stays free around the picture, in px.")
    ] = 10


class FoldingOptions(ViewOptions, frozen=True, kw_only=True):
    """What views know in which one can choose how much is folded."""

    detail: Annotated[
        Literal["auto", "all", "units", "blocks", "stages"],
        Meta(
            description="How much is drawn: every layer, units of layers that belong together,"
            " blocks with repetitions folded, or blocks folded across channel counts too;"
            " `auto` takes the finest that keeps to a sensible height."
        ),
    ] = "auto"


class LayeredOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="layered"):
    """Boxes sized by their tensors, in the order of the data's flow."""

    draw_volume: Annotated[
        bool, Meta(description="Draw boxes with depth; `false` draws flat rectangles.")
    ] = True


class BlocksOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="blocks"):
    """Units in blocks that people have names for, repeated blocks folded."""


class AutoOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="auto"):
    """Layered for a chain that fits a few rows, blocks for everything else."""


class FunctionalOptions(
    ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="functional"
):
    """Flat boxes sized by their tensors, skips above them; networks that go down and up as a U."""


class GraphOptions(ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="graph"):
    """Nodes and edges with names; small dense layers as columns of neurons."""

    show_layer_names: Annotated[
        bool, Meta(description="Label layers with their names; `false`: with what they are.")
    ] = True
    show_dtype: ShowDtype = False
    show_layer_activations: ShowLayerActivations = False
    show_trainable: ShowTrainable = False
    show_neurons: Annotated[
        bool, Meta(description="Draw a circle for each neuron of small dense layers.")
    ] = True
    ellipsize_after: Annotated[
        int, Meta(ge=2, le=100, description="How many neurons a layer shows before an ellipsis.")
    ] = 10
    node_size: Annotated[
        int, Meta(ge=4, le=60, description="The diameter of a neuron, in px.")
    ] = 10
    inout_as_tensor: Annotated[
        bool, Meta(description="Draw inputs as one node each, not as a circle for each feature.")
    ] = False


class LenetOptions(ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="lenet"):
    """Stacks of feature maps and bars of neurons, with what each layer looks at."""

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
