"""Colours: families of layers, and how each family is painted on light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from keras_diagram_core.scene import Paint


class Family(NamedTuple):
    """Layers that do the same kind of work: its name, for people, and its two colours."""

    title: str
    fill: Paint
    line: Paint


FAMILIES: dict[str, Family] = {
    "io": Family("input", Paint("#ffffff", "#14181d"), Paint("#3a4652", "#c3ccd6")),
    "conv": Family("convolution", Paint("#cfe3f7", "#1d3d5c"), Paint("#2f6fab", "#7db7ee")),
    "pool": Family("pooling", Paint("#f9d4c8", "#562a1d"), Paint("#b5482a", "#f2a48b")),
    "dense": Family("dense", Paint("#cdebd9", "#17402c"), Paint("#23794d", "#7fd3a5")),
    "norm": Family("normalization", Paint("#e9e4f5", "#332b52"), Paint("#6a55a8", "#b9a8ee")),
    "activation": Family("activation", Paint("#e6efc4", "#363f12"), Paint("#66791c", "#c5d66f")),
    "attention": Family("attention", Paint("#f6d9ec", "#4c2140"), Paint("#9b3a7c", "#eb9fd0")),
    "recurrent": Family("recurrent", Paint("#c9ecee", "#123f44"), Paint("#14767e", "#74cfd6")),
    "embedding": Family("embedding", Paint("#fbeab8", "#45380d"), Paint("#8a6a0b", "#ecd06b")),
    "merge": Family("merge", Paint("#ffffff", "#14181d"), Paint("#3a4652", "#c3ccd6")),
    "reshape": Family("reshaping", Paint("#e6eaee", "#2b333b"), Paint("#5d6a76", "#a3b0bc")),
    "dropout": Family("regularization", Paint("#f1e7dc", "#3b3027"), Paint("#7d6650", "#cbb39b")),
    "other": Family("operation", Paint("#dfe5f0", "#29303d"), Paint("#4a5f80", "#a9b9d6")),
}

PAGE_PAINTS: dict[str, Paint] = {
    "background": Paint("#ffffff", "#14181d"),
    "ink": Paint("#1f2933", "#e6ebf0"),
    "muted": Paint("#55606b", "#9aa7b4"),
    "edge": Paint("#7c8895", "#76838f"),
    "group": Paint("#f4f6f8", "#1b2128"),
    "group-line": Paint("#d5dce3", "#36404a"),
    "hint": Paint("#ccd3da", "#3d4751"),
}

PAGE_WORDS = ("ink", "muted")
"""The paints of words; families have them, too, for words on their fronts."""

READABLE, VISIBLE = 4.5, 3.0
"""The least contrast of words, and of lines and shapes, with what they stand on (WCAG 2.2, AA)."""

# If only the colour of a front is given: how much white is in the top of the volume, how much
# black in its side, and how much black (on dark pages, white) in its outline; in percent.
TOP_SHARE, SIDE_SHARE, LINE_SHARE = 35, 20, 45

_INKS = ("#1f2933", "#f7f9fb"), ("#000000", "#ffffff")


def family_paints(family: str, page: Mapping[str, Paint] = PAGE_PAINTS) -> dict[str, Paint]:
    """Return a family's colours by name.

    They are the front, the two other sides of a volume, the outline, and words on the front, which
    have the inks of the page.
    """
    _, fill, line = FAMILIES[family]
    return {f"{family}-{word}": page[word] for word in PAGE_WORDS} | {
        f"{family}-fill": fill,
        f"{family}-top": Paint(mix(fill.light, "#ffffff", 0.5), mix(fill.dark, line.dark, 0.12)),
        f"{family}-side": Paint(mix(fill.light, line.light, 0.2), mix(fill.dark, "#000000", 0.25)),
        f"{family}-line": line,
    }


def derived_paints(fill: Paint) -> dict[str, Paint]:
    """Return what goes with the colour of a front: the other sides, outline, words on the front.

    The stylesheet of an SVG says the same in CSS, for fronts that a page's stylesheet colours.
    """
    top, side, line = TOP_SHARE / 100, SIDE_SHARE / 100, LINE_SHARE / 100
    return {
        "top": Paint(mix(fill.light, "#ffffff", top), mix(fill.dark, "#ffffff", top)),
        "side": Paint(mix(fill.light, "#000000", side), mix(fill.dark, "#000000", side)),
        "line": Paint(mix(fill.light, "#000000", line), mix(fill.dark, "#ffffff", line)),
        "ink": ink_on(fill),
    }


def ink_on(surface: Paint) -> Paint:
    """Return the colour of words on a surface: soft, if that reads well, else black or white."""
    return Paint(_ink(surface.light), _ink(surface.dark))


def _ink(surface: str) -> str:
    soft, hard = (max(inks, key=lambda ink: contrast(ink, surface)) for inks in _INKS)
    return soft if contrast(soft, surface) >= READABLE else hard


def contrast(first: str, second: str) -> float:
    """Return the contrast of two `#rrggbb` colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in bytes.fromhex(colour[1:]))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(first: str, second: str, share: float) -> str:
    """Blend two `#rrggbb` colours: `share` of the second, the rest of the first."""
    channels = (
        round(a + (b - a) * share)
        for a, b in zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    )
    return "#" + bytes(channels).hex()


THEME_PAINTS: dict[str, Paint] = PAGE_PAINTS | {
    name: paint for family in FAMILIES for name, paint in family_paints(family).items()
}
"""All colours of the theme by name; a picture may have others of its own."""
