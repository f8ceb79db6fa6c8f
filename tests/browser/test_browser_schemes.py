"""Pictures are dark where the page is, by the marks of its theme; on paper they are light.

The marks are those of Furo 2025.12, PyData 0.20 (Book 1.4), Material 9.8 (Immaterial 0.13), MkDocs
1.6 (Bootstrap 5.3), Shibuya 2026.7, JupyterLab 4 and VS Code's web views. Sphinx' own themes, Read
the Docs' and MkDocs' `readthedocs` have none.
"""

import io
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image
from surfaces import draw, front, illegible, show

pytestmark = pytest.mark.browser

LIGHT, DARK = "rgb(205, 235, 217)", "rgb(23, 64, 44)"
CLEAR = "rgba(0, 0, 0, 0)"


class Marks(NamedTuple):
    """How a page says which scheme it has, and what that is: light, dark, or as the system."""

    html: str = ""
    body: str = ""
    scheme: str = "normal"
    shown: str = "light"


PAGES = {
    "no theme": Marks(),
    "furo light": Marks(body="data-theme=light"),
    "furo dark": Marks(body="data-theme=dark", shown="dark"),
    "furo auto": Marks(body="data-theme=auto", shown="system"),
    "pydata light": Marks("data-theme=light data-mode=auto", scheme="light"),
    "pydata dark": Marks("data-theme=dark data-mode=auto", scheme="dark", shown="dark"),
    "pydata without scripts": Marks("data-theme=auto"),
    "material": Marks(body="data-md-color-scheme=default", scheme="light"),
    "material slate": Marks(body="data-md-color-scheme=slate", scheme="dark", shown="dark"),
    "mkdocs light": Marks("data-bs-theme=light"),
    "mkdocs dark": Marks("data-bs-theme=dark", scheme="dark", shown="dark"),
    "mkdocs without scripts": Marks("data-bs-theme=auto"),
    "shibuya light": Marks("class=light data-color-mode=auto", scheme="light"),
    "shibuya dark": Marks("class='a dark' data-color-mode=auto", scheme="dark", shown="dark"),
    "jupyterlab light": Marks(body="data-jp-theme-light=true"),
    "jupyterlab dark": Marks(body="data-jp-theme-light=false", shown="dark"),
    "vscode light": Marks(body="data-vscode-theme-kind=vscode-light"),
    "vscode dark": Marks(body="data-vscode-theme-kind=vscode-dark", shown="dark"),
    "vscode contrast": Marks(body="data-vscode-theme-kind=vscode-high-contrast", shown="dark"),
    "vscode light contrast": Marks(body="data-vscode-theme-kind=vscode-high-contrast-light"),
    "scheme light": Marks(scheme="light"),
    "scheme dark": Marks(scheme="dark", shown="dark"),
    "scheme of the system": Marks(scheme="light dark", shown="system"),
}


def show_marked(page, content: str, marks: Marks, system: str, media: str = "screen") -> bool:
    """Show a page, and say whether it is dark."""
    page.emulate_media(color_scheme=system, media=media)
    dark = (system if marks.shown == "system" else marks.shown) == "dark" and media == "screen"
    style = f"html {{color-scheme: {marks.scheme}}} body {{background: {'#131416' * dark}}}"
    show(page, content, marks.html, marks.body, style)
    return dark


@pytest.mark.parametrize("name", PAGES)
def test_a_picture_is_dark_where_its_page_is(page, name):
    for system in ("light", "dark"):
        dark = show_marked(page, draw(), PAGES[name], system)
        assert front(page) == [DARK if dark else LIGHT]
        assert illegible(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_paper_is_light_whatever_the_page_says(page, name):
    for system in ("light", "dark"):
        show_marked(page, draw(), PAGES[name], system, media="print")
        assert front(page) == [LIGHT]
        assert illegible(page) == []


def test_the_page_shows_through_where_its_theme_is_known(page):
    background = "getComputedStyle(document.querySelector('svg > rect')).fill"
    for name, marks in PAGES.items():
        show_marked(page, draw(), marks, "light")
        known = not re.search("no theme|without scripts|scheme", name)
        assert (page.evaluate(background) == CLEAR) == known


def test_the_nearest_mark_counts(page):
    inner = f"<div data-theme=light>{draw()}</div><div data-md-color-scheme=slate>{draw()}</div>"
    show(page, inner, "data-bs-theme=dark")
    assert front(page) == [LIGHT, DARK]


def test_a_browser_without_light_dark_shows_a_light_picture(page):
    """On a ground of its own, which dark pages need."""
    old = re.sub(r"@supports\(color:", "@supports(unknown:", draw())
    show(
        page,
        old,
        "data-theme=dark",
        style="html {background: #131416} .kd {--kd-dense-fill: gold}",
    )
    assert front(page, "embedding") == ["rgb(251, 234, 184)"]
    assert front(page) == ["rgb(255, 215, 0)"]
    assert illegible(page) == []


def test_a_fixed_theme_is_not_changed_by_the_page_or_other_pictures(page):
    pictures = "".join(draw(theme=theme) for theme in ("light", "auto", "dark", "auto"))
    for marks, auto in (("data-theme=dark", DARK), ("data-theme=light", LIGHT), ("", LIGHT)):
        show(page, pictures, marks, style="html {background: #777}")
        assert front(page) == [LIGHT, auto, DARK, auto]
        assert [found for found in illegible(page) if found.surface != "#777777"] == []


@pytest.mark.parametrize("scheme", ["normal", "light", "dark", "light dark"])
def test_an_image_is_light_in_any_page(page, tmp_path, scheme):
    """An SVG in `<img>` cannot know its page: browsers tell it of the system instead."""
    (tmp_path / "picture.svg").write_text(draw(), encoding="utf-8")
    (tmp_path / "page.html").write_text(
        f"<!doctype html><html style='color-scheme:{scheme}'><img src=picture.svg>", "utf-8"
    )
    for system in ("light", "dark"):
        assert corner(page, tmp_path / "page.html", system) == (255, 255, 255)


@pytest.mark.parametrize(("theme", "ground"), [("auto", (255,) * 3), ("dark", (20, 24, 29))])
def test_a_file_by_itself_is_light_unless_its_theme_is_dark(page, tmp_path, theme, ground):
    (tmp_path / "picture.svg").write_text(draw(theme=theme), encoding="utf-8")
    for system in ("light", "dark"):
        assert corner(page, tmp_path / "picture.svg", system) == ground


def corner(page, file: Path, system: str) -> tuple[int, ...]:
    """Open a file, and return the colour near the corner of the picture in it."""
    page.emulate_media(color_scheme=system)
    page.goto(file.as_uri())
    shot = Image.open(
        io.BytesIO(page.screenshot(clip={"x": 12, "y": 12, "width": 1, "height": 1}))
    )
    return shot.convert("RGB").getpixel((0, 0))
