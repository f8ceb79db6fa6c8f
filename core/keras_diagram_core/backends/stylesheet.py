"""The rules within an SVG picture: its colours as custom properties, for light and dark pages.

All pictures of a page share one cascade. What is the same for all stands under `.kd`; a theme, a
font or colours that one picture alone has stand under classes of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from keras_diagram_core.scene import Paint, Scene
from keras_diagram_core.theme import THEME_PAINTS

FONTS = "Inter,Segoe UI,Roboto,Helvetica Neue,Arial,DejaVu Sans,Liberation Sans,sans-serif"
GENERIC_FAMILIES = frozenset({"serif", "sans-serif", "monospace", "cursive", "system-ui"})

# Where a page says itself that it is dark or light: Furo, PyData, Material for MkDocs.
_PAGE_IS_LIGHT = "[data-theme=light] .kd,[data-md-color-scheme=default] .kd"
_PAGE_IS_DARK = "[data-theme=dark] .kd,[data-md-color-scheme=slate] .kd"


def own_classes(scene: Scene, used: set[str], family: str) -> Iterator[str]:
    """Give the classes of a picture whose theme, font or colours are not those of all."""
    if scene.theme != "auto":
        yield f"kd-theme-{scene.theme}"
    if family:
        yield font_class(family)
    if own := _own_paints(scene, used):
        yield _own_class(own, scene.theme)


def rules(scene: Scene, used: set[str], families: Mapping[str, str]) -> str:
    """Set the paints that are used for light and dark, and apply them by class.

    The picture's own values are private (`--kd0-`), and only used where the page does not set
    the public property, so that a page's stylesheet wins without any trick.
    """
    paints = {name: scene.paints[name] for name in sorted(used)}
    own = _own_paints(scene, used)
    shared = {name: paint for name, paint in paints.items() if name not in own}
    lines = [f".kd{{font-family:{FONTS};max-width:100%;height:auto}}", *_schemes(scene, shared)]
    if own:
        lines += _own_schemes(scene, own)
    lines += _font_rules(families)
    for name in paints:
        value = f"var(--kd-{name},var(--kd0-{name}))"
        lines.append(f".kd-f-{name}{{fill:{value}}}.kd-s-{name}{{stroke:{value}}}")
    return "".join(lines)


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


def _own_paints(scene: Scene, used: set[str]) -> dict[str, Paint]:
    """Give the paints that are not those of the theme: what options ask for."""
    paints = {name: scene.paints[name] for name in sorted(used)}
    return {name: paint for name, paint in paints.items() if THEME_PAINTS.get(name) != paint}


def _own_class(paints: Mapping[str, Paint], theme: str) -> str:
    """Name a set of paints by all that its rules say, so that equal sets alone share them."""
    content = theme + "".join(f"{name}{paint.light}{paint.dark}" for name, paint in paints.items())
    return f"kd-own-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _own_schemes(scene: Scene, paints: Mapping[str, Paint]) -> Iterator[str]:
    """Set paints for this picture alone, as public properties: stylesheets do not change them."""
    light, dark = _properties(paints, "kd")
    own = f".{_own_class(paints, scene.theme)}" * 4  # to weigh more than the rules of all pictures
    if scene.theme != "auto" or light == dark:
        yield f"{own}{{{dark if scene.theme == 'dark' else light}}}"
        return
    yield f"{own}{{{light}}}"
    yield f"@media screen and (prefers-color-scheme:dark){{{own}{{{dark}}}}}"
    yield f"{_PAGE_IS_LIGHT.replace('.kd', own)}{{{light}}}"
    yield f"{_PAGE_IS_DARK.replace('.kd', own)}{{{dark}}}"


def _properties(paints: Mapping[str, Paint], prefix: str) -> tuple[str, str]:
    """Write the custom properties of paints, for light pages and for dark ones."""
    light = "".join(f"--{prefix}-{name}:{paint.light};" for name, paint in paints.items())
    dark = "".join(f"--{prefix}-{name}:{paint.dark};" for name, paint in paints.items())
    return light, dark


def _schemes(scene: Scene, paints: Mapping[str, Paint]) -> Iterator[str]:
    light, dark = _properties(paints, "kd0")
    if scene.theme != "auto":
        # Repeated, to weigh more than the rules of other pictures in the page.
        own = f".kd-theme-{scene.theme}" * 3
        yield f"{own}{{{light if scene.theme == 'light' else dark}}}"
        return
    through = "--kd0-background:transparent;"
    yield f".kd{{{light}}}"
    yield f"@media screen and (prefers-color-scheme:dark){{.kd{{{dark}}}}}"
    # Furo's third state: the page follows the system, as the picture does.
    yield f"[data-theme=auto] .kd{{{through}}}"
    yield f"{_PAGE_IS_LIGHT}{{{light}{through}}}"
    yield f"{_PAGE_IS_DARK}{{{dark}{through}}}"
