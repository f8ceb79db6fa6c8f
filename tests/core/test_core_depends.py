"""`depends`: what it takes, where its files are, and when they count as changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_diagram_core import Project, RequestError, parse_depends, parse_request
from keras_diagram_core.manifest import Checker, Manifest, Source, names_digest


@pytest.mark.parametrize(
    "value",
    [
        "b.json, data/*.csv,env:SIZE",
        "[b.json, data/*.csv, env:SIZE]",
        ["env:SIZE", "data/*.csv", "b.json", "b.json", ""],
    ],
)
def test_text_and_lists_are_the_same(value: Any) -> None:
    request = parse_request("m:f", {"depends": value})
    assert request.model.depends == ("b.json", "data/*.csv", "env:SIZE")
    assert request == parse_request("m:f", {"depends": "data/*.csv, env:SIZE, b.json"})


def test_brackets_may_be_a_wildcard() -> None:
    assert parse_depends("[ab].txt") == ("[ab].txt",)
    assert parse_depends("data/[ab].txt, data/c[0-9].txt") == ("data/[ab].txt", "data/c[0-9].txt")


@pytest.mark.parametrize("value", [None, "", " , ", []])
def test_nothing_is_nothing(value: Any) -> None:
    assert parse_depends(value) == ()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "`depends` cannot be '3'. Write it like [sizes.json, data/*.csv, env:SIZE]."),
        ({"a": 1}, "`depends` cannot be"),
        (["a", 2], "`depends` cannot be"),
        ("env:", "`depends` names 'env:', which is no variable. Write it like env:SIZE."),
        ("env:A=B", "`depends` names 'env:A=B', which is no variable."),
        ("a\0b", "`depends` names a path with a null character."),
    ],
)
def test_what_is_wrong_is_said(value: Any, message: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_request("m:f", {"depends": value})
    assert str(caught.value).startswith(message)


def test_it_decides_what_is_extracted_and_not_the_drawing() -> None:
    plain, dependent = parse_request("m:f"), parse_request("m:f", {"depends": "a.txt"})
    assert plain.model.digest != dependent.model.digest
    assert plain.options == dependent.options
    assert plain.depending(["a.txt"]) == dependent
    assert dependent.depending(["b.txt", "a.txt"]).model.depends == ("a.txt", "b.txt")


def test_paths_in_a_document_are_relative_to_it() -> None:
    request = parse_request("m:f", {"depends": "../a.txt, env:SIZE"})
    moved = request.located(lambda path: f"docs/{path}", {"depends"})
    assert moved.model.depends == ("docs/../a.txt", "env:SIZE")
    assert request.located(lambda path: f"docs/{path}", {"view"}) == request


def unlink(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("data/a.csv", lambda base: unlink(base / "data/a.csv")),
        ("data/*.csv", lambda base: (base / "data/new.csv").touch()),
        ("data/*.csv", lambda base: unlink(base / "data/a.csv")),
        ("data", lambda base: (base / "data/deep/new").touch()),
        ("data/**", lambda base: (base / "data/.hidden").touch()),
        ("**/new.csv", lambda base: (base / "data/deep/new.csv").touch()),
        ("absent", lambda base: (base / "absent").touch()),
        ("data/[ab].csv", lambda base: (base / "data/b.csv").touch()),
    ],
)
def test_new_and_lost_matches_count(
    tmp_path: Path, pattern: str, change: Callable[[Path], Any]
) -> None:
    (tmp_path / "data/deep").mkdir(parents=True)
    (tmp_path / "data/a.csv").touch()
    project = Project(base=str(tmp_path), search_path=())
    digest = names_digest(project.matches(pattern))
    manifest = Manifest(patterns=(Source(pattern, digest),))
    assert Checker(project).is_current(manifest)
    (tmp_path / "unrelated.txt").touch()
    assert Checker(project).is_current(manifest)
    change(tmp_path)
    assert not Checker(project).is_current(manifest)


def test_matches_are_files_relative_to_the_project(tmp_path: Path) -> None:
    (tmp_path / "docs/a*b/in").mkdir(parents=True)
    (tmp_path / "docs/a*b/in/x.txt").touch()
    (tmp_path / "other.txt").touch()
    project = Project(base=str(tmp_path / "docs"), search_path=())
    assert project.matches("a*b") == ["a*b/in/x.txt"]
    assert project.matches("../*.txt") == ["../other.txt"]
    assert project.matches(str(tmp_path / "other.txt")) == ["../other.txt"]


@pytest.mark.parametrize("entry", [".", "**/*.json", "**", "data", "./data/**/*.json"])
def test_hidden_folders_have_to_be_named(tmp_path: Path, entry: str) -> None:
    for path in ("data/a.json", "data/.cache/b.json", ".cache/keras_diagram/graphs/c.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    project = Project(base=str(tmp_path), search_path=())
    assert project.matches(entry) == ["data/a.json"]
    assert project.matches("data/.cache/**") == ["data/.cache/b.json"]


def test_names_with_brackets(tmp_path: Path) -> None:
    base = tmp_path / "docs [1]"
    (base / "data").mkdir(parents=True)
    (base / "data/n[2].txt").touch()
    project = Project(base=str(base), search_path=())
    for entry in ("data/*.txt", "**/*.txt", "data", "data/n[2].txt"):
        assert project.matches(entry) == ["data/n[2].txt"]


def test_links_that_go_in_circles_end(tmp_path: Path) -> None:
    (tmp_path / "docs/data").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.txt").touch()
    for number in range(3):
        (tmp_path / f"docs/data/circle{number}").symlink_to(tmp_path / "docs")
    (tmp_path / "docs/data/link").symlink_to(tmp_path / "elsewhere")
    project = Project(base=str(tmp_path / "docs"), search_path=())
    for entry in (".", "data", "data/**", "**/*.txt"):
        [found] = project.matches(entry)
        assert found.endswith("link/a.txt")


def test_what_is_the_machines_keeps_its_path(tmp_path: Path) -> None:
    project = Project(base=str(tmp_path / "docs"), search_path=())
    for path in ("/etc/hosts", "/dev/shm/sizes", "/usr/share/dict/words"):
        assert project.portable(path) == path
        assert project.locate(path) == path
    assert project.portable(str(tmp_path / "src/a.py")) == "../src/a.py"
    inside = Project(base="/usr/share/docs", search_path=())
    assert inside.portable("/usr/share/code/a.py") == "../code/a.py"
