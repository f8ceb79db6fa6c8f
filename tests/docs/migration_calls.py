"""Run every Python call on the pages for people who come from other tools: `BACKEND PAGE...`.

The backend is `none` for Keras without any, or empty for Keras' own choice: then the model is a
whole VGG16, else one with a layer of each kind. Each call begins anew, with the names that its
page's import and Keras' layers give it.
"""

import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any
from unittest import mock

from migration import calls_in
from PIL import Image, ImageFont

import keras_diagram_core
from keras_diagram_core import model_to_dot, plot_model, visualkeras
from keras_diagram_core.visualkeras import LAYERED_TEXT_CALLABLES, LayeredOptions
from keras_diagram_core.worker.backends import Backend

FONT = Path(keras_diagram_core.__file__).parent / "backends" / "fonts" / "DejaVuSans.ttf"
NAMES = {
    "ImageFont": ImageFont,
    "LAYERED_TEXT_CALLABLES": LAYERED_TEXT_CALLABLES,
    "LayeredOptions": LayeredOptions,
    "defaultdict": defaultdict,
    "model_to_dot": model_to_dot,
    "plot_model": plot_model,
    "visualkeras": visualkeras,
}


def main(backend: str, pages: list[str]) -> int:
    """Run the calls in the current folder; the answer is how many there were."""
    Backend(backend)
    import keras  # noqa: PLC0415  (once the backend is settled)

    names = {**vars(keras.layers), "Sequential": keras.Sequential, **NAMES}
    shutil.copy(FONT, Path(FONT.name))
    model = small(keras) if backend else keras.applications.VGG16(weights=None)
    with mock.patch.object(Image.Image, "show"):
        calls = [call for page in pages for call in calls_in(Path(page))]
        for call in calls:
            code = call.get("here", call["python"])
            sys.stdout.write(code)
            sys.stdout.flush()
            exec(code, {**names, "model": model})
    return len(calls)


def small(keras: Any) -> Any:
    """Build a model with the kinds of layers of VGG16, and with one that scripts hide."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 3)),
            layers.Conv2D(8, 3, activation="relu", name="block1_conv1"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax", name="predictions"),
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(f"\ncalls: {main(sys.argv[1], sys.argv[2:])}\n")
