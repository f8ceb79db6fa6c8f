"""The options of each view: every option is declared once, here.

A field of a view's class is the whole declaration: its name (spelt `with-hyphens` in
markup), its type, its default, its limits and its help text. Directive options, YAML keys,
command-line settings, checks and the reference page are derived from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
import yaml
from msgspec import Meta, Struct

from keras_diagram_core.colours import parse_colour
from keras_diagram_core.errors import RequestError, did_you_mean

Theme = Literal["auto", "light", "dark"]
Names = tuple[str, ...]
Indices = tuple[int, ...]
T = TypeVar("T", bound=Struct)


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """The colours of a layer; empty ones are those of the theme."""

    fill: str = ""
    outline: str = ""


Looks = dict[str, Look]
_COLOUR = {"reads": "colour"}


class ViewOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What every view knows."""

    width: Annotated[
        int, Meta(ge=240, le=10_000, description="Widest that the picture may get, in px.")
    ] = 720
    theme: Annotated[
        Theme,
        Meta(description="Colours: `auto` follows the page (SVG; raster pictures are light)."),
    ] = "auto"
    direction: Annotated[
        Literal["auto", "right", "down"],
        Meta(
            description="Where the data flows: in rows to the right, or downwards; `auto` is what"
            " suits the view."
        ),
    ] = "auto"
    max_height: Annotated[
        int,
        Meta(
            ge=200,
            le=100_000,
            description="The height that the picture should keep to, in px: more is folded then.",
        ),
    ] = 1500
    legend: Annotated[
        bool, Meta(description="Name the colours and sum up the model below the picture.")
    ] = True
    show_shapes: Annotated[
        bool, Meta(description="Write output shapes, without the batch dimension.")
    ] = True
    show_layer_names: Annotated[
        bool, Meta(description="Label layers with their names instead of what they are.")
    ] = False
    type_ignore: Annotated[
        Names, Meta(description="Classes of layers that are not drawn, like `Dropout`.")
    ] = ()
    name_ignore: Annotated[
        Names, Meta(description="Names of layers that are not drawn; with scope, like `top/fc*`.")
    ] = ()
    scope_ignore: Annotated[
        Names,
        Meta(description="Nested models and composite layers that are not drawn, if opened."),
    ] = ()
    index_ignore: Annotated[
        Indices,
        Meta(description="Layers that are not drawn, by place: 0 is the first, -1 the last."),
    ] = ()
    color_map: Annotated[
        Looks,
        Meta(description="Colours of classes, like `{Conv2D: orange, Dense: {outline: '#137'}}`."),
    ] = {}
    styles: Annotated[
        Looks, Meta(description="The same by name of layer or class; it stands above `color-map`.")
    ] = {}
    background_fill: Annotated[
        str, Meta(description="Colour behind the picture; its theme follows.", extra=_COLOUR)
    ] = ""
    font_color: Annotated[str, Meta(description="Colour of words.", extra=_COLOUR)] = ""
    connector_fill: Annotated[str, Meta(description="Colour of edges.", extra=_COLOUR)] = ""
    connector_width: Annotated[
        float, Meta(ge=0.2, le=12, description="How wide edges are, in px.")
    ] = 1.2
    padding: Annotated[
        int, Meta(ge=0, le=200, description="What stays free around the picture, in px.")
    ] = 10


class FoldingOptions(ViewOptions, frozen=True, kw_only=True):
    """What views know in which one can choose how much is folded."""

    detail: Annotated[
        Literal["auto", "all", "units", "blocks", "stages"],
        Meta(
            description="How much is drawn: every layer, units of layers that belong together,"
            " blocks with repetitions folded, or blocks folded across channel counts too;"
            " `auto` takes the finest that keeps to a sensible height."
        ),
    ] = "auto"


class LayeredOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="layered"):
    """Boxes sized by their tensors, in the order of the data's flow."""

    draw_volume: Annotated[
        bool, Meta(description="Draw boxes with depth; `false` draws flat rectangles.")
    ] = True


class BlocksOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="blocks"):
    """Units in blocks that people have names for, repeated blocks folded."""


