"""From `package.module:attribute` to a Keras model or layer."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from keras_diagram_core.errors import (
    DiagramError,
    EnvironmentProblem,
    ModelError,
    TargetError,
    did_you_mean,
)
from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker.code import run_code
from keras_diagram_core.worker.failures import explain
from keras_diagram_core.worker.files import load_file
from keras_diagram_core.worker.legacy import check_legacy, is_legacy
from keras_diagram_core.worker.places import is_users
from keras_diagram_core.worker.records import functional_of

_KERAS = 3
_RECURSION = 30_000
_STACK = 100 * 2**20
_FUNCTIONAL = "Target a model that is built from keras.Input with the functional API."


def load_model(request: ModelRequest) -> Any:
    """Import what the target names, call it if it is a builder, and give a model or layer.

    Raises:
        DiagramError: whatever went wrong, explained.
    """
    _allow_deep_recursion()
    if request.code:
        return _drawable(run_code(request.code), "The code in the page left", request)
    target, kwargs = request.target, request.kwargs
    if request.is_file:
        return _drawable(load_file(target), f"'{target}' is", request)
    module_name, _, path = target.partition(":")
    module = _import(module_name)
    found = _attribute(module, path, target)
    if _is(found, "Layer") or is_legacy(found) or _is_pair(found):
        if kwargs:
            what = "layer" if _is(found, "Layer") and not _is(found, "Model") else "model"
            hint = f"Remove the kwargs, or target a function that builds the {what}."
            raise TargetError(f"'{target}' is a {what}, which takes no kwargs.", hint=hint)
        return _drawable(found, f"'{target}' is", request)
    if not callable(found):
        kind = type(found).__name__
        hint = "Target a model, or a function or class that builds one."
        raise TargetError(f"'{target}' is {_a(kind)}, neither a model nor a builder.", hint=hint)
    _check_method(module, path, target, kwargs)
    _check_arguments(found, kwargs, target)
    with _user_code(f"'{target}'"):
        result = found(**kwargs)
    return _drawable(result, f"'{target}' returned", request)


def load_function(target: str) -> Callable[..., Any]:
    """Import the function that a target names.

    Raises:
        DiagramError: it cannot be imported, or is none.
    """
    module_name, _, path = target.partition(":")
    found = _attribute(_import(module_name), path, target)
    if callable(found):
        function: Callable[..., Any] = found
        return function
    kind = type(found).__name__
    hint = "Name a function; the reference says what it takes and returns."
    raise TargetError(f"'{target}' is {_a(kind)}, not a function.", hint=hint)


def _allow_deep_recursion() -> None:
    """Let Keras follow a chain of 10,000 layers, which it does by recursion.

    That takes no stack of C. But code that calls itself without end may, and is to end in an
    exception: so the stack may grow too, which it can on Linux while the process runs (the
    kernel leaves 128 MB for it). Whoever opens a clean process puts back Python's limit.
    """
    if sys.platform != "linux":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if hard != resource.RLIM_INFINITY and hard < _STACK:
        return
    if soft != resource.RLIM_INFINITY and soft < _STACK:
        resource.setrlimit(resource.RLIMIT_STACK, (_STACK, hard))
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))


@contextmanager
def _user_code(doing: str) -> Iterator[None]:
    """Explain whatever the user's code raises, the end of the program included."""
    try:
        yield
    except BaseException as error:
        raise explain(error, doing) from error


def _import(name: str) -> ModuleType:
    try:
        with _user_code(f"Importing '{name}'"):
            return importlib.import_module(name)
    except DiagramError as problem:
        error = problem.__cause__
        if isinstance(error, ModuleNotFoundError) and _names_part_of(error.name, name):
            raise _no_module(error.name or name) from error
        raise


def _names_part_of(missing: str | None, name: str) -> bool:
    return missing is not None and f"{name}.".startswith(f"{missing}.")


def _no_module(name: str) -> DiagramError:
    """Tell a package that is not installed from a misspelt name, and suggest the nearest."""
    if name == "keras":
        return explain(ModuleNotFoundError(name=name), "")
    parent, _, _ = name.rpartition(".")
    if parent:
        folders = getattr(sys.modules.get(parent), "__path__", ())
        known = [f"{parent}.{module}" for module in _modules_in(folders)]
        missing = f"'{parent}' has no module '{name}'." if folders else f"There is no '{name}'."
    else:
        known = _modules_in([path for path in sys.path if path and is_users(path)])
        missing = f"There is no module '{name}' on the search path."
    hint = did_you_mean(name, known) or "Check the name, and the folders on sys.path."
    return TargetError(missing, hint=hint)


def _modules_in(folders: Iterable[str]) -> list[str]:
    return [module.name for module in pkgutil.iter_modules(list(folders))]


def _attribute(module: ModuleType, path: str, target: str) -> Any:
    found: Any = module
    owner = f"The module '{module.__name__}'"
    for name in path.split("."):
        try:
            with _user_code(f"Looking up '{target}'"):
                found = getattr(found, name)
        except DiagramError as problem:
            if not isinstance(problem.__cause__, AttributeError):
                raise
            public = [known for known in dir(found) if not known.startswith("_")]
            hint = did_you_mean(name, public)
            raise TargetError(f"{owner} has no attribute '{name}'.", hint=hint) from None
        owner = f"'{name}'"
    return found


