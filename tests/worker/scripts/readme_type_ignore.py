from keras.layers import Dropout, Flatten, ZeroPadding2D
from vgg16 import model

from keras_diagram_core import visualkeras

visualkeras.layered_view(model, type_ignore=[ZeroPadding2D, Dropout, Flatten])
