"""A module in an environment without Keras."""

import sys


class _Nothing:
    def find_spec(self, name, path=None, target=None):
        if name == "keras":
            raise ModuleNotFoundError("No module named 'keras'", name="keras")


sys.meta_path.insert(0, _Nothing())
import keras  # noqa: E402, F401
