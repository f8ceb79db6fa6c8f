"""The configuration values."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx_site import FakeCore, Site

PAGE = "T\n=\n\n.. keras-diagram:: m:f\n"


def test_settings_of_the_core(site: Site, core: FakeCore) -> None:
    """The core is told where the code is found, as autodoc would find it."""
    site.configure('import sys\nsys.path.insert(0, "code")\nkeras_diagram_timeout = 7.5\n')
    site.write(index_rst=PAGE).build(strict=True)
    assert core.settings
    assert core.settings.timeout == 7.5
    assert core.settings.cache == site.folder / ".cache" / "keras_diagram"
    assert core.settings.project.base == str(site.folder)
    assert core.settings.project.search_path == (
        str(Path.cwd() / "code"),
        *map(os.path.abspath, sys.path),
    )


@pytest.mark.parametrize(
    ("value", "folder"), [("'kept/here'", "kept/here"), ("''", None), ("None", None)]
)
def test_cache_folder(site: Site, core: FakeCore, value: str, folder: str | None) -> None:
    """Relative to conf.py; nothing is kept where it is empty."""
    site.configure(f"keras_diagram_cache = {value}")
    result = site.write(index_rst=PAGE).build(strict=True)
    assert not result.warnings
    assert core.settings
    assert core.settings.cache == (site.folder / folder if folder else None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("keras_diagram_timeout = 0", "keras_diagram_timeout: a positive number of seconds"),
        (
            "keras_diagram_default_options = {'widht': 600}",
            "keras_diagram_default_options: There is no option 'widht'. Did you mean 'width'?",
        ),
        (
            "keras_diagram_default_options = {'width': 'x'}",
            "keras_diagram_default_options: The option 'width' cannot be 'x'.",
        ),
        (
            "keras_diagram_default_options = {'legend': 'perhaps'}",
            "keras_diagram_default_options: The option 'legend' cannot be 'perhaps'.",
        ),
        (
            "keras_diagram_default_options = {'view': 'none'}",
            "keras_diagram_default_options: There is no view 'none'.",
        ),
        (
            "keras_diagram_default_options = {'name': 'x'}",
            "keras_diagram_default_options: The option 'name' cannot be set for all diagrams.",
        ),
        (
            "keras_diagram_default_options = {7: 'x'}",
            "keras_diagram_default_options: There is no option '7'.",
        ),
        ("keras_diagram_depends = ['env:']", "keras_diagram_depends: `depends` names 'env:'"),
        ("keras_diagram_timeout = 'long'", "The config value `keras_diagram_timeout' has type"),
        ("keras_diagram_cache = 5", "The config value `keras_diagram_cache' has type"),
        ("keras_diagram_default_options = []", "The config value `keras_diagram_default_options"),
    ],
)
def test_bad_values_are_ignored(site: Site, core: FakeCore, line: str, message: str) -> None:
    """One warning, and the default instead."""
    result = site.configure(line).write(index_rst=PAGE).build()
    (warning,) = result.warning_lines
    assert message in warning
    if message.startswith("keras_diagram_"):
        assert warning.endswith("[keras_diagram.config]")
    assert core.settings
    assert core.settings.timeout == 120
    assert core.batches[0][0].options.width == 720


def test_default_options(site: Site, core: FakeCore) -> None:
    """They apply where a directive does not say otherwise, and to all kinds of options."""
    site.configure(
        "keras_diagram_default_options = {'width': '50%', 'legend': False, 'depth': 1,"
        " 'align': 'center', 'wrong': 1}"
    )
    page = f"{PAGE}\n.. keras-diagram:: m:f\n   :width: 300\n   :legend:\n   :depth: 0\n"
    result = site.write(index_rst=page).build()
    first, second = core.batches[0]
    assert (first.options.width, first.options.legend, first.model.depth) == (720, False, 1)
    assert (second.options.width, second.options.legend, second.model.depth) == (300, True, 0)
    assert result.page().count("width:50%") == 1
    assert result.page().count("align-center") == 2


def test_themes_and_defaults_of_a_view(site: Site, core: FakeCore) -> None:
    """A directive asks for a named set of options."""
    site.configure(
        "keras_diagram_default_options = {'layered': {'draw-volume': False}, 'width': 600}\n"
        "keras_diagram_themes = {'house': {'padding': 20, 'theme': 'dark'}, 'auto': {}}"
    )
    page = f"{PAGE}\n.. keras-diagram:: m:f\n   :view: layered\n   :theme: house\n"
    result = site.write(index_rst=page).build()
    (warning,) = result.warning_lines
    assert "keras_diagram_themes: The theme 'auto' is there already." in warning
    first, second = (batch.options for batch in core.batches[0])
    assert (first.width, first.theme) == (600, "auto")
    assert (second.draw_volume, second.padding, second.theme) == (False, 20, "dark")


def test_only_what_pages_record_makes_them_read_again(site: Site, core: FakeCore) -> None:
    """Default options do; the cache's folder and the time-out do not."""
    site.write(index_rst=PAGE).build()
    site.configure("keras_diagram_timeout = 5\nkeras_diagram_cache = None\n")
    assert "0 added, 0 changed, 0 removed" in site.build().output
    site.configure("keras_diagram_default_options = {'width': 300}")
    result = site.build()
    assert "1 added" in result.output
    assert result.written == {"index"}
    assert core.batches[-1][0].options.width == 300


def test_what_all_models_are_made_from(site: Site, core: FakeCore) -> None:
    """In conf.py relative to that, in a page relative to it or to the folder of the sources."""
    site.configure("keras_diagram_depends = ['data/*.csv', 'env:SIZE']")
    page = f"{PAGE}   :depends: ../a.txt, /b.txt, env:OWN\n\n.. keras-diagram:: m:g\n"
    (site.folder / "sub").mkdir()
    site.write(index_rst=PAGE, **{"sub/page_rst": f":orphan:\n\n{page}"}).build(strict=True)
    depends = {request.model.depends for request in core.batches[0]}
    assert depends == {
        ("data/*.csv", "env:SIZE"),
        ("a.txt", "b.txt", "data/*.csv", "env:OWN", "env:SIZE"),
    }


def test_values_are_described(site: Site) -> None:
    """Sphinx can list what each value means."""
    app = site.write(index_rst="T\n=\n").build().app
    ours = [value for value in app.config if value.name.startswith("keras_diagram_")]
    assert {value.name: value.rebuild for value in ours} == {
        "keras_diagram_cache": "",
        "keras_diagram_timeout": "",
        "keras_diagram_backend": "",
        "keras_diagram_depends": "env",
        "keras_diagram_default_options": "env",
        "keras_diagram_themes": "env",
    }
    described = {name: app.config._options[name].description for name in ("keras_diagram_cache",)}
    assert described["keras_diagram_cache"].startswith("Folder of the cache")


def test_importing_the_extension_imports_no_drawing_library() -> None:
    """A fresh interpreter has neither Keras nor Pillow after it."""
    code = "import sphinx_keras_diagram, sys; print({'keras', 'PIL', 'aggdraw'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
