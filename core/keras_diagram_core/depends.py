"""What a model depends on though nobody can see it: files, patterns of files, variables.

An entry of `depends` is a path, which may be a folder or have the wildcards `*`, `?`, `[...]` and
`**`, or `env:NAME`. Hidden folders have to be named: so a picture never depends on its own cache.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from keras_diagram_core.errors import RequestError
from keras_diagram_core.options.values import parse_yaml

_VARIABLE = "env:"
_NAME = re.compile(r"[^\s=]+")
_DEEP = "**"


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


def files_named(base: str, entry: str) -> list[str]:
    """Return the files that a path or pattern names, absolute; those below a folder.

    Args:
        base: the folder to which the entry is relative.
        entry: not a variable.
    """
    try:
        path = os.path.join(base, os.path.expanduser(entry))
        if os.path.isfile(path):  # its name may look like a pattern
            return [os.path.normpath(path)]
        if os.path.isdir(path):
            entry = os.path.join(glob.escape(path), _DEEP)
        found = _matching(base, os.path.expanduser(entry).split("/"))
        return sorted({os.path.normpath(each) for each in found if os.path.isfile(each)})
    except (OSError, ValueError, re.error):
        return []


def _matching(folder: str, parts: list[str]) -> Iterator[str]:
    """Give what the parts of a pattern match, as `glob` does, but without going in circles."""
    if _DEEP not in parts:
        found = glob.iglob("/".join(parts), root_dir=folder, include_hidden=True)
        yield from (os.path.join(folder, each) for each in found)
        return
    deep = parts.index(_DEEP)
    rest = parts[deep + 1 :] or ["*"]
    start = "/".join(parts[:deep]) + "/" if deep else ""
    for top in glob.iglob(start, root_dir=folder) if start else [folder]:
        for each in _folders_below(os.path.join(folder, top)):
            yield from _matching(each, rest)


def _folders_below(top: str) -> Iterator[str]:
    """Give a folder and all below it, through links too, each of them once."""
    seen: set[str] = set()
    for folder, names, _ in os.walk(top, followlinks=True):
        real = os.path.realpath(folder)
        names[:] = () if real in seen else sorted(n for n in names if not n.startswith("."))
        if real not in seen:
            yield folder
        seen.add(real)
