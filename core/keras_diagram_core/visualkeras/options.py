"""Bundles of options for Python, presets, and ready-made text callables.

Importing this module imports neither Keras nor Pillow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.options import VIEWS

TextCallable = Callable[[int, Any], tuple[str, bool]]

# What only Python has: where the picture goes.
_OF_PYTHON: dict[str, Any] = {"to_file": None}
_ALIASES = {"index_2d": "index_2D"}  # as scikit-plots spells it


class OptionBundle(Mapping[str, Any]):
    """Options of one view that are used again and again: a mapping of those that were given.

    Only what is given stands above a preset; even a value that is the default does.
    """

    view: ClassVar[str]

    def __init__(self, **options: Any) -> None:
        """Keep options by the names that they have as keywords.

        Raises:
            TypeError: for a name that the view does not have.
        """
        known = defaults(self.view)
        given = {spelt(name): value for name, value in options.items()}
        for name in given:
            if name not in known:
                message = f"{type(self).__name__} has no option '{name}'."
                raise TypeError(f"{message} {did_you_mean(name, known)}".strip())
        self._given = given

    def to_kwargs(self) -> dict[str, Any]:
        """Give every option that the view has, those that were not given by default."""
        return defaults(self.view) | self._given

    def __getattr__(self, name: str) -> Any:
        """Give an option: what was given, or the default."""
        try:
            return self.to_kwargs()[spelt(name)]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        """Give what was given."""
        return self._given[spelt(name)]

    def __iter__(self) -> Iterator[str]:
        """Name what was given."""
        return iter(self._given)

    def __len__(self) -> int:
        """Count what was given."""
        return len(self._given)

    def __repr__(self) -> str:
        """Write the bundle as it was made."""
        options = ", ".join(f"{name}={value!r}" for name, value in self._given.items())
        return f"{type(self).__name__}({options})"


class LayeredOptions(OptionBundle):
    """Options of `layered_view`."""

    view = "layered"


class GraphOptions(OptionBundle):
    """Options of `graph_view`."""

    view = "graph"


class FunctionalOptions(OptionBundle):
    """Options of `functional_view`."""

    view = "functional"


class LenetOptions(OptionBundle):
    """Options of `lenet_view`."""

    view = "lenet"


class BlocksOptions(OptionBundle):
    """Options of `blocks_view`."""

    view = "blocks"


def spelt(name: str) -> str:
    """Spell a keyword as the declarations do."""
    return _ALIASES.get(name, name)


def defaults(view: str) -> dict[str, Any]:
    """Give the options of a view by keyword, with their defaults."""
    fields = msgspec.structs.fields(VIEWS[view])
    return _OF_PYTHON | {
        field.name: {} if field.default is msgspec.NODEFAULT else field.default for field in fields
    }


def text_name(index: int, layer: Any) -> tuple[str, bool]:
    """Name a layer, below its box."""
    return _name(index, layer), False


def text_type(index: int, layer: Any) -> tuple[str, bool]:  # noqa: ARG001
    """Say the class of a layer, below its box."""
    return type(layer).__name__, False


def text_shape(index: int, layer: Any) -> tuple[str, bool]:  # noqa: ARG001
    """Say the shape of a layer's output, below its box."""
    return _shape(layer), False


def text_name_shape(index: int, layer: Any) -> tuple[str, bool]:
    """Name a layer, and say the shape of its output, below its box."""
    return f"{_name(index, layer)}\n{_shape(layer)}", False


def _name(index: int, layer: Any) -> str:
    return getattr(layer, "name", None) or f"layer_{index}"


def _shape(layer: Any) -> str:
    """Write the first output's shape without the batch."""
    shape = getattr(getattr(layer, "output", None), "shape", None)
    shape = shape or getattr(layer, "output_shape", None) or ()
    sizes = shape[0] if shape and isinstance(shape[0], (tuple, list)) else shape
    return "×".join("?" if size is None else str(size) for size in tuple(sizes)[1:]) or "?"


LAYERED_TEXT_CALLABLES: dict[str, TextCallable] = {
    "name": text_name,
    "type": text_type,
    "shape": text_shape,
    "name_shape": text_name_shape,
}
"""Functions of (index, layer) that say what stands at a layer, and whether above it."""

LAYERED_PRESETS: dict[str, LayeredOptions] = {
    "default": LayeredOptions(),
    "compact": LayeredOptions(width=480, padding=6, show_shapes=False),
    "presentation": LayeredOptions(width=1200, padding=24, legend=True, connector_width=1.6),
}
GRAPH_PRESETS: dict[str, GraphOptions] = {
    "default": GraphOptions(),
    "compact": GraphOptions(width=480, padding=6, node_size=8, ellipsize_after=6),
    "presentation": GraphOptions(width=1200, padding=24, node_size=14, connector_width=1.6),
}
FUNCTIONAL_PRESETS: dict[str, FunctionalOptions] = {
    "default": FunctionalOptions(),
    "compact": FunctionalOptions(width=480, padding=6, show_shapes=False),
    "presentation": FunctionalOptions(width=1200, padding=24, connector_width=1.6),
}
LENET_PRESETS: dict[str, LenetOptions] = {
    "default": LenetOptions(),
    "compact": LenetOptions(width=480, padding=6, max_visual_channels=6, layer_spacing=24),
    "presentation": LenetOptions(width=1200, padding=24, max_xy=220, connector_width=1.6),
}
BLOCKS_PRESETS: dict[str, BlocksOptions] = {
    "default": BlocksOptions(),
    "compact": BlocksOptions(width=480, padding=6, show_shapes=False),
    "presentation": BlocksOptions(width=1000, padding=24, connector_width=1.6),
}
PRESETS: dict[str, Mapping[str, OptionBundle]] = {
    "layered": LAYERED_PRESETS,
    "graph": GRAPH_PRESETS,
    "functional": FUNCTIONAL_PRESETS,
    "lenet": LENET_PRESETS,
    "blocks": BLOCKS_PRESETS,
}
"""The presets of each view, by name."""
