"""What a value consists of: a label that tells plain data apart, and the values inside it.

Two values are alike if their labels are equal and what is inside them is alike. A label holds
nothing that changes from process to process: no address, no order of a set.
"""

from __future__ import annotations

import hashlib
import importlib
import math
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, partial
from itertools import chain
from pathlib import PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

from keras_diagram_core.worker.arguments import arguments_of, parameters_of
from keras_diagram_core.worker.records import functional_of, recorded

_IRRELEVANT = re.compile(
    r"(_|^)(initiali[sz]er|regulari[sz]er|constraint|seed)s?(_|$)"
    r"|^_?(name|loss|losses|loss_fn)$"
    r"|^_self_|^_torch_params$|^_input_shape_arg$|^_build_shapes_dict$"
)
"""Attributes of a layer that do not change what its call computes, or are a framework's own."""

_RELEVANT = frozenset(
    {
        "_allow_non_tensor_positional_args",
        "_convert_input_args",
        "_dtype_policy",
        "_layers",
        "_non_trainable_variables",
        "_supports_masking",
        "_trainable",
        "_trainable_variables",
        "autocast",
    }
)
"""What counts of the attributes that every layer has."""

_RECORDS = frozenset(
    {
        "_functional",
        "_inputs",
        "_inputs_struct",
        "_layers",
        "_nodes",
        "_nodes_by_depth",
        "_operations",
        "_operations_by_depth",
        "_outputs",
        "_outputs_struct",
        "input_names",
        "output_names",
    }
)
"""Attributes in which a functional model keeps its calls."""

_FROM_WEIGHTS = {
    "keras.src.layers.preprocessing.normalization.Normalization": {"mean", "variance"}
}
"""Attributes that Keras computes from weights or from other attributes, by class."""

_MOST_STATIC = 65_536
"""So many numbers a symbolic tensor may have to be looked at: it is computed for that."""

_FRAMEWORKS = frozenset({"jax", "jaxlib", "numpy", "tensorflow", "torch"})


@cache
def counts(attribute: str) -> bool:
    """Whether a call can depend on an attribute of this name: a person's names never count."""
    return not _IRRELEVANT.search(attribute)


class Whole(NamedTuple):
    """A value taken apart.

    Attributes:
        label: what it is, apart from what is inside.
        parts: what is inside.
        is_ordered: whether the order of the parts counts.
    """

    label: str
    parts: tuple[Any, ...] = ()
    is_ordered: bool = True


