"""The rules within an SVG picture: its colours as custom properties, for light and dark pages.

All pictures of a page share one cascade. What is the same for all stands under `.kd`; a theme, a
font or colours that one picture alone has stand under classes of their own.

Pictures are light, unless the page is on a screen and known to be dark, by a mark of its theme or
by its `color-scheme`, in a browser that knows `light-dark()`. Then `color-scheme` decides for all
colours at once. What the reader's system prefers says nothing of the page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from keras_diagram_core.scene import Paint, Scene
from keras_diagram_core.theme import (
    FAMILIES,
    LINE_SHARE,
    PAGE_WORDS,
    SIDE_SHARE,
    THEME_PAINTS,
    TOP_SHARE,
)

FONTS = "Inter,Segoe UI,Roboto,Helvetica Neue,Arial,DejaVu Sans,Liberation Sans,sans-serif"
GENERIC_FAMILIES = frozenset({"serif", "sans-serif", "monospace", "cursive", "system-ui"})

# How pages say which scheme they have: Furo, PyData, Book; Material, Immaterial; Bootstrap, thus
# MkDocs' own theme; Shibuya; JupyterLab; VS Code. The nearest mark counts.
_MARKS: Mapping[str, tuple[str, ...]] = {
    "light": (
        "[data-theme=light]",
        "[data-md-color-scheme=default]",
        "[data-bs-theme=light]",
        "html.light",
        "[data-jp-theme-light=true]",
        "[data-vscode-theme-kind$=light]",
    ),
    "dark": (
        "[data-theme=dark]",
        "[data-md-color-scheme=slate]",
        "[data-bs-theme=dark]",
        "html.dark",
        "[data-jp-theme-light=false]",
        "[data-vscode-theme-kind$=dark]",
        "[data-vscode-theme-kind$=contrast]",
    ),
    # Furo's third state: as the reader's system is.
    "light dark": ("body[data-theme=auto]",),
}
# Such a page shows through.
_PAGE_SCHEMES = "".join(
    f"{','.join(marks)}{{--kd0-scheme:{scheme};--kd0-page:#0000}}"
    for scheme, marks in _MARKS.items()
)
_SCHEMES = f"@media screen{{.kd{{color-scheme:var(--kd0-scheme)}}{_PAGE_SCHEMES}}}"
_KNOWS_SCHEMES = "@supports(color:light-dark(red,red))"

# What follows the colour of a front if a page sets that: `theme.derived_paints`, in CSS. Words are
# black on what has a luminance above 0.179, else white: either way their contrast is above 4.5.
_WHITE = (0.9505, 1, 1.089)
_INK = " ".join(f"clamp(0,(.179 - y)*1e6,{channel})" for channel in _WHITE)
_DERIVED = {
    "top": f"color-mix(in srgb,var(--kd0-front),#fff {TOP_SHARE}%)",
    "side": f"color-mix(in srgb,var(--kd0-front),#000 {SIDE_SHARE}%)",
    "line": f"color-mix(in srgb,var(--kd0-front),light-dark(#000,#fff) {LINE_SHARE}%)",
    "ink": f"color(from var(--kd0-front) xyz {_INK})",
}
_DERIVES = "@supports(color:light-dark(color(from red xyz y y y),red))"


class Use(NamedTuple):
    """Which attribute, `fill` or `stroke`, a paint is used for."""

    attribute: str
    paint: str

    @property
    def css_class(self) -> str:
        """The class of what is painted so."""
        return f"kd-{self.attribute[0]}-{self.paint}"


def own_classes(scene: Scene, used: set[Use], family: str) -> Iterator[str]:
    """Give the classes of a picture whose theme, font or colours are not those of all."""
    if scene.theme != "auto":
        yield f"kd-theme-{scene.theme}"
    if family:
        yield font_class(family)
    if own := _own_paints(scene, used):
        yield _own_class(own, scene.theme)


def rules(scene: Scene, used: set[Use], families: Mapping[str, str]) -> str:
    """Set the paints that are used for light and dark, and apply them by class.

    The picture's own values are private (`--kd0-`), and only used where the page does not set
    the public property, so that a page's stylesheet wins without any trick.
    """
    paints = {name: scene.paints[name] for name in sorted({use.paint for use in used})}
    own = _own_paints(scene, used)
    shared = {name: paint for name, paint in paints.items() if name not in own}
    lines = [f".kd{{font-family:{FONTS};max-width:100%;height:auto}}"]
    lines += _schemes(scene, shared)
    if own:
        lines += _own_schemes(scene, own)
    lines += _font_rules(families)
    lines += (f".{use.css_class}{{{use.attribute}:{_value(use.paint)}}}" for use in sorted(used))
    lines += _derivations(used)
    return "".join(lines)


def _value(paint: str) -> str:
    """Write where a colour comes from: the page, the page's front, this picture, or the light."""
    if paint not in THEME_PAINTS:
        return f"var(--kd-{paint})"
    family, _, part = paint.rpartition("-")
    static = THEME_PAINTS[paint].light
    if family not in FAMILIES or part == "fill":
        return f"var(--kd-{paint},var(--kd0-{paint},{static}))"
    if part in PAGE_WORDS:
        own = f"var(--kd-{part},var(--kd0-{part},{static}))"
        return f"var(--kd-{paint},var(--kd1-ink,{own}))"
    return f"var(--kd-{paint},var(--kd1-{part},var(--kd0-{paint},{static})))"


