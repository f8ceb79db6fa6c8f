"""Colours in the ways in which people write them."""

import pytest

from keras_diagram_core.colours import parse_colour
from keras_diagram_core.errors import RequestError


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("teal", "#008080"),
        ("RebeccaPurple", "#663399"),
        ("#abc", "#aabbcc"),
        (" #2f6fab ", "#2f6fab"),
        ("rgb(47, 111, 171)", "#2f6fab"),
        ("rgb(47 111 171 / 50%)", "#97b7d5"),
        ("hsl(120deg 100% 25%)", "#008000"),
        ("hsv(120, 100%, 50%)", "#008000"),
        ("transparent", "#ffffff"),
        ((47, 111, 171), "#2f6fab"),
        ([47, 111, 171, 0], "#ffffff"),
    ],
)
def test_colours_are_read(written, seen):
    assert parse_colour(written).over("#ffffff") == seen


@pytest.mark.parametrize(
    "wrong",
    ["tael", "#12", "", "oklch(0.7 0.1 120)", (1, 2), (1, 2, 300), 7, None, "currentcolor"],
)
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(RequestError, match="is not a colour"):
        parse_colour(wrong)
