"""Architecture diagrams of Keras models: the core that every host shares."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from keras_diagram_core.api import Batch, Outcome, Settings, inspect, render, render_all
from keras_diagram_core.artifact import Artifact, Format
from keras_diagram_core.defaults import Defaults, check_default, check_theme
from keras_diagram_core.depends import parse_depends
from keras_diagram_core.errors import (
    BuilderError,
    DiagramError,
    EnvironmentProblem,
    GraphFormatError,
    MarkupError,
    ModelError,
    RequestError,
    TargetError,
    did_you_mean,
)
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Project
from keras_diagram_core.options import DEFAULT_VIEW, VIEWS, OptionSpec, option_specs
from keras_diagram_core.plain import load_yaml
from keras_diagram_core.request import (
    FILE_ENDINGS,
    MODEL_OPTIONS,
    DiagramRequest,
    ModelRequest,
    option_names,
    parse_request,
)

if TYPE_CHECKING:
    from keras_diagram_core.graphviz import Dot
    from keras_diagram_core.plot import model_to_dot, plot_model
    from keras_diagram_core.visualkeras import (
        blocks_view,
        functional_view,
        graph_view,
        layered_view,
        lenet_view,
        show,
    )
    from keras_diagram_core.worker.spacing import SpacingDummyLayer

__version__ = "0.1.0.dev0"

__all__ = [
    "DEFAULT_VIEW",
    "FILE_ENDINGS",
    "MODEL_OPTIONS",
    "VIEWS",
    "Artifact",
    "Batch",
    "BuilderError",
    "Defaults",
    "DiagramError",
    "DiagramRequest",
    "Dot",
    "EnvironmentProblem",
    "Format",
    "GraphFormatError",
    "MarkupError",
    "ModelError",
    "ModelGraph",
    "ModelRequest",
    "OptionSpec",
    "Outcome",
    "Project",
    "RequestError",
    "Settings",
    "SpacingDummyLayer",
    "TargetError",
    "blocks_view",
    "check_default",
    "check_theme",
    "did_you_mean",
    "functional_view",
    "graph_view",
    "inspect",
    "layered_view",
    "lenet_view",
    "load_yaml",
    "model_to_dot",
    "option_names",
    "option_specs",
    "parse_depends",
    "parse_request",
    "plot_model",
    "render",
    "render_all",
    "show",
]

# What takes live models is imported when it is used: only then is Keras there.
_LIVE = {
    "Dot": "keras_diagram_core.graphviz",
    "SpacingDummyLayer": "keras_diagram_core.worker.spacing",
    "model_to_dot": "keras_diagram_core.plot",
    "plot_model": "keras_diagram_core.plot",
    **dict.fromkeys(
        ("blocks_view", "functional_view", "graph_view", "layered_view", "lenet_view", "show"),
        "keras_diagram_core.visualkeras",
    ),
}


def __getattr__(name: str) -> Any:
    """Import what takes live models."""
    if name not in _LIVE:
        hint = did_you_mean(name, __all__)
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'. {hint}".rstrip(". "))
    return getattr(import_module(_LIVE[name]), name)


def __dir__() -> list[str]:
    """List all names, also those that are imported when they are used."""
    return sorted({*globals(), *__all__})
