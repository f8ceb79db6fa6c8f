"""The options of the functional view."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from keras_diagram_core.options.base import STYLES
from keras_diagram_core.options.looks import FunctionalLooks
from keras_diagram_core.options.parts import Rules
from keras_diagram_core.options.volumes import VolumeOptions


class FunctionalOptions(
    VolumeOptions, frozen=True, kw_only=True, tag_field="view", tag="functional"
):
    """Boxes sized by their tensors, skips above them; networks that go down and up as a U."""

    styles: Annotated[FunctionalLooks, STYLES] = field(default_factory=dict)
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
