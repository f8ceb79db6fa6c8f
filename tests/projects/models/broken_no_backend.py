"""A module that chooses a backend which is not installed."""

import os

os.environ["KERAS_BACKEND"] = "torch"
import keras  # noqa: E402, F401
