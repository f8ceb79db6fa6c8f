import keras

from keras_diagram_core import model_to_dot


class MyCustomLayer(keras.layers.Layer):
    def __init__(self, units=32, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(
            shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True
        )
        super().build(input_shape)

    def call(self, x):
        return keras.ops.matmul(x, self.w)


input_tensor = keras.Input(shape=(784,))
x = keras.layers.Dense(64, activation="relu")(input_tensor)
branch1 = keras.layers.Dense(32, activation="relu")(x)
branch2 = keras.layers.Dense(32, activation="relu")(x)
merged = keras.layers.concatenate([branch1, branch2])
output = keras.layers.Dense(10, activation="softmax")(merged)
model = keras.Model(inputs=input_tensor, outputs=output)

functional = model_to_dot(model, show_shapes=True, show_layer_names=True, dpi=100)

# The page does not build this one; Keras and we refuse to draw a model without shapes.
model = keras.Sequential(
    [keras.Input((16,)), MyCustomLayer(64), keras.layers.Dense(10, activation="softmax")]
)
custom = model_to_dot(model, show_shapes=True, show_layer_names=True, dpi=100)
