"""The command line: `keras-diagram render` and `keras-diagram inspect`.

Exit status: 0 fine, 1 the diagram failed (the message is on stderr), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from keras_diagram_core import __version__
from keras_diagram_core.api import Settings, inspect, render
from keras_diagram_core.artifact import Format
from keras_diagram_core.describe import shape_text
from keras_diagram_core.errors import DiagramError, RequestError
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.options import VIEWS, option_specs
from keras_diagram_core.request import parse_request


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    parsed = _parser().parse_args(arguments)
    command = {"render": _render, "inspect": _inspect}[parsed.command]
    try:
        command(parsed)
    except RequestError as error:
        print(f"keras-diagram: {error}", file=sys.stderr)
        return 2
    except (DiagramError, OSError) as error:
        print(f"keras-diagram: {error}", file=sys.stderr)
        if parsed.traceback and isinstance(error, DiagramError) and error.details:
            print(f"\n{error.details}", file=sys.stderr)
        return 1
    return 0


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
        "-o", "--output", metavar="FILE", help=".svg or .png; SVG on standard output if absent"
    )
    drawing.add_argument("--view", help="how to draw it: " + ", ".join(VIEWS))
    drawing.add_argument(
        "--set",
        action="append",
        default=[],
        dest="options",
        metavar="OPTION=VALUE",
        help="an option of the view (see below); may be repeated",
    )
    inspecting = commands.add_parser("inspect", parents=[target], help="list a model's graph")
    inspecting.add_argument("--json", action="store_true", help="the whole ModelGraph as JSON")
    return parser


def _target_parser() -> argparse.ArgumentParser:
    """Give the arguments that all commands share."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("target", metavar="TARGET", help="package.module:attribute")
    parser.add_argument("--kwargs", metavar="JSON", help="the builder's arguments, JSON or YAML")
    parser.add_argument(
        "--depth", metavar="N", help="levels of nested models to open; all, if absent"
    )
    parser.add_argument(
        "--timeout", type=float, default=120.0, metavar="SECONDS", help="default: %(default)g"
    )
    parser.add_argument("--traceback", action="store_true", help="show where the code failed")
    return parser


def _options_help() -> str:
    lines = []
    for view in VIEWS:
        lines.append(f"options of the view '{view}':")
        lines += [
            f"  {spec.name}={spec.type}  (default: {spec.default})\n      {spec.help}"
            for spec in option_specs(view)
        ]
    return "\n".join(lines)


def _render(parsed: argparse.Namespace) -> None:
    settings = _settings(parsed.options)
    settings |= {"kwargs": parsed.kwargs, "depth": parsed.depth}
    if parsed.view:
        settings["view"] = parsed.view
    format = _format(parsed.output)
    parse_request(parsed.target, settings)
    artifact = render(
        parsed.target, settings, format=format, settings=Settings.here(timeout=parsed.timeout)
    )
    if parsed.output:
        Path(parsed.output).write_bytes(artifact.data)
    else:
        sys.stdout.buffer.write(artifact.data)


def _settings(pairs: Iterable[str]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise RequestError(f"'{pair}' is not OPTION=VALUE.")
        settings[name.strip().replace("_", "-")] = value.strip()
    return settings


def _format(output: str | None) -> Format:
    if output is None:
        return "svg"
    ending = Path(output).suffix.lower().removeprefix(".")
    formats: tuple[Format, ...] = get_args(Format)
    for format in formats:
        if format == ending:
            return format
    known = ", ".join("." + format for format in formats)
    raise RequestError(f"Cannot tell the format of '{output}'.", hint=f"End it with {known}.")


def _inspect(parsed: argparse.Namespace) -> None:
    graph = inspect(
        parsed.target,
        kwargs=parsed.kwargs,
        depth=parsed.depth,
        settings=Settings.here(timeout=parsed.timeout),
    )
    if parsed.json:
        text = msgspec.json.format(msgspec.json.encode(graph), indent=2).decode("utf-8")
    else:
        text = table(graph)
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")


def table(graph: ModelGraph) -> str:
    """Set a graph as a table for terminals: one line per node, totals below."""
    sources: dict[str, list[str]] = {}
    for edge in graph.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    rows = [("node", "type", "output", "parameters", "from")]
    for node in graph.nodes:
        shapes = ", ".join(shape_text(shape) for shape in node.output_shapes)
        origin = ", ".join(sources.get(node.id, []))
        rows.append((node.id, node.type, shapes, f"{node.params:,}", origin))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(
            cell.rjust(width) if column == 3 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, [*widths, 0], strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "-" * max(len(line) for line in lines))
    totals = f"{graph.name}: {len(graph.nodes):,} nodes, {len(graph.edges):,} edges"
    parameters = f"{graph.params:,} parameters, {graph.trainable_params:,} of them trainable"
    return "\n".join([*lines, "", f"{totals}, {parameters}"])
