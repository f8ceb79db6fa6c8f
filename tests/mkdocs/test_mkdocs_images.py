"""Images in fences: where their files are looked for, and what a site does with them."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Any

import markdown
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from mkdocs_site import Site
from PIL import Image

pytestmark = pytest.mark.usefixtures("frozen_worker")

FENCE = """\
```keras-diagram
target: m:cnn
view: layered
styles:
  Conv2D: {{image: {path}}}
```
"""


def image(path: Path, colour: str = "red") -> str:
    """Write an image, and give its bytes as a page holds them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 6), colour).save(path)
    return base64.b64encode(path.read_bytes()).decode()


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("a.png", "docs/sub/a.png"),
        ("../pics/a.png", "docs/pics/a.png"),
        ("/pics/a.png", "docs/pics/a.png"),
        ("../../assets/a.png", "assets/a.png"),
    ],
)
def test_paths_are_relative_to_the_page(site: Site, path: str, place: str) -> None:
    """A `/` means the folder of the documents."""
    data = image(site.folder / place)
    (site.docs / "sub").mkdir(exist_ok=True)
    site.page("# Home\n")
    site.page(FENCE.format(path=path), "sub/page.md")
    site.build_here()
    assert data in site.html("sub/page/index.html")


def test_defaults_are_relative_to_the_configuration(site: Site) -> None:
    """That is mkdocs.yml."""
    data = image(site.folder / "brand" / "a.png")
    logo = {"logo_groups": [{"file": "brand/a.png", "layers": "Dense"}]}
    site.config["plugins"][1]["keras-diagram"]["default_options"] = {"layered": logo}
    (site.docs / "sub").mkdir()
    site.page("# Home\n")
    site.page("```keras-diagram\ntarget: m:cnn\nview: layered\n```\n", "sub/page.md")
    site.build_here()
    assert data in site.html("sub/page/index.html")


def test_a_changed_image_is_shown(site: Site, frozen_worker: list[str]) -> None:
    """The model is not extracted again."""
    first = image(site.docs / "a.png")
    site.page(FENCE.format(path="a.png"))
    assert first in site.build_here()
    second = image(site.docs / "a.png", "green")
    html = site.build_here()
    assert second in html
    assert first not in html
    assert frozen_worker == ["m:cnn"]


def test_a_missing_image_is_a_warning_with_its_place(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """The other diagrams of the page are drawn."""
    site.page("# Home\n\n" + FENCE.format(path="no.png") + "\n```keras-diagram\nm:lenet5\n```\n")
    html = site.build_here()
    (warning,) = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert "docs/index.md:3: There is no image 'docs/no.png'." in warning
    assert html.count('<svg xmlns="http://www.w3.org/2000/svg" class="kd') == 1


def test_ids_are_unique_in_a_page(site: Site) -> None:
    """Even where one diagram stands in it twice."""
    image(site.docs / "a.png")
    fence = FENCE.format(path="a.png")
    site.page(f"{fence}\n\n{fence}")
    html = site.build_here()
    ids = [part.partition('"')[0] for part in html.split(' id="kd-')[1:]]
    assert len(ids) == len(set(ids)) > 2


def test_images_outside_of_the_documents_are_watched(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those in `docs_dir` are watched by MkDocs itself."""
    outside, inside = site.folder / "assets" / "a.png", site.docs / "b.png"
    image(outside)
    image(inside)
    site.page(FENCE.format(path="../assets/a.png") + "\n" + FENCE.format(path="b.png"))
    site.write()
    config: Any = load_config(str(site.folder / "mkdocs.yml"))
    watched: list[str] = []
    monkeypatch.setattr(
        LiveReloadServer, "watch", lambda _self, path, **_options: watched.append(path)
    )
    # MkDocs keeps plugins as long as the process: the next test gets this one, too.
    monkeypatch.setattr(config.plugins["keras-diagram"], "_server", None)
    config.plugins.on_startup(command="serve", dirty=False)
    server = LiveReloadServer.__new__(LiveReloadServer)
    build(config)
    config.plugins.on_serve(server, config=config, builder=None)
    assert watched == [str(outside)]


def test_the_extension_alone_looks_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not know which file a page is."""
    data = image(tmp_path / "a.png")
    monkeypatch.chdir(tmp_path)
    for path in ("a.png", "/a.png"):
        html = markdown.markdown(FENCE.format(path=path), extensions=["keras_diagram"])
        assert data in html
