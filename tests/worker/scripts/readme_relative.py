import keras

from keras_diagram_core import visualkeras

model = keras.Sequential(
    [
        keras.layers.Dense(64, input_shape=(100,)),
        keras.layers.Dense(32),
        keras.layers.Dense(16),
        keras.layers.Dense(8),
    ]
)

visualkeras.layered_view(model, sizing_mode="relative", relative_base_size=10)
visualkeras.layered_view(model, sizing_mode="relative", relative_base_size=5)
visualkeras.layered_view(model, sizing_mode="relative", relative_base_size=20)
