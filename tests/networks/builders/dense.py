"""Dense prediction: segmentation, detection, restoration."""

from __future__ import annotations

import keras
from keras import layers, ops


def double_conv(x, filters):
    """Return the two convolutions of a level of a U-Net."""
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return x


def conv_bn(x, filters, size=3, strides=1, dilation=1):
    """Return a convolution with batch normalization and ReLU."""
    x = layers.Conv2D(
        filters, size, strides, "same", dilation_rate=dilation, use_bias=False
    )(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def unet(size=256, base=64, classes=2):
    """Ronneberger et al. 2015, with padding."""
    image = keras.Input((size, size, 1), name="image")
    x, skips = image, []
    for level in range(4):
        x = double_conv(x, base * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = double_conv(x, base * 16)
    for level in reversed(range(4)):
        x = layers.Conv2DTranspose(base * 2**level, 2, strides=2)(x)
        x = double_conv(layers.Concatenate()([skips[level], x]), base * 2**level)
    mask = layers.Conv2D(classes, 1, activation="softmax", name="mask")(x)
    return keras.Model(image, mask, name="unet")


def unet_named(size=128, base=32):
    """The same with the author's names on every layer."""
    image = keras.Input((size, size, 3), name="image")
    x, skips = image, []
    for level in range(4):
        for index in (1, 2):
            x = layers.Conv2D(
                base * 2**level, 3, padding="same", activation="relu", name=f"enc{level}_conv{index}"
            )(x)
        skips.append(x)
        x = layers.MaxPooling2D(name=f"enc{level}_pool")(x)
    for index in (1, 2):
        x = layers.Conv2D(
            base * 16, 3, padding="same", activation="relu", name=f"bottleneck_conv{index}"
        )(x)
    for level in reversed(range(4)):
        x = layers.Conv2DTranspose(base * 2**level, 2, strides=2, name=f"dec{level}_up")(x)
        x = layers.Concatenate(name=f"dec{level}_concat")([skips[level], x])
        for index in (1, 2):
            x = layers.Conv2D(
                base * 2**level, 3, padding="same", activation="relu", name=f"dec{level}_conv{index}"
            )(x)
    return keras.Model(image, layers.Conv2D(1, 1, name="mask")(x), name="unet")


def vnet():
    """Milletari et al. 2016: volumes and residual levels."""
    volume = keras.Input((64, 64, 64, 1), name="volume")
    x, skips = volume, []
    for level, convs in enumerate((1, 2, 3)):
        y = x
        for _ in range(convs):
            y = layers.PReLU(shared_axes=(1, 2, 3))(layers.Conv3D(16 * 2**level, 5, padding="same")(y))
        x = layers.Add()([x, y])
        skips.append(x)
        x = layers.PReLU(shared_axes=(1, 2, 3))(layers.Conv3D(32 * 2**level, 2, strides=2)(x))
    y = x
    for _ in range(3):
        y = layers.PReLU(shared_axes=(1, 2, 3))(layers.Conv3D(128, 5, padding="same")(y))
    x = layers.Add()([x, y])
    for level, convs in reversed(list(enumerate((1, 2, 3)))):
        x = layers.Conv3DTranspose(16 * 2**level, 2, strides=2)(x)
        y = layers.Concatenate()([x, skips[level]])
        for _ in range(convs):
            y = layers.PReLU(shared_axes=(1, 2, 3))(layers.Conv3D(16 * 2**level, 5, padding="same")(y))
        x = layers.Add()([x, y])
    return keras.Model(volume, layers.Conv3D(2, 1, activation="softmax")(x), name="vnet")


def pix2pix_generator():
    """Isola et al. 2017, as the TensorFlow tutorial writes it: a Sequential for each level."""

    def down(filters, normalized=True):
        block = keras.Sequential()
        block.add(layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=False))
        if normalized:
            block.add(layers.BatchNormalization())
        block.add(layers.LeakyReLU())
        return block

    def up(filters, dropout=False):
        block = keras.Sequential()
        block.add(layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False))
        block.add(layers.BatchNormalization())
        if dropout:
            block.add(layers.Dropout(0.5))
        block.add(layers.ReLU())
        return block

    image = x = keras.Input((256, 256, 3))
    skips = []
    for block in (down(64, normalized=False), down(128), down(256), *(down(512) for _ in range(5))):
        x = block(x)
        skips.append(x)
    ups = [*(up(512, dropout=True) for _ in range(3)), up(512), up(256), up(128), up(64)]
    for block, skip in zip(ups, reversed(skips[:-1]), strict=True):
        x = layers.Concatenate()([block(x), skip])
    last = layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation="tanh")
    return keras.Model(image, last(x), name="generator")


