"""Run the networks of a family, and compare what they did with their graphs.

    python tests/proof/execute.py FAMILY [NAME]...

In a process of its own, that `test_proof_execution.py` starts. Prints a line of JSON for each
network: its name, the nodes and edges that were compared, and what is wrong.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path += map(str, (TESTS, TESTS / "projects", TESTS.parent / "docs", TESTS / "worker"))

import keras  # noqa: E402  (after the paths)
import numpy as np  # noqa: E402
from comparison import differences, mutants  # noqa: E402
from networks import FAMILIES, Network  # noqa: E402
from witness import Witness  # noqa: E402

from keras_diagram_core.inputs import InputSpec  # noqa: E402
from keras_diagram_core.request import ModelRequest  # noqa: E402
from keras_diagram_core.worker.extract import extract_graph  # noqa: E402
from keras_diagram_core.worker.state import clean_process  # noqa: E402

BATCH, LENGTH, TRIALS = 2, 8, 100


def main(family: str, names: list[str]) -> None:
    """Run and compare."""
    sys.setrecursionlimit(20_000)
    for number, network in enumerate(FAMILIES[family]()):
        if not names or network.name in names:
            with clean_process():
                found = compared(network, number)
            sys.stdout.write(json.dumps({"name": network.name, **found}) + "\n")
            sys.stdout.flush()


def compared(network: Network, seed: int) -> dict[str, Any]:
    """Run one network once for each depth; the last of its graphs is made wrong in 100 ways."""
    nodes = edges = 0
    problems: list[str] = []
    try:
        model = network.build()
        for depth in network.depths:
            graph, operations, witness = run(model, network, depth)
            nodes, edges = nodes + len(graph.nodes), edges + len(graph.edges)
            problems += [
                f"depth {depth}: {each}" for each in differences(graph, operations, witness)
            ]
        for place, wrong in enumerate(mutants(graph, TRIALS if graph.edges else 0, seed)):
            if not any(differences(wrong, operations, witness)):
                problems.append(f"change {place} was not seen")
    except Exception:  # noqa: BLE001  (it is reported)
        problems.append(traceback.format_exc())
    return {"nodes": nodes, "edges": edges, "problems": problems}


def run(model: Any, network: Network, depth: Any) -> tuple[Any, Any, Witness]:
    """Read the graph of a model, and have it run."""
    inputs = tuple(_spec(shape) for shape in network.shapes)
    request = ModelRequest(target="networks:build", depth=depth, inputs=inputs)
    graph, operations = extract_graph(model, request, "")
    tensors = list(_data(model, network))
    args = tuple(tensors)
    if not network.shapes:
        structure = getattr(model, "_functional", None) or model
        args = (keras.tree.pack_sequence_as(structure._inputs_struct, tensors),)
    witness = Witness(operations.values())
    witness.run(model, args, tensors)
    return graph, operations, witness


def _spec(shape: Any) -> InputSpec:
    return InputSpec(shape=tuple(shape), dtype="int32" if isinstance(shape, list) else "")


def _data(model: Any, network: Network) -> Iterator[Any]:
    """Give data of the right shapes: random numbers, or 0 and 1 where whole ones are wanted."""
    chance = np.random.default_rng(0)
    if network.shapes:
        wanted = [
            ((None, *shape), "int32" if isinstance(shape, list) else "float32")
            for shape in network.shapes
        ]
    else:
        wanted = [(tensor.shape, tensor.dtype) for tensor in model.inputs]
    for shape, dtype in wanted:
        sizes = [BATCH, *(LENGTH if size is None else size for size in shape[1:])]
        numbers = chance.random(sizes) if "float" in dtype else chance.integers(0, 2, sizes)
        yield keras.ops.convert_to_tensor(numbers.astype(dtype))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
