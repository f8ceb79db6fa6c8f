"""An independent reading of Keras' records, to compare the extracted graphs with."""

import importlib
import json
from pathlib import Path


def build_and_dump(target, path, **kwargs):
    """Build a flat model, and write down its calls and tensors as plain data."""
    module, _, name = target.partition(":")
    model = getattr(importlib.import_module(module), name)(**kwargs)
    functional = getattr(model, "_functional", None) or model
    # From the outputs backwards, where the extraction goes by Keras' table of depths.
    calls, todo = {}, [*functional.outputs, *functional.inputs]
    while todo:
        history = todo.pop()._keras_history
        key = f"{history.operation.name}#{history.node_index}"
        if key not in calls:
            tensors = history.operation._inbound_nodes[history.node_index].input_tensors
            calls[key] = [_key(tensor) for tensor in tensors]
            todo += tensors
    Path(path).write_text(
        json.dumps(
            {
                "calls": calls,
                "inputs": [_key(tensor) for tensor in functional.inputs],
                "outputs": [_key(tensor) for tensor in functional.outputs],
                "params": model.count_params(),
            }
        )
    )
    return model


def _key(tensor):
    operation, node_index, tensor_index = tensor._keras_history
    return [f"{operation.name}#{node_index}", tensor_index]
