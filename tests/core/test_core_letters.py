"""Letters: raster text keeps to its slots at every resolution; what no font has is said."""

from __future__ import annotations

import io
import logging

import msgspec
import pytest
from cases import diagonals
from core_graphs import small_graph
from PIL import Image, ImageChops

from keras_diagram_core.api import draw
from keras_diagram_core.backends import font_notes, paint
from keras_diagram_core.graph import ModelGraph
from keras_diagram_core.options import parse_options
from keras_diagram_core.scene import Label, Paint, Scene, Text
from keras_diagram_core.text import text_width

_PLAIN = {name: Paint("#ffffff", "#ffffff") for name in ("background",)}
_INK = {name: Paint("#000000", "#000000") for name in ("ink", "muted")}
WORDS = ("3×3 conv, 64 /2", "illicit fill", "MultiHeadAttention", "112×112×64", "WWWW mmmm")


def written(text: Text) -> Scene:
    """Build a Scene of one text alone."""
    return Scene(
        view="graph",
        width=300,
        height=300,
        title="",
        description="",
        paints=_PLAIN | _INK,
        items=(Label(role="title", shapes=(text,)),),
    )


def named(name: str) -> ModelGraph:
    """Build a graph of a layer that has a name."""
    graph = small_graph(("InputLayer", []), ("Dense", [0]))
    first, last = graph.nodes
    return msgspec.structs.replace(graph, nodes=(first, msgspec.structs.replace(last, name=name)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dpi", "anchored"),
    diagonals(
        4,
        [30, 48, 72, 90, 96, 100, 110, 120, 144, 150, 192, 220, 300, 600],
        [("start", 0), ("middle", 0), ("end", 0), ("middle", 90)],
    ),
)
def test_words_stay_in_their_slots(dpi, anchored):
    anchor, turn = anchored
    scale = dpi / 96
    for words in WORDS:
        for size in (9.0, 10.5):
            width = text_width(words, size)
            text = Text(150, 150, words, size, width, anchor=anchor, turn=turn)
            image = Image.open(io.BytesIO(paint(written(text), "png", dpi=dpi))).convert("RGB")
            left, top, right, bottom = ImageChops.invert(image).getbbox()
            slot = text.bounds
            # What is touched at all is counted whole, and turned words begin at whole pixels.
            assert left >= slot.left * scale - 2
            assert right <= slot.right * scale + 2
            assert top >= slot.top * scale - 2
            assert bottom <= slot.bottom * scale + 2


@pytest.mark.parametrize("format", ["png", "pdf", "svg"])
def test_characters_that_no_font_has_are_named_once(format, caplog):
    options = parse_options({"view": "graph", "show-layer-names": True})
    with caplog.at_level(logging.WARNING):
        notes = draw(named("分類 類"), options, format).notes
    expected = "No font here has 分, 類: `font` takes the path of a font file that does."
    assert notes == (() if format == "svg" else (expected,))
    assert not caplog.records


def test_a_note_names_a_few_characters():
    scene = written(Text(9, 9, "一二三四五六七八九十", 9.0, 200))
    [note] = font_notes(scene, "png")
    assert "一, 二, 三, 四, 五, 六, 七, 八, ...:" in note


def test_words_that_a_font_has_are_no_note():
    options = parse_options({"view": "graph", "show-layer-names": True})
    assert draw(named("größe×²"), options, "png").notes == ()
