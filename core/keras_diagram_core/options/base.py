"""What all views know, and the views that know no more than that."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from keras_diagram_core.options.looks import Looks
from keras_diagram_core.options.parts import Stages
from keras_diagram_core.options.values import Colour, Font, Indices, Names

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

Detail = Annotated[
    Literal["auto", "all", "units", "blocks", "stages"],
    Meta(
        description="How much is drawn: every layer, units of layers that belong together,"
        " blocks with repetitions folded, or blocks folded across channel counts too;"
        " `auto` takes the finest that keeps to a sensible height."
    ),
]
LayeredGroups = Annotated[
    Stages,
    Meta(
        description="Stages with a background and a name, each a mapping: `layers` (names and"
        " classes) or `indices` (places), `name`, `fill`, `outline`. A layer is in the first"
        " that has it; a box of several layers is where its main layer is."
    ),
]

IMAGE_FIT = (
    "How the images of `styles` fit: they `fill` the face, are shown whole (`contain`), cover it"
    " and lose what reaches beyond (`cover`), or the face takes their ratio (`match_aspect`)."
)

STYLES = Meta(
    description="The same by name of layer or class, with all that a look has; it stands above"
    " `color-map`."
)


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
        Literal["auto", "right", "down", "left", "up"],
        Meta(
            description="Where the data flows: in rows to the right or left, or downwards or"
            " upwards; `auto` is what suits the view."
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
    styles: Annotated[Looks, STYLES] = {}
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

    detail: Detail = "auto"


class BlocksOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="blocks"):
    """Units in blocks that people have names for, repeated blocks folded."""


class AutoOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="auto"):
    """Layered for a chain that fits a few rows, blocks for everything else."""
