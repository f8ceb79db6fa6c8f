"""Figures of extraction: time and memory of huge models, and how time grows with size.

    python tests/bench/extraction.py [--tiny]

All figures are above those of the bare import of Keras, in one process, as the worker has it. With
`--tiny`, models are too small for figures that mean something: it tells whether the script works.
"""

import math
import resource
import sys
import time
from pathlib import Path

import keras
from msgspec.structs import replace

from keras_diagram_core.inputs import InputSpec
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker.extract import extract_graph
from keras_diagram_core.worker.state import clean_process
from keras_diagram_core.worker.targets import load_model
from keras_diagram_core.worker.weightless import building

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


def memory():
    """Give the memory that this process has now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def run(request):
    """Build and extract; give the seconds of both, and the graph."""
    with clean_process(), building(weightless=True):
        start = time.perf_counter()
        model = load_model(request)
        built = time.perf_counter()
        graph = extract_graph(model, request, "").graph
        return built - start, time.perf_counter() - built, graph


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
    print(f"peak {peak:.0f} MB")


if __name__ == "__main__":
    main(tiny="--tiny" in sys.argv)
