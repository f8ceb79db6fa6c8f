"""The fence without braces in MyST pages, as every other host of the project reads it."""

from __future__ import annotations

from sphinx.application import Sphinx

AFTER_MYST = 900


def connect(app: Sphinx) -> None:
    """Have MyST take a `keras-diagram` fence as the directive."""
    app.connect("builder-inited", _understand_fence, priority=AFTER_MYST)


def _understand_fence(app: Sphinx) -> None:
    """Add our name to the settings that MyST made for this build.

    They are a copy of `myst_fence_as_directive`: the registered value stays as it is, since
    a change of it would make Sphinx read every page again.
    """
    settings = getattr(app.env, "myst_config", None)
    names = getattr(settings, "fence_as_directive", None)
    if settings is not None and names is not None:
        settings.fence_as_directive = {*names, "keras-diagram"}
