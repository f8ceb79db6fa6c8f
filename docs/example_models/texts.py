"""Functions that say what is written on layers, for `text-callable`."""

from keras import layers


def shape_and_name(index: int, layer: layers.Layer) -> tuple[str, bool]:
    """Write the shape of the output and the name, every other layer above its box."""
    shape = layer.output.shape[1:]
    size = "×".join(map(str, shape[:-1]))
    lines = [size] if size else []
    return "\n".join([*lines, str(shape[-1]), layer.name]), index % 2 == 1
