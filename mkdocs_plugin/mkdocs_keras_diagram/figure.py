"""The HTML of a picture and of an error, complete without any stylesheet or script."""

from __future__ import annotations

import re
from html import escape

from keras_diagram_core import Artifact, DiagramError
from mkdocs_keras_diagram.markup import Figure

_MARGINS = {"left": "1.5em auto 1.5em 0", "center": "1.5em auto", "right": "1.5em 0 1.5em auto"}

_WRAPPER = '<div class="keras-diagram-picture" data-search-exclude="true">'

_ROOT = re.compile(r"<svg\b[^>]*>")
_TITLE = re.compile(r"(<title\b[^>]*>).*?(</title>)", re.DOTALL)
_DESC = re.compile(r"<desc\b[^>]*>.*?</desc>", re.DOTALL)
_SHOWN = re.compile(rf"(?<={_WRAPPER})<svg\b.*?</svg>", re.DOTALL)
_HIDDEN = re.compile(r"<!--keras-diagram:(\d+)-->")


def figure_html(artifact: Artifact, figure: Figure, copy: int = 1) -> str:
    """Put an SVG picture into a figure, and its code above it.

    Search plugins read all text of a page; the mark on the picture's wrapper keeps the labels
    out of Material's index.

    Args:
        artifact: the picture.
        figure: how the page shows it.
        copy: which one it is of the copies of this picture in the page.
    """
    svg = _inline_svg(artifact, copy)
    if figure.alt:
        svg = _relabel(svg, figure.alt)
    if figure.width:
        # The picture fills its figure, whose width the page decides.
        svg = _add_to_root(svg, 'style="width:100%;height:auto"')
    caption = f"\n<figcaption>{escape(figure.caption)}</figcaption>" if figure.caption else ""
    picture = f"<figure{_attributes(figure)}>\n{_WRAPPER}{svg}</div>{caption}\n</figure>"
    return source_html(figure) + picture


def source_html(figure: Figure) -> str:
    """Set the code above a picture, if it is to be shown, as extensions for fenced code do."""
    if not figure.source:
        return ""
    return f'<pre><code class="language-python">{escape(figure.source)}\n</code></pre>\n'


def error_html(error: DiagramError) -> str:
    """Say in the page what is wrong, in a box that Material and other themes know."""
    hint = f"<p>{escape(error.hint)}</p>\n" if error.hint else ""
    return (
        '<div class="keras-diagram-error admonition failure" data-search-exclude="true">\n'
        '<p class="admonition-title">This diagram could not be drawn</p>\n'
        f"<p>{escape(error.message)}</p>\n{hint}</div>"
    )


def hide_pictures(html: str) -> tuple[str, list[str]]:
    """Take the pictures out of a page and leave comments, for readers of its text."""
    pictures: list[str] = []

    def hide(match: re.Match[str]) -> str:
        pictures.append(match[0])
        return f"<!--keras-diagram:{len(pictures) - 1}-->"

    return _SHOWN.sub(hide, html), pictures


def show_pictures(html: str, pictures: list[str]) -> str:
    """Put the pictures back that `hide_pictures` took."""
    by_number = {str(number): picture for number, picture in enumerate(pictures)}
    return _HIDDEN.sub(lambda match: by_number.get(match[1], match[0]), html)


def _attributes(figure: Figure) -> str:
    style = f"margin:{_MARGINS[figure.align]};text-align:{figure.align}"
    if figure.width:
        style += f";width:{figure.width};max-width:100%"
    attributes = {
        "class": f"keras-diagram {figure.classes}".strip(),
        "id": figure.name,
        "style": style,
    }
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)


def _inline_svg(artifact: Artifact, copy: int) -> str:
    """Leave out what only a file of its own may have in front of its root."""
    text = artifact.inline(copy)
    root = _ROOT.search(text)
    return text[root.start() :].strip() if root else ""


def _relabel(svg: str, alt: str) -> str:
    """Say the page's own words instead of the core's, aloud and as a tooltip."""
    label = escape(alt)
    svg = _add_to_root(svg, f'aria-label="{label}"')
    svg = _TITLE.sub(lambda match: f"{match[1]}{label}{match[2]}", svg, count=1)
    return _DESC.sub("", svg, count=1)


def _add_to_root(svg: str, attribute: str) -> str:
    return _ROOT.sub(lambda match: f"{match[0][:-1]} {attribute}>", svg, count=1)
