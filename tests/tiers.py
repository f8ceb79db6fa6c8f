"""The tiers of the suite: which tests `make fast`, `make test` and `make proof` run.

A test is in the lowest tier whose cost it keeps to, and each tier runs those below it, too:
`fast` needs neither TensorFlow nor h5py, nor a worker that imports Keras; `full` is all of a
normal change; `proof` is what takes long because it goes through everything there is.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_FULL = ("keras", "browser", "slow")
LARGE = {"densenet121", "efficientnet_b0", "inception_v3"}
_HEAVY = ("tensorflow", "h5py", "keras")
_GUARD = Path(__file__).with_name("guard")


def tier_of(markers: Iterable[str], parameters: Iterable[object]) -> str:
    """Return the lowest tier for a test with such markers and parameters.

    Smaller graphs show most of what the largest ones would, in a tenth of the time.
    """
    names = set(markers)
    if "proof" in names:
        return "proof"
    is_large = any(each in LARGE for each in parameters if isinstance(each, str))
    return "full" if is_large or names.intersection(_FULL) else "fast"


@contextmanager
def nothing_heavy(log: Path) -> Iterator[None]:
    """Fail if this process, or one that is started in it, imports Keras or what stands below it.

    Args:
        log: a file of this test alone, where processes write down what they import.
    """
    before = set(sys.modules)
    path = os.pathsep.join(filter(None, [str(_GUARD), os.environ.get("PYTHONPATH", "")]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        patch.setenv("HEAVY_IMPORTS", str(log))
        yield
    imported = [name for name in _HEAVY if name not in before and _is_imported(name)]
    if log.exists():
        imported += log.read_text(encoding="utf-8").split()
        log.unlink()
    if imported:
        names = ", ".join(sorted(set(imported)))
        pytest.fail(f"A test of the fast tier imports {names}: mark it `keras`.", pytrace=False)


def _is_imported(name: str) -> bool:
    """Whether the real one is there, and not what a test has put in its place."""
    file = getattr(sys.modules.get(name), "__file__", None)
    return file is not None and file.startswith(sysconfig.get_path("purelib"))
