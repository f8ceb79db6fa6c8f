from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, draw_reversed=False)
visualkeras.layered_view(model, draw_reversed=True)
