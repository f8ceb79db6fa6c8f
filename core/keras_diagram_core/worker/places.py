"""Which files and modules are the user's own, and which belong to an installation."""

from __future__ import annotations

import os
import sys
import sysconfig
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path
from types import ModuleType

CODE_FILE = "<code in the page>"
"""The file name of code that a page holds itself."""

_INSTALLED = {"site-packages", "dist-packages"}


def _folder(path: str) -> str:
    return os.path.normcase(path).rstrip(os.sep) + os.sep


_OWN = _folder(str(Path(__file__).parents[1]))
_STDLIB = tuple(
    {
        _folder(spelling)
        for key in ("stdlib", "platstdlib")
        for path in (sysconfig.get_path(key),)
        for spelling in (path, os.path.realpath(path))
    }
)


def is_users(path: str) -> bool:
    """Say whether an absolute path is neither the standard library, nor installed, nor ours."""
    normal = _folder(path)
    installed = _INSTALLED.intersection(normal.split(os.sep))
    return not installed and not normal.startswith((_OWN, *_STDLIB))


def user_modules() -> dict[str, ModuleSpec]:
    """Give the specs of the user's modules that are loaded, by name."""
    specs = {name: _spec(module) for name, module in list(sys.modules.items())}
    return {name: spec for name, spec in specs.items() if spec and _is_user_module(name, spec)}


def location(spec: ModuleSpec) -> str | None:
    """Give a module's file, or the first folder of a namespace package."""
    if spec.has_location and spec.origin:
        return spec.origin
    return next(iter(spec.submodule_search_locations or ()), None)


def is_extension(spec: ModuleSpec) -> bool:
    """Say whether a module is compiled: such a module cannot be loaded a second time."""
    return bool(spec.origin and spec.origin.endswith(tuple(EXTENSION_SUFFIXES)))


def _spec(module: ModuleType) -> ModuleSpec | None:
    try:
        # Past any `__getattribute__`: asking a lazy module for an attribute would load it.
        spec = object.__getattribute__(module, "__dict__").get("__spec__")
    except AttributeError:
        return None
    return spec if isinstance(spec, ModuleSpec) else None


def _is_user_module(name: str, spec: ModuleSpec) -> bool:
    path = location(spec)
    if path is None or not os.path.isabs(path) or not is_users(path):
        return False
    # Compiled parts of the standard library may lie outside its folder.
    return not (is_extension(spec) and name.partition(".")[0] in sys.stdlib_module_names)
