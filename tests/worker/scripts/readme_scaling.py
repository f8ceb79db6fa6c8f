from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, scale_xy=1, scale_z=1, max_z=1000)
