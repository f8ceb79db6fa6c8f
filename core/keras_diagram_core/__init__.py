"""Architecture diagrams of Keras models: the core that every host shares."""

from keras_diagram_core.api import Batch, Outcome, Settings, render, render_all
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
from keras_diagram_core.manifest import Project
from keras_diagram_core.options import DEFAULT_VIEW, VIEWS, OptionSpec, option_specs
from keras_diagram_core.request import DiagramRequest, ModelRequest, parse_request

__version__ = "0.1.0.dev0"

__all__ = [
    "DEFAULT_VIEW",
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
    "ModelRequest",
    "OptionSpec",
    "Outcome",
    "Project",
    "RequestError",
    "Settings",
    "TargetError",
    "did_you_mean",
    "option_specs",
    "parse_request",
    "render",
    "render_all",
]
