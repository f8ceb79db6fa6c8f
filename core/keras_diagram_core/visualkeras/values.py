"""Values of options as Python has them, turned into those that markup has."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

# Rooms in a group that others let one choose, px.
_ROOM = frozenset({"padding", "text_spacing"})
_log = logging.getLogger(__name__)


def plain(value: Any) -> Any:
    """Give classes and layers by their names, in mappings and lists, too."""
    if isinstance(value, type):
        return value.__name__
    if hasattr(value, "get_config") and hasattr(value, "name"):
        return value.name
    if isinstance(value, Mapping):
        return {plain(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    return value


def group(parts: Any) -> Any:
    """Give a group of layers without what others write in it and what has no meaning here."""
    if not isinstance(parts, Mapping):
        return parts
    if idle := sorted(_ROOM & parts.keys()):
        _log.warning("Groups of layers have no %s: their room follows.", ", ".join(idle))
    return {name: value for name, value in parts.items() if name not in _ROOM | {"type"}}


def with_font_files(parts: Any) -> Any:
    """Give options, or the parts of a look, with their fonts named by files."""
    if not isinstance(parts, Mapping):
        return parts
    return {
        name: font_file(value) if str(name).lower().endswith("font") else value
        for name, value in parts.items()
    }


def font_file(value: Any) -> Any:
    """Give the file of a font of Pillow, or of a mapping with `font_path`, as scikit-plots has it.

    What is neither stays as it is. A font that has no file, like that of `load_default`, is said
    to be replaced by the usual one.
    """
    if isinstance(value, Mapping):
        if value.get("font_size"):
            _log.warning("Words keep their sizes: `font_size` changes nothing.")
        return value.get("font_path") or ""
    if not hasattr(value, "getbbox"):
        return value
    path = getattr(value, "path", None)
    if isinstance(path, (str, bytes, os.PathLike)):
        return os.fsdecode(path)
    _log.warning("The font has no file. Words are set in the usual font.")
    return ""
