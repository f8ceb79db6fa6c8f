"""Fixtures of the tests of the Sphinx extension."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx_site import FakeCore, Site

from sphinx_keras_diagram import build


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty project."""
    return Site(tmp_path).configure()


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> FakeCore:
    """A core that draws at once, without any worker."""
    fake = FakeCore()
    monkeypatch.setattr(build, "render_all", fake.render_all)
    return fake
