from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, draw_volume=False)
