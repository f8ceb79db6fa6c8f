"""A process in which live models are drawn; prints what came of it as JSON.

    python live.py FOLDER BACKEND    (pictures go there; as `Project.backend`)
"""

import json
import os
import sys
from pathlib import Path

from keras_diagram_core.worker.backends import Backend

Backend(sys.argv[2])

import keras  # noqa: E402  (once the backend is settled)

from keras_diagram_core import DiagramError, inspect, model_to_dot, plot_model, render
from keras_diagram_core.live import graph_of


class Net(keras.Model):
    def __init__(self):
        super().__init__(name="net")
        self.first = keras.layers.Dense(8, activation="relu", name="first")
        self.shared = keras.layers.Dense(8, name="shared")

    def call(self, x):
        x = self.first(x)
        return self.shared(self.shared(x)) + x


def mlp():
    model = keras.Sequential(name="mlp")
    model.add(keras.Input((4,), name="features"))
    model.add(keras.layers.Dense(3, activation="relu", name="hidden"))
    model.add(keras.layers.Dense(2, name="classes"))
    model.layers[1].trainable = False
    return model


def siamese():
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    twin = mlp()
    out = keras.ops.abs(twin(left) - twin(right))
    return keras.Model([left, right], out, name="siamese")


def attention():
    x = keras.Input((6, 8), name="x")
    y = keras.layers.MultiHeadAttention(2, 4, name="mha")(x, x)
    return keras.Model(x, y, name="attention")


def called_net():
    net = Net()
    net(keras.ops.zeros((1, 5)))
    return net


def failure(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except (DiagramError, ValueError) as error:
        return [type(error).__name__, str(error)]
    return ["", ""]


def fingerprint(model):
    """All that drawing could leave behind."""
    state = keras.src.backend.common.global_state
    layers = model._flatten_layers()
    return (
        [len(layer._inbound_nodes) for layer in layers],
        [len(layer._outbound_nodes) for layer in layers],
        dict(state.get_global_attribute("object_name_uids")),
        [weight.numpy().tolist() for weight in model.weights],
    )


def main(folder):
    found = {}
    os.chdir(folder)
    plot_model(mlp())
    plot_model(mlp(), to_file="no_ending")
    plot_model(mlp(), "fine.png", dpi=400)
    plot_model(mlp(), "model.pdf")
    plot_model(mlp(), "model.gv")
    for name, build in (("net", called_net), ("siamese", siamese), ("attention", attention)):
        model = build()
        before = fingerprint(model)
        plot_model(model, f"{name}.svg", show_shapes=True, show_layer_names=True)
        plot_model(model, f"{name}.dot", expand_nested=True, rankdir="LR")
        plot_model(model, f"{name}-closed.svg", show_layer_names=True)
        plot_model(model, f"{name}-opened.svg", show_layer_names=True, expand_nested=True)
        found[name] = {
            "dot": str(model_to_dot(model)),
            "again": str(model_to_dot(model)),
            "expanded": str(model_to_dot(model, expand_nested=True)),
            "untouched": fingerprint(model) == before,
        }
    model = mlp()
    words = dict.fromkeys(("show_dtype", "show_layer_activations", "show_trainable"), True)
    plot_model(model, "bare.svg")
    for rankdir in ("TB", "LR", "BT", "RL"):
        plot_model(model, f"{rankdir}.svg", rankdir=rankdir)
    plot_model(model, Path("words.svg"), show_shapes=True, **words)
    found["words"] = str(model_to_dot(model, show_shapes=True, splines="line", dpi=90, **words))
    found["cluster"] = str(model_to_dot(model, subgraph=True, layer_range=None))
    Path("rendered.svg").write_bytes(render(model, {"view": "blocks"}).data)
    opened = render(attention(), {"expand": "mha", "view": "graph"}, format="png")
    found["rendered"] = [opened.format, opened.alt, *opened.notes]
    found["inspected"] = [node.name for node in inspect(model).nodes]
    found["layer"] = [node.type for node in graph_of(model.layers[0]).nodes]
    found["failures"] = {
        "unbuilt": failure(plot_model, Net()),
        "unbuilt_sequential": failure(model_to_dot, keras.Sequential([keras.layers.Dense(2)])),
        "class": failure(plot_model, Net),
        "none": failure(plot_model, None),
        "swapped": failure(plot_model, "m.jpg", model),
        "render_none": failure(render, None),
        "inspect_none": failure(inspect, None),
        "render_unbuilt": failure(render, Net()),
        "render_kwargs": failure(render, model, {"kwargs": {"units": 3}}),
        "render_code": failure(render, model, {"code": "model = 1"}),
        "layer_range": failure(plot_model, model, layer_range=["a", "b"]),
        "unknown": failure(model_to_dot, model, colour="red"),
        "rankdir": failure(plot_model, model, rankdir="XY"),
        "dpi": failure(plot_model, model, dpi=5000),
        "format": failure(plot_model, model, to_file="model.bmp"),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