def _derivations(used: set[Use]) -> Iterator[str]:
    """Have what goes with a front follow it, if the page sets its colour.

    Without that, `--kd0-front` and all that is made of it are invalid, and thus not used.
    """
    families: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}
    for use in sorted(used):
        family, _, part = use.paint.rpartition("-")
        if family in FAMILIES and part != "fill":
            families.setdefault(family, []).append(f".{use.css_class}")
            parts.setdefault("ink" if part in PAGE_WORDS else part, []).append(f".{use.css_class}")
    if not families:
        return
    yield f"{_DERIVES}{{"
    for family, classes in families.items():
        yield f"{','.join(classes)}{{--kd0-front:var(--kd-{family}-fill)}}"
    for part, classes in parts.items():
        yield f"{','.join(classes)}{{--kd1-{part}:{_DERIVED[part]}}}"
    yield "}"


def _font_rules(families: Mapping[str, str]) -> Iterator[str]:
    """Set a picture, or single words, in families.

    By classes of their own: the rules of a picture hold for all pictures in the page.
    """
    placed = {(" text" if name else "", family) for name, family in families.items() if family}
    for where, family in sorted(placed):
        first = family if family.lower() in GENERIC_FAMILIES else f'"{family}"'
        yield f".kd{where}.{font_class(family)}{{font-family:{first},{FONTS}}}"


def font_class(family: str) -> str:
    """Name the class of what is set in a family; signs other than spaces by their numbers."""
    slug = re.sub(r"[^\w ]|_", lambda sign: f"_{ord(sign[0]):x}_", family.lower())
    return "kd-font-" + slug.replace(" ", "-")


def _own_paints(scene: Scene, used: set[Use]) -> dict[str, Paint]:
    """Return the paints that are not those of the theme: what options ask for."""
    paints = {name: scene.paints[name] for name in sorted({use.paint for use in used})}
    return {name: paint for name, paint in paints.items() if THEME_PAINTS.get(name) != paint}


def _own_class(paints: Mapping[str, Paint], theme: str) -> str:
    """Name a set of paints by all that its rules say, so that equal sets alone share them."""
    content = theme + "".join(f"{name}{paint.light}{paint.dark}" for name, paint in paints.items())
    return f"kd-own-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _own_schemes(scene: Scene, paints: Mapping[str, Paint]) -> Iterator[str]:
    """Set paints for this picture alone, as public properties: stylesheets do not change them."""
    own = f".{_own_class(paints, scene.theme)}" * 4  # to weigh more than the rules of all pictures
    scheme = "dark" if scene.theme == "dark" else "light"
    values = {name: getattr(paint, scheme) for name, paint in paints.items()}
    yield f"{own}{{{_properties('kd', values)}}}"
    both = {name: _both(paint) for name, paint in paints.items() if paint.light != paint.dark}
    if scene.theme == "auto" and both:
        yield f"{_KNOWS_SCHEMES}{{{own}{{{_properties('kd', both)}}}}}"


def _schemes(scene: Scene, paints: Mapping[str, Paint]) -> Iterator[str]:
    """Set the paints of the theme; the light ones are said where they are used."""
    paints = {_origin(name): paint for name, paint in paints.items()}
    if scene.theme != "auto":
        # Repeated, to weigh more than the rules of other pictures in the page.
        own = f".kd-theme-{scene.theme}" * 3
        values = {name: getattr(paint, scene.theme) for name, paint in paints.items()}
        yield f"{own}{{color-scheme:{scene.theme};{_properties('kd0', values)}}}"
        return
    both = {name: _both(paint) for name, paint in paints.items()}
    if "background" in both:
        both["background"] = f"var(--kd0-page,{both['background']})"
    colours = _properties("kd0", both)
    yield f"{_KNOWS_SCHEMES}{{.kd{{color-scheme:light;{colours}}}{_SCHEMES}}}"


def _origin(name: str) -> str:
    """Name the paint whose value is meant: words on fronts have the inks of the page."""
    word = name.rpartition("-")[2]
    return word if word in PAGE_WORDS else name


def _both(paint: Paint) -> str:
    return f"light-dark({paint.light},{paint.dark})"


def _properties(prefix: str, values: Mapping[str, str]) -> str:
    """Write values as custom properties."""
    return ";".join(f"--{prefix}-{name}:{value}" for name, value in values.items())
