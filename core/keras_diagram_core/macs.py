"""Multiply-accumulate operations (MACs): what one call of a layer costs, by published formulas.

Counted is what one sample costs when a trained model is used. As usual, only products that
are summed up count: biases, activations, normalization, pooling, element-wise arithmetic,
look-ups and reshaping are 0, and a convolution counts its padding like everything else.
FLOPs are by convention twice the MACs (a multiplication and an addition each).

A closed ``MultiHeadAttention`` counts what its parts count when it is opened: with T queries, S
keys, h heads of sizes d for keys and v for values, and inputs of widths q, k, w and o out,
``T q h d + S k h d + S w h v`` for the projections, ``T S h (d + v)`` for the two products of
tensors, and ``T h v o`` for the result. So a total does not depend on what is opened.

==========================  ==================================================================
Layer                       Source of the formula
==========================  ==================================================================
convolution, dense          Vivienne Sze, Yu-Hsin Chen, Tien-Ju Yang, Joel Emer: "Efficient
                            Processing of Deep Neural Networks", Proc. IEEE 105(12), 2017,
                            equation 1
transposed convolution      Vincent Dumoulin, Francesco Visin: "A guide to convolution
                            arithmetic for deep learning", arXiv:1603.07285, chapter 4
depthwise, separable        Andrew Howard et al.: "MobileNets", arXiv:1704.04861, section 3.1;
                            François Chollet: "Xception", CVPR 2017
attention                   Ashish Vaswani et al.: "Attention Is All You Need", NIPS 2017,
                            section 3.2; with fewer keys than queries: Joshua Ainslie et al.:
                            "GQA", EMNLP 2023
LSTM                        Sepp Hochreiter, Jürgen Schmidhuber: "Long Short-Term Memory",
                            Neural Computation 9(8), 1997; with forget gates: Felix Gers et
                            al.: "Learning to Forget", Neural Computation 12(10), 2000
GRU                         Kyunghyun Cho et al.: "Learning Phrase Representations using RNN
                            Encoder-Decoder", EMNLP 2014, equations 5 to 8
simple RNN                  Jeffrey Elman: "Finding Structure in Time", Cognitive Science
                            14(2), 1990
convolutional LSTM          Xingjian Shi et al.: "Convolutional LSTM Network", NIPS 2015,
                            equation 3
einsum, matmul, dot         by definition: one for each combination of the indices of two
                            tensors, such as b, q, k and d in ``bqd,bkd->bqk``; that of the
                            batch does not count
wrappers, cells             what they wrap: at each step, or in both directions
==========================  ==================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from keras_diagram_core import formulas
from keras_diagram_core.formulas import UnknownError
from keras_diagram_core.graph import Node


def multiply_accumulates(node: Node) -> int | None:
    """Count the multiply-accumulate operations of one call for one row of the batch.

    Args:
        node: its type, config, shapes and params are all that is looked at.

    Returns:
        The count for one row of the batch; `for_one_sample` makes it that of a sample.
        None where no formula is known (layers and operations that are not Keras' own), or
        where a dimension that counts is not.
    """
    if node.module.partition(".")[0] not in _PACKAGES:
        return None
    kind = re.sub(r"[123]D(?=$|Transpose|Cell)", "", node.type)
    if kind in _FREE:
        return 0
    try:
        return _FORMULAS[kind](node) if kind in _FORMULAS else None
    except (UnknownError, ArithmeticError, LookupError, ValueError):
        return None  # the latter where a subclass uses a fact's name for something else


_PACKAGES = frozenset({"keras", "tf_keras", "keras_hub"})


def _wrapped(node: Node) -> Node:
    """Give the layer inside a wrapper, or the cell of an `RNN`, as if it were called alone."""
    if node.wrapped is None:
        raise UnknownError
    return node.wrapped


def _inside(node: Node) -> int:
    count = multiply_accumulates(node)
    if count is None:
        raise UnknownError
    return count


def _both_ways(node: Node) -> int:
    """Count two layers of the same size, each with half of the weights."""
    inner = msgspec.structs.replace(_wrapped(node), params=node.params // 2)
    return 2 * _inside(inner)


def _each_step(node: Node) -> int:
    given = tuple((*shape[:1], *shape[2:]) for shape in node.input_shapes)
    made = tuple((*shape[:1], *shape[2:]) for shape in node.output_shapes)
    inner = msgspec.structs.replace(_wrapped(node), input_shapes=given, output_shapes=made)
    count = _inside(inner)
    return count * formulas.product(formulas.shape_in(node)[1:2]) if count else 0


_FORMULAS: dict[str, Callable[[Node], int]] = {
    "Conv": formulas.convolution,
    "ConvTranspose": formulas.transposed,
    "DepthwiseConv": formulas.depthwise,
    "SeparableConv": formulas.separable,
    "Dense": formulas.dense,
    "EinsumDense": formulas.einsum_dense,
    "Einsum": formulas.einsum,
    "Matmul": formulas.matmul,
    "Dot": formulas.dot,
    "Attention": formulas.plain_attention,
    "DotProductAttention": formulas.dot_product_attention,
    "MultiHeadAttention": formulas.multi_head,
    "CachedMultiHeadAttention": formulas.multi_head,
    "GroupedQueryAttention": formulas.grouped_query,
    "ReversibleEmbedding": formulas.reversible_embedding,
    "SimpleRNN": formulas.recurrent(1),
    "GRU": formulas.recurrent(3),
    "LSTM": formulas.recurrent(4),
    "SimpleRNNCell": formulas.recurrent(1),
    "GRUCell": formulas.recurrent(3),
    "LSTMCell": formulas.recurrent(4),
    "ConvLSTM": formulas.convolutional_lstm,
    "Bidirectional": _both_ways,
    "TimeDistributed": _each_step,
    "SpectralNormalization": lambda node: _inside(_wrapped(node)),
    "RNN": lambda node: _inside(_wrapped(node)),
}

# Layers and operations without sums of products, dimensions left out of the names.
_FREE_NAMES = """
InputLayer Identity Embedding PositionEmbedding TokenAndPositionEmbedding RotaryEmbedding
SinePositionEncoding Masking
Activation ReLU LeakyReLU PReLU ELU Softmax ThresholdedReLU
Relu Relu6 Sigmoid SparseSigmoid Softplus Softsign SoftShrink SparsePlus Silu Squareplus
LogSigmoid LeakyRelu HardSigmoid HardSilu Elu Selu Gelu Celu Glu TanhShrink HardTanh
HardShrink Threshold LogSoftmax Sparsemax
Dropout SpatialDropout GaussianDropout AlphaDropout GaussianNoise ActivityRegularization
BatchNormalization LayerNormalization GroupNormalization RMSNormalization
UnitNormalization Normalization Rescaling BatchNorm LayerNorm RMSNorm Normalize Moments
MaxPooling AveragePooling GlobalMaxPooling GlobalAveragePooling AdaptiveMaxPooling
AdaptiveAveragePooling MaxPool AveragePool AdaptiveMaxPool AdaptiveAveragePool
Add Subtract Multiply Divide TrueDivide DivideNoNan FloorDivide Mod Fmod Power Average
Maximum Minimum Fmax Fmin Concatenate
Absolute Fabs Negative Sign Square Sqrt Rsqrt Cbrt Reciprocal Exp Exp2 Expm1 Log Log10
Log1p Log2 Logaddexp Logsumexp Erf Erfc Sin Cos Tan Sinh Cosh Tanh Arcsin Arccos Arctan
Arctan2 Arcsinh Arccosh Arctanh Floor Ceil Round Trunc Clip Where Hypot
Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalNot LogicalOr
LogicalXor Isfinite Isinf Isnan
Sum Mean Max Min Prod Std Var Amax Amin Any All Median Argmax Argmin Argsort Sort TopK
Cumsum Cumprod CountNonzero
Flatten Reshape Permute RepeatVector Cropping ZeroPadding UpSampling Resizing CenterCrop
Transpose Squeeze ExpandDims Stack Hstack Vstack Split Unstack Flip Roll Repeat Tile Pad
BroadcastTo GetItem Take TakeAlongAxis Slice SliceUpdate Swapaxes Moveaxis Ravel Tril Triu
Diagonal Rearrange DepthToSpace SpaceToDepth Resize
Cast SaturateCast ConvertToTensor StopGradient Copy OneHot MultiHot Arange Full FullLike
OnesLike ZerosLike NanToNum
"""
_FREE = frozenset(_FREE_NAMES.split())
