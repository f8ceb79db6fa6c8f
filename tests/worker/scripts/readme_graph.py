from keras import Sequential
from keras.layers import Conv2D, Dense, MaxPooling2D

from keras_diagram_core import visualkeras

simple_sequential_model = Sequential(
    [
        Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)),
        MaxPooling2D((2, 2)),
        Dense(10, activation="softmax"),
    ]
)
basic_graph_img = visualkeras.graph_view(simple_sequential_model)
