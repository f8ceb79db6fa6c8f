"""Wiring: what the extension connects to Sphinx."""

from __future__ import annotations

from sphinx.application import Sphinx

from sphinx_keras_diagram import config, fence, uses
from sphinx_keras_diagram.build import DiagramBuild
from sphinx_keras_diagram.directive import KerasDiagram


def connect(app: Sphinx) -> None:
    """Connect the directive, the configuration values and the events."""
    config.connect(app)
    fence.connect(app)
    uses.connect(app)
    DiagramBuild().connect(app)
    app.add_directive("keras-diagram", KerasDiagram)
