"""Figures of extraction: time and memory of huge models, and how time grows with size.

    python tests/bench/extraction.py [--tiny] [--no-hub]

All figures are above those of the bare import of Keras, in one process, as the worker has it. With
`--tiny`, models are too small for figures that mean something: it tells whether the script works.
With `--no-hub`, which leaves out the networks of KerasHub, it does so in two seconds.
"""

import importlib.util
import math
import resource
import sys
import time
from pathlib import Path

from keras_diagram_core.worker.backends import Backend

if {"--tiny", "--no-hub"} <= {*sys.argv}:
    Backend("none")  # imported in a second
START = time.process_time()
import keras  # noqa: E402  (measured)

IMPORT = time.process_time() - START

from msgspec.structs import replace  # noqa: E402

from keras_diagram_core.inputs import InputSpec  # noqa: E402
from keras_diagram_core.request import ModelRequest  # noqa: E402
from keras_diagram_core.worker.extract import extract_graph  # noqa: E402
from keras_diagram_core.worker.state import clean_process  # noqa: E402
from keras_diagram_core.worker.targets import load_model  # noqa: E402
from keras_diagram_core.worker.weightless import building  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[1] / "projects"))

TOKENS = (InputSpec(shape=(8192,), dtype="int32"),)
DECODERS = {
    "functional": ModelRequest(target="models.huge:build_decoder"),
    "functional, blocks opened": ModelRequest(target="models.huge:build_decoder", depth=2),
    "subclassed": ModelRequest(target="models.huge:Decoder", inputs=TOKENS),
    "subclassed, blocks opened": ModelRequest(
        target="models.huge:Decoder", inputs=TOKENS, depth=2
    ),
}

ATTENTION = {"num_query_heads": 64, "num_key_value_heads": 8}
IMAGES = {
    "image_shape": (4096, 64),
    "image_ids_shape": (4096, 3),
    "text_shape": (512, 4096),
    "text_ids_shape": (512, 3),
    "y_shape": (768,),
}
NETWORKS = {
    "Llama": {
        **ATTENTION,
        "vocabulary_size": 32_000,
        "num_layers": 80,
        "hidden_dim": 8192,
        "intermediate_dim": 28_672,
    },
    "Mixtral": {
        **ATTENTION,
        "vocabulary_size": 32_000,
        "num_layers": 32,
        "num_query_heads": 32,
        "hidden_dim": 4096,
        "intermediate_dim": 14_336,
        "num_experts": 8,
    },
    "GptOss": {
        **ATTENTION,
        "vocabulary_size": 201_088,
        "num_layers": 24,
        "hidden_dim": 2880,
        "intermediate_dim": 2880,
        "num_experts": 32,
        "top_k": 4,
        "head_dim": 64,
        "sliding_window": 128,
    },
    "Flux": {
        **IMAGES,
        "input_channels": 64,
        "hidden_size": 3072,
        "mlp_ratio": 4.0,
        "num_heads": 24,
        "depth": 19,
        "depth_single_blocks": 38,
        "axes_dim": [16, 56, 56],
        "theta": 10_000,
        "use_bias": True,
        "guidance_embed": True,
    },
}
"""What KerasHub builds its backbones from, at the sizes of the networks that are published."""
MOST = {"Llama": 2.5}
MOST_OF_OTHERS = 3.5
DEPTHS = ("num_layers", "depth", "depth_single_blocks")


def memory():
    """Give the memory that this process has now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def run(request):
    """Build and extract; give the seconds of CPU of both, and the graph."""
    with clean_process(), building(weightless=True):
        start = time.process_time()
        model = load_model(request)
        built = time.process_time()
        graph = extract_graph(model, request, "").graph
        return built - start, time.process_time() - built, graph


def networks(*, tiny):
    """Print what it costs to open networks of KerasHub to the end, in imports of Keras."""
    if importlib.util.find_spec("keras_hub") is None:
        print("KerasHub is not installed: its networks are not measured")
        return
    print(f"import of Keras: {IMPORT:.2f} s")
    for name, settings in NETWORKS.items():
        kwargs = {key: 1 if tiny and key in DEPTHS else value for key, value in settings.items()}
        target = f"keras_hub.models:{name}Backbone"
        _, extracted, graph = run(ModelRequest(target=target, kwargs=kwargs, depth="all"))
        print(
            f"{name}, opened to the end: {len(graph.nodes)} nodes;"
            f" extracted in {extracted / IMPORT:.2f} x the import of Keras"
            f" (at most {MOST.get(name, MOST_OF_OTHERS)})"
        )


def decoders(bare, blocks):
    """Print the figures of decoders; with 80 blocks, they have 70 billion parameters."""
    for name, request in DECODERS.items():
        built, extracted, graph = run(replace(request, kwargs={"blocks": blocks}))
        print(
            f"decoder, {name}: {graph.params / 1e9:.1f} billion parameters,"
            f" {len(graph.nodes)} nodes; built in {built:.2f} s, extracted in {extracted:.2f} s;"
            f" {memory() - bare:.0f} MB above the bare import"
        )


def chains(lengths, *, subclassed):
    """Print the figures of chains, and the exponent of growth."""
    seconds = {}
    for length in lengths:
        request = ModelRequest(
            target="models.huge:build_chain",
            kwargs={"length": length, "subclassed": subclassed},
            inputs=(InputSpec(shape=(4,)),) if subclassed else (),
        )
        built, seconds[length], graph = run(request)
        kind = "subclassed" if subclassed else "functional"
        print(
            f"chain of {length:,} layers, {kind}: {len(graph.nodes):,} nodes;"
            f" built in {built:.2f} s, extracted in {seconds[length]:.2f} s"
        )
    short, long = lengths
    power = math.log(seconds[long] / seconds[short], long / short)
    print(f"time of extraction grows with size to the power of {power:.2f}")


def main(*, tiny):
    """Print all figures."""
    lengths = (10, 20) if tiny else (1000, 10_000)
    run(ModelRequest(target="models.huge:build_chain", kwargs={"length": 3}))
    bare = memory()
    print(f"bare import of Keras {keras.__version__}: {bare:.0f} MB")
    decoders(bare, blocks=2 if tiny else 80)
    chains(lengths, subclassed=False)
    chains(lengths, subclassed=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    if "--no-hub" not in sys.argv:
        networks(tiny=tiny)
    print(f"peak {peak:.0f} MB")


if __name__ == "__main__":
    main(tiny="--tiny" in sys.argv)
