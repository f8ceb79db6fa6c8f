"""Shapes that Keras leaves out, or tells wrong, put right where it infers them.

Keras takes the output shape of an `EinsumDense` from its argument, where sizes that follow
from the input are None; so nothing is known of what is behind one, as in an opened
`MultiHeadAttention`. The attention scores of that layer are said to have as many keys as
queries, and one axis of each. And `dot_product_attention` is said to give vectors as long as
the queries, where they are as long as the values; and `Bidirectional` to give twice what the
forward layer gives, whatever the backward layer is. The product of a tensor and a number is
said to be sparse, which no layer takes that computes with it.

The layers inside a recurrent cell without a `build` have no weights before the first call on
data: `RNN` builds its cell, and infers its own shapes without calling it.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from keras_diagram_core.formulas import UnknownError, index_sizes
from keras_diagram_core.graph import Shape
from keras_diagram_core.worker.records import unbuilt_inside


@contextmanager
def true_shapes() -> Iterator[None]:
    """Have Keras infer the shapes that its layers really give."""
    import keras

    layers, operations = keras.layers, importlib.import_module("keras.src.ops.nn")
    arrays = importlib.import_module("keras.src.ops.numpy")
    changes = [
        (layers.EinsumDense, "compute_output_shape", _with_sizes),
        (layers.MultiHeadAttention, "compute_output_spec", _with_scores),
        (layers.Bidirectional, "compute_output_shape", _with_backward),
        (layers.RNN, "build", _with_cell),
        (arrays.Multiply, "compute_output_spec", _with_density),
    ]
    if hasattr(operations, "DotProductAttention"):  # missing before Keras 3.6
        changes.append((operations.DotProductAttention, "compute_output_spec", _with_values))
    with ExitStack() as stack:
        for owner, name, wrap in changes:
            stack.enter_context(_replaced(owner, name, wrap))
        yield


@contextmanager
def _replaced(
    owner: Any, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Iterator[None]:
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(wrap(original)))
    try:
        yield
    finally:
        setattr(owner, name, original)


def _with_sizes(original: Callable[..., Any]) -> Callable[..., Any]:
    """Fill in the sizes of an `EinsumDense` that its equation takes over from the input."""

    def compute_output_shape(self: Any, input_shape: Any) -> Any:
        made = tuple(original(self, input_shape))
        given, _, result = self.equation.replace(" ", "").partition("->")
        try:
            known = index_sizes(given.partition(",")[0], tuple(input_shape))
            places = index_sizes(result, made)
        except UnknownError:
            return made
        return tuple(known.get(label) if size is None else size for label, size in places.items())

    return compute_output_shape


def _with_scores(original: Callable[..., Any]) -> Callable[..., Any]:
    """Give the attention scores of a `MultiHeadAttention` the shape that they have."""
    import keras

    def compute_output_spec(self: Any, query: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        made = original(self, query, value, *args, **kwargs)
        if not isinstance(made, tuple):
            return made
        output, scores = made
        shape = _scores(self, tuple(query.shape), tuple(value.shape))
        return output, keras.KerasTensor(shape, dtype=scores.dtype)

    return compute_output_spec


def _with_values(original: Callable[..., Any]) -> Callable[..., Any]:
    """Give what attention sums up, values, their own length."""
    import keras

    def compute_output_spec(
        self: Any, query: Any, key: Any, value: Any, *args: Any, **kwargs: Any
    ) -> Any:
        made = original(self, query, key, value, *args, **kwargs)
        return keras.KerasTensor((*made.shape[:-1], value.shape[-1]), dtype=made.dtype)

    return compute_output_spec


def _with_density(original: Callable[..., Any]) -> Callable[..., Any]:
    """Have a product be sparse only where one of the tensors is."""
    import keras

    def compute_output_spec(self: Any, x1: Any, x2: Any) -> Any:
        made = original(self, x1, x2)
        sparse = any(getattr(x, "sparse", False) for x in (x1, x2))
        return made if sparse else keras.KerasTensor(made.shape, made.dtype)

    return compute_output_spec


def _with_backward(original: Callable[..., Any]) -> Callable[..., Any]:
    """Take the shapes of a backward layer that differs from the forward layer from itself."""

    def compute_output_shape(self: Any, sequences_shape: Any, *args: Any, **kwargs: Any) -> Any:
        forward = self.forward_layer.compute_output_shape(sequences_shape)
        backward = self.backward_layer.compute_output_shape(sequences_shape)
        if forward == backward:
            return original(self, sequences_shape, *args, **kwargs)
        return _both_ways(self, forward, backward)

    return compute_output_shape


def _with_cell(original: Callable[..., Any]) -> Callable[..., Any]:
    """Build what is inside the cell of an `RNN` too, by calling it for one step."""

    def build(self: Any, sequences_shape: Any, *args: Any, **kwargs: Any) -> None:
        original(self, sequences_shape, *args, **kwargs)
        if unbuilt_inside(self):
            with suppress(Exception):  # the user's code may raise anything; a note tells then
                _step(self, (1, *sequences_shape[2:]))

    return build


def _step(layer: Any, shape: Shape) -> None:
    """Call the cell of an `RNN` where Keras infers shapes."""
    import keras

    inference = importlib.import_module("keras.src.backend").compute_output_spec
    states = keras.tree.map_structure(
        lambda state: keras.KerasTensor(state.shape, state.dtype),
        layer.get_initial_state(batch_size=1),
    )
    given = keras.KerasTensor(shape, layer.compute_dtype)
    inference(layer.cell, given, states)


def _both_ways(layer: Any, forward: Any, backward: Any) -> Any:
    """Merge the outputs of two layers; the states that they may give follow, one by one."""
    first, *states = forward if layer.return_state else [forward]
    second, *others = backward if layer.return_state else [backward]
    made = [first]
    if layer.merge_mode == "concat":
        made = [(*first[:-1], first[-1] + second[-1])]
    elif layer.merge_mode is None:
        made = [first, second]
    made += [*states, *others]
    return tuple(made) if len(made) > 1 else made[0]


def _scores(layer: Any, query: Shape, value: Shape) -> Shape:
    """Put first the axes that are not attended to, then heads, queries and keys.

    The order is that of Keras' `_build_attention_equation`.
    """
    axes = getattr(layer, "_attention_axes", None) or tuple(range(1, len(query) - 1))
    others = [axis for axis in range(len(query) - 1) if axis not in axes]
    return (
        *(query[axis] for axis in others),
        layer.num_heads,
        *(query[axis] for axis in axes),
        *(value[axis] for axis in axes),
    )
