"""Which Keras backend the worker runs on: what is configured, or what Keras would choose.

Keras takes its backend from KERAS_BACKEND, else from keras.json, else it is TensorFlow, and
keeps it for the life of the process. A configured backend overrides all that. With none
configured a module may still choose for itself, by setting KERAS_BACKEND before it imports
Keras: then a target is answered only by a process whose backend is the one that the target
would get alone (`Backend.kept`), so that the order of targets never matters.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from keras_diagram_core.errors import DiagramError, EnvironmentProblem, did_you_mean
from keras_diagram_core.worker import frameworkless

NONE = "none"
"""The configured value for Keras without any framework."""

_NEEDS = {
    "tensorflow": ("tensorflow",),
    "jax": ("jax",),
    "torch": ("torch",),
    "openvino": ("openvino",),
    "numpy": ("scipy", "jax"),
}
"""Keras' backends, and the packages that each cannot be imported without."""

_FRAMEWORKS = ("tensorflow", "jax", "torch", "openvino")
_DEFAULT = "tensorflow"


class OtherBackendError(Exception):
    """The code that just ran wants another backend than this process has."""


class Backend:
    """The backend of this process."""

    def __init__(self, configured: str) -> None:
        """Settle the backend before anything imports Keras, or leave the choice to Keras.

        Args:
            configured: the backend, `none` for none at all, or nothing.
        """
        self._configured = configured
        self.is_settled = False
        """Whether an earlier target may have fixed the backend, and not the present one."""
        if configured == NONE or not (configured or _is_any_there()):
            frameworkless.start()
        elif configured:
            os.environ["KERAS_BACKEND"] = configured

    def check(self) -> None:
        """Make sure that there is such a backend.

        Raises:
            EnvironmentProblem: there is none, or it is not installed.
        """
        if self._configured not in {"", NONE}:
            _check(self._configured)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Refuse what code gives that would, in a process of its own, have another backend.

        Raises:
            OtherBackendError: whatever else may have been raised.
        """
        try:
            yield
        finally:
            unfit = (not self._configured and _is_other()) or _is_other_generation()
            if self.is_settled and unfit:
                raise OtherBackendError

    def explained(self, error: DiagramError, subject: str) -> DiagramError:
        """Say what to install, where code failed for want of a framework.

        Args:
            error: how the code failed.
            subject: whose code, as the subject of a sentence.
        """
        if not frameworkless.is_active():
            return error
        if frameworkless.needs_backend(error.__cause__):
            return EnvironmentProblem(
                f"{subject} needs a real Keras backend, and Keras runs without any here.",
                hint=_remedy(),
                traceback=error.traceback,
            )
        if not error.hint and frameworkless.may_need_backend(error.__cause__):
            error.hint = f"Keras runs without a backend here. If that is why: {_remedy()}"
        return error


def _is_other() -> bool:
    """Say whether the settings ask for another backend than the one that runs."""
    keras = sys.modules.get("keras")
    if frameworkless.is_active() or not hasattr(keras, "backend"):
        return False
    running: str = sys.modules["keras"].backend.backend()
    return running != (os.environ.get("KERAS_BACKEND") or _from_settings())


def _is_other_generation() -> bool:
    """Say whether tensorflow.keras is another Keras than the settings ask for."""
    found = vars(sys.modules["tensorflow"]).get("keras") if "tensorflow" in sys.modules else None
    # Not by attributes: TensorFlow decides when it is first asked for one, and has no name then.
    loaded = str(vars(found).get("__name__", "")) if found else ""
    wants_legacy = os.environ.get("TF_USE_LEGACY_KERAS") in {"true", "True", "1"}
    return bool(loaded) and loaded.startswith("tf_keras") != wants_legacy


def _remedy() -> str:
    installed = [name for name in _FRAMEWORKS if _is_installed(name)]
    if installed:
        return f"Configure '{installed[0]}' as the backend: it is installed."
    return "Install tensorflow, jax or torch."


def _is_any_there() -> bool:
    """Say whether Keras has a backend to run on, or was told which, right or wrong."""
    told = os.environ.get("KERAS_BACKEND")
    return bool(told) or _is_installed(_from_settings()) or any(map(_is_installed, _FRAMEWORKS))


def _check(name: str) -> None:
    if name not in _NEEDS:
        hint = did_you_mean(name, [*_NEEDS, NONE]) or f"There are {_listed([*_NEEDS, NONE])}."
        raise EnvironmentProblem(f"Keras has no backend '{name}'.", hint=hint)
    if not _is_installed(name):
        others = [other for other in _NEEDS if _is_installed(other)]
        instead = _listed([f"'{other}'" for other in [*others, NONE]])
        raise EnvironmentProblem(
            f"The Keras backend '{name}' is not installed.",
            hint=f"Install it, or configure the backend as {instead}.",
        )


def _listed(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _is_installed(backend: str) -> bool:
    return all(map(_is_package, _NEEDS.get(backend, (backend,))))


def _is_package(name: str) -> bool:
    """Say whether a package is there, without importing it; a bare folder is none."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None


def _from_settings() -> str:
    """Read keras.json as Keras does."""
    folder = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    try:
        with open(os.path.join(folder, "keras.json"), encoding="utf-8") as file:
            settings = json.load(file)
    except (OSError, ValueError):
        return _DEFAULT
    found = settings.get("backend", _DEFAULT) if isinstance(settings, Mapping) else _DEFAULT
    return str(found)
