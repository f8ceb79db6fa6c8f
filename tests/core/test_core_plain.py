"""Whatever stands in markup, reading it takes a moment and ends in a request or a RequestError."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Any

import pytest
from cases import diagonals
from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core import (
    MODEL_OPTIONS,
    VIEWS,
    MarkupError,
    RequestError,
    load_yaml,
    option_specs,
    parse_request,
)
from keras_diagram_core.cli import main
from keras_diagram_core.plain import DEEPEST, LONGEST, MOST

LAUGHS = "{a: &a [x,x,x,x,x,x,x,x], " + "".join(
    f"{here}: &{here} [{','.join([f'*{before}'] * 8)}], "
    for before, here in zip("abcdefghi", "bcdefghij", strict=True)
)
HOSTILE = {
    "digits": "9" * 5000,
    "digits of a float": "9" * 5000 + ".5",
    "hexadecimal": "0x" + "f" * 5000,
    "sexagesimal": ":".join(["59"] * 3000),
    "brackets": "[" * 900 + "]" * 900,
    "braces": "{a: " * 900 + "1" + "}" * 900,
    "dashes": "- " * 900 + "1",
    "laughs": LAUGHS + "}",
    "merged laughs": LAUGHS + "<<: [*j, *j, *j, *j, *j, *j, *j, *j]}",
    "itself": "&a [*a]",
    "many": "[" + "1," * MOST + "]",
    "long": "x" * (LONGEST + 1),
    "half a character": '"\\ud800"',
    "null character": '"a\\0b"',
    "no date": "2024-99-99",
    "no number": "!!int x",
    "no truth": "!!bool x",
    "no time": "!!timestamp x",
    "no bytes": "!!binary ä",
    "object": "!!python/object/apply:os.getcwd []",
    "infinite": ".inf",
    "no number at all": ".nan",
    "list as key": "{[1]: 2}",
    "documents": "--- 1\n--- 2",
    "control character": "a\x07b",
}
OPTIONS = [
    (view, spec.name)
    for view in VIEWS
    for spec in (*option_specs(view), *MODEL_OPTIONS)
    if view == "layered" or spec.name not in {each.name for each in option_specs("layered")}
]


def outcome(value: Any, name: str, view: str = "layered", target: str = "a:b") -> str:
    """Read an option: the request's digest, or the message of what is wrong."""
    try:
        return parse_request(target, {"view": view, name: value}).digest
    except RequestError as error:
        return str(error)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"brackets", "many"}))
def test_hostile_text_is_read_or_refused_by_every_option(name: str) -> None:
    for view, option in OPTIONS:
        assert outcome(HOSTILE[name], option, view)
        assert outcome(f"{{Dense: {HOSTILE[name]}}}", option, view)


MESSAGES = [
    ("digits", "a number has 5,000 characters"),
    ("sexagesimal", "a number has"),
    ("brackets", f"nested more than {DEEPEST} levels deep"),
    ("dashes", f"nested more than {DEEPEST} levels deep"),
    ("laughs", "an alias (* and a name) is not read here"),
    ("many", f"it holds more than {MOST:,} values"),
    ("long", f"it has more than {LONGEST:,} characters"),
    ("half a character", r"'\ud800' is but a half of a character"),
    ("no date", "'2024-99-99' is no timestamp"),
    ("object", "could not determine a constructor"),
]


@pytest.mark.parametrize(
    ("message", "option"),
    diagonals(2, MESSAGES, ["kwargs", "input-shape", "inputs", "styles"]),
)
def test_the_message_says_what_is_wrong(message: tuple[str, str], option: str) -> None:
    name, said = message
    assert said in outcome(HOSTILE[name], option)


def test_halves_of_a_character_are_joined() -> None:
    """JSON can write no emoji but so."""
    request = parse_request("a:b", {"kwargs": r'{"name": "\ud83d\ude00"}'})
    assert request.model.kwargs == {"name": "\U0001f600"}


