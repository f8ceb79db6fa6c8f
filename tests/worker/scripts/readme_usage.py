from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model).show()
visualkeras.layered_view(model, to_file="output.png")
visualkeras.layered_view(model, to_file="output.png").show()
