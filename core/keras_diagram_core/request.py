"""What is asked for: a frozen value with one canonical JSON, made from any host's markup."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import yaml
from msgspec import Meta, Struct

from keras_diagram_core.errors import RequestError
from keras_diagram_core.options import Options, parse_options

_TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


def canonical_json(value: Any) -> bytes:
    """Encode plain data so that equal values give equal bytes in every process."""
    return msgspec.json.encode(value, order="deterministic")


def digest(data: bytes) -> str:
    """Hash bytes to the 32 hexadecimal digits that name things in the cache (128 of SHA-256)."""
    return hashlib.sha256(data).hexdigest()[:32]


class ModelRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which model: all that decides what is extracted, and nothing that decides the drawing."""

    target: str
    kwargs: dict[str, Any] = {}
    depth: Annotated[int, Meta(ge=0)] | None = None

    @property
    def digest(self) -> str:
        """Name this request in the cache."""
        return digest(canonical_json(self))


class DiagramRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which model, drawn how."""

    model: ModelRequest
    options: Options

    @property
    def digest(self) -> str:
        """Name this request among the others of a build."""
        return digest(canonical_json(self))


def parse_request(target: str, settings: Mapping[str, Any] | None = None) -> DiagramRequest:
    """Read one diagram's markup.

    Args:
        target: `package.module:attribute[.attribute]`.
        settings: `kwargs` (a mapping, or its YAML or JSON text), `depth` (how many levels of
            nested models are opened; all, when absent), `view`, and that view's options.

    Raises:
        RequestError: anything that is not understood, with what to write instead.
    """
    options = dict(settings or {})
    return DiagramRequest(
        model=ModelRequest(
            target=_parse_target(target),
            kwargs=_parse_kwargs(options.pop("kwargs", None)),
            depth=_parse_depth(options.pop("depth", None)),
        ),
        options=parse_options(options),
    )


def _parse_target(text: str) -> str:
    target = "".join(text.split())
    if _TARGET.fullmatch(target):
        return target
    raise RequestError(
        f"'{text.strip()}' is not a target." if target else "The target is missing.",
        hint="Write it as package.module:attribute, for example mypkg.models:build_unet.",
    )


def _parse_kwargs(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = yaml.safe_load(value)
        except yaml.YAMLError as error:
            problem = " ".join(str(error).split())
            raise RequestError(f"The kwargs are neither YAML nor JSON: {problem}.") from None
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        hint = "Write it like {classes: 10, weights: null}."
        raise RequestError("The kwargs must be a mapping of names to values.", hint=hint)
    try:
        # A round trip leaves exactly what JSON can say, and fails on all else.
        plain: dict[str, Any] = json.loads(json.dumps(value, allow_nan=False))
        canonical_json(plain)
    except (TypeError, ValueError) as error:  # UnicodeEncodeError of a lone surrogate included
        raise RequestError(f"The kwargs must be plain data: {error}.") from None
    return plain


def _parse_depth(value: Any) -> int | None:
    if value is None:
        return None
    try:
        depth: int = msgspec.convert(
            value, Annotated[int, Meta(ge=0)], strict=isinstance(value, bool)
        )
    except msgspec.ValidationError:
        hint = "It takes a whole number from 0 (keep nested models closed)."
        raise RequestError(f"The depth cannot be '{value}'.", hint=hint) from None
    return depth
