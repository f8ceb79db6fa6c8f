"""What is asked for: a frozen value with one canonical JSON, made from any host's markup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from keras_diagram_core import depends
from keras_diagram_core.artifact import Format
from keras_diagram_core.errors import RequestError
from keras_diagram_core.inputs import InputSpec, parse_inputs
from keras_diagram_core.options import (
    TEXTS,
    VIEWS,
    AllOptions,
    FunctionalOptions,
    LenetOptions,
    OptionSpec,
    ViewOptions,
    VolumeOptions,
    option_specs,
    parse_options,
    parse_text_options,
)
from keras_diagram_core.options.files import located
from keras_diagram_core.options.values import TARGET, parse_yaml
from keras_diagram_core.plain import check_plain

FILE_ENDINGS = (".keras", ".h5", ".hdf5", ".json")
"""The endings of files that can be targets: saved models, and what `model.to_json()` returns."""

_FOREIGN = {
    ".tflite": "a TensorFlow Lite file",
    ".onnx": "an ONNX file",
    ".pb": "a part of a SavedModel",
    ".pt": "a file of PyTorch",
    ".pth": "a file of PyTorch",
    ".safetensors": "a file of weights",
    ".ckpt": "a file of weights",
}
"""What other endings stand for, whose files have no layers of Keras in them."""


def canonical_json(value: Any) -> bytes:
    """Encode plain data so that equal values give equal bytes in every process."""
    return msgspec.json.encode(value, order="deterministic")


def digest(data: bytes) -> str:
    """Hash bytes to the 32 hexadecimal digits that name things in the cache (128 of SHA-256)."""
    return hashlib.sha256(data).hexdigest()[:32]


class TextSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The function that writes on layers, and which of them are not drawn and so not counted.

    With a `name`, it writes the text of that name: `top` or `bottom`, called with layer and shape,
    or one for boxes (`box:...`), called with the layer, on the layers or classes in `only`.
    """

    target: str
    name: str = ""
    only: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    places: tuple[int, ...] = ()

    @classmethod
    def of(cls, target: str, options: ViewOptions, name: str = "") -> TextSource:
        """Take from a view's options what is not drawn."""
        return cls(
            target=target,
            name=name,
            types=options.type_ignore,
            names=options.name_ignore,
            scopes=options.scope_ignore,
            places=options.index_ignore,
        )


class ModelRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which model: all that decides what is extracted, and nothing that decides the drawing.

    `target` is empty where `code` is given. `inputs` are for models that do not say
    themselves what they take; either all of them have names or none. `depends` names what the
    graph is made from and nobody can see being read. `texts` and `labels` are
    written by functions that need the layers; those of labels have names.
    """

    target: str
    code: str = ""
    kwargs: dict[str, Any] = {}
    inputs: tuple[InputSpec, ...] = ()
    depth: Annotated[int, Meta(ge=0)] | Literal["all"] | None = None
    expand: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    texts: TextSource | None = None
    labels: tuple[TextSource, ...] = ()

    @property
    def title(self) -> str:
        """Name the model's origin in messages."""
        return self.target or "the code in the page"

    @property
    def is_file(self) -> bool:
        """Say whether the target is a saved model's file."""
        return self.target.lower().endswith(FILE_ENDINGS)

    @property
    def digest(self) -> str:
        """Name this request in the cache."""
        return digest(canonical_json(self))


class DiagramRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which model, drawn how."""

    model: ModelRequest
    options: AllOptions

    @property
    def digest(self) -> str:
        """Name this request among the others of a build."""
        return digest(canonical_json(self))

    def located(self, locate: Callable[[str], str], names: Container[str]) -> DiagramRequest:
        """Return the request with the paths of images and dependencies as the project knows them.

        Args:
            locate: takes a path as a document has it, gives it relative to the project.
            names: the options that stand in the document, by hyphenated name; files in others
                are relative to the project already.
        """
        model = self.model
        if "depends" in names:
            model = msgspec.structs.replace(model, depends=depends.located(model.depends, locate))
        options = located(self.options, locate, names)
        return msgspec.structs.replace(self, model=model, options=options)

    def depending(self, entries: Iterable[str]) -> DiagramRequest:
        """Return the request with more dependencies, relative to the project."""
        every = tuple(sorted({*self.model.depends, *entries}))
        model = msgspec.structs.replace(self.model, depends=every)
        return msgspec.structs.replace(self, model=model)


MODEL_OPTIONS: tuple[OptionSpec, ...] = (
    OptionSpec(
        name="kwargs",
        type="a mapping, as YAML or JSON",
        default="none",
        help="The arguments that the builder is called with.",
    ),
    OptionSpec(
        name="input-shape",
        type="a shape, a list of shapes, or a (nested) mapping of names to shapes",
        default="what the model says",
        help="What a subclassed model or a layer is called with, without the batch dimension.",
    ),
    OptionSpec(
        name="inputs",
        type="a (nested) mapping of names to {shape, dtype}, or a list of those",
        default="what the model says",
        help="The same with data types.",
    ),
    OptionSpec(
        name="depth",
        type="a whole number | all",
        default="all nested models, no composite layers",
        help="How many levels of nested models and composite layers are opened.",
    ),
    OptionSpec(
        name="expand",
        type="names or class names, separated by commas",
        default="none",
        help="Nested models and composite layers to open, whatever the depth.",
    ),
    OptionSpec(
        name="depends",
        type="paths, patterns such as data/*.json, and env:NAME, separated by commas",
        default="none",
        help="Files and variables that the model depends on, but that only another process or"
        " compiled code reads: what Python itself reads is noticed anyway.",
    ),
)
"""The options that decide what is extracted; those of a view decide how it is drawn."""


def option_names() -> frozenset[str]:
    """Give the names of all options that some diagram may have."""
    views = {spec.name for view in VIEWS for spec in option_specs(view)}
    return frozenset({"view", *views, *(spec.name for spec in MODEL_OPTIONS)})


def parse_request(
    target: str, settings: Mapping[str, Any] | None = None, format: Format = "svg"
) -> DiagramRequest:
    """Read one diagram's markup.

    Args:
        target: `package.module:attribute[.attribute]` or `path/to/model.keras`; empty with
            `code`.
        settings: the `MODEL_OPTIONS`, `view`, that view's options, and `code`: Python that
            leaves a variable `model`.
        format: what is wanted. One that is not drawn, as `dot`, has options instead of views.

    Raises:
        RequestError: anything that is not understood, with what to write instead.
    """
    options = dict(settings or {})
    check_plain(target, "The target cannot be read")
    for name, value in options.items():
        check_plain(value, f"The option '{name}' cannot be read")
    code = options.pop("code", None) or ""
    if not isinstance(code, str):
        raise RequestError("The code must be text.", hint="Write it as a block: `code: |`.")
    code = code.rstrip()
    model = ModelRequest(
        target="" if code and not target.strip() else _parse_target(target),
        code=code,
        kwargs=_parse_kwargs(options.pop("kwargs", None)),
        inputs=parse_inputs(options.pop("input-shape", None), options.pop("inputs", None)),
        depth=parse_depth(options.pop("depth", None)),
        expand=parse_names(options.pop("expand", None)),
        depends=depends.parse_depends(options.pop("depends", None)),
    )
    _check_combination(model)
    chosen = parse_text_options(format, options) if format in TEXTS else parse_options(options)
    if isinstance(chosen, VolumeOptions) and ":" in chosen.text_callable:
        texts = TextSource.of(chosen.text_callable, chosen)
        model = msgspec.structs.replace(model, texts=texts)
    if labels := tuple(label_sources(chosen)):
        model = msgspec.structs.replace(model, labels=labels)
    return DiagramRequest(model=model, options=chosen)


def label_sources(options: AllOptions | ViewOptions) -> Iterator[TextSource]:
    """Give the functions that write texts with names: labels in `lenet`, boxes in `functional`."""
    if isinstance(options, LenetOptions):
        targets = {"top": options.top_label_callable, "bottom": options.bottom_label_callable}
        yield from (TextSource.of(t, options, name) for name, t in targets.items() if t)
    if isinstance(options, FunctionalOptions):
        labels: dict[str, list[str]] = {}
        for label, look in options.styles.items():
            labels.setdefault(look.box_text_callable, []).append(label)
        for target in sorted(filter(None, labels)):
            source = TextSource.of(target, options, box_text_name(target))
            yield msgspec.structs.replace(source, only=tuple(sorted(labels[target])))


def box_text_name(target: str) -> str:
    """Name the text that a function writes into boxes."""
    return f"box:{target}"


def _check_combination(model: ModelRequest) -> None:
    if model.code and model.target:
        hint = "Remove the target, or the code."
        raise RequestError("A diagram has either a target or code of its own.", hint=hint)
    if model.kwargs and (model.code or model.is_file):
        hint = "Remove the kwargs; they are for functions and classes."
        raise RequestError(f"There is nothing to call in {model.title}.", hint=hint)


def _parse_target(text: str) -> str:
    stripped = text.strip()
    if stripped.lower().endswith(FILE_ENDINGS) and "\0" not in stripped:
        return stripped
    target = "".join(stripped.split())
    if TARGET.fullmatch(target):
        return target
    if target and (problem := _foreign(stripped)):
        raise problem
    raise RequestError(
        f"'{stripped}' is not a target." if target else "The target is missing.",
        hint=f"Write it as package.module:attribute, for example {_corrected(target)}.",
    )


def _foreign(path: str) -> RequestError | None:
    """Say what is possible with a file or folder of another format, if this is the path of one."""
    hint = "Target what it was made from: package.module:attribute, or a .keras or .h5 file."
    kind = next((kind for ending, kind in _FOREIGN.items() if path.lower().endswith(ending)), "")
    if kind and ":" not in path:
        return RequestError(f"'{path}' is {kind}, which has no layers of Keras in it.", hint=hint)
    if "/" not in path or ":" in path or "." in path.rstrip("/").rpartition("/")[2]:
        return None
    return RequestError(
        f"'{path}' is not a target. The folder of a SavedModel has no layers of Keras in it.",
        hint=f"{hint} If Keras 2 saved it: a function that calls tf_keras.models.load_model.",
    )


def _corrected(target: str) -> str:
    """Give what may have been meant: `pkg.net` and `pkg/net.py:f` are `pkg:net`, `pkg.net:f`."""
    module, colon, attribute = target.partition(":")
    dotted = module.removeprefix("./").removesuffix(".py").replace("/", ".")
    if not colon:
        dotted, _, attribute = dotted.rpartition(".")
    corrected = f"{dotted}:{attribute}"
    is_file = not colon and module.endswith(".py")
    return "mypkg.models:build_unet" if is_file or not TARGET.fullmatch(corrected) else corrected


def _parse_kwargs(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = parse_yaml(value, "The kwargs are")
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        hint = "Write it like {classes: 10, weights: null}."
        raise RequestError("The kwargs must be a mapping of names to values.", hint=hint)
    try:
        # A round trip leaves exactly what JSON can say, and fails on all else.
        plain: dict[str, Any] = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise RequestError(f"The kwargs must be plain data: {error}.") from None
    _refuse_none(plain)
    return plain


def _refuse_none(value: Any) -> None:
    """Refuse Python's None, which YAML takes for a text."""
    if value == "None":
        raise RequestError("'None' is a text in YAML.", hint="Write `null` in the kwargs.")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _refuse_none(each)


def parse_depth(value: Any) -> int | Literal["all"] | None:
    """Read how many levels are opened.

    Raises:
        RequestError: where it is neither a whole number from 0 nor `all`.
    """
    if value is None or value == "all":
        return None if value is None else "all"
    try:
        depth: int = msgspec.convert(
            value, Annotated[int, Meta(ge=0)], strict=isinstance(value, bool)
        )
    except msgspec.ValidationError:
        hint = "It takes a whole number from 0 (keep all closed), or all."
        raise RequestError(f"The depth cannot be '{value}'.", hint=hint) from None
    return depth


def parse_names(value: Any) -> tuple[str, ...]:
    """Read a list of names, or names separated by commas.

    Raises:
        RequestError: where it is neither.
    """
    names = value.strip("[] ").split(",") if isinstance(value, str) else value
    if names is None:
        return ()
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise RequestError(f"'{value}' is not a list of names.", hint="Write it like [a, b].")
    return tuple(sorted({name.strip() for name in names} - {""}))