def unet_mobilenet():
    """A U-Net on MobileNetV2's features, as the TensorFlow tutorial on segmentation builds it."""
    base = keras.applications.MobileNetV2(weights=None, input_shape=(128, 128, 3), include_top=False)
    names = ("block_1_expand_relu", "block_3_expand_relu", "block_6_expand_relu")
    names += ("block_13_expand_relu", "block_16_project")
    encoder = keras.Model(base.input, [base.get_layer(name).output for name in names], name="encoder")
    image = keras.Input((128, 128, 3), name="image")
    *skips, x = encoder(image)
    for filters, skip in zip((512, 256, 128, 64), reversed(skips), strict=True):
        up = keras.Sequential(
            [
                layers.Conv2DTranspose(filters, 3, strides=2, padding="same", use_bias=False),
                layers.BatchNormalization(),
                layers.ReLU(),
            ]
        )
        x = layers.Concatenate()([up(x), skip])
    mask = layers.Conv2DTranspose(3, 3, strides=2, padding="same", name="mask")(x)
    return keras.Model(image, mask, name="unet_mobilenet")


def unet_resnet50():
    """ResNet50 as a flat encoder, a decoder with skips."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(512, 512, 3))
    names = ("conv1_relu", "conv2_block3_out", "conv3_block4_out", "conv4_block6_out")
    x = base.output
    for filters, name in zip((512, 256, 128, 64), reversed(names), strict=True):
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = layers.Concatenate()([x, base.get_layer(name).output])
        x = conv_bn(conv_bn(x, filters), filters)
    x = layers.Conv2DTranspose(32, 2, strides=2)(x)
    x = conv_bn(conv_bn(x, 32), 32)
    return keras.Model(base.input, layers.Conv2D(1, 1, activation="sigmoid")(x), name="unet_resnet50")


def unet_vgg16():
    """TernausNet: VGG16 as the encoder."""
    base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(256, 256, 3))
    x = base.output
    for filters, number in ((512, 5), (512, 4), (256, 3), (128, 2), (64, 1)):
        name = f"block{number}_conv{2 if number < 3 else 3}"
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = layers.Concatenate()([x, base.get_layer(name).output])
        x = conv_bn(conv_bn(x, filters), filters)
    return keras.Model(base.input, layers.Conv2D(1, 1, activation="sigmoid")(x), name="ternausnet")


def attention_unet():
    """Oktay et al. 2018: a gate on each skip."""

    def gate(x, skip, filters):
        a = layers.Add()([layers.Conv2D(filters, 1)(x), layers.Conv2D(filters, 1)(skip)])
        a = layers.Conv2D(1, 1, activation="sigmoid")(layers.ReLU()(a))
        return layers.Multiply()([skip, a])

    image = keras.Input((256, 256, 1), name="image")
    x, skips = image, []
    for filters in (64, 128, 256, 512):
        x = double_conv(x, filters)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = double_conv(x, 1024)
    for filters, skip in zip((512, 256, 128, 64), reversed(skips), strict=True):
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = double_conv(layers.Concatenate()([x, gate(x, skip, filters // 2)]), filters)
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid")(x), name="attention_unet")


def unet_plus_plus():
    """Zhou et al. 2018: nested skips, with deep supervision."""
    image = keras.Input((256, 256, 3), name="image")
    filters = (32, 64, 128, 256, 512)
    grid = {}
    for level in range(5):
        x = layers.MaxPooling2D()(grid[level - 1, 0]) if level else image
        grid[level, 0] = double_conv(x, filters[level])
    for column in range(1, 5):
        for level in range(5 - column):
            up = layers.Conv2DTranspose(filters[level], 2, strides=2)(grid[level + 1, column - 1])
            before = [grid[level, index] for index in range(column)]
            x = layers.Concatenate()([*before, up])
            grid[level, column] = double_conv(x, filters[level])
    outputs = [
        layers.Conv2D(1, 1, activation="sigmoid", name=f"output{column}")(grid[0, column])
        for column in range(1, 5)
    ]
    return keras.Model(image, outputs, name="unet_plus_plus")


def unet3_plus():
    """Huang et al. 2020: each decoder level takes from all others."""
    image = keras.Input((320, 320, 3), name="image")
    encoder, x = [], image
    for level, filters in enumerate((64, 128, 256, 512, 1024)):
        x = double_conv(layers.MaxPooling2D()(x) if level else x, filters)
        encoder.append(x)
    decoder = {4: encoder[4]}
    for level in (3, 2, 1, 0):
        parts = []
        for source in range(5):
            part = encoder[source] if source <= level else decoder[source]
            if source < level:
                part = layers.MaxPooling2D(2 ** (level - source))(part)
            if source > level:
                part = layers.UpSampling2D(2 ** (source - level), interpolation="bilinear")(part)
            parts.append(conv_bn(part, 64))
        decoder[level] = conv_bn(layers.Concatenate()(parts), 320)
    return keras.Model(image, layers.Conv2D(1, 3, padding="same")(decoder[0]), name="unet3_plus")


@keras.saving.register_keras_serializable("corpus")
class SinusoidalEmbedding(layers.Layer):
    """The noise embedding of the keras.io example on DDIM."""

    def call(self, x):
        frequencies = ops.exp(ops.linspace(0.0, 6.9, 16))
        angles = 2.0 * 3.14159 * frequencies * x
        return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=3)


def ddim_unet(widths=(32, 64, 96, 128), depth=2):
    """The denoiser of the keras.io example on DDIM."""

    def residual(x, width):
        shortcut = x if x.shape[3] == width else layers.Conv2D(width, 1)(x)
        y = layers.BatchNormalization(center=False, scale=False)(x)
        y = layers.Conv2D(width, 3, padding="same", activation="swish")(y)
        y = layers.Conv2D(width, 3, padding="same")(y)
        return layers.Add()([y, shortcut])

    images = keras.Input((64, 64, 3), name="noisy_images")
    variances = keras.Input((1, 1, 1), name="noise_variances")
    embedding = SinusoidalEmbedding(name="noise_embedding")(variances)
    embedding = layers.UpSampling2D(64, interpolation="nearest")(embedding)
    x = layers.Concatenate()([layers.Conv2D(widths[0], 1)(images), embedding])
    skips = []
    for width in widths[:-1]:
        for _ in range(depth):
            x = residual(x, width)
            skips.append(x)
        x = layers.AveragePooling2D(2)(x)
    for _ in range(depth):
        x = residual(x, widths[-1])
    for width in reversed(widths[:-1]):
        x = layers.UpSampling2D(interpolation="bilinear")(x)
        for _ in range(depth):
            x = residual(layers.Concatenate()([x, skips.pop()]), width)
    x = layers.Conv2D(3, 1, kernel_initializer="zeros", name="noise")(x)
    return keras.Model([images, variances], x, name="residual_unet")


def ddpm_unet(base=64):
    """Ho et al. 2020, as the keras.io example: the time enters every residual block."""

    def residual(x, t, width):
        shortcut = x if x.shape[3] == width else layers.Conv2D(width, 1)(x)
        bias = layers.Dense(width)(layers.Activation("swish")(t))[:, None, None]
        y = layers.Activation("swish")(layers.GroupNormalization(8)(x))
        y = layers.Add()([layers.Conv2D(width, 3, padding="same")(y), bias])
        y = layers.Activation("swish")(layers.GroupNormalization(8)(y))
        y = layers.Conv2D(width, 3, padding="same")(y)
        return layers.Add()([shortcut, y])

    def attend(x):
        height, width, channels = x.shape[1:]
        y = layers.Reshape((height * width, channels))(layers.GroupNormalization(8)(x))
        y = layers.MultiHeadAttention(1, channels)(y, y)
        return layers.Add()([x, layers.Reshape((height, width, channels))(y)])

    image, time = keras.Input((32, 32, 3), name="image"), keras.Input((64,), name="time")
    t = layers.Dense(4 * base, activation="swish", name="time_mlp1")(time)
    t = layers.Dense(4 * base, name="time_mlp2")(t)
    x = layers.Conv2D(base, 3, padding="same")(image)
    skips = [x]
    for level in range(4):
        for _ in range(2):
            x = residual(x, t, base * 2**level)
            if level >= 2:
                x = attend(x)
            skips.append(x)
        if level < 3:
            x = layers.Conv2D(base * 2**level, 3, strides=2, padding="same")(x)
            skips.append(x)
    x = residual(attend(residual(x, t, base * 8)), t, base * 8)
    for level in reversed(range(4)):
        for _ in range(3):
            x = residual(layers.Concatenate()([x, skips.pop()]), t, base * 2**level)
            if level >= 2:
                x = attend(x)
        if level:
            x = layers.UpSampling2D()(x)
            x = layers.Conv2D(base * 2**level, 3, padding="same")(x)
    x = layers.Activation("swish")(layers.GroupNormalization(8)(x))
    return keras.Model([image, time], layers.Conv2D(3, 3, padding="same")(x), name="ddpm_unet")


def retinanet(nested=False):
    """Lin et al. 2017: ResNet50, FPN from P3 to P7, heads shared by the five levels."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(512, 512, 3))
    names = ("conv3_block4_out", "conv4_block6_out", "conv5_block3_out")
    taps = [base.get_layer(name).output for name in names]
    image = base.input
    if nested:
        backbone = keras.Model(base.input, taps, name="backbone")
        image = keras.Input((512, 512, 3), name="image")
        taps = backbone(image)
    c3, c4, c5 = taps
    p3, p4, p5 = (layers.Conv2D(256, 1, name=f"lateral{n}")(c) for n, c in ((3, c3), (4, c4), (5, c5)))
    p4 = layers.Add(name="merge4")([p4, layers.UpSampling2D(name="up5")(p5)])
    p3 = layers.Add(name="merge3")([p3, layers.UpSampling2D(name="up4")(p4)])
    p3, p4, p5 = (
        layers.Conv2D(256, 3, padding="same", name=f"p{n}")(p) for n, p in ((3, p3), (4, p4), (5, p5))
    )
    p6 = layers.Conv2D(256, 3, strides=2, padding="same", name="p6")(c5)
    p7 = layers.Conv2D(256, 3, strides=2, padding="same", name="p7")(layers.ReLU()(p6))

    def head(filters, name):
        tower = [layers.Conv2D(256, 3, padding="same", activation="relu") for _ in range(4)]
        last = layers.Conv2D(filters, 3, padding="same")
        return keras.Sequential([keras.Input((None, None, 256)), *tower, last], name=name)

    classes, boxes = head(9 * 80, "class_head"), head(9 * 4, "box_head")
    levels = (p3, p4, p5, p6, p7)
    flat_classes = [layers.Reshape((-1, 80))(classes(p)) for p in levels]
    flat_boxes = [layers.Reshape((-1, 4))(boxes(p)) for p in levels]
    outputs = {
        "classes": layers.Concatenate(axis=1, name="classes")(flat_classes),
        "boxes": layers.Concatenate(axis=1, name="boxes")(flat_boxes),
    }
    return keras.Model(image, outputs, name="retinanet")


