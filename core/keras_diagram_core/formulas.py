"""The formulas behind `macs`: each takes a node, and counts one call for one sample.

The sources are listed there. A formula raises `UnknownError` where it lacks something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from keras_diagram_core.graph import Node, Shape


class UnknownError(Exception):
    """Something that a formula needs is not known."""


def product(sizes: Iterable[int | None]) -> int:
    """Multiply dimensions, all of which must be known."""
    result = 1
    for size in sizes:
        if size is None:
            raise UnknownError
        result *= size
    return result


def shape_in(node: Node, index: int = 0) -> Shape:
    """Give the shape of one input."""
    if index >= len(node.input_shapes):
        raise UnknownError
    return node.input_shapes[index]


def shape_out(node: Node) -> Shape:
    """Give the shape of the first output."""
    if not node.output_shapes:
        raise UnknownError
    return node.output_shapes[0]


def number(node: Node, name: str, default: int | None = None) -> int:
    """Give a fact that is one number."""
    value = node.config.get(name, default)
    if not isinstance(value, int):
        raise UnknownError
    return value


def _numbers(node: Node, name: str) -> list[int]:
    """Give a fact that is one number or several."""
    value = node.config.get(name)
    values = value if isinstance(value, tuple) else (value,)
    numbers = [each for each in values if isinstance(each, int)]
    if len(numbers) < len(values):
        raise UnknownError
    return numbers


class _Image(NamedTuple):
    """A tensor of positions (pixels, steps, voxels), and the channels of each."""

    positions: int
    channels: int


def _image(node: Node, shape: Shape, leading: int = 1) -> _Image:
    """Tell positions from channels, behind the `leading` dimensions of batch and time."""
    sizes = shape[leading:]
    if len(sizes) < 2:  # one position axis and the channels
        raise UnknownError
    first = node.config.get("data_format") == "channels_first"
    space, channels = (sizes[1:], sizes[0]) if first else (sizes[:-1], sizes[-1])
    return _Image(product(space), product([channels]))


def _kernel(node: Node) -> int:
    return product(_numbers(node, "kernel_size"))


def convolution(node: Node) -> int:
    """Every output value sums up the kernel over the input channels of its group."""
    given, made = _image(node, shape_in(node)), _image(node, shape_out(node))
    channels = given.channels // number(node, "groups", 1)
    return made.positions * made.channels * _kernel(node) * channels


def transposed(node: Node) -> int:
    """Every input value is multiplied with the kernel of every output channel."""
    given, made = _image(node, shape_in(node)), _image(node, shape_out(node))
    return given.positions * given.channels * _kernel(node) * made.channels


def depthwise(node: Node) -> int:
    """Every output value sums up the kernel over a single channel."""
    made = _image(node, shape_out(node))
    return made.positions * made.channels * _kernel(node)


def separable(node: Node) -> int:
    """A depthwise convolution, and one of size 1 over what it gives."""
    given, made = _image(node, shape_in(node)), _image(node, shape_out(node))
    between = given.channels * number(node, "depth_multiplier", 1)
    return made.positions * between * (_kernel(node) + made.channels)


def dense(node: Node) -> int:
    """Every input value is multiplied with one weight for each unit."""
    return product((*shape_in(node)[1:], shape_out(node)[-1]))


def reversible_embedding(node: Node) -> int:
    """A look-up of token ids, or in reverse a dense layer onto the vocabulary."""
    return dense(node) if len(shape_in(node)) == len(shape_out(node)) else 0


def einsum_dense(node: Node) -> int:
    """A sum of products with weights, as the layer's equation says."""
    equation = str(node.config.get("equation", ""))
    return _contraction(equation, [shape_in(node), None], shape_out(node))


def einsum(node: Node) -> int:
    """A sum of products of two tensors.

    With a constant among them, nobody can tell which of the two it is.
    """
    return _contraction(str(node.config.get("subscripts", "")), node.input_shapes, shape_out(node))


def _contraction(equation: str, shapes: Sequence[Shape | None], made: Shape) -> int:
    """Count one product for each combination of the indices of two tensors.

    The first index of the result is the batch's, which an ellipsis may stand for.
    """
    given, arrow, result = equation.replace(" ", "").partition("->")
    terms = given.split(",")
    if not arrow or len(terms) != 2 or len(shapes) != 2:  # more have an order
        raise UnknownError
    sizes = index_sizes(result, made)
    batch = next(iter(sizes), "")
    for term, shape in zip(terms, shapes, strict=True):
        if shape is not None:
            known = {label: size for label, size in sizes.items() if size is not None}
            sizes |= index_sizes(term, shape) | known
    if not set("".join(terms)) - {"."} <= sizes.keys():
        raise UnknownError
    return product(size for label, size in sizes.items() if label != batch)


def index_sizes(term: str, shape: Shape) -> dict[str, int | None]:
    """Size the indices of a tensor in an einsum equation, in their order.

    Those under an ellipsis are named from the right.

    Raises:
        UnknownError: the shape has not as many dimensions as the term has indices.
    """
    before, dots, after = term.partition("...")
    hidden = len(shape) - len(before) - len(after)
    if hidden < 0 or (hidden and not dots):
        raise UnknownError
    names = [*before, *(f"...{number}" for number in range(hidden, 0, -1)), *after]
    return dict(zip(names, shape, strict=True))


