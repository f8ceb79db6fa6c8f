"""Images in diagrams: where their files are looked for, and what a changed one costs."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from sphinx_site import Site

pytestmark = pytest.mark.usefixtures("frozen_worker")

DIAGRAM = """\
.. keras-diagram:: m:cnn
   :view: layered
   :styles: {{Conv2D: {{image: "{path}"}}}}
"""


def image(path: Path, colour: str = "red") -> bytes:
    """Write an image, and give its bytes as a page holds them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 6), colour).save(path)
    return base64.b64encode(path.read_bytes())


def page(path: str, title: str = "T") -> str:
    return f"{title}\n=\n\n{DIAGRAM.format(path=path)}"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("a.png", "sub/a.png"),
        ("./pics/a.png", "sub/pics/a.png"),
        ("../a.png", "a.png"),
        ("/pics/a.png", "pics/a.png"),
        ("../../outside.png", "../outside.png"),
    ],
)
def test_paths_are_relative_to_the_page(tmp_path: Path, path: str, place: str) -> None:
    """As those of Sphinx' own images; a `/` means the source folder."""
    site = Site(tmp_path / "project")
    site.folder.mkdir()
    site.configure()
    data = image(site.folder / place)
    (site.folder / "sub").mkdir(exist_ok=True)
    site.write(index_rst="T\n=\n")
    (site.folder / "sub" / "page.rst").write_text(":orphan:\n\n" + page(path), encoding="utf-8")
    result = site.build(strict=True)
    assert data.decode() in result.page("sub/page.html")


def test_myst_and_fences(site: Site) -> None:
    """Every way to write a diagram has the same paths."""
    data = image(site.folder / "a.png").decode()
    options = "view: layered\nlogo-groups: [{file: a.png, layers: Dense}]\n"
    directive = "view: layered\n:logo-groups: [{file: a.png, layers: Dense}]\n"
    site.configure('myst_fence_as_directive = ["keras-diagram"]\n')
    site.write(
        index_rst="T\n=\n",
        one_md=f"---\norphan: true\n---\n\n```{{keras-diagram}} m:cnn\n:{directive}```\n",
        two_md=f"---\norphan: true\n---\n\n```keras-diagram\ntarget: m:cnn\n{options}```\n",
    )
    result = site.build(strict=True)
    assert data in result.page("one.html")
    assert data in result.page("two.html")


def test_defaults_and_themes_are_relative_to_the_configuration(site: Site) -> None:
    """A page cannot know where it is used from."""
    data = image(site.folder / "brand" / "a.png").decode()
    other = image(site.folder / "brand" / "b.png", "blue").decode()
    site.configure(
        """
        keras_diagram_default_options = {
            "layered": {"logo-groups": [{"file": "brand/a.png", "layers": "Dense"}]}
        }
        keras_diagram_themes = {
            "blue": {"logo-groups": [{"file": "brand/b.png", "layers": "Dense"}]}
        }
        """
    )
    (site.folder / "sub").mkdir()
    text = ":orphan:\n\n.. keras-diagram:: m:cnn\n   :view: layered\n"
    (site.folder / "sub" / "page.rst").write_text(text, encoding="utf-8")
    (site.folder / "sub" / "blue.rst").write_text(text + "   :theme: blue\n", encoding="utf-8")
    result = site.write(index_rst="T\n=\n").build(strict=True)
    assert data in result.page("sub/page.html")
    assert other in result.page("sub/blue.html")


def test_a_changed_image_rewrites_its_page_only(site: Site, frozen_worker: list[str]) -> None:
    """Nothing is extracted or read again; a build without changes writes nothing."""
    first = image(site.folder / "a.png").decode()
    site.write(index_rst="T\n=\n", one_rst=":orphan:\n\n" + page("a.png"))
    assert first in site.build(strict=True).page("one.html")
    assert site.build(strict=True).written == set()
    second = image(site.folder / "a.png", "green").decode()
    result = site.build(strict=True)
    assert result.written - {"index"} == {"one"}
    assert "0 added, 0 changed, 0 removed" in result.output
    assert second in result.page("one.html")
    assert frozen_worker == ["m:cnn"]


def test_a_missing_image_is_a_warning_with_its_place(site: Site) -> None:
    """The other diagrams are drawn, and the mend is seen by the next build."""
    broken = page("no.png") + "\n.. keras-diagram:: m:lenet5\n"
    result = site.write(index_rst=broken).build()
    (line,) = result.warning_lines
    assert "index.rst:4: WARNING: There is no image 'no.png'." in line
    assert line.endswith("[keras_diagram.request]") or "[keras_diagram.request]" in result.warnings
    assert result.page().count('<svg xmlns="http://www.w3.org/2000/svg" class="kd') == 1
    data = image(site.folder / "no.png").decode()
    mended = site.build(strict=True)
    assert data in mended.page()


def test_a_broken_image_is_a_warning_with_its_place(site: Site) -> None:
    """It names the file."""
    (site.folder / "a.png").write_bytes(b"no image")
    result = site.write(index_rst=page("a.png")).build()
    assert "index.rst:4: WARNING: The image 'a.png' cannot be read" in result.warnings


def test_ids_are_unique_in_a_page(site: Site) -> None:
    """Even where one diagram stands in it twice; each copy refers to its own image."""
    image(site.folder / "a.png")
    diagram = DIAGRAM.format(path="a.png")
    html = site.write(index_rst=f"T\n=\n\n{diagram}\n{diagram}").build(strict=True).page()
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) == 2
    found = [re.findall(r'\sid="([^"]*)"', picture) for picture in pictures]
    assert all(found)
    assert not set(found[0]) & set(found[1])
    for picture, ids in zip(pictures, found, strict=True):
        links = [element.get("href", "") for element in ET.fromstring(picture).iter()]
        assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


@pytest.mark.parametrize("builder", ["latex", "epub", "text"])
def test_other_builders(site: Site, builder: str) -> None:
    """Pages that are no HTML have the image in theirs, or go without."""
    image(site.folder / "a.png")
    site.write(index_rst=page("a.png")).build(builder, strict=True)


@pytest.mark.slow
def test_a_warm_build_does_not_read_images(site: Site, tmp_path: Path) -> None:
    """That is part of drawing; docutils may import Pillow, but what reads images is not."""
    image(site.folder / "a.png")
    site.write(index_rst=page("a.png")).build(strict=True)
    code = f"""
        import sys
        from sphinx.application import Sphinx
        app = Sphinx({str(site.folder)!r}, {str(site.folder)!r}, {str(tmp_path / "out")!r},
                     {str(site.folder / "_build" / "doctrees")!r}, "html", status=None)
        app.build()
        ours = "keras_diagram_core.backends."
        drawing = {{name for name in sys.modules if name.startswith(ours)}}
        assert not drawing | ({{"keras"}} & sys.modules.keys())
        assert app.statuscode == 0
    """
    run = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=site.folder)
    assert done.returncode == 0, done.stderr
    assert "data:image/png" in (tmp_path / "out" / "index.html").read_text("utf-8")