def retinanet_nested():
    """The same with the backbone as one nested model."""
    return retinanet(nested=True)


def efficientdet(repeats=3, width=64):
    """Tan et al. 2020: EfficientNetB0, three BiFPN layers, shared heads; D0."""
    base = keras.applications.EfficientNetB0(
        weights=None, include_top=False, input_shape=(512, 512, 3)
    )
    names = ("block3b_add", "block5c_add", "block7a_project_bn")
    c3, c4, c5 = (base.get_layer(name).output for name in names)

    def resample(x):
        return layers.BatchNormalization()(layers.Conv2D(width, 1)(x))

    def node(*inputs):
        x = layers.Activation("swish")(layers.Add()(list(inputs)))
        x = layers.SeparableConv2D(width, 3, padding="same")(x)
        return layers.BatchNormalization()(x)

    p6 = layers.MaxPooling2D(3, 2, "same")(resample(c5))
    features = [resample(c3), resample(c4), resample(c5), p6, layers.MaxPooling2D(3, 2, "same")(p6)]
    for _ in range(repeats):
        down = [features[4]]
        for feature in reversed(features[:4]):
            down.append(node(feature, layers.UpSampling2D()(down[-1])))
        down.reverse()
        out = [down[0]]
        for level in range(1, 5):
            pooled = layers.MaxPooling2D(3, 2, "same")(out[-1])
            inputs = (features[level], down[level], pooled) if level < 4 else (features[4], pooled)
            out.append(node(*inputs))
        features = out

    def head(filters, name):
        tower = []
        for _ in range(3):
            tower += [layers.SeparableConv2D(width, 3, padding="same"), layers.BatchNormalization()]
            tower += [layers.Activation("swish")]
        last = layers.SeparableConv2D(filters, 3, padding="same")
        return keras.Sequential([keras.Input((None, None, width)), *tower, last], name=name)

    classes, boxes = head(9 * 90, "class_net"), head(9 * 4, "box_net")
    outputs = [classes(feature) for feature in features] + [boxes(feature) for feature in features]
    return keras.Model(base.input, outputs, name="efficientdet_d0")


