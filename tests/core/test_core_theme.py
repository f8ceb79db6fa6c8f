"""Colours of the theme and those that are derived can be told from what they stand on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core.scene import Paint
from keras_diagram_core.theme import (
    FAMILIES,
    PAGE_PAINTS,
    PAGE_WORDS,
    READABLE,
    THEME_PAINTS,
    VISIBLE,
    contrast,
    derived_paints,
    ink_on,
)

SCHEMES = ("light", "dark")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def between(first: Paint, second: Paint) -> float:
    return min(contrast(getattr(first, one), getattr(second, one)) for one in SCHEMES)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#ff0000", "#0000ff", 2.15)],
)
def test_contrast_is_that_of_wcag(first, second, expected):
    assert contrast(first, second) == contrast(second, first) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("word", PAGE_WORDS)
def test_words_of_the_theme_can_be_read_on_all_of_its_surfaces(word):
    surfaces = [PAGE_PAINTS["background"], PAGE_PAINTS["group"]]
    surfaces += [family.fill for family in FAMILIES.values()]
    assert min(between(PAGE_PAINTS[word], surface) for surface in surfaces) >= READABLE


@pytest.mark.parametrize("surface", ["background", "group"])
def test_lines_of_the_theme_stand_out(surface):
    lines = [PAGE_PAINTS["edge"], *(family.line for family in FAMILIES.values())]
    assert min(between(line, PAGE_PAINTS[surface]) for line in lines) >= VISIBLE


@pytest.mark.parametrize("family", FAMILIES)
def test_outlines_stand_out_from_all_sides_of_their_volume(family):
    line = THEME_PAINTS[f"{family}-line"]
    sides = [THEME_PAINTS[f"{family}-{side}"] for side in ("fill", "top", "side")]
    assert min(between(line, side) for side in sides) >= VISIBLE


@given(COLOURS, COLOURS)
def test_words_can_be_read_on_any_surface(light, dark):
    surface = Paint(light, dark)
    assert between(ink_on(surface), surface) >= READABLE


@given(COLOURS, COLOURS)
def test_what_is_derived_from_a_front_can_be_seen(light, dark):
    front = Paint(light, dark)
    paints = derived_paints(front)
    assert between(paints["ink"], front) >= READABLE
    assert between(paints["line"], PAGE_PAINTS["background"]) >= VISIBLE
    for scheme in SCHEMES:
        top, own, side = (
            contrast("#000000", getattr(paint, scheme))
            for paint in (paints["top"], front, paints["side"])
        )
        assert top >= own >= side
