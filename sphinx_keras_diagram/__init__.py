"""The Sphinx extension: `extensions = ["sphinx_keras_diagram"]`."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from keras_diagram_core import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the directive, the configuration values and the events."""
    from sphinx_keras_diagram.extension import connect  # noqa: PLC0415  (importing is free)

    connect(app)
    return {
        "version": __version__,
        # The environment keeps requests, whose fields may differ in each release.
        "env_version": zlib.crc32(__version__.encode()),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
