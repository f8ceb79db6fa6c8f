"""Sites to build, and a renderer that needs neither a worker nor Keras."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from mkdocs_site import SITE_PAGE, Site

from keras_diagram_core import Artifact, Batch, DiagramRequest, Outcome, Settings, TargetError
from mkdocs_keras_diagram import collector

MODELS = Path(__file__).parents[1] / "projects" / "models" / "tiny.py"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty site with the plugin."""
    return Site(tmp_path / "project", paths=["."])


@pytest.fixture(scope="session")
def drawn_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that was built once with the real Keras; its output is in `first-build.txt`."""
    site = Site(
        tmp_path_factory.mktemp("drawn") / "project", theme="material", paths=["."], backend="none"
    )
    site.config["markdown_extensions"] += [{"pymdownx.tabbed": {"alternate_style": True}}]
    guard = 'import os\n\nif "FORBID_BUILDERS" in dict(os.environ):\n    raise RuntimeError\n\n'
    code = guard + MODELS.read_text(encoding="utf-8")
    (site.folder / "models.py").write_text(code, encoding="utf-8")
    site.page(SITE_PAGE)
    result = site.build("--strict")
    assert result.returncode == 0, result.stderr
    (site.folder / "first-build.txt").write_text(result.stderr, encoding="utf-8")
    return site


@pytest.fixture
def copied_site(drawn_site: Site, tmp_path: Path) -> Site:
    """A copy of that site elsewhere, with its cache and without what it built."""
    folder = tmp_path / "elsewhere"
    shutil.copytree(drawn_site.folder, folder, ignore=shutil.ignore_patterns("site"))
    copy = Site(folder, theme="material", paths=["."])
    copy.config = json.loads(json.dumps(drawn_site.config))
    return copy


def fake_svg(target: str) -> bytes:
    """An SVG with the root that the core promises."""
    root = '<svg xmlns="http://www.w3.org/2000/svg" class="kd kd-view-layered" role="img">'
    text = f"{root}\n<title>{target}</title>\n<desc>Description</desc>\n<text>Label</text></svg>\n"
    return text.encode()


@pytest.fixture
def fake_batches(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Draw without models: targets with `missing` fail; gives the targets of each batch."""
    batches: list[list[str]] = []

    def outcome(request: DiagramRequest) -> Outcome:
        target = request.model.target
        if "missing" in target:
            trace = "Traceback of the builder\n  its line"
            error = TargetError(
                f"There is no <{target}>.", hint="Write & save it.", traceback=trace
            )
            return Outcome(error=error)
        picture = Artifact(
            key=request.digest,
            format="svg",
            width=10,
            height=10,
            alt="",
            notes=("Not <all> of it.",) if "partial" in target else (),
            data=fake_svg(target),
        )
        return Outcome(artifacts={"svg": picture}, sources=(f"/code/{target.split(':')[0]}.py",))

    def render_all(
        requests: Iterable[DiagramRequest],
        _settings: Settings,
        *,
        progress: Callable[[int, int, str], None],
    ) -> Batch:
        wanted = {request.digest: request for request in requests}
        batches.append([request.model.target for request in wanted.values()])
        progress(0, len(wanted), batches[-1][0])
        outcomes = {digest: outcome(request) for digest, request in wanted.items()}
        return Batch(outcomes=outcomes, extracted=len(wanted), redrawn=0, cached=0)

    monkeypatch.setattr(collector, "render_all", render_all)
    return batches
