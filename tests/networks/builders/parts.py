"""Networks of several parts: towers, generators, recommenders, heads."""

from __future__ import annotations

import keras
from keras import layers, ops


def siamese():
    """Two images through one convolutional tower, and a distance."""
    tower = keras.Sequential(
        [
            keras.Input((105, 105, 1)),
            layers.Conv2D(64, 10, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(128, 7, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(128, 4, activation="relu"),
            layers.Flatten(),
            layers.Dense(4096, activation="sigmoid"),
        ],
        name="tower",
    )
    left, right = keras.Input((105, 105, 1), name="left"), keras.Input((105, 105, 1), name="right")
    distance = ops.abs(tower(left) - tower(right))
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(distance), name="siamese")


def triplet():
    """Three images through one embedding of ResNet50 and a head, as the keras.io example."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(200, 200, 3))
    x = layers.Flatten()(base.output)
    x = layers.BatchNormalization()(layers.Dense(512, activation="relu")(x))
    x = layers.BatchNormalization()(layers.Dense(256, activation="relu")(x))
    embedding = keras.Model(base.input, layers.Dense(256)(x), name="Embedding")
    anchor, positive, negative = (
        keras.Input((200, 200, 3), name=name) for name in ("anchor", "positive", "negative")
    )
    a, p, n = embedding(anchor), embedding(positive), embedding(negative)
    near = ops.sum(ops.square(a - p), -1)
    far = ops.sum(ops.square(a - n), -1)
    return keras.Model([anchor, positive, negative], [near, far], name="triplet")


def dcgan():
    """Radford et al. 2016: the generator in front of the discriminator."""
    generator = keras.Sequential(
        [
            keras.Input((128,)),
            layers.Dense(8 * 8 * 128),
            layers.Reshape((8, 8, 128)),
            layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(256, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(512, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(3, 5, padding="same", activation="sigmoid"),
        ],
        name="generator",
    )
    discriminator = keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            layers.Conv2D(64, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(128, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(128, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid"),
        ],
        name="discriminator",
    )
    noise = keras.Input((128,), name="noise")
    return keras.Model(noise, discriminator(generator(noise)), name="dcgan")


def cyclegan_generator():
    """Zhu et al. 2017: down, nine residual blocks, up."""

    def unit(layer, x, activation=True):
        x = layers.GroupNormalization(groups=-1)(layer(x))
        return layers.ReLU()(x) if activation else x

    image = keras.Input((256, 256, 3), name="image")
    x = unit(layers.Conv2D(64, 7, padding="same", use_bias=False), image)
    for filters in (128, 256):
        x = unit(layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False), x)
    for _ in range(9):
        y = unit(layers.Conv2D(256, 3, padding="same", use_bias=False), x)
        y = unit(layers.Conv2D(256, 3, padding="same", use_bias=False), y, activation=False)
        x = layers.Add()([x, y])
    for filters in (128, 64):
        x = unit(layers.Conv2DTranspose(filters, 3, strides=2, padding="same", use_bias=False), x)
    x = layers.Conv2D(3, 7, padding="same", activation="tanh")(x)
    return keras.Model(image, x, name="generator")


class Sampling(layers.Layer):
    """Draws z from a normal distribution."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        mean, log_var = inputs
        epsilon = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_var) * epsilon


def vae_encoder():
    """The encoder of the keras.io example on VAEs: three outputs with names."""
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(image)
    x = layers.Conv2D(64, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    mean, log_var = layers.Dense(2, name="z_mean")(x), layers.Dense(2, name="z_log_var")(x)
    return keras.Model(image, [mean, log_var, Sampling()([mean, log_var])], name="encoder")


def vae():
    """Encoder and decoder as nested models."""
    encoder = vae_encoder()
    latent = keras.Input((2,))
    x = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(latent))
    x = layers.Conv2DTranspose(64, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x)
    decoder = keras.Model(latent, x, name="decoder")
    image = keras.Input((28, 28, 1), name="image")
    mean, log_var, z = encoder(image)
    outputs = {"reconstruction": decoder(z), "z_mean": mean, "z_log_var": log_var}
    return keras.Model(image, outputs, name="vae")


