"""Configuration of this documentation, which draws its pictures with the extension itself."""

import sys
from pathlib import Path

from keras_diagram_core import __version__

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "_ext")]  # example_models; our own extensions

project = "sphinx-keras-diagram"
copyright = "the sphinx-keras-diagram developers"
version = release = __version__

extensions = [
    "example",
    "generated_reference",
    "migration",
    "myst_parser",
    "option_reference",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_keras_diagram",
]
exclude_patterns = ["_ext", ".cache", "example_models", "mkdocs-example"]
numfig = True
default_role = "code"
nitpicky = True
# Types of other projects: their documentation is not asked over the network.
nitpick_ignore_regex = [("py:.*", r"(?!keras_diagram_core).*")]
autodoc_typehints_format = "short"
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

keras_diagram_themes = {"presentation": {"padding": 24, "connector-width": 1.6}}

html_theme = "furo"
html_title = "sphinx-keras-diagram"
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["docs.css"]