def matmul(node: Node) -> int:
    """Every output value sums up one dimension, which may be hidden in a constant."""
    given, made = shape_in(node), shape_out(node)
    if len(node.input_shapes) > 1:
        return product((*made[1:], given[-1]))
    hidden = set()
    if given[:-1] == made[:-1]:
        hidden.add(given[-1])
    if len(given) > 2 and (given[:-2], given[-1]) == (made[:-2], made[-1]):
        hidden.add(given[-2])
    if len(hidden) != 1:
        raise UnknownError
    return product((*made[1:], hidden.pop()))


def dot(node: Node) -> int:
    """The layer `Dot`: every output value sums up one dimension of both inputs."""
    first, second = shape_in(node), shape_in(node, 1)
    summed = product([first[_numbers(node, "axes")[0]]])
    return product((*first[1:], *second[1:])) // summed


class _Attention(NamedTuple):
    """The sizes of an attention layer: heads of queries and of keys, values in each."""

    heads: int
    key_heads: int
    key_dim: int
    value_dim: int
    gate: bool = False

    @property
    def asking(self) -> int:
        """What queries are projected to, with the gates of what the heads give."""
        return self.heads * (self.key_dim + self.gate * self.value_dim)

    def weights(self, query: int, value: int, key: int, made: int) -> tuple[int, int]:
        """Count the numbers in the projections of these widths, without and with biases."""
        keys, values = self.key_heads * self.key_dim, self.key_heads * self.value_dim
        kernels = query * self.asking + key * keys + value * values
        kernels += self.heads * self.value_dim * made
        return kernels, kernels + self.asking + keys + values + made


def multi_head(node: Node) -> int:
    """Attention with as many keys as queries."""
    key_dim = number(node, "key_dim")
    value_dim = number(node, "value_dim", key_dim)
    heads = number(node, "num_heads")
    gate = node.config.get("use_gate") is True
    return _attention(node, _Attention(heads, heads, key_dim, value_dim, gate))


def grouped_query(node: Node) -> int:
    """Attention whose keys and values are shared by several queries."""
    size = number(node, "head_dim")
    heads, key_heads = number(node, "num_query_heads"), number(node, "num_key_value_heads")
    gate = node.config.get("use_gate") is True
    return _attention(node, _Attention(heads, key_heads, size, size, gate))


def _attention(node: Node, sizes: _Attention) -> int:
    """Four projections, the products of queries and keys, and the weighted sums of values.

    Which of the tensors behind query and value is the key, and not a mask, tells the number
    of the layer's weights; not if they are quantized, for then there are scales among them.
    """
    query, value = shape_in(node), shape_in(node, 1)
    made = product(shape_out(node)[len(query) - 1 :])  # which may have several axes
    keys = [key for key in (*node.input_shapes[2:3], value) if key[:-1] == value[:-1]]
    given = [(product(query[-1:]), product(value[-1:]), product(key[-1:]), made) for key in keys]
    if "quantization" in node.config:
        fitting = given if len(set(given)) == 1 else []
    else:
        fitting = [widths for widths in given if node.params in sizes.weights(*widths)]
    if not fitting:
        raise UnknownError
    return _attended(node, sizes, fitting[0])


def _attended(node: Node, sizes: _Attention, widths: tuple[int, int, int, int]) -> int:
    query, value = shape_in(node), shape_in(node, 1)
    asked, told = product(query[1:-1]), product(value[1:-1])
    # Of several axes of positions, each query sees all keys along those attended to.
    axes = _numbers(node, "attention_axes") if "attention_axes" in node.config else [1]
    pairs = asked * product(value[axis] for axis in axes)
    projected = asked * widths[0] * sizes.asking
    projected += told * sizes.key_heads * (widths[1] * sizes.value_dim + widths[2] * sizes.key_dim)
    projected += asked * sizes.heads * sizes.value_dim * widths[3]
    return projected + pairs * sizes.heads * (sizes.key_dim + sizes.value_dim)


def plain_attention(node: Node) -> int:
    """The layer `Attention`: products of queries and keys, and weighted sums of values."""
    query, value = shape_in(node), shape_in(node, 1)
    return product((*query[1:-1], *value[1:-1])) * product([query[-1]]) + product(
        (*query[1:-1], *value[1:])
    )


def dot_product_attention(node: Node) -> int:
    """The operation: of each query's head, products with all keys and sums of all values."""
    query, key, value = (shape_in(node, index)[1:] for index in range(3))
    return product((*query[:2], key[0])) * (product([query[2]]) + product([value[2]]))


def recurrent(gates: int) -> Callable[[Node], int]:
    """Each gate takes the input and the state of every step, each with weights of its own.

    The number of weights must be what these are, with none, one or (GRU) two biases: it is
    not where a wrapper holds another wrapper, or two layers that differ.
    """

    def formula(node: Node) -> int:
        *steps, width = shape_in(node)[1:]
        units = number(node, "units")
        kernels = gates * units * (product([width]) + units)
        if node.params - kernels not in (0, gates * units, 2 * gates * units):
            raise UnknownError
        return kernels * product(steps)

    return formula


def convolutional_lstm(node: Node) -> int:
    """Four gates, each a convolution of the input and one of the state, in every step."""
    shape, made = shape_in(node), shape_out(node)
    given = _image(node, shape, leading=2)
    frame = _image(node, made, leading=2 if len(made) == len(shape) else 1)
    filters = number(node, "filters")
    step = 4 * frame.positions * filters * _kernel(node) * (given.channels + filters)
    return step * product([shape[1]])
