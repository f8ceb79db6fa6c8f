"""The notes on a model; those that say the same of layers of one class are one, with a count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from keras_diagram_core.graph import Note

_NUMBER = re.compile(r"_\d+\b")


class About(NamedTuple):
    """A layer that a note is about, and what the note calls it."""

    layer: Any
    name: str


class _Said(NamedTuple):
    note: Note
    about: About | None

    @property
    def kind(self) -> tuple[str, str]:
        """The class that the note is about, and what it says of a layer of that class."""
        if self.about is None:
            return "", ""
        kind = type(self.about.layer).__name__
        return kind, self.note.message.replace(f"'{self.about.name}'", "each", 1).replace(
            f"each ({kind})", "each", 1
        )


class Notes:
    """What the graph cannot show, in the order in which it is told."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._said: list[_Said] = []

    def __len__(self) -> int:
        """Return how much was said."""
        return len(self._said)

    def add(self, note: Note, about: About | None = None, place: int | None = None) -> None:
        """Take a note, last or at some place, unless the same was said of the same layer."""
        for said in self._said:
            is_same = said.about is about is None or (
                said.about is not None and about is not None and said.about.layer is about.layer
            )
            if is_same and said.note == note:
                return
        said = _Said(note, about)
        self._said.insert(len(self._said) if place is None else place, said)

    def merged(self) -> Iterator[Note]:
        """Yield the notes; what differs but in the numbers of names is one."""
        alike: dict[tuple[str, str], list[_Said]] = {}
        for said in self._said:
            kind, text = said.kind
            key = (kind, _NUMBER.sub("", text)) if kind else ("", f"{len(alike)}")
            alike.setdefault(key, []).append(said)
        for (kind, plain), group in alike.items():
            layers = {id(said.about.layer) for said in group if said.about is not None}
            if len(layers) < 2:
                yield group[0].note
                continue
            texts = {said.kind[1] for said in group}
            text = texts.pop() if len(texts) == 1 else plain
            message = f"{len(layers)} × {kind}: {text[:1].lower()}{text[1:]}"
            yield Note(message=message)
