"""Which layers are one unit."""

import pytest
from core_graphs import small_graph

from keras_diagram_core.layout.order import linear_order
from keras_diagram_core.transforms.fuse import fuse


def units(*types: str | tuple[str, list[int]]) -> list[list[int]]:
    """Fuse layers that each take the one before, or those that are named."""
    given = [
        each if isinstance(each, tuple) else (each, [number - 1] if number else [])
        for number, each in enumerate(types)
    ]
    graph = small_graph(*given)
    return [
        [int(id_[1:]) for id_ in unit.nodes] for unit in fuse(graph, linear_order(graph)).units
    ]


@pytest.mark.parametrize(
    ("types", "wanted"),
    [
        (["Conv2D", "BatchNormalization", "Activation", "Dropout"], [[0, 1, 2, 3]]),
        (["Add", "Activation"], [[0, 1]]),
        (["ZeroPadding2D", "Conv2D"], [[0, 1]]),
        # What follows a concatenation or pooling leads what comes next.
        (["Concatenate", "Activation", "Conv2D"], [[0], [1, 2]]),
        (["Concatenate", "BatchNormalization", "Activation", "Conv2D"], [[0], [1, 2, 3]]),
        (["MaxPooling2D", "BatchNormalization", "Conv2D"], [[0], [1, 2]]),
        (["MaxPooling2D", "Activation", "Conv2D"], [[0, 1], [2]]),
        # A norm closes the sum before it.
        (["Conv2D", ("Add", [0]), "LayerNormalization", "Dense"], [[0], [1], [2], [3]]),
        (["Conv2D", ("Multiply", [0]), "LayerNormalization", "Dense"], [[0], [1], [2, 3]]),
        # What is used twice stays alone, and so do inputs.
        (["Conv2D", "Activation", ("Add", [0, 1])], [[0], [1], [2]]),
        (["InputLayer", "Activation", "Dense"], [[0], [1, 2]]),
        (["InputLayer", "BatchNormalization", "Conv2D"], [[0], [1, 2]]),
    ],
)
def test_layers_are_fused_along_chains(types, wanted):
    assert units(*types) == wanted
