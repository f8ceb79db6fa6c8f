"""What a model depends on though nobody can see it: files, patterns of files, variables.

An entry of `depends` is a path, which may be a folder or have the wildcards `*`, `?`, `[...]` and
`**`, or `env:NAME`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from keras_diagram_core.errors import RequestError
from keras_diagram_core.options.values import parse_yaml

_VARIABLE = "env:"
_NAME = re.compile(r"[^\s=]+")


def parse_depends(value: Any) -> tuple[str, ...]:
    """Read a list of entries, or entries separated by commas.

    Raises:
        RequestError: where it is neither, or an entry is none.
    """
    if isinstance(value, str):
        text = value.strip()
        is_list = text.startswith("[") and text.endswith("]")
        value = parse_yaml(text, "What it depends on is") if is_list else text.split(",")
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        hint = "Write it like [sizes.json, data/*.csv, env:SIZE]."
        raise RequestError(f"`depends` cannot be '{value}'.", hint=hint)
    entries = {each.strip() for each in value} - {""}
    for entry in entries:
        if entry.startswith(_VARIABLE) and not _NAME.fullmatch(entry.removeprefix(_VARIABLE)):
            hint = "Write it like env:SIZE."
            raise RequestError(f"`depends` names '{entry}', which is no variable.", hint=hint)
        if "\0" in entry:
            raise RequestError("`depends` names a path with a null character.")
    return tuple(sorted(entries))


def paths_of(depends: Iterable[str]) -> list[str]:
    """Return the paths and patterns."""
    return [entry for entry in depends if not entry.startswith(_VARIABLE)]


def variables_of(depends: Iterable[str]) -> list[str]:
    """Return the names of the environment variables."""
    return [each.removeprefix(_VARIABLE) for each in depends if each.startswith(_VARIABLE)]


def located(depends: Iterable[str], locate: Callable[[str], str]) -> tuple[str, ...]:
    """Return the entries with other paths."""
    variables = [entry for entry in depends if entry.startswith(_VARIABLE)]
    return tuple(sorted({*variables, *map(locate, paths_of(depends))}))
