"""What a graph cannot show, in sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

from keras_diagram_core.errors import did_you_mean
from keras_diagram_core.graph import Node
from keras_diagram_core.worker.arguments import functions_of
from keras_diagram_core.worker.facts import count
from keras_diagram_core.worker.failures import one_line, where
from keras_diagram_core.worker.trace import Trace

_NAMES = 8


def cannot_show(name: str, layer: Any, why: str) -> str:
    """Say why something is closed that was to be opened."""
    return f"The inside of '{name}' ({type(layer).__name__}) cannot be shown: {why}"


def wraps(layer: Any) -> str:
    """Say why a wrapper is not opened."""
    return f"it runs '{layer.name}' ({type(layer).__name__}) in a way of its own."


def not_expanded(name: str, nodes: Iterable[Node], *, met: bool) -> str:
    """Say that a name in `expand` opened nothing."""
    if met:
        return f"`expand` names '{name}', but there is nothing inside."
    known = {word for node in nodes for word in (node.name, node.type, *node.scope)}
    hint = did_you_mean(name, known)
    return f"There is no layer or class '{name}' to open. {hint}".rstrip()


def stopped(layer: Any, error: Exception) -> str:
    """Say that, why and where a `call` cannot be followed to its end."""
    kind, why = type(layer).__name__, reason(error).removesuffix(".")
    return f"`call` of '{kind}' cannot be followed further than here: {why}{place(error)}."


def unbuilt(name: str) -> str:
    """Say that a layer has weights that nobody knows before it is called on data."""
    return f"The parameters of layers in '{name}' that Keras has not built are not counted."


def hidden(name: str, layers: Sequence[Any]) -> str:
    """Say that the function of a Lambda calls layers, of which Keras knows nothing."""
    one = len(layers) == 1
    what = f"{'a layer' if one else f'{len(layers)} layers'}{_params_of(layers)}"
    are = "that is" if one else "that are"
    return f"'{name}' runs {what} {are} not shown: {_names(layers)}. `depth` or `expand` opens it."


def functions(name: str) -> str:
    """Say that an operation calls functions of the user."""
    return f"What the functions do that '{name}' is given is not shown."


def uncalled(trace: Trace, layer: Any, name: str, idle: Sequence[Any]) -> str:
    """Say that some layers of a layer are not called."""
    how = "never called"
    if _has_functions(trace):  # Keras does not run them all to know what they return
        how = "not called, unless in functions that are not shown"
    elif trace.is_inference and "training" in signature(layer.call).parameters:
        how = "not called outside of training"
    return f"{_layers_of(name, idle)} {how}: {_names(idle)}."


def constant_outputs(name: str, outputs: Sequence[str]) -> str:
    """Say that some outputs come from no node."""
    what = "Output" if len(outputs) == 1 else "Outputs"
    verb = "is" if len(outputs) == 1 else "are"
    some = ", ".join(outputs)
    return f"{what} {some} of '{name}' {verb} made of constants alone, and not shown."


def left_out(trace: Trace, name: str) -> Iterator[str]:
    """Say what else is not in the picture, though the code has it."""
    if trace.unneeded:
        hidden = _has_functions(trace)
        why = "in functions that are not shown" if hidden else "though no output needs it"
        yield f"{_layers_of(name, trace.unneeded)} called {why}: {_names(trace.unneeded)}."
    if trace.added_losses:
        yield f"The losses that `call` of '{name}' adds are not shown."
    if trace.assigned:
        weights = _names(trace.assigned)
        yield f"That `call` of '{name}' gives its weights new values is not shown: {weights}."


def own_weights(layer: Any, hidden: Iterable[Any]) -> str:
    """Say that a layer uses weights of its own in ways that no node tells of."""
    inner = layer._flatten_layers(include_self=False)
    theirs = {id(weight) for each in inner for weight in each.weights}
    number = count(weight for weight in hidden if id(weight) not in theirs)
    noun = "parameter" if number == 1 else "parameters"
    return f"'{layer.name}' has {number:,} {noun} of its own that no node shows." if number else ""


def reason(error: Exception) -> str:
    """Give the first line of what went wrong, not of what Keras says about it."""
    return one_line(error)


def place(error: BaseException) -> str:
    """Say where in the user's code an error was raised: ` (net.py line 7)`."""
    found = where(error)
    return f" ({Path(found[0]).name} line {found[1]})" if found else ""


def _has_functions(trace: Trace) -> bool:
    return any(map(functions_of, trace.record.calls))


def _layers_of(name: str, layers: Sequence[Any]) -> str:
    """Begin a sentence on some layers; with their parameters, which no node shows."""
    aside = _params_of(layers)
    one = len(layers) == 1
    return (
        f"1 layer of '{name}'{aside} is" if one else f"{len(layers)} layers of '{name}'{aside} are"
    )


def _params_of(layers: Sequence[Any]) -> str:
    params = count({id(w): w for layer in layers for w in layer.weights}.values())
    return f" ({params:,} parameters)" if params else ""


def _names(layers: Sequence[Any]) -> str:
    names = [layer.name for layer in layers]
    return ", ".join(names[:_NAMES]) + (", …" if len(names) > _NAMES else "")
