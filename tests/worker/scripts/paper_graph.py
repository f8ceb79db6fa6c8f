from keras import Sequential
from keras.layers import Dense, Input

from keras_diagram_core import visualkeras

model = Sequential([Input((6,), name="features"), Dense(30, name="hidden"), Dense(3, name="out")])

visualkeras.graph_view(
    model,
    node_size=20,
    connector_fill="tomato",
    connector_width=2,
    layer_spacing=90,
    node_spacing=6,
    padding=30,
    background_fill="ivory",
    ellipsize_after=7,
    inout_as_tensor=False,
    color_map={Dense: {"fill": "teal", "outline": "black"}},
)
visualkeras.graph_view(model, show_neurons=False, inout_as_tensor=True)
