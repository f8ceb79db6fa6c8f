"""The outline: what a model means, as a tree of parts.

`outline` makes it from a ModelGraph, step by step: units (`units.py`), side values (`sides.py`),
the author's borders and levels (`borders.py`, `levels.py`), regions between places that all ways
go through (`regions.py`), what repeats (`fold.py`, `align.py`), titles (`titles.py`).
"""

from keras_diagram_core.outline.build import outline
from keras_diagram_core.outline.outline import Outline
from keras_diagram_core.outline.text import as_text

__all__ = ["Outline", "as_text", "outline"]
