"""Titles: what the author wrote, or what the contents prove, or a plain word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from keras_diagram_core.families import family
from keras_diagram_core.graph import Node
from keras_diagram_core.outline.flow import Flow
from keras_diagram_core.outline.names import OPERATIONS, is_automatic, tokens, without_call
from keras_diagram_core.outline.parts import Part, only_region, units_in
from keras_diagram_core.outline.units import main_of

_GENERIC = frozenset({"block", "layer", "unit", "cell", "module", "blk", "conv", ""})
_MODELS = frozenset({"Functional", "Sequential"})
_LONGEST = 200
"""The units of a part whose names are looked at."""


class Titles:
    """Titles of the parts of one flow."""

    def __init__(self, flow: Flow) -> None:
        """Take the flow."""
        self._flow = flow
        self._scopes = {scope.path: scope for scope in flow.graph.scopes}

    def of(self, part: Part) -> str:
        """Return the title of a part, `block` or `branch` where nothing is known."""
        if part.kind == "level":
            return part.name
        if part.kind == "scope":
            return self._of_scope(part)
        if part.kind == "named":
            words = {re.sub(r"\d+[a-z]?$", "", word) for word in tokens(part.name)}
            is_generic = words <= _GENERIC or len(part.name) < 2
            return (
                (is_generic and self._proved(part))
                or part.name[: len(part.name) * (len(part.name) > 1)]
                or "block"
            )
        plain = "branch" if part.kind == "branch" and part.times == 1 else "block"
        return self._by_names(part) or self._proved(part) or plain

    def _of_scope(self, part: Part) -> str:
        scope = self._scopes.get(part.path)
        if scope is None or scope.is_named:
            return without_call(part.name)
        return "block" if scope.type in _MODELS else scope.type

    def _by_names(self, part: Part) -> str:
        """Return the word that names share; of a branch, that most begin with."""
        if part.kind not in {"region", "branch"}:
            return ""
        whole = [node for unit in units_in(part)[:_LONGEST] for node in self._flow.nodes(unit)]
        names = [node.name for node in whole if not is_automatic(node)]
        if len(names) < 2 or (len(names) < len(whole) and part.kind == "region"):
            return ""
        shared: list[str] = []
        for column in zip(*map(tokens, names), strict=False):
            bare = {re.sub(r"\d+[a-z]?$", "", token) for token in column}
            if len(bare) > 1:
                break
            shared.append(column[0] if len(set(column)) == 1 else bare.pop())
        word = shared[-1] if shared else ""
        if (
            word
            and not re.search(r"\d", word)
            and word not in _GENERIC | OPERATIONS
            and len(word) > 1
        ):
            return word
        return _usual_word(names) if part.kind == "branch" else ""

    def _proved(self, part: Part) -> str:
        """Return the name of a pattern that the contents of a part are exactly."""
        parts = list(only_region(part.parts))
        if len(parts) == 2 and parts[0].kind == "parallel" and len(parts[0].parts) == 1:
            parts[0] = parts[0].parts[0]
        if len(parts) == 2 and all(each.kind == "region" for each in parts):
            is_transformer = self._has(parts[0], "attention") and self._has(parts[1], "dense")
            return "transformer block" if is_transformer else ""
        if part.kind == "branch" and self._is_feed_forward(parts):
            return "feed forward"
        if not parts or parts[-1].kind != "unit" or family(self._main(parts[-1])) != "merge":
            return ""
        kinds = [family(self._main_of(unit)) for unit in units_in(part)]
        if kinds.count("embedding") > 1 and set(kinds) == {"embedding", "merge"}:
            return "embeddings"
        return self._of_join(part, parts)

    def _of_join(self, part: Part, parts: Sequence[Part]) -> str:
        """Return the name of a pattern by where it ends."""
        join = self._main(parts[-1]).type
        body = parts[0].parts if parts[0].kind == "parallel" else parts[:-1]
        main = body[0].parts if body and body[0].kind == "branch" else body
        if join == "Add":
            return self._residual(part, main)
        if join == "Multiply":
            weighted = [n for n in self._mains(part) if family(n) in {"conv", "dense"}]
            is_gate = family(self._mains(part)[0]) == "pool" and len(weighted) == 2
            return "squeeze and excitation" if is_gate else ""
        convs = [node for node in self._mains(part) if family(node) == "conv"]
        if join != "Concatenate" or not convs:
            return ""
        if parts[0].kind == "parallel":
            is_flat = any(len(shape) == 4 for node in convs for shape in node.output_shapes)
            return "inception block" if len(parts[0].parts) >= 3 and is_flat else ""
        return "dense layer" if len(parts) > 1 and self._skips(part) else ""

    def _residual(self, part: Part, main: Sequence[Part]) -> str:
        """Return the name of what adds its input to what convolutions make of it."""
        convs = [
            self._main(each)
            for each in main
            if each.kind == "unit" and family(self._main(each)) == "conv"
        ]
        sizes = [node.config.get("kernel_size") for node in convs]
        if any(node.type.startswith("Depthwise") for node in convs) and convs[-1].type.startswith(
            "Conv"
        ):
            return "inverted residual"
        if len(sizes) == 3 and sizes[0] == sizes[2] == (1, 1) != sizes[1]:
            return "bottleneck block"
        is_whole = all(each.kind == "unit" and each.times < 3 for each in main)
        return "residual block" if len(convs) > 1 and (part.times > 1 or is_whole) else ""

    def _is_feed_forward(self, parts: Sequence[Part]) -> bool:
        """Whether parts are two dense layers, the second as wide as what the first takes."""
        if len(parts) != 2 or any(each.kind != "unit" for each in parts):
            return False
        one, other = map(self._main, parts)
        are_dense = family(one) == family(other) == "dense"
        widths = [shapes[0][-1] for shapes in (one.input_shapes, other.output_shapes) if shapes]
        return are_dense and len(widths) == 2 and widths[0] == widths[1]

    def _skips(self, part: Part) -> bool:
        """Whether what a part takes is also what it joins at its end."""
        units = units_in(part)
        first = {link.tensor for link in self._flow.into[units[0]]}
        return part.times > 1 or any(link.tensor in first for link in self._flow.into[units[-1]])

    def _has(self, part: Part, kind: str) -> bool:
        return any(
            family(node) == kind for unit in units_in(part) for node in self._flow.nodes(unit)
        )

    def _main(self, part: Part) -> Node:
        return self._main_of(part.exemplar)

    def _main_of(self, unit: int) -> Node:
        return main_of(self._flow.nodes(unit))

    def _mains(self, part: Part) -> list[Node]:
        return [self._main_of(unit) for unit in units_in(part)]


def _usual_word(names: Sequence[str]) -> str:
    """Return the word that most names begin with."""
    words = [re.sub(r"\d+$", "", tokens(name)[0]) for name in names if tokens(name)]
    word, count = Counter(words).most_common(1)[0] if words else ("", 0)
    is_plain = word in OPERATIONS or word in _GENERIC or len(word) < 2
    return "" if is_plain or 5 * count < 3 * len(names) else word
