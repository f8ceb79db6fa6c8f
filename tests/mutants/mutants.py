"""Change the code in one place, and see whether a fast test fails; print what survives.

    python tests/mutants/mutants.py [--count 40] [--seed 0] [FILE]...

Each mutant is a copy of the core with one change in one line: another comparison, the other of
`and` and `or`, another arithmetic operator, another number or truth, a condition turned round. The
same count and seed give the same mutants. The tests are those that `SUITES` names for the folder,
in that order, up to the first that fails; the bound of time is for mutants that hang.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core"
SECONDS = 600
_ALL = "tests/core"
SUITES = {
    "cache.py": ["tests/core/test_core_cache.py", "tests/core/test_core_cache_damage.py", _ALL],
    "transforms": [
        *("tests/core/test_core_fuse.py", "tests/core/test_core_blocks.py"),
        *("tests/core/test_core_folds.py", "tests/core/test_core_cells.py", _ALL),
    ],
    "layout": ["tests/core/test_core_svg.py", "tests/core/test_core_directions.py", _ALL],
}
_SWAPS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "*",
    ast.And: "or", ast.Or: "and",
}  # fmt: skip


class Mutant(NamedTuple):
    """A file with other text between two places of one line."""

    path: Path
    line: int
    start: int
    end: int
    text: str

    def of(self, code: str) -> str:
        """Change the code."""
        lines = code.splitlines(keepends=True)
        line = lines[self.line - 1].encode()
        changed = line[: self.start] + self.text.encode() + line[self.end :]
        lines[self.line - 1] = changed.decode()
        return "".join(lines)


def main() -> int:
    """Try the mutants; the status is how many survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="of the core, such as transforms/fuse.py")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    package = CORE / "keras_diagram_core"
    paths = [package / name for name in chosen.files] or list(sources(package))
    known = [mutant for path in paths for mutant in mutants(path)]
    picked = random.Random(chosen.seed).sample(known, min(chosen.count, len(known)))
    survivors = sum(survives(mutant, package) for mutant in picked)
    print(f"{survivors} of {len(picked)} survive, of {len(known)} that there are")
    return min(survivors, 1)


def sources(package: Path) -> Iterator[Path]:
    """Give the files that have suites."""
    for name in SUITES:
        path = package / name
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def mutants(path: Path) -> Iterator[Mutant]:
    """Give all mutants of a file."""
    code = path.read_text(encoding="utf-8")
    lines = [line.encode() for line in code.splitlines()]
    for node in ast.walk(ast.parse(code)):
        for line, start, end, text in changes(node):
            mutant = Mutant(path, line, start, end, text)
            if lines[line - 1][start:end].decode().strip() != text and is_code(mutant.of(code)):
                yield mutant


def is_code(text: str) -> bool:
    """Whether it can be compiled: an operator between brackets may not be."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def changes(node: ast.AST) -> Iterator[tuple[int, int, int, str]]:
    """Give the line, the columns and the new text of what can be changed at a node."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from between(node.left, node.comparators[0], _SWAPS[type(node.ops[0])])
    elif isinstance(node, ast.BinOp) and type(node.op) in _SWAPS:
        yield from between(node.left, node.right, _SWAPS[type(node.op)])
    elif isinstance(node, ast.BoolOp):
        yield from between(*node.values[:2], _SWAPS[type(node.op)])
    elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int)):
        other = not node.value if isinstance(node.value, bool) else node.value + 1
        yield node.lineno, node.col_offset, node.end_col_offset or 0, str(other)
    elif isinstance(node, (ast.If, ast.IfExp)) and node.test.lineno == node.test.end_lineno:
        test = node.test
        yield test.lineno, test.col_offset, test.col_offset, "not "
    elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Name):
        value = node.value
        yield value.lineno, value.col_offset, value.end_col_offset or 0, "None"


def between(left: ast.expr, right: ast.expr, text: str) -> Iterator[tuple[int, int, int, str]]:
    """Replace the operator between two operands of one line."""
    if left.end_lineno == right.lineno:
        yield right.lineno, left.end_col_offset or 0, right.col_offset, f" {text} "


def survives(mutant: Mutant, package: Path) -> bool:
    """Run the tests on a mutant, and say so if none of them fails."""
    name = mutant.path.relative_to(package)
    suite = SUITES.get(name.parts[0], [_ALL])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(CORE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__py*"))
        changed = mutant.of(mutant.path.read_text(encoding="utf-8"))
        Path(folder, package.name, name).write_text(changed, encoding="utf-8")
        killed = not all(passes(tests, folder) for tests in suite)
    line = changed.splitlines()[mutant.line - 1].strip()
    print(f"{'killed  ' if killed else 'SURVIVES'} {name}:{mutant.line}: {line}", flush=True)
    return not killed


def passes(tests: str, folder: str) -> bool:
    """Whether fast tests pass with the core in a folder."""
    path = os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "-m", "fast", tests]
    command += ["-p", "no:cacheprovider", "--deselect", "tests/core/test_core_imports.py"]
    try:
        run = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
