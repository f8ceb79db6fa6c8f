"""A layer that leaves room in pictures. Importing this module imports Keras."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="keras_diagram_core")
class SpacingDummyLayer(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Gives what it takes. The layered view leaves room in its place, other views pass over it."""

    def __init__(self, spacing: float = 50, **kwargs: Any) -> None:
        """Take the room, px."""
        super().__init__(**kwargs)
        self.spacing = spacing

    def call(self, inputs: Any) -> Any:
        """Give the inputs."""
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Give the input shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Give what a copy is made from."""
        return {**super().get_config(), "spacing": self.spacing}
