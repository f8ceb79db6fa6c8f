import keras
from vgg16 import model

from keras_diagram_core import visualkeras
from keras_diagram_core.visualkeras.options import LAYERED_TEXT_CALLABLES, LayeredOptions

image = visualkeras.show(model, mode="layered")
image.show()
image = visualkeras.show(model, mode="layered", preset="presentation")
image = visualkeras.show(model, mode="layered", preset="compact")
image = visualkeras.show(
    model,
    mode="layered",
    color_map={
        keras.layers.Conv2D: {"fill": "#1976d2", "outline": "#0d47a1"},
        keras.layers.Dense: {"fill": "#388e3c", "outline": "#1b5e20"},
    },
)
options = LayeredOptions(
    spacing=15,
    padding=20,
    legend=True,
    text_callable=LAYERED_TEXT_CALLABLES["name_shape"],
    show_dimension=True,
)
image = visualkeras.show(model, mode="layered", options=options)
