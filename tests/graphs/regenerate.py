"""Write the golden graphs again: `python tests/graphs/regenerate.py [NAME]...`.

Look at the difference before you commit it: layout and folding are tested on these graphs.
"""

import sys
from pathlib import Path

from keras_diagram_core.manifest import Project
from keras_diagram_core.request import ModelRequest, canonical_json
from keras_diagram_core.runner import extract

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
PROJECT = Project(
    base=str(ROOT), search_path=(str(ROOT / "tests" / "projects"), str(ROOT / "docs"))
)

TARGETS = {
    "vgg16": "keras.applications:VGG16",
    "resnet50": "keras.applications:ResNet50",
    "inception_v3": "keras.applications:InceptionV3",
    "mobilenet_v2": "keras.applications:MobileNetV2",
    "efficientnet_b0": "keras.applications:EfficientNetB0",
    "densenet121": "keras.applications:DenseNet121",
    "unet": "example_models.unet:build_unet",
    "transformer": "example_models.transformer:build_classifier",
    "translator": "example_models.transformer:build_translator",
    "cnn": "example_models.cnn:build_cnn",
    "lenet5": "example_models.lenet:build_lenet5",
    "tiny_mlp": "models.tiny:build_mlp",
    "tiny_residual": "models.tiny:build_residual",
    "tiny_shared": "models.tiny:build_shared",
    "tiny_nested": "models.tiny:build_nested",
    "tiny_two_inputs": "models.tiny:build_two_inputs",
}


def request(name: str) -> ModelRequest:
    """Give the request behind a golden graph."""
    target = TARGETS[name]
    kwargs = {"weights": None} if target.startswith("keras.") else {}
    return ModelRequest(target=target, kwargs=kwargs)


def main(names: list[str]) -> None:
    """Extract and write the graphs of these names, or all."""
    names = names or list(TARGETS)
    extractions = extract([request(name) for name in names], PROJECT, timeout=120)
    for name, extraction in zip(names, extractions, strict=True):
        if extraction.graph is None:
            sys.exit(f"{name}: {extraction.error}")
        data = canonical_json(extraction.graph.to_dict())
        (FOLDER / f"{name}.json").write_bytes(data + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
