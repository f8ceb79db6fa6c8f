"""Code in the page: run it as a module of its own, and take the model that it leaves."""

from __future__ import annotations

import linecache
import sys
from types import ModuleType
from typing import Any

from keras_diagram_core.errors import ModelError, did_you_mean
from keras_diagram_core.worker.failures import explain
from keras_diagram_core.worker.places import CODE_FILE

MODULE = "__keras_diagram__"
_RESULT = "model"


def run_code(code: str) -> Any:
    """Run Python code and give its variable `model`.

    Raises:
        DiagramError: the code failed, or left no such variable.
    """
    module = ModuleType(MODULE)
    module.__file__ = CODE_FILE
    sys.modules[MODULE] = module  # where classes look for their module
    _show_in_tracebacks(code)
    try:
        exec(compile(code, CODE_FILE, "exec"), vars(module))  # noqa: S102  (that is the feature)
    except BaseException as error:
        raise explain(error, "The code in the page") from error
    try:
        return vars(module)[_RESULT]
    except KeyError:
        names = [name for name in vars(module) if not name.startswith("_")]
        hint = did_you_mean(_RESULT, names) or "End it with `model = ...`."
        message = f"The code in the page leaves no variable '{_RESULT}'."
        raise ModelError(message, hint=hint) from None


def forget_code() -> None:
    """Remove what an earlier page's code has left."""
    sys.modules.pop(MODULE, None)
    linecache.cache.pop(CODE_FILE, None)


def _show_in_tracebacks(code: str) -> None:
    # Without a time of modification, linecache does not look for the file.
    linecache.cache[CODE_FILE] = (len(code), None, code.splitlines(keepends=True), CODE_FILE)
