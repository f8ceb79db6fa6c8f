from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, sizing_mode="accurate")
visualkeras.layered_view(model, sizing_mode="balanced")
visualkeras.layered_view(
    model,
    sizing_mode="capped",
    dimension_caps={"channels": 200, "sequence": 1000, "general": 400},
)
visualkeras.layered_view(model, sizing_mode="logarithmic")
