"""The layered view: boxes sized by their tensors, in the order of the data's flow."""

from __future__ import annotations

from keras_diagram_core.layout.layered.view import lay_out_layered

__all__ = ["lay_out_layered"]