class VectorQuantizer(layers.Layer):
    """The quantizer of the keras.io example on VQ-VAE."""

    def __init__(self, num_embeddings, embedding_dim, **kwargs):
        super().__init__(**kwargs)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim

    def build(self, input_shape):
        shape = (self.embedding_dim, self.num_embeddings)
        self.embeddings = self.add_weight(shape=shape, name="embeddings_vqvae")

    def call(self, x):
        flat = ops.reshape(x, (-1, self.embedding_dim))
        distances = (
            ops.sum(flat**2, axis=1, keepdims=True)
            + ops.sum(self.embeddings**2, axis=0)
            - 2 * ops.matmul(flat, self.embeddings)
        )
        codes = ops.one_hot(ops.argmin(distances, axis=1), self.num_embeddings)
        quantized = ops.matmul(codes, ops.transpose(self.embeddings))
        quantized = ops.reshape(quantized, ops.shape(x))
        return x + ops.stop_gradient(quantized - x)


def vq_vae():
    """van den Oord et al. 2017, as the keras.io example."""
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(image)
    x = layers.Conv2D(64, 3, activation="relu", strides=2, padding="same")(x)
    encoder = keras.Model(image, layers.Conv2D(16, 1, padding="same")(x), name="encoder")
    latent = keras.Input((7, 7, 16))
    x = layers.Conv2DTranspose(64, 3, activation="relu", strides=2, padding="same")(latent)
    x = layers.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(x)
    decoder = keras.Model(latent, layers.Conv2DTranspose(1, 3, padding="same")(x), name="decoder")
    image = keras.Input((28, 28, 1))
    quantized = VectorQuantizer(128, 16, name="vector_quantizer")(encoder(image))
    return keras.Model(image, decoder(quantized), name="vq_vae")


def autoencoder():
    """The convolutional autoencoder of the keras.io example, all in one."""
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, activation="relu", padding="same")(image)
    x = layers.MaxPooling2D(2, padding="same")(x)
    x = layers.Conv2D(32, 3, activation="relu", padding="same")(x)
    x = layers.MaxPooling2D(2, padding="same")(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, activation="relu", padding="same")(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, activation="relu", padding="same")(x)
    x = layers.Conv2D(1, 3, activation="sigmoid", padding="same")(x)
    return keras.Model(image, x, name="autoencoder")


