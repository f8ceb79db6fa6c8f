"""The MkDocs plugin: one batch for a site, errors that count, and live reload."""

from __future__ import annotations

import logging
from pathlib import Path
from textwrap import indent
from typing import Any

import markdown
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs_site import Site

from mkdocs_keras_diagram.extension import KerasDiagramExtension
from mkdocs_keras_diagram.plugin import KerasDiagramPlugin

FENCE = "```keras-diagram\nm:a\n```\n"


def test_one_batch_for_a_site(site: Site, fake_batches: list[list[str]]) -> None:
    """Each diagram of a site is rendered once, whichever pages show it."""
    site.page(f"# A\n\n{FENCE}\n{FENCE.replace('m:a', 'm:b')}")
    site.page(f"# B\n\n{FENCE}", "other.md")
    assert site.build_here().count('<svg xmlns="http://www.w3.org/2000/svg" class="kd') == 2
    assert "<title>m:a</title>" in site.html("other/index.html")
    assert fake_batches == [["m:a", "m:b"]]


@pytest.mark.parametrize(
    "extensions",
    [
        [],
        ["keras_diagram"],
        ["mkdocs_keras_diagram.extension", "pymdownx.superfences"],
        ["pymdownx.superfences", "keras_diagram"],
        ["mkdocs_keras_diagram.extension:KerasDiagramExtension"],
    ],
)
def test_the_extension_may_be_listed(
    site: Site, extensions: list[str], fake_batches: list[list[str]]
) -> None:
    """Whether and where the extension is listed makes no difference."""
    site.config["markdown_extensions"] = extensions
    site.page(FENCE)
    assert "<title>m:a</title>" in site.build_here()
    assert fake_batches == [["m:a"]]


