"""Settings: what arguments of Keras' own layers change what they compute, and their defaults."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

_IDLE = re.compile(
    r"_(initializer|regularizer|constraint|dtype)$"
    r"|^(activation|activity_regularizer|autocast|call_|gptq_|lora_|native_|quantization_|renorm_)"
    r"|^(name|dtype|trainable|seed|weights|unroll|use_cudnn|flash_attention|unit_forget_bias)$"
    r"|^(batch_shape|batch_size|shape|input_tensor|momentum|synchronized)$"
    r"|^(attention_axes|negative_slope|optional|ragged|sparse|use_gate|value_dim)$"
)
"""Arguments that say how a layer is called, begins, is trained or is run, or are facts anyway."""


@cache
def settings_of(layer: type) -> Mapping[str, Any]:
    """Return the names of the arguments that a class of Keras takes, with their defaults."""
    parameters = inspect.signature(layer.__init__).parameters.values()  # type: ignore[misc]
    return {
        each.name: each.default
        for each in parameters
        if each.default is not each.empty and not _IDLE.search(each.name)
    }
