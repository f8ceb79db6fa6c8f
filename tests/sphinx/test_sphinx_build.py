"""Builds after builds: what is read, drawn and written again, and what is not."""

from __future__ import annotations

import re

import pytest
from sphinx_site import FakeCore, Site

from keras_diagram_core import BuilderError, EnvironmentProblem, TargetError

INDEXES = {"genindex", "search"}  # Sphinx writes these in any case
ROOT = {"index"}  # Sphinx 8 writes it with any other page
NOTHING_READ = "0 added, 0 changed, 0 removed"


def two_pages(site: Site) -> Site:
    """A diagram on each of two pages, and a page without; Sphinx rewrites pages with toctrees."""
    return site.write(
        index_rst="T\n=\n",
        one_rst=":orphan:\n\n.. keras-diagram:: m:one\n",
        two_rst=":orphan:\n\n.. keras-diagram:: m:two\n   :width: 500\n",
        none_rst=":orphan:\n\nNone\n",
    )


def test_an_idle_build_writes_nothing(site: Site, core: FakeCore) -> None:
    """The batch runs and finds everything as it was."""
    first = two_pages(site).build(strict=True)
    found = [*site.folder.rglob("*/html/*.html"), *site.folder.rglob("**/keras_diagram/*")]
    files = {path: path.stat().st_mtime_ns for path in found if path.stem not in INDEXES}
    second = site.build(strict=True)
    assert first.written == {"index", "one", "two", "none"}
    assert second.written == set()
    assert NOTHING_READ in second.output
    assert len(core.batches) == 2
    assert core.batches[0] == core.batches[1]
    assert len(files) == 5
    assert all(path.stat().st_mtime_ns == time for path, time in files.items())


@pytest.mark.parametrize("jobs", [1, 4])
def test_a_changed_model_rewrites_its_pages_only(site: Site, core: FakeCore, jobs: int) -> None:
    """No page is read again, and the others are left alone."""
    two_pages(site).build(strict=True, jobs=jobs)
    core.versions["m:two"] = 2
    result = site.build(strict=True, jobs=jobs)
    assert NOTHING_READ in result.output
    assert result.written - ROOT == {"two"}
    assert site.build(strict=True, jobs=jobs).written == set()


def test_a_changed_option_rewrites_its_page_only(site: Site, core: FakeCore) -> None:
    """The directive's page is read again, with another request."""
    two_pages(site).build(strict=True)
    site.write(two_rst=":orphan:\n\n.. keras-diagram:: m:two\n   :width: 400\n")
    assert site.build(strict=True).written - ROOT == {"two"}
    assert [request.options.width for request in core.batches[-1]] == [720, 400]


def test_removed_diagrams_and_pages_are_forgotten(site: Site, core: FakeCore) -> None:
    """The batch holds what the pages hold now."""
    two_pages(site).build(strict=True)
    (site.folder / "one.rst").unlink()
    site.write(two_rst=":orphan:\n").build(strict=True)
    assert len(core.batches) == 1


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 4])
def test_many_pages_are_one_batch(site: Site, core: FakeCore, jobs: int) -> None:
    """What is read in several processes comes together, each picture where it belongs."""
    names = [f"page{number:02}" for number in range(24)]
    site.write(index_rst="T\n=\n\n.. toctree::\n   :glob:\n\n   page*\n")
    for number, name in enumerate(names):
        directive = f".. keras-diagram:: m:model{number % 7}\n   :name: net{number}\n"
        site.write(**{f"{name}_rst": f"Page\n====\n\n{directive}   :caption: It\n"})
    result = site.build(strict=True, jobs=jobs)
    (batch,) = core.batches
    assert [request.model.target for request in batch] == [f"m:model{n % 7}" for n in range(24)]
    for number, name in enumerate(names):
        assert f"<title>m:model{number % 7}</title>" in result.page(f"{name}.html")


