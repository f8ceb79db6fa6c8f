"""Signatures of layers and calls: equal for what computes the same but for its weights' values.

A signature is a digest of all that the call of a layer can depend on: classes, attributes,
shapes of weights, and the layers inside. Names, seeds, initialisers, regularisers and
constraints do not count. A value that cannot be compared is like itself alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from keras_diagram_core.worker.parts import Parts, Whole

_DIGITS = 16


class Signatures:
    """The signatures of the layers of one model; each value is looked at once."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._values = Parts()
        self._wholes: dict[int, Whole] = {}
        self._digests: dict[int, str] = {}
        self._forms: dict[int, str] = {}
        self._cyclic: set[int] = set()
        self._kept: list[Any] = []  # alive, for the sake of their id()

    def of_call(self, call: Any) -> str:
        """Return the signature of a call: of what is called, and of what counts of its arguments.

        Args:
            call: Keras' record of it.
        """
        parts = [self.of_layer(call.operation)]
        if not call.is_input:
            for name, value in self._values.call(call):
                parts += [name, self._digest(value)]
        return _hashed(parts)

    def of_layer(self, layer: Any) -> str:
        """Return the signature of a layer or operation."""
        key = id(layer)
        if key not in self._forms:
            pattern = self._pattern(layer)
            self._forms[key] = _hashed([self._digest(layer), str(pattern)])
        return self._forms[key]

    def members(self, layer: Any) -> list[Any]:
        """Return a layer, what it is made of, and their weights; in an order of their own.

        What stands at one place in the lists of two layers of equal signature corresponds.
        """
        return [each for each, is_new in self._walk(layer) if is_new]

    def forget(self, layer: Any) -> None:
        """Look anew at a layer and all that is inside, as it has changed."""
        todo = [layer]
        while todo:
            key = id(todo.pop())
            self._digests.pop(key, None)
            self._forms.pop(key, None)
            todo += self._wholes.pop(key, Whole("")).parts

    def _pattern(self, layer: Any) -> list[int]:
        """Say which layers and weights inside are the same, by numbers: a shared one is shared.

        Where values contain each other, what is met again depends on where one began.
        """
        numbers: dict[int, int] = {}
        return [
            numbers.setdefault(id(each), len(numbers))
            for each, is_new in self._walk(layer)
            if is_new or id(each) not in self._cyclic
        ]

    def _walk(self, layer: Any) -> Iterator[tuple[Any, bool]]:
        """Yield the operations and weights inside, each time one is met, and if that is new."""
        import keras

        self._digest(layer)
        seen: set[int] = set()
        todo = [layer]
        while todo:
            value = todo.pop()
            is_new = id(value) not in seen
            if isinstance(value, (keras.Operation, keras.Variable)):
                yield value, is_new
            if is_new:
                seen.add(id(value))
                whole = self._wholes[id(value)]
                if whole.parts:
                    todo += reversed(self._sorted(whole))

    def _sorted(self, whole: Whole) -> list[Any]:
        """Return parts in an order that is the same in every process."""
        if whole.is_ordered:
            return list(whole.parts)
        names = {id(each): str(getattr(each, "name", "")) for each in whole.parts}
        return sorted(whole.parts, key=lambda each: (self._digests[id(each)], names[id(each)]))

    def _digest(self, value: Any) -> str:
        """Return what is equal for values that are alike; parts come before their wholes."""
        if id(value) not in self._digests:
            for group in _Components(value, self._parts):
                self._enter(group)
        return self._digests[id(value)]

    def _parts(self, value: Any) -> list[Any]:
        """Return what a value consists of, but for what is known already."""
        key = id(value)
        if key not in self._wholes:
            self._kept.append(value)
            self._wholes[key] = self._values.apart(value)
        return [part for part in self._wholes[key].parts if id(part) not in self._digests]

    def _enter(self, group: list[Any]) -> None:
        """Find the digests of values that contain each other, or of a single one.

        They are told apart by what they contain, and that by what it contains, until no more
        are told apart.
        """
        wholes = {id(value): self._wholes[id(value)] for value in group}
        found = dict.fromkeys(wholes, "")
        kinds = 0
        while True:
            found = {key: self._combined(whole, found) for key, whole in wholes.items()}
            if len(group) == 1 or len(set(found.values())) == kinds:
                break
            kinds = len(set(found.values()))
        self._digests.update(found)
        if len(group) > 1:
            self._cyclic.update(found)

    def _combined(self, whole: Whole, around: Mapping[int, str]) -> str:
        parts = [
            around[id(part)] if id(part) in around else self._digests[id(part)]
            for part in whole.parts
        ]
        return _hashed([whole.label, *(parts if whole.is_ordered else sorted(parts))])


class _Components:
    """The values that a value reaches, in groups that contain each other, inner ones first.

    That is Tarjan's algorithm, without recursion: values can be nested deeply.
    """

    def __init__(self, root: Any, parts: Callable[[Any], list[Any]]) -> None:
        """Take where to begin, and a function that returns what a value consists of."""
        self._parts = parts
        self._number: dict[int, int] = {}
        self._lowest: dict[int, int] = {}
        self._open: list[Any] = []
        self._is_open: set[int] = set()
        self._way: list[tuple[Any, Iterator[Any]]] = []
        self._enter(root)

    def __iter__(self) -> Iterator[list[Any]]:
        """Yield the groups."""
        while self._way:
            value, rest = self._way[-1]
            if self._advance(value, rest):
                continue
            self._way.pop()
            if self._way:
                self._lower(self._way[-1][0], self._lowest[id(value)])
            if self._lowest[id(value)] == self._number[id(value)]:
                yield self._closed(value)

    def _enter(self, value: Any) -> None:
        self._number[id(value)] = self._lowest[id(value)] = len(self._number)
        self._open.append(value)
        self._is_open.add(id(value))
        self._way.append((value, iter(self._parts(value))))

    def _advance(self, value: Any, rest: Iterator[Any]) -> bool:
        """Enter the next part that was not met yet, if there is one."""
        for part in rest:
            if id(part) not in self._number:
                self._enter(part)
                return True
            if id(part) in self._is_open:
                self._lower(value, self._number[id(part)])
        return False

    def _lower(self, value: Any, number: int) -> None:
        self._lowest[id(value)] = min(self._lowest[id(value)], number)

    def _closed(self, value: Any) -> list[Any]:
        group = [self._open.pop()]
        while group[-1] is not value:
            group.append(self._open.pop())
        self._is_open.difference_update(map(id, group))
        return group


def _hashed(parts: Iterable[str]) -> str:
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
