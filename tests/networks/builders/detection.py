"""Detectors and restoration, built as their papers describe them."""

from __future__ import annotations

import keras
from keras import layers, ops


def yolov3(nested=True):
    """Redmon and Farhadi 2018: Darknet-53, three necks and heads, each a model."""

    def unit(x, filters, size, strides=1):
        x = layers.Conv2D(filters, size, strides, "same", use_bias=False)(x)
        return layers.LeakyReLU(negative_slope=0.1)(layers.BatchNormalization()(x))

    def part(name, x, function):
        if not nested:
            return function(x)
        inner = keras.Input(x.shape[1:])
        return keras.Model(inner, function(inner), name=name)(x)

    def stage(filters, blocks):
        def build(x):
            x = unit(x, filters, 3, 2)
            for _ in range(blocks):
                x = layers.Add()([x, unit(unit(x, filters // 2, 1), filters, 3)])
            return x

        return build

    def neck(filters):
        def build(x):
            for _ in range(2):
                x = unit(unit(x, filters, 1), 2 * filters, 3)
            return unit(x, filters, 1)

        return build

    def head(filters):
        return lambda x: layers.Conv2D(255, 1)(unit(x, 2 * filters, 3))

    image = keras.Input((416, 416, 3), name="image")
    x = unit(image, 32, 3)
    features = []
    for number, (filters, blocks) in enumerate(((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)), 1):
        x = part(f"stage{number}", x, stage(filters, blocks))
        features.append(x)
    p5 = part("neck5", features[4], neck(512))
    up = layers.UpSampling2D()(unit(p5, 256, 1))
    p4 = part("neck4", layers.Concatenate()([up, features[3]]), neck(256))
    up = layers.UpSampling2D()(unit(p4, 128, 1))
    p3 = part("neck3", layers.Concatenate()([up, features[2]]), neck(128))
    outputs = [
        part(f"{name}_objects", p, head(filters))
        for name, p, filters in (("large", p5, 512), ("medium", p4, 256), ("small", p3, 128))
    ]
    return keras.Model(image, outputs, name="yolov3")


def yolov3_flat():
    """The same without nested models."""
    return yolov3(nested=False)


def edsr(blocks=16, filters=64):
    """Lim et al. 2017, as the keras.io example: a long skip, two upsamplings."""
    image = keras.Input((None, None, 3))
    x = x0 = layers.Conv2D(filters, 3, padding="same")(layers.Rescaling(1 / 255)(image))
    for _ in range(blocks):
        y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        y = layers.Conv2D(filters, 3, padding="same")(y)
        x = layers.Add()([x, y])
    x = layers.Add()([layers.Conv2D(filters, 3, padding="same")(x), x0])
    for _ in range(2):
        x = layers.Conv2D(4 * filters, 3, padding="same")(x)
        x = layers.Lambda(_depth_to_space, output_shape=(None, None, filters))(x)
    x = layers.Rescaling(255)(layers.Conv2D(3, 3, padding="same")(x))
    return keras.Model(image, x, name="edsr")


def _depth_to_space(x):
    _, height, width, channels = ops.shape(x)
    x = ops.reshape(x, (-1, height, width, 2, 2, channels // 4))
    return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, 2 * height, 2 * width, channels // 4))


def srgan_generator():
    """Ledig et al. 2017: SRResNet."""
    image = keras.Input((24, 24, 3), name="low_resolution")
    x = x0 = layers.PReLU(shared_axes=(1, 2))(layers.Conv2D(64, 9, padding="same")(image))
    for _ in range(16):
        y = layers.BatchNormalization()(layers.Conv2D(64, 3, padding="same")(x))
        y = layers.PReLU(shared_axes=(1, 2))(y)
        y = layers.BatchNormalization()(layers.Conv2D(64, 3, padding="same")(y))
        x = layers.Add()([x, y])
    x = layers.BatchNormalization()(layers.Conv2D(64, 3, padding="same")(x))
    x = layers.Add()([x, x0])
    for _ in range(2):
        x = layers.UpSampling2D()(layers.Conv2D(256, 3, padding="same")(x))
        x = layers.PReLU(shared_axes=(1, 2))(x)
    x = layers.Conv2D(3, 9, padding="same", activation="tanh", name="high_resolution")(x)
    return keras.Model(image, x, name="srgan_generator")


def rcan(groups=5, blocks=10, filters=64):
    """Zhang et al. 2018: residual in residual, with channel attention; shortened to 5 groups."""

    def attention(x):
        s = layers.GlobalAveragePooling2D(keepdims=True)(x)
        s = layers.Conv2D(filters // 16, 1, activation="relu")(s)
        return layers.Multiply()([x, layers.Conv2D(filters, 1, activation="sigmoid")(s)])

    image = keras.Input((48, 48, 3))
    x = x0 = layers.Conv2D(filters, 3, padding="same")(image)
    for _ in range(groups):
        group = x
        for _ in range(blocks):
            y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.Add()([x, attention(layers.Conv2D(filters, 3, padding="same")(y))])
        x = layers.Add()([group, layers.Conv2D(filters, 3, padding="same")(x)])
    x = layers.Add()([x0, layers.Conv2D(filters, 3, padding="same")(x)])
    x = layers.UpSampling2D()(layers.Conv2D(filters, 3, padding="same")(x))
    return keras.Model(image, layers.Conv2D(3, 3, padding="same")(x), name="rcan")


def mask_rcnn():
    """He et al. 2017, the parts that are layers: backbone with FPN, a shared RPN, two heads."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(512, 512, 3))
    names = ("conv2_block3_out", "conv3_block4_out", "conv4_block6_out", "conv5_block3_out")
    features = [base.get_layer(name).output for name in names]
    p = layers.Conv2D(256, 1, name="fpn_c5p5")(features[3])
    levels = [p]
    for number, feature in zip((4, 3, 2), reversed(features[:3]), strict=True):
        up = layers.UpSampling2D(name=f"fpn_p{number + 1}upsampled")(p)
        p = layers.Add(name=f"fpn_p{number}add")(
            [up, layers.Conv2D(256, 1, name=f"fpn_c{number}p{number}")(feature)]
        )
        levels.insert(0, p)
    levels = [
        layers.Conv2D(256, 3, padding="same", name=f"fpn_p{n}")(p) for n, p in enumerate(levels, 2)
    ]
    levels.append(layers.MaxPooling2D(1, 2, name="fpn_p6")(levels[-1]))
    inner = keras.Input((None, None, 256))
    shared = layers.Conv2D(512, 3, padding="same", activation="relu", name="rpn_conv_shared")(inner)
    logits = layers.Reshape((-1, 2))(layers.Conv2D(6, 1, name="rpn_class_raw")(shared))
    boxes = layers.Reshape((-1, 4))(layers.Conv2D(12, 1, name="rpn_bbox_pred")(shared))
    rpn = keras.Model(inner, [logits, boxes], name="rpn_model")
    found = [rpn(p) for p in levels]
    logits = layers.Concatenate(axis=1, name="rpn_class_logits")([each[0] for each in found])
    boxes = layers.Concatenate(axis=1, name="rpn_bbox")([each[1] for each in found])
    rois = keras.Input((100, 7, 7, 256), name="rois")
    x = layers.TimeDistributed(layers.Conv2D(1024, 7), name="mrcnn_class_conv1")(rois)
    x = layers.ReLU()(layers.TimeDistributed(layers.BatchNormalization(), name="mrcnn_class_bn1")(x))
    x = layers.TimeDistributed(layers.Flatten())(x)
    classes = layers.TimeDistributed(layers.Dense(81, activation="softmax"), name="mrcnn_class")(x)
    deltas = layers.TimeDistributed(layers.Dense(81 * 4), name="mrcnn_bbox")(x)
    y = rois
    for index in range(1, 5):
        y = layers.TimeDistributed(
            layers.Conv2D(256, 3, padding="same", activation="relu"), name=f"mrcnn_mask_conv{index}"
        )(y)
    y = layers.TimeDistributed(layers.Conv2DTranspose(256, 2, strides=2, activation="relu"))(y)
    mask = layers.TimeDistributed(layers.Conv2D(81, 1, activation="sigmoid"), name="mrcnn_mask")(y)
    outputs = [logits, boxes, classes, deltas, mask]
    return keras.Model([base.input, rois], outputs, name="mask_rcnn")
