import keras

from keras_diagram_core import plot_model

model = keras.Sequential(
    [
        keras.layers.Dense(128, activation="relu", input_shape=(784,)),
        keras.layers.Dense(10, activation="softmax"),
    ]
)

plot_model(model, to_file="model_plot.png", show_shapes=True, show_layer_names=True)
plot_model(model, to_file="model_plot.svg", show_shapes=True, show_layer_names=True)
