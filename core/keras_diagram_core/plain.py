"""Plain data from markup, within bounds: YAML, of which JSON is a part.

Whatever a page says, reading it takes a moment and ends in a value or in a RequestError. This is
the only place that reads YAML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import yaml

from keras_diagram_core.errors import MarkupError, RequestError

LONGEST = 200_000
"""How many characters a value may have, all in all."""

DEEPEST = 40
"""How many lists and mappings may be nested."""

MOST = 10_000
"""How many values a value may hold, itself and keys included."""

_LONGEST_NUMBER = 100
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
"""The whole numbers between which every reader of JSON gives back what was written."""

# What PyYAML lets out for text that looks like a date or a number but is none.
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_PUNCTUATION = "Put text with a colon or other punctuation between quotes."


def load_yaml(text: str, complaint: str) -> Any:
    """Return what YAML says.

    Args:
        text: the YAML.
        complaint: how messages begin: "The kwargs are not YAML".

    Raises:
        RequestError: it is no YAML, has aliases, or is larger than anybody writes; a MarkupError
            where the line is known.
    """
    if len(text) > LONGEST:
        raise RequestError(f"{complaint}: it has more than {LONGEST:,} characters.")
    try:
        value = _Loader(text).get_single_data()
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        mark = getattr(error, "problem_mark", None)
        line = mark.line if mark else 0
        raise MarkupError(f"{complaint}: {problem}.", hint=_PUNCTUATION, line=line) from None
    check_plain(value, complaint)
    return value


def check_plain(value: Any, complaint: str) -> None:
    """Make sure that a value is no larger than anybody writes, and can be written as JSON.

    Args:
        value: anything; what is neither a list, a mapping, a text nor a number is passed over.
        complaint: how messages begin.

    Raises:
        RequestError: it is larger, or has numbers or characters that JSON cannot hold.
    """
    room = LONGEST
    for count, each in enumerate(_parts(value, complaint)):
        if count >= MOST:
            raise RequestError(f"{complaint}: it holds more than {MOST:,} values.")
        if isinstance(each, str):
            room -= len(each)
            _check_text(each, complaint)
        elif isinstance(each, int) and not _SMALLEST <= each <= _LARGEST:
            raise RequestError(f"{complaint}: a whole number has more than 64 bits.")
        if room < 0:
            raise RequestError(f"{complaint}: it has more than {LONGEST:,} characters.")


def _parts(value: Any, complaint: str) -> Iterator[Any]:
    """Yield a value and all that is in it."""
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        yield each
        if depth > DEEPEST:
            raise RequestError(f"{complaint}: it is nested more than {DEEPEST} levels deep.")
        if isinstance(each, Mapping):
            waiting += ((part, depth + 1) for pair in each.items() for part in pair)
        elif isinstance(each, (list, tuple, set, frozenset)):
            waiting += ((part, depth + 1) for part in each)


def _check_text(text: str, complaint: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        half = ascii(text[error.start])
        raise RequestError(f"{complaint}: {half} is but a half of a character.") from None


class _Loader(yaml.SafeLoader):
    """Reads plain data, but no aliases: a few of them can stand for any amount of data."""

    def __init__(self, text: str) -> None:
        """Start with nothing read."""
        self._depth = self._count = 0
        super().__init__(text)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Read one node, and what is in it."""
        if self.check_event(yaml.AliasEvent):
            raise self._error("an alias (* and a name) is not read here")
        self._count += 1
        if self._count > MOST:
            raise self._error(f"it holds more than {MOST:,} values")
        if self._depth > DEEPEST:
            raise self._error(f"it is nested more than {DEEPEST} levels deep")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Return a text, the halves in which JSON writes emoji joined."""
        value = super().construct_scalar(node)
        if isinstance(value, str) and not value.isascii():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return value

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Make a value of a node, unless that takes long."""
        kind = node.tag.rpartition(":")[2]
        if kind in {"int", "float"} and len(node.value) > _LONGEST_NUMBER:
            raise _Unreadable(f"a number has {len(node.value):,} characters", node)
        try:
            return super().construct_object(node, deep)
        except _ODD:
            text = node.value if isinstance(node, yaml.ScalarNode) else "this"
            raise _Unreadable(f"'{text:.40}' is no {kind}", node) from None

    def _error(self, problem: str) -> yaml.YAMLError:
        mark = cast("Any", self).peek_event().start_mark
        return yaml.composer.ComposerError(None, None, problem, mark)


class _Unreadable(yaml.constructor.ConstructorError):
    """A node of which no value can be made."""

    def __init__(self, problem: str, node: yaml.Node) -> None:
        """Say what is wrong, and where."""
        super().__init__(None, None, problem, node.start_mark)