class Parts:
    """Takes values apart.

    What cannot be compared is like itself alone: it is known by the number that it got when
    it was met first.
    """

    def __init__(self) -> None:
        """Learn which attributes every layer and model has."""
        import keras

        backend_utils = importlib.import_module("keras.src.utils.backend_utils")
        bare = keras.Layer(name="bare"), keras.Model(name="bare")
        self._usual = frozenset(chain.from_iterable(map(vars, bare))) - _RELEVANT
        self._idle = (
            keras.Initializer,
            keras.Loss,
            keras.Metric,
            keras.Optimizer,
            keras.Regularizer,
            keras.constraints.Constraint,
            keras.random.SeedGenerator,
            backend_utils.DynamicBackend,  # names the backend in use
        )
        self._numbers: dict[int, int] = {}
        self._classes: dict[str, list[type]] = {}
        self._kept: list[Any] = []  # alive, for the sake of their id()

    def apart(self, value: Any) -> Whole:
        """Return what a value consists of."""
        try:
            atom = _atom(value)
            return self._whole(value) if atom is None else Whole(atom)
        except Exception:  # noqa: BLE001  (a property of the user's may raise anything)
            return self._unique(value)

    def call(self, call: Any) -> Iterator[tuple[str, Any]]:
        """Yield what counts of the arguments of a call: all but those at their defaults.

        Tensors count by where they go, for what they are is told by edges and shapes.
        """
        usual = _defaults(call.operation)
        for name, value in arguments_of(call):
            if value is not None and not _is_default(value, usual.get(name)):
                yield name, value

    def _whole(self, value: Any) -> Whole:
        found = self._of_keras(value) or _container(value) or self._function(value)
        return found or self._array(value) or self._object(value)

    def _of_keras(self, value: Any) -> Whole | None:
        import keras

        if isinstance(value, keras.KerasTensor):
            return Whole("tensor")
        if isinstance(value, keras.Variable):
            # How long Keras' own whole numbers are depends on the backend.
            dtype = str(value.dtype).replace("int64", "int32")
            return Whole(f"weight {tuple(value.shape)} {dtype} {value.trainable}")
        if isinstance(value, self._idle):
            return Whole("idle")
        if isinstance(value, keras.DTypePolicy):
            mode = getattr(value, "quantization_mode", None)
            inner = tuple(chain(*value.items())) if isinstance(value, Mapping) else ()
            return _made(f"policy {value.compute_dtype} {value.variable_dtype} {mode}", inner)
        if isinstance(value, keras.Operation):
            return self._operation(value)
        return None

    def _operation(self, operation: Any) -> Whole:
        """Take a layer or operation apart: its class, its attributes, and the calls it records."""
        attributes = {**vars(operation), **vars(operation).get("_modules", {})}
        record = recorded(operation)
        kind = self._class(type(operation))
        passed = self._usual | _FROM_WEIGHTS.get(kind.partition("#")[0], set())
        passed |= _RECORDS if record is not None else set()
        names = sorted(name for name in attributes if name not in passed and counts(name))
        parts = [attributes[name] for name in names]
        label = f"operation {kind} {' '.join(names)}"
        if record is None:
            return _made(label, parts)
        wiring, inside = self._record(functional_of(operation), record)
        return _made(f"{label} {wiring}", [*parts, *inside])

    def _record(self, functional: Any, record: Any) -> tuple[str, list[Any]]:
        """Return how the calls of a functional model feed each other, and what they consist of."""
        import keras

        places = {id(tensor): place for place, tensor in enumerate(record.inputs)}
        wiring: list[str] = []
        parts: list[Any] = []
        for call in record.calls:
            sources = [places.get(id(tensor), -1) for tensor in call.input_tensors]
            arguments = [] if call.is_input else list(self.call(call))
            wiring.append(f"{sources} {[name for name, _ in arguments]}")
            parts += [call.operation, *(value for _, value in arguments)]
            places.update((id(each), len(places) + n) for n, each in enumerate(call.outputs))
        ends = [places.get(id(tensor), -1) for tensor in record.outputs]
        shapes = [tuple(tensor.shape) for tensor in record.inputs]
        forms = [
            keras.tree.map_structure(lambda _: 0, structure)
            for structure in (functional._inputs_struct, functional._outputs_struct)
        ]
        return f"{shapes} {wiring} {ends}", [*parts, *forms]

    def _class(self, kind: type) -> str:
        """Name a class; another one of the same name, as a function may make, gets a number."""
        name = f"{kind.__module__}.{kind.__qualname__}"
        same = self._classes.setdefault(name, [])
        if kind not in same:
            same.append(kind)
        return f"{name}#{same.index(kind)}"

    def _function(self, value: Any) -> Whole | None:
        match value:
            case type():
                found = Whole(f"class {self._class(value)}")
            case ModuleType():
                found = Whole(f"module {value.__name__}")
            case MethodType():
                found = Whole("method", (value.__func__, value.__self__))
            case partial():
                found = _made("partial", [value.func, value.args, value.keywords])
            case _ if callable(value) and (name := _public_name(value)):
                found = Whole(f"function {name}")
            case BuiltinFunctionType():
                found = Whole(f"method {value.__name__}", (value.__self__,))
            case FunctionType():
                found = _code_and_surroundings(value)
            case _:
                return None
        return found

    def _array(self, value: Any) -> Whole | None:
        if not (hasattr(value, "shape") and hasattr(value, "dtype")):
            return None
        array = _numbers(value)
        if array is None:
            return self._unique(value)
        if array.dtype.hasobject:
            return _made(f"array {array.shape}", array.ravel())
        return Whole(f"array {array.dtype} {array.shape} {_hashed_bytes(array.tobytes())}")

    def _object(self, value: Any) -> Whole:
        """Take an object apart that has nothing but attributes."""
        kind = type(value)
        foreign = kind.__module__.partition(".")[0] in _FRAMEWORKS
        attributes = dict(_attributes(value))
        has_more = any(
            getattr(kind, name) is not getattr(object, name)
            for name in ("__reduce__", "__reduce_ex__")
        )
        if foreign or has_more or not (attributes or hasattr(value, "__dict__")):
            return self._unique(value)
        names = sorted(attributes)
        label = f"object {self._class(kind)} {' '.join(names)}"
        return _made(label, [attributes[name] for name in names])

    def _unique(self, value: Any) -> Whole:
        self._kept.append(value)
        return Whole(f"unique {self._numbers.setdefault(id(value), len(self._numbers))}")


