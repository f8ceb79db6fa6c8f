"""What a directive draws: the target behind its name, or what its body holds.

The body is Python code that leaves a variable `model`; or, without an argument, the Markdown
hosts' way of writing: just a target, or YAML with a target or code among the options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keras_diagram_core import FILE_ENDINGS, RequestError, load_yaml
from sphinx_keras_diagram.options import known_names

_SUBJECTS = frozenset({"target", "code"})
_SETTINGS = re.compile(r"^(target|code):", re.MULTILINE)


@dataclass(frozen=True)
class Subject:
    """A diagram's target or code, and its options as written."""

    target: str
    code: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def as_option(self) -> dict[str, Any]:
        """Give the code as the core takes it."""
        return {"code": self.code} if self.code else {}


def read_subject(target: str, body: str, options: Mapping[str, Any]) -> Subject:
    """Read a directive.

    Args:
        target: what stands behind the directive's name.
        body: what stands below the options.
        options: as docutils read them.

    Raises:
        RequestError: a target and a body, or a body that is neither code nor settings.
    """
    if not body.strip():
        return Subject(target, options=dict(options))
    if target:
        raise RequestError(
            "A diagram has either a target or a body with code.",
            hint="Remove one; options are lines like ':view: layered' right below the target.",
        )
    settings = _settings(body)
    if isinstance(settings, str):
        return Subject(settings, options=dict(options))
    if settings is None:
        return Subject("", body, dict(options))
    target, code = settings.pop("target", None) or "", settings.pop("code", None) or ""
    if not isinstance(code, str):
        raise RequestError("The code is not text.", hint="Write 'code: |', and the code below it.")
    return Subject(str(target), code.rstrip(), {**options, **settings})


def _settings(body: str) -> dict[str, Any] | str | None:
    """Read a body that is just a target, or YAML; None for anything else, which is code."""
    try:
        found = load_yaml(body, "The body is not YAML")
    except RequestError:
        if _SETTINGS.search(body):
            raise
        return None
    if isinstance(found, str):
        return found if _is_target(found) else None
    if not isinstance(found, dict):
        return None
    settings = {str(name): value for name, value in found.items()}
    # Python's annotations look like YAML: without target and code, all must be our options.
    ours = _SUBJECTS & settings.keys() or settings.keys() <= known_names()
    return settings if ours else None


def _is_target(text: str) -> bool:
    """Tell a target in a single line from a single line of Python."""
    return len(text.split()) == 1 and (":" in text or text.lower().endswith(FILE_ENDINGS))
