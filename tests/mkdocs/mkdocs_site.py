"""Sites that tests write, build with MkDocs and look at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config

SITE_PAGE = """\
# Models

```keras-diagram
target: models:build_mlp
caption: Words of the caption
name: mlp
```

=== "Tab"

    ```keras-diagram
    models:build_cnn
    ```
"""


class Site:
    """A MkDocs site in a folder of its own."""

    def __init__(self, folder: Path, theme: str = "mkdocs", **plugin: Any) -> None:
        self.folder = folder
        self.docs = folder / "docs"
        self.docs.mkdir(parents=True, exist_ok=True)
        self.config: dict[str, Any] = {
            "site_name": "Site",
            "theme": {"name": theme},
            "plugins": ["search", {"keras-diagram": plugin}],
            "markdown_extensions": ["pymdownx.superfences"],
        }

    def page(self, text: str, name: str = "index.md") -> None:
        (self.docs / name).write_text(text, encoding="utf-8")

    def write(self) -> None:
        text = yaml.safe_dump(self.config, sort_keys=False)
        (self.folder / "mkdocs.yml").write_text(text, encoding="utf-8")

    def build(self, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Build as people do."""
        self.write()
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", *args],
            cwd=self.folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def build_here(self, *, strict: bool | None = None) -> str:
        """Build in this process, and give the home page."""
        self.write()
        build(load_config(str(self.folder / "mkdocs.yml"), strict=strict))
        return self.html()

    def html(self, path: str = "index.html") -> str:
        return (self.folder / "site" / path).read_text(encoding="utf-8")

    def search_text(self) -> str:
        index = json.loads((self.folder / "site/search/search_index.json").read_text("utf-8"))
        return "\n".join(entry["text"] for entry in index["docs"])

    def files(self) -> set[str]:
        return {path.relative_to(self.docs).as_posix() for path in self.docs.rglob("*")}