def deeplabv3_plus():
    """Chen et al. 2018, as the keras.io example: ResNet50, dilated pyramid pooling, a decoder."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(512, 512, 3))
    x = base.get_layer("conv4_block6_2_relu").output
    pooled = layers.AveragePooling2D(x.shape[1:3])(x)
    pooled = layers.UpSampling2D(x.shape[1:3], interpolation="bilinear")(conv_bn(pooled, 256, 1))
    branches = [conv_bn(x, 256, 1 if rate == 1 else 3, dilation=rate) for rate in (1, 6, 12, 18)]
    x = conv_bn(layers.Concatenate()([pooled, *branches]), 256, 1)
    x = layers.UpSampling2D(4, interpolation="bilinear")(x)
    low = conv_bn(base.get_layer("conv2_block3_2_relu").output, 48, 1)
    x = conv_bn(conv_bn(layers.Concatenate()([x, low]), 256), 256)
    x = layers.UpSampling2D(4, interpolation="bilinear")(x)
    return keras.Model(base.input, layers.Conv2D(20, 1)(x), name="deeplabv3_plus")


def pspnet():
    """Zhao et al. 2017: pooling to a pyramid of four sizes."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(384, 384, 3))
    x = base.get_layer("conv4_block6_out").output
    size = x.shape[1]
    branches = [x]
    for bins in (1, 2, 3, 6):
        y = layers.AveragePooling2D(size // bins)(x)
        y = conv_bn(y, 256, 1)
        branches.append(layers.Resizing(size, size, interpolation="bilinear")(y))
    x = conv_bn(layers.Concatenate()(branches), 512)
    x = layers.Conv2D(21, 1)(layers.Dropout(0.1)(x))
    return keras.Model(base.input, layers.UpSampling2D(16, interpolation="bilinear")(x), name="pspnet")


def fcn8s():
    """Long et al. 2015 on VGG16: scores of three depths are added."""
    base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(224, 224, 3))
    pool3, pool4 = (base.get_layer(f"block{n}_pool").output for n in (3, 4))
    x = layers.Conv2D(4096, 7, padding="same", activation="relu", name="fc6")(base.output)
    x = layers.Dropout(0.5)(x)
    x = layers.Conv2D(4096, 1, activation="relu", name="fc7")(x)
    x = layers.Conv2D(21, 1, name="score")(layers.Dropout(0.5)(x))
    x = layers.Conv2DTranspose(21, 4, strides=2, padding="same", name="up2")(x)
    x = layers.Add()([x, layers.Conv2D(21, 1, name="score_pool4")(pool4)])
    x = layers.Conv2DTranspose(21, 4, strides=2, padding="same", name="up4")(x)
    x = layers.Add()([x, layers.Conv2D(21, 1, name="score_pool3")(pool3)])
    x = layers.Conv2DTranspose(21, 16, strides=8, padding="same", name="up8")(x)
    return keras.Model(base.input, x, name="fcn8s")