def test_progress_and_summary(site: Site, core: FakeCore) -> None:
    """The log says what is going on, and nothing where there is no diagram."""
    output = two_pages(site).build().output
    assert "extracting models... [1/2] m:one\nextracting models... [2/2] m:two\n" in output
    assert "keras-diagram: extracted 0, redrawn 0, from cache 2\n" in output
    site.write(one_rst=":orphan:\n", two_rst=":orphan:\n")
    assert "keras-diagram" not in site.build().output.split("updating environment")[1]
    assert len(core.batches) == 1


def test_a_cache_that_cannot_be_written_is_no_failure(site: Site, core: FakeCore) -> None:
    """It is mentioned, and a strict build passes."""
    core.problem = "The cache cannot be written."
    result = two_pages(site).build(strict=True)
    assert result.status == 0
    assert "keras-diagram: The cache cannot be written.\n" in result.output


def test_one_warning_per_failure(site: Site, core: FakeCore) -> None:
    """With place, type, hint and details; the other diagrams are drawn."""
    core.errors["m:two"] = BuilderError(
        "'m:two' raised ValueError.",
        hint="Mend it.",
        traceback="Traceback:\n  100%s\n",
        output="hi",
    )
    two_pages(site).write(none_rst=":orphan:\n\n.. keras-diagram:: m:two\n   :width: 500\n")
    result = site.build()
    assert result.warnings == (
        f"{site.folder / 'none.rst'}:3: WARNING: 'm:two' raised ValueError. Mend it.\n"
        "    Traceback:\n"
        "      100%s\n"
        "\n"
        "    Output of the code:\n"
        "    hi\n"
        f"    Also used in {site.folder / 'two.rst'}:3 [keras_diagram.builder]\n"
    )
    assert "<svg" in result.page("one.html")
    for page in ["two.html", "none.html"]:
        assert "The diagram of m:two could not be drawn: 'm:two' raised ValueError." in (
            result.page(page)
        )


@pytest.mark.slow
@pytest.mark.parametrize("error", [TargetError("Gone."), EnvironmentProblem("No Keras.")])
def test_failures_fail_every_strict_build_until_mended(
    site: Site, core: FakeCore, error: TargetError | EnvironmentProblem
) -> None:
    """Nothing passes in silence; the mended diagram gets into its page alone."""
    core.errors["m:one"] = error
    first, second = two_pages(site).build(strict=True), site.build(strict=True)
    for result in [first, second]:
        assert result.status == 1
        (warning,) = result.warning_lines
        assert warning == (
            f"{site.folder / 'one.rst'}:3: WARNING: {error.message} "
            f"[keras_diagram.{error.subtype}]"
        )
    core.errors.clear()
    mended = site.build(strict=True)
    assert mended.status == 0
    assert mended.written - ROOT == {"one"}
    assert "<svg" in mended.page("one.html")
    assert "keras-diagram-error" not in mended.page("one.html")
    core.errors["m:one"] = error
    assert "keras-diagram-error" in site.build().page("one.html")


def test_an_interrupted_build_is_made_up_for(site: Site, core: FakeCore) -> None:
    """A page counts as written only when the build has ended."""
    two_pages(site).build(strict=True)
    core.versions["m:two"] = 2
    site.configure("def setup(app):\n    app.connect('html-page-context', lambda *args: 1 / 0)\n")
    with pytest.raises(Exception, match="division by zero"):
        site.build()
    site.configure()
    assert "two" in site.build(strict=True).written


def test_pages_know_their_diagrams_after_other_extensions_replaced_them(
    site: Site, core: FakeCore
) -> None:
    """A placeholder nobody has asked for shows its words instead of breaking the page."""
    site.configure(
        """
        def lose(app, env):
            env.keras_diagram_uses.clear()

        def setup(app):
            app.connect("env-updated", lose, priority=1)
        """
    )
    result = site.write(index_rst=".. keras-diagram:: m:f\n   :class: c\n").build(strict=True)
    assert re.search(r'<p class="c">m:f</p>', result.page())
    assert core.batches == []