def _check_method(module: ModuleType, path: str, target: str, kwargs: Mapping[str, Any]) -> None:
    """Tell a method that needs an object of its class from one that does not."""
    parent, _, name = path.rpartition(".")
    if not parent:
        return
    owner = _attribute(module, parent, target)
    method = inspect.getattr_static(owner, name, None) if isinstance(owner, type) else None
    if not inspect.isfunction(method):
        return  # a class method, a static method, or a method of an object
    first = next(iter(inspect.signature(method).parameters.values()), None)
    if first is None or first.default is not first.empty or first.name in kwargs:
        return
    raise TargetError(
        f"`{owner.__name__}.{name}` is a method: it is called on an object of '{owner.__name__}'.",
        hint=f"Target a function that makes one: `return {owner.__name__}(...).{name}()`.",
    )


def _check_arguments(builder: Any, kwargs: Mapping[str, Any], target: str) -> None:
    """Tell kwargs that do not fit from a TypeError inside the builder, before it is called."""
    try:
        signature = _signature(builder)
    except (TypeError, ValueError):  # some compiled callables do not tell
        return
    known = signature.parameters
    takes = f"It takes {', '.join(known)}." if known else "It takes none."
    for name in _unknown(kwargs, signature):
        hint = did_you_mean(name, known) or takes
        raise TargetError(f"'{target}' takes no argument '{name}'.", hint=hint)
    try:
        signature.bind(**kwargs)
    except TypeError as error:
        raise TargetError(f"'{target}' cannot be called so: {error}.", hint=takes) from None


def _signature(builder: Any) -> inspect.Signature:
    """Give what a builder takes; of a class, its __init__, for Keras' __new__ takes anything."""
    if not isinstance(builder, type):
        return inspect.signature(builder)
    signature = inspect.signature(builder.__init__)  # type: ignore[misc]
    parameters = list(signature.parameters.values())
    return signature.replace(parameters=parameters[1:])


def _unknown(kwargs: Mapping[str, Any], signature: inspect.Signature) -> list[str]:
    known = signature.parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values()):
        return []
    return [name for name in kwargs if name not in known]


def _drawable(result: Any, sentence: str, request: ModelRequest) -> Any:
    """Check that there is something to draw.

    Args:
        result: what the target gave.
        sentence: the begin of the message, like "'pkg:build' returned".
        request: what was asked for.
    """
    if is_legacy(result):
        check_legacy(result, sentence)
        return result
    if _is_pair(result):
        with _user_code(f"Making a model of what {sentence.removesuffix(' is')}"):
            return sys.modules["keras"].Model(*result)
    if not _is(result, "Layer"):
        raise _no_model(result, sentence)
    _check_version()
    if _is(result, "Sequential") and functional_of(result) is None:
        _check_sequential(result, sentence, request)
    return result


def _is_pair(value: Any) -> bool:
    """Whether a value is what a functional model is made of: its inputs and its outputs."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return False
    tree = getattr(sys.modules.get("keras"), "tree", None)
    if tree is None:
        return False
    halves = [tree.flatten(half) for half in value]
    return all(half and all(_is(each, "KerasTensor") for each in half) for half in halves)


def _check_sequential(model: Any, sentence: str, request: ModelRequest) -> None:
    if not model.layers:
        hint = "Add layers, the first of them keras.Input."
        raise ModelError(f"{sentence} a Sequential model without layers.", hint=hint)
    if not request.inputs and not model.built:
        hint = "Make keras.Input its first layer, or give the shape: `input-shape: [32, 32, 3]`."
        raise ModelError(
            f"{sentence} a Sequential model that is not built: its input shape is unknown.",
            hint=hint,
        )


def _check_version() -> None:
    version = sys.modules["keras"].__version__
    if int(version.partition(".")[0]) < _KERAS:
        hint = "Install keras>=3.3, which can load most models of Keras 2."
        raise EnvironmentProblem(f"Keras {version} is too old.", hint=hint)


def _no_model(result: Any, sentence: str) -> ModelError:
    kind = type(result).__name__
    if isinstance(result, (tuple, list)) and any(_is(item, "Model") for item in result):
        place = next(index for index, item in enumerate(result) if _is(item, "Model"))
        return ModelError(
            f"{sentence} a {kind}, not a Keras model.",
            hint=f"Its item {place} is one: target a function that returns only the model.",
        )
    if type(result).__module__.startswith("tf_keras"):
        hint = "Of Keras 2, only whole models can be drawn."
        return ModelError(f"{sentence} {_a(kind)} of tf_keras (Keras 2).", hint=hint)
    if result is None:
        hint = "Does the function end with `return model`?"
        return ModelError(f"{sentence} nothing, not a Keras model.", hint=hint)
    return ModelError(f"{sentence} {_a(kind)}, not a Keras model.", hint=_FUNCTIONAL)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in set("aeiou") else f"a {noun}"


def _is(value: Any, kind: str) -> bool:
    """Say whether a value is an instance of one of Keras' classes, if Keras is there at all."""
    base = getattr(sys.modules.get("keras"), kind, None)
    return base is not None and isinstance(value, base)
