"""The command line: `keras-diagram render`, `inspect` and `outline`.

Exit status: 0 fine, 1 the diagram failed (the message is on stderr), 2 wrong usage, 130 Ctrl-C.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from keras_diagram_core import __version__
from keras_diagram_core.api import Settings, inspect, render
from keras_diagram_core.artifact import FORMATS, format_of
from keras_diagram_core.errors import DiagramError, RequestError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.options import TEXTS, VIEWS, OptionSpec, option_specs
from keras_diagram_core.outline import Outline, as_text, outline
from keras_diagram_core.request import MODEL_OPTIONS, option_names
from keras_diagram_core.table import table

_INTERRUPTED = 130
"""What shells give a program that Ctrl-C has ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    parsed, unknown = parser.parse_known_args(given)
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{_as_setting(given, unknown)}")
    command = {"render": _render, "inspect": _inspect, "outline": _outline}[parsed.command]
    try:
        command(parsed)
    except RequestError as error:
        print(f"keras-diagram: {_as_flags(str(error))}", file=sys.stderr)
        return 2
    except (DiagramError, OSError) as error:
        print(f"keras-diagram: {_as_flags(str(error))}", file=sys.stderr)
        if parsed.traceback and isinstance(error, DiagramError) and error.details:
            print(f"\n{error.details}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("keras-diagram: Interrupted.", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _as_flags(message: str) -> str:
    """Spell options as they are on the command line: `input-shape: [3, 4]` is a flag there."""

    def flag(found: re.Match[str]) -> str:
        value = (found[2] or "").replace(" ", "")
        return f"`--{found[1]} {value}`" if value else f"`--{found[1]}`"

    names = "|".join(spec.name for spec in MODEL_OPTIONS)
    return re.sub(rf"`({names})(?:: \[([\d, ]+)\])?`", flag, message)


def _as_setting(given: Sequence[str], unknown: Iterable[str]) -> str:
    """Say how the first unknown flag is written that is an option of some view."""
    for flag in unknown:
        name, _, value = flag.removeprefix("--").replace("_", "-").partition("=")
        if flag.startswith("--") and name in option_names():
            after = given[given.index(flag) + 1 :]
            follows = after[0] if after and not after[0].startswith("-") else "VALUE"
            return f". Write it as --set {name}={value or follows}"
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keras-diagram", description="Draw the architecture of Keras models."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    target = _target_parser()
    drawing = commands.add_parser(
        "render",
        parents=[target],
        help="draw a model",
        epilog=_options_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    drawing.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=", ".join("." + name for name in FORMATS) + "; SVG on standard output if absent",
    )
    drawing.add_argument("--view", help="how to draw it: " + ", ".join(VIEWS))
    drawing.add_argument(
        "--set",
        action="append",
        default=[],
        dest="options",
        metavar="OPTION=VALUE",
        help="an option of the view or format (see below); may be repeated",
    )
    inspecting = commands.add_parser("inspect", parents=[target], help="list a model's graph")
    inspecting.add_argument("--json", action="store_true", help="the whole ModelGraph as JSON")
    outlining = commands.add_parser("outline", parents=[target], help="tell a model's structure")
    outlining.add_argument("--json", action="store_true", help="the Outline as JSON")
    return parser


def _target_parser() -> argparse.ArgumentParser:
    """Give the arguments that all commands share."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "target", metavar="TARGET", help="package.module:attribute, or a saved model's file"
    )
    for spec in MODEL_OPTIONS:
        meaning = f"{spec.help} It takes {spec.type}; default: {spec.default}."
        parser.add_argument(f"--{spec.name}", metavar="VALUE", help=meaning.replace("%", "%%"))
    parser.add_argument(
        "--backend", default="", help="the Keras backend; none for Keras without any framework"
    )
    parser.add_argument(
        "--timeout", type=float, default=120.0, metavar="SECONDS", help="default: %(default)g"
    )
    parser.add_argument("--traceback", action="store_true", help="show where the code failed")
    return parser


def _options_help() -> str:
    """List each option once, below the views that have it in the same way."""
    owners: dict[OptionSpec, list[str]] = {}
    for view in VIEWS:
        for spec in option_specs(view):
            owners.setdefault(spec, []).append(view)
    groups: dict[str, list[OptionSpec]] = {}
    for spec, views in owners.items():
        groups.setdefault(_title(views), []).append(spec)
    groups |= {f"options of the format '{name}':": list(option_specs(name)) for name in TEXTS}
    return "\n".join(line for title in groups for line in (title, *_lines(groups[title])))


def _title(views: Sequence[str]) -> str:
    if len(views) == len(VIEWS):
        return "options of all views:"
    noun = "view" if len(views) == 1 else "views"
    return f"options of the {noun} {', '.join(views)}:"


def _lines(specs: Iterable[OptionSpec]) -> Iterator[str]:
    for spec in specs:
        yield f"  {spec.name}={spec.type}  (default: {spec.default})\n      {spec.help}"


def _render(parsed: argparse.Namespace) -> None:
    options = _view_options(parsed.options) | _model_options(parsed)
    if parsed.view:
        options["view"] = parsed.view
    format = format_of(parsed.output) if parsed.output else "svg"
    if parsed.output and not Path(parsed.output).parent.is_dir():
        raise FileNotFoundError(f"There is no folder '{Path(parsed.output).parent}'.")
    artifact = render(parsed.target, options, format=format, settings=_settings(parsed))
    for note in artifact.notes:
        print(f"keras-diagram: warning: {note}", file=sys.stderr)
    if parsed.output:
        Path(parsed.output).write_bytes(artifact.data)
    else:
        sys.stdout.buffer.write(artifact.data)


def _settings(parsed: argparse.Namespace) -> Settings:
    return Settings.here(timeout=parsed.timeout, backend=parsed.backend)


def _model_options(parsed: argparse.Namespace) -> dict[str, Any]:
    options = {spec.name: getattr(parsed, spec.name.replace("-", "_")) for spec in MODEL_OPTIONS}
    return {name: value for name, value in options.items() if value is not None}


def _view_options(pairs: Iterable[str]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise RequestError(f"'{pair}' is not OPTION=VALUE.")
        settings[name.strip().replace("_", "-")] = value.strip()
    return settings


def _inspect(parsed: argparse.Namespace) -> None:
    graph = inspect(parsed.target, _model_options(parsed), settings=_settings(parsed))
    _print(_json(graph) if parsed.json else table(graph))


def _outline(parsed: argparse.Namespace) -> None:
    graph = inspect(parsed.target, _model_options(parsed), settings=_settings(parsed))
    found = outline(graph)
    _print(_json(found) if parsed.json else as_text(found))


def _json(document: ModelGraph | Outline) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode("utf-8")


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
