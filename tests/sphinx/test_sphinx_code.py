"""Code in the page, and the options that decide what is extracted."""

from __future__ import annotations

import re
from textwrap import indent

import pytest
from sphinx_site import FakeCore, Site

from keras_diagram_core import BuilderError, parse_request

CODE = """\
import keras

# a comment, "quotes" & <brackets>

model: keras.Model = keras.Sequential([
    keras.layers.Dense(3),
])"""

WAYS = {
    "rst": {
        "index_rst": "T\n=\n\n.. keras-diagram::\n   :show-source:\n   :caption: C\n\n"
        + indent(CODE, "   ")
    },
    "braces": {
        "index_md": f"# T\n\n```{{keras-diagram}}\n:show-source:\n:caption: C\n\n{CODE}\n```\n"
    },
    "fence": {
        "index_md": "# T\n\n```keras-diagram\nshow-source: true\ncaption: C\ncode: |\n"
        f"{indent(CODE, '  ')}\n```\n"
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_code_is_drawn_and_shown(site: Site, core: FakeCore, way: str) -> None:
    """The code is the request; with `show-source`, it stands above the figure, highlighted."""
    result = site.write(**WAYS[way]).build(strict=True)
    assert core.batches == [[parse_request("", {"code": CODE})]]
    page = result.page()
    assert page.index('<div class="highlight-python') < page.index("<figure") < page.index("<svg")
    assert '<span class="kn">import</span>' in page
    assert "&lt;brackets&gt;" in page


@pytest.mark.parametrize("builder", ["latex", "text", "epub", "gettext"])
def test_shown_code_suits_every_builder(site: Site, core: FakeCore, builder: str) -> None:
    """Code and figure are two things, one after the other."""
    del core
    assert "index.rst" not in site.write(**WAYS["rst"]).build(builder).warnings


@pytest.mark.parametrize(
    "code",
    ["model = build(lambda x: x)", "model: Model = f()", "# nothing", "x = {1: [", "a: b"],
)
def test_what_is_no_setting_is_code(site: Site, core: FakeCore, code: str) -> None:
    """Python is not mistaken for the Markdown hosts' way of writing, and not shown unasked."""
    result = site.write(index_rst=f"T\n=\n\n.. keras-diagram::\n\n   {code}\n").build(strict=True)
    assert core.batches == [[parse_request("", {"code": code})]]
    assert 'class="highlight-python' not in result.page()


def test_files_are_targets_in_short_fences(site: Site, core: FakeCore) -> None:
    """A saved model needs no colon."""
    site.write(index_md="# T\n\n```keras-diagram\nmodels/net.keras\n```\n").build(strict=True)
    assert core.batches == [[parse_request("models/net.keras")]]


def test_failures_name_the_code(site: Site, core: FakeCore) -> None:
    """There is no target to name."""
    core.errors[""] = BuilderError("The code in the page failed.")
    result = site.write(**WAYS["rst"]).build()
    assert f"{site.folder / 'index.rst'}:4: WARNING: The code in the page fail" in result.warnings
    assert "The diagram of the code in the page could not be drawn" in result.page()
    assert '<div class="highlight-python' in result.page()


def test_show_source_for_all_diagrams(site: Site, core: FakeCore) -> None:
    """As a default it concerns those with code, and can be switched off."""
    del core
    site.configure('keras_diagram_default_options = {"show-source": True}')
    site.write(
        index_rst="T\n=\n\n.. keras-diagram:: m:f\n\n.. keras-diagram::\n\n   model = 1\n\n"
        ".. keras-diagram::\n   :show-source: no\n\n   model = 2\n"
    )
    page = site.build(strict=True).page()
    assert page.count('class="highlight-python') == 1


MODEL_OPTIONS = {
    "rst": {
        "index_rst": "T\n=\n\n.. keras-diagram:: m:f\n   :input-shape: {a: [4, null], b: [2]}\n"
        "   :depth: all\n   :expand: block, Attention\n\n"
        ".. keras-diagram:: m:f\n   :inputs: {x: {shape: [4], dtype: int32}}\n"
    },
    "braces": {
        "index_md": "# T\n\n```{keras-diagram} m:f\n:input-shape: '{a: [4, null], b: [2]}'\n"
        ":depth: all\n:expand: block, Attention\n```\n\n"
        "```{keras-diagram} m:f\n:inputs: '{x: {shape: [4], dtype: int32}}'\n```\n"
    },
    "fence": {
        "index_md": "# T\n\n```keras-diagram\ntarget: m:f\ninput-shape: {a: [4, null], b: [2]}\n"
        "depth: all\nexpand: [block, Attention]\n```\n\n"
        "```keras-diagram\ntarget: m:f\ninputs: {x: {shape: [4], dtype: int32}}\n```\n"
    },
}


@pytest.mark.parametrize("way", MODEL_OPTIONS)
def test_what_is_extracted(site: Site, core: FakeCore, way: str) -> None:
    """Inputs, depth and what to expand are the same in all ways of writing."""
    site.write(**MODEL_OPTIONS[way]).build(strict=True)
    first = {"input-shape": {"a": [4, None], "b": [2]}, "expand": ["block", "Attention"]}
    second = {"inputs": {"x": {"shape": [4], "dtype": "int32"}}}
    assert core.batches == [
        [parse_request("m:f", {**first, "depth": "all"}), parse_request("m:f", second)]
    ]


def test_one_input_shape_in_braces(site: Site, core: FakeCore) -> None:
    """A list needs no quotes."""
    site.write(index_md="# T\n\n```{keras-diagram} m:f\n:input-shape: [32, 32, 3]\n```\n")
    site.build(strict=True)
    assert core.batches == [[parse_request("m:f", {"input-shape": [32, 32, 3]})]]


def test_depth_and_expand_for_all_diagrams(site: Site, core: FakeCore) -> None:
    """What one diagram alone can say is refused in conf.py."""
    site.configure(
        'keras_diagram_default_options = {"depth": 0, "expand": "a", "input-shape": [3]}\n'
    )
    warnings = site.write(index_rst="T\n=\n\n.. keras-diagram:: m:f\n").build().warnings
    assert re.findall("'(.*)' cannot be set for all diagrams", warnings) == ["input-shape"]
    assert core.batches == [[parse_request("m:f", {"depth": 0, "expand": ["a"]})]]


def test_notes_are_warnings_of_every_use_and_build(site: Site, core: FakeCore) -> None:
    """What a picture cannot show is said where it stands, from the cache as well."""
    core.notes["m:f"] = ("A part is 100 % missing.",)
    site.write(index_rst="T\n=\n\n.. keras-diagram:: m:f\n\n.. keras-diagram:: m:f\n")
    for result in (site.build(), site.build()):
        text = "WARNING: m:f: A part is 100 % missing. [keras_diagram.partial]"
        assert result.warning_lines == [
            f"{site.folder / 'index.rst'}:{line}: {text}" for line in (4, 6)
        ]
    site.configure('suppress_warnings = ["keras_diagram.partial"]')
    assert not site.build(strict=True).warnings


def test_the_backend_is_handed_on(site: Site, core: FakeCore) -> None:
    """A change of it reads no page again: the core knows that it matters."""
    site.write(index_rst="T\n=\n\n.. keras-diagram:: m:f\n").build(strict=True)
    assert core.settings
    assert core.settings.project.backend == ""
    site.configure('keras_diagram_backend = "jax"')
    result = site.build(strict=True)
    assert core.settings.project.backend == "jax"
    assert "0 added, 0 changed, 0 removed" in result.output


@pytest.mark.keras
def test_code_is_run_by_the_real_core(site: Site) -> None:
    """The picture is that of the code; what fails is told where the directive stands."""
    site.write(
        index_rst="""\
        T
        =

        .. keras-diagram::

           import keras

           model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(37)])

        .. keras-diagram::

           import keras

           model = keras.layers.Dense(no_such_name)
        """
    )
    result = site.build()
    assert ">37</text>" in result.page()
    (warning,) = result.warning_lines
    assert warning.startswith(f"{site.folder / 'index.rst'}:10: WARNING: ")
    assert "no_such_name" in warning
    assert "[keras_diagram.builder]" in result.warnings
