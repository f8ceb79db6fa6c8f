"""Environment variables: what the worker is given, and digests of values, which nobody may see."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def worker_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a worker has, from those of the build."""
    return {
        # TensorFlow's remarks on the processor are not the user's output.
        "TF_CPP_MIN_LOG_LEVEL": "2",
        # A builder that goes through a set gives the same graph in every build.
        "PYTHONHASHSEED": "0",
        **environ,
    }


def variable_digest(name: str, environ: Mapping[str, str]) -> str:
    """Return the digest of a variable's value; empty where it is not set."""
    value = environ.get(name)
    if value is None:
        return ""
    return hashlib.sha256(f"{name}={value}".encode("utf-8", "surrogatepass")).hexdigest()
