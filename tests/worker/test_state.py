"""What one target leaves behind for the next: nothing of its own, all of its libraries'."""

import sys

import msgspec  # noqa: F401  (a library that is loaded)

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
