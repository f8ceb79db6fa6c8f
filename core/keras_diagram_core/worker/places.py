"""Which files and modules are the user's own, and which belong to an installation."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Iterable
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path
from types import ModuleType

from keras_diagram_core.manifest import places_of

CODE_FILE = "<code in the page>"
"""The file name of code that a page holds itself."""

_SITES = {"site-packages", "dist-packages"}
_DISTRIBUTION = (".dist-info", ".egg-info")


def _folder(path: str) -> str:
    return os.path.normcase(path).rstrip(os.sep) + os.sep


def _python_folders(*keys: str) -> tuple[str, ...]:
    paths = [path for key in keys if (path := sysconfig.get_path(key))]
    return tuple(
        {_folder(spelling) for path in paths for spelling in (path, os.path.realpath(path))}
    )


_OWN = _folder(str(Path(__file__).parents[1]))
_STDLIB = _python_folders("stdlib", "platstdlib")
_INSTALLED = _python_folders("purelib", "platlib")


def is_ours(path: str) -> bool:
    """Whether an absolute path belongs to this package."""
    return _folder(path).startswith(_OWN)


def is_installed(path: str) -> bool:
    """Whether an absolute path is in a folder where distributions are installed.

    A folder of the user's may have the name of one: it is one if it records distributions.
    """
    return _folder(path).startswith(_INSTALLED) or _other_site(path) is not None


def other_sites(search_path: Iterable[str]) -> set[str]:
    """Return where loaded modules are installed, other than on the search path.

    The user's code has found them there: nobody else knows which versions those are.
    """
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    folders = {os.path.dirname(file) for file in files if isinstance(file, str)}
    known = {_folder(path) for path in search_path}
    sites = {_other_site(each) for each in folders if not _folder(each).startswith(_INSTALLED)}
    return {site for site in sites if site is not None and _folder(site) not in known}


def _other_site(path: str) -> str | None:
    parts = os.path.normcase(path).split(os.sep)
    places = [index for index, part in enumerate(parts) if part in _SITES]
    sites = (os.sep.join(parts[: index + 1]) for index in places)
    return next(filter(_has_distributions, sites), None)


def is_users(path: str) -> bool:
    """Whether an absolute path is neither the standard library, nor installed, nor ours."""
    return not _folder(path).startswith((_OWN, *_STDLIB)) and not is_installed(path)


@functools.cache
def _is_users_place(path: str) -> bool:
    """Look once: all modules that are loaded are looked at a few times for each target."""
    return os.path.isabs(path) and is_users(path)


@functools.cache
def _has_distributions(folder: str) -> bool:
    try:
        return any(name.endswith(_DISTRIBUTION) for name in os.listdir(folder))
    except OSError:
        return False


def user_modules() -> dict[str, ModuleSpec]:
    """Return the specs of the user's modules that are loaded, by name."""
    specs = {name: _spec(module) for name, module in list(sys.modules.items())}
    return {name: spec for name, spec in specs.items() if spec and _is_user_module(name, spec)}


def is_extension(spec: ModuleSpec) -> bool:
    """Whether a module is compiled: such a module cannot be loaded a second time."""
    return bool(spec.origin and spec.origin.endswith(tuple(EXTENSION_SUFFIXES)))


def _spec(module: ModuleType) -> ModuleSpec | None:
    try:
        # Past any `__getattribute__`: asking a lazy module for an attribute would load it.
        spec = object.__getattribute__(module, "__dict__").get("__spec__")
    except AttributeError:
        return None
    return spec if isinstance(spec, ModuleSpec) else None


def _is_user_module(name: str, spec: ModuleSpec) -> bool:
    places = places_of(spec)
    if not places or not _is_users_place(places[0]):
        return False
    # Compiled parts of the standard library may lie outside its folder.
    return not (is_extension(spec) and name.partition(".")[0] in sys.stdlib_module_names)
