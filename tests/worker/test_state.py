"""What one target leaves behind for the next: nothing of its own, all of its libraries'."""

import sys

import msgspec  # noqa: F401  (a library that is loaded)
import pytest

from keras_diagram_core.request import ModelRequest
from keras_diagram_core.worker.state import _hooks_to_keep


class Hook:
    """An import hook of the user's: this file is neither installed nor ours."""


def test_import_hooks_of_libraries_stay(monkeypatch):
    """`six` puts one in place when it is imported, and nothing of it can be imported without."""
    first, second = sys.meta_path[:2]
    library = type("Importer", (), {"__module__": "msgspec"})()
    page = type("Importer", (), {"__module__": "__keras_diagram__"})()
    failed = type("Importer", (), {"__module__": "models.that_did_not_load"})()
    monkeypatch.setattr(sys, "meta_path", [Hook(), second, page, library, failed])
    assert _hooks_to_keep([first, second]) == [second, library, first]


@pytest.mark.keras
def test_targets_that_leave_nothing_behind_share_a_process(run):
    """A second import of Keras takes seconds."""
    batch = run(
        {
            "first": "models.tiny:build_mlp",
            "before": "models.intruders:tells_process",
            "second": "models.tiny:build_cnn",
            "after": ModelRequest(target="models.intruders:tells_process", depth=0),
        }
    )
    assert batch.graph("first")
    assert batch.graph("second")
    assert batch.error("before").message == batch.error("after").message
