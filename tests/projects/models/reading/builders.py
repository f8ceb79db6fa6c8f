"""Builders that read files, so that the graph depends on more than code."""

import json
from pathlib import Path

from models.tiny import build_mlp

HERE = Path(__file__).parent


def from_recipe():
    """Read a recipe, look for another that is not there, and list a folder."""
    units = json.loads((HERE / "recipes" / "small.json").read_text())["units"]
    try:
        units = json.loads((HERE / "recipes" / "local.json").read_text())["units"]
    except FileNotFoundError:
        pass
    assert list((HERE / "recipes").iterdir())
    return build_mlp(units)


def with_late_import():
    """Import a helper only when called."""
    from models.reading import late

    return build_mlp(late.UNITS)


def through_own_file(folder):
    """Write files, and read them again."""
    made = Path(folder, "made")
    made.mkdir()
    path = made / "units.json"
    path.write_text("5")
    assert list(made.iterdir()) == [path]
    return build_mlp(json.loads(path.read_text()))


def from_changing_file(path):
    """Read a file that changes at the same time."""
    text = Path(path).read_text()
    Path(path).write_text(text)
    return build_mlp(int(text))
