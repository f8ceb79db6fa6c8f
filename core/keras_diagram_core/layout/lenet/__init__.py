"""The LeNet view: stacks of feature maps and bars of neurons, as papers draw them."""

from __future__ import annotations

from keras_diagram_core.layout.lenet.view import lay_out_lenet

__all__ = ["lay_out_lenet"]
