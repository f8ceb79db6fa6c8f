"""Warnings: one for each diagram that is missing, or that cannot show all of its model.

All have the type `keras_diagram`, and a subtype that says what kind of problem it is. To
silence one kind, write for example `suppress_warnings = ["keras_diagram.builder"]` in conf.py.

=============  ====================================================================
Subtype        Meaning
=============  ====================================================================
`request`      the markup: the target's form, an option, a value, the kwargs
`target`       no such module or attribute, or it does not take the kwargs
`environment`  Keras, its backend or another package is not installed
`builder`      the user's code raised, exited, crashed or hung
`model`        the code ran, but gave nothing that can be drawn
`format`       a document that does not have the shape of a ModelGraph or Scene
`partial`      the picture is there, but cannot show all of the model: it says what is missing
`diagram`      anything else, such as a defect of this project
`config`       a `keras_diagram_*` value that cannot be used, and is ignored
=============  ====================================================================
"""

from __future__ import annotations

import textwrap

from sphinx.util import logging

from keras_diagram_core import DiagramError

logger = logging.getLogger(__name__)


def warn(error: DiagramError, location: str, details: str = "") -> None:
    """Give the one warning of a diagram that failed: what is wrong, then the details."""
    below = "\n".join(part for part in (error.details, details) if part)
    text = f"{error}\n{textwrap.indent(below, '    ')}" if below else str(error)
    # As an argument: a traceback may hold per cent signs.
    logger.warning("%s", text, location=location, type="keras_diagram", subtype=error.subtype)


def warn_partial(title: str, note: str, location: str) -> None:
    """Warn of a picture that cannot show all of its model."""
    logger.warning(
        "%s: %s", title, note, location=location, type="keras_diagram", subtype="partial"
    )
