"""Text is measured and cut the same everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core.backends.face import bundled
from keras_diagram_core.text import clean, elide, text_width, wrap

SAMPLES = [
    "conv 3×3",
    "224×224×64",
    "Bidirectional",
    "138.4 million parameters · 22 layers",
    "~{|}!",
]


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("bold", [False, True])
def test_the_table_is_that_of_the_bundled_font(text, bold):
    drawn = bundled(bold=bold).width(text, 500.0)
    assert text_width(text, 500.0, bold=bold) >= drawn - 2
    assert text_width(text, 500.0, bold=bold) <= drawn * 1.04 + 2


@given(text=st.text(), width=st.floats(20, 300))
def test_elided_text_fits(text, width):
    short = elide(text, width, 10.0)
    assert text_width(short, 10.0) <= width or short == "…"
    if text_width(text, 10.0) <= width:
        assert short == text


@given(text=st.text(), width=st.floats(20, 300))
def test_wrapped_text_fits_and_keeps_its_words(text, width):
    lines = wrap(text, width, 10.0)
    assert all(text_width(line, 10.0) <= width or line == "…" for line in lines)
    words = zip(text.split(), " ".join(lines).split(), strict=True)
    assert all(kept == word or kept.endswith("…") for word, kept in words)


@given(text=st.text())
def test_cleaned_text_is_one_line_of_xml(text):
    cleaned = clean(text)
    assert "\n" not in cleaned
    assert not any(ord(character) < 32 for character in cleaned)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
