"""Classifiers and backbones, built as their papers describe them."""

from __future__ import annotations

import keras
from keras import layers, ops


def conv_bn(x, filters, size, strides=1, activation="relu", name=None, groups=1):
    """Return a convolution with batch normalization and an activation."""
    x = layers.Conv2D(
        filters, size, strides, "same", use_bias=False, groups=groups, name=name and f"{name}_conv"
    )(x)
    x = layers.BatchNormalization(name=name and f"{name}_bn")(x)
    return layers.Activation(activation, name=name and f"{name}_act")(x) if activation else x


def lenet5():
    """LeCun et al. 1998."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="tanh"),
            layers.Dense(84, activation="tanh"),
            layers.Dense(10, activation="softmax"),
        ],
        name="lenet5",
    )


def alexnet():
    """Krizhevsky et al. 2012, without the split into two."""
    return keras.Sequential(
        [
            keras.Input((227, 227, 3)),
            layers.Conv2D(96, 11, strides=4, activation="relu"),
            layers.MaxPooling2D(3, 2),
            layers.Conv2D(256, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(3, 2),
            layers.Conv2D(384, 3, padding="same", activation="relu"),
            layers.Conv2D(384, 3, padding="same", activation="relu"),
            layers.Conv2D(256, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(3, 2),
            layers.Flatten(),
            layers.Dense(4096, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(4096, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(1000, activation="softmax"),
        ],
        name="alexnet",
    )


def squeezenet():
    """Iandola et al. 2016: fire modules."""

    def fire(x, squeeze, expand, name):
        s = layers.Conv2D(squeeze, 1, activation="relu", name=f"{name}_squeeze1x1")(x)
        a = layers.Conv2D(expand, 1, activation="relu", name=f"{name}_expand1x1")(s)
        b = layers.Conv2D(expand, 3, padding="same", activation="relu", name=f"{name}_expand3x3")(s)
        return layers.Concatenate(name=f"{name}_concat")([a, b])

    image = keras.Input((227, 227, 3), name="image")
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="conv1")(image)
    x = layers.MaxPooling2D(3, 2, name="pool1")(x)
    x = fire(fire(x, 16, 64, "fire2"), 16, 64, "fire3")
    x = layers.MaxPooling2D(3, 2, name="pool3")(x)
    x = fire(fire(x, 32, 128, "fire4"), 32, 128, "fire5")
    x = layers.MaxPooling2D(3, 2, name="pool5")(x)
    x = fire(fire(x, 48, 192, "fire6"), 48, 192, "fire7")
    x = fire(fire(x, 64, 256, "fire8"), 64, 256, "fire9")
    x = layers.Dropout(0.5, name="drop9")(x)
    x = layers.Conv2D(1000, 1, activation="relu", name="conv10")(x)
    x = layers.GlobalAveragePooling2D(name="pool10")(x)
    return keras.Model(image, layers.Softmax(name="prob")(x), name="squeezenet")


def resnet18():
    """He et al. 2015: basic blocks, nothing named."""

    def block(x, filters, strides=1):
        y = conv_bn(x, filters, 3, strides)
        y = conv_bn(y, filters, 3, activation=None)
        if strides > 1:
            x = conv_bn(x, filters, 1, strides, activation=None)
        return layers.ReLU()(layers.Add()([x, y]))

    image = keras.Input((224, 224, 3))
    x = layers.MaxPooling2D(3, 2, "same")(conv_bn(image, 64, 7, 2))
    for filters, strides in ((64, 1), (128, 2), (256, 2), (512, 2)):
        x = block(block(x, filters, strides), filters)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(1000, activation="softmax")(x), name="resnet18")


def resnext50():
    """Xie et al. 2017: 32 groups."""

    def block(x, filters, strides, projected):
        y = conv_bn(x, filters, 1)
        y = conv_bn(y, filters, 3, strides, groups=32)
        y = conv_bn(y, 2 * filters, 1, activation=None)
        if projected:
            x = conv_bn(x, 2 * filters, 1, strides, activation=None)
        return layers.ReLU()(layers.Add()([x, y]))

    image = keras.Input((224, 224, 3))
    x = layers.MaxPooling2D(3, 2, "same")(conv_bn(image, 64, 7, 2))
    for stage, (filters, blocks) in enumerate(((128, 3), (256, 4), (512, 6), (1024, 3))):
        for index in range(blocks):
            x = block(x, filters, 2 if stage and not index else 1, not index)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(1000, activation="softmax")(x), name="resnext50")


def se_resnet50():
    """Hu et al. 2018: squeeze and excitation in bottlenecks."""

    def excite(x):
        channels = x.shape[-1]
        s = layers.GlobalAveragePooling2D(keepdims=True)(x)
        s = layers.Dense(channels // 16, activation="relu")(s)
        return layers.Multiply()([x, layers.Dense(channels, activation="sigmoid")(s)])

    def block(x, filters, strides, projected):
        y = conv_bn(x, filters, 1, strides)
        y = conv_bn(y, filters, 3)
        y = excite(conv_bn(y, 4 * filters, 1, activation=None))
        if projected:
            x = conv_bn(x, 4 * filters, 1, strides, activation=None)
        return layers.ReLU()(layers.Add()([x, y]))

    image = keras.Input((224, 224, 3))
    x = layers.MaxPooling2D(3, 2, "same")(conv_bn(image, 64, 7, 2))
    for stage, (filters, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for index in range(blocks):
            x = block(x, filters, 2 if stage and not index else 1, not index)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(1000, activation="softmax")(x), name="se_resnet50")


def wide_resnet():
    """Zagoruyko and Komodakis 2016: pre-activation blocks, WRN-28-10."""

    def block(x, filters, strides, projected):
        y = layers.ReLU()(layers.BatchNormalization()(x))
        shortcut = layers.Conv2D(filters, 1, strides)(y) if projected else x
        y = layers.Conv2D(filters, 3, strides, "same")(y)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.Dropout(0.3)(y)
        y = layers.Conv2D(filters, 3, padding="same")(y)
        return layers.Add()([shortcut, y])

    image = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same")(image)
    for filters, strides in ((160, 1), (320, 2), (640, 2)):
        for index in range(4):
            x = block(x, filters, 1 if index else strides, not index)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(10, activation="softmax")(x), name="wide_resnet_28_10")


class Patches(layers.Layer):
    """Cuts images into patches, as in the keras.io example on ViT."""

    def __init__(self, patch_size, **kwargs):
        super().__init__(**kwargs)
        self.patch_size = patch_size

    def call(self, images):
        size = self.patch_size
        patches = ops.image.extract_patches(images, size)
        return ops.reshape(patches, (-1, patches.shape[1] * patches.shape[2], size * size * 3))


class PatchEncoder(layers.Layer):
    """Projects patches and adds their positions."""

    def __init__(self, num_patches, projection_dim, **kwargs):
        super().__init__(**kwargs)
        self.num_patches = num_patches
        self.projection = layers.Dense(projection_dim)
        self.position_embedding = layers.Embedding(num_patches, projection_dim)

    def call(self, patch):
        positions = ops.expand_dims(ops.arange(self.num_patches), 0)
        return self.projection(patch) + self.position_embedding(positions)


def vit_example(depth=8, dim=64):
    """The vision transformer of the keras.io example."""
    image = keras.Input((72, 72, 3))
    x = PatchEncoder(144, dim)(Patches(6)(image))
    for _ in range(depth):
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        y = layers.MultiHeadAttention(num_heads=4, key_dim=dim, dropout=0.1)(y, y)
        x = layers.Add()([y, x])
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        for units in (2 * dim, dim):
            y = layers.Dropout(0.1)(layers.Dense(units, activation="gelu")(y))
        x = layers.Add()([y, x])
    x = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(x))
    x = layers.Dropout(0.5)(x)
    for units in (2048, 1024):
        x = layers.Dropout(0.5)(layers.Dense(units, activation="gelu")(x))
    return keras.Model(image, layers.Dense(100)(x), name="vit")


def vit_base():
    """Dosovitskiy et al. 2021: ViT-B/16 with a class token, layers named by block."""
    dim = 768

    class ClassToken(layers.Layer):
        def build(self, input_shape):
            self.token = self.add_weight(shape=(1, 1, dim), name="token")
            self.position = self.add_weight(shape=(1, input_shape[1] + 1, dim), name="position")

        def call(self, x):
            token = ops.broadcast_to(self.token, (ops.shape(x)[0], 1, dim))
            return ops.concatenate([token, x], axis=1) + self.position

    image = keras.Input((224, 224, 3), name="image")
    x = layers.Conv2D(dim, 16, strides=16, name="patch_embedding")(image)
    x = layers.Reshape((196, dim), name="patches")(x)
    x = ClassToken(name="class_token")(x)
    for index in range(12):
        name = f"encoder_block_{index}"
        y = layers.LayerNormalization(name=f"{name}_norm1")(x)
        y = layers.MultiHeadAttention(12, 64, name=f"{name}_attention")(y, y)
        x = layers.Add(name=f"{name}_add1")([x, y])
        y = layers.LayerNormalization(name=f"{name}_norm2")(x)
        y = layers.Dense(4 * dim, activation="gelu", name=f"{name}_mlp1")(y)
        y = layers.Dense(dim, name=f"{name}_mlp2")(y)
        x = layers.Add(name=f"{name}_add2")([x, y])
    x = layers.LayerNormalization(name="encoder_norm")(x)
    x = layers.Dense(1000, name="head")(x[:, 0])
    return keras.Model(image, x, name="vit_b16")


def convmixer(depth=8):
    """Trockman and Kolter 2022, ConvMixer-256/8 of the keras.io example."""

    def unit(x):
        return layers.BatchNormalization()(layers.Activation("gelu")(x))

    image = keras.Input((32, 32, 3))
    x = layers.Rescaling(1 / 255)(image)
    x = unit(layers.Conv2D(256, 2, strides=2)(x))
    for _ in range(depth):
        y = unit(layers.DepthwiseConv2D(5, padding="same")(x))
        x = unit(layers.Conv2D(256, 1)(layers.Add()([y, x])))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(10, activation="softmax")(x), name="convmixer")


def mlp_mixer(depth=8, dim=512):
    """Tolstikhin et al. 2021: token mixing and channel mixing, Mixer-S/16 with 196 patches."""
    image = keras.Input((224, 224, 3))
    x = layers.Conv2D(dim, 16, strides=16)(image)
    x = layers.Reshape((196, dim))(x)
    for _ in range(depth):
        y = layers.Permute((2, 1))(layers.LayerNormalization()(x))
        y = layers.Dense(196)(layers.Dense(256, activation="gelu")(y))
        x = layers.Add()([x, layers.Permute((2, 1))(y)])
        y = layers.LayerNormalization()(x)
        y = layers.Dense(dim)(layers.Dense(4 * dim, activation="gelu")(y))
        x = layers.Add()([x, y])
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    return keras.Model(image, layers.Dense(1000)(x), name="mlp_mixer_s16")


class GMLPLayer(layers.Layer):
    """The block of the keras.io example on gMLP."""

    def __init__(self, num_patches, dim, **kwargs):
        super().__init__(**kwargs)
        self.channel_projection1 = keras.Sequential(
            [layers.Dense(2 * dim, activation="gelu"), layers.Dropout(0.2)]
        )
        self.channel_projection2 = layers.Dense(dim)
        self.spatial_projection = layers.Dense(num_patches, bias_initializer="ones")
        self.normalize1 = layers.LayerNormalization(epsilon=1e-6)
        self.normalize2 = layers.LayerNormalization(epsilon=1e-6)

    def spatial_gating_unit(self, x):
        u, v = ops.split(x, 2, axis=2)
        v = ops.transpose(self.normalize2(v), (0, 2, 1))
        v = ops.transpose(self.spatial_projection(v), (0, 2, 1))
        return u * v

    def call(self, inputs):
        x = self.channel_projection1(self.normalize1(inputs))
        return inputs + self.channel_projection2(self.spatial_gating_unit(x))


def gmlp(depth=4):
    """The gMLP of the keras.io example: the blocks in a nested Sequential."""
    blocks = keras.Sequential([GMLPLayer(64, 256) for _ in range(depth)], name="blocks")
    image = keras.Input((64, 64, 3))
    x = layers.Dense(256)(Patches(8)(image))
    x = layers.GlobalAveragePooling1D()(blocks(x))
    return keras.Model(image, layers.Dense(100)(layers.Dropout(0.2)(x)), name="gmlp")


class WindowAttention(layers.Layer):
    """Attention in windows that may be shifted."""

    def __init__(self, heads, window, shift, **kwargs):
        super().__init__(**kwargs)
        self.window, self.shift = window, shift
        self.attention = layers.MultiHeadAttention(heads, 32)

    def call(self, x):
        _, height, width, channels = x.shape
        w = self.window
        if self.shift:
            x = ops.roll(x, (-self.shift, -self.shift), axis=(1, 2))
        x = ops.reshape(x, (-1, height // w, w, width // w, w, channels))
        x = ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, w * w, channels))
        x = self.attention(x, x)
        x = ops.reshape(x, (-1, height // w, width // w, w, w, channels))
        x = ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, height, width, channels))
        return ops.roll(x, (self.shift, self.shift), axis=(1, 2)) if self.shift else x


class PatchMerging(layers.Layer):
    """Halves height and width, doubles the channels."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.LayerNormalization()

    def build(self, input_shape):
        self.reduction = layers.Dense(2 * input_shape[-1], use_bias=False)
        self.reduction.build((*input_shape[:-1], 4 * input_shape[-1]))
        self.norm.build((*input_shape[:-1], 4 * input_shape[-1]))

    def call(self, x):
        parts = [x[:, i::2, j::2] for j in (0, 1) for i in (0, 1)]
        return self.reduction(self.norm(ops.concatenate(parts, axis=-1)))


