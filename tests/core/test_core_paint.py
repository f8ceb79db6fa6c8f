"""Turned words and wide outlines are the same in every format."""

import io
import re

import pytest
from PIL import Image, ImageChops

from keras_diagram_core.backends import paint
from keras_diagram_core.harmless import is_harmless
from keras_diagram_core.scene import Bounds, Box, Circle, Label, Paint, Polygon, Scene, Text

PAINTS = {
    "background": Paint("#ffffff", "#000000"),
    "ink": Paint("#000000", "#ffffff"),
    "page": Paint("#ffffff", "#000000"),
}


def scene(*shapes):
    label = Label(role="test", shapes=shapes)
    return Scene(
        view="test", width=120, height=120, title="", description="", paints=PAINTS, items=(label,)
    )


def painted(drawing, dpi=96):
    """Where something is painted, px."""
    image = Image.open(io.BytesIO(paint(drawing, "png", dpi=dpi))).convert("L")
    box = ImageChops.invert(image).getbbox()
    assert box
    return Bounds(*(side * 96 / dpi for side in box))


def word(turn, anchor="start"):
    return Text(60, 60, "upwards", 11, 52, anchor=anchor, turn=turn)


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_words_keep_to_their_slots(turn, anchor):
    text = word(turn, anchor)
    found = painted(scene(text), dpi=192)
    assert text.bounds.contains(found, tolerance=1)
    assert (found.bottom - found.top > found.right - found.left) == (turn in {90, 270})


@pytest.mark.parametrize(("turn", "angle"), [(90, -90), (180, -180), (270, -270)])
def test_svg_turns_words_around_their_point(turn, angle):
    svg = paint(scene(word(turn)), "svg")
    assert f'transform="rotate({angle} 60 60)"' in svg.decode()
    assert is_harmless(svg)
    assert "transform" not in paint(scene(word(0)), "svg").decode()


def test_pdf_turns_words():
    pages = [paint(scene(word(turn)), "pdf") for turn in (0, 90, 180, 270)]
    assert len(set(pages)) == 4
    assert paint(scene(word(90)), "pdf") == pages[1]


OUTLINED = (
    Box(40, 40, 40, 40, "page", "ink", line_width=6),
    Circle(60, 60, 20, "page", "ink", line_width=6),
    Polygon(((40, 40), (80, 40), (80, 80), (40, 80)), "page", "ink", line_width=6),
)


@pytest.mark.parametrize("shape", OUTLINED, ids=lambda shape: type(shape).__name__)
def test_outlines_are_as_wide_as_they_say(shape):
    found = painted(scene(shape), dpi=384)
    assert abs(found.left - 37) < 0.5
    assert abs(found.bottom - 83) < 0.5
    assert re.search(r'stroke-width="6"', paint(scene(shape), "svg").decode())
    assert b"%PDF" in paint(scene(shape), "pdf")
