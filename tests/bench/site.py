"""Measure a Sphinx site: cold, from the cache, and with plain `figure` directives instead.

    python tests/bench/site.py [--tiny]

Prints seconds, peak memory (of the largest process) and ratios; everything is built in a
temporary folder, one process per build. With `--tiny`, only some pages are built, and once: that
tells whether the script works.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
APART = shutil.ignore_patterns(".*", "__pycache__", "build", "dist")
SOME = ["index.md"]
REPEATS = 3
_DIRECTIVE = re.compile(r"^( *)\.\. keras-diagram::.*\n((?: +:[\w-]+:.*\n)*)", re.MULTILINE)
_FENCE = re.compile(r"^```\{?keras-diagram\}?.*?^```$", re.MULTILINE | re.DOTALL)
_PAGE_OPTIONS = re.compile(r" +:(?:caption|name|alt|align):.*\n")


class Cost(NamedTuple):
    """What one build took."""

    seconds: float
    megabytes: float


def main(*, tiny: bool) -> None:
    """Build, measure, print."""
    repeats = 1 if tiny else REPEATS
    some = ["-D", f"include_patterns={','.join(SOME)}", "-D", "keras_diagram_backend=none"]
    some += ["-D", "html_theme=basic"]
    more = some if tiny else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "project" / "docs"
        shutil.copytree(ROOT, source.parent, ignore=APART)  # pages include what is beside them
        cold = build(source, folder / "cold", more)
        warm = min(build(source, folder / f"warm{n}", more) for n in range(repeats))
        idle = min(build(source, folder / "warm0", more) for _ in range(repeats))
        with_figures(source)
        figures = min(build(source, folder / f"figures{n}", more) for n in range(repeats))
    rows = {"cold": cold, "from the cache": warm, "nothing to do": idle, "figures": figures}
    for title, cost in rows.items():
        print(f"{title:16} {cost.seconds:6.2f} s  {cost.megabytes:6.0f} MB")
    print(f"from the cache / figures: {warm.seconds / figures.seconds:.2f}")


def build(source: Path, output: Path, more: list[str]) -> Cost:
    """Build a site in a new process."""
    started = time.perf_counter()
    code = (
        "import resource, sys; from sphinx.cmd.build import main;"
        "status = main(sys.argv[1:]);"
        "peak = max(resource.getrusage(w).ru_maxrss"
        " for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN));"
        "print('peak', peak); sys.exit(status)"
    )
    command = [sys.executable, "-c", code, "-q", "-b", "html", *more, source, output]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    return Cost(seconds, int(result.stdout.split()[-1]) / 1024)


def with_figures(source: Path) -> None:
    """Replace every diagram of a site by a figure of the same picture file."""
    picture = "/_static/vgg16.svg"
    for path in (*source.rglob("*.rst"), *source.rglob("*.md")):
        text = path.read_text("utf-8")
        text = _DIRECTIVE.sub(lambda m: figure_rst(m, picture), text)
        text = _FENCE.sub(f"```{{figure}} {picture}\n```", text)
        path.write_text(text, "utf-8")


def figure_rst(match: re.Match[str], picture: str) -> str:
    """Write a figure directive with the options that figures have too."""
    indent, options = match.groups()
    kept = "".join(o for o in options.splitlines(keepends=True) if _PAGE_OPTIONS.match(o))
    caption = re.search(r":caption: (.*)", kept)
    kept = re.sub(r".*:caption:.*\n", "", kept)
    body = f"\n{indent}   {caption[1]}\n" if caption else ""
    return f"{indent}.. figure:: {picture}\n{kept}{body}"


if __name__ == "__main__":
    main(tiny="--tiny" in sys.argv)
