"""Architecture diagrams of Keras models: the core that every host shares."""

from keras_diagram_core.api import Batch, Outcome, Settings, inspect, render, render_all
from keras_diagram_core.artifact import Artifact, Format
from keras_diagram_core.errors import (
    BuilderError,
    DiagramError,
    EnvironmentProblem,
    GraphFormatError,
    ModelError,
    RequestError,
    TargetError,
    did_you_mean,
)
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.manifest import Project
from keras_diagram_core.options import DEFAULT_VIEW, VIEWS, OptionSpec, option_specs
from keras_diagram_core.request import (
    FILE_ENDINGS,
    MODEL_OPTIONS,
    DiagramRequest,
    ModelRequest,
    option_names,
    parse_request,
)

__version__ = "0.1.0.dev0"

__all__ = [
    "DEFAULT_VIEW",
    "FILE_ENDINGS",
    "MODEL_OPTIONS",
    "VIEWS",
    "Artifact",
    "Batch",
    "BuilderError",
    "DiagramError",
    "DiagramRequest",
    "EnvironmentProblem",
    "Format",
    "GraphFormatError",
    "ModelError",
    "ModelGraph",
    "ModelRequest",
    "OptionSpec",
    "Outcome",
    "Project",
    "RequestError",
    "Settings",
    "TargetError",
    "did_you_mean",
    "inspect",
    "option_names",
    "option_specs",
    "parse_request",
    "render",
    "render_all",
]
