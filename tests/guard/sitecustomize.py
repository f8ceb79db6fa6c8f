"""Note what a process imports of what the fast tests must not; `tiers.py` puts it on its path."""

import importlib.machinery
import os
import sys
import sysconfig

_HEAVY = {"tensorflow", "h5py", "keras"}


def _is_installed(name):
    """Whether it is the real one, and not what a test has put in its place."""
    spec = importlib.machinery.PathFinder.find_spec(name)
    installed = sysconfig.get_path("purelib")
    return spec is not None and str(spec.origin).startswith(installed)


def _watch(event, args):
    if event == "import" and args[0] in _HEAVY and args[0] not in sys.modules:
        if _is_installed(args[0]):
            with open(os.environ["HEAVY_IMPORTS"], "a", encoding="utf-8") as log:
                log.write(f"{args[0]}\n")


if "HEAVY_IMPORTS" in os.environ:
    sys.addaudithook(_watch)
