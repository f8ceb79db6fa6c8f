"""The options of the graph view."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from keras_diagram_core.options.base import (
    IMAGE_FIT,
    STYLES,
    LayeredGroups,
    ShowDtype,
    ShowLayerActivations,
    ShowTrainable,
    ViewOptions,
)
from keras_diagram_core.options.looks import GraphLooks
from keras_diagram_core.options.values import Fit


class GraphOptions(ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="graph"):
    """Nodes and edges with names; small dense layers as columns of neurons."""

    styles: Annotated[GraphLooks, STYLES] = field(default_factory=dict)
    show_layer_names: Annotated[
        bool, Meta(description="Label layers with their names; `false`: with what they are.")
    ] = True
    show_dtype: ShowDtype = False
    show_layer_activations: ShowLayerActivations = False
    show_trainable: ShowTrainable = False
    clusters: Annotated[
        bool | None,
        Meta(
            description="Put a frame around what is inside an opened model or layer, if nothing"
            " else would stand in it. `true` notes where there is none; `auto` draws none where"
            " there are `layered-groups`."
        ),
    ] = None
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
    layered_groups: LayeredGroups = ()
    image_fit: Annotated[Fit, Meta(description=IMAGE_FIT)] = "contain"
    circular_crop: Annotated[
        bool, Meta(description="Show images round; `false` shows them whole, in their corners.")
    ] = True
