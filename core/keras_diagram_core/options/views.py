"""The options of each view: a field is the whole declaration."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from keras_diagram_core.options.values import (
    Caps,
    Colour,
    Font,
    Indices,
    Limits,
    Looks,
    Names,
    Rules,
    Stages,
    Words,
)

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
    font: Annotated[
        Font,
        Meta(
            description="What words are set in: a font family of the reader's machine (SVG), or a"
            " font file relative to the project (all formats)."
        ),
    ] = ""
    dpi: Annotated[
        int,
        Meta(
            ge=24,
            le=2400,
            description="Resolution of raster pictures; 96 is one pixel to the px.",
        ),
    ] = 192


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
    draw_reversed: Annotated[
        bool, Meta(description="Look at the boxes from the other side: their depth leads left.")
    ] = False
    draw_funnel: Annotated[
        bool,
        Meta(
            description="Join neighbours by a shape that narrows or widens from box to box, where"
            " an edge joins them and they stand in one row."
        ),
    ] = False
    index_2D: Annotated[  # noqa: N815  (as people know it)
        Indices,
        Meta(description="Layers that are drawn flat, by place: 0 is the first, -1 the last."),
    ] = field(default=(), name="index-2d")
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
            " `relative` 1, in `balanced` and `logarithmic` 4.",
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
    spacing: Annotated[
        float, Meta(ge=0, le=500, description="The room between two boxes, in px.")
    ] = 8.0
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
            description="What is written on each layer: its `name`, `type`, `shape`, `name_shape`,"
            " or what a function(index, layer) returns: (text, whether it stands above)."
        ),
    ] = ""
    text_vspacing: Annotated[
        float, Meta(ge=0, le=60, description="The room between the lines of a text, in px.")
    ] = 2.0
    show_dimension: Annotated[bool, Meta(description="List output shapes in the legend, too.")] = (
        False
    )
    legend_text_spacing_offset: Annotated[
        float,
        Meta(ge=0, le=300, description="Room that each entry of the legend gets besides, px."),
    ] = 0
    layered_groups: Annotated[
        Stages,
        Meta(
            description="Stages with a background and a name, each a mapping: `layers` (names and"
            " classes) or `indices` (places), `name`, `fill`, `outline`. A layer is in the first"
            " that has it."
        ),
    ] = ()


class BlocksOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="blocks"):
    """Units in blocks that people have names for, repeated blocks folded."""


class AutoOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="auto"):
    """Layered for a chain that fits a few rows, blocks for everything else."""


class FunctionalOptions(
    ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="functional"
):
    """Boxes sized by their tensors, skips above them; networks that go down and up as a U."""

    column_spacing: Annotated[
        int,
        Meta(ge=0, le=400, description="The least room between two columns, in px; 0: as fits."),
    ] = 0
    row_spacing: Annotated[
        int,
        Meta(
            ge=0,
            le=400,
            description="The room between branches, levels and rows, in px; 0: what suits. Rows"
            " of the page are at least 12 px apart.",
        ),
    ] = 0
    component_spacing: Annotated[
        int,
        Meta(
            ge=0,
            le=400,
            description="Draw parts that nothing connects below each other, so many px apart; 0:"
            " side by side, as branches are.",
        ),
    ] = 0
    connector_arrow: Annotated[bool, Meta(description="Draw a head at the end of each edge.")] = (
        True
    )
    connector_padding: Annotated[
        int,
        Meta(
            ge=0,
            le=40,
            description="What stays free between an edge and its boxes, in px; short edges keep"
            " half of their length.",
        ),
    ] = 0
    draw_volume: Annotated[
        bool, Meta(description="Draw boxes with depth, as `layered` does, instead of flat ones.")
    ] = False
    orientation_rotation: Annotated[
        float,
        Meta(
            ge=0,
            le=90,
            description="Where the depth of boxes goes with `draw-volume`, in degrees: 0 is to"
            " the right, 90 upwards.",
        ),
    ] = 33.0
    add_output_nodes: Annotated[
        bool, Meta(description="Draw a node for each output of the model.")
    ] = False
    simple_text_visualization: Annotated[
        bool, Meta(description="Say what layers are in words, in boxes that stand for no sizes.")
    ] = False
    simple_text_label_mode: Annotated[
        Literal["below", "inside"],
        Meta(description="Where `simple-text-visualization` writes: below boxes, or inside."),
    ] = "below"
    collapse_enabled: Annotated[
        bool,
        Meta(description="Draw what `collapse-rules` select once, with how often it repeats."),
    ] = False
    collapse_rules: Annotated[
        Rules,
        Meta(
            description="What `collapse-enabled` draws once, like `[{kind: layer, selector:"
            " Conv2D, repeat_count: 2}, {kind: block, selector: [Conv2D, Conv2D, Add],"
            " repeat_count: 3, label: 3x, annotation_position: below}]`. A block is listed layer"
            " by layer along a path through it, or without what belongs to others' boxes."
        ),
    ] = ()
    collapse_annotations: Annotated[
        bool,
        Meta(description="Draw an arrow with two heads beside the number of repetitions."),
    ] = True
    layout_iterations: Annotated[
        int,
        Meta(
            ge=0,
            le=100,
            description="How often columns are sorted anew so that fewer edges cross, in networks"
            " that are neither in series nor in parallel.",
        ),
    ] = 4
    virtual_node_size: Annotated[
        int,
        Meta(
            ge=0,
            le=60,
            description="The room of an edge that passes other layers, in px; 0: what suits.",
        ),
    ] = 0
    render_virtual_nodes: Annotated[
        bool, Meta(description="Draw a dot where an edge that passes other layers turns.")
    ] = False


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
    layer_spacing: Annotated[
        int,
        Meta(ge=0, le=400, description="The least room between two columns, in px; 0: as fits."),
    ] = 0
    node_spacing: Annotated[
        int,
        Meta(
            ge=0,
            le=100,
            description="The room between neurons, and between nodes below each other, in px; 0:"
            " what suits.",
        ),
    ] = 0
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
    top_label_padding: Annotated[
        int, Meta(ge=0, le=60, description="How far above a layer its words stand, in px.")
    ] = 5
    bottom_label_padding: Annotated[
        int, Meta(ge=0, le=60, description="How far below a layer its words stand, in px.")
    ] = 5
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