class AutoOptions(FoldingOptions, frozen=True, kw_only=True, tag_field="view", tag="auto"):
    """Layered for a chain that fits a few rows, blocks for everything else."""


class FunctionalOptions(
    ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="functional"
):
    """Flat boxes sized by their tensors, skips above them; networks that go down and up as a U."""


# Two classes have these.
ShowDtype = Annotated[bool, Meta(description="Write the data types of outputs.")]
ShowLayerActivations = Annotated[
    bool, Meta(description="Write the activation of layers that have one, if not `linear`.")
]
ShowTrainable = Annotated[
    bool, Meta(description="Write whether training changes a layer's weights, where it has some.")
]


class GraphOptions(ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="graph"):
    """Nodes and edges with names; small dense layers as columns of neurons."""

    show_layer_names: Annotated[
        bool, Meta(description="Label layers with their names; `false`: with what they are.")
    ] = True
    show_dtype: ShowDtype = False
    show_layer_activations: ShowLayerActivations = False
    show_trainable: ShowTrainable = False
    show_neurons: Annotated[
        bool, Meta(description="Draw a circle for each neuron of small dense layers.")
    ] = True
    ellipsize_after: Annotated[
        int, Meta(ge=2, le=100, description="How many neurons a layer shows before an ellipsis.")
    ] = 10
    node_size: Annotated[
        int, Meta(ge=4, le=60, description="The diameter of a neuron, in px.")
    ] = 10
    inout_as_tensor: Annotated[
        bool, Meta(description="Draw inputs as one node each, not as a circle for each feature.")
    ] = False


class LenetOptions(ViewOptions, frozen=True, kw_only=True, tag_field="view", tag="lenet"):
    """Stacks of feature maps and bars of neurons, with what each layer looks at."""

    min_xy: Annotated[
        int, Meta(ge=6, le=200, description="The side of the smallest feature map, in px.")
    ] = 20
    max_xy: Annotated[
        int,
        Meta(
            ge=20,
            le=1000,
            description="The longest side that a feature map may have, in px; all are drawn"
            " smaller where the model would not fit into a few rows.",
        ),
    ] = 120
    scale_xy: Annotated[
        float,
        Meta(
            ge=0.1,
            le=40,
            description="How many px a pixel of the largest feature map gets; `max-xy` limits it.",
        ),
    ] = 4.0
    layer_spacing: Annotated[
        int, Meta(ge=10, le=200, description="The least room between two layers, in px.")
    ] = 40
    map_spacing: Annotated[
        int,
        Meta(
            ge=1, le=40, description="How far each map of a stack is set off from the last, in px."
        ),
    ] = 4
    max_visual_channels: Annotated[
        int, Meta(ge=1, le=64, description="How many maps the layer with most channels shows.")
    ] = 12
    draw_connections: Annotated[
        bool,
        Meta(
            description="Draw lines between neighbours; `false` leaves those that lead round"
            " others or to another row."
        ),
    ] = True
    draw_patches: Annotated[
        bool,
        Meta(description="Draw what one value of a layer is made from, as a patch on its input."),
    ] = True
    patch_scale: Annotated[
        float, Meta(ge=0.1, le=10, description="How much larger than they are patches are drawn.")
    ] = 1.0
    top_label: Annotated[
        bool, Meta(description="Write `channels@height×width` above each layer.")
    ] = True
    bottom_label: Annotated[bool, Meta(description="Write below each layer what it is.")] = True


class DotOptions(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename="kebab",
    tag_field="view",
    tag="dot",
):
    """The graph as text for Graphviz: all nodes and edges, nothing folded."""

    show_shapes: Annotated[
        bool, Meta(description="Write input and output shapes, without the batch dimension.")
    ] = True
    show_layer_names: Annotated[
        bool, Meta(description="Label layers with their names, and the class below.")
    ] = True
    show_dtype: ShowDtype = False
    show_layer_activations: ShowLayerActivations = False
    show_trainable: ShowTrainable = False
    clusters: Annotated[
        bool, Meta(description="Put a frame around what is inside an opened model or layer.")
    ] = True
    rankdir: Annotated[
        Literal["TB", "LR", "BT", "RL"],
        Meta(description="Where the data flows: from top to bottom, from left to right, ..."),
    ] = "TB"
    splines: Annotated[
        Literal["spline", "ortho", "polyline", "curved", "line"],
        Meta(
            description="How Graphviz draws edges. With `ortho`, versions before 7 crash on some"
            " models: 2.43 on EfficientNet-B0."
        ),
    ] = "spline"
    dpi: Annotated[
        int,
        Meta(
            ge=0,
            le=2400,
            description="Resolution of raster pictures; 0 leaves it to Graphviz.",
        ),
    ] = 0


