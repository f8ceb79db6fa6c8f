"""Run every Python call on the pages for people who come from other tools: `PAGE...`.

Each call begins anew, with the names that its page's import and Keras' layers give it.
"""

import shutil
import sys
from collections import defaultdict
from pathlib import Path
from unittest import mock

import keras
from migration import calls_in
from PIL import Image, ImageFont

import keras_diagram_core
from keras_diagram_core import model_to_dot, plot_model, visualkeras
from keras_diagram_core.visualkeras import LAYERED_TEXT_CALLABLES, LayeredOptions

FONT = Path(keras_diagram_core.__file__).parent / "backends" / "fonts" / "DejaVuSans.ttf"
NAMES = {
    **vars(keras.layers),
    "Sequential": keras.Sequential,
    "ImageFont": ImageFont,
    "LAYERED_TEXT_CALLABLES": LAYERED_TEXT_CALLABLES,
    "LayeredOptions": LayeredOptions,
    "defaultdict": defaultdict,
    "model_to_dot": model_to_dot,
    "plot_model": plot_model,
    "visualkeras": visualkeras,
}


def main(pages: list[str]) -> int:
    """Run the calls in the current folder; the answer is how many there were."""
    shutil.copy(FONT, Path(FONT.name))
    model = keras.applications.VGG16(weights=None)
    with mock.patch.object(Image.Image, "show"):
        calls = [call for page in pages for call in calls_in(Path(page))]
        for call in calls:
            code = call.get("here", call["python"])
            sys.stdout.write(code)
            sys.stdout.flush()
            exec(code, {**NAMES, "model": model})
    return len(calls)


if __name__ == "__main__":
    sys.stdout.write(f"\ncalls: {main(sys.argv[1:])}\n")
