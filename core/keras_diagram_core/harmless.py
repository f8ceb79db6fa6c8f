"""Whether an SVG is one of ours: nothing but what `backends.svg` writes.

Pages take cached pictures in as they are, and a cache may have passed through other hands. So a
picture is parsed, and each element, attribute and rule of style held against a list; what XML and
HTML read differently (comments, CDATA sections, declarations) has no place in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from xml.parsers import expat

_DEEPEST = 12

_Check = Callable[[str], Any]


def _only(pattern: str) -> _Check:
    return re.compile(pattern).fullmatch


def _anything(_value: str) -> bool:
    return True


_NUMBER = _only(r"-?[\d.]+(?:e[+-]?\d+)?")
_CLASS = _only(r"kd(?:-[\w-]+)?(?: kd(?:-[\w-]+)?)*")
_PAINT: Mapping[str, _Check] = {
    "class": _CLASS,
    "fill": _only(r"none|#[0-9a-f]{3,8}"),
    "fill-opacity": _NUMBER,
    "stroke": _only(r"none|#[0-9a-f]{3,8}"),
    "stroke-linejoin": _only(r"round"),
    "stroke-width": _NUMBER,
}
_DATA: Mapping[str, _Check] = dict.fromkeys(
    (
        *("data-kd-label", "data-kd-node", "data-kd-nodes", "data-kd-repeat", "data-kd-role"),
        *("data-kd-shared", "data-kd-source", "data-kd-target", "data-kd-type"),
    ),
    _anything,
)
_ID = _only(r"kd-[\w-]+")
_ATTRIBUTES: Mapping[str, Mapping[str, _Check]] = {
    "svg": {
        "xmlns": _only(r"http://www\.w3\.org/2000/svg"),
        "class": _CLASS,
        "role": _only(r"img"),
        "viewBox": _only(r"[\d. -]+"),
        "width": _NUMBER,
        "height": _NUMBER,
    },
    "title": {},
    "desc": {},
    "style": {},
    "defs": {},
    "g": {**_DATA, "class": _CLASS, "clip-path": _only(r"url\(#kd-[\w-]+\)")},
    "path": {**_DATA, **_PAINT, "d": _only(r"[MLHVCSQTAZ\d., -]*")},
    "rect": {**_PAINT, **dict.fromkeys(("x", "y", "width", "height", "rx"), _NUMBER)},
    "circle": {**_PAINT, **dict.fromkeys(("cx", "cy", "r"), _NUMBER)},
    "text": {
        **_PAINT,
        **dict.fromkeys(("x", "y", "font-size", "font-weight"), _NUMBER),
        "text-anchor": _only(r"start|middle|end"),
        "transform": _only(r"rotate\([\d. e+-]+\)"),
    },
    "image": {
        "id": _ID,
        "width": _NUMBER,
        "height": _NUMBER,
        "preserveAspectRatio": _only(r"none"),
        "href": _only(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]*"),
    },
    "use": {
        "href": _only(r"#kd-[\w-]+"),
        "transform": _only(r"matrix\([\d. e+-]+\)"),
        "opacity": _NUMBER,
    },
    "clipPath": {"id": _ID},
}
_SHAPES = frozenset({"g", "path", "rect", "circle", "text", "use"})
_CHILDREN: Mapping[str, frozenset[str]] = {
    "": frozenset({"svg"}),
    "svg": _SHAPES | {"title", "desc", "style", "defs"},
    "g": _SHAPES | {"title"},
    "path": frozenset({"title"}),
    "defs": frozenset({"image", "clipPath"}),
    "clipPath": frozenset({"path"}),
}
_WITH_TEXT = frozenset({"title", "desc", "style", "text"})


def is_harmless(svg: bytes) -> bool:
    """Whether an SVG has only what we draw: no script, handler, link or foreign element."""
    if not svg.startswith(b"<svg"):  # a mark of another encoding, for one
        return False
    reader = _Reader()
    try:
        reader.parser.Parse(svg, True)  # noqa: FBT003
    except (_ForeignError, expat.ExpatError):
        return False
    return _is_our_style("".join(reader.style))


class _ForeignError(Exception):
    """Something that we do not draw."""


class _Reader:
    """Goes through a picture, and stops at the first thing that is not ours."""

    def __init__(self) -> None:
        self.style: list[str] = []
        self._open = [""]
        self.parser = expat.ParserCreate("utf-8")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        for event in ("Comment", "ProcessingInstruction", "StartDoctypeDecl", "XmlDecl"):
            setattr(self.parser, f"{event}Handler", self._refuse)
        self.parser.StartCdataSectionHandler = self._refuse

    def _start(self, name: str, attributes: list[str]) -> None:
        if name not in _CHILDREN.get(self._open[-1], ()) or len(self._open) > _DEEPEST:
            raise _ForeignError
        self._open.append(name)
        known = _ATTRIBUTES[name]
        pairs = iter(attributes)
        for attribute, value in zip(pairs, pairs, strict=True):
            check = known.get(attribute)
            if check is None or not check(value):
                raise _ForeignError

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        place = self._open[-1]
        if place == "style":
            self.style.append(text)
        elif place not in _WITH_TEXT and not text.isspace():
            raise _ForeignError

    def _refuse(self, *_args: Any) -> None:
        raise _ForeignError


# Where a page says which scheme it has, and what is ours in it.
_PLACE = r"(?:[a-z]*(?:\.[\w-]+|\[[\w-]+\$?=[\w-]+\])+)"
_OURS = r"(?:\.kd(?:-[\w-]+)?)+(?: text(?:\.kd-[\w-]+)+)?"
_IS_PLACE = _only(rf"{_PLACE}(?:,{_PLACE})*")
_IS_OURS = _only(rf"{_OURS}(?:,{_OURS})*")
_IS_CUSTOM = _only(r"--kd\d?-[\w-]+")
_PROPERTIES = frozenset({"color-scheme", "fill", "font-family", "height", "max-width", "stroke"})
_PIECE = re.compile(
    r"@(?:media screen|supports\(color:(?P<colour>[a-z(), -]+)\))\{"
    r"|(?P<rule>[^{}@;<\\\"]+\{[^{}@<\\]*\})"
    r"|\}"
)
_CALL = re.compile(r"(?<![\w-])(?:clamp|color|color-mix|light-dark|var)?\([^()]*\)")
_IS_VALUE = _only(r"(?:[\w #%.,*+-]|\"[\w .+-]*\")*")


@lru_cache(maxsize=64)
def _is_our_style(style: str) -> bool:
    """Whether a stylesheet has only rules as ours are."""
    position = depth = 0
    while position < len(style):
        piece = _PIECE.match(style, position)
        if piece is None:
            return False
        position = piece.end()
        if piece["rule"]:
            if not _is_our_rule(piece["rule"]):
                return False
            continue
        depth += -1 if piece[0] == "}" else 1
        if depth < 0 or not _is_our_value(piece["colour"] or ""):
            return False
    return depth == 0


@lru_cache(maxsize=4096)
def _is_our_rule(rule: str) -> bool:
    """Whether a rule paints what is ours, or sets our custom properties for a part of a page."""
    selectors, _, body = rule[:-1].partition("{")
    ours = _IS_OURS(selectors)
    if not ours and not _IS_PLACE(selectors):
        return False
    for declaration in filter(None, body.split(";")):
        name, _, value = declaration.partition(":")
        if not (_IS_CUSTOM(name) or (ours and name in _PROPERTIES)) or not _is_our_value(value):
            return False
    return True


def _is_our_value(value: str) -> bool:
    """Whether a value calls our functions only, with each bracket and quote closed."""
    for _ in range(_DEEPEST):
        value = _CALL.sub("", value)
    return bool(_IS_VALUE(value))