class EncoderLayer(layers.Layer):
    """A pre-norm transformer layer."""

    def __init__(self, dim, heads, **kwargs):
        super().__init__(**kwargs)
        self.norm1, self.norm2 = layers.LayerNormalization(), layers.LayerNormalization()
        self.attention = layers.MultiHeadAttention(heads, dim // heads)
        self.mlp = keras.Sequential([layers.Dense(4 * dim, activation="gelu"), layers.Dense(dim)])

    def call(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y)
        return x + self.mlp(self.norm2(x))


def clip():
    """Radford et al. 2021: an image tower, a text tower, their similarity."""
    image = keras.Input((224, 224, 3), name="image")
    x = layers.Reshape((196, 768))(layers.Conv2D(768, 16, strides=16, name="patches")(image))
    for index in range(12):
        x = EncoderLayer(768, 12, name=f"image_layer{index}")(x)
    x = layers.LayerNormalization(name="image_norm")(x)
    x = layers.Dense(512, use_bias=False, name="image_projection")(x[:, 0])
    text = keras.Input((77,), dtype="int32", name="text")
    y = layers.Embedding(49408, 512, name="token_embedding")(text)
    for index in range(12):
        y = EncoderLayer(512, 8, name=f"text_layer{index}")(y)
    y = layers.LayerNormalization(name="text_norm")(y)
    y = layers.Dense(512, use_bias=False, name="text_projection")(y[:, -1])
    similarity = layers.Dot(axes=-1, normalize=True, name="similarity")([x, y])
    return keras.Model([image, text], similarity, name="clip")


class JointBlock(layers.Layer):
    """An MM-DiT block: text and image attend together, both modulated by the time."""

    def __init__(self, dim, heads, **kwargs):
        super().__init__(**kwargs)
        self.heads = heads
        self.modulate_image, self.modulate_text = layers.Dense(6 * dim), layers.Dense(6 * dim)
        self.norms = [layers.LayerNormalization(center=False, scale=False) for _ in range(4)]
        self.attention = layers.MultiHeadAttention(heads, dim // heads)
        self.image_mlp = keras.Sequential([layers.Dense(4 * dim, activation="gelu"), layers.Dense(dim)])
        self.text_mlp = keras.Sequential([layers.Dense(4 * dim, activation="gelu"), layers.Dense(dim)])

    def call(self, image, text, condition):
        a = ops.split(self.modulate_image(condition)[:, None], 6, axis=-1)
        b = ops.split(self.modulate_text(condition)[:, None], 6, axis=-1)
        x = self.norms[0](image) * (1 + a[0]) + a[1]
        y = self.norms[1](text) * (1 + b[0]) + b[1]
        joint = ops.concatenate([y, x], axis=1)
        joint = self.attention(joint, joint)
        length = text.shape[1]
        text = text + b[2] * joint[:, :length]
        image = image + a[2] * joint[:, length:]
        image = image + a[5] * self.image_mlp(self.norms[2](image) * (1 + a[3]) + a[4])
        text = text + b[5] * self.text_mlp(self.norms[3](text) * (1 + b[3]) + b[4])
        return image, text


def mmdit(depth=12, dim=768):
    """Esser et al. 2024: Stable Diffusion 3's transformer, blocks as layers."""
    latent = keras.Input((64, 64, 16), name="latent")
    context = keras.Input((77, 4096), name="context")
    pooled, time = keras.Input((2048,), name="pooled"), keras.Input((256,), name="time")
    condition = layers.Add()(
        [layers.Dense(dim, name="time_embedding")(time), layers.Dense(dim, name="pooled_embedding")(pooled)]
    )
    x = layers.Reshape((1024, dim))(layers.Conv2D(dim, 2, strides=2, name="patches")(latent))
    y = layers.Dense(dim, name="context_embedding")(context)
    for index in range(depth):
        x, y = JointBlock(dim, 12, name=f"joint_block{index}")(x, y, condition)
    x = layers.LayerNormalization(name="final_norm")(x)
    x = layers.Dense(64, name="final_linear")(x)
    x = layers.Reshape((64, 64, 16), name="unpatchify")(x)
    return keras.Model([latent, context, pooled, time], x, name="mmdit")


class Interaction(layers.Layer):
    """Dot products of all pairs of features."""

    def call(self, features):
        stacked = ops.stack(features, axis=1)
        products = ops.matmul(stacked, ops.transpose(stacked, (0, 2, 1)))
        count = len(features)
        rows = [i for i in range(count) for j in range(i)]
        columns = [j for i in range(count) for j in range(i)]
        flat = ops.reshape(products, (-1, count * count))
        return ops.take(flat, [i * count + j for i, j in zip(rows, columns, strict=True)], axis=1)


def dlrm():
    """Naumov et al. 2019: 26 sparse features, 13 dense ones, their interaction."""
    dense = keras.Input((13,), name="dense_features")
    x = dense
    for units in (512, 256, 64):
        x = layers.Dense(units, activation="relu")(x)
    sparse = [keras.Input((1,), dtype="int32", name=f"C{index}") for index in range(1, 27)]
    embedded = [layers.Flatten()(layers.Embedding(1000, 64)(each)) for each in sparse]
    pairs = Interaction(name="interaction")([x, *embedded])
    y = layers.Concatenate()([x, pairs])
    for units in (512, 256):
        y = layers.Dense(units, activation="relu")(y)
    click = layers.Dense(1, activation="sigmoid", name="click")(y)
    return keras.Model([dense, *sparse], click, name="dlrm")


def deepfm():
    """Guo et al. 2017: factorization machine and deep part share embeddings."""
    fields = [keras.Input((1,), dtype="int32", name=f"field{index}") for index in range(39)]
    linear = [layers.Flatten()(layers.Embedding(1000, 1)(field)) for field in fields]
    embedded = [layers.Embedding(1000, 8)(field) for field in fields]
    first = layers.Add(name="first_order")(linear)
    stacked = layers.Concatenate(axis=1)(embedded)
    squared = ops.square(ops.sum(stacked, axis=1))
    second = 0.5 * ops.sum(squared - ops.sum(ops.square(stacked), axis=1), axis=1, keepdims=True)
    deep = layers.Flatten()(stacked)
    for _ in range(3):
        deep = layers.Dropout(0.5)(layers.Dense(400, activation="relu")(deep))
    total = layers.Add()([first, second, layers.Dense(1)(deep)])
    return keras.Model(fields, layers.Activation("sigmoid", name="click")(total), name="deepfm")


def deep_and_cross(cross_layers=3):
    """Wang et al. 2017: cross layers beside a deep network."""
    names = ("age", "workclass", "education", "occupation", "hours")
    inputs = {name: keras.Input((1,), name=name) for name in names}
    encoded = [layers.Dense(8, name=f"{name}_encoding")(inputs[name]) for name in names]
    x0 = cross = deep = layers.Concatenate(name="features")(encoded)
    for _ in range(cross_layers):
        cross = layers.Add()([layers.Multiply()([x0, layers.Dense(40)(cross)]), cross])
    for _ in range(3):
        deep = layers.Dense(32)(deep)
        deep = layers.Dropout(0.1)(layers.ReLU()(layers.BatchNormalization()(deep)))
    x = layers.Concatenate(name="merged")([cross, deep])
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid", name="income")(x), name="dcn")


def wide_and_deep():
    """Cheng et al. 2016."""
    wide, deep = keras.Input((300,), name="wide"), keras.Input((40,), name="deep")
    x = deep
    for units in (1024, 512, 256):
        x = layers.Dense(units, activation="relu")(x)
    x = layers.Concatenate()([wide, x])
    return keras.Model([wide, deep], layers.Dense(1, activation="sigmoid")(x), name="wide_and_deep")


def tab_transformer(depth=3):
    """Huang et al. 2020: categories through a transformer, numbers around it."""
    categories = [keras.Input((1,), dtype="int32", name=f"category{index}") for index in range(8)]
    numbers = keras.Input((5,), name="numbers")
    x = layers.Concatenate(axis=1)([layers.Embedding(20, 16)(each) for each in categories])
    for _ in range(depth):
        y = layers.MultiHeadAttention(4, 16, dropout=0.2)(x, x)
        x = layers.LayerNormalization()(layers.Add()([y, x]))
        y = layers.Dropout(0.2)(layers.Dense(16, activation="gelu")(x))
        x = layers.LayerNormalization()(layers.Add()([y, x]))
    x = layers.Concatenate()([layers.Flatten()(x), layers.LayerNormalization()(numbers)])
    for units in (128, 64):
        x = layers.Dropout(0.2)(layers.Dense(units, activation="selu")(layers.BatchNormalization()(x)))
    label = layers.Dense(1, activation="sigmoid")(x)
    return keras.Model([*categories, numbers], label, name="tab_transformer")


def two_tower():
    """Candidate retrieval: a user tower, an item tower, a dot product."""

    def tower(name, vocabulary):
        x = ids = keras.Input((1,), dtype="int32", name=f"{name}_id")
        x = layers.Flatten()(layers.Embedding(vocabulary, 64, name=f"{name}_embedding")(x))
        for index, units in enumerate((128, 64)):
            x = layers.Dense(units, activation="relu", name=f"{name}_dense{index}")(x)
        return ids, x

    (user, u), (item, v) = tower("user", 943), tower("item", 1682)
    return keras.Model([user, item], layers.Dot(-1, name="score")([u, v]), name="two_tower")


def neural_collaborative_filtering():
    """He et al. 2017: matrix factorization beside an MLP."""
    user = keras.Input((1,), dtype="int32", name="user")
    item = keras.Input((1,), dtype="int32", name="item")

    def embed(x, size, name):
        return layers.Flatten()(layers.Embedding(5000, size, name=name)(x))

    gmf = layers.Multiply()([embed(user, 8, "mf_user"), embed(item, 8, "mf_item")])
    mlp = layers.Concatenate()([embed(user, 32, "mlp_user"), embed(item, 32, "mlp_item")])
    for units in (64, 32, 16, 8):
        mlp = layers.Dense(units, activation="relu")(mlp)
    x = layers.Concatenate()([gmf, mlp])
    return keras.Model([user, item], layers.Dense(1, activation="sigmoid", name="rating")(x), name="ncf")


def multi_task():
    """A shared trunk with five heads."""
    image = keras.Input((128, 128, 3), name="image")
    x = image
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = {}
    for task, classes in (("age", 1), ("gender", 2), ("glasses", 2), ("smile", 2), ("pose", 3)):
        y = layers.Dense(64, activation="relu")(x)
        outputs[task] = layers.Dense(classes, name=task)(layers.Dropout(0.3)(y))
    return keras.Model(image, outputs, name="faces")


def ticket_triage():
    """The example of Keras' guide to the functional API: three inputs, two outputs."""
    title = keras.Input((None,), name="title")
    body = keras.Input((None,), name="body")
    tags = keras.Input((12,), name="tags")
    x = layers.LSTM(128)(layers.Embedding(10000, 64)(title))
    y = layers.LSTM(32)(layers.Embedding(10000, 64)(body))
    z = layers.Concatenate()([x, y, tags])
    outputs = {
        "priority": layers.Dense(1, name="priority")(z),
        "department": layers.Dense(4, name="department")(z),
    }
    return keras.Model([title, body, tags], outputs, name="tickets")


def ensemble():
    """The mean of three models that are alike."""

    def member():
        x = features = keras.Input((128,))
        x = layers.Dense(64, activation="relu")(x)
        return keras.Model(features, layers.Dense(1)(x))

    features = keras.Input((128,), name="features")
    votes = [member()(features) for _ in range(3)]
    return keras.Model(features, layers.Average(name="mean")(votes), name="ensemble")


class Tree(layers.Layer):
    """A differentiable decision tree, as in the keras.io example on neural decision forests."""

    def __init__(self, depth=5, classes=2, **kwargs):
        super().__init__(**kwargs)
        self.depth, self.classes = depth, classes
        self.decision_fn = layers.Dense(2**depth, activation="sigmoid", name="decision")

    def build(self, input_shape):
        self.pi = self.add_weight(shape=(2**self.depth, self.classes), name="pi")
        self.decision_fn.build(input_shape)

    def call(self, features):
        return ops.matmul(self.decision_fn(features), ops.softmax(self.pi))


def decision_forest(trees=25):
    """Kontschieder et al. 2015: 25 trees on the same features."""
    features = keras.Input((40,), name="features")
    x = layers.BatchNormalization()(features)
    votes = [Tree()(x) for _ in range(trees)]
    return keras.Model(features, layers.Average()(votes), name="forest")


class PositionalEncoding(layers.Layer):
    """Sines and cosines of rising frequency."""

    def __init__(self, frequencies, **kwargs):
        super().__init__(**kwargs)
        self.frequencies = frequencies

    def call(self, x):
        parts = [x]
        for index in range(self.frequencies):
            parts += [ops.sin(2.0**index * x), ops.cos(2.0**index * x)]
        return ops.concatenate(parts, axis=-1)


def nerf():
    """Mildenhall et al. 2020: density from the position, colour from the direction, too."""
    position, direction = keras.Input((3,), name="position"), keras.Input((3,), name="direction")
    p = PositionalEncoding(10, name="encode_position")(position)
    d = PositionalEncoding(4, name="encode_direction")(direction)
    x = p
    for index in range(8):
        x = layers.Dense(256, activation="relu")(x)
        if index == 4:
            x = layers.Concatenate()([x, p])
    density = layers.Dense(1, activation="relu", name="density")(x)
    y = layers.Concatenate()([layers.Dense(256)(x), d])
    colour = layers.Dense(3, activation="sigmoid", name="colour")(layers.Dense(128, activation="relu")(y))
    return keras.Model([position, direction], [colour, density], name="nerf")


def pointnet():
    """Qi et al. 2017, as the keras.io example: two transform nets."""

    def conv(x, filters):
        x = layers.BatchNormalization(momentum=0.0)(layers.Conv1D(filters, 1)(x))
        return layers.Activation("relu")(x)

    def dense(x, filters):
        x = layers.BatchNormalization(momentum=0.0)(layers.Dense(filters)(x))
        return layers.Activation("relu")(x)

    def tnet(points, features):
        x = conv(conv(conv(points, 32), 64), 512)
        x = dense(dense(layers.GlobalMaxPooling1D()(x), 256), 128)
        x = layers.Reshape((features, features))(layers.Dense(features * features)(x))
        return layers.Dot(axes=(2, 1))([points, x])

    points = keras.Input((2048, 3), name="points")
    x = conv(conv(tnet(points, 3), 32), 32)
    x = conv(conv(conv(tnet(x, 32), 32), 64), 512)
    x = layers.Dropout(0.3)(dense(layers.GlobalMaxPooling1D()(x), 256))
    x = layers.Dropout(0.3)(dense(x, 128))
    return keras.Model(points, layers.Dense(10, activation="softmax")(x), name="pointnet")


class GraphAttention(layers.Layer):
    """One head of Veličković et al. 2018 on a dense adjacency matrix."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.project = layers.Dense(units, use_bias=False)
        self.source, self.target = layers.Dense(1), layers.Dense(1)

    def call(self, features, adjacency):
        h = self.project(features)
        scores = ops.leaky_relu(self.source(h) + ops.transpose(self.target(h), (0, 2, 1)), 0.2)
        weights = ops.softmax(ops.where(adjacency > 0, scores, -1e9))
        return ops.elu(ops.matmul(weights, h))


def gat():
    """A graph attention network: three heads, three layers, one adjacency matrix."""
    nodes = keras.Input((100, 32), name="nodes")
    adjacency = keras.Input((100, 100), name="adjacency")
    x = layers.Dense(96, activation="relu")(nodes)
    for _ in range(3):
        heads = [GraphAttention(32)(x, adjacency) for _ in range(3)]
        x = layers.Add()([x, layers.Concatenate()(heads)])
    return keras.Model([nodes, adjacency], layers.Dense(7, name="classes")(x), name="gat")


def mixture_of_experts(experts=4):
    """Dense mixture of experts: a gate weighs them."""
    features = keras.Input((64,), name="features")
    outputs = [
        layers.Dense(10)(layers.Dense(128, activation="relu")(features)) for _ in range(experts)
    ]
    gate = layers.Dense(experts, activation="softmax", name="gate")(features)
    stacked = layers.Concatenate(axis=1)([layers.Reshape((1, 10))(each) for each in outputs])
    return keras.Model(features, layers.Dot(axes=1)([gate, stacked]), name="mixture")


def dueling_dqn():
    """Wang et al. 2016: value and advantage."""
    frames = keras.Input((84, 84, 4), name="frames")
    x = layers.Conv2D(32, 8, strides=4, activation="relu")(frames)
    x = layers.Conv2D(64, 4, strides=2, activation="relu")(x)
    x = layers.Flatten()(layers.Conv2D(64, 3, activation="relu")(x))
    value = layers.Dense(1, name="value")(layers.Dense(512, activation="relu")(x))
    advantage = layers.Dense(6, name="advantage")(layers.Dense(512, activation="relu")(x))
    q = value + (advantage - ops.mean(advantage, axis=1, keepdims=True))
    return keras.Model(frames, q, name="dueling_dqn")


def actor_critic():
    """One trunk, a policy and a value."""
    observation = keras.Input((8,), name="observation")
    x = layers.Dense(256, activation="relu")(observation)
    x = layers.Dense(256, activation="relu")(x)
    policy = layers.Dense(4, activation="softmax", name="policy")(x)
    return keras.Model(observation, [policy, layers.Dense(1, name="value")(x)], name="actor_critic")


def visual_question_answering():
    """An image and a question meet, as in Keras' early guides."""
    image = keras.Input((224, 224, 3), name="image")
    question = keras.Input((100,), dtype="int32", name="question")
    base = keras.applications.VGG16(weights=None, include_top=False, pooling="avg")
    x = layers.Dense(256, name="image_features")(base(image))
    y = layers.LSTM(256, name="question_features")(layers.Embedding(10000, 256)(question))
    z = layers.Concatenate()([x, y])
    return keras.Model([image, question], layers.Dense(1000, activation="softmax", name="answer")(z), name="vqa")


def image_captioning():
    """An image encoder starts a recurrent decoder."""
    image = keras.Input((299, 299, 3), name="image")
    words = keras.Input((25,), dtype="int32", name="words")
    base = keras.applications.EfficientNetB0(weights=None, include_top=False, pooling="avg")
    state = layers.Dense(512, activation="relu", name="initial_state")(base(image))
    x = layers.Embedding(10000, 512, mask_zero=True)(words)
    x = layers.GRU(512, return_sequences=True, name="decoder")(x, initial_state=state)
    return keras.Model([image, words], layers.Dense(10000, name="logits")(x), name="captions")
