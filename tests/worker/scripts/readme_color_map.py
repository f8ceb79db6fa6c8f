from collections import defaultdict

from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D, ZeroPadding2D
from vgg16 import model

from keras_diagram_core import visualkeras

color_map = defaultdict(dict)
color_map[Conv2D]["fill"] = "orange"
color_map[ZeroPadding2D]["fill"] = "gray"
color_map[Dropout]["fill"] = "pink"
color_map[MaxPooling2D]["fill"] = "red"
color_map[Dense]["fill"] = "green"
color_map[Flatten]["fill"] = "teal"

visualkeras.layered_view(model, color_map=color_map)
