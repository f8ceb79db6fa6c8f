from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, legend=True, show_dimension=True)
