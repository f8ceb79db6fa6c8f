"""From a ModelGraph to its Outline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from keras_diagram_core.families import family
from keras_diagram_core.graph import ModelGraph, Shape
from keras_diagram_core.outline.borders import author_borders, part_of_model
from keras_diagram_core.outline.flow import Flow, Link
from keras_diagram_core.outline.fold import Folding
from keras_diagram_core.outline.levels import Levels
from keras_diagram_core.outline.names import is_automatic
from keras_diagram_core.outline.outline import (
    Block,
    Edge,
    Input,
    Outline,
    Output,
    Side,
    Unit,
    Values,
    units_of,
)
from keras_diagram_core.outline.outline import Part as Final
from keras_diagram_core.outline.parts import Part, leaves, only_region
from keras_diagram_core.outline.sides import side_values
from keras_diagram_core.outline.titles import Titles
from keras_diagram_core.outline.units import main_of, units_in_graph
from keras_diagram_core.outline.words import differing, unit_words

_SAID_ONCE = ("dilation",)
_PLAIN = frozenset({"region", "branch", "row"})


def outline(graph: ModelGraph) -> Outline:
    """Return the outline of a model."""
    flow = Flow(graph, units_in_graph(graph, author_borders(graph)))
    sides = side_values(flow)
    plain = flow.without({link for links in sides.values() for link in links})
    parts = Folding(plain).folded(part_of_model(plain, Levels(flow)))
    return _Builder(flow).build(parts, sides)


class _Fold(Struct, frozen=True):
    """The outermost fold that a unit is in, and how often it repeats."""

    id: str
    times: int


class _Place(Struct, frozen=True):
    """Where a unit of the flow is in the outline: in which repetition of which of its units."""

    unit: str
    turn: int = 0
    count: int = 1
    fold: _Fold | None = None

    @property
    def outer_turn(self) -> int:
        """In which repetition of the outermost fold it is."""
        return self.turn * self.fold.times // self.count if self.fold else 0


class _Builder:
    """Writes folded parts down as an outline."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._titles = Titles(flow)
        self._places: dict[int, _Place] = {}
        self._leaves: dict[str, Part] = {}
        self._count = 0

    def build(self, parts: Sequence[Part], sides: Mapping[int, Sequence[Link]]) -> Outline:
        """Return the outline."""
        flow = self._flow
        inputs = []
        for unit, end in flow.inputs.items():
            [node] = flow.nodes(unit)
            shape = node.output_shapes[0][1:] if node.output_shapes else ()
            id_ = self._new("i")
            self._places[unit] = _Place(id_)
            inputs.append(Input(id=id_, name="" if is_automatic(node) else end.name, shape=shape))
        whole = Part("scope", parts=tuple(parts))
        return Outline(
            title=flow.graph.name,
            inputs=tuple(inputs),
            parts=tuple(self._parts(self._inlined(whole, ""), None)),
            edges=tuple(self._edges()),
            sides=tuple(self._sides(sides)),
            outputs=tuple(self._outputs()),
        )

    def _new(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    # Parts

    def _parts(self, parts: Sequence[Part], fold: _Fold | None) -> Iterator[Final]:
        for part in parts:
            yield self._part(part, fold)

    def _part(self, part: Part, fold: _Fold | None) -> Final:
        if part.kind == "unit":
            return self._unit(part, fold)
        title = self._titles.of(part)
        inner = list(leaves(part)) if title == "embeddings" else self._inlined(part, title)
        if len(inner) == 1 and part.times == 1 and self._says_no_more(part, inner[0]):
            return self._part(inner[0], fold)
        id_ = self._new("b")
        parts = tuple(self._parts(inner, fold or _fold(id_, part)))
        if part.kind == "parallel":
            parts = self._told_apart(parts)
        block = Block(
            id=id_,
            title="parallel" if part.kind == "parallel" else title,
            parts=parts,
            border=part.kind,
            times=part.times,
            is_sideways=part.is_sideways,
            is_shared=part.is_shared,
            varies=self._widths(part, parts),
            only=_only(part),
        )
        return _said_once(block)

    def _says_no_more(self, part: Part, inner: Part) -> bool:
        """Whether a block around one part says nothing that this does not say."""
        if part.kind in {"scope", "named"}:
            return part.kind == "named" and inner.kind == "unit"
        if part.kind == "level":
            return inner.kind in {"named", "scope"} and inner.times == 1
        return True

    def _inlined(self, part: Part, title: str) -> Sequence[Part]:
        """Return the parts of a block, those of regions without a title among them."""
        parts = part.parts if part.kind == "parallel" else only_region(part.parts)
        found: list[Part] = []
        for each in parts:
            if part.kind != "parallel" and each.kind == "parallel" and len(each.parts) == 1:
                each = each.parts[0]  # noqa: PLW2901 - a skip is no branch
            own = self._titles.of(each) if each.kind in _PLAIN and each.times == 1 else ""
            is_inner = each.kind == "branch" and own != "feed forward"
            if own and part.kind != "parallel" and (is_inner or own in {"block", "branch", title}):
                found += self._inlined(each, own)
            else:
                found.append(each)
        return found

    def _unit(self, part: Part, fold: _Fold | None) -> Unit:
        id_ = self._new("u")
        self._leaves[id_] = part
        variants = [None if unit is None else self._flow.nodes(unit) for unit in part.units]
        for turn, unit in enumerate(part.units):
            if unit is not None:
                self._places[unit] = _Place(id_, turn, len(part.units), fold or _fold(id_, part))
        text, varies = unit_words(variants)
        return Unit(
            id=id_,
            text=text,
            nodes=tuple(tuple(node.id for node in nodes or ()) for nodes in variants),
            times=part.times,
            is_sideways=part.is_sideways,
            is_shared=part.is_shared,
            varies=varies,
            only=_only(part),
        )

    def _told_apart(self, parts: tuple[Final, ...]) -> tuple[Final, ...]:
        """Return parts side by side with the names of units that would read the same."""
        texts = Counter(part.text for part in parts if isinstance(part, Unit) and part.times == 1)

        def told(part: Final) -> Final:
            if not isinstance(part, Unit) or texts[part.text] < 2:
                return part
            node = main_of(self._flow.nodes(self._leaves[part.id].exemplar))
            return part if is_automatic(node) else replace(part, name=node.name)

        return tuple(map(told, parts))

    def _widths(self, part: Part, parts: Sequence[Final]) -> dict[str, Values]:
        """Return the channels that repetitions take or give, where parts do not tell."""
        if part.times == 1 or any(unit.only or unit.varies for unit in units_of(*parts)):
            return {}
        rows = [
            [unit for unit in leaf.units if unit is not None][: part.times]
            for leaf in leaves(part)
        ]
        given = [self._flow.nodes(unit)[-1] for unit in rows[-1]]
        if not part.is_sideways and given[0].type == "Concatenate":
            found = differing("channels", [_width(node.output_shapes) for node in given])
            if found:
                return found
        for row in rows:
            nodes = [main_of(self._flow.nodes(unit)) for unit in row]
            if family(nodes[0]) in {"conv", "dense", "recurrent"}:
                return differing("input channels", [_width(node.input_shapes) for node in nodes])
        return {}

    # Tensors

    def _edges(self) -> Iterator[Edge]:
        """Yield what each unit takes, once for all repetitions in which it is the same."""
        for id_, part in self._leaves.items():
            found: dict[Edge, list[int]] = {}
            for turn, unit in enumerate(part.units):
                for slot, link in enumerate(self._into(unit)):
                    found.setdefault(self._edge(id_, slot, link, turn), []).append(turn + 1)
            everywhere = [turn + 1 for turn, unit in enumerate(part.units) if unit is not None]
            for edge, turns in found.items():
                yield edge if turns == everywhere else replace(edge, turns=tuple(turns))

    def _into(self, unit: int | None) -> Sequence[Link]:
        """Return what a unit takes, each source once."""
        links = self._flow.into[unit] if unit is not None else ()
        return list({link.source: link for link in reversed(links)}.values())[::-1]

    def _edge(self, target: str, slot: int, link: Link, turn: int) -> Edge:
        source, own = self._places[link.source], self._places[link.target]
        together = own.fold is not None and source.fold == own.fold
        is_other = source.outer_turn != own.outer_turn or (
            source.count == own.count and source.turn != turn
        )
        return Edge(
            source=source.unit,
            target=target,
            slot=slot,
            after=0 if together else self._after(source),
            is_carried=together and is_other,
            role=link.role,
        )

    def _after(self, place: _Place) -> int:
        """Return after which repetition a tensor leaves a fold, 0 for the last."""
        return place.turn + 1 if place.turn + 1 < place.count else 0

    def _sides(self, sides: Mapping[int, Sequence[Link]]) -> Iterator[Side]:
        for unit, links in sides.items():
            node = self._flow.nodes(unit)[-1]
            roles = {link.role for link in links}
            role = roles.pop() if len(roles) == 1 else ""
            is_input = unit in self._flow.inputs
            yield Side(
                name=node.name if is_input or not role else role, source=self._places[unit].unit
            )

    def _outputs(self) -> Iterator[Output]:
        ends = self._flow.graph.outputs
        for end in ends:
            unit = self._flow.home[end.node]
            node = main_of(self._flow.nodes(unit))
            is_known = len(ends) == 1 or (end.name == node.name and is_automatic(node))
            name = "" if is_known else end.name
            yield Output(
                source=self._places[unit].unit, name=name, after=self._after(self._places[unit])
            )


def _width(shapes: Sequence[Shape]) -> int | None:
    """Return the last dimension of the first shape, if it is known."""
    return shapes[0][-1] if shapes and shapes[0] else None


def _only(part: Part) -> tuple[int, ...]:
    if all(part.present):
        return ()
    return tuple(turn for turn, there in enumerate(part.present, 1) if there)


def _fold(id_: str, part: Part) -> _Fold | None:
    return _Fold(id_, part.times) if part.times > 1 else None


def _said_once(block: Block) -> Block:
    """Return a fold that says itself in what several of its units differ in the same way."""
    said = Counter(
        (name, values) for unit in units_of(block) for name, values in unit.varies.items()
    )
    once = {
        name: values for (name, values), count in said.items() if name in _SAID_ONCE and count > 1
    }
    return (
        replace(_without(block, once), varies=block.varies | once)
        if once and block.times > 1
        else block
    )


def _without(block: Block, names: Mapping[str, Values]) -> Block:
    """Return a block whose units no longer say some things."""

    def told(part: Final) -> Final:
        if isinstance(part, Block):
            return _without(part, names)
        rest = {name: values for name, values in part.varies.items() if name not in names}
        return replace(part, varies=rest)

    return replace(block, parts=tuple(map(told, block.parts)))
