"""visualkeras' public functions, drawn by this project: change the import, and go on.

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, legend=True, to_file="model.png")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_diagram_core.visualkeras.options import (
    BLOCKS_PRESETS,
    FUNCTIONAL_PRESETS,
    GRAPH_PRESETS,
    LAYERED_PRESETS,
    LAYERED_TEXT_CALLABLES,
    LENET_PRESETS,
    BlocksOptions,
    FunctionalOptions,
    GraphOptions,
    LayeredOptions,
    LenetOptions,
)
from keras_diagram_core.visualkeras.views import (
    blocks_view,
    functional_view,
    graph_view,
    layered_view,
    lenet_view,
    show,
)

if TYPE_CHECKING:
    from keras_diagram_core.worker.spacing import SpacingDummyLayer

__all__ = [
    "BLOCKS_PRESETS",
    "FUNCTIONAL_PRESETS",
    "GRAPH_PRESETS",
    "LAYERED_PRESETS",
    "LAYERED_TEXT_CALLABLES",
    "LENET_PRESETS",
    "BlocksOptions",
    "FunctionalOptions",
    "GraphOptions",
    "LayeredOptions",
    "LenetOptions",
    "SpacingDummyLayer",
    "blocks_view",
    "functional_view",
    "graph_view",
    "layered_view",
    "lenet_view",
    "show",
]


def __getattr__(name: str) -> Any:
    """Import the layer when it is used: Keras comes with it."""
    if name != "SpacingDummyLayer":
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from keras_diagram_core.worker.spacing import SpacingDummyLayer  # noqa: PLC0415

    return SpacingDummyLayer
