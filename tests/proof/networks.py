"""The networks that are run: how each is built, and what it is called with."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import keras

SMALLEST = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71, "NASNetLarge": 331}
"""The sides of the smallest pictures that those applications take which do not take 32 px."""


class Network(NamedTuple):
    """One network.

    Attributes:
        name: unique.
        build: makes a new one.
        shapes: what it is called with, batch not included, if it does not say so itself; a shape
            of a list stands for whole numbers.
        depths: how far it is opened, one comparison each.
    """

    name: str
    build: Callable[[], Any]
    shapes: tuple[Any, ...] = ()
    depths: tuple[Any, ...] = (None, "all")


def applications() -> Iterator[Network]:
    """Give all of keras.applications."""
    for name, build in vars(keras.applications).items():
        if not (callable(build) and name[0].isupper()):
            continue
        side = SMALLEST.get(name, 32)

        def built(build: Any = build, side: int = side) -> Any:
            return build(weights=None, input_shape=(side, side, 3))

        yield Network(f"applications/{name}", built, depths=(None,))


EXAMPLES = {
    "cnn": ["build_cnn"],
    "lenet": ["build_lenet5"],
    "multimodal": ["build_question_answering"],
    "tiny": [
        *("chain", "vectors", "maps", "perceptron", "residual", "repeated", "branches", "twins"),
        *("nested", "gated", "crossed"),
    ],
    "transformer": ["build_classifier", "build_translator"],
    "unet": ["build_unet"],
    "vision": ["vgg16"],
}
FUNCTIONAL = {
    "composite": [
        *("build_transformer", "build_shared_block", "build_masked", "build_attentions"),
        *("build_operations", "build_names", "build_mixed", "build_cells"),
        "build_around_activation",
    ],
    "eager": ["build_scaled", "build_wrapped", "build_decoder"],
    "effects": ["build_holding"],
    "subclassed": [
        *("build_functional", "build_functional_residual", "build_functional_with_subclassed"),
    ],
    "symbolic": ["build_lambda", "build_arrays", "build_computing"],
    "tables": ["build_dictionary", "build_translator", "build_attention"],
    "tiny": [
        *("build_mlp", "build_cnn", "build_residual", "build_two_inputs", "build_shared"),
        *("build_nested", "build_nested_twice", "build_attention", "build_many_outputs"),
        *("build_unused_input", "build_nested_resized", "build_nested_dict", "build_spaces"),
        "build_wrapped",
    ],
    "totals": [
        *("build_attention", "build_attention_with_key", "build_grouped", "build_blocks"),
        *("build_mixed", "build_wrappers"),
    ],
}
SUBCLASSED: dict[str, dict[str, tuple[Any, ...]]] = {
    "subclassed": {
        "Perceptron": ((8,),),
        "Residual": ((8, 8, 4),),
        "Scaled": ((8,),),
        "Classifier": ((10,),),
        "TwoTowers": ((8,), (8,)),
        "Stem": ((16, 16, 4),),
        "Mixed": ((16, 16, 4),),
        "Overridden": ((4,),),
    },
    "effects": {"Drops": ((4,),), "Sized": ((4,),)},
}


def projects() -> Iterator[Network]:
    """Give the models of the documentation and of the other tests."""
    groups = [("example_models", EXAMPLES), ("models", FUNCTIONAL)]
    for package, table in groups:
        for module, names in table.items():
            for name in names:
                yield Network(f"{package}/{module}/{name}", _builder(package, module, name))
    for module, models in SUBCLASSED.items():
        for name, shapes in models.items():
            yield Network(f"models/{module}/{name}", _builder("models", module, name), shapes)


CHOSEN = {
    *("example_models/cnn/build_cnn", "example_models/multimodal/build_question_answering"),
    *("example_models/tiny/residual", "example_models/tiny/crossed"),
    *(f"models/composite/build_{name}" for name in ("transformer", "shared_block", "masked")),
    *(f"models/composite/build_{name}" for name in ("attentions", "operations", "cells")),
    *("models/eager/build_decoder", "models/effects/build_holding", "models/effects/Drops"),
    *("models/subclassed/build_functional_with_subclassed", "models/symbolic/build_computing"),
    *(f"models/subclassed/{name}" for name in ("Residual", "Classifier", "TwoTowers", "Mixed")),
    *("models/tables/build_dictionary", "models/totals/build_wrappers"),
    *(f"models/tiny/build_{name}" for name in ("shared", "nested_twice", "many_outputs")),
}
"""One of each kind, and none that is large."""


def chosen() -> Iterator[Network]:
    """Give some of the projects, for a normal change."""
    return (network for network in projects() if network.name in CHOSEN)


def _builder(package: str, module: str, name: str) -> Callable[[], Any]:
    def build() -> Any:
        return getattr(importlib.import_module(f"{package}.{module}"), name)()

    return build


KINDS = ("dense", "again", "unary", "binary", "merge", "swap", "norm", "nested")


def random_networks() -> Iterator[Network]:
    """Give random networks, functional and subclassed, with models in them and shared layers."""
    for seed in range(40):
        build = partial(_random, seed)
        yield Network(f"random/functional-{seed}", lambda build=build: build().functional("net"))
        shapes = ((4,),) * build().program["inputs"]
        yield Network(
            f"random/subclassed-{seed}", lambda build=build: build().subclassed(), shapes
        )


def _random(seed: int) -> Any:
    chance = random.Random(seed)
    inner = [_program(chance, KINDS[:-1], 5) for _ in range(2)]
    return importlib.import_module("proofs").Network(_program(chance, KINDS, 12), inner)


def _program(chance: random.Random, kinds: Sequence[str], most: int) -> dict[str, Any]:
    def step() -> tuple[Any, ...]:
        return chance.choice(kinds), *(chance.randrange(30) for _ in range(3))

    return {
        "inputs": chance.randint(1, 3),
        "steps": [step() for _ in range(chance.randint(1, most))],
        "outputs": [chance.randrange(30) for _ in range(chance.randint(1, 3))],
    }


def hub() -> Iterator[Network]:
    """Give those of KerasHub, which takes its time to be imported."""
    yield from importlib.import_module("hub_networks").hub()


FAMILIES = {
    "applications": applications,
    "chosen": chosen,
    "projects": projects,
    "random": random_networks,
    "hub": hub,
}
