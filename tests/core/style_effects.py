"""What parts of looks do: how it is looked for, and what every view has."""

from collections.abc import Callable
from typing import Any

from core_graphs import load_graph
from legibility import measure

from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import (
    Bounds,
    Box,
    Connector,
    Label,
    Mark,
    Polygon,
    Scene,
    Stroke,
    Text,
)

Effects = dict[str, Callable[[], None]]
GRAPHS = {"layered": "cnn", "graph": "tiny_mlp", "functional": "cnn", "lenet": "lenet5"}
IN_WORDS = {"simple_text_visualization": True, "simple_text_label_mode": "inside"}
TWICE = {
    "graph": "vgg16",
    "collapse_enabled": True,
    "collapse_rules": "[{kind: layer, selector: Conv2D, repeat_count: 3}]",
}


def draw(view: str, styles: Any = None, graph: str = "", **options: Any) -> Scene:
    """Draw, and make sure that the picture is as tidy as without styles."""
    model = load_graph(graph or GRAPHS[view])
    raw = {name.replace("_", "-"): value for name, value in options.items()}
    scene = lay_out(model, parse_options({"view": view, "styles": styles or {}, **raw}))
    assert measure(scene, model)[3:10] == (0,) * 7
    assert scene.width <= options.get("width", 720)
    return scene


def both(view: str, layer: str, part: str, value: Any, **options: Any) -> tuple[Scene, Scene]:
    """Draw without and with one part of the look of one layer."""
    graph = options.pop("graph", "")
    others = options.pop("others", {})
    plain = draw(view, {layer: others} if others else None, graph, **options)
    return plain, draw(view, {layer: {**others, part: value}}, graph, **options)


def mark_of(scene: Scene, node: str) -> Mark:
    return next(mark for mark in scene.marks if node in mark.nodes)


def light(scene: Scene, paint: str) -> str:
    return scene.paints[paint].light


def shapes(item: Mark | Label, *kinds: type) -> list[Any]:
    return [shape for shape in item.shapes if isinstance(shape, kinds)]


def front(scene: Scene, node: str) -> Bounds:
    return shapes(mark_of(scene, node), Polygon, Box)[-1].bounds


def width(bounds: Bounds) -> float:
    return bounds.right - bounds.left


def height(bounds: Bounds) -> float:
    return bounds.bottom - bounds.top


def labels(scene: Scene, role: str, node: str = "") -> list[Label]:
    return [x for x in scene.labels if x.role == role and (not node or node in x.nodes)]


def words(scene: Scene, node: str, role: str = "caption") -> list[Text]:
    return [text for label in labels(scene, role, node) for text in shapes(label, Text)]


def inside(scene: Scene, node: str) -> list[Text]:
    return shapes(mark_of(scene, node), Text)


def edges(scene: Scene, source: str = "", target: str = "") -> list[Connector]:
    return [
        edge
        for edge in scene.connectors
        if (not source or edge.source == source) and (not target or edge.target == target)
    ]


def gap(scene: Scene, left: str, right: str) -> float:
    return mark_of(scene, right).bounds.left - mark_of(scene, left).bounds.right


def close(found: float, wanted: float) -> bool:
    return abs(found - wanted) < 0.02


def colours(scene: Scene, node: str, field: str) -> set[str]:
    """The colours that the shapes of a layer have, words apart."""
    found = {
        getattr(s, field) for s in mark_of(scene, node).shapes if not isinstance(s, (Text, Stroke))
    }
    return {light(scene, paint) for paint in found if paint}


# What every view has.


def fill(view: str, layer: str, other: str) -> None:
    plain, scene = both(view, layer, "fill", "gold")
    assert "#ffd700" in colours(scene, layer, "fill")
    assert colours(scene, other, "fill") == colours(plain, other, "fill")


def outline(view: str, layer: str, other: str) -> None:
    plain, scene = both(view, layer, "outline", "crimson")
    assert colours(scene, layer, "line") == {"#dc143c"}
    assert colours(scene, other, "line") == colours(plain, other, "line")


def connector_fill(view: str, layer: str, mine: Callable[[Connector], bool]) -> None:
    plain, scene = both(view, layer, "connector_fill", "tomato")
    drawn = zip(scene.connectors, plain.connectors, strict=True)
    for edge, before in drawn:
        colour = light(scene, edge.line)
        assert colour == ("#ff6347" if mine(edge) else light(plain, before.line))


def connector_width(view: str, layer: str, mine: Callable[[Connector], bool]) -> None:
    plain, scene = both(view, layer, "connector_width", 3.6)
    for edge, before in zip(scene.connectors, plain.connectors, strict=True):
        assert close(edge.width, before.width * (3 if mine(edge) else 1))


def shade_of_volumes(view: str, layer: str, **options: Any) -> None:
    _, scene = both(view, layer, "shade_step", 51, **options)
    paints = [shape.fill for shape in shapes(mark_of(scene, layer), Polygon)]
    (top,) = (paint for paint in paints if paint.endswith("-top"))
    (side,) = (paint for paint in paints if paint.endswith("-side"))
    assert (light(scene, top), light(scene, side)) == ("#a6b6c6", "#7c8894")  # 20 % and 40 %
    assert colours(scene, "pool1", "fill") == colours(draw(view, **options), "pool1", "fill")
