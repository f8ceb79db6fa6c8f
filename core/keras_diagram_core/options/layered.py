"""The options of the layered view."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from keras_diagram_core.options.base import STYLES, Detail
from keras_diagram_core.options.looks import LayeredLooks
from keras_diagram_core.options.values import Indices
from keras_diagram_core.options.volumes import VolumeOptions


class LayeredOptions(VolumeOptions, frozen=True, kw_only=True, tag_field="view", tag="layered"):
    """Boxes sized by their tensors, in the order of the data's flow."""

    detail: Detail = "auto"
    styles: Annotated[LayeredLooks, STYLES] = field(default_factory=dict)
    draw_volume: Annotated[
        bool, Meta(description="Draw boxes with depth; `false` draws flat rectangles.")
    ] = True
    draw_reversed: Annotated[
        bool,
        Meta(
            description="Look at the boxes from the other side: their depth leads left, or right"
            " where the data flows left."
        ),
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
    spacing: Annotated[
        float, Meta(ge=0, le=500, description="The room between two boxes, in px.")
    ] = 8.0
    show_dimension: Annotated[bool, Meta(description="List output shapes in the legend, too.")] = (
        False
    )
    legend_text_spacing_offset: Annotated[
        float,
        Meta(ge=0, le=300, description="Room that each entry of the legend gets besides, px."),
    ] = 0