Options = (
    AutoOptions | LayeredOptions | BlocksOptions | FunctionalOptions | GraphOptions | LenetOptions
)
"""What a drawing can be asked for."""

AllOptions = Options | DotOptions
"""What a request may carry."""

TEXTS: dict[str, type[DotOptions]] = {"dot": DotOptions}
"""The formats that are not drawn but written from the graph, each with options of its own."""

VIEWS: dict[str, type[Options]] = {
    "auto": AutoOptions,
    "layered": LayeredOptions,
    "blocks": BlocksOptions,
    "functional": FunctionalOptions,
    "graph": GraphOptions,
    "lenet": LenetOptions,
}
DEFAULT_VIEW = "auto"


class OptionSpec(Struct, frozen=True):
    """One option as hosts and reference pages need it."""

    name: str
    type: str
    default: str
    help: str


def option_specs(view: str) -> tuple[OptionSpec, ...]:
    """List the options of one view, or of a format in `TEXTS`, in the order of declaration."""
    return tuple(
        OptionSpec(
            name=field.encode_name,
            type=_type_name(field.type),
            default=_markup({} if field.default is msgspec.NODEFAULT else field.default),
            help=_description(field.type),
        )
        for field in msgspec.structs.fields((VIEWS | TEXTS)[view])
    )


def parse_options(raw: Mapping[str, Any]) -> Options:
    """Turn markup's option names and values into the options of one view.

    Args:
        raw: `view` (optional) and options by hyphenated name; values as text, as reStructuredText
            and command lines give them, or typed, as YAML does. Empty text and None switch on.

    Raises:
        RequestError: an unknown view or option (the nearest name is suggested), a wrong value.
    """
    view = str(raw.get("view", DEFAULT_VIEW))
    if view not in VIEWS:
        known = ", ".join(VIEWS)
        hint = did_you_mean(view, VIEWS) or f"There is: {known}."
        raise RequestError(f"There is no view '{view}'.", hint=hint)
    own = {name: value for name, value in raw.items() if name != "view"}
    return _parsed(own, VIEWS[view], f"The view '{view}'")


def parse_text_options(format: str, raw: Mapping[str, Any]) -> DotOptions:
    """Turn option names and values into the options of a format in `TEXTS`, as `parse_options`.

    Raises:
        RequestError: an unknown option, a wrong value, or a view: such a format has none.
    """
    if "view" in raw:
        hint = "Remove the view, or choose another format."
        raise RequestError(f"The format '{format}' is not drawn: it has no views.", hint=hint)
    return _parsed(raw, TEXTS[format], f"The format '{format}'")


def _parsed(raw: Mapping[str, Any], kind: type[T], owner: str) -> T:
    """Check and convert options by name; `owner` has them, in messages."""
    types = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {"view": kind.__struct_config__.tag}
    for name, value in raw.items():
        if name not in types:
            hint = (
                _views_with(name) or did_you_mean(name, types) or did_you_mean(name, _all_names())
            )
            raise RequestError(f"{owner} has no option '{name}'.", hint=hint)
        values[name] = _check(name, _plain(value, types[name]), types[name])
    return msgspec.convert(values, kind)


def _all_names() -> set[str]:
    return {spec.name for view in VIEWS for spec in option_specs(view)}


def _views_with(name: str) -> str:
    """Name the views that have an option."""
    views = [view for view in VIEWS if any(spec.name == name for spec in option_specs(view))]
    return f"It belongs to view: {' and '.join(views)}." if views else ""