def test_no_path_has_a_null_character() -> None:
    for option, value in (("font", "a\0.ttf"), ("styles", {"Dense": {"image": "a\0.png"}})):
        assert "is not a" in outcome(value, option)
    assert "is not a target" in outcome(720, "width", target="a\0.keras")


def test_a_number_that_json_cannot_hold() -> None:
    assert "more than 64 bits" in outcome({"seed": 2**64}, "kwargs")
    assert "more than 64 bits" in outcome("{seed: 0xffffffffffffffffff}", "kwargs")
    request = parse_request("a:b", {"kwargs": {"seed": 2**64 - 1, "least": -(2**63)}})
    assert request.model.kwargs == {"seed": 2**64 - 1, "least": -(2**63)}


def test_numbers_with_names_are_numbers() -> None:
    Size = IntEnum("Size", {"SMALL": 8, "HUGE": 2**64})  # noqa: N806
    assert parse_request("a:b", {"kwargs": {"size": Size.SMALL}}).model.kwargs == {"size": 8}
    assert "more than 64 bits" in outcome({"size": Size.HUGE}, "kwargs")


def test_a_shape_has_as_many_dimensions_as_an_array_can_have() -> None:
    assert len(parse_request("a:b", {"input-shape": [1] * 64}).model.inputs[0].shape) == 64
    assert "Not an input" in outcome([1] * 65, "input-shape")


def test_typed_values_have_the_same_bounds() -> None:
    """A configuration in Python, or YAML that another program has read, can hold anything."""
    itself: list[Any] = []
    itself.append(itself)
    laughs: list[Any] = ["x"]
    for _ in range(30):
        laughs = [laughs] * 8
    for value in (itself, laughs, "x" * (LONGEST + 1), ["x" * LONGEST] * 2, 10**5000, "\ud800"):
        for option in ("kwargs", "styles", "depth", "expand", "code"):
            assert "cannot be read: " in outcome(value, option)
    assert "The target cannot be read: " in outcome("", "width", target="a:\udcff")


def test_the_line_of_what_is_wrong_is_known() -> None:
    with pytest.raises(MarkupError) as caught:
        load_yaml("a: 1\nb: 2\nc: *a", "This is not YAML")
    assert caught.value.line == 2
    with pytest.raises(MarkupError) as caught:
        load_yaml("a: 1\nb: [1, 2024-99-99]", "This is not YAML")
    assert caught.value.line == 1


def test_the_command_line_has_the_same_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["--kwargs", "{a: " + HOSTILE["digits"] + "}"],
        ["--input-shape", HOSTILE["brackets"]],
        ["--set", "styles=" + HOSTILE["laughs"]],
    ):
        assert main(["render", "a:b", *arguments]) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert re.match("keras-diagram: .*(a number has|levels deep|an alias)", line)


PIECES = st.sampled_from(
    [
        *"[]{}(),:;&*!|>'\"%@`#?-+./\\ \n\tx0_~=<",
        *("\0", "\ud800", "é", "1e999", "0x", "9" * 30, "null", "None", "auto", ".inf", ".nan"),
        *("<<", "!!int", "!!set", "&a", "*a", "Dense", "shape", "fill", "px", "data:", "true"),
        *("rgb(", "hsv(", "#fff", "2024-01-01", "12:30:45", "a.ttf"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=20)
TYPED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.dates() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS | st.integers() | st.none(), inner, max_size=4)
        | st.sets(TEXTS)
    ),
    max_leaves=8,
)


@given(option=st.sampled_from(OPTIONS), value=TEXTS | TYPED)
def test_any_value_of_any_option_gives_a_request_or_a_request_error(
    option: tuple[str, str], value: Any
) -> None:
    view, name = option
    assert outcome(value, name, view)


@given(target=TEXTS, code=TEXTS | TYPED, view=TEXTS | TYPED)
def test_any_target_and_code_give_a_request_or_a_request_error(
    target: str, code: Any, view: Any
) -> None:
    assert outcome(code, "code", target=target)
    assert outcome(1, "width", view, target)
    assert outcome(code, "depth", target=f"{target}.keras")
