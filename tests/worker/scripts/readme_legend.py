from PIL import ImageFont
from vgg16 import model

from keras_diagram_core import visualkeras

font = ImageFont.truetype("arial.ttf", 32)
visualkeras.layered_view(model, legend=True, font=font)
visualkeras.layered_view(model, legend=True)
