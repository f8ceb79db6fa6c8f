"""Multiply-accumulate operations: against published figures, and by hand."""

from __future__ import annotations

import pytest
from core_graphs import load_graph, nodes
from hypothesis import given

from keras_diagram_core.graph import Fact, Node, Shape
from keras_diagram_core.macs import multiply_accumulates

PUBLISHED = {
    # He et al., "Deep Residual Learning" (CVPR 2016), table 1: 3.8 billion multiply-adds.
    "resnet50": 3.8e9,
    # Sze et al. (2017), table II: 15.5 G.
    "vgg16": 15.5e9,
    # Szegedy et al., "Rethinking the Inception Architecture" (CVPR 2016), table 3: 5.72 G.
    "inception_v3": 5.72e9,
    # Sandler et al., "MobileNetV2" (CVPR 2018), table 4: 300 M.
    "mobilenet_v2": 300e6,
    # Tan, Le, "EfficientNet" (ICML 2019), table 2: 0.39 B.
    "efficientnet_b0": 0.39e9,
    # Huang et al., "Densely Connected Convolutional Networks" (CVPR 2017), figure 3: 5.7e9
    # FLOPs, which are twice as many.
    "densenet121": 2.85e9,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_models_cost_what_their_papers_say(name):
    counts = [multiply_accumulates(node) for node in load_graph(name).nodes]
    assert None not in counts
    assert sum(counts) == pytest.approx(PUBLISHED[name], rel=0.03)


def _node(type_: str, given: list[Shape], made: Shape, params: int = 0, **config: Fact) -> Node:
    name = type_.lower()
    return Node(
        id=name,
        layer=name,
        name=name,
        type=type_,
        module="keras.layers",
        input_shapes=tuple(given),
        output_shapes=(made,),
        params=params,
        config=config,
    )


def _image(channels: int) -> Shape:
    return (None, 8, 8, channels)


# fmt: off
BY_HAND = {
    "conv1d": (_node("Conv1D", [(None, 10, 4)], (None, 8, 6), kernel_size=(3,), groups=1),
               8 * 6 * 3 * 4),
    "conv3d": (_node("Conv3D", [(None, 4, 4, 4, 2)], (None, 2, 2, 2, 5), kernel_size=(3, 3, 3)),
               8 * 5 * 27 * 2),
    "groups": (_node("Conv2D", [_image(4)], _image(6), kernel_size=(3, 3), groups=2),
               64 * 6 * 9 * 2),
    "channels first": (_node("Conv2D", [(None, 4, 8, 8)], (None, 6, 8, 8), kernel_size=(1, 1),
                             data_format="channels_first"),
                       64 * 6 * 4),
    "transposed": (_node("Conv2DTranspose", [_image(4)], (None, 16, 16, 6), kernel_size=(2, 2)),
                   64 * 4 * 4 * 6),
    "depthwise": (_node("DepthwiseConv2D", [_image(4)], _image(8), kernel_size=(3, 3),
                        depth_multiplier=2),
                  64 * 8 * 9),
    "separable": (_node("SeparableConv2D", [_image(4)], _image(6), kernel_size=(3, 3),
                        depth_multiplier=2),
                  64 * 8 * 9 + 64 * 8 * 6),
    "dense": (_node("Dense", [(None, 5)], (None, 7), units=7), 35),
    "dense on steps": (_node("Dense", [(None, 3, 5)], (None, 3, 7), units=7), 105),
    "einsum dense": (_node("EinsumDense", [(None, 3, 8)], (None, 3, 2, 4),
                           equation="abc,cde->abde"),
                     3 * 8 * 2 * 4),
    "einsum dense with an unknown that is known": (
        _node("EinsumDense", [(None, 3, 8)], (None, None, 5), equation="abc,cd->abd"),
        3 * 8 * 5),
    "einsum dense with dots": (_node("EinsumDense", [(None, 3, 8)], (None, 3, 5),
                                     equation="...x,xy->...y"),
                               3 * 8 * 5),
    "einsum": (_node("Einsum", [(None, 6, 2, 4), (None, 7, 2, 4)], (None, 2, 6, 7),
                     subscripts="bqhd,bkhd->bhqk"),
               2 * 6 * 7 * 4),
    "matmul": (_node("Matmul", [(None, 3, 5), (None, 5, 7)], (None, 3, 7)), 105),
    "matmul with weights": (_node("Matmul", [(None, 3, 5)], (None, 3, 7)), 105),
    "matmul of weights": (_node("Matmul", [(None, 5, 7)], (None, 3, 7)), 105),
    "dot": (_node("Dot", [(None, 3, 5), (None, 7, 5)], (None, 3, 7), axes=(2, 2)), 105),
    "attention": (_node("Attention", [(None, 3, 5), (None, 4, 5)], (None, 3, 5)),
                  2 * 3 * 4 * 5),
    "operation of attention": (
        _node("DotProductAttention", [(None, 3, 4, 8), (None, 5, 2, 8), (None, 5, 2, 6)],
              (None, 3, 4, 6)),
        4 * 3 * 5 * (8 + 6)),
    "multi-head": (_node("MultiHeadAttention", [(None, 10, 16), (None, 12, 8)], (None, 10, 16),
                         params=16 * 8 + 8 + 2 * (8 * 8 + 8) + 8 * 16 + 16, num_heads=2,
                         key_dim=4),
                   10 * 16 * 8 + 2 * 12 * 8 * 8 + 2 * 10 * 12 * 8 + 10 * 8 * 16),
    "multi-head in eight bits": (
        _node("MultiHeadAttention", [(None, 10, 16)] * 2, (None, 10, 16), params=550, num_heads=2,
              key_dim=4, quantization="int8"),
        4 * 10 * 16 * 8 + 2 * 10 * 10 * 8),
    "multi-head along one of two axes": (
        _node("MultiHeadAttention", [(None, 5, 2, 8), (None, 6, 2, 8)], (None, 5, 2, 8),
              params=4 * 8 * 8, num_heads=2, key_dim=4),
        10 * 8 * 8 + 2 * 12 * 8 * 8 + 2 * 10 * 6 * 8 + 10 * 8 * 8),
    "multi-head with a gate": (
        _node("MultiHeadAttention", [(None, 10, 16)] * 2, (None, 10, 16),
              params=16 * (8 + 6) + 16 * 8 + 16 * 6 + 6 * 16, num_heads=2, key_dim=4, value_dim=3,
              use_gate=True),
        10 * 16 * (8 + 6 + 8 + 6) + 10 * 10 * 2 * (4 + 3) + 10 * 6 * 16),
    "multi-head with a mask": (
        _node("MultiHeadAttention", [(None, 10, 16), (None, 10, 16), (None, 10, 10)],
              (None, 10, 16), params=4 * 16 * 8, num_heads=2, key_dim=4),
        4 * 10 * 16 * 8 + 2 * 10 * 10 * 8),
    "grouped query": (_node("GroupedQueryAttention", [(None, 10, 16), (None, 10, 16)],
                            (None, 10, 16), params=2 * 16 * 8 + 2 * 16 * 4, num_query_heads=2,
                            num_key_value_heads=1, head_dim=4),
                      10 * (2 * 16 * 8 + 2 * 16 * 4) + 2 * 10 * 10 * 8),
    "lstm": (_node("LSTM", [(None, 10, 3)], (None, 5), params=180, units=5), 10 * 4 * 5 * (3 + 5)),
    "gru": (_node("GRU", [(None, 10, 3)], (None, 5), params=150, units=5), 10 * 3 * 5 * (3 + 5)),
    "rnn": (_node("SimpleRNN", [(None, 10, 3)], (None, 5), params=40, units=5), 10 * 5 * (3 + 5)),
    "cell": (_node("LSTMCell", [(None, 3)], (None, 5), params=180, units=5), 4 * 5 * (3 + 5)),
    "convolutional lstm": (_node("ConvLSTM2D", [(None, 10, 8, 8, 3)], (None, 6, 6, 5), filters=5,
                                 kernel_size=(3, 3)),
                           10 * 4 * 36 * 5 * 9 * (3 + 5)),
    "bidirectional": (_node("Bidirectional", [(None, 10, 3)], (None, 10), params=360, units=5,
                            wraps="LSTM"),
                      2 * 10 * 4 * 5 * (3 + 5)),
    "time distributed": (_node("TimeDistributed", [(None, 10, 8, 8, 4)], (None, 10, 8, 8, 6),
                               kernel_size=(3, 3), wraps="Conv2D"),
                         10 * 64 * 6 * 9 * 4),
    "wrappers in wrappers": (
        _node("TimeDistributed", [(None, 7, 10, 3)], (None, 7, 10), params=360, units=5,
              wraps="Bidirectional(LSTM)"),
        7 * 2 * 10 * 4 * 5 * (3 + 5)),
    "cell in a layer": (_node("RNN", [(None, 10, 3)], (None, 5), params=180, units=5,
                              wraps="LSTMCell"),
                        10 * 4 * 5 * (3 + 5)),
    "each step for nothing": (_node("TimeDistributed", [(None, None, 5)], (None, None, 5),
                                    wraps="Dropout"), 0),
    "embedding": (_node("Embedding", [(None, 10)], (None, 10, 4)), 0),
    "embedding in reverse": (_node("ReversibleEmbedding", [(None, 10, 4)], (None, 10, 100)), 4000),
    "normalization": (_node("BatchNormalization", [_image(4)], _image(4), params=16), 0),
    "addition of anything": (_node("Add", [(None, None)] * 2, (None, None)), 0),
}
# fmt: on


@pytest.mark.parametrize("name", BY_HAND)
def test_formulas(name):
    node, expected = BY_HAND[name]
    assert multiply_accumulates(node) == expected


UNKNOWN = {
    "size": _node("Conv2D", [(None, None, None, 3)], (None, None, None, 8), kernel_size=(3, 3)),
    "steps": _node("LSTM", [(None, None, 3)], (None, 5), params=180, units=5),
    "other direction": _node(
        "Bidirectional", [(None, 10, 3)], (None, 9), params=308, units=5, wraps="LSTM"
    ),
    "wrapper in a wrapper": _node(
        "TimeDistributed", [(None, 7, 10, 3)], (None, 7, 10), params=360, units=5, wraps="LSTM"
    ),
    "both directions differ": _node(
        "Bidirectional", [(None, 10, 3)], (None, 9), params=312, wraps="LSTM, GRU"
    ),
    "key or mask of quantized layers": _node(
        "MultiHeadAttention",
        [(None, 9, 8), (None, 9, 8), (None, 9, 9)],
        (None, 9, 8),
        params=320,
        num_heads=2,
        key_dim=4,
        quantization="int8",
    ),
    "kernel": _node("Conv", [_image(4)], _image(4)),
    "type": _node("MyLayer", [_image(4)], _image(4)),
    "inner type": _node("TimeDistributed", [_image(4)], _image(4), wraps="MyLayer"),
    "weights": _node(
        "MultiHeadAttention", [(None, 9, 8)] * 2, (None, 9, 8), params=7, num_heads=2, key_dim=4
    ),
    "operand": _node("Matmul", [(None, 3, 5)], (None, 3, 5)),
    "equation": _node("EinsumDense", [(None, 3, 8)], (None, 3, 4)),
    "axis": _node("Dot", [(None, 3), (None, 3)], (None, 1), axes=7),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_nothing_is_said_where_something_is_not_known(name):
    assert multiply_accumulates(UNKNOWN[name]) is None


def test_a_layer_of_the_user_that_is_called_like_one_of_keras_is_not_known():
    node, _ = BY_HAND["dense"]
    own = Node(
        **{field: getattr(node, field) for field in node.__struct_fields__} | {"module": "mine"}
    )
    assert multiply_accumulates(own) is None


@given(nodes(0))
def test_any_node_gives_a_number_or_none(node):
    found = multiply_accumulates(node)
    assert found is None or found >= 0
