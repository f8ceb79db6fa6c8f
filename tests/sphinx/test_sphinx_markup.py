"""Whatever a directive says, it is understood or refused."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from keras_diagram_core import Defaults, RequestError, parse_request
from sphinx_keras_diagram.body import read_subject
from sphinx_keras_diagram.options import known_names, read_page_options, sort_options

PIECES = st.sampled_from(
    [
        *"[]{}(),:;&*!|>'\"%@`#?-+.\\ \n\t0~=<",
        *("\n", ": ", "\n  ", "- ", "9" * 5000, "target: m:a\n", "m:a", "code: |\n", "kwargs: "),
        *("px", "em", "%", "embed", "true", "50", '"\\ud800"', "&a ", "*a", "<<: ", "2024-99-99"),
    ]
)
TEXTS = st.lists(PIECES, max_size=10).map("".join)


@given(
    target=st.just("m:a") | TEXTS,
    body=st.just("") | TEXTS,
    options=st.dictionaries(st.sampled_from(sorted(known_names())), TEXTS, max_size=3),
)
def test_any_directive_is_understood_or_refused(
    target: str, body: str, options: dict[str, str]
) -> None:
    """As the directive reads its parts, one after the other."""
    with suppress(RequestError):
        subject = read_subject(target, body, options)
        markup = sort_options(subject.options, Defaults())
        read_page_options(markup.page)
        assert parse_request(subject.target, markup.core | subject.as_option).digest