def linknet():
    """Chaurasia and Culurciello 2017: a light decoder whose skips are added."""

    def encoder(x, filters, strides):
        y = layers.Conv2D(filters, 3, padding="same")(conv_bn(x, filters, 3, strides))
        y = layers.BatchNormalization()(y)
        shortcut = layers.Conv2D(filters, 1, strides)(x)
        x = layers.ReLU()(layers.Add()([y, shortcut]))
        y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same")(conv_bn(x, filters)))
        return layers.ReLU()(layers.Add()([y, x]))

    def decoder(x, filters, strides=2):
        x = conv_bn(x, x.shape[-1] // 4, 1)
        x = layers.Conv2DTranspose(x.shape[-1], 3, strides, "same")(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        return conv_bn(x, filters, 1)

    image = keras.Input((256, 256, 3))
    x = layers.MaxPooling2D(3, 2, "same")(conv_bn(image, 64, 7, 2))
    e1 = encoder(x, 64, 1)
    e2 = encoder(e1, 128, 2)
    e3 = encoder(e2, 256, 2)
    e4 = encoder(e3, 512, 2)
    x = layers.Add()([decoder(e4, 256), e3])
    x = layers.Add()([decoder(x, 128), e2])
    x = layers.Add()([decoder(x, 64), e1])
    x = decoder(x, 64, 1)
    x = layers.Conv2DTranspose(32, 3, 2, "same", activation="relu")(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    return keras.Model(image, layers.Conv2DTranspose(21, 2, 2)(x), name="linknet")


def hrnet():
    """Sun et al. 2019: parallel resolutions that exchange after every stage; W18, shortened."""
    widths = (18, 36, 72, 144)

    def basic(x, filters):
        y = layers.BatchNormalization()(
            layers.Conv2D(filters, 3, padding="same")(conv_bn(x, filters))
        )
        return layers.ReLU()(layers.Add()([x, y]))

    def exchange(branches):
        fused = []
        for target in range(len(branches)):
            parts = []
            for source, x in enumerate(branches):
                if source > target:
                    x = layers.BatchNormalization()(layers.Conv2D(widths[target], 1)(x))
                    x = layers.UpSampling2D(2 ** (source - target))(x)
                for step in range(target - source):
                    last = step == target - source - 1
                    filters = widths[target] if last else widths[source]
                    x = layers.Conv2D(filters, 3, strides=2, padding="same")(x)
                    x = layers.BatchNormalization()(x)
                parts.append(x)
            fused.append(layers.ReLU()(layers.Add()(parts)))
        return fused

    image = keras.Input((256, 256, 3), name="image")
    x = conv_bn(conv_bn(image, 64, 3, 2), 64, 3, 2)
    branches = [conv_bn(x, widths[0]), conv_bn(x, widths[1], 3, 2)]
    for stage in (2, 3, 4):
        for _ in range(4):
            branches = [basic(x, widths[level]) for level, x in enumerate(branches)]
        branches = exchange(branches)
        if stage < 4:
            branches.append(conv_bn(branches[-1], widths[stage], 3, 2))
    tops = [branches[0]]
    tops += [layers.UpSampling2D(2**n, interpolation="bilinear")(x) for n, x in enumerate(branches) if n]
    x = layers.Concatenate()(tops)
    return keras.Model(image, layers.Conv2D(17, 1, name="heatmaps")(conv_bn(x, 270, 1)), name="hrnet")


def hourglass(stacks=2, features=64):
    """Newell et al. 2016: stacked hourglasses with intermediate supervision."""

    def residual(x, filters):
        shortcut = x if x.shape[-1] == filters else layers.Conv2D(filters, 1)(x)
        y = conv_bn(conv_bn(conv_bn(x, filters // 2, 1), filters // 2), filters, 1)
        return layers.Add()([shortcut, y])

    def glass(x, depth):
        upper = residual(x, features)
        lower = residual(layers.MaxPooling2D()(x), features)
        lower = glass(lower, depth - 1) if depth > 1 else residual(lower, features)
        lower = residual(lower, features)
        return layers.Add()([upper, layers.UpSampling2D()(lower)])

    image = keras.Input((256, 256, 3), name="image")
    x = layers.MaxPooling2D()(residual(conv_bn(image, 32, 7, 2), features))
    outputs = []
    for stack in range(stacks):
        y = conv_bn(residual(glass(x, 4), features), features, 1)
        heat = layers.Conv2D(16, 1, name=f"heatmaps{stack + 1}")(y)
        outputs.append(heat)
        if stack < stacks - 1:
            x = layers.Add()([x, layers.Conv2D(features, 1)(y), layers.Conv2D(features, 1)(heat)])
    return keras.Model(image, outputs, name="hourglass")


def stardist():
    """Schmidt et al. 2018: a U-Net whose features feed two heads."""
    image = keras.Input((256, 256, 1), name="input")
    x, skips = image, []
    for _ in range(1):
        x = layers.MaxPooling2D()(double_conv(x, 32))
    for level in range(3):
        for index in range(2):
            x = layers.Conv2D(
                32 * 2**level, 3, padding="same", activation="relu", name=f"down_level_{level}_no_{index}"
            )(x)
        skips.append(x)
        x = layers.MaxPooling2D(name=f"max_{level}")(x)
    x = layers.Conv2D(256, 3, padding="same", activation="relu", name="middle_0")(x)
    x = layers.Conv2D(128, 3, padding="same", activation="relu", name="middle_2")(x)
    for level in reversed(range(3)):
        x = layers.Concatenate()([layers.UpSampling2D()(x), skips[level]])
        x = layers.Conv2D(32 * 2**level, 3, padding="same", activation="relu", name=f"up_level_{level}_no_0")(x)
        filters = 32 * 2 ** max(0, level - 1)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"up_level_{level}_no_2")(x)
    x = layers.Conv2D(128, 3, padding="same", activation="relu", name="features")(x)
    prob = layers.Conv2D(1, 1, activation="sigmoid", name="prob")(x)
    dist = layers.Conv2D(32, 1, name="dist")(x)
    return keras.Model(image, [prob, dist], name="stardist")
