"""Real themes: a picture is dark exactly where the theme makes the page dark."""

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from sphinx.cmd.build import main as sphinx
from surfaces import draw, illegible, is_dark, page_colour, seen

pytestmark = pytest.mark.browser

CONF = "extensions = []\nhtml_theme = '{}'\n"
PAGE = "Models\n======\n\nWords of the page.\n\n.. raw:: html\n\n   {}\n"
MKDOCS = "site_name: Site\nuse_directory_urls: false\nplugins: []\ntheme: {}\n"

# What the reader's switch does, by theme; and whether the page is dark then. None is the first
# visit, in which some themes do as the system does.
FURO = "document.body.dataset.theme = '{}'"
MATERIAL = "document.body.dataset.mdColorScheme = '{}'"
BOOTSTRAP = "document.documentElement.dataset.bsTheme = '{}'"
SPHINX = {
    "alabaster": {None: False},
    "classic": {None: False},
    "furo": {None: "system", FURO.format("light"): False, FURO.format("dark"): True},
}
MKDOCS_THEMES = {
    "{name: readthedocs}": {None: False},
    "{name: mkdocs}": {None: False},
    "{name: mkdocs, color_mode: dark}": {None: True, BOOTSTRAP.format("light"): False},
    "{name: mkdocs, color_mode: auto}": {None: "system", BOOTSTRAP.format("dark"): True},
    "{name: material, font: false}": {None: False},
    "{name: material, font: false, palette: {scheme: default}}": {
        None: False,
        MATERIAL.format("slate"): True,
    },
    "{name: material, font: false, palette: {scheme: slate}}": {
        None: True,
        MATERIAL.format("default"): False,
    },
}


def hold(page, file, switches):
    """Look at a page with both systems, each switch, on screen and on paper."""
    page.set_viewport_size({"width": 1100, "height": 1600})
    page.route("http*://**", lambda route: route.abort())
    for system in ("light", "dark"):
        page.emulate_media(color_scheme=system, media="screen", reduced_motion="reduce")
        page.goto(file.as_uri())
        page.add_style_tag(content="* {transition: none !important}")
        for switch, dark in switches.items():
            page.evaluate(switch or "null")
            expected = system == "dark" if dark == "system" else dark
            assert is_dark(page_colour(page)) == expected, (system, switch)
            assert any(is_dark(one.surface) for one in seen(page)) == expected, (system, switch)
            assert illegible(page) == [], (system, switch)
            page.emulate_media(color_scheme=system, media="print")
            assert not any(is_dark(one.surface) for one in seen(page)), (system, switch)
            assert illegible(page) == [], (system, switch)
            page.emulate_media(color_scheme=system, media="screen")


@pytest.mark.parametrize("theme", SPHINX)
def test_themes_of_sphinx(page, tmp_path, theme):
    (tmp_path / "conf.py").write_text(CONF.format(theme), encoding="utf-8")
    picture = " ".join(draw().splitlines())
    (tmp_path / "index.rst").write_text(PAGE.format(picture), encoding="utf-8")
    assert sphinx(["-q", "-b", "html", str(tmp_path), str(tmp_path / "out")]) == 0
    hold(page, tmp_path / "out" / "index.html", SPHINX[theme])


@pytest.mark.parametrize("theme", MKDOCS_THEMES)
def test_themes_of_mkdocs(page, tmp_path, theme):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Models\n\n<div>{draw()}</div>\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(MKDOCS.format(theme), encoding="utf-8")
    build(load_config(str(tmp_path / "mkdocs.yml")))
    hold(page, tmp_path / "site" / "index.html", MKDOCS_THEMES[theme])
