from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, spacing=0)
visualkeras.layered_view(model, spacing=0, type_ignore=[visualkeras.SpacingDummyLayer])
