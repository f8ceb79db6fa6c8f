"""Which lines of a page are ours, and which are not."""

from __future__ import annotations

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_keras_diagram.fences import find_fences

PIECES = [
    "```",
    "````",
    "~~~",
    "```keras-diagram",
    "~~~ keras-diagram",
    "a:b",
    "",
    " ",
    "> ",
    "    ",
]
PIECES += ["<!--", "-->", "- ", "text", "```python"]
lines = st.lists(st.lists(st.sampled_from(PIECES), max_size=3).map("".join), max_size=25)


def bodies(text: str) -> list[str]:
    return [fence.body for fence in find_fences(text.split("\n"))]


@pytest.mark.parametrize(
    "opening",
    ["```keras-diagram", "``` keras-diagram  ", "```{ .keras-diagram }", "~~~~ .keras-diagram"],
)
def test_spellings_of_the_opening_line(opening: str) -> None:
    """The name stands alone, or as an attribute list has it."""
    closing = opening[0] * opening.count(opening[0])
    assert bodies(f"{opening}\nm:a\n{closing}") == ["m:a"]


@pytest.mark.parametrize(
    "text",
    [
        "```keras-diagrams\nm:a\n```",
        "```python\nkeras-diagram\n```",
        "```keras-diagram\nnever closed",
        "```keras-diagram\nclosed otherwise\n~~~",
        "    ```keras-diagram\nnot indented\n    ```",
        "> ```keras-diagram\nnot quoted\n> ```",
        "````markdown\n```keras-diagram\nm:a\n```\n````",
        "~~~\n```keras-diagram\nm:a\n```\n~~~",
        "<!--\n```keras-diagram\nm:a\n```\n-->",
        "```keras-diagram``` in a line\nm:a\n```",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    """Other fences, examples of fences, comments and broken fences are none of ours."""
    assert bodies(text) == []


def test_prefixes_are_taken_off() -> None:
    """Fences may be indented and quoted; their bodies are not."""
    listed = "1. a\n\n    ~~~keras-diagram\n    x:\n\n      - y\n    ~~~\n"
    quoted = "> > ```keras-diagram\n> > m:b\n> > ```"
    assert bodies(listed + quoted) == ["x:\n\n  - y", "m:b"]


def test_a_fence_that_never_ends_hides_nothing() -> None:
    """An unclosed fence of another kind is text, and what follows it is read."""
    assert bodies("~~~python\n\n```keras-diagram\nm:a\n```") == ["m:a"]


def test_words_behind_the_name_are_told() -> None:
    """Options on the opening line are ours to refuse."""
    (fence,) = find_fences(["```keras-diagram view=blocks x", "m:a", "```"])
    assert fence.surplus == "view=blocks x"


@given(lines)
def test_fences_are_whole_and_in_order(page: list[str]) -> None:
    """Fences do not overlap, and each holds exactly the lines that it replaces."""
    end = 0
    for fence in find_fences(page):
        assert end <= fence.start < fence.end <= len(page)
        end = fence.end
        for line, source in zip(page[fence.start : fence.end], fence.source, strict=True):
            assert (fence.prefix + source).rstrip() == line.rstrip()


@given(lines)
def test_longer_fences_protect_all_they_hold(page: list[str]) -> None:
    """Whatever stands in a longer fence stays there."""
    assert find_fences(["`````markdown", *page, "`````"]) == []


@given(lines)
def test_pages_without_our_fence_are_unchanged(page: list[str]) -> None:
    """The extension does nothing to other pages."""
    text = "\n".join(page).replace("keras-diagram", "mermaid")
    extensions = ["fenced_code", "admonition"]
    assert markdown.markdown(text, extensions=[*extensions, "keras_diagram"]) == (
        markdown.markdown(text, extensions=extensions)
    )
