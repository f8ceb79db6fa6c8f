"""The functional view: boxes sized by their tensors, on the real graph."""

from __future__ import annotations

from keras_diagram_core.layout.functional.view import lay_out_functional

__all__ = ["lay_out_functional"]
