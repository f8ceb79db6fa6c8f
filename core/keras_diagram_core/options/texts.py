"""The options of formats that are not drawn, but written from the graph."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from keras_diagram_core.options.base import (
    IndexIgnore,
    NameIgnore,
    ScopeIgnore,
    ShowDtype,
    ShowLayerActivations,
    ShowTrainable,
    TypeIgnore,
)


class DotOptions(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename="kebab",
    tag_field="view",
    tag="dot",
):
    """The graph as text for Graphviz: all nodes and edges that are not hidden, nothing folded."""

    show_shapes: Annotated[
        bool, Meta(description="Write input and output shapes, without the batch dimension.")
    ] = True
    show_layer_names: Annotated[
        bool, Meta(description="Label layers with their names, and the class below.")
    ] = True
    show_dtype: ShowDtype = False
    show_layer_activations: ShowLayerActivations = False
    show_trainable: ShowTrainable = False
    type_ignore: TypeIgnore = ()
    name_ignore: NameIgnore = ()
    scope_ignore: ScopeIgnore = ()
    index_ignore: IndexIgnore = ()
    clusters: Annotated[
        bool, Meta(description="Put a frame around what is inside an opened model or layer.")
    ] = True
    rankdir: Annotated[
        Literal["TB", "LR", "BT", "RL"],
        Meta(description="Where the data flows: from top to bottom, from left to right, ..."),
    ] = "TB"
    splines: Annotated[
        Literal["spline", "ortho", "polyline", "curved", "line"],
        Meta(
            description="How Graphviz draws edges. With `ortho`, versions before 7 crash on some"
            " models: 2.43 on EfficientNet-B0."
        ),
    ] = "spline"
    dpi: Annotated[
        int,
        Meta(
            ge=0,
            le=2400,
            description="Resolution of raster pictures; 0 leaves it to Graphviz.",
        ),
    ] = 0