def test_options_of_the_extension_are_not_silently_lost(
    site: Site, fake_batches: list[list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    """With the plugin, the plugin's options hold."""
    site.config["markdown_extensions"] = [{"keras_diagram": {"timeout": 5}}]
    site.page(FENCE)
    site.build_here()
    assert "belong to the plugin" in caplog.text
    assert fake_batches == [["m:a"]]


def test_progress_and_summary(
    site: Site, fake_batches: list[list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    """A build says what takes its time; a site without diagrams says nothing."""
    caplog.set_level(logging.INFO, "mkdocs.plugins")
    site.page("# Nothing")
    site.build_here()
    assert "keras-diagram:" not in caplog.text
    site.page(FENCE)
    site.build_here()
    ours = [text for text in caplog.messages if text.startswith("keras-diagram")]
    assert ours == [
        "keras-diagram: extracting models [1/1] m:a",
        "keras-diagram: extracted 1, redrawn 0, from cache 0",
    ]
    assert fake_batches == [["m:a"]]


@pytest.mark.usefixtures("fake_batches")
def test_names_can_be_linked_to(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """MkDocs checks links to figures like those to headings."""
    caplog.set_level(logging.INFO)
    site.config["validation"] = {"anchors": "warn"}
    site.page("[one](#fig) [two](#gone)\n\n```keras-diagram\ntarget: m:a\nname: fig\n```\n")
    assert 'id="fig"' in site.build_here()
    assert "#gone" in caplog.text
    assert "#fig" not in caplog.text


@pytest.mark.usefixtures("fake_batches")
def test_the_built_in_search_reads_no_labels(site: Site) -> None:
    """MkDocs' own search knows no mark to leave text out, and would index even the styles."""
    site.page(f"# T\n\nwords\n\n{FENCE}\n```keras-diagram\ntarget: m:b\ncaption: of mine\n```")
    html = site.build_here()
    assert html.index("<title>m:a</title>") < html.index("<title>m:b</title>")
    found = site.search_text()
    assert "words" in found
    assert "of mine" in found
    assert "Label" not in found


@pytest.mark.usefixtures("fake_batches")
def test_errors_name_the_line_of_the_file(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Front matter, examples and earlier diagrams of the same wording do not mislead."""
    bad = FENCE.replace("m:a", "m:missing")
    listed = f"- item\n\n{indent(bad, chr(9))}"
    site.page(f"---\ntitle: x\n---\n\n````\n{bad}````\n\n{listed}")
    site.build_here()
    assert "docs/index.md:13: There is no <m:missing>." in caplog.text.replace("\\", "/")
    site.page(f"# T\n\n{bad}\ntext\n\n{bad}\n```keras-diagram\ntarget: m:a\ncaption: A: b\n```\n")
    caplog.clear()
    site.build_here()
    places = [text.split(": ")[1] for text in caplog.messages if "index.md" in text]
    assert [place.rpartition(":")[2] for place in places] == ["3", "9", "15"]


@pytest.mark.slow
def test_strict_builds_fail_every_time(site: Site) -> None:
    """An error is not forgotten: the second build fails like the first."""
    site.page("---\ntitle: x\n---\n# T\n\n```keras-diagram\nno_such_module:build\n```\n")
    for _ in range(2):
        result = site.build("--strict")
        assert result.returncode == 1
        assert "docs/index.md:6: " in result.stderr.replace("\\", "/")
        assert "no_such_module" in result.stderr
        assert "Aborted with 1 warnings in strict mode" in result.stdout
    assert site.build().returncode == 0
    assert "keras-diagram-error" in site.html()


@pytest.mark.usefixtures("fake_batches")
def test_strict_counts_errors_of_markup(site: Site) -> None:
    """What never gets to the worker counts as well."""
    site.config["strict"] = True
    site.page("```keras-diagram\ntarget: m:a\ncaptoin: x\n```\n")
    with pytest.raises(Abort, match="1 warnings"):
        site.build_here()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"default_options": {"widht": 1}}, "Did you mean 'width'?"),
        ({"cache": "docs/cache"}, "the cache cannot be in docs_dir"),
    ],
)
def test_wrong_configuration_stops_the_build(
    site: Site, options: dict[str, Any], said: str
) -> None:
    """Mistakes in mkdocs.yml are told before any page is read."""
    site.config["plugins"] = [{"keras-diagram": options}]
    site.page("# T")
    with pytest.raises(Abort):
        site.build_here()
    with pytest.raises(PluginError, match=said.replace("?", "\\?")):
        started(site, options)


def started(site: Site, options: dict[str, Any]) -> tuple[KerasDiagramPlugin, MkDocsConfig]:
    """A plugin at the start of a build."""
    site.write()
    config = MkDocsConfig(config_file_path=str(site.folder / "mkdocs.yml"))
    config.load_dict({"site_name": "x", "docs_dir": str(site.docs), "plugins": []})
    config.validate()
    plugin = KerasDiagramPlugin()
    plugin.load_config(options)
    return plugin, plugin.on_config(config)


def test_builds_with_one_configuration_start_afresh(site: Site) -> None:
    """Plugins that build once per language go through on_config again and again."""
    plugin, config = started(site, {})
    first = config.markdown_extensions[-1]
    plugin.on_config(config)
    ours = [item for item in config.markdown_extensions if isinstance(item, KerasDiagramExtension)]
    assert len(ours) == 1
    assert ours != [first]


def test_pages_converted_late_are_filled(site: Site, fake_batches: list[list[str]]) -> None:
    """What another plugin converts after the batch gets its picture when it is written."""
    plugin, config = started(site, {})
    html = markdown.markdown(FENCE, extensions=config.markdown_extensions)
    assert "<svg" not in html
    assert "<title>m:a</title>" in plugin.on_post_page(f"<body>{html}</body>")
    assert fake_batches == [["m:a"]]


class FakeServer:
    """Remembers what it was to watch."""

    def __init__(self) -> None:
        self.watched: list[str] = []

    def watch(self, path: str, *, recursive: bool) -> None:
        assert not recursive
        self.watched.append(path)


@pytest.mark.usefixtures("fake_batches")
def test_serve_watches_the_code(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files outside docs_dir are watched one by one, also those of later builds."""
    monkeypatch.setattr(Path, "is_file", lambda _path: True)
    plugin, config = started(site, {})
    server: Any = FakeServer()
    for target in ("one:a", "two:a"):
        fence = FENCE.replace("m:a", target)
        plugin.on_post_page(markdown.markdown(fence, extensions=config.markdown_extensions))
        plugin.on_serve(server)
        plugin.on_serve(server)
        plugin.on_config(config)
    assert server.watched == ["/code/one.py", "/code/two.py"]


@pytest.mark.slow
def test_nothing_is_written_beside_the_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """`mkdocs serve` would build for ever if a build changed what it watches."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    site.config["plugins"] = [{"keras-diagram": {"paths": ["docs"]}}]
    site.page("```keras-diagram\nbroken:build\n```\n")
    (site.docs / "broken.py").write_text("import helper\nraise RuntimeError('boom')\n")
    (site.docs / "helper.py").write_text("")
    before = site.files()
    result = site.build()
    assert "boom" in result.stderr
    assert site.files() == before