_WORDS = {"": True, "yes": True, "on": True, "true": True}
_WORDS |= {"no": False, "off": False, "false": False}


def _plain(value: Any, type_: Any) -> Any:
    """Read the ways in which people write lists, true and false, and the `px` behind a number."""
    if _base(type_) in _LISTS:
        return _listed(value)
    if _base(type_) == Looks:
        return _looks(value)
    if _is_colour(type_):
        return parse_colour(value).hex if value not in {None, ""} else ""
    if _base(type_) is bool:
        return _WORDS.get("" if value is None else str(value).strip().lower(), value)
    if _base(type_) in {int, float} and isinstance(value, str):
        return value.strip().removesuffix("px").strip()
    return value


def _listed(value: Any) -> Any:
    """Read a list, or what is separated by commas; equal lists have one order."""
    parts = value.strip().strip("[]").split(",") if isinstance(value, str) else value
    parts = [] if parts is None else parts if isinstance(parts, (list, tuple, set)) else [parts]
    plain = [part.strip("\"' ") if isinstance(part, str) else part for part in parts]
    return sorted((part for part in plain if part != ""), key=str)


def _looks(value: Any) -> dict[str, dict[str, str]]:
    """Read a mapping of names to colours; a colour alone is a fill."""
    mapping = parse_mapping(value, "{Conv2D: orange, Dense: {fill: teal, outline: black}}")
    return {str(name): _look(name, mapping[name]) for name in sorted(mapping, key=str)}


def _look(name: Any, value: Any) -> dict[str, str]:
    parts = value if isinstance(value, Mapping) else {"fill": value}
    for part in parts:
        if part not in Look.__struct_fields__:
            hint = did_you_mean(str(part), Look.__struct_fields__) or "It has: fill, outline."
            raise RequestError(f"The look of '{name}' has no '{part}'.", hint=hint)
    return {part: parse_colour(colour).hex for part, colour in sorted(parts.items())}


def parse_mapping(value: Any, example: str) -> dict[Any, Any]:
    """Read a mapping: as it is, or written as YAML or JSON.

    Raises:
        RequestError: where it is none; `example` shows how to write one.
    """
    if isinstance(value, str):
        try:
            value = yaml.safe_load(value)
        except yaml.YAMLError as error:
            problem = " ".join(str(error).split())
            raise RequestError(f"This is neither YAML nor JSON: {problem}.") from None
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RequestError(f"'{value}' is not a mapping.", hint=f"Write it like {example}.")
    return dict(value)


def _is_colour(type_: Any) -> bool:
    return any(meta.extra == _COLOUR for meta in getattr(type_, "__metadata__", ()))


def _check(name: str, value: Any, type_: Any) -> Any:
    try:
        return msgspec.convert(value, type_, strict=isinstance(value, bool))
    except msgspec.ValidationError:
        raise RequestError(
            f"The option '{name}' cannot be '{value}'.", hint=f"It takes {_type_name(type_)}."
        ) from None


def _base(type_: Any) -> Any:
    return get_args(type_)[0] if hasattr(type_, "__metadata__") else type_


def _description(type_: Any) -> str:
    return next(meta.description or "" for meta in type_.__metadata__ if isinstance(meta, Meta))


_LISTS = {
    Names: "names, separated by commas; `*` stands for anything",
    Indices: "whole numbers, separated by commas",
}


def _type_name(type_: Any) -> str:
    base = _base(type_)
    if _is_colour(type_):
        return "a colour"
    if base in _LISTS:
        return _LISTS[base]
    if base == Looks:
        return "a mapping of names to colours"
    if choices := get_args(base):
        return " | ".join(str(choice) for choice in choices)
    names = {bool: "true | false", int: "a whole number", float: "a number"}
    name = names.get(base, getattr(base, "__name__", ""))
    return name + "".join(_limits(type_))


def _limits(type_: Any) -> Iterator[str]:
    for meta in getattr(type_, "__metadata__", ()):
        if meta.ge is not None:
            yield f" from {meta.ge}"
        if meta.le is not None:
            yield f" to {meta.le}"


def _markup(value: Any) -> str:
    if value in ((), {}, ""):
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
