"""Where a picture goes: files by their ending, the viewer of the system."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from keras_diagram_core.api import draw
from keras_diagram_core.artifact import format_of
from keras_diagram_core.backends import image_of
from keras_diagram_core.dot import RANKDIRS
from keras_diagram_core.files import images_of
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.layout import lay_out
from keras_diagram_core.options import DotOptions, Options

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger(__name__)
_DOT = frozenset(DotOptions.__struct_fields__)
_SWITCHES = ("overwrite", "add_timestamp", "show_os_viewer", "verbose")

KEYWORDS = frozenset({"to_file", "backend", "save_fig", "save_fig_filename", *_SWITCHES})
"""The keywords that say what becomes of a picture."""


class Saving(Struct, frozen=True, kw_only=True):
    """What becomes of a picture.

    Args:
        path: the file, or None for none.
        overwrite: whether a file that is there is replaced; if not, a number is added.
        add_timestamp: whether the file's name gets the time.
        show_os_viewer: whether the system's viewer shows the picture.
        verbose: whether it is said where the picture was written.
    """

    path: str | None = None
    overwrite: bool = True
    add_timestamp: bool = False
    show_os_viewer: bool = False
    verbose: bool = False

    @classmethod
    def taken_from(cls, keywords: dict[str, Any], to_file: Any, name: str) -> Saving:
        """Take what concerns saving out of keywords, those of scikit-plots included.

        `save_fig` without a name writes `<name>.png`. `backend` chooses nothing: there is one.
        """
        keywords.pop("backend", None)
        named = keywords.pop("save_fig_filename", "") or (os.fspath(to_file) if to_file else "")
        wanted = keywords.pop("save_fig", bool(named))
        switches = {name: bool(keywords.pop(name)) for name in _SWITCHES if name in keywords}
        return cls(path=(named or f"{name}.png") if wanted else None, **switches)

    def or_to(self, to_file: Any) -> Saving:
        """Write to the file that a bundle of options names, unless there is another."""
        return self if self.path or to_file is None else replace(self, path=os.fspath(to_file))

    def target(self) -> Path | None:
        """Give the file that is to be written."""
        if self.path is None:
            return None
        path = Path(self.path)
        if self.add_timestamp:
            now = datetime.now().astimezone().strftime("%Y%m%d_%H%M%S")
            path = path.with_stem(f"{path.stem}_{now}")
        number, free = 0, path
        while not self.overwrite and free.exists():
            number += 1
            free = path.with_stem(f"{path.stem}_{number}")
        return free


def finish(graph: ModelGraph, options: Options, saving: Saving) -> Image:
    """Draw a graph; write and show the picture as it is wanted.

    Raises:
        RequestError: the ending of the file is none that we know.
    """
    path = saving.target()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(graph, options, path))
        if saving.verbose:
            _log.warning("The picture is in %s.", path)
    scene = lay_out(graph, options, images_of(options, "png"))
    image = image_of(scene, font=options.font or None, dpi=options.dpi)
    if saving.show_os_viewer:
        image.show()
    return image


def _bytes(graph: ModelGraph, options: Options, path: Path) -> bytes:
    format = format_of(path)
    return draw(graph, _of_dot(options) if format == "dot" else options, format).data


def _of_dot(options: Options) -> DotOptions:
    """Give what DOT knows of a view's options, and say what it does not."""
    usual = type(options)()
    given = [f for f in options.__struct_fields__ if getattr(options, f) != getattr(usual, f)]
    known = {name: getattr(options, name) for name in given if name in _DOT}
    if options.direction in RANKDIRS:
        known["rankdir"] = RANKDIRS[options.direction]
    if lost := [name for name in given if name not in _DOT | {"direction"}]:
        _log.warning("DOT is not drawn: it has no %s.", ", ".join(lost))
    return DotOptions(**known)
