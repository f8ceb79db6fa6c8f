"""Notes: what a picture does not show, in sentences below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_diagram_core.describe import what_is_hidden
from keras_diagram_core.graph import ModelGraph, Note
from keras_diagram_core.scene import Circle, Label, Point, Shape, Text
from keras_diagram_core.text import clean, text_width, wrap

SIZE = 10.5
LINE = 15.0
SPACE = 5.0
SIGN = 11.0
_INDENT = SIGN + 6


def notes(graph: ModelGraph, place: Point, room: float) -> list[Label]:
    """Set what is hidden, and the notes, in lines of at most `room` px.

    `place` is where they start (left, top).
    """
    labels: list[Label] = []
    left, top = place
    if lines := wrap(clean(what_is_hidden(graph)), room, SIZE):
        labels.append(Label(role="hidden", shapes=tuple(_set(lines, left, top))))
        top += LINE * len(lines) + SPACE
    for note, lines in _paragraphs(graph, room - _INDENT):
        shapes = (*_sign(left, top), *_set(lines, left + _INDENT, top))
        labels.append(Label(nodes=(note.node,) if note.node else (), role="note", shapes=shapes))
        top += LINE * len(lines) + SPACE
    return labels


def _paragraphs(graph: ModelGraph, room: float) -> Iterator[tuple[Note, list[str]]]:
    """Break each message into lines, one that is there several times only once."""
    seen: set[str] = set()
    for note in graph.notes:
        message = clean(note.message)
        if message not in seen and not note.is_for_authors:
            seen.add(message)
            yield note, wrap(message, room, SIZE)


def _sign(x: float, y: float) -> Iterator[Shape]:
    middle = x + SIGN / 2
    yield Circle(middle, y + SIGN / 2, SIGN / 2, "background", "muted")
    width = text_width("!", 8.5, bold=True)
    yield Text(
        middle, y + SIGN / 2 + 3.1, "!", 8.5, width, fill="muted", anchor="middle", bold=True
    )


def _set(lines: Sequence[str], x: float, y: float) -> Iterator[Text]:
    for number, line in enumerate(lines):
        base = y + SIGN - 1.5 + LINE * number
        yield Text(x, base, line, SIZE, text_width(line, SIZE), fill="muted")