def _atom(value: Any) -> str | None:
    """Write plain data, so that unequal data is written unequally."""
    if type(value) in _PLAIN:  # nearly all
        return repr(value)
    for kinds, write in _ATOMS:
        if isinstance(value, kinds):
            return write(value)
    is_word = type(value).__name__.lower().endswith(("dtype", "shape"))  # of any framework
    if is_word and not callable(value):  # not the layer `Reshape`
        return f"{type(value).__name__} {value}"
    return None


def _hashed_bytes(value: bytes | bytearray) -> str:
    return f"bytes {hashlib.blake2b(value, digest_size=16).hexdigest()}"


_PLAIN = frozenset({type(None), bool, int, float, str})
_ATOMS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (str, lambda value: repr(str(value))),
    ((type(None), bool, complex, range, slice, type(Ellipsis)), repr),
    (Enum, lambda value: f"{type(value).__qualname__}.{value.name}"),
    (int, lambda value: repr(int(value))),
    (float, lambda value: repr(float(value))),
    ((bytes, bytearray), _hashed_bytes),
    (PurePath, lambda value: f"path {value}"),
)


def _container(value: Any) -> Whole | None:
    if isinstance(value, Mapping):
        return _made("mapping", chain.from_iterable(value.items()))
    if isinstance(value, (set, frozenset)):
        return Whole("set", tuple(value), is_ordered=False)
    if isinstance(value, (list, deque)):
        return _made("list", value)
    if isinstance(value, tuple):
        return _made("tuple", value)
    return None


def _made(label: str, values: Iterable[Any]) -> Whole:
    """Make a whole of values in order; plain data is written into the label."""
    words, parts = [label], []
    for value in values:
        atom = _atom(value)
        words.append("." if atom is None else atom)
        if atom is None:
            parts.append(value)
    return Whole("\0".join(words), tuple(parts))


def _defaults(operation: Any) -> Mapping[str, Any]:
    parameters = parameters_of(operation)
    return {each.name: each.default for each in parameters if each.default is not each.empty}


def _is_default(value: Any, usual: Any) -> bool:
    return isinstance(value, (bool, int, float, str)) and (type(value), value) == (
        type(usual),
        usual,
    )


def _public_name(function: Any) -> str:
    """Return the name by which a function can be imported, if there is one."""
    module, path = (getattr(function, name, None) for name in ("__module__", "__qualname__"))
    path = path or getattr(function, "__name__", None)
    if not isinstance(module, str):
        module = "numpy"  # its functions of elements name none
    if not isinstance(path, str):
        return ""
    found: Any = sys.modules.get(module)
    for name in path.split("."):
        found = getattr(found, name, None)
    return f"{module}.{path}" if found is function else ""


def _code_and_surroundings(function: FunctionType) -> Whole:
    """Take a lambda or inner function apart: its code, what is around it, and its defaults."""
    code = hashlib.sha256(repr(list(_written(function.__code__))).encode()).hexdigest()
    around = []
    for cell in function.__closure__ or ():
        try:
            around.append(cell.cell_contents)
        except ValueError:  # a variable that has no value yet
            around.append(None)
    usual = (function.__defaults__, function.__kwdefaults__)
    return _made(f"function {function.__module__} {code}", [*around, *usual])


def _written(code: CodeType) -> Iterator[Any]:
    yield code.co_code
    yield code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield list(_written(constant))
        elif isinstance(constant, frozenset):
            yield sorted(map(repr, constant))
        else:
            yield constant


def _attributes(value: Any) -> Iterable[tuple[str, Any]]:
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        names: Sequence[str] = (slots,) if isinstance(slots, str) else tuple(slots)
        yield from ((name, getattr(value, name)) for name in names if hasattr(value, name))
    yield from getattr(value, "__dict__", {}).items()


def _numbers(value: Any) -> Any:
    """Return an array or tensor as one of numpy, None where nobody knows its values."""
    import keras
    import numpy as np

    try:
        if isinstance(value, np.ndarray):
            return value
        return _static(value) if _is_symbolic(value) else keras.ops.convert_to_numpy(value)
    except Exception:  # noqa: BLE001  (a symbolic tensor of a backend)
        return None


def _is_symbolic(value: Any) -> bool:
    return hasattr(value, "graph") and not hasattr(value, "numpy")


def _static(value: Any) -> Any:
    """Return what a symbolic tensor of TensorFlow is in any case, as a constant of a `call` is."""
    if math.prod(value.shape) > _MOST_STATIC:
        return None
    return sys.modules["tensorflow"].get_static_value(value)
