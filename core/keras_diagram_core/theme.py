"""Colours: families of layers, and how each family is painted on light and dark pages."""

from __future__ import annotations

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
    "muted": Paint("#5c6873", "#9aa7b4"),
    "edge": Paint("#8a96a3", "#76838f"),
    "group": Paint("#f4f6f8", "#1b2128"),
    "group-line": Paint("#d5dce3", "#36404a"),
    "hint": Paint("#ccd3da", "#3d4751"),
}


def family_paints(family: str) -> dict[str, Paint]:
    """Give a family's colours by name: face, the two other sides of a volume, and outline."""
    _, fill, line = FAMILIES[family]
    return {
        f"{family}-fill": fill,
        f"{family}-top": Paint(mix(fill.light, "#ffffff", 0.5), mix(fill.dark, line.dark, 0.12)),
        f"{family}-side": Paint(mix(fill.light, line.light, 0.2), mix(fill.dark, "#000000", 0.25)),
        f"{family}-line": line,
    }


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