def swin_tiny():
    """Liu et al. 2021: Swin-T, window and shifted window attention by turns."""
    image = keras.Input((224, 224, 3), name="image")
    x = layers.Conv2D(96, 4, strides=4, name="patch_embed")(image)
    x = layers.LayerNormalization(name="patch_norm")(x)
    for stage, depth in enumerate((2, 2, 6, 2)):
        if stage:
            x = PatchMerging(name=f"merging{stage}")(x)
        channels = 96 * 2**stage
        for index in range(depth):
            y = layers.LayerNormalization()(x)
            y = WindowAttention(3 * 2**stage, 7, 3 * (index % 2))(y)
            x = layers.Add()([x, y])
            y = layers.LayerNormalization()(x)
            y = layers.Dense(channels)(layers.Dense(4 * channels, activation="gelu")(y))
            x = layers.Add()([x, y])
    x = layers.GlobalAveragePooling2D()(layers.LayerNormalization()(x))
    return keras.Model(image, layers.Dense(1000, name="head")(x), name="swin_tiny")


def mobilevit():
    """Mehta and Rastegari 2022, as the keras.io example builds MobileViT-XXS."""

    def conv(x, filters, size=3, strides=2):
        return layers.Conv2D(filters, size, strides, "same", activation="swish")(x)

    def inverted(x, expanded, output, strides=1):
        y = layers.Conv2D(expanded, 1, use_bias=False)(x)
        y = layers.Activation("swish")(layers.BatchNormalization()(y))
        if strides == 2:
            y = layers.ZeroPadding2D(((0, 1), (0, 1)))(y)
        padding = "valid" if strides == 2 else "same"
        y = layers.DepthwiseConv2D(3, strides, padding, use_bias=False)(y)
        y = layers.Activation("swish")(layers.BatchNormalization()(y))
        y = layers.BatchNormalization()(layers.Conv2D(output, 1, use_bias=False)(y))
        return layers.Add()([x, y]) if strides == 1 and x.shape[-1] == output else y

    def transformer(x, dim):
        y = layers.LayerNormalization()(x)
        x = layers.Add()([layers.MultiHeadAttention(2, dim, dropout=0.1)(y, y), x])
        y = layers.LayerNormalization()(x)
        for units in (2 * dim, dim):
            y = layers.Dropout(0.1)(layers.Dense(units, activation="swish")(y))
        return layers.Add()([y, x])

    def block(x, blocks, dim):
        local = conv(conv(x, dim, strides=1), dim, 1, 1)
        height, width = local.shape[1:3]
        y = layers.Reshape((4, height * width // 4, dim))(local)
        for _ in range(blocks):
            y = transformer(y, dim)
        y = conv(layers.Reshape((height, width, dim))(y), x.shape[-1], 1, 1)
        return conv(layers.Concatenate()([x, y]), dim, strides=1)

    image = keras.Input((256, 256, 3))
    x = conv(layers.Rescaling(1 / 255)(image), 16)
    x = inverted(x, 32, 16)
    x = inverted(x, 32, 24, 2)
    x = inverted(inverted(x, 48, 24), 48, 24)
    x = block(inverted(x, 48, 48, 2), 2, 64)
    x = block(inverted(x, 128, 64, 2), 4, 80)
    x = block(inverted(x, 160, 80, 2), 3, 96)
    x = layers.GlobalAveragePooling2D()(conv(x, 320, 1, 1))
    return keras.Model(image, layers.Dense(5, activation="softmax")(x), name="mobilevit_xxs")


def transfer_resnet():
    """A pretrained base with a head: what every tutorial on transfer learning builds."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(224, 224, 3))
    image = keras.Input((224, 224, 3), name="image")
    x = layers.GlobalAveragePooling2D()(base(image, training=False))
    x = layers.Dropout(0.2)(x)
    return keras.Model(image, layers.Dense(10, name="classes")(x), name="flowers")


def transfer_efficientnet():
    """The same with augmentation before the base."""
    base = keras.applications.EfficientNetB0(
        weights=None, include_top=False, input_shape=(224, 224, 3)
    )
    augmentation = keras.Sequential(
        [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.1)],
        name="augmentation",
    )
    image = keras.Input((224, 224, 3))
    x = layers.GlobalAveragePooling2D()(base(augmentation(image)))
    x = layers.Dropout(0.2)(layers.BatchNormalization()(x))
    return keras.Model(image, layers.Dense(120, activation="softmax")(x), name="dogs")


def googlenet():
    """Szegedy et al. 2014, with its two auxiliary classifiers."""

    def conv(x, filters, size, strides=1):
        return layers.Conv2D(filters, size, strides, "same", activation="relu")(x)

    def inception(x, a, b, c, d, name):
        one = layers.Conv2D(a, 1, activation="relu", name=f"{name}_1x1")(x)
        three = layers.Conv2D(b[0], 1, activation="relu", name=f"{name}_3x3_reduce")(x)
        three = layers.Conv2D(b[1], 3, padding="same", activation="relu", name=f"{name}_3x3")(three)
        five = layers.Conv2D(c[0], 1, activation="relu", name=f"{name}_5x5_reduce")(x)
        five = layers.Conv2D(c[1], 5, padding="same", activation="relu", name=f"{name}_5x5")(five)
        pool = layers.MaxPooling2D(3, 1, "same", name=f"{name}_pool")(x)
        pool = layers.Conv2D(d, 1, activation="relu", name=f"{name}_pool_proj")(pool)
        return layers.Concatenate(name=f"{name}_output")([one, three, five, pool])

    def auxiliary(x, name):
        x = layers.AveragePooling2D(5, 3)(x)
        x = layers.Flatten()(conv(x, 128, 1))
        x = layers.Dropout(0.7)(layers.Dense(1024, activation="relu")(x))
        return layers.Dense(1000, activation="softmax", name=name)(x)

    image = keras.Input((224, 224, 3), name="image")
    x = layers.MaxPooling2D(3, 2, "same")(conv(image, 64, 7, 2))
    x = conv(conv(x, 64, 1), 192, 3)
    x = layers.MaxPooling2D(3, 2, "same")(x)
    x = inception(x, 64, (96, 128), (16, 32), 32, "inception_3a")
    x = inception(x, 128, (128, 192), (32, 96), 64, "inception_3b")
    x = layers.MaxPooling2D(3, 2, "same")(x)
    x = inception(x, 192, (96, 208), (16, 48), 64, "inception_4a")
    first = auxiliary(x, "auxiliary1")
    x = inception(x, 160, (112, 224), (24, 64), 64, "inception_4b")
    x = inception(x, 128, (128, 256), (24, 64), 64, "inception_4c")
    x = inception(x, 112, (144, 288), (32, 64), 64, "inception_4d")
    second = auxiliary(x, "auxiliary2")
    x = inception(x, 256, (160, 320), (32, 128), 128, "inception_4e")
    x = layers.MaxPooling2D(3, 2, "same")(x)
    x = inception(x, 256, (160, 320), (32, 128), 128, "inception_5a")
    x = inception(x, 384, (192, 384), (48, 128), 128, "inception_5b")
    x = layers.Dropout(0.4)(layers.GlobalAveragePooling2D()(x))
    main = layers.Dense(1000, activation="softmax", name="main")(x)
    return keras.Model(image, [main, first, second], name="googlenet")
