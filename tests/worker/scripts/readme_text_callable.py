from vgg16 import model

from keras_diagram_core import visualkeras


def text_callable(layer_index, layer):
    above = bool(layer_index % 2)
    if hasattr(layer, "output_shape"):
        output_shape = [x for x in list(layer.output_shape) if x is not None]
    else:
        # The README has `.as_list()` here: a shape of Keras 3 is a tuple, which has none.
        output_shape = [x for x in layer.output.shape if x is not None]
    if isinstance(output_shape[0], tuple):
        output_shape = [x for x in output_shape[0] if x is not None]

    output_shape_txt = ""
    for ii in range(len(output_shape)):
        output_shape_txt += str(output_shape[ii])
        if ii < len(output_shape) - 2:
            output_shape_txt += "x"
        if ii == len(output_shape) - 2:
            output_shape_txt += "\n"
    output_shape_txt += f"\n{layer.name}"
    return output_shape_txt, above


visualkeras.layered_view(model, text_callable=text_callable)
