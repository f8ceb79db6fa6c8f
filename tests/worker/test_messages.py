"""What is left of an exception's message: the reason, however long it is."""

import pytest

from keras_diagram_core.worker.failures import one_line


def test_a_long_line_keeps_its_end():
    found = one_line(
        ValueError(f"Unknown arguments: {'x, ' * 500} which layer 'dense' does not take")
    )
    assert found.startswith("ValueError: Unknown arguments: x, x,")
    assert found.endswith("which layer 'dense' does not take.")
    assert len(found) <= 220


@pytest.mark.parametrize(
    "message",
    [
        "Error when deserializing class 'GRU'.\n\nException encountered: No 'a'",
        "Could not automatically infer the output shape.\nError encountered:\n\nNo 'a'",
        "Exception encountered when calling Net.call().\n\n\x1b[1mNo 'a'\x1b[0m",
        "No 'a'\n\nArguments received by Net.call()",
    ],
)
def test_what_keras_says_around_a_reason_is_left_out(message):
    assert one_line(TypeError(message)) == "TypeError: No 'a'."


def test_an_empty_reason_is_no_reason():
    assert one_line(TypeError("Error encountered:")) == "TypeError: Error encountered:."
